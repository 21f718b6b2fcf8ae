"""The curvature matrix of mappers in JAX, and its derivative.

On a GPU the convolved mapping matrix is dense: a Fourier transform of every column and one matrix product. On a CPU
that takes 70 billion operations at the size of an HST image, nearly all of them on zeros, and XLA has no sparse
product to do better with; so there the program calls back to the sparse product of the NumPy inversion.

The derivative is that of reverse mode (`jax.grad`, `jax.vjp`). It keeps nothing but the weights, and computes the
convolved matrix again.
"""

from __future__ import annotations

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autoarray._numerics.host_call import host_call
from autoarray.inversion.inversion._curvature.operator import MappedOperator, Weights


def curvature_matrix_from(operator: MappedOperator, weights: list[Weights]) -> Any:
    """The curvature matrix of shape (params, params)."""
    return _compiled(operator, [w.columns for w in weights], [w.values for w in weights])


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _curvature(operator: MappedOperator, columns: list[Any], values: list[Any]) -> Any:
    return jax.lax.platform_dependent(
        columns,
        values,
        cpu=functools.partial(_sparse_curvature, operator),
        default=functools.partial(_dense_curvature, operator),
    )


def _forward(operator: MappedOperator, columns: list[Any], values: list[Any]) -> Any:
    return _curvature(operator, columns, values), (columns, values)


def _backward(operator: MappedOperator, residuals: Any, cotangent: Any) -> Any:
    return None, _compiled_gradients(operator, *residuals, cotangent)


def _gradients(operator: MappedOperator, columns: list[Any], values: list[Any], cotangent: Any) -> Any:
    return jax.lax.platform_dependent(
        columns,
        values,
        cotangent,
        cpu=functools.partial(_sparse_gradients, operator),
        default=functools.partial(_dense_gradients, operator),
    )


_curvature.defvjp(_forward, _backward)

# Compiled by themselves too, so that outside `jax.jit` they are traced once for equal operators.
_compiled = jax.jit(_curvature, static_argnums=(0,))
_compiled_gradients = jax.jit(_gradients, static_argnums=(0,))


def _sparse_curvature(operator: MappedOperator, columns: list[Any], values: list[Any]) -> Any:
    return host_call(
        lambda columns, values: operator.curvature_matrix_from(list(map(Weights, columns, values))),
        jax.ShapeDtypeStruct((operator.params, operator.params), np.float64),
        columns,
        values,
    )


def _sparse_gradients(operator: MappedOperator, columns: list[Any], values: list[Any], cotangent: Any) -> Any:
    return host_call(
        lambda columns, values, cotangent: operator.gradients_from(list(map(Weights, columns, values)), cotangent),
        [jax.ShapeDtypeStruct(v.shape, np.float64) for v in values],
        columns,
        values,
        cotangent,
    )


def _dense_curvature(operator: MappedOperator, columns: list[Any], values: list[Any]) -> Any:
    weighted = _dense_weighted(operator, columns, values)
    if operator.single_precision:
        weighted = weighted.astype(np.float32)
    return (weighted.T @ weighted).astype(np.float64)


def _dense_gradients(operator: MappedOperator, columns: list[Any], values: list[Any], cotangent: Any) -> Any:
    weighted, transposed = jax.vjp(functools.partial(_dense_weighted, operator, columns), values)
    return transposed(weighted @ (cotangent + cotangent.T))[0]


def _dense_weighted(operator: MappedOperator, columns: list[Any], values: list[Any]) -> Any:
    """The convolved mapping matrix in units of the noise, of shape (data_pixels, params)."""
    matrix = operator.dense_from(list(map(Weights, columns, values)), jnp)
    if operator.psf is not None:
        matrix = operator.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=operator.mask, xp=jnp)
    return matrix / operator.noise_map[:, None]
