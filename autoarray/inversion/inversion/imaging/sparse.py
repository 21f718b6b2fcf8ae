"""The inversion of imaging data without a convolved mapping matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._state import derived
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._curvature import operator as mapped
from autoarray.inversion.inversion._curvature import precision_tiles
from autoarray.inversion.inversion.imaging import inversion_imaging_util
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper


class InversionImagingSparse(InversionImagingMapping):
    """Builds the linear system from the sparse operator of a dataset, see `Imaging.apply_sparse_operator`.

    The system is that of `InversionImagingMapping`, to rounding. In NumPy mode it is F = A^T W A with the mapping
    matrix A and the blocks of the operator W. JAX convolves, on a GPU, the images of `ImagingSparseOperator.batch_size`
    mesh pixels at a time; on a CPU the two inversions are one computation, and the only one that
    `Settings.use_mixed_precision` has an effect on.

    A dataset whose noise map or PSF is not that of its operator is inverted as by `InversionImagingMapping`.
    """

    @property
    def _in_tiles(self) -> bool:
        """Whether the system follows from the blocks of the operator."""
        operator = self.dataset.sparse_operator
        if self.use_jax or operator.psf is not self.psf:
            return False
        noise_map = operator.noise_map
        is_own = noise_map is self.noise_map or np.array_equal(noise_map.array, self.noise_map.array)
        return is_own and all(map(mapped.is_mapped, self.cls_list_from(Mapper)))

    @derived
    def psf_weighted_data(self) -> Any:
        """The data over the variances, convolved with the transposed PSF, of shape (data_pixels,)."""
        weight_map = np.zeros(self.mask.shape_native)
        native_for_slim = self.mask.derive_indexes.native_for_slim
        values = self._array(self.data) / self._array(self.noise_map) ** 2
        if self.use_jax:
            weight_map = self._xp.asarray(weight_map).at[tuple(native_for_slim.T)].set(values)
        else:
            weight_map[tuple(native_for_slim.T)] = values
        if self.psf is None:
            return values
        return inversion_imaging_util.psf_weighted_data_from(
            weight_map_native=weight_map,
            kernel_native=self.psf.kernel.native.array,
            native_index_for_slim_index=native_for_slim,
            xp=self._xp,
        )

    # ------------------------------------------------------------------ NumPy

    @derived
    def _matrix_of_mappers(self) -> Any:
        """The mapping matrices before the PSF, as a SciPy sparse array; empty columns for what is no mapper's."""
        from scipy.sparse import csr_array, hstack

        pixels = self.data.shape[0]
        matrices = [
            linear_obj.mapping_matrix_sparse
            if isinstance(linear_obj, Mapper)
            else csr_array((pixels, linear_obj.params))
            for linear_obj in self.linear_obj_list
        ]
        return matrices[0] if len(matrices) == 1 else hstack(matrices, format="csr")

    @derived
    def _functions(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The parameters that are no mapper's, and their images after the PSF, of shape (data_pixels, parameters)."""
        ranges = self.param_range_list_from(LinearObj)
        parts = [
            (np.arange(*limits), self._operated_matrix_from(linear_obj))
            for linear_obj, limits in zip(self.linear_obj_list, ranges, strict=True)
            if not isinstance(linear_obj, Mapper)
        ]
        if not parts:
            return None
        index, matrices = zip(*parts, strict=True)
        dense = [matrix.toarray() if inversion_util.is_sparse(matrix) else matrix for matrix in matrices]
        return np.concatenate(index), np.hstack(dense)

    @derived
    def data_vector(self) -> Any:
        if not self._in_tiles:
            return super().data_vector
        data_vector = self._matrix_of_mappers.T @ self.psf_weighted_data
        if self._functions is not None:
            index, images = self._functions
            data_vector[index] = inversion_util.data_vector_from(
                images, self._array(self.data), self._array(self.noise_map)
            )
        return data_vector

    @derived
    def curvature_matrix(self) -> Any:
        if self._preloaded_curvature_matrix is not None or not self._in_tiles:
            return super().curvature_matrix
        matrix = precision_tiles.curvature_matrix_from(self.dataset.sparse_operator.tiles, self._matrix_of_mappers)
        if self._functions is None:
            return matrix
        index, images = self._functions
        weighted = images / self._array(self.noise_map)[:, None] ** 2
        back = self.psf.reversed_kernel.convolved_mapping_matrix_from(mapping_matrix=weighted, mask=self.mask)
        columns = self._matrix_of_mappers.T @ back
        columns[index] = images.T @ weighted
        matrix[:, index] = columns
        matrix[index] = columns.T
        return inversion_util.curvature_matrix_with_added_to_diag_from(
            matrix,
            self.settings.no_regularization_add_to_curvature_diag_value,
            self.no_regularization_index_list,
        )

    def _operated_image_from(self, linear_obj: Any, parameters: Any) -> Any:
        if not (self._in_tiles and isinstance(linear_obj, Mapper)):
            return super()._operated_image_from(linear_obj, parameters)
        image = self._image_from(linear_obj, parameters)
        return self.psf.convolved_mapping_matrix_from(mapping_matrix=image[:, None], mask=self.mask)[:, 0]

    # ------------------------------------------------------------------ JAX

    @property
    def _curvature_matrix_of_mappers(self) -> Any:
        from autoarray.inversion.inversion._curvature.batched_jax import curvature_matrix_from

        return curvature_matrix_from(*self._operator_and_weights, self.dataset.sparse_operator.batch_size)
