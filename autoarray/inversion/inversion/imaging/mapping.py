# pyright: strict, reportMissingTypeStubs=false
"""The inversion of imaging data through mapping matrices."""

from __future__ import annotations

from autoarray._state import derived
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
        if preloaded is not None:
            return preloaded
        matrix = self._linear_system.curvature_matrix
        index = self.no_regularization_index_list
        if not index:
            return matrix
        value = self.settings.no_regularization_add_to_curvature_diag_value
        return inversion_util.curvature_matrix_with_added_to_diag_from(matrix, value, index, self._xp)
