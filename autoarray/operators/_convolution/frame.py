"""The frame of a convolution: one array that holds a mask and the blurring mask around it.

Positions are (rows, columns) in the frame. With an over-sampled kernel each pixel of the frame has `size x size`
sub-pixels, and values are ordered pixel by pixel, then row by row inside a pixel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Int

# The rows and the columns of pixels.
Positions: TypeAlias = "tuple[Int[np.ndarray, '_image_pixels'], Int[np.ndarray, '_image_pixels']]"


def positions_in_frame(mask: Bool[np.ndarray, "rows columns"], frame_shape: tuple[int, int]) -> Positions:
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
