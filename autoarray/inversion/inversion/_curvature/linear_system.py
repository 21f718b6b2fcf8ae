"""What every way to form a linear system shares: its ingredients, convolved mapping matrices and images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array
from autoarray._state import derived
from autoarray._typing import Array, Matrix, Namespace
from autoarray.inversion.inversion._curvature.weights import image_from, is_interpolated
from autoarray.inversion.linear_obj.linear_obj import LinearObj, param_ranges_from
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.settings import Settings

if TYPE_CHECKING:
    from jaxtyping import Float

    from autoarray.inversion.inversion.dataset_interface import ImagingDataset
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators.convolver import Convolver


class LinearSystem(Backend):
    """The linear system of an inversion, D = B^T N^-1 d and F = B^T N^-1 B, and the images of its parameters.

    B = P A is the mapping matrix A of all linear objects, convolved with the PSF P; N is the noise and d the data. The
    subclasses are the ways to form the system; `strategy.py` chooses among them.

    Parameters
    ----------
    dataset, linear_obj_list, settings, xp
        As in `AbstractInversion`.
    """

    def __init__(
        self,
        dataset: ImagingDataset,
        linear_obj_list: list[LinearObj],
        settings: Settings,
        xp: Namespace = np,
    ) -> None:
        self._set_backend(xp)
        self.dataset = dataset
        self.linear_obj_list = linear_obj_list
        self.settings = settings

    @property
    def data_vector(self) -> Float[Array, "params"]:
        """The data vector D, of shape (params,)."""
        raise NotImplementedError(f"{type(self).__name__} has no data vector")

    @property
    def curvature_matrix(self) -> Float[Array, "params params"]:
        """The curvature matrix F, of shape (params, params), before anything is added to its diagonal."""
        raise NotImplementedError(f"{type(self).__name__} has no curvature matrix")

    # ------------------------------------------------------------------ ingredients

    @property
    def data(self) -> Float[Array, "data_pixels"]:
        """The data, of shape (data_pixels,)."""
        return as_array(self.dataset.data.array, self._xp)

    @property
    def noise_map(self) -> Float[Array, "data_pixels"]:
        """The standard deviations of the data, of shape (data_pixels,)."""
        return as_array(self.dataset.noise_map.array, self._xp)

    @property
    def psf(self) -> Convolver | None:
        """The point spread function, or None."""
        return self.dataset.psf

    @property
    def mask(self) -> Mask2D:
        """The mask of the data."""
        return self.dataset.data.mask

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """The first and one past the last parameter of each linear object."""
        return param_ranges_from(self.linear_obj_list)

    # ------------------------------------------------------------------ convolved mapping matrices

    @property
    def operated_matrices(self) -> list[Float[Matrix, "data_pixels params"]]:
        """The convolved mapping matrix of each linear object: sparse in NumPy mode, unless an object gives its own."""
        matrices = self._operated_matrices_of_mappers | self._operated_matrices_of_functions
        return [matrices[i] for i in range(len(self.linear_obj_list))]

    @derived
    def _operated_matrices_of_mappers(self) -> dict[int, Matrix]:
        """The convolved mapping matrices that follow from interpolation weights, by the index of their object."""
        return {i: self._operated_matrix_from(o) for i, o in enumerate(self.linear_obj_list) if is_interpolated(o)}

    @derived
    def _operated_matrices_of_functions(self) -> dict[int, Matrix]:
        """Those of all other linear objects, such as light profiles."""
        return {i: self._operated_matrix_from(o) for i, o in enumerate(self.linear_obj_list) if not is_interpolated(o)}

    def _operated_matrix_from(self, linear_obj: LinearObj) -> Float[Matrix, "data_pixels params"]:
        override = linear_obj.operated_mapping_matrix_override
        if override is not None:
            return override
        matrix = self._matrix_for_psf_from(linear_obj)
        if self.psf is None:
            return matrix
        return self.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=self.mask, xp=self._xp)

    def _convolve(
        self, images: Float[Array, "data_pixels *images"], psf: Convolver
    ) -> Float[Array, "data_pixels *images"]:
        """Images convolved inside the mask."""
        return psf.convolved_mapping_matrix_from(mapping_matrix=images, mask=self.mask, xp=self._xp)

    @property
    def _psf_is_fine(self) -> bool:
        """Whether the PSF is sampled more finely than the data."""
        return self.psf is not None and self.psf.convolve_over_sample_size > 1

    def _matrix_for_psf_from(self, linear_obj: LinearObj) -> Float[Matrix, "sub_pixels params"]:
        """The mapping matrix at the resolution of the PSF; sparse in NumPy mode."""
        if self.psf is None or not self._psf_is_fine:
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

    # ------------------------------------------------------------------ images

    def image_from(self, linear_obj: LinearObj, parameters: Float[Array, "params"]) -> Float[Array, "data_pixels"]:
        """The image of the parameters of a linear object before the PSF, of shape (data_pixels,)."""
        if self.use_jax and isinstance(linear_obj, Mapper) and is_interpolated(linear_obj):
            return image_from(linear_obj, parameters, self._xp)
        matrix = linear_obj.mapping_matrix if self.use_jax else linear_obj.mapping_matrix_sparse
        return matrix @ parameters

    def operated_image_from(
        self, linear_obj: LinearObj, parameters: Float[Array, "params"]
    ) -> Float[Array, "data_pixels"]:
        """The image of the parameters of a linear object after the PSF, of shape (data_pixels,)."""
        if not self.use_jax or not is_interpolated(linear_obj) or self._psf_is_fine:
            return self._operated_matrix_of(linear_obj) @ parameters
        # In JAX the matrix is dense, and the convolution of one image is far less work than that of every column.
        image = self.image_from(linear_obj, parameters)
        return image if self.psf is None else self._convolve(image, self.psf)

    def _operated_matrix_of(self, linear_obj: LinearObj) -> Float[Matrix, "data_pixels params"]:
        matrices = (
            self._operated_matrices_of_mappers if is_interpolated(linear_obj) else self._operated_matrices_of_functions
        )
        return matrices[self.linear_obj_list.index(linear_obj)]
