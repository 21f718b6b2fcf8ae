"""The quadratic programme of a reconstruction without negative values: min x^T Q x / 2 - q^T x for x >= 0.

Block principal pivoting (Portugal, Judice & Vicente 1994; Kim & Park 2011): guess which parameters are positive, solve
for those alone, and exchange every parameter that breaks the optimality conditions.

The exchanges stop making progress for parameters that can all but replace each other, such as the dozens of Gaussians
of nearly one width that describe the light of a lens galaxy. These few are the border of the matrix. For every guess
about the others, the mesh pixels, an active set method solves the problem of the border exactly, whose matrix is the
Schur complement of the mesh pixels (`bordered.py`, `active_set.py`). Then the exchanges of the mesh pixels end as they
do without a border. Parameters that they do not settle join the border, so that the iteration ends for every matrix.

Most of the guess comes from a few steps along the projected gradient (`projected_gradient.py`). The solution depends on
it by rounding only, for the final set has to fulfil the optimality conditions of the whole matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics.blas_threads import one_blas_thread
from autoarray._numerics.cholesky import cholesky_of_part
from autoarray._numerics.lapack import blas_and_lapack
from autoarray._typing import ArrayT, Namespace
from autoarray.inversion.inversion._nnls import active_set
from autoarray.inversion.inversion._nnls.bordered import BorderedSystem
from autoarray.inversion.inversion._nnls.projected_gradient import guess_from

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

# After so many exchanges the parameters that still break the conditions join the border.
EXCHANGES = 20
# If more than one in so many positive parameters would leave, only those leave that are negative by more than the
# lowest one over this number: most of the others become positive without them.
_LEAVING_SHARE = 10


@one_blas_thread()
def solve(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    allowed: Bool[np.ndarray, "params"],
    tolerance: float,
    max_iterations: int,
    border: Bool[np.ndarray, "params"] | None = None,
    guess: Bool[np.ndarray, "params"] | None = None,
    factor: Float[np.ndarray, "guess guess"] | None = None,
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
    border
        Which parameters are few and can all but replace each other, as bools of shape (params,); none if None.
    guess
        Which of the others are guessed to be positive, as bools of shape (params,); that of `guess_from` if None.
    factor
        The factor that `cholesky_from` returns of the rows and columns of the guess, after a factorization of all
        parameters outside of the border. If None, both are computed.

    Raises
    ------
    InversionException
        If the matrix is not positive definite, or the iteration does not end.
    """
    blas, _ = blas_and_lapack()

    border = np.zeros_like(allowed) if border is None else border & allowed
    inner = allowed & ~border
    if guess is None:
        guess = guess_from(matrix, vector, allowed, border, tolerance, max_iterations)
    if factor is None:
        factor = leading_factor_from(cholesky_of_part(matrix, order_from(guess, inner)), guess)
    passive, system = guess, BorderedSystem(matrix, vector, guess, border, factor)
    scale = np.max(np.abs(vector), initial=0.0)
    violated = inner
    for iteration in range(max_iterations):
        x = system.solution_for(passive, tolerance, max_iterations)
        gradient = blas.dsymv(1.0, matrix.T, x) - vector
        violated = violations(x, gradient, passive, inner, tolerance, scale, np)
        if not violated.any():
            return np.maximum(x, 0.0)
        if iteration < EXCHANGES:
            passive = passive ^ exchanged(x, violated, passive, np)
            if system.is_cheaper_anew(passive):
                system = BorderedSystem(matrix, vector, passive, border)
        else:
            border, inner, passive = border | violated, inner & ~violated, passive & ~violated
            system = BorderedSystem(matrix, vector, passive, border)
    raise active_set.no_end_error(max_iterations, tolerance, violated.size, int(violated.sum()))


def order_from(guess: Bool[np.ndarray, "params"], inner: Bool[np.ndarray, "params"]) -> Int[np.ndarray, "inner"]:
    """The parameters of `inner`, those of the guess first."""
    return np.concatenate((np.flatnonzero(guess), np.flatnonzero(inner & ~guess)))


def leading_factor_from(
    factor: Float[np.ndarray, "params params"], guess: Bool[np.ndarray, "params"]
) -> Float[np.ndarray, "guess guess"]:
    """The Cholesky factor of the first parameters, as many as the guess has: a part of that of all."""
    size = int(guess.sum())
    return factor[:size, :size]


def exchanged(
    x: Float[ArrayT, "params"], violated: Bool[ArrayT, "params"], passive: Bool[ArrayT, "params"], xp: Namespace
) -> Bool[ArrayT, "params"]:
    """Which parameters are exchanged, of those that break the optimality conditions."""
    leaving, joining = violated & passive, violated & ~passive
    few = leaving.sum() * _LEAVING_SHARE <= passive.sum()
    return joining | (leaving & (few | (x <= xp.min(x) / _LEAVING_SHARE)))


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
