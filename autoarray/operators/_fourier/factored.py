"""Fourier transforms at any frequencies as products of matrices.

On a lattice exp(2 pi i (u x + v y)) is a product of a factor of the row and a factor of the column. So K frequencies
and an image of M x N pixels take K (M + N) exponentials and 2 K M N multiplications, which BLAS does, and no array of
frequencies by pixels. The exponentials come from two short tables for each frequency, exact to a few 1e-16 of a turn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._backend import complex_from
from autoarray._typing import Array, Namespace
from autoarray.operators._fourier.lattice import Axis, Lattice

if TYPE_CHECKING:
    from jaxtyping import Complex, Float

# Bytes of the factors of one block of frequencies: what a core keeps in its second cache.
_BLOCK = 2**22


def turns_from(frequencies: Float[Array, "n"], axis: Axis, xp: Namespace = np) -> Complex[Array, "n points"]:
    """The factors exp(2 pi i f x) of frequencies f, in wavelengths, at the points x of an axis."""
    side = max(1, math.isqrt(axis.size - 1) + 1)
    coarse = axis.start + axis.step * side * np.arange(-(-axis.size // side))
    fine = axis.step * np.arange(side)
    tables = (turn_of(frequencies[:, None] * points, xp) for points in (coarse, fine))
    first, second = tables
    table = first[:, :, None] * second[:, None, :]
    return table.reshape(table.shape[0], -1)[:, : axis.size]


def turn_of(cycles: Array, xp: Namespace = np) -> Any:
    """exp(2 pi i c) of cycles c; whole ones are taken off first, for they would cost digits."""
    angle = 2.0 * np.pi * (cycles - xp.round(cycles))
    return complex_from(xp.cos(angle), xp.sin(angle), xp)


def blocks_of(total: int, lattice: Lattice) -> Iterator[slice]:
    """Runs of frequencies whose factors stay in the cache of a processor."""
    size = block_size(lattice)
    for start in range(0, total, size):
        yield slice(start, min(start + size, total))


def block_size(lattice: Lattice) -> int:
    """How many frequencies are transformed at once."""
    return max(16, _BLOCK // (16 * sum(lattice.shape)))


def visibilities_from(
    images: Float[Array, "images rows columns"], uv: Float[np.ndarray, "n 2"], lattice: Lattice, xp: Namespace = np
) -> Complex[Array, "n images"]:
    """The sums V = sum_p I_p exp(-2 pi i (u x_p + v y_p)) of images on a lattice.

    Parameters
    ----------
    images
        Of shape (images, rows, columns).
    uv
        The frequencies (u, v) in wavelengths, of shape (N, 2).

    Returns
    -------
    array
        Of shape (N, images), complex.
    """
    count, rows, columns = images.shape
    # With the columns of all images side by side, one product of matrices serves them all.
    side_by_side = xp.moveaxis(images, 0, 1).reshape(rows, count * columns)

    def block(u: Array, v: Array) -> Array:
        along_y, along_x = turns_from(v, lattice.y, xp), turns_from(u, lattice.x, xp)
        halves = xp.concatenate((xp.real(along_y), xp.imag(along_y))) @ side_by_side
        size = along_y.shape[0]
        real, imaginary = (half.reshape(size, count, columns) for half in (halves[:size], halves[size:]))
        cos, sin = xp.real(along_x)[:, :, None], xp.imag(along_x)[:, :, None]
        # The images are real: the sums with the conjugate phases are the conjugate sums.
        return complex_from((real @ cos - imaginary @ sin)[..., 0], -(real @ sin + imaginary @ cos)[..., 0], xp)

    if xp is np:
        found = np.empty((len(uv), count), dtype=complex)
        for part in blocks_of(len(uv), lattice):
            found[part] = block(uv[part, 0], uv[part, 1])
        return found
    return _mapped(block, uv, lattice)


def _mapped(block: Any, uv: np.ndarray, lattice: Lattice) -> Any:
    import jax

    u, v, _ = _padded(uv, lattice)
    return jax.lax.map(lambda uv: block(*uv), (u, v)).reshape(u.size, -1)[: len(uv)]


def _padded(uv: np.ndarray, lattice: Lattice) -> tuple[Any, Any, int]:
    """Frequencies in blocks of one size, with zeros behind the last."""
    import jax.numpy as jnp

    size = min(block_size(lattice), max(1, len(uv)))
    total = -(-len(uv) // size) * size
    frequencies = np.zeros((total, 2))
    frequencies[: len(uv)] = uv
    u, v = (jnp.asarray(column.reshape(-1, size)) for column in frequencies.T)
    return u, v, total


def images_from(
    values: Complex[Array, "n images"], uv: Float[np.ndarray, "n 2"], lattice: Lattice, xp: Namespace = np
) -> Float[Array, "images rows columns"]:
    """The real parts of the sums I_p = sum_k V_k exp(2 pi i (u_k x_p + v_k y_p)), the transpose of `visibilities_from`.

    Parameters
    ----------
    values
        Of shape (N, images), complex or real.

    Returns
    -------
    array
        Of shape (images, rows, columns).
    """
    count = values.shape[1]

    def block(u: Array, v: Array, part: Array) -> Array:
        along_y, along_x = turns_from(v, lattice.y, xp), turns_from(u, lattice.x, xp)
        cos_sin = xp.concatenate((xp.real(along_x), -xp.imag(along_x)))
        weighted = part.T[:, :, None] * along_y
        # Re(Y^T X) = Re(Y)^T Re(X) - Im(Y)^T Im(X), of all images in one product.
        halves = xp.concatenate((xp.real(weighted), xp.imag(weighted)), axis=1)
        return xp.moveaxis(halves, 1, 2).reshape(-1, halves.shape[1]) @ cos_sin

    rows, columns = lattice.shape
    if xp is np:
        total = np.zeros((count * rows, columns))
        for part in blocks_of(len(uv), lattice):
            total += block(uv[part, 0], uv[part, 1], values[part])
        return total.reshape(count, rows, columns)
    import jax

    u, v, padded = _padded(uv, lattice)
    filled = xp.concatenate((values, xp.zeros((padded - len(uv), count), dtype=values.dtype)))
    parts = filled.reshape(*u.shape, count)

    def add(total: Array, block_of: Any) -> tuple[Array, None]:
        return total + block(*block_of), None

    total, _ = jax.lax.scan(add, xp.zeros((count * rows, columns)), (u, v, parts))
    return total.reshape(count, rows, columns)
