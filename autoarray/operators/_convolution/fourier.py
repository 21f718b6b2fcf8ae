"""The arithmetic of convolution: a sparse matrix on NumPy, Fourier transforms on either backend.

Positions are (rows, columns) in one *frame*, an array that holds the mask and the blurring mask
around it. With an over-sampled kernel each pixel of the frame has `size x size` sub-pixels, and
values are ordered pixel by pixel, then row by row inside a pixel.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from scipy import sparse

# Rows of a sparse matrix that are built at once, and columns that are transformed at once: both
# bound the temporary memory to some 10 MB and 100 MB.
_ROWS_AT_ONCE = 2048
_COLUMNS_AT_ONCE = 64

Positions = tuple[np.ndarray, np.ndarray]


def positions_in_frame(mask: np.ndarray, frame_shape: tuple[int, int]) -> Positions:
    """The rows and columns of the unmasked pixels of a mask that is centred in a frame.

    Raises
    ------
    ValueError
        If the mask is larger than the frame, or can't be centred, as one has an even and the other an odd size.
    """
    borders = [frame - own for frame, own in zip(frame_shape, mask.shape, strict=True)]
    if any(border < 0 or border % 2 for border in borders):
        raise ValueError(f"mask: shape {mask.shape} can't be centred in a frame of shape {frame_shape}")
    rows, columns = np.nonzero(~mask)
    return rows + borders[0] // 2, columns + borders[1] // 2


def sub_positions(positions: Positions, size: int) -> Positions:
    """The rows and columns, in an upscaled frame, of the `size x size` sub-pixels of each pixel."""
    steps = np.arange(size)
    rows, columns = (axis[:, None, None] * size for axis in positions)
    shape = (positions[0].size, size, size)
    fine_rows = np.broadcast_to(rows + steps[:, None], shape)
    fine_columns = np.broadcast_to(columns + steps, shape)
    return fine_rows.reshape(-1), fine_columns.reshape(-1)


def binned_kernel(kernel: np.ndarray, size: int) -> np.ndarray:
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
    kernel: np.ndarray,
    size: int = 1,
) -> sparse.csr_array:
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
        found = index[corners[rows, None] + steps]
        valid = found >= 0
        filled = slice(pointers[rows.start], pointers[min(rows.stop, corners.size)])
        indices[filled] = found[valid]
        data[filled] = np.broadcast_to(values, found.shape)[valid]

    matrix = sparse.csr_array((data, indices, pointers), shape=(corners.size, fine_rows.size))
    if size == 1:  # a kernel's rows and columns are walked in the order of the inputs' indexes
        matrix.has_sorted_indices = True
    else:
        matrix.sort_indices()
    return matrix


class FourierFrame:
    """Where values lie in a padded array in which circular convolution equals linear convolution.

    Parameters
    ----------
    outputs, blurring
        The positions of the unmasked pixels, and of the masked pixels whose light reaches them.
    kernel
        The kernel, sampled `size` times finer than pixels.
    """

    def __init__(self, outputs: Positions, blurring: Positions, kernel: np.ndarray, size: int) -> None:
        from scipy import fft

        fine = sub_positions(outputs, size)
        fine_blurring = sub_positions(blurring, size)
        self.size = size
        starts = [int(min(a.min(), b.min(initial=a.min()))) for a, b in zip(fine, fine_blurring, strict=True)]
        stops = [int(max(a.max(), b.max(initial=a.max()))) + 1 for a, b in zip(fine, fine_blurring, strict=True)]
        # Half a kernel of zeros suffices: what wraps further lands where nothing is read.
        lengths: list[Any] = [
            fft.next_fast_len(stop - start + length // 2, real=True)
            for start, stop, length in zip(starts, stops, kernel.shape, strict=True)
        ]
        self.shape = (int(lengths[0]), int(lengths[1]))
        self.index, self.blurring_index = (
            (rows - starts[0]) * self.shape[1] + columns - starts[1] for rows, columns in (fine, fine_blurring)
        )
        padded = np.zeros(self.shape)
        rows = np.arange(kernel.shape[0]) - kernel.shape[0] // 2
        columns = np.arange(kernel.shape[1]) - kernel.shape[1] // 2
        # A small image may wrap a kernel onto itself, where it touches no output; so add, not set.
        np.add.at(padded, (rows[:, None] % self.shape[0], columns % self.shape[1]), kernel)
        self.kernel = np.asarray(fft.rfft2(padded))


def fourier_convolved(
    values: Any, blurring_values: Any, frame: FourierFrame, xp: ModuleType, single_precision: bool = False
) -> Any:
    """Convolve values of shape (pixels * size**2,) or (pixels * size**2, m), by Fourier transforms.

    Returns values of shape (pixels,) or (pixels, m).
    """
    if xp is np and values.ndim == 2 and values.shape[1] > _COLUMNS_AT_ONCE:
        blocks = range(0, values.shape[1], _COLUMNS_AT_ONCE)
        return np.concatenate(
            [
                fourier_convolved(
                    values[:, start : start + _COLUMNS_AT_ONCE],
                    None if blurring_values is None else blurring_values[:, start : start + _COLUMNS_AT_ONCE],
                    frame,
                    xp,
                )
                for start in blocks
            ],
            axis=1,
        )
    index, dtype = frame.index, values.dtype
    if blurring_values is not None:
        index = np.concatenate((index, frame.blurring_index))
        values = xp.concatenate((values, blurring_values))
    kernel = frame.kernel
    if single_precision and xp is not np:
        values, kernel = values.astype(np.float32), kernel.astype(np.complex64)
    native = _scattered(values.T, index, frame.shape, xp)
    if xp is np:
        from scipy import fft
    else:
        fft = xp.fft
    native = fft.irfft2(fft.rfft2(native) * xp.asarray(kernel), s=frame.shape)
    return _gathered(native, frame, xp).astype(dtype)


def direct_convolved(values: Any, blurring_values: Any, frame: FourierFrame, kernel: Any, method: str, xp: Any) -> Any:
    """The same with `jax.scipy.signal.convolve`, whose `method` is "direct" or "fft"."""
    import jax
    from jax.scipy.signal import convolve

    index = frame.index
    if blurring_values is not None:
        index = np.concatenate((index, frame.blurring_index))
        values = xp.concatenate((values, blurring_values))
    native = _scattered(values.T, index, frame.shape, xp)
    kernel = xp.asarray(kernel, dtype=native.dtype)

    def one(image: Any) -> Any:
        # "full", and cut: "same" would swap the two where the kernel is the larger.
        full = convolve(image, kernel, mode="full", method=method)
        return jax.lax.dynamic_slice(full, (kernel.shape[0] // 2, kernel.shape[1] // 2), image.shape)

    native = one(native) if native.ndim == 2 else jax.vmap(one)(native)
    return _gathered(native, frame, xp)


def _scattered(values: Any, index: np.ndarray, shape: tuple[int, ...], xp: ModuleType) -> Any:
    flat_shape = (*values.shape[:-1], shape[0] * shape[1])
    if xp is np:
        flat = np.zeros(flat_shape, dtype=values.dtype)
        flat[..., index] = values
    else:
        flat = xp.zeros(flat_shape, dtype=values.dtype).at[..., index].set(values)
    return flat.reshape((*values.shape[:-1], *shape))


def _gathered(native: Any, frame: FourierFrame, xp: ModuleType) -> Any:
    flat = native.reshape((*native.shape[:-2], frame.shape[0] * frame.shape[1]))
    values = flat[..., frame.index]
    if frame.size > 1:
        values = values.reshape((*values.shape[:-1], -1, frame.size**2)).mean(axis=-1)
    return values.T
