"""Zeroth order regularization: every parameter is drawn towards zero."""

from __future__ import annotations

import numpy as np

from autoarray._backend import as_array
from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_power
from autoarray.inversion.regularization.abstract import AbstractRegularization, Smoothable


def zeroth_regularization_matrix_from(coefficient: Scalar, pixels: int, xp: Namespace = np) -> Array:
    """The matrix of the sum over all parameters of (coefficient * value)^2, of shape (pixels, pixels)."""
    return coefficient**2.0 * as_array(np.eye(pixels), xp)


class Zeroth(AbstractRegularization):
    """Draws every parameter towards zero by one coefficient (Warren & Dye 2003, zeroth order regularization).

    Parameters
    ----------
    coefficient
        The strength, in units of the inverse of the reconstruction's values.

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
        return zeroth_regularization_matrix_from(self.coefficient, linear_obj.params, xp=xp)
