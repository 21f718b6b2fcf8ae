"""The blocks of a convolved mapping matrix, compiled."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


def scratch_from(bounds, inputs, pointers, params):
    """Arrays for `fill_block` to work with: for each parameter, and for each entry of the tile with most of them."""
    entries = np.concatenate(([0], np.cumsum(np.diff(pointers)[inputs])))[bounds]
    most = int(np.diff(entries).max(initial=0))
    return np.zeros(params + 1, dtype=np.intp), np.empty(most, dtype=np.intp), np.empty(most)


@compile_kernel
def fill_block(
    first, last, inputs, places, pointers, indices, data, kernel, over_noise, columns, values, ends, place, weight
):
    """Write the columns and the values of one block, and return how many columns there are.

    `ends` is zero before and after.
    """
    params = columns.size
    # The entries in the order of their columns: how many each has, where they end, and then each in its place.
    for reached in range(first, last):
        for entry in range(pointers[inputs[reached]], pointers[inputs[reached] + 1]):
            ends[indices[entry]] += 1
    count = 0
    total = 0
    for column in range(params):
        if ends[column]:
            columns[count] = column
            count += 1
            total += ends[column]
            ends[column] = total - ends[column]
    for reached in range(first, last):
        for entry in range(pointers[inputs[reached]], pointers[inputs[reached] + 1]):
            column = indices[entry]
            place[ends[column]] = places[reached]
            weight[ends[column]] = data[entry]
            ends[column] += 1
    start = 0
    for number in range(count):
        end = ends[columns[number]]
        ends[columns[number]] = 0
        row = values[number]
        row[:] = 0.0
        # Four rows of the kernel at once, so that the sum is read and written a quarter as often.
        while start + 4 <= end:
            a, b, c, d = weight[start], weight[start + 1], weight[start + 2], weight[start + 3]
            of_a, of_b = kernel[place[start]], kernel[place[start + 1]]
            of_c, of_d = kernel[place[start + 2]], kernel[place[start + 3]]
            for pixel in range(row.size):
                row[pixel] = row[pixel] + a * of_a[pixel] + b * of_b[pixel] + c * of_c[pixel] + d * of_d[pixel]
            start += 4
        while start < end:
            a, of_a = weight[start], kernel[place[start]]
            for pixel in range(row.size):
                row[pixel] += a * of_a[pixel]
            start += 1
        for pixel in range(row.size):
            row[pixel] *= over_noise[pixel]
    return count
