"""The operator W = P^T N^-1 P as blocks of NumPy arrays, for the curvature matrices F = A^T W A of many mappings A.

W connects every pixel of the image with the 41 x 41 around it, for a PSF of 21 x 21. It depends on the dataset alone,
so that what a mapping costs is two products with sparse matrices. The image is cut into square tiles. The rows of W
that belong to a tile, and its columns up to the reach of the PSF, make a dense block: a product with it is fast, where
one with a sparse W is slower than the convolution that it saves. W is symmetric, and half of it is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autoarray.inversion.inversion._curvature.tiling import tiling_from

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from scipy.sparse import csr_array

# Offsets that are transformed at once.
_OFFSETS_AT_ONCE = 64


class Tile(NamedTuple):
    """The part of W in one tile."""

    rows: Int[np.ndarray, "tile_pixels"]
    """The data pixels in the tile."""

    columns: Int[np.ndarray, "pixels_in_reach"]
    """The data pixels within reach, without those before it in the half that is kept."""

    block: Float[np.ndarray, "pixels_in_reach tile_pixels"]
    """W between the two, halved on its diagonal."""


def half_offsets_from(shape: tuple[int, int]) -> Int[np.ndarray, "offsets 2"]:
    """The (row, column) steps from a pixel to those that it shares light with, itself first and only one of +-."""
    rows, columns = shape
    y, x = np.mgrid[0:rows, 1 - columns : columns]
    steps = np.stack((y.ravel(), x.ravel()), axis=1)
    return steps[(steps[:, 0] > 0) | (steps[:, 1] >= 0)]


def precision_from(
    inverse_variances_native: Float[np.ndarray, "rows columns"],
    kernel: Float[np.ndarray, "kernel_rows kernel_columns"],
    offsets: Int[np.ndarray, "offsets 2"],
    native_for_slim: Int[np.ndarray, "data_pixels 2"],
) -> Float[np.ndarray, "offsets data_pixels"]:
    """W between every data pixel and the one at each offset from it, of shape (offsets, data_pixels).

    It is the sum over all pixels k of P(k - i) P(k - i - offset) / variance(k): a correlation of the inverse variances
    with the PSF times the PSF at the offset.
    """
    from scipy import fft as scipy_fft

    fft: Any = scipy_fft  # whose type information knows dispatchers only

    shape = tuple(
        fft.next_fast_len(size + own, real=True)
        for size, own in zip(inverse_variances_native.shape, kernel.shape, strict=True)
    )
    transform = fft.rfft2(inverse_variances_native, shape)
    y, x = ((native_for_slim - np.array(kernel.shape) // 2) % shape).T
    values = np.empty((len(offsets), len(native_for_slim)))
    rows, columns = kernel.shape
    for start in range(0, len(offsets), _OFFSETS_AT_ONCE):
        part = offsets[start : start + _OFFSETS_AT_ONCE]
        products = np.zeros((len(part), rows, columns))
        for product, (dy, dx) in zip(products, part, strict=True):
            ys, xs = slice(dy, rows), slice(max(0, dx), columns + min(0, dx))
            product[ys, xs] = kernel[ys, xs] * kernel[: rows - dy, max(0, -dx) : columns + min(0, -dx)]
        images = fft.irfft2(transform * np.conj(fft.rfft2(products, shape)), shape)
        values[start : start + len(part)] = images[:, y, x]
    return values


def tiles_from(
    inverse_variances_native: Float[np.ndarray, "rows columns"],
    kernel: Float[np.ndarray, "kernel_rows kernel_columns"],
    native_for_slim: Int[np.ndarray, "data_pixels 2"],
) -> list[Tile]:
    """W in tiles.

    Parameters
    ----------
    inverse_variances_native
        The inverse variances of the image, of shape (rows, columns), zero in masked pixels.
    kernel
        The PSF, of odd shape.
    native_for_slim
        The (row, column) of each data pixel, of shape (data_pixels, 2).
    """
    offsets = half_offsets_from(kernel.shape)  # pyright: ignore[reportArgumentType] (two numbers)
    precision = precision_from(inverse_variances_native, kernel, offsets, native_for_slim)
    reach = np.array(kernel.shape)
    slim = np.full(np.array(inverse_variances_native.shape) + 2 * reach, -1)
    slim[tuple((native_for_slim + reach).T)] = np.arange(len(native_for_slim))
    tiling = tiling_from(native_for_slim)
    tiles = []
    for rows in np.split(tiling.order, tiling.bounds[1:-1]):
        at = native_for_slim[rows] + reach + offsets[:, None]
        others = slim[at[..., 0], at[..., 1]]
        offset, row = np.nonzero(others >= 0)
        columns, position = np.unique(others[offset, row], return_inverse=True)
        block = np.zeros((len(columns), len(rows)))
        block[position, row] = precision[offset, rows[row]] * np.where(offset == 0, 0.5, 1.0)
        tiles.append(Tile(rows, columns, block))
    return tiles


def curvature_matrix_from(
    tiles: list[Tile], mapping_matrix: Float[csr_array, "data_pixels params"]
) -> Float[np.ndarray, "params params"]:
    """The curvature matrix A^T W A of shape (params, params), from A as a SciPy sparse array (data_pixels, params)."""
    _, params = mapping_matrix.shape  # pyright: ignore[reportGeneralTypeIssues] (inferred as None)
    half = np.zeros((params, params))
    flat = half.reshape(-1)
    used = np.zeros(params, dtype=bool)
    position = np.empty(params, dtype=mapping_matrix.indices.dtype)
    for rows, columns, block in tiles:
        own, own_pixels = _compress(mapping_matrix[rows], used, position)
        other, other_pixels = _compress(mapping_matrix[columns], used, position)
        product = own @ np.ascontiguousarray((other @ block).T)
        # Flat indices gather several times faster than a pair of index arrays.
        flat[(own_pixels[:, None] * params + other_pixels).ravel()] += product.ravel()
    return half + half.T


def _compress(
    matrix: Float[csr_array, "some_pixels params"],
    used: Bool[np.ndarray, "params"],
    position: Int[np.ndarray, "params"],
) -> tuple[Float[csr_array, "left some_pixels"], Int[np.ndarray, "left"]]:
    """The transpose of a sparse matrix without its empty rows, and which rows are left."""
    from scipy.sparse import csr_array

    used[matrix.indices] = True
    left = np.flatnonzero(used)
    used[left] = False
    position[left] = np.arange(left.size)
    rows, _ = matrix.shape  # pyright: ignore[reportGeneralTypeIssues] (inferred as None)
    kept = csr_array((matrix.data, position[matrix.indices], matrix.indptr), shape=(rows, left.size))
    return kept.T.tocsr(), left
