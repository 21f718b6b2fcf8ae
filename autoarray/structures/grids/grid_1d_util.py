"""Functions of plain 1D arrays of coordinates and their slim form (the unmasked ones, from left to right)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._typing import Array, ArrayLike, Namespace, PixelScales
from autoarray.geometry import geometry_util
from autoarray.mask import _lines
from autoarray.structures.arrays import array_1d_util

if TYPE_CHECKING:
    from autoarray.mask.mask_1d import Mask1D


def convert_grid_1d(grid_1d: ArrayLike, mask_1d: Mask1D, store_native: bool = False, xp: Namespace = np) -> Array:
    """Coordinates in slim or native form as the form that a `Grid1D` stores.

    Parameters
    ----------
    grid_1d
        The coordinates, of shape (pixels in mask,) or (x,).
    mask_1d
        The mask that they belong to.
    store_native
        Whether the result is native: slim coordinates get zeros at masked pixels, native ones keep what they have.
    xp
        The array library of the result.

    Raises
    ------
    exc.GridException
        If the coordinates have more dimensions than one, or as many as neither form.
    """
    return _lines.converted_from(grid_1d, mask_1d, store_native, xp, "Grid1D.values", exc.GridException)


def grid_1d_slim_from(grid_1d_native: ArrayLike, mask_1d: ArrayLike) -> Array:
    """The coordinates of a native grid at its unmasked pixels."""
    return array_1d_util.array_1d_slim_from(grid_1d_native, mask_1d)


def grid_1d_native_from(grid_1d_slim: ArrayLike, mask_1d: ArrayLike, xp: Namespace = np) -> Array:
    """Slim coordinates in an array of the mask's length, with zeros at its masked pixels."""
    return array_1d_util.array_1d_native_from(grid_1d_slim, mask_1d, xp)


def grid_1d_slim_via_mask_from(
    mask_1d: ArrayLike, pixel_scales: PixelScales, origin: tuple[float, ...] = (0.0,), xp: Namespace = np
) -> Any:
    """The scaled coordinates of the centres of a mask's unmasked pixels, of shape (pixels,)."""
    mask = _lines.bools_from(mask_1d)
    return _centres(np.flatnonzero(~mask), mask.size, pixel_scales, origin, xp)


def grid_1d_slim_via_shape_slim_from(
    shape_slim: int | tuple[int], pixel_scales: PixelScales, origin: tuple[float, ...] = (0.0,), xp: Namespace = np
) -> Any:
    """The scaled coordinates of the centres of a number of pixels, of shape (pixels,)."""
    (size,) = geometry_util.convert_shape_native_1d(shape_slim, "shape_slim")
    return _centres(np.arange(size), size, pixel_scales, origin, xp)


def _centres(pixels: np.ndarray, size: int, pixel_scales: PixelScales, origin: tuple[float, ...], xp: Namespace) -> Any:
    (scale,) = geometry_util.convert_pixel_scales_1d(pixel_scales)
    (centre,) = geometry_util.convert_origin_1d(origin)
    (zero,) = geometry_util.central_scaled_coordinate_1d_from((size,), scale, (centre,))
    return xp.asarray((pixels - zero) * scale)
