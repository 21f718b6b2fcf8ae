"""The sums over entries of mapping matrices, compiled."""

from __future__ import annotations

from autoarray._numerics.compiled import compile_kernel


@compile_kernel
def add_column(kernel, rows, columns, values, first, last, left, right, image):
    """Add the kernel, moved to each entry of a column, to the rows `first` to `last` of an image.

    Entry (i, j) of the image is that of the kernel at (i - row + size - 1, j - column + size - 1), for each entry (row,
    column) and times its value. In row i the image is wanted from `left[i]` to `right[i]`.
    """
    tall, wide = image.shape[0] - 1, image.shape[1] - 1
    count = rows.size
    for i in range(first, last):
        begin, end = left[i], right[i]
        length = end - begin
        if length <= 0:
            continue
        out = image[i, begin:end]
        for x in range(length):
            out[x] = 0.0
        k = 0
        # Four entries at once: the row of the image is loaded and stored once for all of them.
        while k + 4 <= count:
            a0, a1, a2, a3 = values[k], values[k + 1], values[k + 2], values[k + 3]
            s0, s1 = begin - columns[k] + wide, begin - columns[k + 1] + wide
            s2, s3 = begin - columns[k + 2] + wide, begin - columns[k + 3] + wide
            r0 = kernel[i - rows[k] + tall, s0 : s0 + length]
            r1 = kernel[i - rows[k + 1] + tall, s1 : s1 + length]
            r2 = kernel[i - rows[k + 2] + tall, s2 : s2 + length]
            r3 = kernel[i - rows[k + 3] + tall, s3 : s3 + length]
            for x in range(length):
                out[x] += a0 * r0[x] + a1 * r1[x] + a2 * r2[x] + a3 * r3[x]
            k += 4
        while k < count:
            a0 = values[k]
            s0 = begin - columns[k] + wide
            r0 = kernel[i - rows[k] + tall, s0 : s0 + length]
            for x in range(length):
                out[x] += a0 * r0[x]
            k += 1


@compile_kernel
def curvature_of_two(
    kernel, pointers, from_rows, from_columns, rows, columns, values, order, first, last, left, right, image, matrix
):
    """The symmetric product A^T K A' of a sparse A, where the entries of A' are those of A in other pixels.

    Column `order[n]` is multiplied with those from the n-th of the order on, which have entries in the rows `first[n]`
    to `last[n]` only.
    """
    total = order.size
    for n in range(total):
        j = order[n]
        begin, end = pointers[j], pointers[j + 1]
        moved, sideways = from_rows[begin:end], from_columns[begin:end]
        add_column(kernel, moved, sideways, values[begin:end], first[n], last[n], left, right, image)
        for m in range(n, total):
            i = order[m]
            found = 0.0
            for k in range(pointers[i], pointers[i + 1]):
                found += values[k] * image[rows[k], columns[k]]
            matrix[i, j] = found
            matrix[j, i] = found


@compile_kernel
def curvature(kernel, pointers, rows, columns, values, order, first, last, left, right, image, matrix):
    """The product A^T K A of a sparse A."""
    curvature_of_two(
        kernel, pointers, rows, columns, rows, columns, values, order, first, last, left, right, image, matrix
    )


@compile_kernel
def applied(kernel, pointers, rows, columns, values, left, right, result):
    """K applied to every column of a sparse matrix, of shape (columns, rows of the box, columns of the box)."""
    for j in range(pointers.size - 1):
        begin, end = pointers[j], pointers[j + 1]
        add_column(
            kernel,
            rows[begin:end],
            columns[begin:end],
            values[begin:end],
            0,
            left.size,
            left,
            right,
            result[j],
        )
