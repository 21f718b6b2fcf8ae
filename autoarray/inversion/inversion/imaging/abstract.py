# pyright: strict, reportMissingTypeStubs=false
"""What all inversions of imaging data share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from autoarray._state import derived
from autoarray._typing import Array
from autoarray.inversion.inversion._curvature.linear_system import LinearSystem
from autoarray.inversion.inversion._curvature.noise import over_variance
from autoarray.inversion.inversion._curvature.products import dense_from
from autoarray.inversion.inversion._curvature.strategy import linear_system_from
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from autoarray.inversion.inversion.imaging.inversion_imaging_util import ImagingSparseOperator
    from autoarray.operators.convolver import Convolver


class AbstractInversionImaging(AbstractInversion):
    """An inversion whose linear objects are convolved with the PSF of imaging data."""

    @property
    def psf(self) -> Convolver | None:
        """The point spread function, or None."""
        return self.dataset.psf

    @property
    def _sparse_operator(self) -> ImagingSparseOperator | None:
        """The sparse operator that the linear system may be formed with, or None."""
        return None

    @derived
    def _linear_system(self) -> LinearSystem:
        return linear_system_from(
            self.dataset, self.linear_obj_list, self.settings, operator=self._sparse_operator, xp=self._xp
        )

    @property
    def data_linear_func_matrix_dict(self) -> dict[LinearObj, Array]:
        """For each list of functions its convolved images over the variance, convolved once more.

        Of shape (data_pixels, params). Multiplied with a mapping matrix before the PSF it gives what functions and mesh
        pixels share of the curvature matrix, up to the direction of the second convolution: like PyAutoArray's it is
        with the PSF itself, which is the transposed one for a PSF that is symmetric about its centre.
        """
        noise_map, psf = self._array(self.noise_map), self.psf
        weighted = {
            linear_obj: over_variance(matrix, noise_map)
            for linear_obj, matrix in self.linear_func_operated_mapping_matrix_dict.items()
        }
        if psf is None:
            return weighted
        return {
            linear_obj: psf.convolved_mapping_matrix_from(mapping_matrix=images, mask=self.mask, xp=self._xp)
            for linear_obj, images in weighted.items()
        }

    @property
    def operated_mapping_matrix_list(self) -> list[Array]:
        return [dense_from(matrix) for matrix in self._linear_system.operated_matrices]

    def _images_from(self, image_from: Callable[[LinearObj, Array], Array]) -> dict[LinearObj, Array2D]:
        return {
            linear_obj: Array2D(values=image_from(linear_obj, parameters), mask=self.mask, xp=self._xp)
            for linear_obj, parameters in self.reconstruction_dict.items()
        }

    @property
    def mapped_reconstructed_data_dict(self) -> dict[LinearObj, Array2D]:
        return self._images_from(self._linear_system.image_from)

    @property
    def mapped_reconstructed_operated_data_dict(self) -> dict[LinearObj, Array2D]:
        return self._images_from(self._linear_system.operated_image_from)
