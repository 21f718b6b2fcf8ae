"""One coefficient for all pairs of neighbors, and one that draws every parameter towards zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_power
from autoarray.inversion.regularization.abstract import AbstractRegularization, Smoothable
from autoarray.inversion.regularization.constant import constant_regularization_matrix_from
from autoarray.inversion.regularization.regularization_util import (
    neighbor_regularization_matrix_from,
    neighbor_regularization_matrix_sparse_from,
)
from autoarray.inversion.regularization.zeroth import zeroth_regularization_matrix_from

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def constant_zeroth_regularization_matrix_from(
    coefficient: Scalar, coefficient_zeroth: Scalar, neighbors: Array, neighbors_sizes: Array, xp: Namespace = np
) -> Array:
    """The sum of the matrices of `Constant` and of `Zeroth`, of shape (params, params).

    Parameters
    ----------
    coefficient, coefficient_zeroth
        The strength of the smoothing, and of the draw towards zero; both enter squared.
    neighbors, neighbors_sizes
        See `constant.constant_regularization_matrix_from`.
    """
    smoothing = constant_regularization_matrix_from(coefficient, neighbors, neighbors_sizes, xp=xp)
    return smoothing + zeroth_regularization_matrix_from(coefficient_zeroth, neighbors.shape[0], xp=xp)


class ConstantZeroth(AbstractRegularization):
    """Smooths every parameter with its neighbors, and draws it towards zero.

    Parameters
    ----------
    coefficient_neighbor, coefficient_zeroth
        The strengths of the two, in units of the inverse of the reconstruction's values.
    """

    def __init__(self, coefficient_neighbor: float = 1.0, coefficient_zeroth: float = 1.0) -> None:
        check_power(coefficient_neighbor, f"{type(self).__name__}.coefficient_neighbor", 2.0)
        check_power(coefficient_zeroth, f"{type(self).__name__}.coefficient_zeroth", 2.0)
        self.coefficient_neighbor = coefficient_neighbor
        self.coefficient_zeroth = coefficient_zeroth

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return self.coefficient_neighbor * xp.ones(linear_obj.params)

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        smoothing = neighbor_regularization_matrix_from(
            *linear_obj.neighbor_pairs, self.coefficient_neighbor**2.0, linear_obj.params, xp=xp
        )
        return smoothing + zeroth_regularization_matrix_from(self.coefficient_zeroth, linear_obj.params, xp=xp)

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        from scipy.sparse import eye_array

        smoothing = neighbor_regularization_matrix_sparse_from(
            *linear_obj.neighbor_pairs, self.coefficient_neighbor**2.0, linear_obj.params
        )
        return smoothing + self.coefficient_zeroth**2.0 * eye_array(linear_obj.params, format="csr")
