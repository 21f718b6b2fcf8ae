"""The curvature matrix F = B^T N^-1 B of a sparse, PSF-convolved mapping matrix B (Warren & Dye 2003, eq. 5).

Every pixel of the image receives light from a few per cent of the mesh, and neighboring pixels from nearly the same
part. The image is cut into square tiles; the columns that a tile touches make a small dense block, whose symmetric
product is added to those rows and columns of F. That is far less work than the dense product, at the speed of BLAS.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics.blas_threads import one_blas_thread
from autoarray.inversion.inversion._curvature.tile_sums import sums
from autoarray.inversion.inversion._curvature.tiling import tiling_from

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

# Above this share of non-zero entries one dense product is faster.
DENSE_SHARE = 0.3


@one_blas_thread()
def symmetric_product_from(
    matrix: Float[csr_array, "data_pixels params"], native_for_slim: Int[np.ndarray, "data_pixels 2"]
) -> Float[np.ndarray, "params params"]:
    """The product matrix^T matrix as a dense float64 array of shape (columns, columns).

    Parameters
    ----------
    matrix
        A sparse array of shape (data_pixels, columns).
    native_for_slim
        The (y, x) pixel of each row, of shape (data_pixels, 2).
    """
    rows, columns = matrix.shape  # pyright: ignore[reportGeneralTypeIssues] (inferred as None)
    if matrix.nnz > DENSE_SHARE * rows * columns:
        dense = matrix.toarray()
        return (dense.T @ dense).astype(float, copy=False)
    add_square, _, mirror = sums()
    tiling = tiling_from(native_for_slim)
    matrix = matrix[tiling.order]
    pointers, indices, data = matrix.indptr, matrix.indices, matrix.data
    product = np.zeros((columns, columns), dtype=data.dtype)
    touched = np.zeros(columns, dtype=bool)
    position = np.empty(columns, dtype=np.intp)
    for first, last in pairwise(tiling.bounds):
        begin, end = pointers[first], pointers[last]
        entries = indices[begin:end]
        touched[entries] = True
        block_columns = np.flatnonzero(touched)
        touched[block_columns] = False
        width = block_columns.size
        if not width:
            continue
        position[block_columns] = np.arange(width)
        values = np.zeros((width, last - first), dtype=data.dtype)
        row = np.repeat(np.arange(last - first), np.diff(pointers[first : last + 1]))
        values[position[entries], row] = data[begin:end]
        add_square(product, block_columns, values)
    mirror(product)
    return product.astype(float, copy=False)
