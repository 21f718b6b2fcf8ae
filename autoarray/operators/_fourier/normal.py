"""The normal operator W = Re(F^H N^-1 F) of a transform F with noise N, without F.

With the inverse variances w_r and w_i of the real and imaginary parts, their mean w and half of their difference d, and
the phases f_p = 2 pi (u x_p + v y_p) of pixel p,

    W_pq = sum_k w cos(f_p - f_q) + d cos(f_p + f_q).

So all that a fit needs of the frequencies are two functions on lattices, each the adjoint transform of numbers: a
Toeplitz kernel of the difference of two pixels, and, where the variances differ, a Hankel kernel of their sum. Both are
applied to an image by one Fourier transform there and one back. An evaluation of a fit costs the same for a thousand
visibilities and for a hundred million.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._backend import as_array
from autoarray._state import State, derived
from autoarray._typing import Array, Namespace
from autoarray.operators._fourier import transform
from autoarray.operators._fourier.lattice import Lattice

if TYPE_CHECKING:
    from jaxtyping import Complex, Float

# The accuracy of kernels, relative to the sum of the weights. Chi squared is a difference of products with them.
KERNEL_EPS = 1e-14
# Points that are transformed at once: more leave the cache of a processor.
_POINTS_AT_ONCE = 2**17


def toeplitz_from(
    uv: Float[np.ndarray, "n 2"], weights: Float[np.ndarray, "n"], lattice: Lattice, eps: float | None = KERNEL_EPS
) -> Float[np.ndarray, "2rows 2columns"]:
    """The kernel sum_k w_k cos(2 pi (u_k x + v_k y)) at the differences of two pixels, of shape (2 rows, 2 columns).

    Entry [i, j] is that of a difference of i rows and j columns. Negative ones are counted from the end; what lies in
    between, in row `rows` and column `columns`, is zero.
    """
    rows, columns = lattice.shape
    kernel = np.zeros((2 * rows, 2 * columns))
    if eps is not None and transform.method_for(len(uv), lattice.differences) == transform.FINUFFT:
        # With the zero where finufft has it no visibility is turned, which takes longer than half of a kernel saves.
        found = transform.images_from(weights[:, None], uv, lattice.all_differences, eps=eps)[0]
        kernel[np.ix_(np.arange(1 - rows, rows), np.arange(1 - columns, columns))] = found
        return kernel
    half = transform.images_from(weights[:, None], uv, lattice.differences, eps=eps)[0]
    kernel[:rows, :columns] = half[rows - 1 :]
    kernel[rows + 1 :, :columns] = half[: rows - 1]
    # The other half by symmetry: the kernel of a difference is that of its negative.
    kernel[:rows, columns + 1 :] = half[rows - 1 :: -1, :0:-1]
    kernel[rows + 1 :, columns + 1 :] = half[: rows - 1 : -1, :0:-1]
    return kernel


def hankel_from(
    uv: Float[np.ndarray, "n 2"], weights: Float[np.ndarray, "n"], lattice: Lattice, eps: float | None = KERNEL_EPS
) -> Float[np.ndarray, "2rows 2columns"]:
    """The kernel sum_k d_k cos(2 pi (u_k x + v_k y)) at the sums of two pixels, of shape (2 rows, 2 columns).

    Entry [i, j] is that of two pixels whose rows add up to i and whose columns add up to j. The last row and column are
    zero.
    """
    found = transform.images_from(weights[:, None], uv, lattice.sums, eps=eps)[0]
    return np.pad(found, ((0, 1), (0, 1)))


class NormalOperator(State):
    """W on the bounding box of a mask, from its two kernels.

    Parameters
    ----------
    toeplitz
        As of `toeplitz_from`.
    hankel
        As of `hankel_from`; None if the noise of real and imaginary parts is the same.
    """

    def __init__(
        self,
        toeplitz: Float[np.ndarray, "2rows 2columns"],
        hankel: Float[np.ndarray, "2rows 2columns"] | None = None,
    ) -> None:
        self.toeplitz = toeplitz
        self.hankel = hankel

    @property
    def shape(self) -> tuple[int, int]:
        """The rows and columns of an image."""
        return self.toeplitz.shape[0] // 2, self.toeplitz.shape[1] // 2

    @derived
    def padded_shape(self) -> tuple[int, int]:
        """The rows and columns that images are transformed with."""
        from scipy import fft

        next_fast_len: Any = fft.next_fast_len
        rows, columns = (int(next_fast_len(2 * size - 1, real=True)) for size in self.shape)
        return rows, columns

    @derived
    def spectra(self) -> tuple[Float[np.ndarray, "rows frequencies"], Complex[np.ndarray, "rows frequencies"] | None]:
        """The transforms of both kernels; W x has the transform X times the first plus conj(X) times the second."""
        padded = self.padded_shape
        rows, columns = self.shape
        placed = np.zeros(padded)
        difference = [np.concatenate((np.arange(n), np.arange(1 - n, 0))) for n in (rows, columns)]
        placed[np.ix_(*difference)] = self.toeplitz[np.ix_(*difference)]
        # The kernel is even, so its transform is real.
        first = np.fft.rfft2(placed).real.copy()
        if self.hankel is None:
            return first, None
        placed = np.zeros(padded)
        # Moved so that the sums with an image that is turned by 180 degrees land in the first rows and columns.
        sums = [np.arange(2 * n - 1) for n in (rows, columns)]
        moved = [index - (n - 1) for index, n in zip(sums, (rows, columns), strict=True)]
        placed[np.ix_(*moved)] = self.hankel[np.ix_(*sums)]
        turns = [
            np.exp(-2j * np.pi * (np.arange(count) * (n - 1) % size) / size)
            for n, size, count in zip((rows, columns), padded, (padded[0], padded[1] // 2 + 1), strict=True)
        ]
        return first, np.fft.rfft2(placed) * turns[0][:, None] * turns[1]

    def apply(
        self, images: Float[Array, "*images rows columns"], xp: Namespace = np
    ) -> Float[Array, "*images rows columns"]:
        """W applied to images in the bounding box; there is no mask in it."""
        return self._apply_on_host(np.asarray(images)) if xp is np else self._apply_in_jax(images, xp)

    def _apply_in_jax(self, images: Any, xp: Namespace) -> Any:
        rows, columns = self.shape
        padded = self.padded_shape
        spectrum = xp.fft.rfft2(images, s=padded)
        first, second = self.spectra
        product = spectrum * as_array(first.astype(complex), xp)
        if second is not None:
            product = product + xp.conj(spectrum) * as_array(second, xp)
        return xp.fft.irfft2(product, s=padded)[..., :rows, :columns]

    def _apply_on_host(self, images: np.ndarray) -> np.ndarray:
        given = images.reshape(-1, *self.shape)
        result = np.empty(given.shape)
        size = max(1, _POINTS_AT_ONCE // (self.padded_shape[0] * self.padded_shape[1]))
        for start in range(0, len(given), size):
            result[start : start + size] = self._apply_block(given[start : start + size])
        return result.reshape(images.shape)

    def _apply_block(self, images: np.ndarray) -> Any:
        """Images in one call: transformed along the rows where there are any, and back where they are wanted."""
        from scipy import fft

        (rows, columns), (tall, wide) = self.shape, self.padded_shape
        spectrum: Any = fft.rfft(images, n=wide, axis=-1)
        spectrum = fft.fft(spectrum, n=tall, axis=-2, overwrite_x=True)
        first, second = self.spectra
        if second is None:
            spectrum *= first
        else:
            spectrum = spectrum * first + np.conj(spectrum) * second
        back: Any = fft.ifft(spectrum, axis=-2, overwrite_x=True)
        image: Any = fft.irfft(back[..., :rows, :], n=wide, axis=-1)
        return image[..., :columns]

    def _repr_parts(self) -> list[str]:
        rows, columns = (size // 2 for size in vars(self)["toeplitz"].shape)
        return [f"{rows} x {columns} pixels", "" if vars(self)["hankel"] is None else "two kernels"]


def normal_operator_from(
    uv: Float[np.ndarray, "n 2"],
    weights: tuple[Float[np.ndarray, "n"], Float[np.ndarray, "n"]],
    lattice: Lattice,
    eps: float | None = KERNEL_EPS,
) -> NormalOperator:
    """The operator of frequencies (u, v) in wavelengths and the inverse variances of real and imaginary parts."""
    of_real, of_imaginary = weights
    if of_real is of_imaginary or np.array_equal(of_real, of_imaginary):
        return NormalOperator(toeplitz_from(uv, of_real, lattice, eps))
    mean, half_difference = (of_real + of_imaginary) / 2.0, (of_real - of_imaginary) / 2.0
    return NormalOperator(toeplitz_from(uv, mean, lattice, eps), hankel_from(uv, half_difference, lattice, eps))
