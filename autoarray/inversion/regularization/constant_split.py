"""One coefficient for the differences to four points around each mesh pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._typing import Array, Namespace
from autoarray.inversion.regularization._split import (
    split_regularization_matrix_from,
    split_regularization_matrix_sparse_from,
)
from autoarray.inversion.regularization.abstract import Smoothable
from autoarray.inversion.regularization.constant import Constant

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class ConstantSplit(Constant):
    """Smooths every mesh pixel with what is interpolated at four points on a cross around it (He et al. 2024, app. A).

    The mesh has to interpolate to these points, which those of vertices do (`Delaunay`, `KNearestNeighbor`, ...).

    Parameters
    ----------
    coefficient
        The strength of the smoothing, in units of the inverse of the reconstruction's values.
    """

    is_split_regularization = True

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return split_regularization_matrix_from(self, linear_obj, xp=xp)

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        return split_regularization_matrix_sparse_from(self, linear_obj)
