"""The curvature matrix of mappers in JAX: which program forms it on which platform, and its derivative.

The platform is not known where the program is written but where it is compiled, and there JAX chooses:

- on a CPU it calls back to the sparse product of NumPy inversions (`callback_jax.py`),
- on another device it multiplies dense matrices (`dense_jax.py`),
- or, given a batch size, applies the operator to a batch of columns at a time (`batches_jax.py`).

The derivatives are those of `trilinear_jax.py`, in forward and in reverse mode and of any order. Reverse mode
(`jax.grad`, `jax.vjp`) keeps nothing but the weights.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jax

from autoarray._typing import Array
from autoarray.inversion.inversion._curvature import batches_jax, callback_jax, dense_jax, trilinear_jax
from autoarray.inversion.inversion._curvature.weights import MapperColumns, MapperSystem, MapperValues, MapperWeights

if TYPE_CHECKING:
    from jaxtyping import Float


def curvature_matrix_from(
    system: MapperSystem,
    weights: list[MapperWeights],
    batch_size: int | None = None,
    images: Float[Array, "data_pixels functions"] | None = None,
) -> Float[Array, "params params"]:
    """The curvature matrix of shape (params, params).

    Parameters
    ----------
    images
        The images of the system's functions after the PSF, of shape (data_pixels, functions), or None.
    batch_size
        How many columns a device forms at once; all of them, from a dense matrix, if None.
    """
    values = [w.values for w in weights]
    if images is not None:
        values.append(images)
    return _compiled(system, batch_size, [w.columns for w in weights], values)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0, 1))
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


@_curvature.defjvp
def _derivative(
    system: MapperSystem,
    batch_size: int | None,
    primals: tuple[MapperColumns, MapperValues],
    tangents: tuple[Any, MapperValues],
) -> tuple[Float[Array, "params params"], Float[Array, "params params"]]:
    matrix = _curvature(system, batch_size, *primals)
    return matrix, trilinear_jax.curvature_change_from(system, batch_size, *primals, tangents[1])


# Compiled by itself too, so that outside `jax.jit` it is traced once for equal systems.
_compiled = jax.jit(_curvature, static_argnums=(0, 1))
