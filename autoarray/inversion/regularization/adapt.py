"""Neighbors smoothed less where the source is bright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import is_tracer
from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_number, check_power
from autoarray.inversion.regularization.abstract import AbstractRegularization, Smoothable
from autoarray.inversion.regularization.regularization_util import (
    neighbor_pairs_from,
    neighbor_regularization_matrix_from,
    neighbor_regularization_matrix_sparse_from,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def adapt_regularization_weights_from(
    inner_coefficient: Scalar, outer_coefficient: Scalar, pixel_signals: Array, power: float = 2.0
) -> Array:
    """How strongly each parameter is smoothed: between the outer coefficient without signal and the inner one at most.

    Parameters
    ----------
    inner_coefficient, outer_coefficient
        The strengths where the signal is 1 and where it is 0.
    pixel_signals
        The signal of each parameter between 0 and 1, of shape (params,).
    power
        What their linear mean is raised to.
    """
    return (inner_coefficient * pixel_signals + outer_coefficient * (1.0 - pixel_signals)) ** power


def weighted_regularization_matrix_from(regularization_weights: Array, neighbors: Array, xp: Namespace = np) -> Array:
    """The matrix of `Adapt`: twice that of `weighted_regularization_matrix_single_scatter_from`.

    Parameters
    ----------
    regularization_weights
        The weight of each parameter, of shape (params,); enters squared.
    neighbors
        The neighbors of each parameter, of shape (params, width), padded with -1.
    """
    return _matrix_of_pairs_from(regularization_weights, *neighbor_pairs_from(neighbors, xp=xp), 1.0, xp)


def weighted_regularization_matrix_single_scatter_from(
    regularization_weights: Array, neighbors: Array, xp: Namespace = np
) -> Array:
    """The matrix of the sum over all pairs of neighbors of the mean of their squared weights times difference^2."""
    return _matrix_of_pairs_from(regularization_weights, *neighbor_pairs_from(neighbors, xp=xp), 0.5, xp)


def _matrix_of_pairs_from(weights: Array, rows: Array, columns: Array, factor: float, xp: Namespace) -> Array:
    strengths = _strengths_of_pairs_from(weights, rows, columns, factor)
    return neighbor_regularization_matrix_from(rows, columns, strengths, weights.shape[0], xp=xp)


def _strengths_of_pairs_from(weights: Array, rows: Array, columns: Array, factor: float) -> Array:
    squared = weights**2.0
    return factor * (squared[rows] + squared[columns])


def check_adaptive(
    scheme: AbstractRegularization,
    inner_coefficient: Scalar,
    outer_coefficient: Scalar,
    signal_scale: Scalar,
    power: Scalar,
    divides: bool = False,
) -> None:
    """Refuse the arguments of an adaptive scheme that its matrix can't hold.

    Parameters
    ----------
    scheme
        The scheme, for its name.
    inner_coefficient, outer_coefficient, signal_scale
        See `Adapt`.
    power
        What the mean of the coefficients is raised to, before the matrix squares it.
    divides
        Whether the coefficients divide, so that they may not be too small either.

    Raises
    ------
    ValueError
        If one of them is not a finite number of at least 0, or a coefficient too large for its power.
    """
    name = type(scheme).__name__
    check_number(signal_scale, f"{name}.signal_scale", "a finite number of at least 0", least=0.0)
    check_number(power, f"{name}.power", "a finite number of at least 0", least=0.0)
    entries = 1.0 if is_tracer(power) else 2.0 * float(power)
    check_power(inner_coefficient, f"{name}.inner_coefficient", entries, divides)
    check_power(outer_coefficient, f"{name}.outer_coefficient", entries, divides)


class Adapt(AbstractRegularization):
    """Smooths every mesh pixel with its neighbors, less where its signal is high (Nightingale et al. 2018).

    The coefficients are squared twice, in the weights and in the matrix, which counts every pair twice besides:
    `Adapt(c, c)` is twice `Constant(c**2)`. That scale is kept, because fits have been made with it; `AdaptPower` has
    the scale of `Constant`.

    Parameters
    ----------
    inner_coefficient, outer_coefficient
        The strength of the smoothing where the signal is highest, and where there is none.
    signal_scale
        The power of the signal: how rapidly the one changes into the other.

    Raises
    ------
    ValueError
        If one of them is not a finite number of at least 0, or a coefficient so large that no matrix holds its fourth
        power.
    """

    # What the factor and the power of the coefficients are in this scheme.
    _pair_factor = 1.0

    # The power that the arguments are checked with; a class whose power is an argument checks them once more with that.
    _known_power = 2.0

    def __init__(
        self, inner_coefficient: float = 1.0, outer_coefficient: float = 1.0, signal_scale: float = 1.0
    ) -> None:
        check_adaptive(self, inner_coefficient, outer_coefficient, signal_scale, self._known_power)
        self.inner_coefficient = inner_coefficient
        self.outer_coefficient = outer_coefficient
        self.signal_scale = signal_scale

    @property
    def _weight_power(self) -> float:
        return 2.0

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return adapt_regularization_weights_from(
            inner_coefficient=self.inner_coefficient,
            outer_coefficient=self.outer_coefficient,
            pixel_signals=linear_obj.pixel_signals_from(signal_scale=self.signal_scale, xp=xp),
            power=self._weight_power,
        )

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        weights = self.regularization_weights_from(linear_obj=linear_obj, xp=xp)
        return _matrix_of_pairs_from(weights, *linear_obj.neighbor_pairs, self._pair_factor, xp)

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        weights, pairs = self.regularization_weights_from(linear_obj=linear_obj), linear_obj.neighbor_pairs
        strengths = _strengths_of_pairs_from(weights, *pairs, self._pair_factor)
        return neighbor_regularization_matrix_sparse_from(*pairs, strengths, linear_obj.params)
