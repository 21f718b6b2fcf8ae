"""The logarithm of a determinant in JAX, with a derivative that is one inverse."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.linalg import cho_solve

from autoarray._numerics.host_call import host_call
from autoarray._numerics.lapack import blas_and_lapack


def log_det_from(matrix: Any) -> Any:
    """The natural logarithm of the determinant of a symmetric matrix; NaN if it is not positive definite."""
    return _log_det(matrix)


@jax.custom_jvp
def _log_det(matrix: Any) -> Any:
    return _twice_the_log(_cholesky(matrix))


@_log_det.defjvp
def _derivative(primals: Any, tangents: Any) -> Any:
    factor = _cholesky(primals[0])
    return _twice_the_log(factor), jnp.sum(_inverse(factor) * tangents[0])


def _cholesky(matrix: Any) -> Any:
    return jax.lax.linalg.cholesky(matrix, symmetrize_input=False)


def _twice_the_log(factor: Any) -> Any:
    return 2.0 * jnp.sum(jnp.log(jnp.diag(factor)))


def _inverse(factor: Any) -> Any:
    """The inverse of a matrix from its lower Cholesky factor."""

    def on_cpu(factor: Any) -> Any:
        # A third of the operations of the solution for a unit matrix, which is all that XLA has.
        return host_call(_inverse_with_lapack, jax.ShapeDtypeStruct(factor.shape, factor.dtype), factor)

    def elsewhere(factor: Any) -> Any:
        return cho_solve((factor, True), jnp.eye(factor.shape[0]))

    return jax.lax.platform_dependent(factor, cpu=on_cpu, default=elsewhere)


def _inverse_with_lapack(factor: np.ndarray) -> np.ndarray:
    _, lapack = blas_and_lapack()

    if not np.isfinite(np.diagonal(factor)).all():
        return np.full_like(factor, np.nan)
    # The transpose of the factor, which is in C order, is the upper factor in the order that LAPACK wants.
    inverse = np.triu(lapack.dpotri(factor.T, lower=0)[0])
    return inverse + np.triu(inverse, 1).T
