"""The curvature matrix of mappers, and what they share with functions, as sums over the tiles of the image."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from autoarray._numerics import compiled
from autoarray._numerics.blas_threads import one_blas_thread
from autoarray._numerics.lapack import blas_and_lapack
from autoarray.inversion.inversion._curvature.tile_blocks import tile_blocks_from
from autoarray.operators._convolution.tiles import ConvolutionTiles

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

# Adds, to rows of a matrix or to rows and columns, what follows from the third argument.
Sum: TypeAlias = Callable[[np.ndarray, np.ndarray, np.ndarray], None]


@one_blas_thread()
def products_from(
    tiles: ConvolutionTiles,
    mapping_matrix: Float[csr_array, "sub_pixels params"],
    noise_map: Float[np.ndarray, "data_pixels"],
    images: Float[np.ndarray, "data_pixels images"],
    single_precision: bool = False,
) -> tuple[Float[np.ndarray, "params params"], Float[np.ndarray, "params images"]]:
    """The products B^T N^-1 B and B^T N^-1 G of B = P A (Warren & Dye 2003, eqs. 4 and 5).

    Parameters
    ----------
    tiles
        The tiles of the convolution P.
    mapping_matrix
        A, at the resolution of the PSF, as a SciPy sparse array.
    noise_map
        The standard deviation of each data pixel, of shape (data_pixels,).
    images
        G, of shape (data_pixels, images).
    single_precision
        Whether the first product is formed in float32.

    Returns
    -------
    tuple
        Arrays of shape (params, params) and (params, images).
    """
    params = mapping_matrix.shape[1]  # pyright: ignore[reportOptionalSubscript] (two-dimensional)
    dtype = np.float32 if single_precision else np.float64
    square = np.zeros((params, params), dtype=dtype)
    shared = np.zeros((params, images.shape[1]))
    # One row more, for the places of a tile without a data pixel.
    over_noise = np.concatenate((images / noise_map[:, None], np.zeros((1, images.shape[1]))))
    add_square, add_rows, mirror = sums()
    # SciPy's BLAS throughout an inversion: NumPy has another one, and the threads of the two get in each other's way.
    blas, _ = blas_and_lapack()
    for tile, columns, values in tile_blocks_from(tiles, mapping_matrix, noise_map):
        add_square(square, columns, values.astype(dtype, copy=False))
        # The transpose of an array in C order is one in the order of BLAS.
        add_rows(shared, columns, blas.dgemm(1.0, over_noise[tiles.outputs[tile]].T, values.T).T)
    mirror(square)
    return square.astype(float, copy=False), shared


def _syrk(values: Float[np.ndarray, "columns tile_pixels"], **options: object) -> Float[np.ndarray, "columns columns"]:
    """The upper triangle of the product of values with their transpose."""
    blas, _ = blas_and_lapack()

    syrk = blas.ssyrk if values.dtype == np.float32 else blas.dsyrk
    return syrk(1.0, values.T, trans=1, lower=1, **options).T


def sums() -> tuple[Sum, Sum, Callable[[np.ndarray], None]]:
    """The functions that add a square and rows to a matrix, and that mirrors one."""
    if not compiled.is_available():
        return _add_square, _add_rows, _mirror_upper
    from autoarray.inversion.inversion._curvature import tile_sums_numba

    def add_square(total: np.ndarray, columns: np.ndarray, values: np.ndarray) -> None:
        tile_sums_numba.add_upper(total, columns, _syrk(values))

    return add_square, tile_sums_numba.add_rows, tile_sums_numba.mirror_upper


def _add_square(
    total: Float[np.ndarray, "params params"],
    columns: Int[np.ndarray, "columns"],
    values: Float[np.ndarray, "columns tile_pixels"],
) -> None:
    """Add the upper triangle of the product of values with their transpose to those rows and columns."""
    # Flat indices and `take` gather several times faster than a pair of index arrays.
    where = (columns[:, None] * len(total) + columns).ravel()
    flat = total.reshape(-1)
    part = flat.take(where).reshape(columns.size, columns.size)
    flat[where] = _syrk(values, beta=1.0, c=part.T, overwrite_c=1).ravel()


def _add_rows(
    total: Float[np.ndarray, "params images"],
    rows: Int[np.ndarray, "columns"],
    values: Float[np.ndarray, "columns images"],
) -> None:
    total[rows] += values


def _mirror_upper(matrix: Float[np.ndarray, "params params"], side: int = 256) -> None:
    """Copy the upper triangle onto the lower one, in blocks that fit the cache."""
    for start in range(0, matrix.shape[0], side):
        stop = start + side
        block = matrix[start:stop, start:stop]
        block += np.triu(block, 1).T
        matrix[stop:, start:stop] = matrix[start:stop, stop:].T
