"""The one problem that every benchmark solves, written against the public names of `autoarray`.

A worker process runs it, so that the same lines drive this project's `autoarray` and the peer's: the interpreter and
its path decide between the two. The image has 141 x 141 pixels of 0.05 arcsec, a circular mask of 3.5 arcsec (15,361
pixels) and a 21 x 21 point spread function. The lens is a singular isothermal ellipsoid with external shear.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import autoarray as aa

SHAPE = (141, 141)
PIXEL_SCALE = 0.05
MASK_RADIUS = 3.5
PSF_SHAPE = (21, 21)
SUB_SIZE = 2
EINSTEIN_RADIUS = 1.6
AXIS_RATIO = 0.9
ANGLE = np.deg2rad(45.0)
SHEAR = (0.05, 0.05)
# The pixels of a mesh, about 39 x 39. The number is a multiple of 128, because the peer's search for nearest vertices
# is wrong for any other number above 128.
MESH_PIXELS = 1536
EDGE_VERTICES = 30
# The class of each mesh, and its regularization: the vertex meshes have split points.
MESHES = {
    "uniform": ("RectangularUniform", "Constant"),
    "adaptive": ("RectangularBilinearAdaptDensity", "Constant"),
    "adaptive_image": ("RectangularBilinearAdaptImage", "Constant"),
    "kernel": ("RectangularRTUAdaptDensity", "Constant"),
    "kernel_image": ("RectangularRTUAdaptImage", "Constant"),
    "delaunay": ("Delaunay", "ConstantSplit"),
    "delaunay_nn": ("DelaunayNN", "ConstantSplit"),
    "knn": ("KNearestNeighbor", "ConstantSplit"),
    "knn_barycentric": ("KNNBarycentric", "ConstantSplit"),
}


class InversionFit(aa.FitImaging):
    """The peer's `FitImaging` is abstract; this adds the members that a fit of an inversion needs."""

    def __init__(self, dataset: Any, inversion: Any) -> None:
        super().__init__(dataset=dataset)
        self.solved = inversion

    @property
    def inversion(self) -> Any:
        return self.solved

    @property
    def blurred_image(self) -> Any:
        return self.dataset.data * 0.0

    @property
    def model_data(self) -> Any:
        return self.solved.mapped_reconstructed_operated_data


FIT_TAKES_INVERSION = "inversion" in inspect.signature(aa.FitImaging.__init__).parameters


def dataset_from(folder: str | None, mask_radius: float = MASK_RADIUS, lens_light: bool = False) -> Any:
    """The masked dataset: from `data.fits`, `noise_map.fits`, `psf.fits` in a folder, else simulated.

    `lens_light` adds the light of a lens galaxy to a simulated image.
    """
    if folder is None:
        dataset = simulated_dataset(lens_light)
    else:
        files = Path(folder)
        dataset = aa.Imaging.from_fits(
            pixel_scales=PIXEL_SCALE,
            data_path=files / "data.fits",
            noise_map_path=files / "noise_map.fits",
            psf_path=files / "psf.fits",
            over_sample_size_lp=SUB_SIZE,
            over_sample_size_pixelization=SUB_SIZE,
        )
    mask = aa.Mask2D.circular(shape_native=dataset.data.shape_native, pixel_scales=PIXEL_SCALE, radius=mask_radius)
    return dataset.apply_mask(mask=mask)


def simulated_dataset(lens_light: bool = False) -> Any:
    """A lensed double source with noise, of the size of a Hubble Space Telescope image."""
    y, x = _pixel_centres(SHAPE, PIXEL_SCALE)
    grid = np.stack([y.ravel(), x.ravel()], axis=1)
    source = trace(grid, EINSTEIN_RADIUS)
    image = lens_light_from(grid) if lens_light else np.zeros(len(grid))
    for centre, width, flux in (((0.12, -0.09), 0.12, 2.0), ((-0.31, 0.35), 0.2, 0.7)):
        image += flux * np.exp(-0.5 * ((source - centre) ** 2).sum(axis=1) / width**2)
    ky, kx = _pixel_centres(PSF_SHAPE, PIXEL_SCALE)
    kernel = np.exp(-0.5 * (ky**2 + (kx / 1.15) ** 2) / 0.07**2) + 0.01 * np.exp(-np.hypot(ky, kx) / 0.2)
    kernel /= kernel.sum()
    image = _convolve(image.reshape(SHAPE), kernel)
    rng = np.random.default_rng(20261026)
    noise_map = np.sqrt(0.05**2 + 0.01 * image)
    image = image + noise_map * rng.standard_normal(SHAPE)
    return aa.Imaging(
        data=aa.Array2D.no_mask(values=image, pixel_scales=PIXEL_SCALE),
        noise_map=aa.Array2D.no_mask(values=noise_map, pixel_scales=PIXEL_SCALE),
        psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=kernel, pixel_scales=PIXEL_SCALE)),
        over_sample_size_lp=SUB_SIZE,
        over_sample_size_pixelization=SUB_SIZE,
    )


def lens_light_from(grid: np.ndarray) -> np.ndarray:
    """The light of a lens galaxy at (y, x) coordinates, shape [N]: a Sersic profile of index 3 (Sersic 1968)."""
    y, x = grid[:, 0] - 0.013, grid[:, 1] + 0.021
    along, across = x * np.cos(ANGLE) + y * np.sin(ANGLE), y * np.cos(ANGLE) - x * np.sin(ANGLE)
    radius = np.sqrt(0.8 * along**2 + across**2 / 0.8)
    return 0.5 * np.exp(-5.67 * ((radius / 0.7) ** (1.0 / 3.0) - 1.0))


def trace(grid: np.ndarray, einstein_radius: float) -> np.ndarray:
    """Source-plane (y, x) of image-plane coordinates, shape [N, 2], behind the lens (Kormann et al. 1994)."""
    cos, sin = np.cos(ANGLE), np.sin(ANGLE)
    along, across = grid[:, 1] * cos + grid[:, 0] * sin, grid[:, 0] * cos - grid[:, 1] * sin
    f = np.sqrt(1.0 - AXIS_RATIO**2)
    radius = np.sqrt(AXIS_RATIO**2 * along**2 + across**2) + 1e-12
    scale = einstein_radius * np.sqrt(AXIS_RATIO) / f
    a = scale * np.arctan(f * along / radius)
    b = scale * np.arctanh(f * across / radius)
    shear = np.stack(
        [SHEAR[1] * grid[:, 1] - SHEAR[0] * grid[:, 0], SHEAR[0] * grid[:, 1] + SHEAR[1] * grid[:, 0]], axis=1
    )
    return grid - np.stack([a * sin + b * cos, a * cos - b * sin], axis=1) - shear


def einstein_radius_from(index: int) -> float:
    """The Einstein radius of evaluation `index`, in arc-seconds."""
    return EINSTEIN_RADIUS + 0.002 * np.sin(1.0 + 2.7 * index)


def traced_grids(dataset: Any, index: int) -> tuple[np.ndarray, np.ndarray]:
    """The traced grid of evaluation `index`, and its over-sampled form.

    Every evaluation has an Einstein radius of its own, so that it can't reuse a value of the evaluation before it. A
    search does not ask for one model twice either.
    """
    radius = einstein_radius_from(index)
    grid = dataset.grids.pixelization
    return trace(np.asarray(grid.array), radius), trace(np.asarray(grid.over_sampled.array), radius)


def adapt_data_from(dataset: Any) -> Any:
    """The image that adaptive meshes follow: the data, with zeros where they are negative."""
    return aa.Array2D(values=np.clip(np.asarray(dataset.data.array), 0.0, None), mask=dataset.mask)


def vertices_from(dataset: Any, pixels: int) -> np.ndarray:
    """Image-plane vertices of shape [pixels, 2]: a spiral of equal areas in the mask, and a circle around it, last."""
    radius = 0.5 * PIXEL_SCALE * np.sqrt(4.0 * dataset.mask.pixels_in_mask / np.pi)
    inner = np.arange(pixels - EDGE_VERTICES)
    angle, distance = np.pi * (3.0 - np.sqrt(5.0)) * inner, radius * np.sqrt((inner + 0.5) / inner.size)
    around = 2.0 * np.pi * np.arange(EDGE_VERTICES) / EDGE_VERTICES
    angle = np.concatenate([angle, around])
    distance = np.concatenate([distance, np.full(EDGE_VERTICES, 1.02 * radius)])
    return np.stack([distance * np.sin(angle), distance * np.cos(angle)], axis=1)


def mesh_from(mesh: str, pixels: int) -> Any:
    """A mesh of about `pixels` pixels."""
    cls = getattr(aa.mesh, MESHES[mesh][0])
    if MESHES[mesh][0].startswith("Rectangular"):
        side = round(pixels**0.5)
        return cls(shape=(side, side))
    return cls(pixels=pixels, zeroed_pixels=EDGE_VERTICES)


def fit_from(
    dataset: Any,
    mesh: str,
    index: int,
    grids: tuple[Any, Any],
    pixels: int = MESH_PIXELS,
    functions: Sequence[Any] = (),
) -> Any:
    """The fit of evaluation `index`, from the traced grid on; it has computed nothing yet.

    The inversion solves for the linear `functions`, such as the light of the lens, beside the source.
    """
    slim, over_sampled = grids
    source_grid = aa.Grid2D(
        values=slim,
        mask=dataset.mask,
        over_sample_size=dataset.grids.pixelization.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=over_sampled),
    )
    vertices = None
    if not MESHES[mesh][0].startswith("Rectangular"):
        vertices = aa.Grid2DIrregular(values=trace(vertices_from(dataset, pixels), einstein_radius_from(index)))
    interpolator = mesh_from(mesh, pixels).interpolator_from(
        source_plane_data_grid=source_grid,
        source_plane_mesh_grid=vertices,
        border_relocator=dataset.grids.border_relocator,
        adapt_data=adapt_data_from(dataset) if mesh.endswith("image") else None,
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=getattr(aa.reg, MESHES[mesh][1])(coefficient=1.0))
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[*functions, mapper])
    if FIT_TAKES_INVERSION:
        return aa.FitImaging(dataset=dataset, inversion=inversion)
    return InversionFit(dataset, inversion)


def _pixel_centres(shape: tuple[int, int], scale: float) -> tuple[np.ndarray, np.ndarray]:
    y = ((shape[0] - 1) / 2 - np.arange(shape[0])) * scale
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2) * scale
    rows, columns = np.meshgrid(y, x, indexing="ij")
    return rows, columns


def _convolve(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    padded = tuple(n + k - 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    full = np.fft.irfft2(np.fft.rfft2(image, padded) * np.fft.rfft2(kernel, padded), padded)
    top, left = (k // 2 for k in kernel.shape)
    return full[top : top + image.shape[0], left : left + image.shape[1]]
