"""The inversion of imaging data through mapping matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._backend import is_tracer
from autoarray._state import derived
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._curvature import operator as mapped
from autoarray.inversion.inversion.imaging.abstract import AbstractInversionImaging
from autoarray.inversion.linear_obj.linear_obj import LinearObj


class InversionImagingMapping(AbstractInversionImaging):
    """Builds the linear system from the convolved mapping matrix of every linear object.

    In NumPy mode the matrices are sparse. In JAX mode, where shapes can't depend on values, those of mappers are not
    built at all: the system follows from the weights of their sub-pixels.
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
        if self._in_weights:
            return self._data_vector_in_weights
        return inversion_util.data_vector_from(
            operated_mapping_matrix=self._operated_matrix,
            data=self._array(self.data),
            noise_map=self._array(self.noise_map),
        )

    @derived
    def curvature_matrix(self) -> Any:
        preloaded = self._preloaded_curvature_matrix
        if preloaded is not None:
            return preloaded
        if self._in_weights:
            return inversion_util.curvature_matrix_with_added_to_diag_from(
                self._curvature_matrix_in_weights,
                self.settings.no_regularization_add_to_curvature_diag_value,
                self.no_regularization_index_list,
                self._xp,
            )
        return inversion_util.curvature_matrix_via_mapping_matrix_from(
            mapping_matrix=self._operated_matrix,
            noise_map=self._array(self.noise_map),
            add_to_curvature_diag=True,
            no_regularization_index_list=self.no_regularization_index_list,
            settings=self.settings,
            xp=self._xp,
            native_for_slim=self.mask.derive_indexes.native_for_slim,
        )

    # ------------------------------------------------------------------ JAX

    @property
    def _in_weights(self) -> bool:
        """Whether the system follows from the weights of mappers, the PSF being at the resolution of the data."""
        fine = self.psf is not None and self.psf.convolve_over_sample_size > 1
        fixed = not is_tracer(self.noise_map.array)
        return self.use_jax and fixed and not fine and any(map(mapped.is_mapped, self.linear_obj_list))

    @derived
    def _operator_and_weights(self) -> tuple[mapped.MappedOperator, list[mapped.Weights]]:
        ranges = self.param_range_list_from(LinearObj)
        mappers: dict[int, Any] = {
            start: linear_obj
            for linear_obj, (start, _) in zip(self.linear_obj_list, ranges, strict=True)
            if mapped.is_mapped(linear_obj)
        }
        operator = mapped.MappedOperator(
            slims=tuple(mapper.slim_index_for_sub_slim_index for mapper in mappers.values()),
            params=self.total_params,
            psf=self.psf,
            mask=self.mask,
            noise_map=np.asarray(self.noise_map.array),
            single_precision=self.settings.use_mixed_precision,
        )
        return operator, [mapped.weights_from(mapper, start, self._xp) for start, mapper in mappers.items()]

    @derived
    def _unmapped(self) -> tuple[np.ndarray, Any] | None:
        """The parameters that are no mapper's, and their images after the PSF of shape (data_pixels, parameters)."""
        ranges = self.param_range_list_from(LinearObj)
        unmapped = [
            (np.arange(*limits), self._operated_matrix_from(linear_obj))
            for linear_obj, limits in zip(self.linear_obj_list, ranges, strict=True)
            if not mapped.is_mapped(linear_obj)
        ]
        if not unmapped:
            return None
        indexes, matrices = zip(*unmapped, strict=True)
        return np.concatenate(indexes), self._xp.hstack(matrices)

    def _transposed(self, images: Any) -> Any:
        """The product of the transposed mapping matrix and PSF with images of shape (data_pixels, ...)."""
        operator, weights = self._operator_and_weights
        if self.psf is not None:
            images = self.psf.reversed_kernel.convolved_mapping_matrix_from(
                mapping_matrix=images, mask=self.mask, xp=self._xp
            )
        return operator.mapped_from(weights, images, self._xp)

    @property
    def _data_vector_in_weights(self) -> Any:
        weighted = self._array(self.data) / self._array(self.noise_map) ** 2
        data_vector = self._transposed(weighted)
        if self._unmapped is None:
            return data_vector
        index, matrix = self._unmapped
        return data_vector.at[index].set(matrix.T @ weighted)

    @property
    def _curvature_matrix_of_mappers(self) -> Any:
        """The curvature matrix with zeros for the parameters that are no mapper's."""
        from autoarray.inversion.inversion._curvature.callback_jax import curvature_matrix_from

        return curvature_matrix_from(*self._operator_and_weights)

    @property
    def _curvature_matrix_in_weights(self) -> Any:
        matrix = self._curvature_matrix_of_mappers
        if self._unmapped is None:
            return matrix
        index, images = self._unmapped
        weighted = images / self._array(self.noise_map)[:, None] ** 2
        columns = self._transposed(weighted).at[index].set(images.T @ weighted)
        return matrix.at[:, index].set(columns).at[index].set(columns.T)
