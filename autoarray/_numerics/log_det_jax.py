"""The logarithm of a determinant in JAX, with a derivative that is one inverse.

On a CPU the program calls back to the functions of NumPy mode, which make use of a narrow band.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.linalg import cho_solve, solve_triangular

from autoarray import exc
from autoarray._numerics import cholesky
from autoarray._numerics.host_call import host_call
from autoarray._numerics.log_det import log_det_of_factor_from
from autoarray._typing import Array

if TYPE_CHECKING:
    from jaxtyping import Float


def log_det_from(matrix: Float[Array, "params params"], is_nearly_singular: bool = False) -> Float[jax.Array, ""]:
    """The natural logarithm of the determinant of a symmetric matrix; NaN if it is not positive definite.

    `is_nearly_singular` is that of `cholesky.log_det_from`.
    """
    return _log_det(is_nearly_singular, matrix)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _log_det(is_nearly_singular: bool, matrix: Float[jax.Array, "params params"]) -> Float[jax.Array, ""]:
    return _by_platform(is_nearly_singular, False, matrix)[0]


@_log_det.defjvp
def _derivative(
    is_nearly_singular: bool, primals: tuple[jax.Array], tangents: tuple[jax.Array]
) -> tuple[Float[jax.Array, ""], Float[jax.Array, ""]]:
    (value, _), (change, _) = _along(is_nearly_singular, primals, tangents)
    return value, change


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _with_inverse(
    is_nearly_singular: bool, matrix: Float[jax.Array, "params params"]
) -> tuple[Float[jax.Array, ""], Float[jax.Array, "params params"]]:
    """The logarithm and the inverse."""
    return _by_platform(is_nearly_singular, True, matrix)


@_with_inverse.defjvp
def _along(
    is_nearly_singular: bool, primals: tuple[jax.Array], tangents: tuple[jax.Array]
) -> tuple[tuple[jax.Array, jax.Array], tuple[jax.Array, jax.Array]]:
    value, inverse = _with_inverse(is_nearly_singular, *primals)
    (change,) = tangents
    return (value, inverse), (jnp.sum(inverse * change), -inverse @ change @ inverse)


# ---------------------------------------------------------------------- the programs


def _by_platform(
    is_nearly_singular: bool, is_inverse: bool, matrix: Float[jax.Array, "params params"]
) -> tuple[jax.Array, jax.Array]:
    """The logarithm and the inverse, or an empty matrix unless it is asked for."""
    size = matrix.shape[0] if is_inverse else 0
    shapes = [jax.ShapeDtypeStruct(shape, matrix.dtype) for shape in ((), (size, size))]

    def on_cpu(matrix: jax.Array) -> list[jax.Array]:
        return host_call(functools.partial(_with_lapack, is_nearly_singular, is_inverse), shapes, matrix)

    def elsewhere(matrix: jax.Array) -> list[jax.Array]:
        return list(_with_xla(is_nearly_singular, is_inverse, matrix))

    value, inverse = jax.lax.platform_dependent(matrix, cpu=on_cpu, default=elsewhere)
    return value, inverse


def _with_lapack(
    is_nearly_singular: bool, is_inverse: bool, matrix: Float[np.ndarray, "params params"]
) -> list[Float[np.ndarray, "..."]]:
    try:
        value = cholesky.log_det_from(matrix, is_nearly_singular=is_nearly_singular)
        if not is_inverse:
            return [np.asarray(value), np.empty((0, 0))]
        size = matrix.shape[0]
        inverse = cholesky.inverse_of_part_from(cholesky.cholesky_from(matrix), np.arange(size), size)
    except exc.InversionException:
        return [np.array(np.nan), np.full(matrix.shape if is_inverse else (0, 0), np.nan)]
    return [np.asarray(value), inverse]


def _with_xla(
    is_nearly_singular: bool, is_inverse: bool, matrix: Float[jax.Array, "params params"]
) -> tuple[jax.Array, jax.Array]:
    factor = jax.lax.linalg.cholesky(matrix, symmetrize_input=False)
    inverse = cho_solve((factor, True), jnp.eye(matrix.shape[0])) if is_inverse else jnp.zeros((0, 0))
    if not is_nearly_singular:
        return 2.0 * jnp.sum(jnp.log(jnp.diag(factor))), inverse
    # The matrix of a regularization on a rectangular mesh is a constant of the program, of which XLA would form these
    # sums while it compiles, in seconds.
    matrix = jax.lax.optimization_barrier(matrix)
    sums = jnp.sum(matrix, axis=1)
    solution = solve_triangular(factor, sums, lower=True)
    return log_det_of_factor_from(matrix, sums, jnp.diag(factor), solution[-1], jnp), inverse
