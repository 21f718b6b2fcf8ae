"""The inversion of imaging data without a convolved mapping matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._state import derived
from autoarray.inversion.inversion.imaging import inversion_imaging_util
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping


class InversionImagingSparse(InversionImagingMapping):
    """Builds the linear system from the sparse operator of a dataset, see `Imaging.apply_sparse_operator`.

    The system is that of `InversionImagingMapping`, to rounding. On a GPU the convolved mapping matrix of all mesh
    pixels is never in memory, only that of `ImagingSparseOperator.batch_size` of them; where NumPy computes, or JAX on
    a CPU, it is sparse in either inversion, and the two are one computation. The noise map is that of the inversion's
    dataset, which may differ from the one that the operator was made with.
    """

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

    @property
    def _curvature_matrix_of_mappers(self) -> Any:
        from autoarray.inversion.inversion.curvature_batched_jax import curvature_matrix_from

        return curvature_matrix_from(*self._operator_and_weights, self.dataset.sparse_operator.batch_size)
