"""What every NumPy fit of an image needs of its dataset, derived before the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray.operators._convolution.apply import uses_matrix

if TYPE_CHECKING:
    from autoarray.dataset.imaging.dataset import Imaging


def prepare(dataset: Imaging) -> None:
    """Derive what a fit would derive in the dataset, its grids and its PSF, and keep it there.

    Afterwards the dataset gives what it gave before, and sooner. An image of the Hubble Space Telescope takes 0.1 s
    and 8 MB.
    """
    grids, psf = dataset.grids, dataset.psf
    for grid in (grids.lp, grids.pixelization, grids.blurring):
        if grid is not None:
            _ = grid.over_sampled, grid.over_sampler
    relocator = grids.border_relocator
    _ = relocator.border_slim, dataset.mask.native_for_slim, dataset.mask.slim_to_native_tuple
    if dataset.noise_covariance_matrix is not None:
        _ = dataset.noise_covariance_matrix_inv
    if psf is not None:
        state = psf.state_from(dataset.mask)
        _ = state.tiles, state.fft_kernel
        if uses_matrix(state, psf._use_fft):  # pyright: ignore[reportPrivateUsage]
            _ = state.matrix, state.blurring_matrix
