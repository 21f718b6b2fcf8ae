"""Kernels on other numbers of pixels."""

# pyright: strict, reportMissingTypeStubs=false

from __future__ import annotations

from typing import cast

import numpy as np

from autoarray import exc
from autoarray._validation import check_number


def kernel_rescaled_from(kernel: np.ndarray, factor: float, normalize: bool) -> np.ndarray:
    """A kernel of shape (y, x) on more or fewer pixels (see `preprocess.kernel_with_odd_dimensions_from`)."""
    if kernel.ndim != 2:
        raise exc.KernelException(f"kernel: expected an array of shape (y, x), found shape {kernel.shape}")
    check_number(factor, "rescale_factor", "a finite number above 0", error=exc.KernelException, above=0.0)
    shape = (round(kernel.shape[0] * factor), round(kernel.shape[1] * factor))
    if min(shape) < 1:
        raise exc.KernelException(
            f"rescale_factor: expected one that leaves a pixel of a kernel of shape {kernel.shape}, found {factor!r}"
        )
    kernel = _resized(kernel, shape)
    odd = (shape[0] + 1 - shape[0] % 2, shape[1] + 1 - shape[1] % 2)
    if odd != shape:
        kernel = _resized(kernel, odd)
    if not normalize:
        return kernel
    total = kernel.sum()
    if total == 0.0:
        raise exc.KernelException("kernel: expected values whose sum is not 0, which they are divided by, found 0")
    return kernel / total


def _resized(kernel: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The values at the centres of pixels of another size, interpolated linearly, inside the range that they had."""
    from scipy import ndimage

    zoom = (shape[0] / kernel.shape[0], shape[1] / kernel.shape[1])
    values = cast(
        "np.ndarray",
        ndimage.zoom(kernel, zoom, order=1, mode="grid-constant", cval=0.0, grid_mode=True),  # pyright: ignore[reportUnknownMemberType]
    )
    # What lies outside of the kernel stays zero; what the zeros pull down at its edge does not fall below its least.
    return np.where(values == 0.0, values, np.clip(values, kernel.min(), kernel.max()))
