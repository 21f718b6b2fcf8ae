"""What all inversions of imaging data share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autoarray import exc
from autoarray._state import derived
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._curvature import operator
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.inversion.mappers.abstract import Mapper
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
        matrix = self._matrix_for_psf_from(linear_obj)
        if self.psf is None:
            return matrix
        return self.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=self.mask, xp=self._xp)

    @property
    def _psf_is_fine(self) -> bool:
        """Whether the PSF is sampled more finely than the data."""
        return self.psf is not None and self.psf.convolve_over_sample_size > 1

    def _matrix_for_psf_from(self, linear_obj: Any) -> Any:
        """The mapping matrix at the resolution of the PSF; sparse in NumPy mode."""
        if not self._psf_is_fine:
            return linear_obj.mapping_matrix if self.use_jax else linear_obj.mapping_matrix_sparse
        size = self.psf.convolve_over_sample_size
        if not isinstance(linear_obj, Mapper):
            raise exc.InversionException(
                f"{type(linear_obj).__name__}: expected an operated_mapping_matrix_override, because the PSF is "
                f"sampled {size} times more finely than the data and the mapping matrix is not, found None"
            )
        if self.use_jax:
            return linear_obj.mapping_matrix_over_sampled_for(convolve_over_sample_size=size)
        return linear_obj.mapping_matrix_over_sampled_sparse_for(convolve_over_sample_size=size)

    @property
    def data_linear_func_matrix_dict(self) -> dict[Any, Any]:
        """For each list of functions its convolved images over the variance, convolved once more.

        Of shape (data_pixels, params). Multiplied with a mapping matrix before the PSF it gives what functions and mesh
        pixels share of the curvature matrix, up to the direction of the second convolution: like PyAutoArray's it is
        with the PSF itself, which is the transposed one for a PSF that is symmetric about its centre.
        """
        variances = self._array(self.noise_map)[:, None] ** 2
        psf = self.psf
        return {
            linear_obj: matrix / variances
            if psf is None
            else psf.convolved_mapping_matrix_from(mapping_matrix=matrix / variances, mask=self.mask, xp=self._xp)
            for linear_obj, matrix in self.linear_func_operated_mapping_matrix_dict.items()
        }

    @property
    def operated_mapping_matrix_list(self) -> list[Any]:
        return [matrix.toarray() if inversion_util.is_sparse(matrix) else matrix for matrix in self._operated_matrices]

    def _images_from(self, image_from: Callable[[Any, Any], Any]) -> dict[Any, Array2D]:
        return {
            linear_obj: Array2D(values=image_from(linear_obj, parameters), mask=self.mask, xp=self._xp)
            for linear_obj, parameters in self.reconstruction_dict.items()
        }

    def _image_from(self, linear_obj: Any, parameters: Any) -> Any:
        """The image of the parameters of a linear object before the PSF, of shape (data_pixels,)."""
        if self.use_jax and operator.is_mapped(linear_obj):
            return operator.image_from(linear_obj, parameters, self._xp)
        matrix = linear_obj.mapping_matrix if self.use_jax else linear_obj.mapping_matrix_sparse
        return matrix @ parameters

    def _operated_image_from(self, linear_obj: Any, parameters: Any) -> Any:
        if not (self.use_jax and operator.is_mapped(linear_obj)) or self._psf_is_fine:
            return self._operated_matrices[self.linear_obj_list.index(linear_obj)] @ parameters
        # In JAX the matrix is dense, and the convolution of one image is far less work than that of every column.
        image = self._image_from(linear_obj, parameters)
        if self.psf is None:
            return image
        return self.psf.convolved_mapping_matrix_from(mapping_matrix=image, mask=self.mask, xp=self._xp)

    @property
    def mapped_reconstructed_data_dict(self) -> dict[Any, Array2D]:
        return self._images_from(self._image_from)

    @property
    def mapped_reconstructed_operated_data_dict(self) -> dict[Any, Array2D]:
        return self._images_from(self._operated_image_from)
