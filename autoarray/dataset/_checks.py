"""What a dataset refuses, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import ArrayLike
from autoarray.operators.over_sampling.over_sample_util import is_size

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D


def check_noise_map(noise_map: Array2D, mask: Mask2D) -> None:
    """Refuse a noise map that lacks an unmasked pixel of the data's mask, or whose pixels have another size."""
    if noise_map.mask is mask:
        return
    if mask.shape_native != noise_map.shape_native:
        raise exc.DatasetException(
            f"noise_map: expected the shape {mask.shape_native} of the data, found {noise_map.shape_native}"
        )
    data_mask, noise_mask = np.asarray(mask.array), np.asarray(noise_map.mask.array)
    lacking = np.count_nonzero(noise_mask & ~data_mask)
    if lacking:
        raise exc.DatasetException(
            f"noise_map: expected the noise of the {np.count_nonzero(~data_mask)} unmasked pixels of the data, found "
            f"a mask with {np.count_nonzero(~noise_mask)} unmasked pixels, which lacks {lacking} of them"
        )
    check_pixel_scales("noise_map", noise_map.mask, mask)


def check_pixel_scales(name: str, mask: Mask2D, data_mask: Mask2D) -> None:
    """Refuse a mask whose pixels have another size than those of the data."""
    if not np.allclose(mask.pixel_scales, data_mask.pixel_scales, rtol=1e-8, atol=0.0):
        raise exc.DatasetException(
            f"{name}: expected the pixel scales {data_mask.pixel_scales} of the data, found {mask.pixel_scales} "
            "(arc-seconds, y and x)"
        )


def check_unmasked(mask: Mask2D) -> None:
    """Refuse a mask without an unmasked pixel."""
    if mask.is_all_true:
        raise exc.DatasetException(
            f"mask: expected at least one unmasked pixel, found none in an array of shape {mask.shape_native}"
        )


def check_covariance(covariance: ArrayLike, pixels: int) -> np.ndarray:
    """A noise covariance matrix as an array, if it is finite and has the shape that the data ask for."""
    matrix = np.asarray(numbers_from(covariance, "noise_covariance_matrix", exc.DatasetException))
    if matrix.shape != (pixels, pixels):
        raise exc.DatasetException(
            f"noise_covariance_matrix: expected shape {(pixels, pixels)} for {pixels} unmasked pixels, "
            f"found {matrix.shape}"
        )
    if not np.isfinite(matrix).all():
        first = tuple(int(index) for index in np.argwhere(~np.isfinite(matrix))[0])
        raise exc.DatasetException(
            f"noise_covariance_matrix: expected finite values, found NaN or infinity, the first at {first}"
        )
    return matrix


def check_convolve_over_sample_size(name: str, size: object, over_sample_size: Array2D) -> None:
    """Refuse an over-sampling of the PSF that the sub sizes of pixels are no multiples of."""
    if not is_size(size):
        raise exc.DatasetException(f"convolve_over_sample_size_{name}: expected an integer of at least 1, found {size}")
    sizes = np.unique(np.asarray(over_sample_size.array))
    wrong = sizes[sizes % size != 0]
    if wrong.size:
        raise exc.DatasetException(
            f"over_sample_size_{name}: expected multiples of convolve_over_sample_size_{name}={size}, so that "
            f"sub-pixels can be averaged in the pixels of the PSF, found {wrong.tolist()}"
        )
