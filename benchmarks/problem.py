"""The one problem that every benchmark solves, written against the public names of `autoarray`.

A worker process runs it, so that the same lines drive this project's `autoarray` and the peer's: the interpreter and
its path decide between the two. `SIZES` has the images: of the Hubble Space Telescope, and of the James Webb Space
Telescope. The lens is a singular isothermal ellipsoid with external shear.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import autoarray as aa

SUB_SIZE = 2
EINSTEIN_RADIUS = 1.6
AXIS_RATIO = 0.9
ANGLE = np.deg2rad(45.0)
SHEAR = (0.05, 0.05)
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


def _pixel_centres(shape: tuple[int, int], scale: float) -> tuple[np.ndarray, np.ndarray]:
    y = ((shape[0] - 1) / 2 - np.arange(shape[0])) * scale
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2) * scale
    rows, columns = np.meshgrid(y, x, indexing="ij")
    return rows, columns


def psf_of_hst(shape: tuple[int, int], scale: float) -> np.ndarray:
    """A Gaussian core of 0.16 arcsec (FWHM) in exponential wings; its sum is one."""
    y, x = _pixel_centres(shape, scale)
    kernel = np.exp(-0.5 * (y**2 + (x / 1.15) ** 2) / 0.07**2) + 0.01 * np.exp(-np.hypot(y, x) / 0.2)
    return kernel / kernel.sum()


def psf_of_jwst(shape: tuple[int, int], scale: float) -> np.ndarray:
    """The diffraction of a hexagonal aperture with its secondary mirror, at 2 micrometres; its sum is one.

    The hexagon is 6.6 m wide, the obscuration 0.74 m. The Fourier transform of a field of `wavelength / scale` metres
    has pixels of the scale.
    """
    side, wavelength, arcsec = 128, 2.0e-6, np.deg2rad(1.0 / 3600.0)
    y, x = _pixel_centres((side, side), wavelength / (scale * arcsec) / side)
    across = np.max([np.abs(x * np.cos(angle) + y * np.sin(angle)) for angle in np.pi * np.arange(3) / 3.0], axis=0)
    aperture = (across < 3.3) & (np.hypot(y, x) > 0.37)
    intensity = np.abs(np.fft.fftshift(np.fft.fft2(aperture))) ** 2
    top, left = (side // 2 - n // 2 for n in shape)
    kernel = intensity[top : top + shape[0], left : left + shape[1]]
    return kernel / kernel.sum()


@dataclass(frozen=True)
class Size:
    """The image and the mesh of a benchmark.

    Parameters
    ----------
    shape, pixel_scale
        The simulated image, and its pixels in arc-seconds.
    mask_radius
        The radius of the circular mask, in arc-seconds.
    psf_shape, psf_from
        The kernel of the simulated image: its pixels, and the function of them and the pixel scale that makes it.
    mesh_pixels
        The vertices of a mesh, and about the pixels of a rectangular one. They are a multiple of 128, because the
        peer's search for nearest vertices is wrong for any other number above 128.
    """

    shape: tuple[int, int]
    pixel_scale: float
    mask_radius: float
    psf_shape: tuple[int, int]
    psf_from: Callable[[tuple[int, int], float], np.ndarray]
    mesh_pixels: int


SIZES = {
    "hst": Size((141, 141), 0.05, 3.5, (21, 21), psf_of_hst, 1536),
    "jwst": Size((331, 331), 0.03, 4.5, (31, 31), psf_of_jwst, 3072),
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


def dataset_from(
    folder: str | None, mask_radius: float | None = None, lens_light: bool = False, size: str = "hst"
) -> Any:
    """The masked dataset: from `data.fits`, `noise_map.fits`, `psf.fits` in a folder, else simulated.

    `lens_light` adds the light of a lens galaxy to a simulated image. Without a radius the mask is that of the size.
    """
    of_size = SIZES[size]
    if folder is None:
        dataset = simulated_dataset(of_size, lens_light)
    else:
        files = Path(folder)
        dataset = aa.Imaging.from_fits(
            pixel_scales=of_size.pixel_scale,
            data_path=files / "data.fits",
            noise_map_path=files / "noise_map.fits",
            psf_path=files / "psf.fits",
            over_sample_size_lp=SUB_SIZE,
            over_sample_size_pixelization=SUB_SIZE,
        )
    mask = aa.Mask2D.circular(
        shape_native=dataset.data.shape_native,
        pixel_scales=of_size.pixel_scale,
        radius=of_size.mask_radius if mask_radius is None else mask_radius,
    )
    return dataset.apply_mask(mask=mask)


def simulated_dataset(size: Size, lens_light: bool = False) -> Any:
    """A lensed double source with noise."""
    y, x = _pixel_centres(size.shape, size.pixel_scale)
    grid = np.stack([y.ravel(), x.ravel()], axis=1)
    source = trace(grid, EINSTEIN_RADIUS)
    image = lens_light_from(grid) if lens_light else np.zeros(len(grid))
    for centre, width, flux in (((0.12, -0.09), 0.12, 2.0), ((-0.31, 0.35), 0.2, 0.7)):
        image += flux * np.exp(-0.5 * ((source - centre) ** 2).sum(axis=1) / width**2)
    kernel = size.psf_from(size.psf_shape, size.pixel_scale)
    image = _convolve(image.reshape(size.shape), kernel)
    rng = np.random.default_rng(20261026)
    noise_map = np.sqrt(0.05**2 + 0.01 * image)
    image = image + noise_map * rng.standard_normal(size.shape)
    scale = size.pixel_scale
    return aa.Imaging(
        data=aa.Array2D.no_mask(values=image, pixel_scales=scale),
        noise_map=aa.Array2D.no_mask(values=noise_map, pixel_scales=scale),
        psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=kernel, pixel_scales=scale)),
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
    radius = 0.5 * dataset.mask.pixel_scales[0] * np.sqrt(4.0 * dataset.mask.pixels_in_mask / np.pi)
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
    pixels: int = SIZES["hst"].mesh_pixels,
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


def _convolve(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    padded = tuple(n + k - 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    full = np.fft.irfft2(np.fft.rfft2(image, padded) * np.fft.rfft2(kernel, padded), padded)
    top, left = (k // 2 for k in kernel.shape)
    return full[top : top + image.shape[0], left : left + image.shape[1]]
