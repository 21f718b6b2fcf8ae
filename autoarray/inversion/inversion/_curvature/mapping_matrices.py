"""The linear system from the convolved mapping matrix of every linear object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array
from autoarray.inversion.inversion._curvature import products
from autoarray.inversion.inversion._curvature.blocks import curvature_matrix_from
from autoarray.inversion.inversion._curvature.linear_system import LinearSystem

if TYPE_CHECKING:
    from jaxtyping import Float


class MappingMatrices(LinearSystem):
    """Forms B, sparse in NumPy mode and dense in JAX mode, and multiplies it with itself."""

    @derived
    def _operated_matrix(self) -> Float[Array, "data_pixels params"]:
        """The convolved mapping matrices of all linear objects side by side (JAX mode)."""
        return self._xp.hstack(self.operated_matrices)

    @property
    def data_vector(self) -> Float[Array, "params"]:
        if self.use_jax:
            return products.data_vector_from(self._operated_matrix, self.data, self.noise_map)
        parts = [products.data_vector_from(matrix, self.data, self.noise_map) for matrix in self.operated_matrices]
        return np.concatenate(parts)

    @property
    def curvature_matrix(self) -> Float[Array, "params params"]:
        if self.use_jax:
            return products.curvature_matrix_via_mapping_matrix_from(
                self._operated_matrix, self.noise_map, settings=self.settings, xp=self._xp
            )
        return curvature_matrix_from(
            self.operated_matrices, np.asarray(self.noise_map), self.mask.derive_indexes.native_for_slim, self.settings
        )
