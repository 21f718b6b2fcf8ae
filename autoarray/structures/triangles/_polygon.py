"""The geometry of a polygon that is given by its corners."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from autoarray._backend import xp_of

Corners = Sequence[Sequence[Any]]


def signed_area_of(corners: Corners) -> Any:
    """The area, positive if the corners go counter-clockwise where the first coordinate points to the right."""
    x0, y0 = corners[0]
    # Relative to the first corner, so that a polygon far from the origin loses no digits.
    pairs = pairwise(corners[1:])
    return 0.5 * sum((a[0] - x0) * (b[1] - y0) - (a[1] - y0) * (b[0] - x0) for a, b in pairs)


def contains_from(corners: Corners, first: Any, second: Any) -> Any:
    """Which points lie in the polygon or on its edge, as bools of the shape of `first` and `second`.

    A point is inside if a ray from it crosses the outline an odd number of times.
    """
    xp = xp_of(first, second)
    inside = xp.zeros(first.shape, dtype=bool)
    edge = xp.zeros(first.shape, dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        side = (x1 - x0) * (second - y0) - (first - x0) * (y1 - y0)
        spans = (y0 > second) != (y1 > second)
        inside = inside ^ (spans & ((side > 0) == (y1 > y0)))
        along = ((first - x0) * (first - x1) <= 0) & ((second - y0) * (second - y1) <= 0)
        edge = edge | ((side == 0) & along)
    return inside | edge


def ears_of(corners: Corners) -> list[tuple[int, int, int]]:
    """Triangles that fill the polygon, by the indexes of their corners (ear clipping; Meisters 1975)."""
    left = list(range(len(corners)))
    turn = 1 if signed_area_of(corners) >= 0 else -1
    ears: list[tuple[int, int, int]] = []
    while len(left) > 3:
        # A polygon whose edges cross may have no ear: then any corner is cut off, as the fan would.
        tip = next((place for place in range(1, len(left) - 1) if _is_ear(corners, left, place, turn)), None)
        if tip is None:
            tip = next((place for place in (len(left) - 1, 0) if _is_ear(corners, left, place, turn)), 1)
        ears.append((left[tip - 1], left[tip], left[(tip + 1) % len(left)]))
        del left[tip]
    return [*ears, (left[0], left[1], left[2])]


def _is_ear(corners: Corners, left: list[int], place: int, turn: int) -> bool:
    ear = (left[place - 1], left[place], left[(place + 1) % len(left)])
    triangle = [corners[index] for index in ear]
    if turn * signed_area_of(triangle) <= 0:
        return False
    others = [corners[index] for index in left if index not in ear]
    return not any(_in_triangle(triangle, other, turn) for other in others)


def _in_triangle(triangle: Corners, point: Sequence[Any], turn: int) -> bool:
    edges = zip(triangle, [*triangle[1:], triangle[0]], strict=True)
    return all(turn * signed_area_of((start, end, point)) >= 0 for start, end in edges)
