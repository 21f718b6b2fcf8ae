"""Coordinates of the pixels of a 1D mask."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, xp_of
from autoarray._display import line
from autoarray._typing import ArrayLike, Namespace, PixelScales, Scalar
from autoarray._validation import check_instance, check_number
from autoarray.geometry import geometry_util
from autoarray.mask.mask_1d import Mask1D
from autoarray.structures._structure_1d import Structure1D, values_1d_from
from autoarray.structures.grids import grid_1d_util
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

# How far points of a projected grid lie from the line through (0.0, 0.0), in scaled units: many profiles are singular
# at their centre.
_OFFSET = 1.0e-6


class Grid1D(Structure1D):
    """One scaled coordinate for each unmasked pixel of a 1D mask.

    The coordinates have a slim form, of shape (pixels in mask,), and a native form, of shape (x,) with zeros at masked
    pixels.

    Parameters
    ----------
    values
        The coordinates in slim or native form, in arc-seconds. A JAX array makes this an object that computes with JAX.
    mask
        The 1D mask.
    store_native
        Whether the native form is stored.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    exc.GridException
        If the number of coordinates is neither that of the pixels nor that of the unmasked ones, they are complex or
        no numbers, or `mask` is no `Mask1D`.

    Examples
    --------
    >>> import autoarray as aa
    >>> aa.Grid1D.uniform(shape_native=(4,), pixel_scales=0.5).array
    array([-0.75, -0.25,  0.25,  0.75])
    """

    def __init__(self, values: ArrayLike, mask: Mask1D, store_native: bool = False, xp: Namespace = np) -> None:
        super().__init__(values, mask, store_native, xp, exc.GridException)

    @classmethod
    def no_mask(cls, values: ArrayLike, pixel_scales: PixelScales, origin: tuple[float, ...] = (0.0,)) -> Grid1D:
        """A grid without masked pixels.

        Parameters
        ----------
        values
            The coordinates, of shape (x,).
        pixel_scales
            The scaled units per pixel.
        origin
            The scaled coordinate of the centre of the array.

        Raises
        ------
        exc.GridException
            If the coordinates are not 1D.
        """
        grid = values_1d_from(values, f"{cls.__name__}.values", exc.GridException)
        mask = Mask1D.all_false(shape_slim=grid.shape[0], pixel_scales=pixel_scales, origin=origin)
        return cls(values=grid, mask=mask, xp=xp_of(grid))

    @classmethod
    def from_mask(cls, mask: Mask1D, xp: Namespace = np) -> Grid1D:
        """The grid of the centres of a mask's unmasked pixels."""
        check_instance(mask, Mask1D, "mask", "a Mask1D", exc.GridException)
        values = grid_1d_util.grid_1d_slim_via_mask_from(mask.array, mask.pixel_scales, mask.origin, xp)
        return cls(values=values, mask=mask, xp=xp)

    @classmethod
    def uniform(
        cls,
        shape_native: int | tuple[int],
        pixel_scales: PixelScales,
        origin: tuple[float, ...] = (0.0,),
        xp: Namespace = np,
    ) -> Grid1D:
        """A grid of the centres of a number of pixels.

        Parameters
        ----------
        shape_native
            The number of pixels.
        pixel_scales
            The scaled units per pixel.
        origin
            The scaled coordinate of the centre of the array.
        xp
            The array library.
        """
        return cls.from_mask(Mask1D.all_false(shape_native, pixel_scales, origin), xp)

    @classmethod
    def uniform_from_zero(cls, shape_native: int | tuple[int], pixel_scales: PixelScales, xp: Namespace = np) -> Grid1D:
        """A grid of coordinates from 0.0 outwards, a pixel apart, on a mask that is centred on 0.0.

        Parameters
        ----------
        shape_native
            The number of coordinates.
        pixel_scales
            The scaled units per pixel.
        xp
            The array library.
        """
        mask = Mask1D.all_false(shape_native, pixel_scales)
        return cls(values=xp.asarray(np.arange(mask.shape_native[0]) * mask.pixel_scale), mask=mask, xp=xp)

    def grid_2d_radial_projected_from(self, angle: Scalar = 0.0) -> Grid2DIrregular:
        """The coordinates as 2D ones, on a line through the origin.

        They are shifted by 1e-6 scaled units in y and x, so that none lies where profiles are singular.

        Parameters
        ----------
        angle
            The angle of the line in degrees, clockwise from the positive x-axis.
        """
        check_number(angle, "angle", "a finite number of degrees", error=exc.GridException)
        x = self.slim.array
        xp = xp_of(x, angle)
        x = as_array(x, xp)
        grid = geometry_util.transform_grid_2d_to_reference_frame(
            xp.stack((xp.zeros_like(x), x), axis=-1), centre=(0.0, 0.0), angle=angle, xp=xp
        )
        return Grid2DIrregular(grid + _OFFSET, xp=xp)

    def _repr_parts(self) -> list[str]:
        native = f"native {line.grid_of(vars(self).get('mask'))}"
        return [line.backend(self), f"{line.array(self)} arcsec", native]
