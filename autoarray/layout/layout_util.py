"""Turning arrays and regions so that the electronics that read them out lie at a given corner.

A corner (y, x) is (1, 0) where the electronics lie at the bottom left of the array as it is shown, which is how arrays
are kept; (0, 0) is the top left, (1, 1) the bottom right and (0, 1) the top right. Turning twice by one corner gives
the array again.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from autoarray import exc
from autoarray._backend import is_jax_array
from autoarray._validation import shown
from autoarray.layout.region import Region2D
from autoarray.structures.arrays.uniform_2d import Array2D

T = TypeVar("T")

_CORNERS = ((1, 0), (0, 0), (1, 1), (0, 1))


def rotate_array_via_roe_corner_from(array: Any, roe_corner: tuple[int, int]) -> Any:
    """An array flipped so that the electronics at a corner come to lie at the bottom left, or back.

    Parameters
    ----------
    array
        Values of shape (y, x) of either backend, or an `Array2D`, whose mask is flipped too.
    roe_corner
        The corner (y, x) at which the electronics lie.

    Raises
    ------
    exc.RegionException
        If there is no such corner.
    exc.ArrayException
        If the array is not 2D.
    """
    flip_y, flip_x = _flips(roe_corner)
    window = (slice(None, None, -1 if flip_y else 1), slice(None, None, -1 if flip_x else 1))
    if isinstance(array, Array2D):
        return array._part(window)
    values: Any = array if is_jax_array(array) else np.asarray(array)
    if values.ndim != 2:
        raise exc.ArrayException(f"array: expected values of shape (y, x), found shape {tuple(values.shape)}")
    return values[window] if is_jax_array(values) else values[window].copy()


def rotate_region_via_roe_corner_from(
    region: Region2D | Sequence[int] | None, shape_native: tuple[int, int], roe_corner: tuple[int, int]
) -> Region2D | None:
    """Where a region of an array lies after `rotate_array_via_roe_corner_from`; None for none.

    Parameters
    ----------
    region
        The region, or its limits (y0, y1, x0, x1), or None.
    shape_native
        The (y, x) shape of the array.
    roe_corner
        The corner (y, x) at which the electronics lie.

    Raises
    ------
    exc.RegionException
        If there is no such corner, or the region is no region of the array.
    """
    flip_y, flip_x = _flips(roe_corner)
    if region is None:
        return None
    y0, y1, x0, x1 = Region2D(region).region
    if flip_y:
        y0, y1 = shape_native[0] - y1, shape_native[0] - y0
    if flip_x:
        x0, x1 = shape_native[1] - x1, shape_native[1] - x0
    return Region2D((y0, y1, x0, x1))


def rotate_pattern_ci_via_roe_corner_from(
    pattern_ci: T, shape_native: tuple[int, int], roe_corner: tuple[int, int]
) -> T:
    """A copy of a pattern of charge injections whose regions lie where they do after the array is turned.

    Parameters
    ----------
    pattern_ci
        Any object with an attribute `regions`, a list of regions or of their limits.
    shape_native
        The (y, x) shape of the array.
    roe_corner
        The corner (y, x) at which the electronics lie.

    Raises
    ------
    exc.RegionException
        If there is no such corner, or a region is no region of the array.
    """
    pattern: Any = copy.copy(pattern_ci)
    pattern.regions = [
        rotate_region_via_roe_corner_from(region, shape_native, roe_corner) for region in pattern.regions
    ]
    return pattern


def region_after_extraction(
    original_region: Region2D | Sequence[int] | None, extraction_region: Region2D | Sequence[int]
) -> Region2D | None:
    """Where a region lies in an array that is taken out of the whole one; None where none of it is left.

    Parameters
    ----------
    original_region
        The region in the whole array, or its limits (y0, y1, x0, x1), or None.
    extraction_region
        The region that is taken out.
    """
    if original_region is None:
        return None
    original, extraction = Region2D(original_region), Region2D(extraction_region)
    y0, y1 = x0x1_after_extraction(original.y0, original.y1, extraction.y0, extraction.y1)
    x0, x1 = x0x1_after_extraction(original.x0, original.x1, extraction.x0, extraction.x1)
    if y0 is None or y1 is None or x0 is None or x1 is None:
        return None
    return Region2D((y0, y1, x0, x1))


def x0x1_after_extraction(x0o: int, x1o: int, x0e: int, x1e: int) -> tuple[int | None, int | None]:
    """The limits of a range of pixels in a line that is taken out of the whole one; (None, None) if none is left.

    Parameters
    ----------
    x0o, x1o
        The first pixel of the range, and one past its last one, in the whole line.
    x0e, x1e
        The same of what is taken out.
    """
    first, last = max(x0o, x0e), min(x1o, x1e)
    return (first - x0e, last - x0e) if first < last else (None, None)


def _flips(roe_corner: tuple[int, int]) -> tuple[bool, bool]:
    try:
        y, x = roe_corner
        known = (y, x) in _CORNERS
    except (TypeError, ValueError):
        known = False
    if not known:
        raise exc.RegionException(
            f"roe_corner: expected one of the corners (y, x) {', '.join(map(str, sorted(_CORNERS)))}, found "
            f"{shown(roe_corner) if not isinstance(roe_corner, tuple) else roe_corner}"
        )
    return roe_corner[0] == 0, roe_corner[1] == 1
