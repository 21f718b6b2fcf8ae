"""What a dataset refuses, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import is_tracer
from autoarray.operators.over_sampling.over_sample_util import is_size

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D


def check_masks(data: Array2D, noise_map: Array2D) -> None:
    """Refuse data and a noise map that are not defined in the same pixels."""
    if data.shape_native != noise_map.shape_native:
        raise exc.DatasetException(
            f"noise_map: expected the shape {data.shape_native} of the data, found {noise_map.shape_native}"
        )
    if data.mask is noise_map.mask:
        return
    data_mask, noise_mask = np.asarray(data.mask.array), np.asarray(noise_map.mask.array)
    if not np.array_equal(data_mask, noise_mask):
        raise exc.DatasetException(
            f"noise_map: expected the mask of the data, with {np.count_nonzero(~data_mask)} unmasked pixels, found "
            f"one with {np.count_nonzero(~noise_mask)}, which differs in {np.count_nonzero(data_mask != noise_mask)}"
        )
    check_pixel_scales("noise_map", noise_map.mask, data.mask)


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


def check_values(name: str, array: Array2D, positive: bool) -> None:
    """Refuse values of unmasked pixels that are not finite, or of a noise map that are not positive."""
    if is_tracer(array.array):  # its numbers are not known
        return
    values = np.asarray(array.slim.array)
    bad = ~np.isfinite(values)
    if bad.any():
        raise exc.DatasetException(
            f"{name}: expected finite values in all {values.size} unmasked pixels, found NaN or infinity in "
            f"{_where(array, bad)}; mask these pixels (Array2D with a mask, or Imaging with check_noise_map=False "
            "and then apply_mask)"
        )
    if not positive:
        return
    bad = values <= 0.0
    if bad.any():
        raise exc.DatasetException(
            f"{name}: expected positive values in all {values.size} unmasked pixels, found values of at most zero, "
            f"the lowest {values[bad].min()}, in {_where(array, bad)}; mask these pixels, or correct their noise"
        )


def _where(array: Array2D, bad: np.ndarray) -> str:
    rows, columns = np.nonzero(~np.asarray(array.mask.array))
    first = [(int(row), int(column)) for row, column in zip(rows[bad][:3], columns[bad][:3], strict=True)]
    more = ", ..." if np.count_nonzero(bad) > len(first) else ""
    return f"{np.count_nonzero(bad)} of them, at (row, column) {', '.join(map(str, first))}{more}"


def check_covariance(matrix: np.ndarray, pixels: int) -> None:
    """Refuse a noise covariance matrix of another shape than the data ask for, or that is not finite."""
    if matrix.shape != (pixels, pixels):
        raise exc.DatasetException(
            f"noise_covariance_matrix: expected shape {(pixels, pixels)} for {pixels} unmasked pixels, "
            f"found {matrix.shape}"
        )
    if not np.isfinite(matrix).all():
        raise exc.DatasetException("noise_covariance_matrix: expected finite values, found NaN or infinity")


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
