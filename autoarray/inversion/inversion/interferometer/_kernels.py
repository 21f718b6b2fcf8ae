"""The Toeplitz kernel of an interferometer's operator as a plain array, by the names of PyAutoArray."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._typing import ArrayLike
from autoarray._validation import check_choice
from autoarray.abstract_ndarray import unwrap
from autoarray.operators._fourier.lattice import Axis, Lattice
from autoarray.operators._fourier.normal import toeplitz_from
from autoarray.operators.transformer import uv_from

METHODS = ("nufft", "numpy", "jax")


def _steps_from(grid_radians_2d: ArrayLike) -> tuple[float, float]:
    """The distances of rows and columns of a native grid in radians; y falls with the rows."""
    grid = np.asarray(unwrap(grid_radians_2d), dtype=float)
    if grid.ndim != 3 or grid.shape[2] != 2:
        raise exc.GridException(
            f"grid_radians_2d: expected a native grid of shape (rows, columns, 2) in radians, found {grid.shape}"
        )
    down: Any = grid[1, 0, 0] - grid[0, 0, 0] if grid.shape[0] > 1 else None
    right: Any = grid[0, 1, 1] - grid[0, 0, 1] if grid.shape[1] > 1 else None
    if down is None and right is None:
        return -1.0, 1.0
    return (-right if down is None else down), (-down if right is None else right)


def nufft_precision_operator_from(
    noise_map_real: ArrayLike,
    uv_wavelengths: ArrayLike,
    shape_masked_pixels_2d: tuple[int, int],
    grid_radians_2d: ArrayLike,
    *,
    method: str = "nufft",
    eps: float = 1e-12,
    chunk_size: int | None = None,
    chunk_k: int = 2048,
    show_progress: bool = False,
    show_memory: bool = False,
    use_jax: bool = False,
) -> np.ndarray:
    """The sums of 1 / sigma^2 times cos(2 pi (u x + v y)) at the differences (y, x) of two pixels.

    Parameters
    ----------
    noise_map_real
        The standard deviation of each visibility, of shape (visibilities,).
    uv_wavelengths
        The frequencies (u, v) in wavelengths, of shape (visibilities, 2).
    shape_masked_pixels_2d
        The rows and columns of the bounding box of a mask.
    grid_radians_2d
        A native grid of the mask's pixels in radians, of which the distances of pixels are taken.
    method
        "nufft" for an accuracy of `eps`; "numpy" and "jax" for sums that are exact to rounding.
    eps
        The relative accuracy.
    chunk_size, chunk_k, show_progress, show_memory, use_jax
        Not used: memory stays small whatever they are.

    Raises
    ------
    ValueError
        For another method.
    exc.DatasetException, exc.GridException
        If an array has another shape.
    """
    del chunk_size, chunk_k, show_progress, show_memory, use_jax
    check_choice(method, METHODS, "method")
    uv = uv_from(uv_wavelengths, "uv_wavelengths")
    noise = np.asarray(unwrap(noise_map_real), dtype=float)
    if noise.shape != (len(uv),):
        raise exc.DatasetException(f"noise_map_real: expected the shape ({len(uv)},), found {noise.shape}")
    rows, columns = (int(size) for size in shape_masked_pixels_2d)
    down, right = _steps_from(grid_radians_2d)
    lattice = Lattice(Axis(0.0, down, rows), Axis(0.0, right, columns))
    return toeplitz_from(uv, noise**-2.0, lattice, eps if method == "nufft" else None)


def nufft_precision_operator_via_nufft_from(
    noise_map_real: ArrayLike,
    uv_wavelengths: ArrayLike,
    shape_masked_pixels_2d: tuple[int, int],
    grid_radians_2d: ArrayLike,
    *,
    eps: float = 1e-12,
    chunk_size: int | None = None,
    use_jax: bool = False,
) -> np.ndarray:
    """`nufft_precision_operator_from` with the method "nufft"."""
    arguments = (noise_map_real, uv_wavelengths, shape_masked_pixels_2d, grid_radians_2d)
    return nufft_precision_operator_from(*arguments, eps=eps, chunk_size=chunk_size, use_jax=use_jax)


def nufft_precision_operator_via_np_from(
    noise_map_real: ArrayLike,
    uv_wavelengths: ArrayLike,
    shape_masked_pixels_2d: tuple[int, int],
    grid_radians_2d: ArrayLike,
    *,
    chunk_k: int = 2048,
    show_progress: bool = False,
    show_memory: bool = False,
) -> np.ndarray:
    """`nufft_precision_operator_from` with the method "numpy"."""
    options: dict[str, Any] = {"chunk_k": chunk_k, "show_progress": show_progress, "show_memory": show_memory}
    arguments = (noise_map_real, uv_wavelengths, shape_masked_pixels_2d, grid_radians_2d)
    return nufft_precision_operator_from(*arguments, method="numpy", **options)


def nufft_precision_operator_via_jax_from(
    noise_map_real: ArrayLike,
    uv_wavelengths: ArrayLike,
    shape_masked_pixels_2d: tuple[int, int],
    grid_radians_2d: ArrayLike,
    *,
    chunk_k: int = 2048,
) -> np.ndarray:
    """`nufft_precision_operator_from` with the method "jax", which takes the same sums."""
    arguments = (noise_map_real, uv_wavelengths, shape_masked_pixels_2d, grid_radians_2d)
    return nufft_precision_operator_from(*arguments, method="jax", chunk_k=chunk_k)


def nufft_weighted_noise_via_sparse_operator_from(
    translation_invariant_kernel: ArrayLike, native_index_for_slim_index: np.ndarray
) -> np.ndarray:
    """W of a Toeplitz kernel as a matrix, of shape (pixels, pixels), for a few thousand pixels at most.

    Parameters
    ----------
    translation_invariant_kernel
        As of `nufft_precision_operator_from`.
    native_index_for_slim_index
        The (row, column) of each pixel, of shape (pixels, 2).
    """
    kernel, index = np.asarray(unwrap(translation_invariant_kernel)), np.asarray(native_index_for_slim_index)
    differences = index[:, None] - index[None, :]
    return kernel[differences[..., 0], differences[..., 1]]
