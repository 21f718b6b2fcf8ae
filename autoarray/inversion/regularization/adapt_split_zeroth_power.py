"""`AdaptSplitZeroth` on the scale of `ConstantSplit`."""

from __future__ import annotations

from autoarray.inversion.regularization.adapt import check_adaptive
from autoarray.inversion.regularization.adapt_split_zeroth import AdaptSplitZeroth


class AdaptSplitZerothPower(AdaptSplitZeroth):
    """`AdaptSplitZeroth` whose smoothing has the scale of `ConstantSplit`; its draw towards zero is unchanged.

    Parameters
    ----------
    zeroth_coefficient, zeroth_signal_scale, inner_coefficient, outer_coefficient, signal_scale
        See `AdaptSplitZeroth`.
    power
        What the mean of the coefficients is raised to before the matrix squares it: 1 has the scale of
        `ConstantSplit`, 2 that of `AdaptSplitZeroth`.
    """

    _known_power = 0.0

    def __init__(
        self,
        zeroth_coefficient: float = 1.0,
        zeroth_signal_scale: float = 1.0,
        inner_coefficient: float = 1.0,
        outer_coefficient: float = 1.0,
        signal_scale: float = 1.0,
        power: float = 1.0,
    ) -> None:
        super().__init__(
            zeroth_coefficient=zeroth_coefficient,
            zeroth_signal_scale=zeroth_signal_scale,
            inner_coefficient=inner_coefficient,
            outer_coefficient=outer_coefficient,
            signal_scale=signal_scale,
        )
        check_adaptive(self, inner_coefficient, outer_coefficient, signal_scale, power)
        self.power = power

    @property
    def _weight_power(self) -> float:
        return self.power
