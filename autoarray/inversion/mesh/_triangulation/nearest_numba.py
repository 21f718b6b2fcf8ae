"""The kernel of `nearest.py`: strips of equally many vertices along x, in each of which they are sorted by y."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


def _nearest_in_strips(points, order, strips, queries, width):
    """The nearest vertices of each query, of those at one distance the first ones, of shape (M, width).

    Parameters
    ----------
    points
        The vertices, of shape (N, 2).
    order
        The vertices, strip by strip from the least x on, in each strip by rising y, of shape (N,).
    strips
        Where each strip begins in `order`, and where the last one ends, of shape (strips + 1,).
    queries
        The points, of shape (M, 2).
    width
        How many vertices to find, at most N.
    """
    total = strips.size - 1
    y, x = points[order, 0], points[order, 1]
    lowest, highest = np.empty(total), np.empty(total)
    for strip in range(total):
        lowest[strip], highest[strip] = np.inf, -np.inf
        for i in range(strips[strip], strips[strip + 1]):
            lowest[strip], highest[strip] = min(lowest[strip], x[i]), max(highest[strip], x[i])
    found = np.empty((queries.shape[0], width), dtype=np.int32)
    squares, members = np.empty(width), np.empty(width, dtype=np.int64)
    for query in range(queries.shape[0]):
        at_y, at_x = queries[query, 0], queries[query, 1]
        # The vertices of the query before are as many as are sought, so that none is further than the furthest of them.
        limit = np.inf
        if query > 0:
            limit = 0.0
            for k in range(width):
                up, across = points[members[k], 0] - at_y, points[members[k], 1] - at_x
                limit = max(limit, up * up + across * across)
        squares[:] = np.inf
        members[:] = points.shape[0]
        middle = max(np.searchsorted(lowest, at_x, side="right") - 1, 0)
        # The strip of the query, and from there on to both sides, as long as a strip is near enough.
        left, right = middle, middle + 1
        while left >= 0 or right < total:
            to_left, to_right = np.inf, np.inf
            if left >= 0:
                to_left = max(at_x - highest[left], 0.0)
            if right < total:
                to_right = max(lowest[right] - at_x, 0.0)
            if min(to_left, to_right) ** 2 > limit:
                break
            if to_left <= to_right:
                strip = left
                left -= 1
            else:
                strip = right
                right += 1
            begin, end = strips[strip], strips[strip + 1]
            split = begin + np.searchsorted(y[begin:end], at_y)
            # Upwards from the query, and then downwards.
            for step in (1, -1):
                i = split if step == 1 else split - 1
                while begin <= i < end:
                    up, across = y[i] - at_y, x[i] - at_x
                    if up * up > limit:
                        break
                    square = up * up + across * across
                    k, member = width - 1, order[i]
                    if square <= limit and (square < squares[k] or (square == squares[k] and member < members[k])):
                        while k > 0 and (
                            square < squares[k - 1] or (square == squares[k - 1] and member < members[k - 1])
                        ):
                            squares[k], members[k] = squares[k - 1], members[k - 1]
                            k -= 1
                        squares[k], members[k] = square, member
                        limit = min(limit, squares[width - 1])
                    i += step
        for k in range(width):
            found[query, k] = members[k]
    return found


nearest_in_strips = compile_kernel(_nearest_in_strips, fused=False)
