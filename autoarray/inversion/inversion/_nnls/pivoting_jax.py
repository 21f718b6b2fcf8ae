"""The quadratic programme of `pivoting.py`, and the determinant of its matrix, in JAX.

Both come from one factorization. On a CPU the program calls back to the solver of NumPy inversions. On another device
loops do the same (`exchanges_jax.py`). The derivatives are the same for both: the implicit one of the solution for the
positive parameters, and that of the logarithm of the determinant, which is the inverse of the matrix.
"""

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
from autoarray._numerics.cholesky import cholesky_of_part, inverse_of_part_from
from autoarray._numerics.host_call import host_call
from autoarray.inversion.inversion._nnls import active_set, exchanges_jax, pivoting
from autoarray.inversion.inversion._nnls.projected_gradient import guess_from

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

# The matrix, the vector, and which parameters are allowed, and are factorized.
_Arguments: TypeAlias = "tuple[Array, Array, Array, Array]"
# The parameters of the border, the relative tolerance, and the largest number of iterations.
_Options: TypeAlias = "tuple[tuple[int, ...], float, int]"


def solve(
    matrix: Float[ArrayLike, "params params"],
    vector: Float[ArrayLike, "params"],
    allowed: Bool[ArrayLike, "params"],
    tolerance: float,
    max_iterations: int,
    border: Bool[np.ndarray, "params"] | None = None,
) -> Float[Array, "params"]:
    """The positive-only solution, of shape (params,).

    The set of positive parameters is searched for with values that carry no derivative.

    Parameters
    ----------
    matrix, vector
        Q, positive definite, of shape (params, params), and q, of shape (params,).
    allowed
        Which parameters are solved for at all, as bools of shape (params,).
    border
        Which parameters are few and can all but replace each other, as NumPy bools of shape (params,); none if None.

    Returns
    -------
    array
        The solution, or NaN if the matrix is not positive definite or the iteration did not end.
    """
    allowed = jnp.asarray(allowed)
    outside = np.ones(allowed.shape, dtype=bool) if border is None else ~border
    options = _options_from(outside, tolerance, max_iterations)
    return _compiled(options, jnp.asarray(matrix), jnp.asarray(vector), allowed, allowed & outside)[0]


def solution_and_log_det_from(
    matrix: Float[ArrayLike, "params params"],
    vector: Float[ArrayLike, "params"],
    allowed: Bool[ArrayLike, "params"],
    tolerance: float,
    max_iterations: int,
    border: Bool[np.ndarray, "params"],
) -> tuple[Float[Array, "params"], Float[Array, ""]]:
    """The solution of `solve`, and the natural logarithm of a determinant.

    It is that of the rows and columns of all parameters outside of the border, or NaN if these are not positive
    definite.
    """
    options = _options_from(~border, tolerance, max_iterations)
    arrays = (jnp.asarray(array) for array in (matrix, vector, allowed, ~border))
    return _compiled(options, *arrays)


def _options_from(outside: Bool[np.ndarray, "params"], tolerance: float, max_iterations: int) -> _Options:
    return tuple(np.flatnonzero(~outside).tolist()), tolerance, max_iterations


# ---------------------------------------------------------------------- the derivatives


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _solution_and_log_det(
    options: _Options,
    matrix: Float[Array, "params params"],
    vector: Float[Array, "params"],
    allowed: Bool[Array, "params"],
    factored: Bool[Array, "params"],
) -> tuple[Float[Array, "params"], Float[Array, ""]]:
    x, log_det, _ = _by_platform(options, False, matrix, vector, allowed, factored)
    return x, log_det


@_solution_and_log_det.defjvp
def _derivative(
    options: _Options, primals: _Arguments, tangents: _Arguments
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    (*values, _), (*changes, _) = _along(options, primals, tangents)
    return tuple(values), tuple(changes)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _with_inverse(
    options: _Options,
    matrix: Float[Array, "params params"],
    vector: Float[Array, "params"],
    allowed: Bool[Array, "params"],
    factored: Bool[Array, "params"],
) -> tuple[Float[Array, "params"], Float[Array, ""], Float[Array, "params params"]]:
    """The solution, the logarithm, and the inverse of what is factorized, with zeros in all other rows and columns."""
    return _by_platform(options, True, matrix, vector, allowed, factored)


@_with_inverse.defjvp
def _along(
    options: _Options, primals: _Arguments, tangents: _Arguments
) -> tuple[tuple[Array, Array, Array], tuple[Array, Array, Array]]:
    matrix, vector, allowed, factored = primals
    matrix_change, vector_change, *_ = tangents
    x, log_det, inverse = _with_inverse(options, matrix, vector, allowed, factored)
    positive = x > 0.0
    change = _positive_solution(matrix, vector_change - matrix_change @ x, positive)
    change = jnp.where(positive, change, jnp.where(jnp.isnan(x), x, 0.0))
    log_det_change = jnp.sum(inverse * matrix_change)
    return (x, log_det, inverse), (change, log_det_change, -inverse @ matrix_change @ inverse)


def _positive_solution(
    matrix: Float[Array, "params params"], vector: Float[Array, "params"], positive: Bool[Array, "params"]
) -> Float[Array, "params"]:
    """The solution for the positive parameters, with zeros for the others, in every mode of differentiation."""
    share = jnp.where(positive, 1.0, 0.0)

    def product(x: Float[Array, "params"]) -> Float[Array, "params"]:
        return share * (matrix @ (share * x)) + (1.0 - share) * x

    def solution(_: object, right: Float[Array, "params"]) -> Float[Array, "params"]:
        def on_cpu(matrix: Array, right: Array, positive: Array) -> Array:
            shape = jax.ShapeDtypeStruct(right.shape, right.dtype)
            return host_call(_positive_solution_with_lapack, shape, matrix, right, positive)

        return jax.lax.platform_dependent(
            jax.lax.stop_gradient(matrix), right, positive, cpu=on_cpu, default=exchanges_jax.masked_solution_from
        )

    return jax.lax.custom_linear_solve(product, share * vector, solution, symmetric=True)


_compiled = jax.jit(_solution_and_log_det, static_argnums=0)


# ---------------------------------------------------------------------- the programs


def _by_platform(
    options: _Options, is_inverse: bool, matrix: Array, vector: Array, allowed: Array, factored: Array
) -> tuple[Array, Array, Array]:
    """The solution, the logarithm of the determinant, and the inverse, or an empty matrix unless it is asked for."""
    size = matrix.shape[0] if is_inverse else 0
    shapes = [jax.ShapeDtypeStruct(shape, vector.dtype) for shape in (vector.shape, (), (size, size))]

    def on_cpu(*arguments: Array) -> list[Array]:
        return host_call(functools.partial(_with_lapack, options, is_inverse), shapes, *arguments)

    def elsewhere(*arguments: Array) -> list[Array]:
        return list(_with_loops(options, is_inverse, *arguments))

    x, log_det, inverse = jax.lax.platform_dependent(matrix, vector, allowed, factored, cpu=on_cpu, default=elsewhere)
    return x, log_det, inverse


def _with_loops(
    options: _Options, is_inverse: bool, matrix: Array, vector: Array, allowed: Array, factored: Array
) -> tuple[Array, Array, Array]:
    x, factor = exchanges_jax.solve(matrix, vector, allowed, factored, *options)
    log_det = 2.0 * jnp.sum(jnp.log(jnp.diag(factor)))
    if not is_inverse:
        return x, log_det, jnp.zeros((0, 0), vector.dtype)
    inverse = cho_solve((factor, True), jnp.diag(jnp.where(factored, 1.0, 0.0)))
    return x, log_det, (inverse + inverse.T) / 2.0


def _with_lapack(
    options: _Options,
    is_inverse: bool,
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    allowed: Bool[np.ndarray, "params"],
    factored: Bool[np.ndarray, "params"],
) -> list[Float[np.ndarray, "..."]]:
    few, tolerance, max_iterations = options
    border = np.zeros_like(allowed)
    border[list(few)] = True
    nothing = np.full(vector.shape, np.nan)
    no_inverse = np.full(matrix.shape if is_inverse else (0, 0), np.nan)
    with np.errstate(all="ignore"):
        is_finite = np.isfinite(matrix.sum()) and np.isfinite(vector).all()
    if not is_finite:
        return [nothing, np.array(np.nan), no_inverse]
    try:
        guess = guess_from(matrix, vector, allowed, border, tolerance, max_iterations)
        order = pivoting.order_from(guess, factored)
        factor = cholesky_of_part(matrix, order)
    except exc.InversionException:
        return [nothing, np.array(np.nan), no_inverse]
    log_det = 2.0 * np.sum(np.log(np.diagonal(factor)))
    leading = pivoting.leading_factor_from(factor, guess)
    try:
        x = pivoting.solve(matrix, vector, allowed, tolerance, max_iterations, border, guess, leading)
    except exc.InversionException:
        x = nothing
    # Last, for it overwrites the factor.
    return [x, log_det, inverse_of_part_from(factor, order, len(vector)) if is_inverse else no_inverse]


def _positive_solution_with_lapack(
    matrix: Float[np.ndarray, "params params"],
    right: Float[np.ndarray, "params"],
    positive: Bool[np.ndarray, "params"],
) -> Float[np.ndarray, "params"]:
    try:
        return active_set.restricted_solution(matrix, right, positive)
    except exc.InversionException:
        return np.full(right.shape, np.nan)
