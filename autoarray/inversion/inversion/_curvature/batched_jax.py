"""The curvature matrix F = A^T W A in JAX from W = P^T N^-1 P, a batch of its columns at a time.

A is the mapping matrix, given as triplets, P the convolution with the PSF and N the variances. W is never formed: it
is two convolutions, applied to the images of a batch of mesh pixels. So the memory is that of a batch, where the
convolved mapping matrix P A of all mesh pixels takes 190 MB at the size of an HST image, and its product as much again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autoarray.inversion.inversion._curvature import callback_jax
from autoarray.inversion.inversion._curvature.operator import MappedOperator, Weights

# Triplets that are scattered at once: each takes a row of the batch.
_TRIPLETS_AT_ONCE = 2**16

Triplets = tuple[Any, Any, Any]


def product_from(
    apply: Callable[[Any], Any], left: Triplets, right: Triplets, sizes: tuple[int, int], pixels: int, batch_size: int
) -> Any:
    """The product left^T W right, of the shape `sizes`.

    Parameters
    ----------
    apply
        W, for images of shape (pixels, batch_size).
    left, right
        The rows, columns and values of two mapping matrices, of shape (triplets,).
    sizes
        Their numbers of columns.
    """

    def columns_from(start: Any) -> Any:
        return transposed_product_from(left, apply(_images(right, start, pixels, batch_size)), sizes[0])

    blocks = jax.lax.map(columns_from, jnp.arange(0, sizes[1], batch_size))
    return jnp.moveaxis(blocks, 0, 1).reshape(sizes[0], -1)[:, : sizes[1]]


def _images(triplets: Triplets, start: Any, pixels: int, batch_size: int) -> Any:
    """The columns of a mapping matrix from `start` on, of shape (pixels, batch_size)."""
    rows, columns, values = triplets
    column, inside = _in_batch(columns, start, batch_size)
    # One past the last column, where a scatter drops what is not in the batch.
    column = jnp.where(inside, column, batch_size)
    return jnp.zeros((pixels, batch_size)).at[rows, column].add(values, mode="drop")


def _in_batch(columns: Any, start: Any, batch_size: int) -> tuple[Any, Any]:
    """The place of columns in the batch from `start` on, and which of them are in it."""
    column = columns - jnp.asarray(start).astype(columns.dtype)
    return column, (column >= 0) & (column < batch_size)


def transposed_product_from(triplets: Triplets, images: Any, size: int) -> Any:
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


def curvature_matrix_from(operator: MappedOperator, weights: list[Weights], batch_size: int) -> Any:
    """The curvature matrix of mappers, of shape (params, params).

    On a CPU it is the sparse product of the NumPy inversion, which is faster there. The derivative is that of reverse
    mode, in batches too.
    """
    return _compiled(operator, batch_size, [w.columns for w in weights], [w.values for w in weights])


@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _curvature(operator: MappedOperator, batch_size: int, columns: list[Any], values: list[Any]) -> Any:
    return jax.lax.platform_dependent(
        columns,
        values,
        cpu=functools.partial(callback_jax._sparse_curvature, operator),
        default=functools.partial(_batched_curvature, operator, batch_size),
    )


def _forward(operator: MappedOperator, batch_size: int, columns: list[Any], values: list[Any]) -> Any:
    return _curvature(operator, batch_size, columns, values), (columns, values)


def _backward(operator: MappedOperator, batch_size: int, residuals: Any, cotangent: Any) -> Any:
    return None, jax.lax.platform_dependent(
        *residuals,
        cotangent,
        cpu=functools.partial(callback_jax._sparse_gradients, operator),
        default=functools.partial(_batched_gradients, operator, batch_size),
    )


_curvature.defvjp(_forward, _backward)

# Compiled by itself too, so that outside `jax.jit` it is traced once for equal operators.
_compiled = jax.jit(_curvature, static_argnums=(0, 1))


def _triplets(operator: MappedOperator, columns: list[Any], values: list[Any]) -> Triplets:
    rows = [np.repeat(slim, c.shape[1]) for slim, c in zip(operator.slims, columns, strict=True)]
    return (
        jnp.asarray(np.concatenate(rows)),
        jnp.concatenate([c.reshape(-1) for c in columns]),
        jnp.concatenate([v.reshape(-1) for v in values]),
    )


def _precision_applied(operator: MappedOperator, images: Any) -> Any:
    """W applied to images of shape (data_pixels, n)."""
    variances = operator.noise_map[:, None] ** 2
    if operator.psf is None:
        return images / variances
    blurred = operator.psf.convolved_mapping_matrix_from(mapping_matrix=images, mask=operator.mask, xp=jnp)
    return operator.psf.reversed_kernel.convolved_mapping_matrix_from(
        mapping_matrix=blurred / variances, mask=operator.mask, xp=jnp
    )


def _batched_curvature(operator: MappedOperator, batch_size: int, columns: list[Any], values: list[Any]) -> Any:
    triplets = _triplets(operator, columns, values)
    apply = functools.partial(_precision_applied, operator)
    sizes = (operator.params, operator.params)
    matrix = product_from(apply, triplets, triplets, sizes, operator.pixels, batch_size)
    return (matrix + matrix.T) / 2.0


def _batched_gradients(
    operator: MappedOperator, batch_size: int, columns: list[Any], values: list[Any], cotangent: Any
) -> list[Any]:
    """The derivative by a weight is the entry (its row, its column) of W A (cotangent + its transpose)."""
    triplets = _triplets(operator, columns, values)
    batches = -(-operator.params // batch_size)
    padding = batches * batch_size - operator.params
    symmetric = jnp.pad(cotangent + cotangent.T, ((0, 0), (0, padding)))

    def add(batch: Any, gradients: Any) -> Any:
        start = batch * batch_size
        block = jax.lax.dynamic_slice_in_dim(symmetric, start, batch_size, axis=1)
        images = jnp.zeros((operator.pixels, batch_size))
        for rows, own, weights in _parts(triplets):
            images = images.at[rows].add(weights[:, None] * block[own])
        images = _precision_applied(operator, images)
        column, inside = _in_batch(triplets[1], start, batch_size)
        return gradients + jnp.where(inside, images[triplets[0], jnp.where(inside, column, 0)], 0.0)

    gradients = jax.lax.fori_loop(0, batches, add, jnp.zeros_like(triplets[2]))
    parts = jnp.split(gradients, np.cumsum([v.size for v in values])[:-1])
    return [part.reshape(v.shape) for part, v in zip(parts, values, strict=True)]
