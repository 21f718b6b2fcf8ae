"""The kernels of a convolution: which are refused, and how they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_jax_array, numbers_from
from autoarray._typing import PixelScales
from autoarray._validation import check_number, check_numbers
from autoarray.geometry.geometry_util import convert_pixel_scales_2d, convert_shape_native_2d
from autoarray.operators.over_sampling.over_sample_util import is_size
from autoarray.structures.arrays._data_checks import square_range_of

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped

    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D


def native(values: Array2D | Mask2D) -> Shaped[np.ndarray, "rows columns"]:
    """The native array of an `Array2D` or `Mask2D`, as NumPy."""
    own = values.array
    if values.use_jax or is_jax_array(own):
        # In NumPy before it is laid out: inside a trace JAX would trace that too.
        values = values._with(_array=as_array(own, np), _use_jax=False)
    return np.asarray(values.native.array)


def check_kernel(kernel: object) -> None:
    """Refuse a kernel that can't be convolved with; see `Convolver`."""
    from autoarray.structures.arrays.uniform_2d import Array2D

    if not isinstance(kernel, Array2D):
        raise exc.KernelException(
            f"kernel: expected an Array2D (Array2D.no_mask makes one), found {type(kernel).__qualname__}"
        )
    shape = kernel.shape_native
    if shape[0] % 2 == 0 or shape[1] % 2 == 0:
        raise exc.KernelException(
            f"kernel: expected odd numbers of rows and columns, so that one pixel is its centre, found {shape}; "
            "trim or resample it"
        )
    values = numbers_from(native(kernel), "kernel", exc.KernelException)
    finite = np.isfinite(values)
    if not finite.all():
        raise exc.KernelException(
            f"kernel: expected finite values, found {np.count_nonzero(~finite)} of {values.size} that are not"
        )
    _, most = square_range_of(values.dtype)
    if np.abs(values).max() > most:
        raise exc.KernelException(
            f"kernel: expected values of at most {most:.3g}, whose squares stay in the range of numbers, found "
            f"{np.abs(values).max()}; divide the kernel by its sum"
        )


def normalized_kernel(kernel: Array2D) -> Array2D:
    """A new kernel that sums to 1."""
    values = as_array(kernel.array, np)
    total = float(values.sum())
    if abs(total) <= np.finfo(float).eps * float(np.abs(values).sum()):
        raise exc.KernelException(
            f"kernel: expected a sum other than zero, so that it can be normalized, found a sum of {total} "
            f"over {kernel.shape_native} pixels"
        )
    return kernel._with(_array=values / total, _use_jax=False)


def shape_image_resolution(shape: tuple[int, int], size: int) -> tuple[int, int]:
    """The odd numbers of image pixels that a kernel, sampled `size` times finer, reaches."""
    rows, columns = (2 * -(-(length // 2) // size) + 1 for length in shape)
    return rows, columns


def check_over_sample_size(size: object) -> None:
    """Refuse a `convolve_over_sample_size` that is not an integer of at least 1."""
    if not is_size(size):
        raise exc.KernelException(f"convolve_over_sample_size: expected an integer of at least 1, found {size!r}")


def check_pixel_scales(name: str, kernel: Array2D, mask: Mask2D, size: int) -> None:
    """Refuse a kernel whose pixels are not those of the image, divided by `size`."""
    expected = tuple(scale / size for scale in mask.pixel_scales)
    # Headers round scales to float32. A kernel of 100 pixels with scales that are off by 1e-6 is off by 1e-4 pixels.
    if not np.allclose(kernel.mask.pixel_scales, expected, rtol=1e-6, atol=0.0):
        raise exc.KernelException(
            f"{name}: expected the pixel scales {expected}, those of the image divided by "
            f"convolve_over_sample_size={size}, found {kernel.mask.pixel_scales} (arc-seconds, y and x); resample it, "
            "or correct the pixel scales that it was made with"
        )


def gaussian(
    shape: tuple[int, int],
    pixel_scales: PixelScales,
    sigma: float,
    centre: tuple[float, float],
    axis_ratio: float,
    angle: float,
) -> Float[np.ndarray, "kernel_rows kernel_columns"]:
    """The values of `Convolver.from_gaussian`."""
    error = exc.KernelException
    shape = convert_shape_native_2d(shape)
    check_number(sigma, "sigma", "a number from 1e-150 to 1e150", error=error, least=1e-150, most=1e150)
    check_number(axis_ratio, "axis_ratio", "a positive, finite number", error=error, above=0.0)
    check_number(angle, "angle", "a finite number of degrees", error=error)
    check_numbers(centre, "centre", "a scaled coordinate (y, x)", 2, error=error)
    y_scale, x_scale = convert_pixel_scales_2d(pixel_scales)
    y = ((shape[0] - 1) / 2.0 - np.arange(shape[0]))[:, None] * y_scale - centre[0]
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2.0) * x_scale - centre[1]
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    squares = (x * cos + y * sin) ** 2 + ((y * cos - x * sin) / axis_ratio) ** 2
    return np.exp(-0.5 * squares / sigma**2) / (sigma * np.sqrt(2.0 * np.pi))
