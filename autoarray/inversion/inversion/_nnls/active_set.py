"""The quadratic programme min x^T Q x / 2 - q^T x for x >= 0, by an active set method (Lawson & Hanson 1974).

Its parameters are never negative, and every step lowers the function, so that it ends for parameters that can all but
replace each other too. It factorizes once a step: it is for small matrices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._numerics import compiled
from autoarray._numerics.cholesky import cholesky_of_part, not_positive_definite, solution_from
from autoarray._numerics.lapack import blas_and_lapack

if TYPE_CHECKING:
    from jaxtyping import Bool, Float


def solve(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    passive: Bool[np.ndarray, "params"],
    tolerance: float,
    max_iterations: int,
) -> Float[np.ndarray, "params"]:
    """The solution, of shape (params,), with the parameters at the bound exactly zero.

    All parameters that would lower the function by growing are freed at once, and one at a time where that fails. One
    that rounding alone would free stays at zero.

    Parameters
    ----------
    matrix, vector
        Q, positive definite, of shape (params, params), and q, of shape (params,).
    passive
        The parameters that are freed first, as bools of shape (params,).
    tolerance
        The relative tolerance of the optimality conditions.

    Raises
    ------
    InversionException
        If the matrix is not positive definite, or the iteration does not end.
    """
    if compiled.is_available():
        from autoarray.inversion.inversion._nnls import active_set_numba

        arrays = (np.ascontiguousarray(values, dtype=float) for values in (matrix, vector))
        x, status, broken = active_set_numba.solve(*arrays, passive, tolerance, max_iterations)
        if status == active_set_numba.NOT_POSITIVE_DEFINITE:
            raise not_positive_definite(matrix)
        if status == active_set_numba.UNFINISHED:
            raise no_end_error(max_iterations, tolerance, len(vector), broken)
        return x
    blas, _ = blas_and_lapack()

    scale, diagonal = np.max(np.abs(vector), initial=0.0), np.sqrt(np.abs(np.diag(matrix)))
    x, lowest = np.zeros_like(vector), np.inf
    refused = np.zeros_like(passive)
    freed = np.flatnonzero(passive)
    violated = refused
    for _ in range(max_iterations):
        x, passive = _downhill(matrix, vector, x, passive)
        gradient = blas.dsymv(1.0, matrix.T, x) - vector
        value = 0.5 * (x @ gradient - x @ vector)
        if value < lowest:
            lowest, refused, one_by_one = value, np.zeros_like(passive), False
        else:
            one_by_one = True
            refused[freed[:1]] |= freed.size == 1
        violated = ~passive & ~refused & (gradient < -tolerance * scale)
        freed = np.flatnonzero(violated)
        if not freed.size:
            return x
        if one_by_one:
            freed = freed[[np.argmin(gradient[freed] / diagonal[freed])]]
        passive = passive.copy()
        passive[freed] = True
    raise no_end_error(max_iterations, tolerance, violated.size, int(violated.sum()))


def _downhill(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    x: Float[np.ndarray, "params"],
    passive: Bool[np.ndarray, "params"],
) -> tuple[Float[np.ndarray, "params"], Bool[np.ndarray, "params"]]:
    """The minimum for parameters that stay positive on the way to it from `x`, and which ones these are."""
    while True:
        aim = restricted_solution(matrix, vector, passive)
        negative = np.flatnonzero(passive & (aim <= 0.0))
        if not negative.size:
            return aim, passive
        # As far as the first of them reaches zero; those that are there already stop the step at once.
        reached = x[negative] / np.maximum(x[negative] - aim[negative], np.finfo(float).tiny)
        x = np.maximum(x + reached.min() * (aim - x), 0.0)
        passive = passive.copy()
        passive[negative[reached <= reached.min()]] = False
        x[~passive] = 0.0


def restricted_solution(
    matrix: Float[np.ndarray, "params params"], vector: Float[np.ndarray, "params"], passive: Bool[np.ndarray, "params"]
) -> Float[np.ndarray, "params"]:
    """The solution for some parameters, of any sign, with zeros for the others.

    Raises
    ------
    InversionException
        If the matrix of these parameters is not positive definite.
    """
    x = np.zeros_like(vector)
    index = np.flatnonzero(passive)
    if index.size:
        x[index] = solution_from(cholesky_of_part(matrix, index), vector[index])
    return x


def no_end_error(max_iterations: int, tolerance: float, params: int, broken: int) -> exc.InversionException:
    """The error for an iteration that did not end."""
    return exc.InversionException(
        f"positive-only solver: no solution after {max_iterations} iterations with {params} parameters and "
        f"relative tolerance {tolerance} ({broken} conditions broken); raise Settings.nnls_max_iter or "
        "Settings.nnls_solver_tol"
    )
