"""Symmetric, positive definite matrices by their Cholesky factor: solutions, inverses and determinants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._numerics import banded, compiled
from autoarray._numerics.blas_threads import one_blas_thread
from autoarray._numerics.lapack import blas_and_lapack
from autoarray._numerics.log_det import log_det_of_factor_from
from autoarray._numerics.triangular import factorize_in_place
from autoarray._typing import Array, Namespace

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

# How many rows of a matrix are copied at once.
_ROWS = 64


def cholesky_from(matrix: Float[np.ndarray, "params params"]) -> Float[np.ndarray, "params params"]:
    """The lower Cholesky factor of a matrix, in Fortran order; what lies above its diagonal is arbitrary.

    Raises
    ------
    InversionException
        If the matrix is not positive definite.
    """
    factor = np.array(matrix.T, dtype=float, order="F")
    if not factorize_in_place(factor):
        raise not_positive_definite(matrix)
    return factor


@one_blas_thread()
def cholesky_of_part(
    matrix: Float[np.ndarray, "params params"], index: Int[np.ndarray, "part"]
) -> Float[np.ndarray, "part part"]:
    """`cholesky_from` the rows and columns of some parameters, in the order of `index`.

    Raises
    ------
    InversionException
        If that part of the matrix is not positive definite.
    """
    factor = np.empty((index.size, index.size), order="F")
    # The lower triangle alone. Two steps that copy whole rows, or parts of a row, take half of the time of one that
    # copies element by element, and a few rows at once stay in the processor's cache between them.
    for start in range(0, index.size, _ROWS):
        factor.T[start : start + _ROWS, start:] = matrix.take(index[start : start + _ROWS], 0).take(index[start:], 1)
    if not factorize_in_place(factor):
        raise not_positive_definite(matrix)
    return factor


def solution_from(
    factor: Float[np.ndarray, "params params"], vector: Float[np.ndarray, "params"]
) -> Float[np.ndarray, "params"]:
    """The solution of the system whose matrix has the Cholesky factor that `cholesky_from` returned."""
    _, lapack = blas_and_lapack()

    return lapack.dpotrs(factor, vector, lower=1)[0]


def solve(
    matrix: Float[Array, "params params"], vector: Float[Array, "params"], xp: Namespace = np
) -> Float[Array, "params"]:
    """The solution x of matrix x = vector, of shape (params,).

    Raises
    ------
    InversionException
        In NumPy mode, if the matrix is not positive definite; in JAX mode the solution is then NaN.
    """
    if xp is np:
        return solution_from(cholesky_from(np.asarray(matrix)), np.asarray(vector))
    from jax.scipy.linalg import cho_solve

    return cho_solve((xp.linalg.cholesky(matrix), True), vector)


def inverse_from(matrix: Float[Array, "params params"], xp: Namespace = np) -> Float[Array, "params params"]:
    """The inverse of a matrix, exactly symmetric.

    Raises
    ------
    InversionException
        In NumPy mode, if the matrix is not positive definite; in JAX mode the inverse is then NaN.
    """
    if xp is np:
        _, lapack = blas_and_lapack()

        inverse = np.tril(lapack.dpotri(cholesky_from(np.asarray(matrix)), lower=1)[0])
        return inverse + np.tril(inverse, -1).T
    from jax.scipy.linalg import cho_solve

    inverse = cho_solve((xp.linalg.cholesky(matrix), True), xp.eye(matrix.shape[0]))
    return (inverse + inverse.T) / 2.0


def inverse_of_part_from(
    factor: Float[np.ndarray, "part part"], index: Int[np.ndarray, "part"], params: int
) -> Float[np.ndarray, "params params"]:
    """The inverse of some rows and columns of a matrix, and zeros in its others, of shape (params, params).

    Parameters
    ----------
    factor
        What `cholesky_of_part` returned for these rows and columns; it is overwritten.
    index
        These rows and columns, in their order.
    params
        The number of rows of the matrix.
    """
    _, lapack = blas_and_lapack()

    # In C order the lower triangle of the inverse is the upper one of an array.
    upper = lapack.dpotri(factor, lower=1, overwrite_c=1)[0].T
    if compiled.is_available():
        from autoarray._numerics import cholesky_numba

        inverse = np.zeros((params, params))
        cholesky_numba.scatter_symmetric(upper, index, inverse)
        return inverse
    inverse = np.zeros((index.size + 1, index.size + 1))
    inverse[:-1, :-1] = np.triu(upper)
    inverse[:-1, :-1] += np.triu(upper, 1).T
    # The last row, of zeros, is that of all parameters that are not in the index.
    place = np.full(params, -1)
    place[index] = np.arange(index.size)
    return inverse.take(place, 0).take(place, 1)


def log_det_of_sparse_from(matrix: csr_array, is_nearly_singular: bool = False) -> Float[np.ndarray, ""]:
    """As `log_det_from` by the method "cholesky", of a SciPy sparse array.

    Raises
    ------
    InversionException
        If the matrix is not positive definite.
    """
    band = banded.band_of_sparse_from(matrix)
    if band is None:
        return np.asarray(log_det_from(matrix.toarray(), is_nearly_singular=is_nearly_singular))[()]
    return banded.log_det_from(band, is_nearly_singular)


def log_det_from(
    matrix: Float[Array, "params params"],
    method: str = "cholesky",
    xp: Namespace = np,
    is_nearly_singular: bool = False,
) -> Float[Array, ""]:
    """The natural logarithm of the determinant of a matrix.

    A NumPy matrix with a narrow band, as neighbor regularizations on a rectangular mesh have, is factorized as such.
    The matrix of a triangulation gets one by the order of Cuthill & McKee (1969), reversed, if it is large.

    Parameters
    ----------
    method
        "cholesky", or "slogdet" for a matrix that may not be positive definite.
    is_nearly_singular
        Whether the last pivot of the factor may be lost in rounding, as that of a neighbor regularization is. The
        method "cholesky" then computes this pivot by itself (`log_det.py`), with one more triangular solution.

    Raises
    ------
    InversionException
        For the method "cholesky" in NumPy mode, if the matrix is not positive definite; in JAX mode the logarithm is
        then NaN.
    """
    if method == "slogdet":
        return xp.linalg.slogdet(matrix)[1]
    if xp is not np:
        from autoarray._numerics import log_det_jax

        return log_det_jax.log_det_from(matrix, is_nearly_singular)
    matrix = np.asarray(matrix)
    band = banded.band_from(matrix)
    if band is not None:
        return banded.log_det_from(band, is_nearly_singular)
    _, lapack = blas_and_lapack()
    factor = cholesky_from(matrix)
    if not is_nearly_singular:
        return 2.0 * np.sum(np.log(np.diagonal(factor)))
    sums = matrix.sum(axis=1)
    solution, _ = lapack.dtrtrs(factor, sums, lower=1)
    return log_det_of_factor_from(matrix, sums, np.diagonal(factor), solution[-1], np)


def not_positive_definite(matrix: Float[np.ndarray, "params params"]) -> exc.InversionException:
    """The error for a matrix that has no Cholesky factor."""
    if not np.isfinite(matrix).all():
        return exc.InversionException(
            f"curvature_reg_matrix: expected finite values, found {int((~np.isfinite(matrix)).sum())} NaN or infinite "
            f"entries in a {matrix.shape} matrix"
        )
    return exc.InversionException(
        f"curvature_reg_matrix: expected a positive definite matrix, found a {matrix.shape} one without a Cholesky "
        "factor; add a regularization, or raise Settings.no_regularization_add_to_curvature_diag_value"
    )
