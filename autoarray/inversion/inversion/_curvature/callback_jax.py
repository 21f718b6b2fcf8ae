"""The curvature matrix of mappers on a CPU: a call from the JAX program to the sparse product of NumPy inversions.

The dense product takes 70 billion operations at the size of an HST image, nearly all of them on zeros, and XLA has no
sparse one to do better with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax
import numpy as np

from autoarray._numerics.host_call import host_call
from autoarray._typing import Array
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
    """The curvature matrix, of shape (params, params), from the weights of every mapper and the images of functions."""
    return host_call(
        lambda columns, values: system.curvature_matrix_from(*weights_and_images_from(columns, values)),
        jax.ShapeDtypeStruct((system.params, system.params), np.float64),
        columns,
        values,
    )
