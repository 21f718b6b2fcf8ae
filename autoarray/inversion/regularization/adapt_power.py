"""`Adapt` on the scale of `Constant`."""

from __future__ import annotations

from autoarray.inversion.regularization.adapt import Adapt, check_adaptive


class AdaptPower(Adapt):
    """`Adapt` with the scale of `Constant`: `AdaptPower(c, c)` is `Constant(c)`.

    Parameters
    ----------
    inner_coefficient, outer_coefficient, signal_scale
        See `Adapt`.
    power
        What the mean of the coefficients is raised to before the matrix squares it: 1 has the scale of
        `Constant`, 2 that of `Adapt` (which is twice as strong besides).
    """

    _pair_factor = 0.5
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
