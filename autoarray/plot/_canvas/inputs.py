"""The arguments of plotting functions as plain NumPy arrays; a JAX array is read once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.rgb import Array2DRGB

if TYPE_CHECKING:
    from autoarray.plot._canvas.arguments import Extent, Groups, Values

ArrayT = TypeVar("ArrayT")


def values_of(values: Values | Iterable[Values]) -> np.ndarray:
    """The numbers of an array, grid or mask, of this library, NumPy or JAX."""
    return np.asarray(getattr(values, "array", values))


def numpy_grid(grid: Values | Sequence[Values] | None) -> np.ndarray | None:
    """(y, x) coordinates, or those of a list of grids, as an array of shape (N, 2), or None for None.

    Raises
    ------
    PlottingException
        If they are not of that shape.
    """
    if grid is None:
        return None
    if isinstance(grid, (list, tuple)) and any(np.ndim(values_of(each)) == 2 for each in grid):
        parts = [points for each in grid if (points := numpy_grid(each)) is not None]
        return np.concatenate(parts)
    points = np.asarray(values_of(grid), dtype=float)
    if points.ndim == 3 and points.shape[-1] == 2:
        points = points.reshape(-1, 2)
    if points.ndim == 1 and points.shape == (2,):
        points = points[None, :]
    if points.size == 0:
        return np.zeros((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        raise exc.PlottingException(f"expected (y, x) coordinates of shape (N, 2), found shape {points.shape}")
    return points


def numpy_lines(lines: Groups | None) -> list[np.ndarray] | None:
    """Lines as a list of (y, x) arrays of shape (N, 2), or None if there are none.

    One array or grid of shape (N, 2) is one line.
    """
    return _groups_of(lines)


def numpy_positions(positions: Groups | None) -> list[np.ndarray] | None:
    """Groups of positions as a list of (y, x) arrays of shape (N, 2), or None if there are none.

    One array or grid of shape (N, 2) is one group; a list of (y, x) pairs of numbers is one, too.
    """
    return _groups_of(positions)


def _groups_of(groups: Groups | None) -> list[np.ndarray] | None:
    if groups is None:
        return None
    members: list[Any]
    if hasattr(groups, "array") or isinstance(groups, np.ndarray):
        points = values_of(groups)
        members = list(points) if points.ndim == 3 else [points]
    else:
        members = list(groups)  # type: ignore[arg-type]  # a single number raises, as it is no group
        if members and all(np.ndim(values_of(member)) == 1 for member in members):
            members = [members]
    arrays = [numpy_grid(each if hasattr(each, "array") else np.asarray(each, dtype=float)) for each in members]
    return [points for points in arrays if points is not None and len(points)] or None


def native_of(array: Values) -> tuple[np.ndarray, Extent, Extent]:
    """The 2D values with NaN where masked, the extent of all pixels, and that of the unmasked ones.

    The second extent has a margin of one pixel. An `Array2DRGB` gives its colours, of shape (y, x, 3) or (y, x, 4).

    Raises
    ------
    PlottingException
        If the array is not 2D.
    """
    mask = getattr(array, "mask", None)
    if mask is None or isinstance(array, np.ma.MaskedArray):
        values = np.ma.filled(np.ma.asarray(array, dtype=float), np.nan)
        if values.ndim != 2:
            raise exc.PlottingException(f"array: expected 2 dimensions, found shape {values.shape}")
        extent = (-0.5, values.shape[1] - 0.5, values.shape[0] - 0.5, -0.5)
        return values, extent, extent
    hidden = np.asarray(values_of(mask), dtype=bool)
    stored = values_of(array)
    if isinstance(array, Array2DRGB):
        return stored, *_extents_of(mask, hidden)
    if stored.ndim not in (1, 2) or hidden.ndim != 2:
        raise exc.PlottingException(f"array: expected an Array2D, found {type(array).__name__} of shape {stored.shape}")
    values = np.full(hidden.shape, np.nan)
    values[~hidden] = stored if stored.ndim == 1 else stored[~hidden]
    return values, *_extents_of(mask, hidden)


def _extents_of(mask: Mask2D, hidden: np.ndarray) -> tuple[Extent, Extent]:
    scale_y, scale_x = mask.pixel_scales
    origin_y, origin_x = mask.origin
    half_y, half_x = hidden.shape[0] * scale_y / 2.0, hidden.shape[1] * scale_x / 2.0
    whole = (origin_x - half_x, origin_x + half_x, origin_y - half_y, origin_y + half_y)
    rows, columns = np.nonzero(~hidden)
    if rows.size in (0, hidden.size):
        return whole, whole
    shown = (
        whole[0] + (columns.min() - 0.5) * scale_x,
        whole[0] + (columns.max() + 1.5) * scale_x,
        whole[3] - (rows.max() + 1.5) * scale_y,
        whole[3] - (rows.min() - 0.5) * scale_y,
    )
    return whole, shown


def _mask_of(array: object) -> Mask2D | None:
    """The mask of an `Array2D`, if it masks a pixel."""
    mask = getattr(array, "mask", None)
    return mask if isinstance(mask, Mask2D) and values_of(mask).any() else None


def zoom_array(array: ArrayT) -> ArrayT:
    """The part of an `Array2D` around its unmasked pixels.

    An array without a mask, or with all or none of its pixels masked, is returned as it is.
    """
    mask = _mask_of(array)
    if mask is None or values_of(mask).all():
        return array
    from autoarray.mask.derive.zoom_2d import Zoom2D

    return Zoom2D(mask=mask).array_2d_from(array=array)  # type: ignore[arg-type,return-value]  # it has a Mask2D


def auto_mask_edge(array: object) -> np.ndarray | None:
    """The (y, x) centres of the pixels at the edge of an array's mask, or None if nothing is masked."""
    mask = _mask_of(array)
    return None if mask is None else numpy_grid(mask.derive_grid.edge)
