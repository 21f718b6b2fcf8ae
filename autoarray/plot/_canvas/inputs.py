"""What callers hand over to be drawn, as plain NumPy arrays; a JAX array is read once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from autoarray import exc
from autoarray.inversion.mesh.mesh_geometry.cells import Extent

if TYPE_CHECKING:
    import jax

    from autoarray.abstract_ndarray import AbstractNDArray

# (y, x) coordinates of shape (N, 2): a grid, an array of either backend, or pairs of numbers.
Points: TypeAlias = "AbstractNDArray | np.ndarray | jax.Array | Sequence[tuple[float, float]]"

# One or more arrays of such coordinates.
Lines: TypeAlias = "Points | Sequence[Points]"

# For each region its closed (y, x) loops of shape (N, 2), or a single loop.
Regions: TypeAlias = "Sequence[np.ndarray | Sequence[np.ndarray]]"

# What matplotlib takes for a colour.
Color: TypeAlias = "str | tuple[float, ...]"


def values_of(values: Any) -> np.ndarray:
    """The numbers of an array, grid or mask, of this library, NumPy or JAX."""
    return np.asarray(getattr(values, "array", values))


def numpy_grid(grid: Any) -> np.ndarray | None:
    """(y, x) coordinates as an array of shape (N, 2), or None for None.

    Raises
    ------
    PlottingException
        If they are not of that shape.
    """
    if grid is None:
        return None
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


def numpy_lines(lines: Any) -> list[np.ndarray] | None:
    """Lines as a list of (y, x) arrays of shape (N, 2), or None if there are none.

    One array or grid of shape (N, 2) is one line.
    """
    return _groups_of(lines)


def numpy_positions(positions: Any) -> list[np.ndarray] | None:
    """Groups of positions as a list of (y, x) arrays of shape (N, 2), or None if there are none.

    One array or grid of shape (N, 2) is one group; a list of (y, x) pairs of numbers is one, too.
    """
    return _groups_of(positions)


def _groups_of(groups: Any) -> list[np.ndarray] | None:
    if groups is None:
        return None
    if hasattr(groups, "array") or isinstance(groups, np.ndarray):
        points = values_of(groups)
        items = list(points) if points.ndim == 3 else [points]
    else:
        items = list(groups)
        if items and all(np.ndim(values_of(item)) == 1 for item in items):
            items = [items]
    arrays = [numpy_grid(item if hasattr(item, "array") else np.asarray(item, dtype=float)) for item in items]
    return [points for points in arrays if points is not None and len(points)] or None


def native_of(array: Any) -> tuple[np.ndarray, Extent, Extent]:
    """The 2D values with NaN where masked, and the extents of all pixels and of the unmasked ones with one more around.

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
    if stored.ndim not in (1, 2) or hidden.ndim != 2:
        raise exc.PlottingException(f"array: expected an Array2D, found {type(array).__name__} of shape {stored.shape}")
    values = np.full(hidden.shape, np.nan)
    values[~hidden] = stored if stored.ndim == 1 else stored[~hidden]
    return values, *_extents_of(mask, hidden)


def _extents_of(mask: Any, hidden: np.ndarray) -> tuple[Extent, Extent]:
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


def zoom_array(array: Any) -> Any:
    """The part of an `Array2D` around its unmasked pixels; other arrays, and those without a mask, as they are."""
    mask = getattr(array, "mask", None)
    if mask is None or not hasattr(mask, "derive_grid"):
        return array
    hidden = values_of(mask)
    if hidden.all() or not hidden.any():
        return array
    from autoarray.mask.derive.zoom_2d import Zoom2D

    return Zoom2D(mask=mask).array_2d_from(array=array)


def auto_mask_edge(array: Any) -> np.ndarray | None:
    """The (y, x) centres of the pixels at the edge of an array's mask, or None if nothing is masked."""
    mask = getattr(array, "mask", None)
    if mask is None or not hasattr(mask, "derive_grid") or not values_of(mask).any():
        return None
    return numpy_grid(mask.derive_grid.edge)
