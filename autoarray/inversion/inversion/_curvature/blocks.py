"""The curvature matrix of sparse and dense mapping matrices side by side (Warren & Dye 2003, eq. 5), on NumPy.

The images of mesh pixels are sparse, those of functions such as Gaussians fill the data. Their products with each other
are blocks of the matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics.lapack import blas_and_lapack
from autoarray._typing import Matrix
from autoarray.inversion.inversion._curvature.noise import divide_by_noise
from autoarray.inversion.inversion._curvature.products import dense_from, is_sparse
from autoarray.inversion.inversion._curvature.tile_products import DENSE_SHARE, symmetric_product_from
from autoarray.settings import Settings

if TYPE_CHECKING:
    from jaxtyping import Float, Int


def curvature_matrix_from(
    matrices: Sequence[Float[Matrix, "data_pixels _params"]],
    noise_map: Float[np.ndarray, "data_pixels"],
    native_for_slim: Int[np.ndarray, "data_pixels 2"],
    settings: Settings,
) -> Float[np.ndarray, "params params"]:
    """The curvature matrix F = B^T N^-1 B, of shape (params, params).

    Parameters
    ----------
    matrices
        The blocks of columns of B, in the order of the parameters: dense arrays or SciPy sparse arrays. Each is
        multiplied in the way that suits its share of zeros.
    noise_map
        The standard deviation of each data pixel, of shape (data_pixels,).
    native_for_slim
        The (y, x) pixel of each row, of shape (data_pixels, 2).
    """
    from scipy.sparse import csr_array, hstack

    dtype = np.float32 if settings.use_mixed_precision else np.float64
    sparse, dense, of_sparse, of_dense, total = [], [], [], [], 0
    for matrix in matrices:
        rows, columns = matrix.shape  # pyright: ignore[reportGeneralTypeIssues] (inferred as None)
        start, total = total, total + columns
        entries = matrix.nnz if is_sparse(matrix) else np.count_nonzero(matrix)
        if entries > DENSE_SHARE * rows * columns:
            dense.append(dense_from(matrix))
            of_dense.append(slice(start, total))
        else:
            sparse.append(csr_array(matrix))
            of_sparse.append(slice(start, total))
    curvature_matrix = np.empty((total, total))
    scaled = None
    if sparse:
        scaled = csr_array((sparse[0] if len(sparse) == 1 else hstack(sparse, format="csr")).astype(dtype, copy=True))
        divide_by_noise(scaled, noise_map)
        product = symmetric_product_from(scaled, native_for_slim)
        if not dense:
            return product
        _write(curvature_matrix, of_sparse, of_sparse, product)
    images = (np.hstack(dense) / noise_map[:, None]).astype(dtype, copy=False)
    _write(curvature_matrix, of_dense, of_dense, _square(images))
    if scaled is not None:
        product = scaled.T @ images
        _write(curvature_matrix, of_sparse, of_dense, product)
        _write(curvature_matrix, of_dense, of_sparse, product.T)
    return curvature_matrix


def _write(
    matrix: Float[np.ndarray, "params params"],
    rows: Sequence[slice],
    columns: Sequence[slice],
    values: Float[np.ndarray, "rows columns"],
) -> None:
    """Set the blocks of ranges of rows and columns to values that have these ranges one after the other."""
    top = 0
    for row in rows:
        bottom, left = top + row.stop - row.start, 0
        for column in columns:
            right = left + column.stop - column.start
            matrix[row, column] = values[top:bottom, left:right]
            left = right
        top = bottom


def _square(images: Float[np.ndarray, "data_pixels functions"]) -> Float[np.ndarray, "functions functions"]:
    blas, _ = blas_and_lapack()

    gemm = blas.sgemm if images.dtype == np.float32 else blas.dgemm
    product = gemm(1.0, images.T, images.T, trans_b=1)
    return (product + product.T) / 2.0
