"""The logarithm of a determinant in JAX, with a derivative that is one inverse."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.linalg import cho_solve, solve_triangular

from autoarray._numerics.host_call import host_call
from autoarray._numerics.lapack import blas_and_lapack
from autoarray._numerics.log_det import log_det_of_factor_from
from autoarray._typing import Array

if TYPE_CHECKING:
    from jaxtyping import Float


def log_det_from(matrix: Float[Array, "params params"], is_nearly_singular: bool = False) -> Float[jax.Array, ""]:
    """The natural logarithm of the determinant of a symmetric matrix; NaN if it is not positive definite.

    `is_nearly_singular` is that of `cholesky.log_det_from`.
    """
    return _value_and_factor(matrix, is_nearly_singular)[0]


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _value_and_factor(
    matrix: Float[jax.Array, "params params"], is_nearly_singular: bool
) -> tuple[Float[jax.Array, ""], Float[jax.Array, "params params"]]:
    """The logarithm and the Cholesky factor, of which the first alone has a derivative."""
    factor = jax.lax.linalg.cholesky(matrix, symmetrize_input=False)
    if not is_nearly_singular:
        return 2.0 * jnp.sum(jnp.log(jnp.diag(factor))), factor
    # The matrix of a regularization on a rectangular mesh is a constant of the program, of which XLA would form these
    # sums while it compiles, in seconds.
    matrix = jax.lax.optimization_barrier(matrix)
    sums = jnp.sum(matrix, axis=1)
    solution = solve_triangular(factor, sums, lower=True)
    return log_det_of_factor_from(matrix, sums, jnp.diag(factor), solution[-1], jnp), factor


@_value_and_factor.defjvp
def _derivative(
    is_nearly_singular: bool,
    primals: tuple[Float[jax.Array, "params params"]],
    tangents: tuple[Float[jax.Array, "params params"]],
) -> tuple[tuple[jax.Array, jax.Array], tuple[jax.Array, jax.Array]]:
    value, factor = _value_and_factor(primals[0], is_nearly_singular)
    return (value, factor), (jnp.sum(_inverse(primals[0], factor) * tangents[0]), jnp.zeros_like(factor))


@jax.custom_jvp
def _inverse(
    matrix: Float[jax.Array, "params params"], factor: Float[jax.Array, "params params"]
) -> Float[jax.Array, "params params"]:
    """The inverse of a matrix, computed from its lower Cholesky factor."""
    del matrix  # which only the derivative needs

    def on_cpu(factor: jax.Array) -> jax.Array:
        # A third of the operations of the solution for a unit matrix, which is all that XLA has.
        return host_call(_inverse_with_lapack, jax.ShapeDtypeStruct(factor.shape, factor.dtype), factor)

    def elsewhere(factor: jax.Array) -> jax.Array:
        return cho_solve((factor, True), jnp.eye(factor.shape[0]))

    return jax.lax.platform_dependent(factor, cpu=on_cpu, default=elsewhere)


@_inverse.defjvp
def _change_of_inverse(
    primals: tuple[jax.Array, jax.Array], tangents: tuple[jax.Array, jax.Array]
) -> tuple[Float[jax.Array, "params params"], Float[jax.Array, "params params"]]:
    inverse = _inverse(*primals)
    return inverse, -inverse @ tangents[0] @ inverse


def _inverse_with_lapack(factor: Float[np.ndarray, "params params"]) -> Float[np.ndarray, "params params"]:
    _, lapack = blas_and_lapack()

    if not np.isfinite(np.diagonal(factor)).all():
        return np.full_like(factor, np.nan)
    # The transpose of the factor, which is in C order, is the upper factor in the order that LAPACK wants.
    inverse = np.triu(lapack.dpotri(factor.T, lower=0)[0])
    return inverse + np.triu(inverse, 1).T
