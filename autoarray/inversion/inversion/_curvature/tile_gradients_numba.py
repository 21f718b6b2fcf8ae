"""The transposed convolution of a tile, at the entries of a mapping matrix alone, compiled."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


@compile_kernel
def add_tile(gradients, product, columns, pointers, pixels, window, position, kernel, kernel_shape):
    """Add what one tile contributes to the derivatives.

    `product` has for each column that the tile needs, at its `position`, the places of the tile, row by row.
    """
    rows, width = kernel_shape
    tile = round(np.sqrt(product.shape[1]))
    window_width = tile + width - 1
    most = 0
    for pixel in pixels:
        most = max(most, pointers[pixel + 1] - pointers[pixel])
    # The columns of a pixel, of which its sub-pixels share most; four at once, with a sum each.
    own, number = np.zeros(most + 3, dtype=np.intp), np.empty(most, dtype=np.intp)
    sums = np.empty(most + 3)
    for reached in range(pixels.size):
        # The pixels of the tile that the light of this one reaches.
        y, x = divmod(window[reached], window_width)
        top, bottom = max(0, y - rows + 1), min(tile, y + 1)
        left, right = max(0, x - width + 1), min(tile, x + 1)
        start, end = pointers[pixels[reached]], pointers[pixels[reached] + 1]
        count = 0
        for entry in range(start, end):
            at = position[columns[entry]]
            same = 0
            while same < count and own[same] != at:
                same += 1
            if same == count:
                own[count] = at
                count += 1
            number[entry - start] = same
        for begin in range(0, count, 4):
            for other in range(count, begin + 4):
                own[other] = own[begin]
            a, b, c, d = product[own[begin]], product[own[begin + 1]], product[own[begin + 2]], product[own[begin + 3]]
            weights = kernel[window[reached]]
            of_a = of_b = of_c = of_d = 0.0
            for row in range(top, bottom):
                for place in range(row * tile + left, row * tile + right):
                    weight = weights[place]
                    of_a += weight * a[place]
                    of_b += weight * b[place]
                    of_c += weight * c[place]
                    of_d += weight * d[place]
            sums[begin], sums[begin + 1], sums[begin + 2], sums[begin + 3] = of_a, of_b, of_c, of_d
        for entry in range(start, end):
            gradients[entry] += sums[number[entry - start]]


@compile_kernel
def symmetric_part(matrix, columns, part):
    """Write the sum of a matrix and its transpose at some rows and columns."""
    for i in range(columns.size):
        row = matrix[columns[i]]
        for j in range(columns.size):
            part[i, j] = row[columns[j]]
    for i in range(columns.size):
        for j in range(i + 1):
            part[i, j] = part[j, i] = part[i, j] + part[j, i]
