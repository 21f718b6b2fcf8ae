"""The 1D mask: which pixels of a line are used, and where they lie."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import numpy as np

from autoarray import exc
from autoarray._display import line
from autoarray._state import derived
from autoarray._typing import ArrayLike, Namespace, PixelScales
from autoarray.geometry import geometry_util
from autoarray.geometry.geometry_1d import Geometry1D
from autoarray.mask import mask_1d_util
from autoarray.mask.abstract_mask import Mask
from autoarray.mask.derive.grid_1d import DeriveGrid1D
from autoarray.mask.derive.mask_1d import DeriveMask1D


class Mask1DKeys(Enum):
    """The names of a 1D mask's geometry in a FITS header."""

    PIXSCA = "PIXSCA"
    ORIGIN = "ORIGIN"


class Mask1D(Mask):
    """A 1D array of bools, where False is an unmasked pixel that calculations use.

    Parameters
    ----------
    mask
        The bools, of shape (x,).
    pixel_scales
        The scaled units (arc-seconds) per pixel: one number, or a tuple of one.
    origin
        The scaled coordinate of the centre of the array, a tuple of one.
    invert
        Whether True and False are exchanged.
    xp
        Accepted for either array library, and without an effect: masks are NumPy's.

    Raises
    ------
    exc.MaskException
        If the mask is not a 1D array of bools with at least one pixel, `pixel_scales` is not positive, or the origin
        is not finite.

    Examples
    --------
    >>> import autoarray as aa
    >>> mask = aa.Mask1D([True, False, False], pixel_scales=0.5)
    >>> mask
    Mask1D(numpy, 3 of 0.5", 2 unmasked)
    >>> mask.geometry.extent
    (-0.75, 0.75)
    """

    def __init__(
        self,
        mask: ArrayLike,
        pixel_scales: PixelScales,
        origin: tuple[float, ...] = (0.0,),
        invert: bool = False,
        xp: Namespace = np,
    ) -> None:
        super().__init__(
            mask=mask,
            origin=geometry_util.convert_origin_1d(origin),
            pixel_scales=geometry_util.convert_pixel_scales_1d(pixel_scales),
            xp=xp,
        )
        self._check_and_invert(1, invert)

    @classmethod
    def all_false(
        cls,
        shape_slim: int | tuple[int],
        pixel_scales: PixelScales,
        origin: tuple[float, ...] = (0.0,),
        invert: bool = False,
    ) -> Mask1D:
        """A mask of a number of pixels that are all unmasked (all masked if `invert`)."""
        shape = geometry_util.convert_shape_native_1d(shape_slim, "shape_slim")
        return cls(np.full(shape, False), pixel_scales, origin, invert)

    @classmethod
    def from_fits(
        cls,
        file_path: Path | str,
        pixel_scales: PixelScales,
        hdu: int = 0,
        origin: tuple[float, ...] = (0.0,),
    ) -> Mask1D:
        """A mask from the 1D data of a FITS file, whose non-zero pixels are masked.

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
        exc.MaskException
            If the header data unit holds no 1D data.
        ImportError
            If astropy is not installed.
        """
        from autoarray import fitsable

        values, _, _ = fitsable.image_from(file_path, hdu, error=exc.MaskException, ndim=1)
        return cls(values, pixel_scales, origin)

    @property
    def native(self) -> Mask1D:
        """The mask itself, which has one form only."""
        return self

    @property
    def shape_native(self) -> tuple[int]:
        """The number of pixels, masked or not, as a tuple of one."""
        return self._array.shape

    @property
    def shape_slim(self) -> tuple[int]:
        """The number of pixels, masked or not, as a tuple of one; `pixels_in_mask` counts the unmasked ones."""
        return self._array.shape

    @property
    def geometry(self) -> Geometry1D:
        """How the pixels lie in scaled coordinates."""
        return Geometry1D(shape_native=self.shape_native, pixel_scales=self.pixel_scales, origin=self.origin)

    @property
    def header_dict(self) -> dict[Mask1DKeys, float]:
        """The pixel scale and origin as entries of a FITS header."""
        return {Mask1DKeys.PIXSCA: self.pixel_scales[0], Mask1DKeys.ORIGIN: self.origin[0]}

    @property
    def derive_mask(self) -> DeriveMask1D:
        """Masks derived from this one."""
        return DeriveMask1D(mask=self)

    @property
    def derive_grid(self) -> DeriveGrid1D:
        """Grids of the pixel centres: unmasked ones, or all."""
        return DeriveGrid1D(mask=self)

    @derived
    def native_for_slim(self) -> np.ndarray:
        """The index of each unmasked pixel, of shape (pixels,)."""
        return mask_1d_util.native_index_for_slim_index_1d_from(self._array)

    def _repr_parts(self) -> list[str]:
        return [line.backend(self), line.grid_of(self), line.unmasked(self)]
