"""The curvature matrix F = B^T N^-1 B of a sparse, PSF-convolved mapping matrix B (Warren & Dye 2003, eq. 5).

Every pixel of the image receives light from a few per cent of the mesh, and neighboring pixels from nearly the same
part. The image is cut into square tiles; the columns that a tile touches make a small dense block, whose symmetric
product is added to those rows and columns of F. That is far less work than the dense product, at the speed of BLAS.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics.lapack import blas_and_lapack
from autoarray.inversion.inversion._curvature.tiling import tiling_from

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

# Above this share of non-zero entries one dense product is faster.
DENSE_SHARE = 0.3


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
    blas, _ = blas_and_lapack()

    # SciPy's BLAS throughout an inversion: NumPy has another one, and the threads of the two get in each other's way.
    syrk = blas.ssyrk if matrix.dtype == np.float32 else blas.dsyrk
    tiling = tiling_from(native_for_slim)
    matrix = matrix[tiling.order]
    pointers, indices, data = matrix.indptr, matrix.indices, matrix.data
    product = np.zeros((columns, columns), dtype=data.dtype)
    flat = product.reshape(-1)
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
        block = np.zeros((last - first, width), dtype=data.dtype)
        row = np.repeat(np.arange(last - first), np.diff(pointers[first : last + 1]))
        block[row, position[entries]] = data[begin:end]
        # Flat indices and `take` gather several times faster than a pair of index arrays. Columns rise in a block as
        # they do in the product, whose upper triangle is the lower one of its transpose.
        where = (block_columns[:, None] * columns + block_columns).ravel()
        part = flat.take(where).reshape(width, width)
        flat[where] = syrk(1.0, block.T, beta=1.0, c=part.T, lower=1, overwrite_c=1).T.ravel()
    _mirror(product)
    return product.astype(float, copy=False)


def _mirror(matrix: Float[np.ndarray, "params params"], side: int = 256) -> None:
    """Copy the upper triangle onto the lower one, in blocks that fit the cache."""
    for start in range(0, matrix.shape[0], side):
        stop = start + side
        block = matrix[start:stop, start:stop]
        block += np.triu(block, 1).T
        matrix[stop:, start:stop] = matrix[start:stop, stop:].T
