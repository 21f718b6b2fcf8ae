"""`AdaptSplit` on the scale of `ConstantSplit`."""

from __future__ import annotations

from autoarray.inversion.regularization.adapt import check_adaptive
from autoarray.inversion.regularization.adapt_split import AdaptSplit


class AdaptSplitPower(AdaptSplit):
    """`AdaptSplit` with the scale of `ConstantSplit`: `AdaptSplitPower(c, c)` is `ConstantSplit(c)`.

    Parameters
    ----------
    inner_coefficient, outer_coefficient, signal_scale
        See `AdaptSplit`.
    power
        What the mean of the coefficients is raised to before the matrix squares it: 1 has the scale of
        `ConstantSplit`, 2 that of `AdaptSplit`.
    """

    _known_power = 0.0

    def __init__(
        self,
        inner_coefficient: float = 1.0,
        outer_coefficient: float = 1.0,
        signal_scale: float = 1.0,
        power: float = 1.0,
    ) -> None:
        super().__init__(
            inner_coefficient=inner_coefficient, outer_coefficient=outer_coefficient, signal_scale=signal_scale
        )
        check_adaptive(self, inner_coefficient, outer_coefficient, signal_scale, power)
        self.power = power

    @property
    def _weight_power(self) -> float:
        return self.power
