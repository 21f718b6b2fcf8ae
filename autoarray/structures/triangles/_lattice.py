"""The lattice of equilateral triangles, in whole numbers.

A triangle is a pair of whole numbers (i, j): the centre of the box around it is at i half sides along the first axis,
and at j heights along the second. A triangle with i + j even stands upright, its tip at the greater end of the second
axis; one with i + j odd is turned upside down. In a `flipped` lattice it is the other way around. A corner is a pair
(i, k) too: at i half sides, and at k - 1/2 heights. So triangles and corners are compared exactly, whatever rounding
does to their coordinates.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._typing import Namespace
from autoarray._validation import check_number

# The height of an equilateral triangle whose side is 1.
HEIGHT_FACTOR = 3**0.5 / 2


def check_limits(y_min: Any, y_max: Any, x_min: Any, x_max: Any, scale: Any) -> None:
    """Refuse limits of a tiling that are no numbers in rising order, and a scale that is not positive.

    Raises
    ------
    GridException
        If they are.
    """
    for name, value in {"y_min": y_min, "y_max": y_max, "x_min": x_min, "x_max": x_max}.items():
        check_number(value, name, error=exc.GridException)
    check_number(scale, "scale", "a side length above 0", above=0.0, error=exc.GridException)
    for axis, least, most in (("y", y_min, y_max), ("x", x_min, x_max)):
        if least > most:
            raise exc.GridException(
                f"{axis}_max: expected a number of at least {axis}_min, which is {float(least)}, found {float(most)}"
            )


def coordinates_within(y_min: float, y_max: float, x_min: float, x_max: float, scale: float) -> np.ndarray:
    """The pairs (i, j) of the triangles that tile a rectangle, of shape (rows * columns, 2), sorted."""
    height = HEIGHT_FACTOR * scale
    rows = np.arange(int(2 * y_min / scale), int(2 * y_max / scale) + 1, dtype=np.int32)
    columns = np.arange(int(x_min / height) - 1, int(x_max / height) + 2, dtype=np.int32)
    return np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)


def flip_mask_from(coordinates: Any, flipped: bool) -> Any:
    """Which triangles are upside down, of shape (N,); those without a place (NaN) are no even sum."""
    return ((coordinates[:, 0] + coordinates[:, 1]) % 2 != 0) != flipped


def corners_of(coordinates: Any, flipped: bool, xp: Namespace) -> Any:
    """The corners (i, k) of triangles (i, j), of shape (N, 3, 2): the tip first, then the two ends of the base."""
    turned = flip_mask_from(coordinates, flipped)
    i, j = coordinates[:, 0], coordinates[:, 1]
    sign = xp.where(turned, -1, 1).astype(coordinates.dtype)
    tip, base = xp.where(turned, j, j + 1), xp.where(turned, j + 1, j)
    rows = xp.stack((i, i + sign, i - sign), axis=1)
    return xp.stack((rows, xp.stack((tip, base, base), axis=1)), axis=2)


def positions_of(corners: Any, side_length: Any, x_offset: Any, y_offset: Any, xp: Namespace) -> Any:
    """The positions of corners (i, k), of the same shape."""
    corners = corners.astype(float)
    first = corners[..., 0] * (0.5 * side_length) + x_offset
    height = HEIGHT_FACTOR * side_length
    # The centre of the box above the corner, and half a height down. PyAutoArray rounds like this too, which decides
    # what is found around a singular mass on a corner: its deflection at 1e-18 is not that at 0.
    second = (corners[..., 1] * height + y_offset) - 0.5 * height
    return xp.stack((first, second), axis=-1)


def children_of(coordinates: Any, flipped: bool, xp: Namespace) -> Any:
    """The four triangles of half the side that each triangle is made of, of shape (N, 4, 2).

    They are on a flipped lattice whose origin is a quarter of a height of the large triangles lower.
    """
    turned = flip_mask_from(coordinates, flipped)
    i, j = 2 * coordinates[:, 0], 2 * coordinates[:, 1]
    side = xp.where(turned, j + 1, j)
    return xp.stack(
        (xp.stack((i, i + 1, i - 1, i), axis=1), xp.stack((j, side, side, j + 1), axis=1)),
        axis=2,
    )


def with_neighbors(coordinates: Any, flipped: bool, xp: Namespace) -> Any:
    """Each triangle and the three that share a side with it, of shape (4 N, 2), with repetitions."""
    turned = flip_mask_from(coordinates, flipped)
    i, j = coordinates[:, 0], coordinates[:, 1]
    beyond_base = xp.where(turned, j + 1, j - 1)
    return xp.concatenate(
        [xp.stack(pair, axis=1) for pair in ((i, j), (i + 1, j), (i - 1, j), (i, beyond_base))], axis=0
    )


def unique_pairs(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different pairs of whole numbers, of shape (M, 2), sorted, and where each of the (N, 2) stands among them."""
    if not len(pairs):
        return pairs.reshape(0, 2), np.zeros(0, dtype=int)
    least = pairs.min(axis=0).astype(np.int64)
    shifted = pairs - least
    width = int(shifted[:, 1].max()) + 1
    keys, inverse = np.unique(shifted[:, 0] * width + shifted[:, 1], return_inverse=True)
    return np.stack(np.divmod(keys, width), axis=1) + least, inverse


@lru_cache(maxsize=16)
def lattice_table(
    y_min: float, y_max: float, x_min: float, x_max: float, scale: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The triangles of a tiling, of shape (N, 2), its corners, of shape (V, 2), and which three each triangle has.

    The arrays are shared by all that ask for the same tiling, and can't be written to.
    """
    coordinates = coordinates_within(y_min, y_max, x_min, x_max, scale)
    corners, inverse = unique_pairs(corners_of(coordinates, False, np).reshape(-1, 2))
    vertices = positions_of(corners, scale, 0.0, 0.0, np)
    table = coordinates, vertices, inverse.reshape(-1, 3)
    for array in table:
        array.setflags(write=False)
    return table
