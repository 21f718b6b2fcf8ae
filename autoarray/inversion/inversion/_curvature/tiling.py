"""The image cut into square tiles, in each of which few columns of a sparse matrix are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int

# The side of a tile in pixels: the best of 8 to 32 for a PSF of 21 x 21, and flat around it.
TILE = 12


class Tiling(NamedTuple):
    """The data pixels, tile by tile."""

    tile: Int[np.ndarray, "data_pixels"]  # the tile of each data pixel
    order: Int[np.ndarray, "data_pixels"]  # the data pixels in the order of their tiles
    bounds: Int[np.ndarray, "tiles+1"]  # where each tile begins in that order, and the end of the last


def tiling_from(native_for_slim: Int[np.ndarray, "data_pixels 2"]) -> Tiling:
    """The tiles of data pixels, from the (y, x) pixel of each, of shape (data_pixels, 2)."""
    y, x = (native_for_slim // TILE).T
    tile = y * (x.max() + 1) + x
    order = np.argsort(tile, kind="stable")
    starts = np.flatnonzero(np.diff(tile[order], prepend=-1))
    return Tiling(tile, order, np.append(starts, order.size))
