"""The positive-only solver of devices: the exchanges of `pivoting.py` with static shapes, as loops of a JAX program.

The parameters that are not positive are taken out of the system by unit rows and columns. The first factor is that of
all parameters outside of the border, which gives their determinant too, and the solution that the first guess is made
from. Every exchange takes one factor more; the border is solved for by its Schur complement, as `bordered.py` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.linalg import cho_solve, solve_triangular

from autoarray.inversion.inversion._nnls import pivoting

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

# What a loop carries from step to step.
_State: TypeAlias = tuple[Array, ...]


class Solution(NamedTuple):
    """The solution, and the factor that it begins with."""

    solution: Float[Array, "params"]
    """NaN if the matrix is not positive definite, or the iteration did not end."""

    factor: Float[Array, "params params"]
    """The lower Cholesky factor of the first system, which has unit rows and columns for all other parameters."""


class _Problem(NamedTuple):
    """The quadratic programme: Q and q, which parameters may be positive, and the limits of the iteration."""

    matrix: Float[Array, "params params"]
    vector: Float[Array, "params"]
    allowed: Bool[Array, "params"]
    few: np.ndarray  # the parameters of the border
    tolerance: float
    max_iterations: int

    def system_of(self, passive: Bool[Array, "params"]) -> Float[Array, "params params"]:
        """The matrix, with unit rows and columns for the parameters that are zero."""
        return masked_matrix_from(self.matrix, passive)


def solve(
    matrix: Float[Array, "params params"],
    vector: Float[Array, "params"],
    allowed: Bool[Array, "params"],
    factored: Bool[Array, "params"],
    few: tuple[int, ...],
    tolerance: float,
    max_iterations: int,
) -> Solution:
    """The positive-only solution.

    Parameters
    ----------
    matrix, vector
        Q, positive definite, of shape (params, params), and q, of shape (params,).
    allowed
        Which parameters are solved for at all, as bools of shape (params,).
    factored
        Which parameters the first factor is of: all allowed ones outside of the border, and none of the border.
    few
        The parameters of the border.
    """
    problem = _Problem(matrix, vector, allowed, np.array(few, dtype=int), tolerance, max_iterations)
    inner = allowed & _outside(problem)
    nobody = jnp.zeros(len(few), dtype=bool)
    factor = jnp.linalg.cholesky(problem.system_of(factored), symmetrize_input=False)
    first, positive = _bordered_solution(problem, factor, factored, nobody)
    scale = jnp.max(jnp.abs(vector))

    def trial(passive: Bool[Array, "params"], positive: Bool[Array, "few"]) -> _State:
        factor = jnp.linalg.cholesky(problem.system_of(passive), symmetrize_input=False)
        x, positive = _bordered_solution(problem, factor, passive, positive)
        violated = pivoting.violations(x, matrix @ x - vector, passive, inner, tolerance, scale, jnp)
        return passive, x, positive, violated

    def is_unfinished(state: _State) -> Array:
        return state[3].any() & (state[4] < min(pivoting.EXCHANGES, max_iterations))

    def step(state: _State) -> _State:
        passive, x, positive, violated, iteration = state
        return *trial(passive ^ pivoting.exchanged(x, violated, passive, jnp), positive), iteration + 1

    start = factored ^ pivoting.exchanged(first, factored & (first < 0.0), factored, jnp)
    state = (*trial(inner & start, positive), jnp.asarray(1))
    passive, x, _, violated, iteration = jax.lax.while_loop(is_unfinished, step, state)
    stalled = violated.any() & (iteration < max_iterations)
    feasible, ended = _feasible(problem, passive | (allowed & (x > 0.0)), stalled)
    x = jnp.where(stalled, feasible, x)
    failed = jnp.where(stalled, ~ended, violated.any()) | ~jnp.isfinite(first).all() | ~jnp.isfinite(x).all()
    return Solution(jnp.where(failed, jnp.nan, jnp.where(x > 0.0, x, 0.0)), factor)


def masked_matrix_from(
    matrix: Float[Array, "params params"], passive: Bool[Array, "params"]
) -> Float[Array, "params params"]:
    """The matrix, with unit rows and columns for the parameters that are zero."""
    return jnp.where(passive[:, None] & passive[None, :], matrix, jnp.diag(jnp.where(passive, 0.0, 1.0)))


def masked_solution_from(
    matrix: Float[Array, "params params"], vector: Float[Array, "params"], passive: Bool[Array, "params"]
) -> Float[Array, "params"]:
    """The solution for some parameters, with zeros for the others."""
    factor = jnp.linalg.cholesky(masked_matrix_from(matrix, passive), symmetrize_input=False)
    return cho_solve((factor, True), jnp.where(passive, vector, 0.0))


def _outside(problem: _Problem) -> Bool[np.ndarray, "params"]:
    outside = np.ones(problem.vector.shape[0], dtype=bool)
    outside[problem.few] = False
    return outside


def _bordered_solution(
    problem: _Problem,
    factor: Float[Array, "params params"],
    passive: Bool[Array, "params"],
    positive: Bool[Array, "few"],
) -> tuple[Float[Array, "params"], Bool[Array, "few"]]:
    """The minimum over some parameters, of any sign, and over those of the border that are not negative.

    Parameters
    ----------
    factor
        The factor of the system of the parameters.
    passive
        The parameters, none of the border among them.
    positive
        Which of the border are guessed to be positive.

    Returns
    -------
    tuple
        The minimum, and which of the border are positive.
    """
    few = problem.few
    vector = jnp.where(passive, problem.vector, 0.0)
    if not few.size:
        return cho_solve((factor, True), vector), positive
    columns = jnp.where(passive[:, None], problem.matrix[:, few], 0.0)
    half = solve_triangular(factor, jnp.column_stack((vector, columns)), lower=True)
    half_vector, half_columns = half[:, 0], half[:, 1:]
    schur = problem.matrix[np.ix_(few, few)] - half_columns.T @ half_columns
    right = problem.vector[few] - half_columns.T @ half_vector
    small = problem._replace(
        matrix=(schur + schur.T) / 2.0, vector=right, allowed=problem.allowed[few], few=np.zeros(0, dtype=int)
    )
    values, ended = _feasible(small, positive, jnp.asarray(True))
    values = jnp.where(ended, values, jnp.nan)
    x = solve_triangular(factor, half_vector - half_columns @ values, lower=True, trans=1)
    return x.at[few].set(values), values > 0.0


def _feasible(
    problem: _Problem, passive: Bool[Array, "params"], wanted: Bool[Array, ""]
) -> tuple[Float[Array, "params"], Bool[Array, ""]]:
    """As `active_set.solve`, each step of which is one of this loop; and whether it ended.

    Nothing is done unless it is `wanted`.
    """
    matrix, vector, allowed = problem.matrix, problem.vector, problem.allowed
    scale, diagonal = jnp.max(jnp.abs(vector)), jnp.sqrt(jnp.diag(matrix))
    nobody = jnp.zeros_like(passive)

    def is_unfinished(state: _State) -> Array:
        return ~state[5] & (state[6] < problem.max_iterations)

    def step(state: _State) -> _State:
        x, passive, lowest, refused, freed, _, iteration = state
        aim = masked_solution_from(matrix, vector, passive)
        negative = passive & (aim <= 0.0)
        reached = jnp.where(negative, x / jnp.maximum(x - aim, jnp.finfo(x.dtype).tiny), jnp.inf)
        kept = passive & (reached > reached.min())
        on_the_way = jnp.where(kept, jnp.maximum(x + reached.min() * (aim - x), 0.0), 0.0)

        gradient = matrix @ aim - vector
        value = 0.5 * (aim @ gradient - aim @ vector)
        lower = value < lowest
        refused_then = jnp.where(lower, nobody, refused | (freed & (freed.sum() == 1)))
        violated = allowed & ~passive & ~refused_then & (gradient < -problem.tolerance * scale)
        steepest = jnp.argmin(jnp.where(violated, gradient / diagonal, jnp.inf))
        freed_then = violated & (lower | (jnp.arange(x.shape[0]) == steepest))

        there = (aim, passive | freed_then, jnp.minimum(value, lowest), refused_then, freed_then, ~violated.any(), 1)
        between = (on_the_way, kept, lowest, refused, freed, jnp.asarray(False), 0)
        *after, steps = (jnp.where(negative.any(), a, b) for a, b in zip(between, there, strict=True))
        return (*after, iteration + steps)

    lowest = jnp.asarray(jnp.inf, vector.dtype)
    state = (jnp.zeros_like(vector), passive & allowed, lowest, nobody, passive & allowed, ~wanted, jnp.asarray(0))
    x, *_, ended, _ = jax.lax.while_loop(is_unfinished, step, state)
    return x, ended
