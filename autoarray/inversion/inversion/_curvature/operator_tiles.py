"""The linear system from the tiles of a sparse operator, in NumPy mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.inversion._curvature import precision_tiles
from autoarray.inversion.inversion._curvature.mappers_and_functions import MappersAndFunctions
from autoarray.inversion.inversion._curvature.products import psf_weighted_data_for
from autoarray.inversion.inversion._curvature.weights import is_interpolated
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.settings import Settings

if TYPE_CHECKING:
    from jaxtyping import Float
    from scipy.sparse import csr_array

    from autoarray.inversion.inversion.dataset_interface import ImagingDataset
    from autoarray.inversion.inversion.imaging.inversion_imaging_util import ImagingSparseOperator


class OperatorTiles(MappersAndFunctions):
    """Forms F = A^T W A from the sparse mapping matrices A of mappers and the tiles of W = P^T N^-1 P.

    Parameters
    ----------
    dataset, linear_obj_list, settings, xp
        As in `LinearSystem`.
    operator
        The `ImagingSparseOperator` of the dataset's own noise map and PSF.
    """

    def __init__(
        self,
        dataset: ImagingDataset,
        linear_obj_list: list[LinearObj],
        settings: Settings,
        operator: ImagingSparseOperator,
        xp: Namespace = np,
    ) -> None:
        super().__init__(dataset, linear_obj_list, settings, xp)
        self.operator = operator

    @derived
    def _mapping_matrix(self) -> Float[csr_array, "data_pixels params"]:
        """The mapping matrices before the PSF; empty columns for functions."""
        from scipy.sparse import csr_array, hstack

        pixels = self.data.shape[0]
        matrices = [
            linear_obj.mapping_matrix_sparse if is_interpolated(linear_obj) else csr_array((pixels, linear_obj.params))
            for linear_obj in self.linear_obj_list
        ]
        return matrices[0] if len(matrices) == 1 else csr_array(hstack(matrices, format="csr"))

    @property
    def _data_vector_of_mappers(self) -> Float[Array, "params"]:
        return self._mapping_matrix.T @ psf_weighted_data_for(self.data, self.noise_map, self.operator.psf, self.mask)

    @property
    def _curvature_matrix_of_mappers(self) -> Float[Array, "params params"]:
        return precision_tiles.curvature_matrix_from(self.operator.tiles, self._mapping_matrix)

    def _transposed_product_from(self, images: Float[Array, "data_pixels *images"]) -> Float[Array, "params *images"]:
        return self._mapping_matrix.T @ self._convolve(images, self.operator.psf.reversed_kernel)

    def operated_image_from(
        self, linear_obj: LinearObj, parameters: Float[Array, "params"]
    ) -> Float[Array, "data_pixels"]:
        if not is_interpolated(linear_obj):
            return super().operated_image_from(linear_obj, parameters)
        return self._convolve(self.image_from(linear_obj, parameters)[:, None], self.operator.psf)[:, 0]
