"""The linear system from sparse mapping matrices, tile by tile of the image, in NumPy mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array
from autoarray.inversion.inversion._curvature import tile_sums
from autoarray.inversion.inversion._curvature.mappers_and_functions import MappersAndFunctions, put
from autoarray.inversion.inversion._curvature.noise import over_variance
from autoarray.inversion.inversion._curvature.weights import is_interpolated
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.operators._convolution.tiles import tiles_without_kernel

if TYPE_CHECKING:
    from jaxtyping import Float
    from scipy.sparse import csr_array

    from autoarray.operators._convolution.state import ConvolverState
    from autoarray.operators.convolver import Convolver


class ImageTiles(MappersAndFunctions):
    """Sums the products of B = P A over the tiles of the image, from the mapping matrices A; it forms no B."""

    def _data_vector_of_mappers_from(self, weighted: Float[Array, "data_pixels"]) -> Float[Array, "params"]:
        returned = weighted if self.psf is None else self._state_of(self.psf).correlate(np.asarray(weighted))
        return self._mapping_matrix.T @ returned

    @property
    def curvature_matrix(self) -> Float[Array, "params params"]:
        noise_map = np.asarray(self.noise_map)
        images = np.empty((noise_map.size, 0)) if self._functions is None else np.asarray(self._functions.images)
        matrix, shared = tile_sums.products_from(
            tiles_without_kernel(self.mask) if self.psf is None else self._state_of(self.psf).tiles,
            self._mapping_matrix,
            noise_map,
            images,
            single_precision=bool(self.settings.use_mixed_precision),
        )
        if self._functions is None:
            return matrix
        index = self._functions.index
        columns = put(shared, index, images.T @ over_variance(images, noise_map))
        return put(put(matrix, (slice(None), index), columns), index, columns.T)

    def _state_of(self, psf: Convolver) -> ConvolverState:
        return psf.state_from(self.mask)

    @derived
    def _mapping_matrix(self) -> Float[csr_array, "sub_pixels params"]:
        """The mapping matrices at the resolution of the PSF; empty columns for functions."""
        from scipy.sparse import csr_array, hstack

        size = 1 if self.psf is None else self.psf.convolve_over_sample_size
        rows = self.mask.pixels_in_mask * size**2
        matrices = [
            self._matrix_for_psf_from(linear_obj)
            if is_interpolated(linear_obj)
            else csr_array((rows, linear_obj.params))
            for linear_obj in self.linear_obj_list
        ]
        return csr_array(matrices[0] if len(matrices) == 1 else hstack(matrices, format="csr"))

    def operated_image_from(
        self, linear_obj: LinearObj, parameters: Float[Array, "params"]
    ) -> Float[Array, "data_pixels"]:
        if not is_interpolated(linear_obj):
            return super().operated_image_from(linear_obj, parameters)
        image = self._matrix_for_psf_from(linear_obj) @ parameters
        return image if self.psf is None else self._convolve(image, self.psf)
