"""Bilinear interpolation of values on a rectangular grid."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, numbers_from
from autoarray._typing import ArrayLike, Namespace, Values

__all__ = ["interp_2d"]


def interp_2d(
    points: Values,
    x_axis: ArrayLike,
    y_axis: ArrayLike,
    values: Values,
    fill_value: float = 0.0,
    xp: Namespace = np,
) -> Any:
    """Values on a rectangular grid, interpolated linearly along both axes.

    Parameters
    ----------
    points
        Where, of shape (..., 2): the first number of each pair along `x_axis`, the second along `y_axis`.
    x_axis
        The coordinates of the first axis of the values, of shape (N,), all rising or all falling.
    y_axis
        The coordinates of their second axis, of shape (M,), likewise. Neither need be evenly spaced.
    values
        The values, of shape (N, M).
    fill_value
        The value outside of the grid.
    xp
        The array library.

    Returns
    -------
    array
        The interpolated values, of shape (...); NaN where a point has NaN.

    Raises
    ------
    GridException
        If an axis has fewer than two coordinates, or they neither rise nor fall, or the values have another shape.
    """
    rows, columns = _axis_from(x_axis, "x_axis"), _axis_from(y_axis, "y_axis")
    table = as_array(numbers_from(getattr(values, "array", values), "values", exc.GridException), xp)
    if tuple(table.shape) != (len(rows), len(columns)):
        raise exc.GridException(
            f"values: expected shape {(len(rows), len(columns))}, the lengths of x_axis and y_axis, found "
            f"{tuple(table.shape)}"
        )
    places = as_array(numbers_from(getattr(points, "array", points), "points", exc.GridException), xp)
    if places.ndim < 1 or places.shape[-1] != 2:
        raise exc.GridException(f"points: expected points of shape (..., 2), found shape {tuple(places.shape)}")
    (row, down), (column, right) = (
        _place_of(places[..., index], axis, xp) for index, axis in enumerate((rows, columns))
    )
    upper = table[row, column] * (1.0 - right) + table[row, column + 1] * right
    lower = table[row + 1, column] * (1.0 - right) + table[row + 1, column + 1] * right
    found = upper * (1.0 - down) + lower * down
    beyond = (down < 0.0) | (down > 1.0) | (right < 0.0) | (right > 1.0)
    return xp.where(beyond, fill_value, found)


def _axis_from(axis: ArrayLike, name: str) -> np.ndarray:
    """The coordinates of an axis, which are known: not traced by JAX."""
    values = np.asarray(numbers_from(getattr(axis, "array", axis), name, exc.GridException), dtype=float)
    steps = np.diff(values) if values.ndim == 1 else np.zeros(0)
    if not steps.size or not (np.all(steps > 0) or np.all(steps < 0)):
        raise exc.GridException(
            f"{name}: expected at least two coordinates of shape (N,), all rising or all falling, found shape "
            f"{values.shape} from {values.min(initial=np.inf)} to {values.max(initial=-np.inf)}"
        )
    return values


def _place_of(points: Any, axis: np.ndarray, xp: Namespace) -> tuple[Any, Any]:
    """In which step of an axis points are, and how far in it: from 0 to 1, or beyond for points outside."""
    if axis[0] > axis[-1]:
        points, axis = -points, -axis
    # The last coordinate ends the last step, and begins none.
    step = xp.clip(xp.searchsorted(xp.asarray(axis), points, side="right") - 1, 0, len(axis) - 2)
    start, stop = xp.asarray(axis)[step], xp.asarray(axis)[step + 1]
    return step, (points - start) / (stop - start)
