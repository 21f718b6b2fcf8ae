"""Lines on which values on a pixel grid are zero, by marching squares (Lorensen & Cline 1987, in two dimensions)."""

from __future__ import annotations

import numpy as np

Key = tuple[float, float]

# The sides of a square between four pixels, and the segments that cross it: from one side to another, by which of its
# corners are above zero (1 the upper left, 2 the upper right, 4 the lower left, 8 the lower right), so that they have
# the greater values on their right where y points up. Two opposite corners are cut off one by one.
_TOP, _BOTTOM, _LEFT, _RIGHT = range(4)
_FIRST = np.full((16, 2), -1)
_SECOND = np.full((16, 2), -1)
for _corners, _segment in {
    1: (_TOP, _LEFT),
    2: (_RIGHT, _TOP),
    3: (_RIGHT, _LEFT),
    4: (_LEFT, _BOTTOM),
    5: (_TOP, _BOTTOM),
    6: (_RIGHT, _TOP),
    7: (_RIGHT, _BOTTOM),
    8: (_BOTTOM, _RIGHT),
    9: (_TOP, _LEFT),
    10: (_BOTTOM, _TOP),
    11: (_BOTTOM, _LEFT),
    12: (_LEFT, _RIGHT),
    13: (_TOP, _RIGHT),
    14: (_LEFT, _TOP),
}.items():
    _FIRST[_corners] = _segment
_SECOND[6] = (_LEFT, _BOTTOM)
_SECOND[9] = (_BOTTOM, _RIGHT)


def zero_lines_from(values: np.ndarray) -> list[np.ndarray]:
    """The lines on which values are zero, between those above zero and those that are not.

    Parameters
    ----------
    values
        The values, of shape (rows, columns). No line passes between pixels of which one has NaN.

    Returns
    -------
    list
        Points (row, column) in pixels of shape (N, 2), interpolated linearly between two pixels. A closed line has its
        first point at the end again; one that reaches the edge is open. They are in the order in which they are found
        from the top down.
    """
    return _joined(_segments_of(values))


def _segments_of(values: np.ndarray) -> np.ndarray:
    """The piece of a line in each square, from one point (row, column) to another, of shape (N, 2, 2)."""
    upper_left, upper_right = values[:-1, :-1], values[:-1, 1:]
    lower_left, lower_right = values[1:, :-1], values[1:, 1:]
    corners = (upper_left > 0) + 2 * (upper_right > 0) + 4 * (lower_left > 0) + 8 * (lower_right > 0)
    corners[np.isnan(upper_left + upper_right + lower_left + lower_right)] = 0
    row, column = np.nonzero((corners != 0) & (corners != 15))
    corners = corners[row, column]

    with np.errstate(divide="ignore", invalid="ignore"):  # sides that no line crosses
        across = -values[:, :-1] / (values[:, 1:] - values[:, :-1])
        along = -values[:-1] / (values[1:] - values[:-1])
    sides = np.empty((len(row), 4, 2))
    sides[:, _TOP] = np.stack((row, column + across[row, column]), axis=1)
    sides[:, _BOTTOM] = np.stack((row + 1, column + across[row + 1, column]), axis=1)
    sides[:, _LEFT] = np.stack((row + along[row, column], column), axis=1)
    sides[:, _RIGHT] = np.stack((row + along[row, column + 1], column + 1), axis=1)

    square = np.arange(len(row))
    first = sides[square[:, None], _FIRST[corners]]
    second = sides[square[:, None], _SECOND[corners]]
    has_second = _SECOND[corners, 0] >= 0
    order = np.argsort(np.concatenate((2 * square, 2 * square[has_second] + 1)), kind="stable")
    return np.concatenate((first, second[has_second]))[order]


def _joined(segments: np.ndarray) -> list[np.ndarray]:
    """Lines of segments whose ends meet."""
    begins: dict[Key, int] = {}
    ends: dict[Key, int] = {}
    lines: dict[int, list[Key]] = {}
    for number, ((r0, c0), (r1, c1)) in enumerate(segments.tolist()):
        start, stop = (r0, c0), (r1, c1)
        if start == stop:  # at a pixel whose value is zero
            continue
        before, after = ends.pop(start, None), begins.pop(stop, None)
        if before is not None and before == after:
            lines[before].append(stop)
        elif before is not None and after is not None:
            joined = lines.pop(before) + lines.pop(after)
            # The line that was found first gives the place.
            name = min(before, after)
            lines[name] = joined
            begins[joined[0]] = ends[joined[-1]] = name
        elif before is not None:
            lines[before].append(stop)
            ends[stop] = before
        elif after is not None:
            lines[after].insert(0, start)
            begins[start] = after
        else:
            lines[number] = [start, stop]
            begins[start] = ends[stop] = number
    return [np.array(lines[name]) for name in sorted(lines)]
