"""The base of masks: arrays of bools where False is an unmasked entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_jax_array, numbers_from, use_jax_from
from autoarray._state import derived
from autoarray._typing import ArrayLike, Namespace, PixelScales
from autoarray.abstract_ndarray import AbstractNDArray, unwrap


class Mask(AbstractNDArray):
    """An array of bools and how it lies in scaled coordinates.

    A mask is NumPy's on either backend: it decides shapes, which JAX needs to know while it traces.

    Parameters
    ----------
    mask
        The bools, where False is unmasked.
    origin
        The scaled coordinate of the centre of the array.
    pixel_scales
        The scaled units per pixel of each axis.
    xp
        Accepted for either array library, and without an effect.
    """

    pixel_scales: Any
    origin: Any

    def __init__(
        self, mask: ArrayLike, origin: tuple[float, ...], pixel_scales: PixelScales, xp: Namespace = np
    ) -> None:
        use_jax_from(xp)
        super().__init__(_bools_from(mask, f"{type(self).__name__}.mask"))
        self.pixel_scales = pixel_scales
        self.origin = origin

    def _check_and_invert(self, dimensions: int, invert: bool) -> None:
        """Refuse bools of another number of dimensions, or none at all, and exchange True and False if asked to."""
        if self._array.ndim != dimensions or self._array.size == 0:
            raise exc.MaskException(
                f"mask: expected a {dimensions}D array with at least one pixel, found shape {self._array.shape}"
            )
        if invert:
            self._array = ~self._array

    @property
    def mask(self) -> np.ndarray:
        """The bools as a plain array."""
        return self._array

    @property
    def pixel_scale(self) -> float:
        """The scaled units per pixel, of the first axis if they differ."""
        return self.pixel_scales[0]

    @property
    def header_dict(self) -> dict[Any, float]:
        """The pixel scale as an entry of a FITS header."""
        return {"PIXSCA": self.pixel_scale}

    @property
    def dimensions(self) -> int:
        """The number of dimensions."""
        return self._array.ndim

    @derived
    def pixels_in_mask(self) -> int:
        """The number of unmasked pixels."""
        return int(self._array.size - np.count_nonzero(self._array))

    @property
    def is_all_true(self) -> bool:
        """Whether every pixel is masked."""
        return self.pixels_in_mask == 0

    @property
    def is_all_false(self) -> bool:
        """Whether every pixel is unmasked."""
        return self.pixels_in_mask == self._array.size

    @property
    def shape_slim(self) -> Any:
        """The number of unmasked pixels."""
        return self.pixels_in_mask


def _bools_from(mask: ArrayLike, name: str) -> np.ndarray:
    """A list, an array or another mask as an array of bools of its own."""
    mask = unwrap(mask)
    if is_jax_array(mask):
        mask = np.asarray(mask)
    values = numbers_from(mask, name, exc.MaskException)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        first = tuple(int(index) for index in np.argwhere(~np.isfinite(values))[0])
        raise exc.MaskException(
            f"{name}: expected bools (True is masked), or numbers of which 0 is unmasked, found {values[first]} "
            f"at {first}"
        )
    return values.astype(bool)
