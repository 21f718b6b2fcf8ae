"""One coefficient for all pairs of neighbors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_power
from autoarray.inversion.regularization.abstract import AbstractRegularization, Smoothable
from autoarray.inversion.regularization.regularization_util import (
    neighbor_pairs_from,
    neighbor_regularization_matrix_from,
    neighbor_regularization_matrix_sparse_from,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def constant_regularization_matrix_from(
    coefficient: Scalar, neighbors: Array, neighbors_sizes: Array, xp: Namespace = np
) -> Array:
    """The matrix of the sum over all pairs of neighbors of (coefficient * difference)^2.

    Parameters
    ----------
    coefficient
        The strength of the smoothing; enters squared.
    neighbors
        The neighbors of each parameter, of shape (params, width), padded with -1.
    neighbors_sizes
        The number of neighbors of each parameter, of shape (params,).

    Returns
    -------
    array
        Of shape (params, params).
    """
    pairs = neighbor_pairs_from(neighbors, neighbors_sizes, xp=xp)
    return neighbor_regularization_matrix_from(*pairs, coefficient**2.0, neighbors.shape[0], xp=xp)


class Constant(AbstractRegularization):
    """Smooths every parameter with its neighbors by one coefficient (Warren & Dye 2003, gradient regularization).

    Parameters
    ----------
    coefficient
        The strength of the smoothing, in units of the inverse of the reconstruction's values.

    Raises
    ------
    ValueError
        If it is not a finite number of at least 0, or so large that no matrix holds its square. What JAX is tracing is
        not looked at.
    """

    def __init__(self, coefficient: float = 1.0) -> None:
        check_power(coefficient, f"{type(self).__name__}.coefficient", 2.0)
        self.coefficient = coefficient

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return self.coefficient * xp.ones(linear_obj.params)

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return neighbor_regularization_matrix_from(
            *linear_obj.neighbor_pairs, self.coefficient**2.0, linear_obj.params, xp=xp
        )

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        return neighbor_regularization_matrix_sparse_from(
            *linear_obj.neighbor_pairs, self.coefficient**2.0, linear_obj.params
        )
