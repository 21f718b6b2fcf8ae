"""The derivatives of the curvature matrix by the weights of its mappers, of any order and mode, in JAX.

With the convolved mapping matrix B(v), which is linear in the weights v (and in the images of functions, which are
columns of it), the curvature matrix is F = B(v)^T B(v). All of its derivatives are those of one number, which is linear
in weights v and w and in a matrix C:

    T(v, w, C) = sum over entries of C times (B(v)^T B(w) + B(w)^T B(v)).

Along a change w of the weights F changes by the derivative of T by C. The gradient that reverse mode asks for, with
the cotangent C of F, is the derivative of T by w.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from autoarray._numerics.multilinear_jax import MultilinearForm, derivative_from
from autoarray._typing import Array
from autoarray.inversion.inversion._curvature import batches_jax, dense_jax, tangent_products
from autoarray.inversion.inversion._curvature.weights import (
    MapperColumns,
    MapperSystem,
    MapperValues,
    weights_and_images_from,
)

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True)
class CurvatureForm(MultilinearForm):
    """T, of weights, weights and a matrix; the columns of the weights are fixed.

    Parameters
    ----------
    system
        What is fixed about the mappers.
    batch_size
        How many columns of a matrix a device forms at once; all of them if None.
    """

    system: MapperSystem
    batch_size: int | None

    def derivative_on_host(self, index: int, fixed: Any, arguments: Sequence[Any]) -> list[Float[np.ndarray, "..."]]:
        first, second, (matrix,) = _named(arguments)
        if index == 2:
            (weights, images), (changes, image_changes) = (weights_and_images_from(fixed, v) for v in (first, second))
            return [tangent_products.curvature_change_from(self.system, weights, changes, images, image_changes)]
        weights, images = weights_and_images_from(fixed, first or second)
        return self.system.gradients_from(weights, matrix, images)

    def derivative_on_device(self, index: int, fixed: Any, arguments: Sequence[Any]) -> list[Float[Array, "..."]]:
        first, second, (matrix,) = _named(arguments)
        if self.batch_size is None:
            if index == 2:
                return [dense_jax.curvature_change_from(self.system, fixed, first, second)]
            return dense_jax.gradients_from(self.system, fixed, first or second, matrix)
        if index == 2:
            return [batches_jax.curvature_change_from(self.system, self.batch_size, fixed, first, second)]
        return batches_jax.gradients_from(self.system, self.batch_size, fixed, first or second, matrix)


def _named(arguments: Sequence[Any]) -> tuple[Any, Any, tuple[Any]]:
    """Both lists of weights and the matrix, each None if it is not given."""
    first, second, matrix = arguments
    return first, second, matrix or (None,)


def curvature_change_from(
    system: MapperSystem, batch_size: int | None, columns: MapperColumns, values: MapperValues, changes: MapperValues
) -> Float[Array, "params params"]:
    """How the curvature matrix changes with the values of the weights, of shape (params, params)."""
    matrix = [jax.ShapeDtypeStruct((system.params, system.params), np.float64)]
    return derivative_from(CurvatureForm(system, batch_size), 2, columns, [values, changes, matrix])[0]
