"""Values of the pixels of a 2D mask."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np

from autoarray import _configuration, exc
from autoarray._backend import as_array, is_jax_array, numbers_from, xp_of
from autoarray._display import line
from autoarray._typing import Array, ArrayLike, Namespace, PixelScales
from autoarray._validation import shown, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.geometry import geometry_util
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures._sources import values_and_header_from
from autoarray.structures.abstract_structure import Structure
from autoarray.structures.arrays import array_2d_util
from autoarray.structures.arrays.uniform_1d import Array1D
from autoarray.structures.header import Header


class AbstractArray2D(Structure):
    """One value for each unmasked pixel of a mask, such as an image.

    The values have a slim form, of shape (pixels in mask,) in row-major order, and a native form,
    of shape (y, x) with zeros at masked pixels; `slim` and `native` give either.

    Parameters
    ----------
    values
        The values in slim or native form. A JAX array makes this an object that computes with JAX.
    mask
        The mask.
    header
        What the FITS headers of the data said.
    store_native
        Whether the native form is stored.
    skip_mask
        Whether native values that are stored natively keep what they have at masked pixels.
    xp
        The array library.

    Raises
    ------
    exc.ArrayException
        If the shape of the values is neither that of the mask nor its number of unmasked pixels, they are complex, or
        no numbers, or `mask` is no `Mask2D`. A `numpy.ma` array may have masked entries only where `mask` is True.
    """

    def __init__(
        self,
        values: ArrayLike,
        mask: Mask2D,
        header: Header | None = None,
        store_native: bool = False,
        skip_mask: bool = False,
        xp: Namespace = np,
    ) -> None:
        plain = numbers_from(unwrap(values), f"{type(self).__name__}.values", unused=_mask_of(mask, type(self)).array)
        if is_jax_array(plain):
            xp = xp_of(plain)
        self._set_backend(xp)
        super().__init__(array_2d_util.convert_array_2d(plain, mask, store_native, skip_mask, xp), xp=xp)
        self.mask = mask
        self.header = header

    @property
    def values(self) -> Array:
        """The values as a plain array."""
        return self._array

    @property
    def store_native(self) -> bool:
        """Whether the native form is stored."""
        return self._array.ndim != 1

    @property
    def slim(self) -> Self:
        """The array in slim form, of shape (pixels in mask,)."""
        return self.with_new_array(array_2d_util.convert_array_2d_to_slim(self._array, self.mask))

    @property
    def native(self) -> Self:
        """The array in native form, of shape (y, x), with zeros at masked pixels."""
        return self.with_new_array(array_2d_util.convert_array_2d_to_native(self._array, self.mask, xp=self._xp))

    @property
    def native_skip_mask(self) -> Self:
        """The array in native form, where values that are stored natively keep what they have at masked pixels."""
        return self.native if self._array.ndim == 1 else self.with_new_array(self._array)

    @property
    def native_for_fits(self) -> Self:
        """The array in native form, as it is written to a FITS file.

        It is the part around the unmasked pixels, one pixel wider on each side, where the user's configuration says so
        (`visualize/plots.yaml`, `fits_are_zoomed`).
        """
        if not _configuration.flag("visualize", "plots", "fits_are_zoomed", default=False):
            return self.native
        from autoarray.mask.derive.zoom_2d import Zoom2D

        return Zoom2D(mask=self.mask).array_2d_from(array=self, buffer=1).native  # type: ignore[return-value]

    def apply_mask(self, mask: Mask2D) -> Array2D:
        """The array on another mask of the same shape; pixels that were masked are zero."""
        return Array2D(values=self.native.array, mask=mask, header=self.header, xp=self._xp)

    @property
    def in_counts(self) -> Self:
        """The array in counts, from counts per second and the header's exposure time in seconds."""
        return self._header.array_eps_to_counts(self)

    @property
    def in_counts_per_second(self) -> Self:
        """The array in counts per second, by way of its counts."""
        return self._header.array_counts_to_counts_per_second(self.in_counts)

    @property
    def _header(self) -> Header:
        if self.header is None:
            raise exc.ArrayException("Array2D: expected a header, found an array without one")
        return self.header

    @property
    def original_orientation(self) -> AbstractArray2D:
        """The array turned as the CCD was read out, from the header's corner (y, x); as it is for (1, 0) or none.

        Raises
        ------
        exc.ArrayException
            If the array has no header.
        """
        corner = self._header.original_roe_corner
        if corner is None or tuple(corner) == (1, 0):
            return self
        along_y, along_x = (-1 if corner[0] == 0 else 1), (-1 if corner[1] == 1 else 1)
        return self._part((slice(None, None, along_y), slice(None, None, along_x)))

    @property
    def readout_offsets(self) -> tuple[float, float]:
        """The header's (y, x) offset from the corner at which the CCD is read out, in pixels, or (0, 0)."""
        if self.header is None or self.header.readout_offsets is None:
            return (0, 0)
        return self.header.readout_offsets

    @property
    def binned_across_rows(self) -> Array1D:
        """The mean of the unmasked values of each column, one for each; NaN where all are masked."""
        return Array1D.no_mask(self._mean(axis=0), pixel_scales=self.pixel_scales[1])

    @property
    def binned_across_columns(self) -> Array1D:
        """The mean of the unmasked values of each row, one for each; NaN where all are masked."""
        return Array1D.no_mask(self._mean(axis=1), pixel_scales=self.pixel_scales[0])

    def _mean(self, axis: int) -> Any:
        count = (~self.mask.array).sum(axis=axis).astype(float)
        total = self.native.array.sum(axis=axis)
        return self._xp.where(count > 0, total / np.maximum(count, 1.0), np.nan)

    def brightest_coordinate_in_region_from(
        self, region: tuple[float, float, float, float] | None, return_in_pixels: bool = False
    ) -> tuple[float, float]:
        """The centre of the brightest pixel of a region.

        Parameters
        ----------
        region
            The region (y0, y1, x0, x1) in scaled units, or None for the whole array.
        return_in_pixels
            Whether the pixel (y, x) is returned, instead of its scaled coordinate.

        Raises
        ------
        exc.ArrayException
            If the region holds no pixel of the array.
        """
        y0, y1, x0, x1 = self.geometry.pixel_region_2d_from(region)
        native = np.asarray(self.native.array)
        y, x = np.unravel_index(np.argmax(native[y0:y1, x0:x1]), (y1 - y0, x1 - x0))
        pixel = (int(y) + y0, int(x) + x0)
        return pixel if return_in_pixels else self.geometry.scaled_coordinates_2d_from(pixel)

    def brightest_sub_pixel_coordinate_in_region_from(
        self, region: tuple[float, float, float, float] | None, box_size: int = 1
    ) -> tuple[float, float]:
        """The scaled (y, x) centre of light around the brightest pixel of a region.

        Parameters
        ----------
        region
            The region (y0, y1, x0, x1) in scaled units, or None for the whole array.
        box_size
            The number of pixels on each side of the brightest one whose light counts.
        """
        box_size = whole_from(box_size, "box_size", 0, exc.ArrayException)
        y, x = self.brightest_coordinate_in_region_from(region, return_in_pixels=True)
        native = np.asarray(self.native.array)
        height, width = self.shape_native
        y0, y1 = max(0, int(y) - box_size), min(height, int(y) + box_size + 1)
        x0, x1 = max(0, int(x) - box_size), min(width, int(x) + box_size + 1)
        box = native[y0:y1, x0:x1]
        centre_y = float((box.sum(axis=1) * np.arange(y0, y1)).sum() / box.sum())
        centre_x = float((box.sum(axis=0) * np.arange(x0, x1)).sum() / box.sum())
        return self.geometry.scaled_coordinates_2d_from((centre_y, centre_x))

    def resized_from(self, new_shape: tuple[int, int], mask_pad_value: float = 0.0) -> Array2D:
        """The array cut or padded with zeros around its centre to a new shape (y, x).

        Pixels that are added are unmasked, or masked if `mask_pad_value` is not zero.
        """
        new_shape = geometry_util.convert_shape_native_2d(new_shape, "new_shape", exc.ArrayException)
        values = array_2d_util.resized_array_2d_from(self.native.array, new_shape)
        mask = self.mask.resized_from(new_shape=new_shape, pad_value=mask_pad_value)
        return Array2D(values=values, mask=mask, header=self.header, store_native=self.store_native, xp=self._xp)

    def padded_before_convolution_from(self, kernel_shape: tuple[int, int], mask_pad_value: int = 0) -> Array2D:
        """The array padded with zeros by as many pixels as a kernel of a shape (y, x) reaches."""
        kernel_shape = geometry_util.convert_shape_native_2d(kernel_shape, "kernel_shape", exc.ArrayException)
        shape = tuple(size + kernel - 1 for size, kernel in zip(self.shape_native, kernel_shape, strict=True))
        return self.resized_from(new_shape=(shape[0], shape[1]), mask_pad_value=mask_pad_value)

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Array2D:
        """The array without the pixels that `padded_before_convolution_from` added.

        Raises
        ------
        exc.ArrayException
            If the kernel is larger than the array.
        """
        kernel_shape = geometry_util.convert_shape_native_2d(kernel_shape, "kernel_shape", exc.ArrayException)
        trim = [kernel // 2 for kernel in kernel_shape]
        height, width = (size - 2 * edge for size, edge in zip(self.shape_native, trim, strict=True))
        if height < 1 or width < 1:
            raise exc.ArrayException(
                f"kernel_shape: expected a kernel smaller than the array's shape {self.shape_native}, "
                f"found {tuple(kernel_shape)}"
            )
        return self._part((slice(trim[0], trim[0] + height), slice(trim[1], trim[1] + width)))

    def _part(self, window: tuple[slice, slice]) -> Array2D:
        """The pixels of a window (y, x) of the native form, with their mask, around the same origin."""
        mask = Mask2D(self.mask.array[window], pixel_scales=self.pixel_scales, origin=self.origin)
        return Array2D(
            values=self.native.array[window], mask=mask, header=self.header, store_native=self.store_native, xp=self._xp
        )


def _mask_of(mask: object, cls: type) -> Mask2D:
    if not isinstance(mask, Mask2D):
        raise exc.ArrayException(f"{cls.__name__}.mask: expected a Mask2D, found {shown(mask)}")
    return mask


class Array2D(AbstractArray2D):
    """One value for each unmasked pixel of a mask, such as an image.

    The values have a slim form, of shape (pixels in mask,), and a native form, of shape (y, x) with zeros at masked
    pixels; `slim` and `native` give either.

    Parameters
    ----------
    values
        The values in slim or native form. A JAX array makes this an object that computes with JAX.
    mask
        The mask.
    header
        What the FITS headers of the data said.
    store_native
        Whether the native form is stored.
    skip_mask
        Whether native values that are stored natively keep what they have at masked pixels.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    exc.ArrayException
        If the shape of the values is neither that of the mask nor its number of unmasked pixels, they are complex, or
        no numbers, or `mask` is no `Mask2D`. A `numpy.ma` array may have masked entries only where `mask` is True.
    """

    @classmethod
    def no_mask(
        cls,
        values: ArrayLike,
        pixel_scales: PixelScales,
        shape_native: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
        header: Header | None = None,
    ) -> Array2D:
        """An array without masked pixels.

        Parameters
        ----------
        values
            The values in native form, or in slim form with `shape_native` given.
        pixel_scales
            The scaled units per pixel.
        shape_native
            The (y, x) shape of the native form.
        origin
            The scaled coordinate of the centre of the array.
        header
            What the FITS headers of the data said.

        Raises
        ------
        exc.ArrayException
            If the values are slim and `shape_native` is not given, or the two disagree.
        """
        array = array_2d_util.convert_array(values)
        array_2d_util.check_array_2d(array)
        if array.ndim == 2:
            shape_native = (array.shape[0], array.shape[1]) if shape_native is None else shape_native
        elif shape_native is None:
            raise exc.ArrayException(
                f"Array2D: values in slim form need shape_native, found shape {tuple(array.shape)} without it"
            )
        mask = Mask2D.all_false(shape_native=shape_native, pixel_scales=pixel_scales, origin=origin)
        return cls(values=array, mask=mask, header=header, xp=xp_of(array))

    @classmethod
    def full(
        cls,
        fill_value: float,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        header: Header | None = None,
    ) -> Array2D:
        """An array of a shape (y, x) with one value everywhere and no masked pixel."""
        shape = geometry_util.convert_shape_native_2d(shape_native)
        value = numbers_from(fill_value, f"{cls.__name__}.fill_value")
        if value.ndim:
            raise exc.ArrayException(f"{cls.__name__}.fill_value: expected a number, found {shown(fill_value)}")
        return cls.no_mask(np.full(shape, value), pixel_scales, origin=origin, header=header)

    @classmethod
    def ones(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        header: Header | None = None,
    ) -> Array2D:
        """An array of a shape (y, x) with ones everywhere and no masked pixel."""
        return cls.full(1.0, shape_native, pixel_scales, origin=origin, header=header)

    @classmethod
    def zeros(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        header: Header | None = None,
    ) -> Array2D:
        """An array of a shape (y, x) with zeros everywhere and no masked pixel."""
        return cls.full(0.0, shape_native, pixel_scales, origin=origin, header=header)

    @classmethod
    def from_fits(
        cls,
        file_path: Path | str,
        pixel_scales: PixelScales,
        hdu: int = 0,
        origin: tuple[float, float] = (0.0, 0.0),
    ) -> Array2D:
        """An array without masked pixels from the image of a FITS file, as float64, with its headers.

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

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        exc.ArrayException
            If the header data unit holds no 2D image.
        ImportError
            If astropy is not installed.
        """
        values, header = values_and_header_from(file_path, hdu, ndim=2)
        return cls.no_mask(values, pixel_scales, origin=origin, header=header)

    @classmethod
    def from_yx_and_values(
        cls,
        y: ArrayLike,
        x: ArrayLike,
        values: ArrayLike,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        header: Header | None = None,
    ) -> Array2D:
        """An array from the scaled coordinates of its pixels and their values, in any order.

        Parameters
        ----------
        y, x
            The scaled coordinates of each value, of shape (pixels,), around an origin (0.0, 0.0).
        values
            The values, of shape (pixels,).
        shape_native
            The (y, x) shape of the array.
        pixel_scales
            The scaled units per pixel.
        header
            What the FITS headers of the data said.

        Raises
        ------
        exc.ArrayException
            If `y`, `x` and `values` don't have one entry for each pixel, or a coordinate is not in the array.
        """
        array = array_2d_util.convert_array(values)
        shape_native = geometry_util.convert_shape_native_2d(shape_native)
        total = shape_native[0] * shape_native[1]
        rows, columns = (np.asarray(numbers_from(unwrap(axis), "Array2D.y, x"), dtype=float) for axis in (y, x))
        grid = np.stack([rows, columns], axis=-1) if rows.shape == columns.shape else np.zeros((0, 2))
        if grid.shape != (total, 2) or array.shape != (total,):
            raise exc.ArrayException(
                f"Array2D: expected y, x and values for each of the {total} pixels of shape {tuple(shape_native)}, "
                f"found coordinates of shape {grid.shape[:1]} and values of shape {tuple(array.shape)}"
            )
        indexes = geometry_util.grid_pixel_indexes_2d_slim_from(grid, shape_native, pixel_scales)
        if not np.array_equal(np.sort(indexes), np.arange(total)):
            raise exc.ArrayException(
                f"Array2D: expected one coordinate in each pixel of shape {tuple(shape_native)} and pixel scales "
                f"{pixel_scales}, found pixels without one"
            )
        xp = xp_of(array)
        return cls.no_mask(array[as_array(np.argsort(indexes), xp)], pixel_scales, shape_native, header=header)

    def _repr_parts(self) -> list[str]:
        return [*super()._repr_parts(), f"native {line.grid_of(vars(self).get('mask'))}"]
