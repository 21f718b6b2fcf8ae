"""`AdaptSplit`, with faint mesh pixels drawn towards zero besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._typing import Array, Namespace
from autoarray._validation import check_number, check_power
from autoarray.inversion.regularization._split import (
    split_regularization_matrix_from,
    split_regularization_matrix_sparse_from,
)
from autoarray.inversion.regularization.abstract import Smoothable
from autoarray.inversion.regularization.adapt import Adapt
from autoarray.inversion.regularization.brightness_zeroth import BrightnessZeroth

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class AdaptSplitZeroth(Adapt):
    """The sum of `AdaptSplit` and `BrightnessZeroth`.

    Parameters
    ----------
    zeroth_coefficient, zeroth_signal_scale
        The coefficient and signal scale of `BrightnessZeroth`.
    inner_coefficient, outer_coefficient, signal_scale
        Those of `AdaptSplit`.
    """

    is_split_regularization = True

    def __init__(
        self,
        zeroth_coefficient: float = 1.0,
        zeroth_signal_scale: float = 1.0,
        inner_coefficient: float = 1.0,
        outer_coefficient: float = 1.0,
        signal_scale: float = 1.0,
    ) -> None:
        super().__init__(
            inner_coefficient=inner_coefficient, outer_coefficient=outer_coefficient, signal_scale=signal_scale
        )
        name = type(self).__name__
        check_power(zeroth_coefficient, f"{name}.zeroth_coefficient", 2.0)
        check_number(zeroth_signal_scale, f"{name}.zeroth_signal_scale", "a finite number of at least 0", least=0.0)
        self.zeroth_coefficient = zeroth_coefficient
        self.zeroth_signal_scale = zeroth_signal_scale

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        zeroth = BrightnessZeroth(coefficient=self.zeroth_coefficient, signal_scale=self.zeroth_signal_scale)
        smoothing = split_regularization_matrix_from(self, linear_obj, xp=xp)
        return smoothing + zeroth.regularization_matrix_from(linear_obj=linear_obj, xp=xp)

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        from scipy.sparse import diags_array

        zeroth = BrightnessZeroth(coefficient=self.zeroth_coefficient, signal_scale=self.zeroth_signal_scale)
        diagonal = zeroth.regularization_weights_from(linear_obj=linear_obj) ** 2.0
        return split_regularization_matrix_sparse_from(self, linear_obj) + diags_array(diagonal, format="csr")
