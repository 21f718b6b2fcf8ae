"""The steps of an inversion on plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._numerics.lapack import blas_and_lapack
from autoarray._numerics.log_det import log_det_of_factor_from
from autoarray.inversion.inversion._curvature.tiled import symmetric_product_from
from autoarray.inversion.inversion._nnls import pivoting
from autoarray.settings import Settings


def is_sparse(matrix: Any) -> bool:
    """Whether a matrix is a SciPy sparse array."""
    return not isinstance(matrix, np.ndarray) and hasattr(matrix, "tocsr")


def data_vector_from(operated_mapping_matrix: Any, data: Any, noise_map: Any) -> Any:
    """The data vector D = B^T N^-1 d, of shape (params,) (Warren & Dye 2003, eq. 4)."""
    return operated_mapping_matrix.T @ (data / noise_map**2)


def curvature_matrix_via_mapping_matrix_from(
    mapping_matrix: Any,
    noise_map: Any,
    add_to_curvature_diag: bool = False,
    no_regularization_index_list: list[int] | None = None,
    settings: Settings | None = None,
    xp: Any = np,
    *,
    native_for_slim: np.ndarray | None = None,
) -> Any:
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
        weighted = mapping_matrix.astype(dtype, copy=True)
        weighted.data *= np.repeat(1.0 / noise_map, np.diff(weighted.indptr))
        if native_for_slim is None:
            native_for_slim = np.stack((np.arange(len(noise_map)), np.zeros(len(noise_map), dtype=int)), axis=1)
        curvature_matrix = symmetric_product_from(weighted, native_for_slim)
    else:
        weighted = (mapping_matrix / noise_map[:, None]).astype(dtype)
        curvature_matrix = (weighted.T @ weighted).astype(np.float64)
    if add_to_curvature_diag and no_regularization_index_list:
        value = settings.no_regularization_add_to_curvature_diag_value
        return curvature_matrix_with_added_to_diag_from(curvature_matrix, value, no_regularization_index_list, xp)
    return curvature_matrix


def curvature_matrix_with_added_to_diag_from(
    curvature_matrix: Any, value: float, no_regularization_index_list: list[int] | None = None, xp: Any = np
) -> Any:
    """The curvature matrix with `value` added to some entries of its diagonal, or to all of them for None."""
    total = curvature_matrix.shape[0]
    added = np.zeros(total)
    added[slice(None) if no_regularization_index_list is None else no_regularization_index_list] = value
    return curvature_matrix + xp.diag(as_array(added, xp))


def mapped_reconstructed_data_via_mapping_matrix_from(mapping_matrix: Any, reconstruction: Any, xp: Any = np) -> Any:
    """The image of a reconstruction, of shape (data_pixels,)."""
    return mapping_matrix @ reconstruction


def reconstruction_positive_negative_from(data_vector: Any, curvature_reg_matrix: Any, xp: Any = np) -> Any:
    """The solution s of (F + H) s = D, of shape (params,) (Warren & Dye 2003, eq. 12).

    Raises
    ------
    InversionException
        In NumPy mode, if the matrix is not positive definite; in JAX mode the solution is then NaN.
    """
    if xp is np:
        return solved_from(cholesky_from(curvature_reg_matrix), data_vector)
    from jax.scipy.linalg import cho_solve

    return cho_solve((xp.linalg.cholesky(curvature_reg_matrix), True), data_vector)


def reconstruction_positive_only_from(
    data_vector: Any,
    curvature_reg_matrix: Any,
    settings: Settings | None = None,
    xp: Any = np,
    *,
    allowed: np.ndarray | None = None,
    factor: np.ndarray | None = None,
) -> Any:
    """The reconstruction without negative values that minimises s^T (F + H) s / 2 - D^T s, of shape (params,).

    Parameters
    ----------
    allowed
        Which parameters are solved for, as NumPy bools of shape (params,); the others are zero. All if None.
    factor
        The factor that `cholesky_from` returns of the rows and columns of the allowed parameters (NumPy mode only);
        computed if None.

    Raises
    ------
    InversionException
        In NumPy mode, if the matrix is not positive definite or the solver does not end; in JAX mode the
        reconstruction is then NaN.
    """
    settings = settings or Settings()
    params = data_vector.shape[0]
    max_iterations = settings.nnls_max_iter or max(100, 3 * params)
    if allowed is None:
        allowed = np.ones(params, dtype=bool)
    if xp is not np:
        from autoarray.inversion.inversion._nnls import pivoting_jax

        return pivoting_jax.solve(curvature_reg_matrix, data_vector, allowed, settings.nnls_solver_tol, max_iterations)
    keep = np.flatnonzero(np.asarray(allowed))
    matrix, vector = curvature_reg_matrix, data_vector
    if keep.size < params:
        matrix, vector = matrix[np.ix_(keep, keep)], vector[keep]
    if factor is None:
        factor = cholesky_from(matrix)
    tolerance = settings.nnls_solver_tol
    guess = pivoting.guess_numpy(factor, vector, tolerance)
    reconstruction = np.zeros(params)
    reconstruction[keep] = pivoting.solve_numpy(matrix, vector, guess, tolerance, max_iterations)
    return reconstruction


def cholesky_from(matrix: np.ndarray) -> np.ndarray:
    """The lower Cholesky factor of a matrix, in Fortran order; what lies above its diagonal is arbitrary.

    Raises
    ------
    InversionException
        If the matrix is not positive definite.
    """
    _, lapack = blas_and_lapack()

    factor, info = lapack.dpotrf(matrix.T, lower=1, clean=0)
    if info != 0:
        raise pivoting.not_positive_definite(matrix)
    return factor


def solved_from(factor: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """The solution of the system whose matrix has the Cholesky factor `cholesky_from` returned."""
    _, lapack = blas_and_lapack()

    return lapack.dpotrs(factor, vector, lower=1)[0]


def inverse_from(matrix: Any, xp: Any = np) -> Any:
    """The inverse of a symmetric, positive definite matrix, exactly symmetric.

    Raises
    ------
    InversionException
        In NumPy mode, if the matrix is not positive definite; in JAX mode the inverse is then NaN.
    """
    if xp is np:
        _, lapack = blas_and_lapack()

        inverse = np.tril(lapack.dpotri(cholesky_from(matrix), lower=1)[0])
        return inverse + np.tril(inverse, -1).T
    from jax.scipy.linalg import cho_solve

    inverse = cho_solve((xp.linalg.cholesky(matrix), True), xp.eye(matrix.shape[0]))
    return (inverse + inverse.T) / 2.0


def log_det_from(matrix: Any, method: str = "cholesky", xp: Any = np) -> Any:
    """The natural logarithm of the determinant of a symmetric, positive definite matrix.

    A NumPy matrix with a narrow band, as neighbor regularizations on a rectangular mesh have, is factorized as such.

    Raises
    ------
    InversionException
        For the method "cholesky" in NumPy mode, if the matrix is not positive definite; in JAX mode it is then NaN.
    """
    if method == "slogdet":
        return xp.linalg.slogdet(matrix)[1]
    if xp is not np:
        from autoarray._numerics import log_det_jax

        return log_det_jax.log_det_from(matrix)
    # The first entry of every row of a symmetric matrix tells its band.
    size = matrix.shape[0]
    width = int(np.max(np.arange(size) - np.argmax(matrix != 0.0, axis=1), initial=0))
    if width * 8 <= size:
        return _log_det_of_band_from(matrix, width)
    _, lapack = blas_and_lapack()
    factor, sums = cholesky_from(matrix), matrix.sum(axis=1)
    solution, _ = lapack.dtrtrs(factor, sums, lower=1)
    return log_det_of_factor_from(matrix, sums, np.diagonal(factor), solution[-1], np)


def _log_det_of_band_from(matrix: np.ndarray, width: int) -> Any:
    """As `log_det_from`, of a matrix with `width` diagonals below its main one."""
    from scipy.linalg import LinAlgError, cholesky_banded

    _, lapack = blas_and_lapack()
    size = matrix.shape[0]
    band, sums = np.zeros((width + 1, size)), np.diagonal(matrix).copy()
    for i in range(width + 1):
        band[i, : size - i] = np.diagonal(matrix, -i)
        if i > 0:
            sums[i:] += band[i, : size - i]
            sums[: size - i] += band[i, : size - i]
    try:
        factor = cholesky_banded(band, lower=True)
    except LinAlgError as error:
        raise exc.InversionException(
            f"log determinant: expected a positive definite matrix, found a {matrix.shape} one without a Cholesky "
            "factor"
        ) from error
    solution, _ = lapack.dtbtrs(factor, sums[:, None], uplo="L")
    return log_det_of_factor_from(band, sums, factor[0], solution[-1, 0], np)


def param_range_list_from(cls: type, linear_obj_list: list[Any]) -> list[list[int]]:
    """The first and one past the last parameter of each linear object of a class, among those of all objects."""
    ends = np.cumsum([0, *(linear_obj.params for linear_obj in linear_obj_list)]).tolist()
    return [
        [start, end]
        for linear_obj, start, end in zip(linear_obj_list, ends[:-1], ends[1:], strict=True)
        if isinstance(linear_obj, cls)
    ]
