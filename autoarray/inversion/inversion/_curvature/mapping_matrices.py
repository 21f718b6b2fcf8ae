"""The linear system from the convolved mapping matrix of every linear object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray._state import derived
from autoarray._typing import Array, Matrix
from autoarray.inversion.inversion._curvature import products
from autoarray.inversion.inversion._curvature.linear_system import LinearSystem

if TYPE_CHECKING:
    from jaxtyping import Float


class MappingMatrices(LinearSystem):
    """Forms B, sparse in NumPy mode and dense in JAX mode, and multiplies it with itself."""

    @derived
    def _operated_matrix(self) -> Float[Matrix, "data_pixels params"]:
        """The convolved mapping matrices of all linear objects side by side."""
        matrices = self.operated_matrices
        if len(matrices) == 1:
            return matrices[0]
        if self.use_jax:
            return self._xp.hstack(matrices)
        from scipy.sparse import csr_array, hstack

        return csr_array(hstack([csr_array(matrix) for matrix in matrices], format="csr"))

    @property
    def data_vector(self) -> Float[Array, "params"]:
        return products.data_vector_from(self._operated_matrix, self.data, self.noise_map)

    @property
    def curvature_matrix(self) -> Float[Array, "params params"]:
        return products.curvature_matrix_via_mapping_matrix_from(
            mapping_matrix=self._operated_matrix,
            noise_map=self.noise_map,
            settings=self.settings,
            xp=self._xp,
            native_for_slim=self.mask.derive_indexes.native_for_slim,
        )
