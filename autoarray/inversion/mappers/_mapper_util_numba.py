"""The kernel of `mapper_util.py`."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel
from autoarray._numerics.sort_numba import sort_run


def _rows(columns, sizes, weights, slim_index, sub_fraction, pixels):
    """The rows of a mapping matrix, the entries of one mesh pixel added up, in rising order of the mesh pixels.

    Returns
    -------
    tuple
        The values, their columns and the row pointers of a compressed sparse array; the first index that is not one of
        a mesh pixel, or 0; and how many sub-pixels were read: those before the first one out of order.
    """
    total, sub_pixels = sub_fraction.size, slim_index.size
    capacity = sizes.sum()
    values, indices = np.empty(capacity), np.empty(capacity, dtype=np.int32)
    pointers = np.zeros(total + 1, dtype=np.int32)
    # Where the entry of each mesh pixel stands; before the row, if it has none in this one.
    place = np.full(pixels, -1)
    count, sub = 0, 0
    for row in range(total):
        start = count
        while sub < sub_pixels and slim_index[sub] == row:
            for k in range(sizes[sub]):
                column = columns[sub, k]
                if column < 0 or column >= pixels:
                    return values, indices, pointers, column, sub
                value = weights[sub, k] * sub_fraction[row]
                if place[column] >= start:
                    values[place[column]] += value
                else:
                    place[column] = count
                    indices[count], values[count] = column, value
                    count += 1
            sub += 1
        sort_run(indices, values, start, count)
        pointers[row + 1] = count
    return values[:count], indices[:count], pointers, 0, sub


rows = compile_kernel(_rows)
