"""The part of an array that a mask leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._state import State
from autoarray._validation import check_instance, check_memory, whole_from
from autoarray.mask import mask_2d_util

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.rgb import Array2DRGB
    from autoarray.structures.arrays.uniform_2d import Array2D


class Zoom2D(State):
    """The square around a mask's unmasked pixels, as figures show it.

    Every member raises `exc.MaskException` where no pixel is unmasked.

    Parameters
    ----------
    mask
        The mask.
    """

    def __init__(self, mask: Mask2D) -> None:
        self.mask: Mask2D = mask

    @property
    def centre(self) -> tuple[float, float]:
        """The (y, x) pixel coordinate of the centre of the unmasked pixels' bounding box."""
        y0, y1, x0, x1 = mask_2d_util.unmasked_region_from(self.mask.array)
        return ((y0 + y1 - 1) / 2.0, (x0 + x1 - 1) / 2.0)

    @property
    def offset_pixels(self) -> tuple[float, float]:
        """The (y, x) offset of `centre` from the centre of the mask in pixels."""
        y, x = self.mask.geometry.central_pixel_coordinates
        return (self.centre[0] - y, self.centre[1] - x)

    @property
    def offset_scaled(self) -> tuple[float, float]:
        """The (y, x) offset of `centre` from the centre of the mask in scaled units."""
        y, x = self.offset_pixels
        return (-self.mask.pixel_scales[0] * y, self.mask.pixel_scales[1] * x)

    @property
    def region(self) -> tuple[int, int, int, int]:
        """The pixels (y0, y1, x0, x1) of the square around the bounding box, y1 and x1 one past the last pixel.

        It is square up to one pixel, and may reach past the array.
        """
        y0, y1, x0, x1 = mask_2d_util.unmasked_region_from(self.mask.array)
        height, width = y1 - y0, x1 - x0
        extra_y, extra_x = max(0, width - height) // 2, max(0, height - width) // 2
        return (y0 - extra_y, y1 + extra_y, x0 - extra_x, x1 + extra_x)

    @property
    def shape_native(self) -> tuple[int, int]:
        """The (y, x) shape of the region in pixels."""
        y0, y1, x0, x1 = self.region
        return (y1 - y0, x1 - x0)

    def extent_from(self, buffer: int = 1) -> tuple[float, float, float, float]:
        """The edges (x0, x1, y0, y1) of the region with `buffer` more pixels on each side, in scaled units."""
        from autoarray.geometry.geometry_2d import Geometry2D

        buffer = whole_from(buffer, "buffer", 0, exc.MaskException)
        height, width = self.shape_native
        return Geometry2D(
            shape_native=(height + 2 * buffer, width + 2 * buffer),
            pixel_scales=self.mask.pixel_scales,
            origin=self.mask.mask_centre,
        ).extent

    def mask_2d_from(self, buffer: int = 1) -> Mask2D:
        """The mask inside the region with `buffer` more pixels on each side; what lies outside the array is False."""
        from autoarray.mask.mask_2d import Mask2D

        return Mask2D(
            mask=self._extract(self.mask.array, buffer),
            pixel_scales=self.mask.pixel_scales,
            origin=self.mask.origin,
        )

    def array_2d_from(self, array: Array2D, buffer: int = 1) -> Array2D:
        """The values inside the region with `buffer` more pixels on each side, stored in native form.

        What lies outside the array is zero. The origin of the result is the centre of the unmasked
        pixels, so that it lies where it does in the whole array.
        """
        from autoarray.mask.mask_2d import Mask2D
        from autoarray.structures.arrays.uniform_2d import Array2D

        check_instance(array, Array2D, "array", "an Array2D", exc.ArrayException)
        mask = Mask2D(
            mask=self._extract(self.mask.array, buffer),
            pixel_scales=self.mask.pixel_scales,
            origin=self.mask.mask_centre,
        )
        values = self._extract(np.asarray(array.native.array), buffer)
        return Array2D(values=values, mask=mask, header=array.header, store_native=True)

    def array_2d_rgb_from(self, array: Array2DRGB, buffer: int = 1) -> Array2DRGB:
        """The colours inside the region with `buffer` more pixels on each side, masked ones too.

        What lies outside the image is zero. The origin of the result is the centre of the unmasked pixels.
        """
        from autoarray.mask.mask_2d import Mask2D
        from autoarray.structures.arrays.rgb import Array2DRGB

        check_instance(array, Array2DRGB, "array", "an Array2DRGB", exc.ArrayException)
        mask = Mask2D(
            mask=self._extract(self.mask.array, buffer),
            pixel_scales=self.mask.pixel_scales,
            origin=self.mask.mask_centre,
        )
        colours = np.moveaxis(np.asarray(array.array), -1, 0)
        return Array2DRGB(np.stack([self._extract(colour, buffer) for colour in colours], axis=-1), mask)

    def _extract(self, native: np.ndarray, buffer: int) -> np.ndarray:
        from autoarray.structures.arrays import array_2d_util

        buffer = whole_from(buffer, "buffer", 0, exc.MaskException)
        y0, y1, x0, x1 = self.region
        count = (y1 - y0 + 2 * buffer) * (x1 - x0 + 2 * buffer)
        check_memory(count, native.itemsize, "buffer", "a region", exc.MaskException)
        return array_2d_util.extracted_array_2d_from(native, y0 - buffer, y1 + buffer, x0 - buffer, x1 + buffer)
