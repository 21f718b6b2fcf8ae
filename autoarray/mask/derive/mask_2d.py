"""Masks derived from a mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import State
from autoarray.mask import mask_2d_util
from autoarray.mask.derive.indexes_2d import DeriveIndexes2D

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


class DeriveMask2D(State):
    """Masks of the same geometry as a mask: its edge, its border, its blurring region.

    Parameters
    ----------
    mask
        The mask.
    """

    def __init__(self, mask: Mask2D) -> None:
        self.mask = mask

    @property
    def derive_indexes(self) -> DeriveIndexes2D:
        """The index arrays of the mask."""
        return self.mask.derive_indexes

    @property
    def all_false(self) -> Mask2D:
        """A mask with every pixel unmasked."""
        return self._mask_from(np.full(self.mask.shape_native, False))

    def blurring_from(self, kernel_shape_native: tuple[int, int], allow_padding: bool = False) -> Mask2D:
        """The mask of the masked pixels whose light a kernel carries into unmasked pixels.

        Parameters
        ----------
        kernel_shape_native
            The (y, x) shape of the kernel in pixels.
        allow_padding
            Whether a mask that is too small for the kernel is padded, so that the result is larger.

        Raises
        ------
        exc.MaskException
            If the kernel reaches past the edge of the array and `allow_padding` is False, or no pixel
            is unmasked.
        """
        return self._mask_from(mask_2d_util.blurring_mask_2d_from(self.mask.array, kernel_shape_native, allow_padding))

    @property
    def edge(self) -> Mask2D:
        """The mask whose unmasked pixels are the edge: those that touch a masked pixel or the array's edge."""
        return self._mask_of(self.derive_indexes.edge_native)

    @property
    def edge_buffed(self) -> Mask2D:
        """The mask with all pixels that touch an unmasked one unmasked too."""
        return self._mask_from(mask_2d_util.buffed_mask_2d_from(self.mask.array))

    @property
    def border(self) -> Mask2D:
        """The mask whose unmasked pixels are the border: the edge on the outside of the mask."""
        return self._mask_of(self.derive_indexes.border_native)

    def _mask_of(self, native: np.ndarray) -> Mask2D:
        mask = np.full(self.mask.shape_native, True)
        mask[native[:, 0], native[:, 1]] = False
        return self._mask_from(mask)

    def _mask_from(self, mask: np.ndarray) -> Mask2D:
        from autoarray.mask.mask_2d import Mask2D

        return Mask2D(mask, pixel_scales=self.mask.pixel_scales, origin=self.mask.origin)
