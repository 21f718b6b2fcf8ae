"""Triangles by the indexes of their corners: merging corners that are the same, dividing, and finding neighbors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from autoarray._typing import Namespace

# Corners closer than this share of the largest side of a triangle are one: far above what rounding does to a corner
# that two triangles compute each in its own way, far below a side.
_SAME = 2.0**-30


@cache
def compiled(function: Callable[..., Any], static: int | tuple[int, ...], xp: Namespace) -> Callable[..., Any]:
    """A function for an array library: for JAX compiled as one, which is faster than compiling each of its steps."""
    if xp is np:
        return function
    import jax

    # Inlined where another function is traced, so that its compiler sees one program.
    return jax.jit(function, static_argnums=static, inline=True)  # pyright: ignore[reportUnknownMemberType]


def divided(corners: Any, xp: Namespace) -> Any:
    """Each triangle (N, 3, 2) divided into four, of shape (4 N, 3, 2): those at the three corners, and the middle."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
    parts = ((b, ab, bc), (c, ca, bc), (ab, bc, ca), (a, ab, ca))
    return xp.concatenate([xp.stack(part, axis=1) for part in parts], axis=0)


def with_reflections(corners: Any, xp: Namespace) -> Any:
    """Each triangle (N, 3, 2) and the three on the other sides of its edges, of shape (4 N, 3, 2)."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    parts = ((a, b, c), (b + c - a, b, c), (a, c + a - b, c), (a, b, a + b - c))
    return xp.concatenate([xp.stack(part, axis=1) for part in parts], axis=0)


def merged(corners: Any, xp: Namespace, size: int | None = None) -> tuple[Any, Any]:
    """Triangles (N, 3, 2) with each corner and each triangle once: their indexes and their corners, both sorted.

    Parameters
    ----------
    corners
        The corners of each triangle.
    xp
        The array library.
    size
        How many rows of corners there are room for: then the results have N and `size` rows, the triangles that are no
        triangles (NaN) stand first as -1, and what is left over is -1 and NaN. None to have no rows left over.
    """
    return compiled(_merged, (1, 2), xp)(corners, xp, size)


def _merged(corners: Any, xp: Namespace, size: int | None) -> tuple[Any, Any]:
    flat = corners.reshape(-1, 2)
    keys = _keys_of(corners, xp)
    labels, first = _places_of_rows(keys, xp, size)
    indices = xp.sort(labels.reshape(-1, 3), axis=1)
    if size is None:
        return np.unique(indices, axis=0), flat[first]
    vertices = xp.where((first >= 0)[:, None], flat[first], xp.nan)
    # A corner without a place has the label of the leftover rows.
    indices = xp.where(xp.isnan(flat[:, 0]).reshape(-1, 3).any(axis=1)[:, None], -1, indices)
    return unique_rows(indices, -1, xp), vertices


def _keys_of(corners: Any, xp: Namespace) -> Any:
    """The corners of triangles in steps that are far smaller than a side, as whole numbers of shape (3 N, 2)."""
    flat = corners.reshape(-1, 2)
    spans = xp.abs(corners - xp.roll(corners, 1, axis=1))
    spans = xp.where(xp.isnan(spans), 0.0, spans)
    step = spans.max(initial=0.0) * _SAME
    return xp.round(flat / xp.where(step > 0, step, 1.0))


def _places_of_rows(keys: Any, xp: Namespace, size: int | None) -> tuple[Any, Any]:
    """For each row (N, 2) its place among the different rows, and where each of these is first found.

    With a `size` there are as many places; those that are left over are found at -1. Rows of NaN have no place of
    their own.
    """
    order = xp.lexsort((keys[:, 1], keys[:, 0]))
    rows = keys[order]
    valid = ~xp.isnan(rows[:, 0])
    new = (rows[1:] != rows[:-1]).any(axis=1)
    new = xp.concatenate((xp.ones(min(1, len(rows)), dtype=bool), new)) & valid
    places = xp.cumsum(new) - 1
    if size is None:
        labels = np.empty(len(keys), dtype=int)
        labels[order] = places
        return labels, order[new]
    if xp is np:
        labels, first = np.empty(len(keys), dtype=int), np.full(size, -1)
        labels[order] = places
        first[: new.sum()] = order[new]
        return labels, first
    labels = xp.zeros(len(keys), dtype=int).at[order].set(places)
    first = xp.full(size, -1).at[xp.where(new, places, size)].set(order, mode="drop")
    return labels, first


def unique_rows(rows: Any, leftover: float, xp: Namespace) -> Any:
    """The different rows, sorted, and then `leftover` in as many rows as are left over."""
    rows = rows[xp.lexsort(tuple(rows.T[::-1]))]
    repeated = xp.concatenate((xp.zeros(min(1, len(rows)), dtype=bool), (rows[1:] == rows[:-1]).all(axis=1)))
    rows = xp.where(repeated[:, None], leftover, rows)
    # A stable sort moves what is left over to the end, and keeps the order of the others.
    return rows[xp.argsort(repeated, stable=True)]


def tiling(y_min: float, y_max: float, x_min: float, x_max: float, scale: float, height: float) -> Any:
    """The corners of triangles that tile a rectangle, of shape (N, 3, 2), in rows of a height."""
    rows = np.arange(y_min, y_max + height, height)
    lines: list[np.ndarray] = []
    for number, y in enumerate(rows):
        # Every second row stands half a side to the left.
        x = np.arange(x_min - (number % 2) * 0.5 * scale, x_max + scale, scale)
        lines.append(np.stack((np.full(len(x), y), x), axis=1))
    parts: list[np.ndarray] = []
    for number, (low, high) in enumerate(pairwise(lines)):
        if number % 2:
            low, high = high, low
        # `high` is the row that begins half a side to the left of `low`.
        count = min(len(low), len(high)) - 1
        parts.append(np.stack((low[:count], low[1 : count + 1], high[1 : count + 1]), axis=1))
        count = min(len(low), len(high) - 1)
        parts.append(np.stack((low[:count], high[:count], high[1 : count + 1]), axis=1))
    return np.concatenate(parts) if parts else np.zeros((0, 3, 2))
