# pyright: strict, reportMissingTypeStubs=false
"""The inversion of imaging data through mapping matrices."""

from __future__ import annotations

import numpy as np

from autoarray._state import derived, is_derived
from autoarray._typing import Array
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion.imaging.abstract import AbstractInversionImaging


class InversionImagingMapping(AbstractInversionImaging):
    """Builds the linear system from the convolved mapping matrices of its linear objects.

    In NumPy mode these are sparse. In JAX mode, where shapes can't depend on values, those of mappers are not built
    where their interpolation weights give the system. The module `inversion._curvature.strategy` has the table of all
    ways to form the system, and of when each is taken.
    """

    @derived
    def data_vector(self) -> Array:  # pyright: ignore[reportIncompatibleMethodOverride] (a property that is kept)
        return self._linear_system.data_vector

    @derived
    def curvature_matrix(self) -> Array:  # pyright: ignore[reportIncompatibleMethodOverride] (likewise)
        preloaded = self._preloaded_curvature_matrix
        return self._new_curvature_matrix() if preloaded is None else preloaded

    def _curvature_matrix_to_change(self) -> np.ndarray:
        # A fit has no use for the matrix without regularization: where nobody has asked for it, it is neither copied
        # nor kept, and computed again for whoever does.
        is_own = type(self).curvature_matrix is InversionImagingMapping.curvature_matrix
        if is_own and self._preloaded_curvature_matrix is None and not is_derived(self, "curvature_matrix"):
            return np.asarray(self._new_curvature_matrix(), dtype=float)
        return super()._curvature_matrix_to_change()

    def _new_curvature_matrix(self) -> Array:
        matrix = self._linear_system.curvature_matrix
        index = self.no_regularization_index_list
        if not index:
            return matrix
        value = self.settings.no_regularization_add_to_curvature_diag_value
        if not self.use_jax:
            matrix = np.asarray(matrix, dtype=float)
            np.einsum("ii->i", matrix)[index] += value  # a view of the diagonal
            return matrix
        return inversion_util.curvature_matrix_with_added_to_diag_from(matrix, value, index, self._xp)
