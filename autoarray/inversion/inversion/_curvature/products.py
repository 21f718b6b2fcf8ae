"""The linear system from plain arrays: D = B^T N^-1 d and F = B^T N^-1 B, with the noise N and a mapping matrix B."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import as_array
from autoarray._numerics.convolution import convolve, kernel_transform_from, padded_shape_from
from autoarray._typing import Array, Matrix, Namespace
from autoarray.inversion.inversion._curvature.noise import divide_by_noise, over_noise, over_variance
from autoarray.inversion.inversion._curvature.tile_products import symmetric_product_from
from autoarray.settings import Settings

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array
    from typing_extensions import TypeIs

    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators.convolver import Convolver


def is_sparse(matrix: Matrix) -> TypeIs[csr_array]:
    """Whether a matrix is a SciPy sparse array."""
    return not isinstance(matrix, np.ndarray) and hasattr(matrix, "tocsr")


def dense_from(matrix: Matrix) -> Array:
    """A matrix as a dense array."""
    return matrix.toarray() if is_sparse(matrix) else matrix


def data_vector_from(operated_mapping_matrix: Matrix, data: Array, noise_map: Array) -> Array:
    """The data vector D = B^T N^-1 d, of shape (params,) (Warren & Dye 2003, eq. 4)."""
    return operated_mapping_matrix.T @ over_variance(data, noise_map)


def curvature_matrix_via_mapping_matrix_from(
    mapping_matrix: Matrix,
    noise_map: Array,
    add_to_curvature_diag: bool = False,
    no_regularization_index_list: list[int] | None = None,
    settings: Settings | None = None,
    xp: Namespace = np,
    *,
    native_for_slim: np.ndarray | None = None,
) -> Array:
    """The curvature matrix F = B^T N^-1 B, of shape (params, params) (Warren & Dye 2003, eq. 5).

    Parameters
    ----------
    mapping_matrix
        B, of shape (data_pixels, params): dense, or a SciPy sparse array in NumPy mode.
    noise_map
        The standard deviation of each data pixel, of shape (data_pixels,).
    add_to_curvature_diag, no_regularization_index_list
        Add `settings.no_regularization_add_to_curvature_diag_value` to these entries of the diagonal.
    native_for_slim
        The (y, x) pixel of each row, which a sparse product is cut into tiles by.
    """
    settings = settings or Settings()
    dtype = np.float32 if settings.use_mixed_precision else np.float64
    if is_sparse(mapping_matrix):
        from scipy.sparse import csr_array

        scaled = csr_array(mapping_matrix.astype(dtype, copy=True))
        divide_by_noise(scaled, noise_map)
        if native_for_slim is None:
            native_for_slim = np.stack((np.arange(len(noise_map)), np.zeros(len(noise_map), dtype=int)), axis=1)
        curvature_matrix = symmetric_product_from(scaled, native_for_slim)
    else:
        scaled = over_noise(mapping_matrix, noise_map).astype(dtype)
        curvature_matrix = (scaled.T @ scaled).astype(np.float64)
    if add_to_curvature_diag and no_regularization_index_list:
        value = settings.no_regularization_add_to_curvature_diag_value
        return curvature_matrix_with_added_to_diag_from(curvature_matrix, value, no_regularization_index_list, xp)
    return curvature_matrix


def curvature_matrix_with_added_to_diag_from(
    curvature_matrix: Array, value: float, no_regularization_index_list: list[int] | None = None, xp: Namespace = np
) -> Array:
    """The curvature matrix with `value` added to some entries of its diagonal, or to all of them for None."""
    index = slice(None) if no_regularization_index_list is None else no_regularization_index_list
    if xp is np:
        raised = np.array(curvature_matrix, dtype=float)
        np.einsum("ii->i", raised)[index] += value  # a view of the diagonal
        return raised
    diagonal = np.zeros(curvature_matrix.shape[0])
    diagonal[index] = value
    return curvature_matrix + xp.diag(as_array(diagonal, xp))


def psf_weighted_data_from(
    weight_map_native: Float[Array, "rows columns"],
    kernel_native: Float[Array, "kernel_rows kernel_columns"],
    native_index_for_slim_index: Int[np.ndarray, "data_pixels 2"],
    xp: Namespace = np,
) -> Float[Array, "data_pixels"]:
    """The data over the variances, convolved with the transposed PSF: A^T of it is the data vector.

    Parameters
    ----------
    weight_map_native
        The data over the variances, of shape (rows, columns), zero in masked pixels.
    kernel_native
        The PSF, of odd shape.
    native_index_for_slim_index
        The (row, column) of each data pixel, of shape (data_pixels, 2).

    Returns
    -------
    array
        Of shape (data_pixels,).
    """
    weight_map, kernel = as_array(weight_map_native, xp), as_array(kernel_native, xp)
    shape = padded_shape_from(weight_map.shape, kernel.shape)
    image = convolve(weight_map, kernel_transform_from(kernel[::-1, ::-1], shape, xp), shape, xp)
    return image[tuple(np.asarray(native_index_for_slim_index).T)]


def psf_weighted_data_for(
    data: Float[Array, "data_pixels"],
    noise_map: Float[Array, "data_pixels"],
    psf: Convolver | None,
    mask: Mask2D,
    xp: Namespace = np,
) -> Float[Array, "data_pixels"]:
    """`psf_weighted_data_from` for data in the order of a mask; without a PSF the data over the variances alone."""
    weighted = over_variance(data, noise_map)
    if psf is None:
        return weighted
    native_for_slim = mask.derive_indexes.native_for_slim
    weight_map = np.zeros(mask.shape_native)
    index = tuple(native_for_slim.T)
    if xp is np:
        weight_map[index] = weighted
    else:
        weight_map = xp.asarray(weight_map).at[index].set(weighted)
    return psf_weighted_data_from(weight_map, psf.kernel.native.array, native_for_slim, xp)
