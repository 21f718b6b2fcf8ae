"""The inversion of imaging data through mapping matrices."""

from __future__ import annotations

from typing import Any

from autoarray._state import derived
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion.imaging.abstract import AbstractInversionImaging


class InversionImagingMapping(AbstractInversionImaging):
    """Builds the linear system from the convolved mapping matrix of every linear object.

    In NumPy mode the matrices are sparse; in JAX mode they are dense, with shapes that don't depend on the values.
    """

    @derived
    def _operated_matrix(self) -> Any:
        """The convolved mapping matrices of all linear objects side by side."""
        matrices = self._operated_matrices
        if len(matrices) == 1:
            return matrices[0]
        if self.use_jax:
            return self._xp.hstack(matrices)
        from scipy.sparse import csr_array, hstack

        return hstack([csr_array(matrix) for matrix in matrices], format="csr")

    @derived
    def data_vector(self) -> Any:
        return inversion_util.data_vector_from(
            operated_mapping_matrix=self._operated_matrix,
            data=self._array(self.data),
            noise_map=self._array(self.noise_map),
        )

    @derived
    def curvature_matrix(self) -> Any:
        return inversion_util.curvature_matrix_via_mapping_matrix_from(
            mapping_matrix=self._operated_matrix,
            noise_map=self._array(self.noise_map),
            add_to_curvature_diag=True,
            no_regularization_index_list=self.no_regularization_index_list,
            settings=self.settings,
            xp=self._xp,
            native_for_slim=self.mask.derive_indexes.native_for_slim,
        )
