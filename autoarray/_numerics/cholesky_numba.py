"""What a dense inverse is copied with, compiled."""

from __future__ import annotations

from autoarray._numerics.compiled import compile_kernel


@compile_kernel
def scatter_symmetric(upper, index, matrix):
    """Write a symmetric matrix, of which the upper triangle is given, to some rows and columns of another."""
    size, side = index.size, 32
    # In blocks that fit the cache, for half of the entries are written by columns.
    for top in range(0, size, side):
        for left in range(top, size, side):
            for i in range(top, min(top + side, size)):
                row = index[i]
                for j in range(max(left, i), min(left + side, size)):
                    value = upper[i, j]
                    matrix[row, index[j]] = value
                    matrix[index[j], row] = value
