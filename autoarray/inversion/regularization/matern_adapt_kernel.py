"""A Matern covariance with less variance where the source is faint."""

from __future__ import annotations

import numpy as np

from autoarray._typing import Array, Namespace, Scalar
from autoarray.inversion.regularization.abstract import Smoothable
from autoarray.inversion.regularization.adapt import adapt_regularization_weights_from, check_adaptive
from autoarray.inversion.regularization.matern_kernel import MaternKernel


class MaternAdaptKernel(MaternKernel):
    """A Matern covariance in which a mesh pixel's standard deviation is the inverse of its weight in `Adapt`.

    The coefficients are squared twice, in the weights and in the covariance, so that the matrix goes with their fourth
    power. That scale is kept, because fits have been made with it; `MaternAdaptPowerKernel` has that of `Constant`.
    With coefficients that are orders of magnitude apart, `jitter_relative` keeps the jitter small beside every
    variance.

    Parameters
    ----------
    scale, nu, jitter, jitter_relative
        See `MaternKernel`.
    inner_coefficient, outer_coefficient, signal_scale
        See `Adapt`.

    Raises
    ------
    ValueError
        As `MaternKernel`, and as `Adapt`.
    """

    # As in `Adapt`.
    _known_power = 2.0

    def __init__(
        self,
        scale: float = 1.0,
        nu: float = 0.5,
        inner_coefficient: float = 1.0,
        outer_coefficient: float = 1.0,
        signal_scale: float = 1.0,
        jitter: float | None = None,
        jitter_relative: bool = False,
    ) -> None:
        super().__init__(coefficient=1.0, scale=scale, nu=nu, jitter=jitter, jitter_relative=jitter_relative)
        check_adaptive(self, inner_coefficient, outer_coefficient, signal_scale, self._known_power, divides=True)
        self.inner_coefficient = inner_coefficient
        self.outer_coefficient = outer_coefficient
        self.signal_scale = signal_scale

    @property
    def _weight_power(self) -> float:
        return 2.0

    def _strength(self) -> Scalar:
        # It is in the weights; states of PyAutoArray have a coefficient of 0 here.
        return 1.0

    def _kernel_weights_from(self, linear_obj: Smoothable, xp: Namespace) -> Array:
        return 1.0 / self.regularization_weights_from(linear_obj, xp=xp)

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return adapt_regularization_weights_from(
            inner_coefficient=self.inner_coefficient,
            outer_coefficient=self.outer_coefficient,
            pixel_signals=linear_obj.pixel_signals_from(signal_scale=self.signal_scale, xp=xp),
            power=self._weight_power,
        )
