"""What the split regularizations share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._typing import Array, Namespace
from autoarray.inversion.regularization.regularization_util import (
    pixel_splitted_regularization_matrix_from,
    pixel_splitted_regularization_matrix_sparse_from,
    reg_split_from,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from autoarray.inversion.regularization.abstract import AbstractRegularization, Smoothable


def split_regularization_matrix_sparse_from(
    regularization: AbstractRegularization, linear_obj: Smoothable
) -> csr_array:
    """`split_regularization_matrix_from` as a SciPy sparse array (NumPy mode)."""
    weights = regularization.regularization_weights_from(linear_obj=linear_obj, xp=np)
    return pixel_splitted_regularization_matrix_sparse_from(
        weights, *reg_split_from(*_split_mappings_of(regularization, linear_obj), xp=np)
    )


def split_regularization_matrix_from(
    regularization: AbstractRegularization, linear_obj: Smoothable, xp: Namespace = np
) -> Array:
    """The matrix of a split scheme with its regularization weights, of shape (params, params).

    Raises
    ------
    PixelizationException
        If the linear object has no split points.
    """
    split = _split_mappings_of(regularization, linear_obj)
    return pixel_splitted_regularization_matrix_from(
        regularization.regularization_weights_from(linear_obj=linear_obj, xp=xp), *reg_split_from(*split, xp=xp), xp=xp
    )


def _split_mappings_of(regularization: AbstractRegularization, linear_obj: Smoothable) -> tuple[Array, Array, Array]:
    """The parameters that the split points are interpolated from, how many they are, and their weights."""
    interpolator = getattr(linear_obj, "interpolator", None)
    split = getattr(interpolator, "_mappings_sizes_weights_split", None)
    if split is None:
        raise exc.PixelizationException(
            f"{type(regularization).__name__}: expected a mapper whose mesh interpolates to split points, found "
            f"{linear_obj!r}"
        )
    return split
