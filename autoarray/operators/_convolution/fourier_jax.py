"""Convolution by Fourier transforms, and its transpose, as programs of JAX; and convolution without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.signal import convolve

from autoarray.operators._convolution.fourier import FourierFrame

if TYPE_CHECKING:
    from jaxtyping import Complex, Float, Int


def convolve_by_fourier(
    values: Float[jax.Array, "entries *images"],
    frame: FourierFrame,
    has_blurring: bool = False,
    single_precision: bool = False,
) -> Float[jax.Array, "data_pixels *images"]:
    """As `fourier.convolve_by_fourier`; in single precision the transforms alone."""
    given = frame.inputs(has_blurring)
    found = _filtered(values, frame.kernel, given, frame.index, frame.shape, single_precision)
    return _means(found, frame.size)


def correlate_by_fourier(
    images: Float[jax.Array, "data_pixels *images"],
    frame: FourierFrame,
    has_blurring: bool = False,
    single_precision: bool = False,
) -> Float[jax.Array, "entries *images"]:
    """As `fourier.correlate_by_fourier`."""
    if frame.size > 1:
        images = jnp.repeat(images / frame.size**2, frame.size**2, axis=0)
    wanted = frame.inputs(has_blurring)
    return _filtered(images, np.conj(frame.kernel), frame.index, wanted, frame.shape, single_precision)


def convolve_directly(
    values: Float[jax.Array, "entries *images"],
    frame: FourierFrame,
    has_blurring: bool,
    kernel: Float[np.ndarray, "kernel_rows kernel_columns"],
    method: str,
) -> Float[jax.Array, "data_pixels *images"]:
    """The same with `jax.scipy.signal.convolve`, whose `method` is "direct"."""
    native = _scattered(values.T, frame.inputs(has_blurring), frame.shape)
    weights = jnp.asarray(kernel, dtype=native.dtype)

    def one(image: Float[jax.Array, "rows columns"]) -> Float[Any, "rows columns"]:
        # "full", and cut: "same" would swap the two where the kernel is the larger.
        full = convolve(image, weights, mode="full", method=method)
        return jax.lax.dynamic_slice(full, (kernel.shape[0] // 2, kernel.shape[1] // 2), image.shape)

    native = one(native) if native.ndim == 2 else jax.vmap(one)(native)
    return _means(_gathered(native, frame.index), frame.size)


def _filtered(
    values: Float[jax.Array, "given *images"],
    transform: Complex[np.ndarray, "padded_rows frequencies"],
    given: Int[np.ndarray, "given"],
    wanted: Int[np.ndarray, "wanted"],
    shape: tuple[int, int],
    single_precision: bool,
) -> Float[jax.Array, "wanted *images"]:
    """Images times a transform, from their values at given points of a padded array, at other points of it."""
    dtype = values.dtype
    if single_precision:
        values = values.astype(np.float32)
    spectrum = jnp.fft.rfft2(_scattered(values.T, given, shape))
    native = jnp.fft.irfft2(spectrum * jnp.asarray(transform, dtype=spectrum.dtype), s=shape)
    return _gathered(native, wanted).astype(dtype)


def _scattered(
    values: Float[jax.Array, "*images entries"], index: Int[np.ndarray, "entries"], shape: tuple[int, int]
) -> Float[jax.Array, "*images rows columns"]:
    flat = jnp.zeros((*values.shape[:-1], shape[0] * shape[1]), dtype=values.dtype).at[..., index].set(values)
    return flat.reshape((*values.shape[:-1], *shape))


def _gathered(
    native: Float[jax.Array, "*images rows columns"], index: Int[np.ndarray, "entries"]
) -> Float[jax.Array, "entries *images"]:
    return native.reshape((*native.shape[:-2], -1))[..., index].T


def _means(values: Float[jax.Array, "sub_pixels *images"], size: int) -> Float[jax.Array, "data_pixels *images"]:
    return values if size == 1 else values.reshape((-1, size**2, *values.shape[1:])).mean(axis=1)
