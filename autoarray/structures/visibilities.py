"""Visibilities: what an interferometer measures, one complex number for each pair of antennas, time and frequency."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import complex_from, is_jax_array, numbers_from, xp_of
from autoarray._state import derived
from autoarray._typing import Array, ArrayLike
from autoarray._validation import check_number, whole_from
from autoarray.abstract_ndarray import AbstractNDArray, unwrap
from autoarray.structures.grids.irregular_2d import Grid2DIrregular


class AbstractVisibilities(AbstractNDArray):
    """One complex number for each visibility, of shape (visibilities,).

    Parameters
    ----------
    visibilities
        Complex numbers of shape (N,), whose precision is kept, or pairs (real, imaginary) of shape (N, 2). A JAX array
        makes this an object that computes with JAX.

    Raises
    ------
    exc.ArrayException
        If the shape is another one, or the values are real numbers of shape (N,), or no numbers.
    """

    def __init__(self, visibilities: ArrayLike) -> None:
        name = f"{type(self).__name__}.visibilities"
        values = numbers_from(unwrap(visibilities), name, real=False)
        super().__init__(_complex_from(values, name), xp=xp_of(values))

    @property
    def slim(self) -> Self:
        """The visibilities themselves, which have one form only."""
        return self

    @property
    def native(self) -> Self:
        """The visibilities themselves, which have one form only."""
        return self

    @property
    def in_array(self) -> Array:
        """The real and the imaginary parts, of shape (visibilities, 2)."""
        return self._xp.stack((self.array.real, self.array.imag), axis=-1)

    @property
    def in_grid(self) -> Grid2DIrregular:
        """The pairs (real, imaginary), as the coordinates of a grid."""
        return Grid2DIrregular(self.in_array)

    @property
    def shape_slim(self) -> int:
        """The number of visibilities."""
        return self.array.shape[0]

    @property
    def mask(self) -> np.ndarray:
        """No visibility is masked: False for each, of shape (visibilities,)."""
        return np.zeros(self.shape_slim, dtype=bool)

    @property
    def real(self) -> Self:
        """The real parts."""
        return self.with_new_array(self.array.real)

    @property
    def imag(self) -> Self:
        """The imaginary parts."""
        return self.with_new_array(self.array.imag)

    @property
    def amplitudes(self) -> Array:
        """The absolute values, of shape (visibilities,)."""
        return self._xp.abs(self.array)

    @property
    def phases(self) -> Array:
        """The arguments in radians, from -pi to pi, of shape (visibilities,)."""
        return self._xp.arctan2(self.array.imag, self.array.real)

    @property
    def scaled_maxima(self) -> tuple[float, float]:
        """The greatest real part and the greatest imaginary part."""
        return self.array.real.max(), self.array.imag.max()

    @property
    def scaled_minima(self) -> tuple[float, float]:
        """The least real part and the least imaginary part."""
        return self.array.real.min(), self.array.imag.min()


def _complex_from(values: Any, name: str) -> Any:
    """Complex numbers of shape (N,) from these, or from pairs of shape (N, 2)."""
    if values.dtype.kind == "c" and values.ndim == 1:
        return values
    if values.dtype.kind != "c" and values.ndim == 2 and values.shape[1] == 2:
        if is_jax_array(values):
            return complex_from(values[:, 0], values[:, 1], xp_of(values))
        single = values.dtype.kind == "f" and values.dtype.itemsize <= 4
        pairs = np.ascontiguousarray(values, dtype=np.float32 if single else np.float64)
        return pairs.view(np.complex64 if single else np.complex128)[:, 0]
    if values.size == 0 and values.ndim == 1:
        return np.zeros(0, dtype=complex)
    raise exc.ArrayException(
        f"{name}: expected complex numbers of shape (N,), or pairs (real, imaginary) of shape (N, 2), found "
        f"{values.dtype} values of shape {tuple(values.shape)}"
    )


class Visibilities(AbstractVisibilities):
    """One complex number for each visibility, of shape (visibilities,), in units of the image such as Jy.

    Parameters
    ----------
    visibilities
        Complex numbers of shape (N,), whose precision is kept, or pairs (real, imaginary) of shape (N, 2). A JAX array
        makes this an object that computes with JAX.

    Raises
    ------
    exc.ArrayException
        If the shape is another one, or the values are real numbers of shape (N,), or no numbers.
    """

    @classmethod
    def full(cls, fill_value: float, shape_slim: tuple[int] | int) -> Self:
        """Visibilities with one real and imaginary part everywhere: `fill_value` of each."""
        check_number(fill_value, f"{cls.__name__}.fill_value", "a real number", error=exc.ArrayException)
        size = shape_slim[0] if isinstance(shape_slim, (tuple, list)) and len(shape_slim) == 1 else shape_slim
        count = whole_from(size, f"{cls.__name__}.shape_slim", 0, exc.ArrayException)
        return cls(np.full(count, fill_value + fill_value * 1j))

    @classmethod
    def ones(cls, shape_slim: tuple[int] | int) -> Self:
        """Visibilities of 1 + 1i."""
        return cls.full(1.0, shape_slim)

    @classmethod
    def zeros(cls, shape_slim: tuple[int] | int) -> Self:
        """Visibilities of zero."""
        return cls.full(0.0, shape_slim)

    @classmethod
    def from_fits(cls, file_path: Path | str, hdu: int = 0) -> Self:
        """Visibilities from an image of shape (visibilities, 2) in a FITS file: real and imaginary parts.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        exc.ArrayException
            If the header data unit holds no such image.
        ImportError
            If astropy is not installed.
        """
        from autoarray import fitsable

        values, _, _ = fitsable.image_from(file_path, hdu, error=exc.ArrayException)
        return cls(values)


class VisibilitiesNoiseMap(Visibilities):
    """The standard deviations of the real and of the imaginary part of each visibility, sigma_r + i sigma_i.

    Parameters
    ----------
    visibilities
        As in `Visibilities`.
    args, kwargs
        Not used.
    """

    def __init__(self, visibilities: ArrayLike, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        super().__init__(visibilities)

    @derived(travels=True)
    def normalization(self) -> Any:
        """The sum of ln(2 pi sigma^2) over real and imaginary parts."""
        xp = self._xp
        parts = (self.array.real, self.array.imag)
        return sum(xp.sum(xp.log(2.0 * np.pi * part**2.0)) for part in parts)
