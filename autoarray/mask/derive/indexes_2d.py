"""Index arrays of a mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import Backend
from autoarray._state import derived
from autoarray._typing import Namespace
from autoarray.mask import mask_2d_util

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


class DeriveIndexes2D(Backend):
    """The indexes of a mask's unmasked pixels, its edge and its border.

    A slim index counts unmasked pixels row by row; a native index is (y, x).

    Parameters
    ----------
    mask
        The mask.
    xp
        The array library of whoever uses the indexes, which are NumPy's.
    """

    def __init__(self, mask: Mask2D, xp: Namespace = np) -> None:
        self.mask = mask
        self._set_backend(xp)

    @property
    def native_for_slim(self) -> np.ndarray:
        """The native index of each unmasked pixel, of shape (pixels, 2)."""
        return self.mask.native_for_slim

    @derived
    def unmasked_slim(self) -> np.ndarray:
        """The flat, row-major indexes of the unmasked pixels in the native array."""
        return mask_2d_util.mask_slim_indexes_from(self.mask.array, return_masked_indexes=False)

    @derived
    def masked_slim(self) -> np.ndarray:
        """The flat, row-major indexes of the masked pixels in the native array."""
        return mask_2d_util.mask_slim_indexes_from(self.mask.array, return_masked_indexes=True)

    @derived
    def edge_slim(self) -> np.ndarray:
        """The slim indexes of the edge: unmasked pixels that touch a masked one, or the array's edge."""
        return mask_2d_util.edge_1d_indexes_from(self.mask.array)

    @property
    def edge_native(self) -> np.ndarray:
        """The native indexes of the edge, of shape (edge pixels, 2)."""
        return self.native_for_slim[self.edge_slim]

    @derived
    def border_slim(self) -> np.ndarray:
        """The slim indexes of the border: the edge on the outside of the mask, not around holes in it."""
        return mask_2d_util.border_slim_indexes_from(self.mask.array)

    @property
    def border_native(self) -> np.ndarray:
        """The native indexes of the border, of shape (border pixels, 2)."""
        return self.native_for_slim[self.border_slim]
