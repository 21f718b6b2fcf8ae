# pyright: strict, reportMissingTypeStubs=false
"""The inversion of imaging data without a convolved mapping matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray._state import derived
from autoarray._typing import Array
from autoarray.inversion.inversion._curvature.products import psf_weighted_data_for
from autoarray.inversion.inversion._curvature.strategy import sparse_operator_for
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping

if TYPE_CHECKING:
    from autoarray.inversion.inversion.imaging.inversion_imaging_util import ImagingSparseOperator


class InversionImagingSparse(InversionImagingMapping):
    """Builds the linear system from the sparse operator of a dataset, see `Imaging.apply_sparse_operator`.

    The system is that of `InversionImagingMapping`, to rounding. In JAX mode a GPU convolves the images of
    `ImagingSparseOperator.batch_size` mesh pixels at a time, and `Settings.use_mixed_precision` has no effect there. In
    NumPy mode, and on a CPU, it is formed as for `InversionImagingMapping`, which is faster than an operator.
    """

    @property
    def _sparse_operator(self) -> ImagingSparseOperator | None:
        return sparse_operator_for(self.dataset, self.linear_obj_list)

    @derived
    def psf_weighted_data(self) -> Array:
        """The data over the variances, convolved with the transposed PSF, of shape (data_pixels,)."""
        data, noise_map = self._array(self.data), self._array(self.noise_map)
        return psf_weighted_data_for(data, noise_map, self.psf, self.mask, self._xp)
