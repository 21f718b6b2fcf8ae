"""Values of the pixels of a 1D mask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from, xp_of
from autoarray._typing import ArrayLike, Namespace, PixelScales
from autoarray._validation import shown
from autoarray.geometry import geometry_util
from autoarray.mask.mask_1d import Mask1D
from autoarray.structures._sources import values_and_header_from
from autoarray.structures._structure_1d import Structure1D, values_1d_from
from autoarray.structures.header import Header

if TYPE_CHECKING:
    from autoarray.structures.grids.uniform_1d import Grid1D


class Array1D(Structure1D):
    """One value for each unmasked pixel of a 1D mask, such as a radial profile or a column of a CCD.

    The values have a slim form, of shape (pixels in mask,), and a native form, of shape (x,) with zeros at masked
    pixels; `slim` and `native` give either.

    Parameters
    ----------
    values
        The values in slim or native form. A JAX array makes this an object that computes with JAX.
    mask
        The 1D mask.
    header
        What the FITS headers of the data said.
    store_native
        Whether the native form is stored.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    exc.ArrayException
        If the number of values is neither that of the pixels nor that of the unmasked ones, they are complex or no
        numbers, or `mask` is no `Mask1D`.

    Examples
    --------
    >>> import autoarray as aa
    >>> mask = aa.Mask1D([True, False, False], pixel_scales=0.5)
    >>> array = aa.Array1D([1.0, 2.0], mask=mask)
    >>> array.native.array
    array([0., 1., 2.])
    """

    def __init__(
        self,
        values: ArrayLike,
        mask: Mask1D,
        header: Header | None = None,
        store_native: bool = False,
        xp: Namespace = np,
    ) -> None:
        super().__init__(values, mask, store_native, xp, exc.ArrayException)
        self.header = header

    @classmethod
    def no_mask(
        cls,
        values: ArrayLike,
        pixel_scales: PixelScales,
        origin: tuple[float, ...] = (0.0,),
        header: Header | None = None,
    ) -> Array1D:
        """An array without masked pixels.

        Parameters
        ----------
        values
            The values, of shape (x,).
        pixel_scales
            The scaled units per pixel.
        origin
            The scaled coordinate of the centre of the array.
        header
            What the FITS headers of the data said.

        Raises
        ------
        exc.ArrayException
            If the values are not 1D.
        """
        array = values_1d_from(values, f"{cls.__name__}.values", exc.ArrayException)
        mask = Mask1D.all_false(shape_slim=array.shape[0], pixel_scales=pixel_scales, origin=origin)
        return cls(values=array, mask=mask, header=header, xp=xp_of(array))

    @classmethod
    def full(
        cls,
        fill_value: float,
        shape_native: int | tuple[int],
        pixel_scales: PixelScales,
        origin: tuple[float, ...] = (0.0,),
        header: Header | None = None,
    ) -> Array1D:
        """An array of a number of pixels with one value everywhere and no masked pixel."""
        value = numbers_from(fill_value, f"{cls.__name__}.fill_value")
        if value.ndim:
            raise exc.ArrayException(f"{cls.__name__}.fill_value: expected a number, found {shown(fill_value)}")
        shape = geometry_util.convert_shape_native_1d(shape_native)
        return cls.no_mask(np.full(shape, value), pixel_scales, origin=origin, header=header)

    @classmethod
    def ones(
        cls,
        shape_native: int | tuple[int],
        pixel_scales: PixelScales,
        origin: tuple[float, ...] = (0.0,),
        header: Header | None = None,
    ) -> Array1D:
        """An array of a number of pixels with ones everywhere and no masked pixel."""
        return cls.full(1.0, shape_native, pixel_scales, origin=origin, header=header)

    @classmethod
    def zeros(
        cls,
        shape_native: int | tuple[int],
        pixel_scales: PixelScales,
        origin: tuple[float, ...] = (0.0,),
        header: Header | None = None,
    ) -> Array1D:
        """An array of a number of pixels with zeros everywhere and no masked pixel."""
        return cls.full(0.0, shape_native, pixel_scales, origin=origin, header=header)

    @classmethod
    def from_fits(
        cls,
        file_path: Path | str,
        pixel_scales: PixelScales,
        hdu: int = 0,
        origin: tuple[float, ...] = (0.0,),
    ) -> Array1D:
        """An array without masked pixels from the 1D data of a FITS file, as float64, with its headers.

        Parameters
        ----------
        file_path
            The file.
        pixel_scales
            The scaled units per pixel.
        hdu
            The number of the header data unit that holds the data.
        origin
            The scaled coordinate of the centre of the array.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        exc.ArrayException
            If the header data unit holds no 1D data.
        ImportError
            If astropy is not installed.
        """
        values, header = values_and_header_from(file_path, hdu, ndim=1)
        return cls.no_mask(values, pixel_scales, origin=origin, header=header)

    @property
    def grid_radial(self) -> Grid1D:
        """Coordinates from 0.0 outwards, a pixel apart, one for each pixel of the mask."""
        from autoarray.structures.grids.uniform_1d import Grid1D

        return Grid1D.uniform_from_zero(
            shape_native=self.mask.shape_native, pixel_scales=self.pixel_scales, xp=self._xp
        )

    @property
    def readout_offsets(self) -> tuple[float, ...]:
        """The header's offset from the end at which the line is read out, in pixels, or (0,)."""
        if self.header is None or self.header.readout_offsets is None:
            return (0,)
        return self.header.readout_offsets
