"""Convolution of whole images by Fourier transforms, on either backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray._typing import Array, ArrayT, Namespace

if TYPE_CHECKING:
    from jaxtyping import Complex, Float


def padded_shape_from(image: tuple[int, int], kernel: tuple[int, int]) -> tuple[int, int]:
    """The shape that an image is padded to, so that its convolution with a kernel does not wrap around."""
    return image[0] + kernel[0] - 1, image[1] + kernel[1] - 1


def kernel_transform_from(
    kernel: Float[ArrayT, "kernel_rows kernel_columns"], shape: tuple[int, int], xp: Namespace
) -> Complex[ArrayT, "padded_rows frequencies"]:
    """The Fourier transform of a kernel, padded to a shape and rolled such that its centre is the first pixel."""
    rows, columns = kernel.shape
    padded = xp.pad(kernel, ((0, shape[0] - rows), (0, shape[1] - columns)))
    return xp.fft.rfft2(xp.roll(padded, (-(rows // 2), -(columns // 2)), axis=(0, 1)))


def convolve(
    images: Float[Array, "*images rows columns"],
    kernel_transform: Complex[Array, "padded_rows frequencies"],
    shape: tuple[int, int],
    xp: Namespace,
) -> Float[Array, "*images rows columns"]:
    """Images of shape (..., rows, columns), dark outside, convolved with the kernel of a transform of this shape."""
    rows, columns = images.shape[-2:]
    return xp.fft.irfft2(xp.fft.rfft2(images, shape) * kernel_transform, shape)[..., :rows, :columns]
