"""Convolution cut into square tiles of the image.

All tiles have one kernel matrix, from the pixels of a window to those of the tile inside it: a convolution moves with
the image. So the convolved columns of a sparse matrix are, tile by tile, the product of few of its rows with that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from autoarray.operators._convolution.frame import Positions, positions_in_frame, sub_positions

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from autoarray.mask.mask_2d import Mask2D

# The side of a tile in pixels. With a PSF of 21 x 21 sides of 6 to 12 take nearly the same time.
SIDE = 8


class ConvolutionTiles(NamedTuple):
    """The tiles of an image, the pixels whose light reaches each, and the kernel between the two."""

    outputs: Int[np.ndarray, "tiles tile_pixels"]
    """The data pixel at each place of a tile, row by row; -1 where there is none."""

    inputs: Int[np.ndarray, "pixels_in_reach"]
    """The (sub-)pixels within reach of each tile, one tile after the other."""

    places: Int[np.ndarray, "pixels_in_reach"]
    """Where each of them lies in the window of its tile, in rising order for a tile."""

    bounds: Int[np.ndarray, "tiles+1"]
    """Where the pixels within reach of each tile begin, and the end of the last."""

    kernel: Float[np.ndarray, "window_pixels tile_pixels"]
    """What a (sub-)pixel of the window gives to each pixel of the tile."""


def tiles_from(
    outputs: Positions, frame_shape: tuple[int, int], weights: Float[np.ndarray, "rows columns"], size: int = 1
) -> ConvolutionTiles:
    """The tiles of a convolution inside a mask.

    Parameters
    ----------
    outputs
        The positions of the pixels of the mask in a frame.
    frame_shape
        The rows and columns of the frame.
    weights
        What the (sub-)pixels around a pixel give to it, as `binned_kernel` has them.
    size
        How many times finer than pixels the kernel is sampled.
    """
    rows, columns = weights.shape
    half = (rows - size) // 2, (columns - size) // 2
    window = (SIDE - 1) * size + rows, (SIDE - 1) * size + columns
    fine_rows, fine_columns = sub_positions(outputs, size)
    # The index of each (sub-)pixel, or -1, in a frame with a border that windows reach into.
    index = np.full([frame_shape[axis] * size + window[axis] + SIDE * size for axis in range(2)], -1)
    index[fine_rows + half[0], fine_columns + half[1]] = np.arange(fine_rows.size)

    top, left = outputs[0].min(), outputs[1].min()
    row, column = outputs[0] - top, outputs[1] - left
    tiles_in_row = column.max() // SIDE + 1
    used, tile = np.unique((row // SIDE) * tiles_in_row + column // SIDE, return_inverse=True)
    places = np.full((used.size, SIDE * SIDE), -1)
    places[tile, (row % SIDE) * SIDE + column % SIDE] = np.arange(row.size)

    corner_rows = (top + used // tiles_in_row * SIDE) * size
    corner_columns = (left + used % tiles_in_row * SIDE) * size
    windows = index[
        corner_rows[:, None, None] + np.arange(window[0])[:, None],
        corner_columns[:, None, None] + np.arange(window[1]),
    ].reshape(used.size, -1)
    of_tile, place = np.nonzero(windows >= 0)

    kernel = np.zeros((*window, SIDE, SIDE))
    for y in range(SIDE):
        for x in range(SIDE):
            kernel[y * size : y * size + rows, x * size : x * size + columns, y, x] = weights
    return ConvolutionTiles(
        outputs=places,
        inputs=windows[of_tile, place],
        places=place,
        bounds=np.searchsorted(of_tile, np.arange(used.size + 1)),
        kernel=kernel.reshape(-1, SIDE * SIDE),
    )


def tiles_without_kernel(mask: Mask2D) -> ConvolutionTiles:
    """The tiles of the pixels of a mask, of which none gives light to another."""
    unmasked = np.asarray(mask.array)
    return tiles_from(positions_in_frame(unmasked, unmasked.shape), unmasked.shape, np.ones((1, 1)))
