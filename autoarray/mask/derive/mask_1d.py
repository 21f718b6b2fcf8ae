"""Masks derived from a 1D mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import State

if TYPE_CHECKING:
    from autoarray.mask.mask_1d import Mask1D
    from autoarray.mask.mask_2d import Mask2D


class DeriveMask1D(State):
    """Masks of the same geometry as a 1D mask.

    Parameters
    ----------
    mask
        The 1D mask.
    """

    def __init__(self, mask: Mask1D) -> None:
        self.mask = mask

    @property
    def all_false(self) -> Mask1D:
        """A mask with every pixel unmasked."""
        from autoarray.mask.mask_1d import Mask1D

        mask = np.full(self.mask.shape_native, False)
        return Mask1D(mask, pixel_scales=self.mask.pixel_scales, origin=self.mask.origin)

    @property
    def to_mask_2d(self) -> Mask2D:
        """The mask as the one row of a 2D mask of square pixels, centred on (0.0, 0.0)."""
        from autoarray.mask.mask_2d import Mask2D

        return Mask2D(self.mask.array[None, :], pixel_scales=self.mask.pixel_scale, origin=(0.0, 0.0))
