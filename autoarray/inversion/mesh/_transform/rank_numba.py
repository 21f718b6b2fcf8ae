"""The kernel of `rank.py`: linear interpolation at very many queries, in any order."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


def _interpolated(queries, points, values, left, right):
    """As `numpy.interp`: between `values` at rising `points`, with `left` and `right` outside of them."""
    total = points.size
    result = np.empty(queries.size)
    # Buckets of equal widths, and the first point of each, so that few points are left to search among.
    first, last = points[0], points[total - 1]
    scale = total / (last - first) if last > first else 0.0
    if not np.isfinite(scale):
        scale = 0.0
    begins = np.full(total + 2, total)
    for i in range(total - 1, -1, -1):
        begins[int((points[i] - first) * scale)] = i
    for i in range(total, -1, -1):
        begins[i] = min(begins[i], begins[i + 1])
    for i in range(queries.size):
        query = queries[i]
        if np.isnan(query):
            result[i] = query
        elif query < first:
            result[i] = left
        elif query > last:
            result[i] = right
        else:
            bucket = int((query - first) * scale)
            # The last point that is not above the query: before the first of the next bucket at the latest.
            low, high = max(begins[bucket] - 1, 0), min(begins[bucket + 1], total)
            while low + 1 < high:
                middle = (low + high) // 2
                if points[middle] <= query:
                    low = middle
                else:
                    high = middle
            if low == total - 1 or points[low] == query:
                result[i] = values[low]
            else:
                slope = (values[low + 1] - values[low]) / (points[low + 1] - points[low])
                result[i] = slope * (query - points[low]) + values[low]
                if np.isnan(result[i]):  # points so close that the slope is infinite
                    result[i] = slope * (query - points[low + 1]) + values[low + 1]
    return result


interpolated = compile_kernel(_interpolated, fused=False)
