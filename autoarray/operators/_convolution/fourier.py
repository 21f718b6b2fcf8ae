"""Convolution by Fourier transforms, and its transpose, on NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray.operators._convolution.frame import Positions, sub_positions

if TYPE_CHECKING:
    from jaxtyping import Complex, Float, Int


# Points that are transformed at once: one image of HST. More images at once leave the cache of a processor, and take
# up to twice as long.
_POINTS_AT_ONCE = 2**15


class FourierFrame:
    """Where values lie in a padded array in which circular convolution equals linear convolution.

    Parameters
    ----------
    outputs, blurring
        The positions of the unmasked pixels, and of the masked pixels whose light reaches them.
    kernel
        The kernel, sampled `size` times finer than pixels.
    """

    def __init__(
        self,
        outputs: Positions,
        blurring: Positions,
        kernel: Float[np.ndarray, "kernel_rows kernel_columns"],
        size: int,
    ) -> None:
        from scipy import fft

        fine = sub_positions(outputs, size)
        fine_blurring = sub_positions(blurring, size)
        self.size = size
        starts = [int(min(a.min(), b.min(initial=a.min()))) for a, b in zip(fine, fine_blurring, strict=True)]
        stops = [int(max(a.max(), b.max(initial=a.max()))) + 1 for a, b in zip(fine, fine_blurring, strict=True)]
        # Half a kernel of zeros suffices: what wraps further lands where nothing is read.
        lengths: list[Any] = [
            fft.next_fast_len(stop - start + length // 2, real=True)
            for start, stop, length in zip(starts, stops, kernel.shape, strict=True)
        ]
        self.shape = (int(lengths[0]), int(lengths[1]))
        self.index, self.blurring_index = (
            (rows - starts[0]) * self.shape[1] + columns - starts[1] for rows, columns in (fine, fine_blurring)
        )
        padded = np.zeros(self.shape)
        rows = np.arange(kernel.shape[0]) - kernel.shape[0] // 2
        columns = np.arange(kernel.shape[1]) - kernel.shape[1] // 2
        # A small image may wrap a kernel onto itself, where it touches no output; so add, not set.
        np.add.at(padded, (rows[:, None] % self.shape[0], columns % self.shape[1]), kernel)
        self.kernel = np.asarray(fft.rfft2(padded))

    def inputs(self, has_blurring: bool) -> Int[np.ndarray, "entries"]:
        """Where the sub-pixels of unmasked pixels lie, and then those of the blurring pixels if they are given."""
        return np.concatenate((self.index, self.blurring_index)) if has_blurring else self.index


def convolve_by_fourier(
    values: Float[np.ndarray, "entries *images"], frame: FourierFrame, has_blurring: bool = False
) -> Float[np.ndarray, "data_pixels *images"]:
    """Convolve images of shape (entries,) or (entries, m).

    Parameters
    ----------
    values
        The sub-pixels of unmasked pixels, and below them those of the blurring pixels if they are given.

    Returns
    -------
    array
        Of shape (pixels,) or (pixels, m).
    """
    found = _filtered(values, frame.kernel, frame.inputs(has_blurring), frame.index, frame.shape)
    if frame.size > 1:
        found = found.reshape((-1, frame.size**2, *found.shape[1:])).mean(axis=1)
    return found


def correlate_by_fourier(
    images: Float[np.ndarray, "data_pixels *images"], frame: FourierFrame, has_blurring: bool = False
) -> Float[np.ndarray, "entries *images"]:
    """The transpose of `convolve_by_fourier`: what each entry gives to images, in one number, if pixels weigh so."""
    if frame.size > 1:
        images = np.repeat(images / frame.size**2, frame.size**2, axis=0)
    return _filtered(images, np.conj(frame.kernel), frame.index, frame.inputs(has_blurring), frame.shape)


def _filtered(
    values: Float[np.ndarray, "given *images"],
    transform: Complex[np.ndarray, "padded_rows frequencies"],
    given: Int[np.ndarray, "given"],
    wanted: Int[np.ndarray, "wanted"],
    shape: tuple[int, int],
) -> Float[np.ndarray, "wanted *images"]:
    """Images times a transform, from their values at given points of a padded array, at other points of it."""
    from scipy import fft

    images = np.ascontiguousarray(values.reshape(len(values), -1).T)
    at_once = max(1, min(len(images), _POINTS_AT_ONCE // (shape[0] * shape[1])))
    padded = np.zeros((at_once, shape[0] * shape[1]), dtype=values.dtype)
    result = np.empty((len(images), wanted.size), dtype=values.dtype)
    for start in range(0, len(images), at_once):
        some = images[start : start + at_once]
        part: Any = padded[: len(some)]
        part[:, given] = some
        spectrum: Any = fft.rfft2(part.reshape((-1, *shape)))
        native = fft.irfft2(spectrum * transform, s=shape, overwrite_x=True)
        result[start : start + at_once] = np.asarray(native).reshape(len(some), -1).take(wanted, axis=1)
    return result.T.reshape((wanted.size, *values.shape[1:]))
