"""The sums over the tiles of an image, compiled."""

from __future__ import annotations

from autoarray._numerics.compiled import compile_kernel


@compile_kernel
def add_upper(total, columns, product):
    """Add the upper triangle of a product to those rows and columns of a matrix; the columns rise."""
    for i in range(columns.size):
        row = total[columns[i]]
        part = product[i]
        for j in range(i, columns.size):
            row[columns[j]] += part[j]


@compile_kernel
def add_rows(total, rows, values):
    """Add values to some rows of a matrix."""
    for i in range(rows.size):
        row = total[rows[i]]
        part = values[i]
        for j in range(row.size):
            row[j] += part[j]


@compile_kernel
def mirror_upper(matrix):
    """Copy the upper triangle of a square matrix onto the lower one, in blocks that fit the cache."""
    side = 32
    for top in range(0, matrix.shape[0], side):
        for left in range(top, matrix.shape[0], side):
            for i in range(top, min(top + side, matrix.shape[0])):
                for j in range(max(left, i + 1), min(left + side, matrix.shape[0])):
                    matrix[j, i] = matrix[i, j]
