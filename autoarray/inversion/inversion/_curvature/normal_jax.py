"""The linear system of an inversion of visibilities in JAX: on a CPU by calls to NumPy, elsewhere by transforms.

The curvature matrix is quadratic in the weights of its mappers, so that its derivatives are those of a multilinear form
(see `multilinear_jax.py`), in forward and reverse mode and of any order.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from autoarray._backend import as_array
from autoarray._numerics.host_call import host_call
from autoarray._numerics.multilinear_jax import MultilinearForm, derivative_from
from autoarray._typing import Array
from autoarray.inversion.inversion._curvature import batches_jax
from autoarray.inversion.inversion._curvature.normal_mappers import NormalMappers
from autoarray.inversion.inversion._curvature.weights import (
    MapperColumns,
    MapperSystem,
    MapperValues,
    MapperWeights,
    is_interpolated,
    weights_and_images_from,
    weights_from,
)
from autoarray.inversion.mappers.abstract import Mapper

if TYPE_CHECKING:
    from jaxtyping import Float

    from autoarray.inversion.inversion._curvature.normal_system import NormalSystem


def _weights(system: NormalSystem) -> tuple[tuple[np.ndarray, ...], list[MapperWeights]]:
    """The data pixel of each sub-pixel, and the weights times the primary beam, of every interpolated mapper."""
    slims, weights = [], []
    for linear_obj, (start, _) in zip(system.linear_obj_list, system.ranges, strict=True):
        if isinstance(linear_obj, Mapper) and is_interpolated(linear_obj):
            slim = linear_obj.slim_index_for_sub_slim_index
            columns, values = weights_from(linear_obj, start, jnp)
            if system.primary_beam_slim is not None:
                values = values * as_array(system.primary_beam_slim[slim], jnp)[:, None]
            slims.append(slim)
            # Meshes index their pixels with integers of their own.
            weights.append(MapperWeights(columns.astype(np.int32), values))
    return tuple(slims), weights


def _mappers(system: NormalSystem, slims: tuple[np.ndarray, ...]) -> NormalMappers:
    functions = None if system._functions is None else system._functions[0]
    mapper_system = MapperSystem(
        slims=slims,
        params=system.ranges[-1][1],
        psf=None,
        mask=system.mask,
        noise_map=np.ones(system.mask.pixels_in_mask),
        single_precision=False,
        functions=functions,
    )
    return NormalMappers(mapper_system, system.normal, system._box, system.batch_size)


def transposed_product_from(system: NormalSystem, image: Float[Array, "data_pixels"]) -> Float[Array, "params"]:
    """A^T times an image that is multiplied with the primary beam already; zero for functions."""
    product = jnp.zeros(system.ranges[-1][1])
    for linear_obj, (start, _) in zip(system.linear_obj_list, system.ranges, strict=True):
        if isinstance(linear_obj, Mapper) and is_interpolated(linear_obj):
            columns, values = weights_from(linear_obj, start, jnp)
            product = product.at[columns].add(values * image[linear_obj.slim_index_for_sub_slim_index][:, None])
    return product


def curvature_matrix_from(system: NormalSystem) -> Float[Array, "params params"]:
    """The curvature matrix, of shape (params, params)."""
    slims, weights = _weights(system)
    values = [w.values for w in weights]
    if system._functions is not None:
        values.append(jnp.asarray(system._functions[1]))
    return _compiled(_mappers(system, slims), [w.columns for w in weights], values)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _curvature(mappers: NormalMappers, columns: MapperColumns, values: MapperValues) -> Any:
    size = mappers.system.params

    def on_cpu(columns: MapperColumns, values: MapperValues) -> Any:
        return host_call(
            lambda c, v: mappers.curvature_matrix_from(*weights_and_images_from(c, v)),
            jax.ShapeDtypeStruct((size, size), np.float64),
            columns,
            values,
        )

    def elsewhere(columns: MapperColumns, values: MapperValues) -> Any:
        product = _product_on_device(mappers, columns, values, values)
        return (product + product.T) / 2.0

    return jax.lax.platform_dependent(columns, values, cpu=on_cpu, default=elsewhere)


@_curvature.defjvp
def _derivative(mappers: NormalMappers, primals: Any, tangents: Any) -> Any:
    columns, values = primals
    matrix = [jax.ShapeDtypeStruct((mappers.system.params,) * 2, np.float64)]
    change = derivative_from(NormalForm(mappers), 2, columns, [values, tangents[1], matrix])[0]
    return _curvature(mappers, columns, values), change


_compiled = jax.jit(_curvature, static_argnums=0)


@dataclass(frozen=True)
class NormalForm(MultilinearForm):
    """T(v, w, C), the sum over entries of C times (B(v)^T W B(w) + its transpose); the columns of weights are fixed.

    Parameters
    ----------
    mappers
        What is fixed about the mappers.
    """

    mappers: NormalMappers

    def derivative_on_host(self, index: int, fixed: Any, arguments: Sequence[Any]) -> list[Float[np.ndarray, "..."]]:
        first, second, matrix = arguments
        if index == 2:
            (weights, images), (changes, image_changes) = (weights_and_images_from(fixed, v) for v in (first, second))
            return [self.mappers.curvature_change_from(weights, changes, images, image_changes)]
        weights, images = weights_and_images_from(fixed, first or second)
        return self.mappers.gradients_from(weights, matrix[0], images)

    def derivative_on_device(self, index: int, fixed: Any, arguments: Sequence[Any]) -> list[Float[Array, "..."]]:
        first, second, matrix = arguments
        if index == 2:
            product = _product_on_device(self.mappers, fixed, first, second)
            return [product + product.T]
        return _gradients_on_device(self.mappers, fixed, first or second, matrix[0])


# ---------------------------------------------------------------------- other devices than a CPU


def _applied_on_device(mappers: NormalMappers, images: Float[Array, "data_pixels images"]) -> Any:
    """W applied to images inside of the mask."""
    rows, columns = mappers.normal.shape
    box = jnp.zeros((images.shape[1], rows * columns)).at[:, mappers.box].set(images.T)
    found = mappers.normal.apply(box.reshape(-1, rows, columns), jnp)
    return found.reshape(images.shape[1], -1)[:, mappers.box].T


def _product_on_device(mappers: NormalMappers, columns: MapperColumns, left: Any, right: Any) -> Any:
    """B^T W B with other values in the two matrices."""
    system = mappers.system
    triplets, others = (batches_jax._triplets(system, columns, values) for values in (left, right))
    apply = functools.partial(_applied_on_device, mappers)
    sizes = (system.params, system.params)
    product: Any = batches_jax.product_from(apply, triplets, others, sizes, system.pixels, mappers.batch_size)
    if not system.functions.size:
        return product
    images, other_images = left[-1], right[-1]
    applied = apply(other_images)
    shared, other_shared = (
        batches_jax.transposed_product_from(mapping, functions, system.params)
        for mapping, functions in ((triplets, applied), (others, apply(images)))
    )
    product = product.at[:, system.functions].set(shared).at[system.functions].set(other_shared.T)
    return product.at[np.ix_(system.functions, system.functions)].set(images.T @ applied)


def _gradients_on_device(mappers: NormalMappers, columns: MapperColumns, values: Any, cotangent: Any) -> Any:
    """The entries of W B (cotangent + its transpose) where B has weights, a batch of columns at a time."""
    system = mappers.system
    triplets = batches_jax._triplets(system, columns, values)
    batches = -(-system.params // mappers.batch_size)
    symmetric = cotangent + cotangent.T
    padded = jnp.pad(symmetric, ((0, 0), (0, batches * mappers.batch_size - system.params)))

    def product_with(block: Any) -> Any:
        images = jnp.zeros((system.pixels, block.shape[1]))
        for rows, own, weights in batches_jax._parts(triplets):
            images = images.at[rows].add(weights[:, None] * block[own])
        if system.functions.size:
            images = images + values[-1] @ block[system.functions]
        return _applied_on_device(mappers, images)

    def add(batch: Any, gradients: Any) -> Any:
        start = batch * mappers.batch_size
        images = product_with(jax.lax.dynamic_slice_in_dim(padded, start, mappers.batch_size, axis=1))
        column, inside = batches_jax._in_batch(triplets[1], start, mappers.batch_size)
        return gradients + jnp.where(inside, images[triplets[0], jnp.where(inside, column, 0)], 0.0)

    gradients = jax.lax.fori_loop(0, batches, add, jnp.zeros_like(triplets[2]))
    weights = values[: len(columns)]
    parts = jnp.split(gradients, np.cumsum([v.size for v in weights])[:-1])
    found = [part.reshape(v.shape) for part, v in zip(parts, weights, strict=True)]
    return [*found, product_with(symmetric[:, system.functions])] if system.functions.size else found
