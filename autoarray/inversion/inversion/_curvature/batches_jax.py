"""The curvature matrix F = A^T W A in JAX from W = P^T N^-1 P, a batch of its columns at a time.

A is the mapping matrix, given as triplets, P the convolution with the PSF and N the variances. W is never formed: it
is two convolutions, applied to the images of a batch of mesh pixels. So the memory is that of a batch, where the
convolved mapping matrix P A of all mesh pixels takes 190 MB at the size of an HST image, and its product as much again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from autoarray._typing import Array
from autoarray.inversion.inversion._curvature.noise import over_variance
from autoarray.inversion.inversion._curvature.weights import MapperColumns, MapperSystem, MapperValues

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

# Triplets that are scattered at once: each takes a row of the batch.
_TRIPLETS_AT_ONCE = 2**16

# The rows, columns and values of a mapping matrix.
Triplets: TypeAlias = "tuple[Int[Array, '_triplets'], Int[Array, '_triplets'], Float[Array, '_triplets']]"


def product_from(
    apply: Callable[[Float[Array, "data_pixels images"]], Float[Array, "data_pixels images"]],
    left: Triplets,
    right: Triplets,
    sizes: tuple[int, int],
    pixels: int,
    batch_size: int,
) -> Float[Array, "left_params right_params"]:
    """The product left^T W right, of the shape `sizes`.

    Parameters
    ----------
    apply
        W, for images of shape (pixels, batch_size).
    left, right
        Two mapping matrices.
    sizes
        Their numbers of columns.
    """

    def columns_from(start: Int[Array, ""]) -> Float[Array, "left_params batch"]:
        return transposed_product_from(left, apply(_images(right, start, pixels, batch_size)), sizes[0])

    blocks = jax.lax.map(columns_from, jnp.arange(0, sizes[1], batch_size))
    return jnp.moveaxis(blocks, 0, 1).reshape(sizes[0], -1)[:, : sizes[1]]


def _images(
    triplets: Triplets, start: Int[Array, ""], pixels: int, batch_size: int
) -> Float[Array, "data_pixels batch"]:
    """The columns of a mapping matrix from `start` on, `batch_size` of them."""
    rows, columns, values = triplets
    column, inside = _in_batch(columns, start, batch_size)
    # One past the last column, where a scatter drops what is not in the batch.
    column = jnp.where(inside, column, batch_size)
    return jnp.zeros((pixels, batch_size)).at[rows, column].add(values, mode="drop")


def _in_batch(
    columns: Int[Array, "triplets"], start: Int[Array, ""], batch_size: int
) -> tuple[Int[Array, "triplets"], Bool[Array, "triplets"]]:
    """The place of columns in the batch from `start` on, and which of them are in it."""
    column = columns - jnp.asarray(start).astype(columns.dtype)
    return column, (column >= 0) & (column < batch_size)


def transposed_product_from(
    triplets: Triplets, images: Float[Array, "data_pixels images"], size: int
) -> Float[Array, "params images"]:
    """The product of a transposed mapping matrix with images of shape (pixels, n), of shape (size, n)."""
    product = jnp.zeros((size, images.shape[1]))
    for rows, columns, values in _parts(triplets):
        product = product.at[columns].add(values[:, None] * images[rows])
    return product


def _parts(triplets: Triplets) -> list[Triplets]:
    count = triplets[0].shape[0]
    parts = [slice(start, start + _TRIPLETS_AT_ONCE) for start in range(0, count, _TRIPLETS_AT_ONCE)]
    return [(triplets[0][part], triplets[1][part], triplets[2][part]) for part in parts]


# ---------------------------------------------------------------------- the mappers of an inversion


def curvature_matrix_from(
    system: MapperSystem, batch_size: int, columns: MapperColumns, values: MapperValues
) -> Float[Array, "params params"]:
    """The curvature matrix of mappers, with the rows and columns of functions, of shape (params, params)."""
    matrix = _product_from(system, batch_size, columns, values, values)
    return (matrix + matrix.T) / 2.0


def curvature_change_from(
    system: MapperSystem, batch_size: int, columns: MapperColumns, values: MapperValues, changes: MapperValues
) -> Float[Array, "params params"]:
    """The derivative of the curvature matrix along a change of the weights, of shape (params, params)."""
    product = _product_from(system, batch_size, columns, values, changes)
    return product + product.T


def _product_from(
    system: MapperSystem, batch_size: int, columns: MapperColumns, left: MapperValues, right: MapperValues
) -> Float[Array, "params params"]:
    """B^T N^-1 B with other values in the two matrices."""
    triplets, others = (_triplets(system, columns, values) for values in (left, right))
    apply = functools.partial(_apply_precision, system)
    product = product_from(apply, triplets, others, (system.params, system.params), system.pixels, batch_size)
    if not system.functions.size:
        return product
    images, other_images = left[-1], right[-1]
    shared, other_shared = (
        transposed_product_from(mapping, _returned(system, functions), system.params)
        for mapping, functions in ((triplets, other_images), (others, images))
    )
    product = jnp.asarray(product).at[:, system.functions].set(shared).at[system.functions].set(other_shared.T)
    block = images.T @ over_variance(other_images, system.noise_map)
    return product.at[np.ix_(system.functions, system.functions)].set(block)


def gradients_from(
    system: MapperSystem,
    batch_size: int,
    columns: MapperColumns,
    values: MapperValues,
    cotangent: Float[Array, "params params"],
) -> MapperValues:
    """The derivatives of the sum of curvature matrix times cotangent, with respect to the values.

    That by a weight is the entry (its row, its column) of P^T N^-1 B (cotangent + its transpose).
    """
    triplets = _triplets(system, columns, values)
    batches = -(-system.params // batch_size)
    padding = batches * batch_size - system.params
    symmetric = cotangent + cotangent.T
    padded = jnp.pad(symmetric, ((0, 0), (0, padding)))

    def product_with(block: Float[Array, "params columns"]) -> Float[Array, "data_pixels columns"]:
        images = jnp.zeros((system.pixels, block.shape[1]))
        for rows, own, weights in _parts(triplets):
            images = images.at[rows].add(weights[:, None] * block[own])
        blurred = _blurred(system, images)
        return blurred + values[-1] @ block[system.functions] if system.functions.size else blurred

    def add(batch: Int[Array, ""], gradients: Float[Array, "triplets"]) -> Float[Array, "triplets"]:
        start = batch * batch_size
        block = jax.lax.dynamic_slice_in_dim(padded, start, batch_size, axis=1)
        images = _returned(system, product_with(block))
        column, inside = _in_batch(triplets[1], start, batch_size)
        return gradients + jnp.where(inside, images[triplets[0], jnp.where(inside, column, 0)], 0.0)

    gradients = jax.lax.fori_loop(0, batches, add, jnp.zeros_like(triplets[2]))
    weights = values[: len(columns)]
    parts = jnp.split(gradients, np.cumsum([v.size for v in weights])[:-1])
    of_weights: MapperValues = [part.reshape(v.shape) for part, v in zip(parts, weights, strict=True)]
    if not system.functions.size:
        return of_weights
    return [*of_weights, over_variance(product_with(symmetric[:, system.functions]), system.noise_map)]


def _triplets(system: MapperSystem, columns: MapperColumns, values: MapperValues) -> Triplets:
    rows = [np.repeat(slim, c.shape[1]) for slim, c in zip(system.slims, columns, strict=True)]
    return (
        jnp.asarray(np.concatenate(rows)),
        jnp.concatenate([c.reshape(-1) for c in columns]),
        jnp.concatenate([v.reshape(-1) for v in values[: len(columns)]]),
    )


def _apply_precision(
    system: MapperSystem, images: Float[Array, "data_pixels images"]
) -> Float[Array, "data_pixels images"]:
    """W applied to images."""
    return _returned(system, _blurred(system, images))


def _blurred(system: MapperSystem, images: Float[Array, "data_pixels images"]) -> Float[Array, "data_pixels images"]:
    """P applied to images."""
    if system.psf is None:
        return images
    return system.psf.convolved_mapping_matrix_from(mapping_matrix=images, mask=system.mask, xp=jnp)


def _returned(system: MapperSystem, images: Float[Array, "data_pixels images"]) -> Float[Array, "data_pixels images"]:
    """P^T N^-1 applied to images."""
    weighted = over_variance(images, system.noise_map)
    if system.psf is None:
        return weighted
    return system.psf.reversed_kernel.convolved_mapping_matrix_from(mapping_matrix=weighted, mask=system.mask, xp=jnp)
