"""The 2D mask: which pixels of an image are used, and where they lie."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autoarray import _small_datasets, exc
from autoarray._backend import xp_of
from autoarray._display import line
from autoarray._state import derived
from autoarray._typing import ArrayLike, Namespace, PixelScales
from autoarray._validation import check_number
from autoarray.abstract_ndarray import unwrap
from autoarray.geometry import geometry_util
from autoarray.geometry.geometry_2d import Geometry2D
from autoarray.mask import mask_2d_util
from autoarray.mask.abstract_mask import Mask
from autoarray.mask.derive.grid_2d import DeriveGrid2D
from autoarray.mask.derive.indexes_2d import DeriveIndexes2D
from autoarray.mask.derive.mask_2d import DeriveMask2D
from autoarray.mask.derive.zoom_2d import Zoom2D

if TYPE_CHECKING:
    from autoarray.operators.convolver import Convolver
    from autoarray.structures.arrays.uniform_2d import Array2D


class Mask2DKeys(Enum):
    """The names of a mask's geometry in a FITS header."""

    PIXSCAY = "PIXSCAY"
    PIXSCAX = "PIXSCAX"
    ORIGINY = "ORIGINY"
    ORIGINX = "ORIGINX"


class Mask2D(Mask):
    """A 2D array of bools, where False is an unmasked pixel that calculations use.

    Unmasked pixels are counted from the top left, row by row: entry `i` of an array in slim form is
    the value of the `i`-th of them.

    Parameters
    ----------
    mask
        The bools, of shape (y, x).
    pixel_scales
        The scaled units (arc-seconds) per pixel: one number, or (y, x).
    origin
        The scaled (y, x) coordinate of the centre of the array.
    invert
        Whether True and False are exchanged.
    xp
        Accepted for either array library, and without an effect: masks are NumPy's.
    sub_size
        Accepted, and without an effect: the sub sizes of pixels belong to grids.

    Raises
    ------
    exc.MaskException
        If the mask is not a 2D array of bools with at least one pixel, `pixel_scales` are not positive, or the origin
        is not finite.
    """

    def __init__(
        self,
        mask: ArrayLike,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
        xp: Namespace = np,
        sub_size: int | None = None,
    ) -> None:
        super().__init__(
            mask=mask,
            origin=geometry_util.convert_origin_2d(origin),
            pixel_scales=geometry_util.convert_pixel_scales_2d(pixel_scales),
            xp=xp,
        )
        self._check_and_invert(2, invert)

    @classmethod
    def all_false(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """A mask of a shape (y, x) whose pixels are all unmasked (all masked if `invert`)."""
        return cls(np.full(geometry_util.convert_shape_native_2d(shape_native), False), pixel_scales, origin, invert)

    @classmethod
    def circular(
        cls,
        shape_native: tuple[int, int],
        radius: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """A mask whose unmasked pixels have their centres within a circle.

        With PYAUTO_SMALL_DATASETS=1 in the environment a shape of more than 16 pixels along an axis becomes (16, 16),
        of pixels of 0.6 arc-seconds.

        Parameters
        ----------
        shape_native
            The (y, x) shape in pixels.
        radius
            The radius in scaled units.
        pixel_scales
            The scaled units per pixel.
        origin
            The scaled coordinate of the centre of the array.
        centre
            The (y, x) centre of the circle in scaled units, relative to the centre of the array.
        invert
            Whether the inside of the circle is masked instead.

        Raises
        ------
        exc.MaskException
            If the radius is negative or NaN, the centre is not finite, or the shape or pixel scales are as the
            constructor refuses them.

        Examples
        --------
        >>> import autoarray as aa
        >>> mask = aa.Mask2D.circular(shape_native=(7, 7), pixel_scales=0.1, radius=0.25)
        >>> mask
        Mask2D(numpy, 7 x 7 of 0.1", 21 unmasked)
        >>> mask.pixels_in_mask
        21
        """
        shape = geometry_util.convert_shape_native_2d(shape_native)
        if _small_datasets.is_too_large(shape):
            shape, pixel_scales = _small_datasets.SHAPE_NATIVE, _small_datasets.PIXEL_SCALES
        scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
        mask = mask_2d_util.mask_2d_circular_from(shape, scales, radius, centre)
        return cls(mask, scales, origin, invert)

    @classmethod
    def circular_annular(
        cls,
        shape_native: tuple[int, int],
        inner_radius: float,
        outer_radius: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """A mask whose unmasked pixels have their centres between two radii; arguments and errors as in `circular`.

        The inner radius is at most the outer one.
        """
        scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
        mask = mask_2d_util.mask_2d_circular_annular_from(
            geometry_util.convert_shape_native_2d(shape_native), scales, inner_radius, outer_radius, centre
        )
        return cls(mask, scales, origin, invert)

    @classmethod
    def elliptical(
        cls,
        shape_native: tuple[int, int],
        major_axis_radius: float,
        axis_ratio: float,
        angle: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """A mask whose unmasked pixels have their centres within an ellipse.

        Parameters
        ----------
        shape_native
            The (y, x) shape in pixels.
        major_axis_radius
            The major axis in scaled units.
        axis_ratio
            Minor axis over major axis.
        angle
            The angle of the major axis in degrees, counter-clockwise from the positive x-axis.
        pixel_scales
            The scaled units per pixel.
        origin
            The scaled coordinate of the centre of the array.
        centre
            The (y, x) centre of the ellipse in scaled units, relative to the centre of the array.
        invert
            Whether the inside of the ellipse is masked instead.

        Raises
        ------
        exc.MaskException
            As in `circular`, or if the axis ratio is not positive or the angle not finite.
        """
        scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
        mask = mask_2d_util.mask_2d_elliptical_from(
            geometry_util.convert_shape_native_2d(shape_native), scales, major_axis_radius, axis_ratio, angle, centre
        )
        return cls(mask, scales, origin, invert)

    @classmethod
    def elliptical_annular(
        cls,
        shape_native: tuple[int, int],
        inner_major_axis_radius: float,
        inner_axis_ratio: float,
        inner_phi: float,
        outer_major_axis_radius: float,
        outer_axis_ratio: float,
        outer_phi: float,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        centre: tuple[float, float] = (0.0, 0.0),
        invert: bool = False,
    ) -> Mask2D:
        """A mask whose unmasked pixels lie outside an inner and inside an outer ellipse; see `elliptical`."""
        scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
        mask = mask_2d_util.mask_2d_elliptical_annular_from(
            geometry_util.convert_shape_native_2d(shape_native),
            scales,
            inner_major_axis_radius,
            inner_axis_ratio,
            inner_phi,
            outer_major_axis_radius,
            outer_axis_ratio,
            outer_phi,
            centre,
        )
        return cls(mask, scales, origin, invert)

    @classmethod
    def from_pixel_coordinates(
        cls,
        shape_native: tuple[int, int],
        pixel_coordinates: ArrayLike,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        buffer: int = 0,
        invert: bool = False,
    ) -> Mask2D:
        """A mask that is unmasked at the pixels (y, x) of a list, and `buffer` pixels around each.

        Raises
        ------
        exc.MaskException
            If a pixel is not two whole numbers or lies outside the mask, or the buffer is not a whole number of at
            least 0.
        """
        mask = mask_2d_util.mask_2d_via_pixel_coordinates_from(
            geometry_util.convert_shape_native_2d(shape_native), pixel_coordinates, buffer
        )
        return cls(mask, pixel_scales, origin, invert)

    @classmethod
    def from_fits(
        cls,
        file_path: Path | str,
        pixel_scales: PixelScales,
        hdu: int = 0,
        origin: tuple[float, float] = (0.0, 0.0),
        resized_mask_shape: tuple[int, int] | None = None,
        invert: bool = False,
    ) -> Mask2D:
        """A mask from the image of a FITS file, whose non-zero pixels are masked.

        Parameters
        ----------
        file_path
            The file.
        pixel_scales
            The scaled units per pixel.
        hdu
            The number of the header data unit that holds the image.
        origin
            The scaled coordinate of the centre of the array.
        resized_mask_shape
            A shape (y, x) that the mask is then cut or padded to (`resized_from`).
        invert
            Whether non-zero pixels are the unmasked ones.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        exc.MaskException
            If the header data unit holds no 2D image.
        ImportError
            If astropy is not installed.
        """
        from autoarray import fitsable

        values, _, _ = fitsable.image_from(file_path, hdu, error=exc.MaskException)
        mask = cls(values, pixel_scales, origin, invert)
        return mask if resized_mask_shape is None else mask.resized_from(resized_mask_shape)

    @property
    def native(self) -> Mask2D:
        """The mask itself, which has one form only."""
        return self

    @property
    def shape_native(self) -> tuple[int, int]:
        """The (y, x) shape in pixels."""
        return self._array.shape

    @property
    def geometry(self) -> Geometry2D:
        """How the pixels lie in scaled coordinates."""
        return Geometry2D(shape_native=self.shape_native, pixel_scales=self.pixel_scales, origin=self.origin)

    @property
    def header_dict(self) -> dict[Mask2DKeys, float]:
        """The pixel scales and origin as entries of a FITS header."""
        return {
            Mask2DKeys.PIXSCAY: self.pixel_scales[0],
            Mask2DKeys.PIXSCAX: self.pixel_scales[1],
            Mask2DKeys.ORIGINY: self.origin[0],
            Mask2DKeys.ORIGINX: self.origin[1],
        }

    @property
    def derive_indexes(self) -> DeriveIndexes2D:
        """Index arrays of the unmasked pixels, the edge and the border."""
        return DeriveIndexes2D(mask=self)

    @property
    def derive_mask(self) -> DeriveMask2D:
        """Masks of the edge, the border and the blurring region."""
        return DeriveMask2D(mask=self)

    @property
    def derive_grid(self) -> DeriveGrid2D:
        """Grids of the pixel centres: unmasked ones, all, the edge and the border."""
        return DeriveGrid2D(mask=self)

    @property
    def zoom(self) -> Zoom2D:
        """The rectangle that holds the unmasked pixels."""
        return Zoom2D(mask=self)

    @derived
    def native_for_slim(self) -> np.ndarray:
        """The (y, x) pixel indexes of each unmasked pixel, of shape (pixels, 2)."""
        return mask_2d_util.native_index_for_slim_index_2d_from(self._array)

    @derived
    def slim_to_native_tuple(self) -> tuple[np.ndarray, np.ndarray]:
        """The y and x pixel indexes of the unmasked pixels, which index a native array."""
        y, x = np.nonzero(~self._array)
        return y, x

    @derived
    def fft_index_for_masked_pixel(self) -> np.ndarray:
        """The flat, row-major index of each unmasked pixel in the native array."""
        return np.flatnonzero(~self._array).astype(np.int32)

    @derived
    def extent_index_for_masked_pixel(self) -> np.ndarray:
        """The flat, row-major index of each unmasked pixel in the bounding box of the unmasked pixels."""
        y0, y1, x0, x1 = mask_2d_util.unmasked_region_from(self._array)
        return np.flatnonzero(~self._array[y0:y1, x0:x1]).astype(np.int32)

    @property
    def mask_centre(self) -> tuple[float, float]:
        """The scaled (y, x) centre of the bounding box of the unmasked pixels.

        Raises
        ------
        exc.MaskException
            If no pixel is unmasked.
        """
        y0, y1, x0, x1 = mask_2d_util.unmasked_region_from(self._array)
        return self.geometry.scaled_coordinates_2d_from(((y0 + y1 - 1) / 2, (x0 + x1 - 1) / 2))

    @property
    def shape_native_masked_pixels(self) -> tuple[int, int]:
        """The (y, x) shape in pixels of the bounding box of the unmasked pixels."""
        y0, y1, x0, x1 = mask_2d_util.unmasked_region_from(self._array)
        return (y1 - y0, x1 - x0)

    @property
    def is_circular(self) -> bool:
        """Whether the unmasked pixels form a filled disc, up to how a circle falls onto pixels.

        The bounding box is square to one pixel (exactly, below three pixels), its centre is unmasked, and
        all but a few pixels are those of the disc that has as many pixels.

        Raises
        ------
        exc.MaskException
            If the pixel scales in y and x differ.
        """
        self._check_square_pixels("is_circular")
        if self.is_all_true:
            return False
        return mask_2d_util.is_disc(self._array)

    @property
    def circular_radius(self) -> float:
        """The radius in scaled units of a circular mask, half of its larger extent.

        Raises
        ------
        exc.MaskException
            If the mask is not circular, or its pixel scales in y and x differ.
        """
        self._check_square_pixels("circular_radius")
        if not self.is_circular:
            raise exc.MaskException(
                f"mask: expected the unmasked pixels to form a disc, found {self.pixels_in_mask} pixels of a mask of "
                f"shape {self.shape_native} that don't"
            )
        return float(max(self.shape_native_masked_pixels) * self.pixel_scale / 2.0)

    def _check_square_pixels(self, name: str) -> None:
        if self.pixel_scales[0] != self.pixel_scales[1]:
            raise exc.MaskException(f"mask.{name}: expected the same pixel scale in y and x, found {self.pixel_scales}")

    def rescaled_from(self, rescale_factor: float) -> Mask2D:
        """The mask enlarged (factor above 1) or shrunk in pixels, with the same pixel scales and a masked rim."""
        mask = mask_2d_util.rescaled_mask_2d_from(self._array, rescale_factor)
        return Mask2D(mask, self.pixel_scales, self.origin)

    def resized_from(self, new_shape: tuple[int, int], pad_value: float = 0.0) -> Mask2D:
        """The mask cut or padded around its centre to a new shape (y, x).

        Pixels that are added are unmasked, or masked if `pad_value` is not zero.
        """
        from autoarray.structures.arrays import array_2d_util

        if not isinstance(pad_value, (bool, np.bool_)):
            check_number(pad_value, "pad_value", error=exc.MaskException)
        shape = geometry_util.convert_shape_native_2d(new_shape, "new_shape")
        mask = array_2d_util.resized_array_2d_from(self._array, shape, pad_value=bool(pad_value))
        return Mask2D(mask, self.pixel_scales, self.origin)

    def trimmed_array_from(self, padded_array: ArrayLike, image_shape: tuple[int, int]) -> Array2D:
        """An array on this (padded) mask cut back to the shape of the image, without a mask.

        Parameters
        ----------
        padded_array
            An `Array2D` of this mask, or its values in slim or native form.
        image_shape
            The (y, x) shape of the image.
        """
        from autoarray.structures.arrays import array_2d_util
        from autoarray.structures.arrays.uniform_2d import Array2D

        values = unwrap(padded_array)
        if values.ndim == 1:
            values = array_2d_util.array_2d_native_from(values, self._array, xp=xp_of(values))
        start = [(self.shape_native[axis] - image_shape[axis]) // 2 for axis in (0, 1)]
        trimmed = values[start[0] : start[0] + image_shape[0], start[1] : start[1] + image_shape[1]]
        return Array2D.no_mask(values=trimmed, pixel_scales=self.pixel_scales, origin=self.origin)

    def unmasked_blurred_array_from(
        self, padded_array: Array2D, psf: Convolver, image_shape: tuple[int, int]
    ) -> Array2D:
        """An array on this (padded) mask, convolved with a point spread function and cut back to the image.

        Parameters
        ----------
        padded_array
            An `Array2D` of this mask.
        psf
            The `Convolver`.
        image_shape
            The (y, x) shape of the image.
        """
        blurred = psf.convolved_image_from(image=padded_array, blurring_image=None)
        return self.trimmed_array_from(padded_array=blurred, image_shape=image_shape)

    def _repr_parts(self) -> list[str]:
        return [line.backend(self), line.grid_of(self), line.unmasked(self)]
