"""The quadratic programme of a reconstruction without negative values: min x^T Q x / 2 - q^T x for x >= 0.

Block principal pivoting (Portugal, Judice & Vicente 1994; Kim & Park 2011): guess which parameters are positive, solve
for those alone, and exchange every parameter that breaks the optimality conditions. The exchanges stop making progress
for parameters that can all but replace each other, such as dozens of Gaussians of nearly one width. Then an active set
method follows (Lawson & Hanson 1974): its parameters are never negative, and every step lowers the function. The
solution depends on the final set only, so that both backends, and any first guess, give the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._numerics.cholesky import cholesky_from, not_positive_definite
from autoarray._numerics.lapack import blas_and_lapack
from autoarray._typing import ArrayT, Namespace

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

# Exchanges of the whole set that are allowed without a new least number of violations.
FULL_EXCHANGES = 3

# The guess by multipliers costs as much as a factorization where a third of the parameters are zero.
_GUESS_SHARE = 1.0 / 3.0
_GUESS_ITERATIONS = 20


def solve(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    allowed: Bool[np.ndarray, "params"],
    tolerance: float,
    max_iterations: int,
    factor: Float[np.ndarray, "allowed allowed"] | None = None,
) -> Float[np.ndarray, "params"]:
    """The positive-only solution, of shape (params,), with the parameters at the bound exactly zero.

    Parameters
    ----------
    matrix, vector
        Q, positive definite, of shape (params, params), and q, of shape (params,).
    allowed
        Which parameters are solved for, as bools of shape (params,); the others are zero.
    tolerance
        The relative tolerance of the optimality conditions.
    factor
        The factor that `cholesky_from` returns of the rows and columns of the allowed parameters; computed if None.

    Raises
    ------
    InversionException
        If the matrix is not positive definite, or the iteration does not end.
    """
    params = len(vector)
    keep = np.flatnonzero(allowed)
    if keep.size < params:
        matrix, vector = matrix[np.ix_(keep, keep)], vector[keep]
    if factor is None:
        factor = cholesky_from(matrix)
    guess = guess_from(factor, vector, tolerance)
    solution = np.zeros(params)
    solution[keep] = solve_from_guess(matrix, vector, guess, tolerance, max_iterations)
    return solution


def exchange(
    violated: Bool[ArrayT, "params"],
    passive: Bool[ArrayT, "params"],
    least: Int[ArrayT, ""] | np.integer,
    left: Int[ArrayT, ""] | np.integer,
    xp: Namespace,
) -> tuple[Bool[ArrayT, "params"], Int[ArrayT, ""], Int[ArrayT, ""]]:
    """The next guess of the positive set, and the state of the rule that keeps the iteration finite.

    Parameters
    ----------
    violated
        Which parameters break the optimality conditions, as bools of shape (params,).
    passive
        Which parameters were taken as positive.
    least
        The least number of violations so far.
    left
        The number of full exchanges left before a single parameter is exchanged instead.
    """
    count = violated.sum()
    fewer = count < least
    full = fewer | (left > 0)
    last = violated.shape[0] - 1 - xp.argmax(violated[::-1])
    single = xp.arange(violated.shape[0]) == last
    flip = violated & (full | single)
    return (
        passive ^ flip,
        xp.where(fewer, count, least),
        xp.where(fewer, FULL_EXCHANGES, xp.where(left > 0, left - 1, 0)),
    )


def violations(
    x: Float[ArrayT, "params"],
    gradient: Float[ArrayT, "params"],
    passive: Bool[ArrayT, "params"],
    allowed: Bool[ArrayT, "params"] | bool,
    tolerance: float,
    scale: Float[ArrayT, ""] | np.floating,
    xp: Namespace,
) -> Bool[ArrayT, "params"]:
    """Positive parameters that came out negative, and zero ones that would lower the function by growing."""
    negative = passive & (x < -tolerance * xp.max(xp.abs(x)))
    return negative | (allowed & ~passive & (gradient < -tolerance * scale))


def solve_from_guess(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    passive: Bool[np.ndarray, "params"],
    tolerance: float,
    max_iterations: int,
) -> Float[np.ndarray, "params"]:
    """The positive-only solution of all parameters from a first guess; see `solve`.

    Parameters
    ----------
    passive
        The first guess of which parameters are positive, as bools of shape (params,).

    Raises
    ------
    InversionException
        If the matrix is not positive definite, or the iteration does not end.
    """
    blas, _ = blas_and_lapack()

    least, left = np.int64(len(vector) + 1), np.int64(FULL_EXCHANGES)
    scale = np.max(np.abs(vector), initial=0.0)
    violated = np.ones_like(passive)
    for _ in range(max_iterations):
        x = _restricted_solution(matrix, vector, passive)
        gradient = blas.dsymv(1.0, matrix.T, x) - vector
        violated = violations(x, gradient, passive, True, tolerance, scale, np)
        if not violated.any():
            return np.maximum(x, 0.0)
        if left == 0 and violated.sum() >= least:
            return _feasible_solution(matrix, vector, passive, tolerance, max_iterations)
        passive, least, left = exchange(violated, passive, least, left, np)
    raise _no_end_error(max_iterations, tolerance, violated)


def _feasible_solution(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    passive: Bool[np.ndarray, "params"],
    tolerance: float,
    max_iterations: int,
) -> Float[np.ndarray, "params"]:
    """The same solution through parameters that are never negative; see `solve_from_guess`.

    All parameters that would lower the function by growing are freed at once, and one at a time where that fails. One
    that rounding alone would free stays at zero.
    """
    blas, _ = blas_and_lapack()

    scale, diagonal = np.max(np.abs(vector), initial=0.0), np.sqrt(np.diag(matrix))
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
    raise _no_end_error(max_iterations, tolerance, violated)


def _downhill(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    x: Float[np.ndarray, "params"],
    passive: Bool[np.ndarray, "params"],
) -> tuple[Float[np.ndarray, "params"], Bool[np.ndarray, "params"]]:
    """The minimum for parameters that stay positive on the way to it from `x`, and which ones these are."""
    while True:
        aim = _restricted_solution(matrix, vector, passive)
        negative = np.flatnonzero(passive & (aim <= 0.0))
        if not negative.size:
            return aim, passive
        # As far as the first of them reaches zero; those that are there already stop the step at once.
        reached = x[negative] / np.maximum(x[negative] - aim[negative], np.finfo(float).tiny)
        x = np.maximum(x + reached.min() * (aim - x), 0.0)
        passive = passive.copy()
        passive[negative[reached <= reached.min()]] = False
        x[~passive] = 0.0


def _no_end_error(
    max_iterations: int, tolerance: float, violated: Bool[np.ndarray, "params"]
) -> exc.InversionException:
    return exc.InversionException(
        f"positive-only solver: no solution after {max_iterations} iterations with {len(violated)} parameters and "
        f"relative tolerance {tolerance} ({int(violated.sum())} conditions broken); raise Settings.nnls_max_iter or "
        "Settings.nnls_solver_tol"
    )


def guess_from(
    factor: Float[np.ndarray, "params params"], vector: Float[np.ndarray, "params"], tolerance: float
) -> Bool[np.ndarray, "params"]:
    """A first guess of which parameters are positive, as bools of shape (params,); mostly it is right.

    The same iteration from the unconstrained solution, with the zero parameters enforced through their Lagrange
    multipliers: it needs one column of L^-1 for each of them, and no factorization but the given one. It stops early
    where many parameters are zero, for which a factorization of the rest is cheaper.

    Parameters
    ----------
    factor
        The lower Cholesky factor L of the matrix, in Fortran order.
    """
    blas, lapack = blas_and_lapack()

    params = len(vector)
    unconstrained, _ = lapack.dpotrs(factor, vector, lower=1)
    passive = unconstrained > 0.0
    least, left = np.int64(params + 1), np.int64(FULL_EXCHANGES)
    scale = np.max(np.abs(vector), initial=0.0)
    position = np.full(params, -1)
    columns = np.empty((params, 0), order="F")
    for _ in range(_GUESS_ITERATIONS):
        zero = np.flatnonzero(~passive)
        if zero.size > _GUESS_SHARE * params:
            break
        new = zero[position[zero] < 0]
        if new.size:
            units = np.zeros((params, new.size), order="F")
            units[new, np.arange(new.size)] = 1.0
            position[new] = columns.shape[1] + np.arange(new.size)
            columns = np.asfortranarray(np.hstack((columns, blas.dtrsm(1.0, factor, units, lower=1, overwrite_b=1))))
        used = columns[:, position[zero]]
        gradient = np.zeros(params)
        x = unconstrained
        if zero.size:
            inner, info = lapack.dpotrf(blas.dsyrk(1.0, used, trans=1, lower=1), lower=1, clean=0, overwrite_a=1)
            if info != 0:
                break
            multipliers, _ = lapack.dpotrs(inner, unconstrained[zero], lower=1)
            x = unconstrained - blas.dtrsv(factor, blas.dgemv(1.0, used, multipliers), lower=1, trans=1)
            gradient[zero] = -multipliers
        violated = violations(x, gradient, passive, True, tolerance, scale, np)
        if not violated.any():
            break
        passive, least, left = exchange(violated, passive, least, left, np)
    return passive


def _restricted_solution(
    matrix: Float[np.ndarray, "params params"], vector: Float[np.ndarray, "params"], passive: Bool[np.ndarray, "params"]
) -> Float[np.ndarray, "params"]:
    _, lapack = blas_and_lapack()

    x = np.zeros_like(vector)
    index = np.flatnonzero(passive)
    if index.size:
        # The transpose of a symmetric matrix in C order is the same matrix in the order that LAPACK wants.
        factor, info = lapack.dpotrf(matrix[np.ix_(index, index)].T, lower=1, clean=0, overwrite_a=1)
        if info != 0:
            raise not_positive_definite(matrix)
        x[index], _ = lapack.dpotrs(factor, vector[index], lower=1)
    return x
