"""Convolution as the product with a sparse matrix, on NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from autoarray.operators._convolution.frame import Positions, sub_positions

if TYPE_CHECKING:
    from jaxtyping import Float

# Rows of a sparse matrix that are built at once: they bound the temporary memory to some 10 MB.
_ROWS_AT_ONCE = 2048


def binned_kernel(
    kernel: Float[np.ndarray, "kernel_rows kernel_columns"], size: int
) -> Float[np.ndarray, "binned_rows binned_columns"]:
    """The weights with which the sub-pixels around a pixel enter the mean over its sub-pixels.

    Entry (i, j) belongs to the sub-pixel (i - half, j - half) from the pixel's top-left one, where
    half is that of the kernel. With `size` 1 this is the kernel, reversed along both axes.
    """
    weights = np.zeros((kernel.shape[0] + size - 1, kernel.shape[1] + size - 1))
    reverse = kernel[::-1, ::-1] / size**2
    for row in range(size):
        for column in range(size):
            weights[row : row + kernel.shape[0], column : column + kernel.shape[1]] += reverse
    return weights


def matrix_from(
    outputs: Positions,
    inputs: Positions,
    frame_shape: tuple[int, int],
    kernel: Float[np.ndarray, "kernel_rows kernel_columns"],
    size: int = 1,
) -> Float[sparse.csr_array, "data_pixels sub_pixels"]:
    """The matrix that convolves the values of input pixels, and takes the result in output pixels.

    Parameters
    ----------
    outputs, inputs
        The positions of pixels in the frame.
    kernel
        The kernel, with an odd number of rows and columns, sampled `size` times finer than pixels.

    Returns
    -------
    scipy.sparse.csr_array
        Of shape (outputs, inputs * size**2), with sorted indexes (int32 where these suffice).
    """
    half_y, half_x = kernel.shape[0] // 2, kernel.shape[1] // 2
    weights = binned_kernel(kernel, size)
    shape = [frame_shape[i] * size + weights.shape[i] - 1 for i in range(2)]
    fine_rows, fine_columns = sub_positions(inputs, size)
    # The index of each input, or -1, in a frame with a border that the kernel reaches into.
    index = np.full(shape[0] * shape[1], -1, dtype=np.int32)
    index[(fine_rows + half_y) * shape[1] + fine_columns + half_x] = np.arange(fine_rows.size, dtype=np.int32)

    used = np.nonzero(weights)
    steps = used[0] * shape[1] + used[1]
    values = weights[used]
    corners = outputs[0] * size * shape[1] + outputs[1] * size
    is_input = index >= 0
    blocks = [slice(start, start + _ROWS_AT_ONCE) for start in range(0, corners.size, _ROWS_AT_ONCE)]

    counts = np.zeros(corners.size, dtype=np.int64)
    for rows in blocks:
        counts[rows] = np.count_nonzero(is_input[corners[rows, None] + steps], axis=1)
    total = int(counts.sum())
    dtype = np.int32 if max(total, fine_rows.size) <= np.iinfo(np.int32).max else np.int64
    pointers = np.zeros(corners.size + 1, dtype=dtype)
    np.cumsum(counts, out=pointers[1:])
    indices = np.empty(total, dtype=dtype)
    data = np.empty(total)
    for rows in blocks:
        entries = index[corners[rows, None] + steps]
        valid = entries >= 0
        filled = slice(pointers[rows.start], pointers[min(rows.stop, corners.size)])
        indices[filled] = entries[valid]
        data[filled] = np.broadcast_to(values, entries.shape)[valid]

    matrix = sparse.csr_array((data, indices, pointers), shape=(corners.size, fine_rows.size))
    if size == 1:  # a kernel's rows and columns are walked in the order of the inputs' indexes
        matrix.has_sorted_indices = True
    else:
        matrix.sort_indices()
    return matrix
