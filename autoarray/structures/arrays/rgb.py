"""Colour images."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autoarray import exc
from autoarray._backend import is_jax_array, numbers_from, xp_of
from autoarray._typing import ArrayLike, Namespace, PixelScales
from autoarray._validation import check_instance
from autoarray.abstract_ndarray import AbstractNDArray, unwrap
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.header import Header


class Array2DRGB(Array2D):
    """Red, green and blue values of the pixels of a mask, as a colour image that figures show.

    The values have the native form (y, x, 3) alone, and keep what they have at masked pixels.

    Parameters
    ----------
    values
        The values, of shape (y, x, 3), or (y, x, 4) with the opacity: from 0.0 to 1.0, or whole numbers from 0 to 255.
    mask
        The mask.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    exc.ArrayException
        If the values have another shape, are complex or no numbers, or `mask` is no `Mask2D`.
    """

    def __init__(self, values: ArrayLike, mask: Mask2D, xp: Namespace = np) -> None:
        check_instance(mask, Mask2D, "Array2DRGB.mask", "a Mask2D", exc.ArrayException)
        plain = numbers_from(unwrap(values), "Array2DRGB.values")
        if plain.ndim != 3 or tuple(plain.shape[:2]) != mask.shape_native or plain.shape[2] not in (3, 4):
            raise exc.ArrayException(
                f"Array2DRGB.values: expected red, green and blue values of shape {(*mask.shape_native, 3)}, as the "
                f"mask has pixels, found shape {tuple(plain.shape)}"
            )
        AbstractNDArray.__init__(self, plain, xp=xp_of(plain) if is_jax_array(plain) else xp)
        self.mask = mask
        self.header = None

    @classmethod
    def no_mask(
        cls,
        values: ArrayLike,
        pixel_scales: PixelScales,
        shape_native: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
        header: Header | None = None,
    ) -> Array2DRGB:
        """A colour image without masked pixels.

        Parameters
        ----------
        values
            The values, of shape (y, x, 3) or (y, x, 4).
        pixel_scales
            The scaled units per pixel.
        shape_native
            The (y, x) shape of the image, which the values have too.
        origin
            The scaled coordinate of the centre of the array.
        header
            What the FITS headers of the data said.

        Raises
        ------
        exc.ArrayException
            If the values have another shape.
        """
        plain = numbers_from(unwrap(values), "Array2DRGB.values")
        if plain.ndim != 3:
            raise exc.ArrayException(
                f"Array2DRGB.values: expected values of shape (y, x, 3), found shape {tuple(plain.shape)}"
            )
        shape: Any = tuple(plain.shape[:2]) if shape_native is None else shape_native
        new = cls(plain, Mask2D.all_false(shape_native=shape, pixel_scales=pixel_scales, origin=origin))
        new.header = header
        return new

    @property
    def native(self) -> Array2DRGB:
        """The image itself, which has one form only."""
        return self

    @property
    def slim(self) -> Array2DRGB:
        """The image itself, which has one form only."""
        return self

    @property
    def channels(self) -> list[Array2D]:
        """The values of each colour, stored in native form with zeros at masked pixels."""
        return [
            Array2D(self._array[..., index], self.mask, self.header, store_native=True, xp=self._xp)
            for index in range(self._array.shape[2])
        ]

    @property
    def binned_across_rows(self) -> NoReturn:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Nothing: a colour has one of its own, `channels[0].binned_across_rows`.

        Raises
        ------
        exc.ArrayException
            Always.
        """
        raise self._one_colour("binned_across_rows")

    @property
    def binned_across_columns(self) -> NoReturn:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Nothing: a colour has one of its own, `channels[0].binned_across_columns`.

        Raises
        ------
        exc.ArrayException
            Always.
        """
        raise self._one_colour("binned_across_columns")

    def brightest_coordinate_in_region_from(
        self, region: tuple[float, float, float, float] | None, return_in_pixels: bool = False
    ) -> NoReturn:
        """Nothing: a colour has one of its own, `channels[0].brightest_coordinate_in_region_from(region)`.

        Raises
        ------
        exc.ArrayException
            Always.
        """
        raise self._one_colour("brightest_coordinate_in_region_from")

    def _one_colour(self, name: str) -> exc.ArrayException:
        return exc.ArrayException(
            f"Array2DRGB.{name}: expected values of one colour, found {self._array.shape[2]}; ask one of `channels`"
        )

    def apply_mask(self, mask: Mask2D) -> Array2DRGB:
        """The image on another mask of the same shape; pixels that were masked are zero."""
        return self._of([channel.apply_mask(mask) for channel in self.channels])

    def resized_from(self, new_shape: tuple[int, int], mask_pad_value: float = 0.0) -> Array2DRGB:
        """The image cut or padded with zeros around its centre to a new shape (y, x) (`Array2D.resized_from`)."""
        return self._of([channel.resized_from(new_shape, mask_pad_value) for channel in self.channels])

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Array2DRGB:
        """The image without the pixels that `padded_before_convolution_from` added."""
        return self._of([channel.trimmed_after_convolution_from(kernel_shape) for channel in self.channels])

    def _of(self, channels: list[Array2D]) -> Array2DRGB:
        values = self._xp.stack([channel.native.array for channel in channels], axis=-1)
        new = Array2DRGB(values, channels[0].mask, xp=self._xp)
        new.header = self.header
        return new
