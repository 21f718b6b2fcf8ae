"""Mesh pixels drawn towards zero where the source is faint."""

from __future__ import annotations

import numpy as np

from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_number, check_power
from autoarray.inversion.regularization.abstract import AbstractRegularization, Smoothable


def brightness_zeroth_regularization_weights_from(coefficient: Scalar, pixel_signals: Array) -> Array:
    """How strongly each parameter is drawn towards zero: not at all where its signal is 1, of shape (params,)."""
    return coefficient * (1.0 - pixel_signals)


def brightness_zeroth_regularization_matrix_from(regularization_weights: Array, xp: Namespace = np) -> Array:
    """The matrix of the sum over all parameters of (weight * value)^2, of shape (params, params)."""
    return xp.diag(regularization_weights**2.0)


class BrightnessZeroth(AbstractRegularization):
    """Draws every mesh pixel towards zero, the more the lower its signal is.

    The brightest pixel has a weight of zero: alone, without a scheme that smooths, the matrix is singular and the log
    evidence has no value.

    Parameters
    ----------
    coefficient
        The strength where there is no signal, in units of the inverse of the reconstruction's values.
    signal_scale
        The power of the signal: how rapidly the strength falls towards the brightest pixel.
    """

    def __init__(self, coefficient: float = 1.0, signal_scale: float = 1.0) -> None:
        name = type(self).__name__
        check_power(coefficient, f"{name}.coefficient", 2.0)
        check_number(signal_scale, f"{name}.signal_scale", "a finite number of at least 0", least=0.0)
        self.coefficient = coefficient
        self.signal_scale = signal_scale

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return brightness_zeroth_regularization_weights_from(
            coefficient=self.coefficient,
            pixel_signals=linear_obj.pixel_signals_from(signal_scale=self.signal_scale, xp=xp),
        )

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return brightness_zeroth_regularization_matrix_from(
            self.regularization_weights_from(linear_obj=linear_obj, xp=xp), xp=xp
        )
