"""`MaternAdaptKernel` on the scale of `Constant`."""

from __future__ import annotations

from autoarray.inversion.regularization.adapt import check_adaptive
from autoarray.inversion.regularization.matern_adapt_kernel import MaternAdaptKernel


class MaternAdaptPowerKernel(MaternAdaptKernel):
    """`MaternAdaptKernel` with coefficients that enter the matrix to the power of `2 * power`.

    Parameters
    ----------
    scale, nu, inner_coefficient, outer_coefficient, signal_scale, jitter, jitter_relative
        See `MaternAdaptKernel`.
    power
        What the mean of the coefficients is raised to: 1 has the scale of `Constant`, 2 that of `MaternAdaptKernel`.
    """

    _known_power = 0.0

    def __init__(
        self,
        scale: float = 1.0,
        nu: float = 0.5,
        inner_coefficient: float = 1.0,
        outer_coefficient: float = 1.0,
        signal_scale: float = 1.0,
        jitter: float | None = None,
        jitter_relative: bool = False,
        power: float = 1.0,
    ) -> None:
        super().__init__(
            scale=scale,
            nu=nu,
            inner_coefficient=inner_coefficient,
            outer_coefficient=outer_coefficient,
            signal_scale=signal_scale,
            jitter=jitter,
            jitter_relative=jitter_relative,
        )
        check_adaptive(self, inner_coefficient, outer_coefficient, signal_scale, power, divides=True)
        self.power = power

    @property
    def _weight_power(self) -> float:
        return self.power
