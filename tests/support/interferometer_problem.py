"""A small problem of an interferometer, on either backend, and the sums that define its answers."""

from __future__ import annotations

from typing import Any

import numpy as np

import autoarray as aa

ARCSECOND = np.pi / 648000.0


def mask_of(shape=(16, 15), pixel_scales=0.1, radius=0.65, centre=(0.05, -0.05), origin=(0.0, 0.0)) -> aa.Mask2D:
    """A disc that touches no edge, on an array of an even and an odd side."""
    mask = aa.Mask2D.circular(shape_native=shape, pixel_scales=pixel_scales, radius=radius, centre=centre)
    return aa.Mask2D(mask.array, pixel_scales=pixel_scales, origin=origin)


def uv_of(count=120, scale=1.5e5, seed=1) -> np.ndarray:
    """Frequencies within what the pixels resolve."""
    return np.random.default_rng(seed).uniform(-scale, scale, size=(count, 2))


def phases_of(mask: aa.Mask2D, uv: np.ndarray) -> np.ndarray:
    """The phases 2 pi (u x + v y), of shape (visibilities, pixels)."""
    grid = np.asarray(aa.Grid2D.from_mask(mask=mask).array) * ARCSECOND
    return 2.0 * np.pi * (uv[:, :1] * grid[None, :, 1] + uv[:, 1:] * grid[None, :, 0])


def dataset_of(
    mask: aa.Mask2D | None = None,
    count: int = 120,
    asymmetry: float = 0.3,
    signal: float = 1.0,
    seed: int = 2,
    **arguments: Any,
) -> aa.Interferometer:
    """Visibilities of a blob with noise whose real and imaginary parts differ by up to `asymmetry` of themselves."""
    mask = mask_of() if mask is None else mask
    rng = np.random.default_rng(seed)
    uv = uv_of(count)
    grid = np.asarray(aa.Grid2D.from_mask(mask=mask).array) - np.asarray(mask.origin)
    image = signal * np.exp(-((grid - 0.1) ** 2).sum(axis=1) / 0.1)
    sigma = rng.uniform(0.5, 1.5, count)
    noise = sigma + 1j * sigma * (1.0 + asymmetry * rng.random(count))
    clean = np.exp(-1j * phases_of(mask, uv)) @ image
    data = clean + noise.real * rng.normal(size=count) + 1j * noise.imag * rng.normal(size=count)
    return aa.Interferometer(
        data=aa.Visibilities(data),
        noise_map=aa.VisibilitiesNoiseMap(noise),
        uv_wavelengths=uv,
        real_space_mask=mask,
        **arguments,
    )


def mapper_of(dataset: aa.Interferometer, xp=np, mesh: str = "rectangular", coefficient: float = 1.0) -> aa.Mapper:
    """A mapper on the pixels of a dataset."""
    grid = dataset.grids.pixelization
    if mesh == "rectangular":
        interpolator = aa.mesh.RectangularUniform(shape=(6, 5)).interpolator_from(grid, xp=xp)
    else:
        points = aa.image_mesh.Overlay(shape=(7, 7)).image_plane_mesh_grid_from(mask=dataset.real_space_mask)
        mesh_grid = aa.Grid2DIrregular(np.asarray(points.array) + 1e-3)
        interpolator = aa.mesh.Delaunay(pixels=len(mesh_grid.array), zeroed_pixels=0).interpolator_from(
            grid, source_plane_mesh_grid=mesh_grid, xp=xp
        )
    return aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=coefficient), xp=xp)


class Functions(aa.AbstractLinearObjFuncList):
    """Two Gaussians, whose widths may be traced."""

    def __init__(self, grid, widths=(0.3, 0.6), regularization=None, xp=np) -> None:
        super().__init__(grid=grid, regularization=regularization, xp=xp)
        self.widths = widths

    @property
    def params(self) -> int:
        return 2

    @property
    def mapping_matrix(self):
        xp = self._xp
        squares = xp.asarray((np.asarray(self.grid.array) ** 2).sum(axis=1))
        return xp.stack([xp.exp(-squares / width**2) for width in self.widths], axis=1)


def system_of(dataset: aa.Interferometer, objects: list, beam: np.ndarray | None = None) -> tuple[Any, Any, Any]:
    """The visibilities of every parameter, the data vector and the curvature matrix, by their definitions."""
    matrix = np.hstack([np.asarray(each.mapping_matrix) for each in objects])
    if beam is not None:
        matrix = matrix * beam[:, None]
    transformed = np.exp(-1j * phases_of(dataset.real_space_mask, dataset.uv_wavelengths)) @ matrix
    data, noise = dataset.data.array, dataset.noise_map.array
    weights = noise.real**-2, noise.imag**-2
    data_vector = transformed.real.T @ (data.real * weights[0]) + transformed.imag.T @ (data.imag * weights[1])
    parts = ((transformed.real, weights[0]), (transformed.imag, weights[1]))
    curvature = sum((part.T * weight) @ part for part, weight in parts)
    return transformed, data_vector, curvature
