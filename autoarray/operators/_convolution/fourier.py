"""Convolution by Fourier transforms, on either backend, and on JAX without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._typing import Array, Namespace
from autoarray.operators._convolution.frame import Positions, sub_positions

if TYPE_CHECKING:
    import jax
    from jaxtyping import Float, Int


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


def convolve_by_fourier(
    values: Float[Array, "sub_pixels *images"],
    blurring_values: Float[Array, "blurring_sub_pixels *images"] | None,
    frame: FourierFrame,
    xp: Namespace,
    single_precision: bool = False,
) -> Float[Any, "data_pixels *images"]:
    """Convolve values of shape (pixels * size**2,) or (pixels * size**2, m), by Fourier transforms.

    Returns values of shape (pixels,) or (pixels, m).
    """
    index = frame.index
    if blurring_values is not None:
        index = np.concatenate((index, frame.blurring_index))
        values = xp.concatenate((values, blurring_values))
    if xp is np:
        return _convolve_one_by_one(np.asarray(values), index, frame)
    dtype, kernel = values.dtype, frame.kernel
    if single_precision:
        values, kernel = values.astype(np.float32), kernel.astype(np.complex64)
    native = _scatter(values.T, index, frame.shape, xp)
    native = xp.fft.irfft2(xp.fft.rfft2(native) * xp.asarray(kernel), s=frame.shape)
    return _gather(native, frame, xp).astype(dtype)


def _convolve_one_by_one(
    values: Float[np.ndarray, "entries *images"], index: Int[np.ndarray, "entries"], frame: FourierFrame
) -> Float[np.ndarray, "data_pixels *images"]:
    """The same on NumPy, image by image: one and its transform fit the cache of a processor, sixty don't."""
    import scipy.fft

    fft: Any = scipy.fft
    images = np.ascontiguousarray(values.T).reshape(-1, index.size)
    results = np.empty((len(images), frame.index.size // frame.size**2), dtype=values.dtype)
    native = np.zeros(frame.shape, dtype=values.dtype)
    for image, result in zip(images, results, strict=True):
        native.reshape(-1)[index] = image
        transform = fft.rfft2(native) * frame.kernel
        result[:] = _gather(fft.irfft2(transform, s=frame.shape, overwrite_x=True), frame, np)
    return results.reshape((*values.shape[1:], -1)).T


def convolve_directly(
    values: Float[Array, "sub_pixels *images"],
    blurring_values: Float[Array, "blurring_sub_pixels *images"] | None,
    frame: FourierFrame,
    kernel: Float[np.ndarray, "kernel_rows kernel_columns"],
    method: str,
    xp: Namespace,
) -> Float[Any, "data_pixels *images"]:
    """The same with `jax.scipy.signal.convolve`, whose `method` is "direct" or "fft"."""
    import jax
    from jax.scipy.signal import convolve

    index = frame.index
    if blurring_values is not None:
        index = np.concatenate((index, frame.blurring_index))
        values = xp.concatenate((values, blurring_values))
    native = _scatter(values.T, index, frame.shape, xp)
    weights = xp.asarray(kernel, dtype=native.dtype)

    def one(image: Float[jax.Array, "rows columns"]) -> Float[Any, "rows columns"]:
        # "full", and cut: "same" would swap the two where the kernel is the larger.
        full = convolve(image, weights, mode="full", method=method)
        return jax.lax.dynamic_slice(full, (kernel.shape[0] // 2, kernel.shape[1] // 2), image.shape)

    native = one(native) if native.ndim == 2 else jax.vmap(one)(native)
    return _gather(native, frame, xp)


def _scatter(
    values: Float[Array, "*images entries"],
    index: Int[np.ndarray, "entries"],
    shape: tuple[int, ...],
    xp: Namespace,
) -> Float[Any, "*images rows columns"]:
    flat = xp.zeros((*values.shape[:-1], shape[0] * shape[1]), dtype=values.dtype).at[..., index].set(values)
    return flat.reshape((*values.shape[:-1], *shape))


def _gather(
    native: Float[Array, "*images rows columns"], frame: FourierFrame, xp: Namespace
) -> Float[Any, "data_pixels *images"]:
    flat = native.reshape((*native.shape[:-2], frame.shape[0] * frame.shape[1]))
    values = flat[..., frame.index]
    if frame.size > 1:
        values = values.reshape((*values.shape[:-1], -1, frame.size**2)).mean(axis=-1)
    return values.T
