"""One coefficient for all pairs of neighbors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray.inversion.regularization.abstract import AbstractRegularization
from autoarray.inversion.regularization.regularization_util import constant_regularization_matrix_from

if TYPE_CHECKING:
    from autoarray.inversion.linear_obj.linear_obj import LinearObj


class Constant(AbstractRegularization):
    """Smooths every parameter with its neighbors by one coefficient (Warren & Dye 2003, gradient regularization).

    Parameters
    ----------
    coefficient
        The strength of the smoothing, in units of the inverse of the reconstruction's values.
    """

    def __init__(self, coefficient: float = 1.0) -> None:
        self.coefficient = coefficient

    def regularization_weights_from(self, linear_obj: LinearObj, xp: Any = np) -> Any:
        return self.coefficient * xp.ones(linear_obj.params)

    def regularization_matrix_from(self, linear_obj: LinearObj, xp: Any = np) -> Any:
        neighbors = linear_obj.neighbors
        return constant_regularization_matrix_from(
            coefficient=self.coefficient, neighbors=neighbors.array, neighbors_sizes=neighbors.sizes, xp=xp
        )
