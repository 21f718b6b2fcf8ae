"""Four points around each mesh pixel, smoothed less where the source is bright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._typing import Array, Namespace
from autoarray.inversion.regularization._split import (
    split_regularization_matrix_from,
    split_regularization_matrix_sparse_from,
)
from autoarray.inversion.regularization.abstract import Smoothable
from autoarray.inversion.regularization.adapt import Adapt

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class AdaptSplit(Adapt):
    """Smooths every mesh pixel with four points on a cross around it, less where its signal is high.

    `ConstantSplit` (He et al. 2024, app. A) with the weights of `Adapt`, whose coefficients enter to the fourth power.

    Parameters
    ----------
    inner_coefficient, outer_coefficient, signal_scale
        See `Adapt`.
    """

    is_split_regularization = True

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return split_regularization_matrix_from(self, linear_obj, xp=xp)

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        return split_regularization_matrix_sparse_from(self, linear_obj)
