"""The curvature matrix of mappers in JAX from a dense matrix: a Fourier transform of every column, and one product.

The derivative computes the convolved matrix again, rather than keeping it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np

from autoarray._typing import Array
from autoarray.inversion.inversion._curvature.noise import over_noise
from autoarray.inversion.inversion._curvature.weights import (
    MapperColumns,
    MapperSystem,
    MapperValues,
    weights_and_images_from,
)

if TYPE_CHECKING:
    from jaxtyping import Float


def curvature_matrix_from(
    system: MapperSystem, columns: MapperColumns, values: MapperValues
) -> Float[Array, "params params"]:
    """The curvature matrix, of shape (params, params), from the weights of every mapper."""
    matrix = _operated_matrix_from(system, columns, values)
    if system.single_precision:
        matrix = matrix.astype(np.float32)
    return (matrix.T @ matrix).astype(np.float64)


def curvature_change_from(
    system: MapperSystem, columns: MapperColumns, values: MapperValues, changes: MapperValues
) -> Float[Array, "params params"]:
    """The derivative of the curvature matrix along a change of the weights, of shape (params, params)."""
    product = _operated_matrix_from(system, columns, values).T @ _operated_matrix_from(system, columns, changes)
    return product + product.T


def gradients_from(
    system: MapperSystem, columns: MapperColumns, values: MapperValues, cotangent: Float[Array, "params params"]
) -> MapperValues:
    """The derivatives of the sum of curvature matrix times cotangent with respect to the weights."""
    matrix, transposed = jax.vjp(functools.partial(_operated_matrix_from, system, columns), values)
    return transposed(matrix @ (cotangent + cotangent.T))[0]


def _operated_matrix_from(
    system: MapperSystem, columns: MapperColumns, values: MapperValues
) -> Float[Array, "data_pixels params"]:
    """The convolved mapping matrix in units of the noise, with the images of functions as its columns."""
    weights, images = weights_and_images_from(columns, values)
    matrix = system.dense_matrix_from(weights, jnp)
    if system.psf is not None:
        matrix = system.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=system.mask, xp=jnp)
    if images is not None:
        matrix = jnp.asarray(matrix).at[:, system.functions].set(images)
    return over_noise(matrix, system.noise_map)
