"""The quadratic programme of `pivoting.py` with static shapes, for `jax.jit`, `jax.grad` and `jax.vmap`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.linalg import cho_solve
from jax.typing import ArrayLike

from autoarray import exc
from autoarray._numerics.host_call import host_call
from autoarray.inversion.inversion._nnls import pivoting

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

# What a loop carries from step to step.
_State: TypeAlias = tuple[Array, ...]


def solve(
    matrix: Float[ArrayLike, "params params"],
    vector: Float[ArrayLike, "params"],
    allowed: Bool[ArrayLike, "params"],
    tolerance: float,
    max_iterations: int,
    border: Bool[ArrayLike, "params"] | None = None,
) -> Float[Array, "params"]:
    """The positive-only solution, of shape (params,).

    The set of positive parameters is searched for with values that carry no derivative. On a CPU the solver of NumPy
    does it; on another device a loop takes the other parameters out of the system by unit rows and columns. The
    derivative is the implicit one of the solution for the positive parameters.

    Parameters
    ----------
    matrix, vector
        Q, positive definite, of shape (params, params), and q, of shape (params,).
    allowed
        Which parameters are solved for at all, as bools of shape (params,).
    border
        Which parameters are few and can all but replace each other, as bools of shape (params,); none if None. Only
        the solver of a CPU makes use of it.

    Returns
    -------
    array
        The solution, or NaN if the matrix is not positive definite or the iteration did not end.
    """
    border = jnp.zeros_like(allowed, dtype=bool) if border is None else jnp.asarray(border)
    return _compiled(matrix, vector, jnp.asarray(allowed), border, tolerance, max_iterations)


@functools.partial(jax.custom_jvp, nondiff_argnums=(4, 5))
def _solution(
    matrix: Float[Array, "params params"],
    vector: Float[Array, "params"],
    allowed: Bool[Array, "params"],
    border: Bool[Array, "params"],
    tolerance: float,
    max_iterations: int,
) -> Float[Array, "params"]:
    def on_cpu(matrix: Array, vector: Array, allowed: Array, border: Array) -> Array:
        solve = functools.partial(_with_lapack, tolerance=tolerance, max_iterations=max_iterations)
        return host_call(solve, jax.ShapeDtypeStruct(vector.shape, vector.dtype), matrix, vector, allowed, border)

    def elsewhere(matrix: Array, vector: Array, allowed: Array, border: Array) -> Array:
        return _in_a_loop(matrix, vector, allowed, tolerance, max_iterations)

    return jax.lax.platform_dependent(matrix, vector, allowed, border, cpu=on_cpu, default=elsewhere)


@_solution.defjvp
def _derivative(
    tolerance: float,
    max_iterations: int,
    primals: tuple[Float[Array, "params params"], Float[Array, "params"], Bool[Array, "params"], Bool[Array, "params"]],
    tangents: tuple[Float[Array, "params params"], Float[Array, "params"], Array, Array],
) -> tuple[Float[Array, "params"], Float[Array, "params"]]:
    matrix, vector, allowed, border = primals
    matrix_change, vector_change, *_ = tangents
    x = _solution(matrix, vector, allowed, border, tolerance, max_iterations)
    positive = x > 0.0
    change = _masked_solution(matrix, vector_change - matrix_change @ x, positive)
    return x, jnp.where(positive, change, jnp.where(jnp.isnan(x), x, 0.0))


_compiled = jax.jit(_solution, static_argnums=(4, 5))


def _with_lapack(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    allowed: Bool[np.ndarray, "params"],
    border: Bool[np.ndarray, "params"],
    tolerance: float,
    max_iterations: int,
) -> Float[np.ndarray, "params"]:
    if not (np.isfinite(matrix).all() and np.isfinite(vector).all()):
        return np.full(vector.shape, np.nan)
    try:
        return pivoting.solve(matrix, vector, allowed, tolerance, max_iterations, border)
    except exc.InversionException:
        return np.full(vector.shape, np.nan)


def _in_a_loop(
    matrix: Float[Array, "params params"],
    vector: Float[Array, "params"],
    allowed: Bool[Array, "params"],
    tolerance: float,
    max_iterations: int,
) -> Float[Array, "params"]:
    scale = jnp.max(jnp.abs(vector))

    def trial(passive: Bool[Array, "params"]) -> tuple[Float[Array, "params"], Bool[Array, "params"]]:
        x = _masked_solution(matrix, vector, passive)
        gradient = matrix @ x - vector
        return x, pivoting.violations(x, gradient, passive, allowed, tolerance, scale, jnp)

    def is_unfinished(state: _State) -> Array:
        _, _, violated, least, left, iteration = state
        stalled = (left == 0) & (violated.sum() >= least)
        return violated.any() & ~stalled & (iteration < max_iterations)

    def step(state: _State) -> _State:
        passive, _, violated, least, left, iteration = state
        passive, least, left = pivoting.exchange(violated, passive, least, left, jnp)
        return passive, *trial(passive), least, left, iteration + 1

    unconstrained = _masked_solution(matrix, vector, allowed)
    start = allowed & (unconstrained > 0.0)
    least, left = jnp.asarray(vector.shape[0] + 1), jnp.asarray(pivoting.FULL_EXCHANGES)
    state = (start, *trial(start), least, left, jnp.asarray(0))
    passive, x, violated, _, _, iteration = jax.lax.while_loop(is_unfinished, step, state)
    stalled = violated.any() & (iteration < max_iterations)
    feasible, ended = _feasible_in_a_loop(matrix, vector, allowed, passive, stalled, tolerance, max_iterations)
    x = jnp.where(stalled, feasible, x)
    failed = jnp.where(stalled, ~ended, violated.any()) | ~jnp.isfinite(unconstrained).all()
    return jnp.where(failed, jnp.nan, jnp.where(x > 0.0, x, 0.0))


def _feasible_in_a_loop(
    matrix: Float[Array, "params params"],
    vector: Float[Array, "params"],
    allowed: Bool[Array, "params"],
    passive: Bool[Array, "params"],
    wanted: Bool[Array, ""],
    tolerance: float,
    max_iterations: int,
) -> tuple[Float[Array, "params"], Bool[Array, ""]]:
    """As `active_set.solve`, each step of which is one of this loop; and whether it ended.

    Nothing is done unless it is `wanted`.
    """
    scale, diagonal = jnp.max(jnp.abs(vector)), jnp.sqrt(jnp.diag(matrix))
    nobody = jnp.zeros_like(passive)

    def is_unfinished(state: _State) -> Array:
        return ~state[5] & (state[6] < max_iterations)

    def step(state: _State) -> _State:
        x, passive, lowest, refused, freed, _, iteration = state
        aim = _masked_solution(matrix, vector, passive)
        negative = passive & (aim <= 0.0)
        reached = jnp.where(negative, x / jnp.maximum(x - aim, jnp.finfo(x.dtype).tiny), jnp.inf)
        kept = passive & (reached > reached.min())
        on_the_way = jnp.where(kept, jnp.maximum(x + reached.min() * (aim - x), 0.0), 0.0)

        gradient = matrix @ aim - vector
        value = 0.5 * (aim @ gradient - aim @ vector)
        lower = value < lowest
        refused_then = jnp.where(lower, nobody, refused | (freed & (freed.sum() == 1)))
        violated = allowed & ~passive & ~refused_then & (gradient < -tolerance * scale)
        steepest = jnp.argmin(jnp.where(violated, gradient / diagonal, jnp.inf))
        freed_then = violated & (lower | (jnp.arange(x.shape[0]) == steepest))

        there = (aim, passive | freed_then, jnp.minimum(value, lowest), refused_then, freed_then, ~violated.any(), 1)
        between = (on_the_way, kept, lowest, refused, freed, jnp.asarray(False), 0)
        *after, steps = (jnp.where(negative.any(), a, b) for a, b in zip(between, there, strict=True))
        return (*after, iteration + steps)

    lowest = jnp.asarray(jnp.inf, vector.dtype)
    state = (jnp.zeros_like(vector), passive, lowest, nobody, passive, ~wanted, jnp.asarray(0))
    x, *_, ended, _ = jax.lax.while_loop(is_unfinished, step, state)
    return x, ended


def _masked_solution(
    matrix: Float[Array, "params params"], vector: Float[Array, "params"], passive: Bool[Array, "params"]
) -> Float[Array, "params"]:
    system = jnp.where(passive[:, None] & passive[None, :], matrix, jnp.diag(jnp.where(passive, 0.0, 1.0)))
    factor = jax.lax.linalg.cholesky(system, symmetrize_input=False)
    return cho_solve((factor, True), jnp.where(passive, vector, 0.0))
