"""The change of a curvature matrix with the weights of its mappers, on NumPy.

F = B^T B is quadratic in the weights that B is linear in. So along a change dB it is dF = B^T dB + dB^T B, in the same
tiles of the image as F.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics.blas_threads import one_blas_thread
from autoarray._numerics.lapack import blas_and_lapack
from autoarray.inversion.inversion._curvature.noise import over_noise
from autoarray.inversion.inversion._curvature.tiling import tiling_from

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

    from autoarray.inversion.inversion._curvature.weights import MapperSystem, MapperWeights


def curvature_change_from(
    system: MapperSystem,
    weights: list[MapperWeights],
    changes: list[MapperWeights],
    images: Float[np.ndarray, "data_pixels functions"] | None = None,
    image_changes: Float[np.ndarray, "data_pixels functions"] | None = None,
) -> Float[np.ndarray, "params params"]:
    """The derivative of the curvature matrix along a change of the weights, of shape (params, params).

    The images of functions, if there are any, change too.
    """
    return symmetrized_product_from(
        _with_functions(system, system.operated_matrix_from(weights), images),
        _with_functions(system, system.operated_matrix_from(changes), image_changes),
        system.mask.derive_indexes.native_for_slim,
    )


def _with_functions(
    system: MapperSystem,
    matrix: Float[csr_array, "data_pixels params"],
    images: Float[np.ndarray, "data_pixels functions"] | None,
) -> Float[csr_array, "data_pixels params"]:
    """A convolved mapping matrix with the images of functions as its columns."""
    if images is None:
        return matrix
    from scipy.sparse import csr_array

    rows, columns = np.broadcast_arrays(np.arange(system.pixels)[:, None], system.functions)
    scaled = over_noise(images, system.noise_map)
    return matrix + csr_array((scaled.ravel(), (rows.ravel(), columns.ravel())), shape=matrix.shape)


@one_blas_thread()
def symmetrized_product_from(
    left: Float[csr_array, "data_pixels params"],
    right: Float[csr_array, "data_pixels params"],
    native_for_slim: Int[np.ndarray, "data_pixels 2"],
) -> Float[np.ndarray, "params params"]:
    """The sum of left^T right and its transpose as a dense float64 array of shape (columns, columns).

    Parameters
    ----------
    left, right
        Sparse arrays of shape (data_pixels, columns).
    native_for_slim
        The (y, x) pixel of each row, of shape (data_pixels, 2).
    """
    blas, _ = blas_and_lapack()
    columns = left.shape[1]  # pyright: ignore[reportOptionalSubscript] (two-dimensional)
    tiling = tiling_from(native_for_slim)
    left, right = left[tiling.order], right[tiling.order]
    product = np.zeros((columns, columns))
    flat = product.reshape(-1)
    position = np.empty(columns, dtype=np.intp)
    for first, last in pairwise(tiling.bounds):
        of_left, mine = _dense_tile_from(left, first, last, position)
        of_right, theirs = _dense_tile_from(right, first, last, position)
        if not (mine.size and theirs.size):
            continue
        where = (mine[:, None] * columns + theirs).ravel()
        # BLAS reads the blocks, which are in C order, as their transposes.
        flat[where] += blas.dgemm(1.0, of_right.T, of_left.T, trans_b=1).T.ravel()
    return product + product.T


def _dense_tile_from(
    matrix: Float[csr_array, "data_pixels params"], first: int, last: int, position: Int[np.ndarray, "params"]
) -> tuple[Float[np.ndarray, "rows used_columns"], Int[np.ndarray, "used_columns"]]:
    """Rows of a sparse matrix as a dense block, and the columns that it has; `position` is overwritten."""
    begin, end = matrix.indptr[first], matrix.indptr[last]
    entries = matrix.indices[begin:end]
    used = np.unique(entries)
    position[used] = np.arange(used.size)
    block = np.zeros((last - first, used.size))
    row = np.repeat(np.arange(last - first), np.diff(matrix.indptr[first : last + 1]))
    block[row, position[entries]] = matrix.data[begin:end]
    return block, used
