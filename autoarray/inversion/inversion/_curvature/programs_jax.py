"""The curvature matrix of mappers in JAX: which program forms it on which platform, and its derivative.

The platform is not known where the program is written but where it is compiled, and there JAX chooses:

- on a CPU it calls back to the sparse product of NumPy inversions (`callback_jax.py`),
- on another device it multiplies dense matrices (`dense_jax.py`),
- or, given a batch size, applies the operator to a batch of columns at a time (`batches_jax.py`).

The derivative is that of reverse mode (`jax.grad`, `jax.vjp`). It keeps nothing but the weights.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import jax

from autoarray._typing import Array
from autoarray.inversion.inversion._curvature import batches_jax, callback_jax, dense_jax
from autoarray.inversion.inversion._curvature.weights import MapperColumns, MapperSystem, MapperValues, MapperWeights

if TYPE_CHECKING:
    from jaxtyping import Float


def curvature_matrix_from(
    system: MapperSystem, weights: list[MapperWeights], batch_size: int | None = None
) -> Float[Array, "params params"]:
    """The curvature matrix of shape (params, params).

    Parameters
    ----------
    batch_size
        How many columns a device forms at once; all of them, from a dense matrix, if None.
    """
    return _compiled(system, batch_size, [w.columns for w in weights], [w.values for w in weights])


@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _curvature(
    system: MapperSystem, batch_size: int | None, columns: MapperColumns, values: MapperValues
) -> Float[Array, "params params"]:
    device: Callable[..., Array] = (
        functools.partial(dense_jax.curvature_matrix_from, system)
        if batch_size is None
        else functools.partial(batches_jax.curvature_matrix_from, system, batch_size)
    )
    on_cpu = functools.partial(callback_jax.curvature_matrix_from, system)
    return jax.lax.platform_dependent(columns, values, cpu=on_cpu, default=device)


def _forward(
    system: MapperSystem, batch_size: int | None, columns: MapperColumns, values: MapperValues
) -> tuple[Float[Array, "params params"], tuple[MapperColumns, MapperValues]]:
    return _curvature(system, batch_size, columns, values), (columns, values)


def _backward(
    system: MapperSystem,
    batch_size: int | None,
    residuals: tuple[MapperColumns, MapperValues],
    cotangent: Float[Array, "params params"],
) -> tuple[None, MapperValues]:
    return None, _compiled_gradients(system, batch_size, *residuals, cotangent)


def _gradients(
    system: MapperSystem,
    batch_size: int | None,
    columns: MapperColumns,
    values: MapperValues,
    cotangent: Float[Array, "params params"],
) -> MapperValues:
    device: Callable[..., MapperValues] = (
        functools.partial(dense_jax.gradients_from, system)
        if batch_size is None
        else functools.partial(batches_jax.gradients_from, system, batch_size)
    )
    on_cpu = functools.partial(callback_jax.gradients_from, system)
    return jax.lax.platform_dependent(columns, values, cotangent, cpu=on_cpu, default=device)


_curvature.defvjp(_forward, _backward)

# Compiled by themselves too, so that outside `jax.jit` they are traced once for equal systems.
_compiled = jax.jit(_curvature, static_argnums=(0, 1))
_compiled_gradients = jax.jit(_gradients, static_argnums=(0, 1))
