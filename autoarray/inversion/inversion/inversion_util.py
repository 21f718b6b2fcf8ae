# pyright: strict, reportMissingTypeStubs=false
"""The steps of an inversion on plain arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autoarray._numerics import cholesky
from autoarray._typing import Array, Matrix, Namespace
from autoarray.inversion.inversion._curvature.products import (
    curvature_matrix_via_mapping_matrix_from,
    curvature_matrix_with_added_to_diag_from,
    data_vector_from,
)
from autoarray.inversion.inversion._nnls import pivoting
from autoarray.inversion.inversion._nnls.projected_gradient import guess_from
from autoarray.inversion.linear_obj.linear_obj import LinearObj, param_ranges_from
from autoarray.settings import Settings

__all__ = [
    "curvature_matrix_via_mapping_matrix_from",
    "curvature_matrix_with_added_to_diag_from",
    "data_vector_from",
    "mapped_reconstructed_data_via_mapping_matrix_from",
    "param_range_list_from",
    "positive_guess_from",
    "reconstruction_and_log_det_from",
    "reconstruction_positive_negative_from",
    "reconstruction_positive_only_from",
]


def mapped_reconstructed_data_via_mapping_matrix_from(
    mapping_matrix: Matrix, reconstruction: Array, xp: Namespace = np
) -> Array:
    """The image of a reconstruction, of shape (data_pixels,)."""
    return mapping_matrix @ reconstruction  # pyright: ignore[reportUnknownVariableType] (SciPy has no types)


def reconstruction_positive_negative_from(data_vector: Array, curvature_reg_matrix: Array, xp: Namespace = np) -> Array:
    """The solution s of (F + H) s = D, of shape (params,) (Warren & Dye 2003, eq. 12).

    Raises
    ------
    InversionException
        In NumPy mode, if the matrix is not positive definite; in JAX mode the solution is then NaN.
    """
    return cholesky.solve(curvature_reg_matrix, data_vector, xp)


def reconstruction_positive_only_from(
    data_vector: Array,
    curvature_reg_matrix: Array,
    settings: Settings | None = None,
    xp: Namespace = np,
    *,
    allowed: np.ndarray | None = None,
    border: np.ndarray | None = None,
    guess: np.ndarray | None = None,
    factor: np.ndarray | None = None,
) -> Array:
    """The reconstruction without negative values that minimises s^T (F + H) s / 2 - D^T s, of shape (params,).

    Parameters
    ----------
    allowed
        Which parameters are solved for, as NumPy bools of shape (params,); the others are zero. All if None.
    border
        Which parameters are few and can all but replace each other, such as Gaussians of nearly one width, as NumPy
        bools of shape (params,); none if None. It makes the solver faster, and changes its result by rounding alone.
    guess
        Which of the allowed parameters outside of the border are guessed to be positive, as NumPy bools of shape
        (params,) (NumPy mode only); computed if None.
    factor
        The Cholesky factor, in Fortran order, of the rows and columns of the guess (NumPy mode only); computed if None.

    Raises
    ------
    InversionException
        In NumPy mode, if the matrix is not positive definite or the solver does not end; in JAX mode the
        reconstruction is then NaN.
    """
    params = data_vector.shape[0]
    tolerance, max_iterations = _limits(settings or Settings(), params)
    if allowed is None:
        allowed = np.ones(params, dtype=bool)
    if xp is np:
        matrix, vector = np.asarray(curvature_reg_matrix), np.asarray(data_vector)
        return pivoting.solve(matrix, vector, allowed, tolerance, max_iterations, border, guess, factor)
    from autoarray.inversion.inversion._nnls import pivoting_jax

    return pivoting_jax.solve(curvature_reg_matrix, data_vector, allowed, tolerance, max_iterations, border)


def reconstruction_and_log_det_from(
    data_vector: Array, curvature_reg_matrix: Array, settings: Settings, allowed: np.ndarray, border: np.ndarray
) -> tuple[Array, Array]:
    """The reconstruction without negative values, and ln det(F + H) for all parameters outside of the border, in JAX.

    One factorization serves both.

    Parameters
    ----------
    data_vector, curvature_reg_matrix
        D of shape (params,), and F + H of shape (params, params).
    settings, allowed, border
        As in `reconstruction_positive_only_from`.
    """
    from autoarray.inversion.inversion._nnls import pivoting_jax

    limits = _limits(settings, data_vector.shape[0])
    return pivoting_jax.solution_and_log_det_from(curvature_reg_matrix, data_vector, allowed, *limits, border)


def positive_guess_from(
    data_vector: np.ndarray,
    curvature_reg_matrix: np.ndarray,
    settings: Settings,
    allowed: np.ndarray,
    border: np.ndarray,
) -> np.ndarray:
    """A guess of which parameters outside of the border are positive, as bools of shape (params,).

    Parameters
    ----------
    data_vector, curvature_reg_matrix
        D of shape (params,), and F + H of shape (params, params).
    settings
        The tolerance and the largest number of iterations of the solver.
    allowed
        Which parameters may be positive, as bools of shape (params,).
    border
        Those that the guess leaves out, as in `reconstruction_positive_only_from`.
    """
    limits = _limits(settings, data_vector.shape[0])
    return guess_from(curvature_reg_matrix, data_vector, allowed, border, *limits)


def _limits(settings: Settings, params: int) -> tuple[float, int]:
    """The relative tolerance of the positive-only solver, and its largest number of iterations."""
    return settings.nnls_solver_tol, settings.nnls_max_iter or max(100, 3 * params)


def param_range_list_from(cls: type, linear_obj_list: Sequence[LinearObj]) -> list[list[int]]:
    """The first and one past the last parameter of each linear object of a class, among those of all objects."""
    ranges = param_ranges_from(linear_obj_list)
    return [
        [start, end]
        for linear_obj, (start, end) in zip(linear_obj_list, ranges, strict=True)
        if isinstance(linear_obj, cls)
    ]
