"""What all inversions of imaging data share."""

from __future__ import annotations

from typing import Any

from autoarray._state import derived
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.structures.arrays.uniform_2d import Array2D


class AbstractInversionImaging(AbstractInversion):
    """An inversion whose linear objects are convolved with the PSF of imaging data."""

    @property
    def psf(self) -> Any:
        """The point spread function, or None."""
        return self.dataset.psf

    @derived
    def _operated_matrices(self) -> list[Any]:
        """The convolved mapping matrix of each linear object: sparse in NumPy mode, unless an object gives its own."""
        return [self._operated_matrix_from(linear_obj) for linear_obj in self.linear_obj_list]

    def _operated_matrix_from(self, linear_obj: Any) -> Any:
        override = linear_obj.operated_mapping_matrix_override
        if override is not None:
            return override
        matrix = linear_obj.mapping_matrix if self.use_jax else linear_obj.mapping_matrix_sparse
        if self.psf is None:
            return matrix
        return self.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=self.mask, xp=self._xp)

    @property
    def operated_mapping_matrix_list(self) -> list[Any]:
        return [matrix.toarray() if inversion_util.is_sparse(matrix) else matrix for matrix in self._operated_matrices]

    def _images_from(self, matrices: list[Any]) -> dict[Any, Array2D]:
        reconstructions = self.reconstruction_dict
        return {
            linear_obj: Array2D(values=matrix @ reconstructions[linear_obj], mask=self.mask, xp=self._xp)
            for linear_obj, matrix in zip(self.linear_obj_list, matrices, strict=True)
        }

    @property
    def mapped_reconstructed_data_dict(self) -> dict[Any, Array2D]:
        return self._images_from(
            [
                linear_obj.mapping_matrix if self.use_jax else linear_obj.mapping_matrix_sparse
                for linear_obj in self.linear_obj_list
            ]
        )

    @property
    def mapped_reconstructed_operated_data_dict(self) -> dict[Any, Array2D]:
        return self._images_from(self._operated_matrices)
