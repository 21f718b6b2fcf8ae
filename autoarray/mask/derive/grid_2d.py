"""Grids of the pixel centres of a mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import Backend
from autoarray._typing import Namespace

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.grids.uniform_2d import Grid2D


class DeriveGrid2D(Backend):
    """Grids of a mask's pixel centres in scaled (y, x) coordinates.

    Parameters
    ----------
    mask
        The mask.
    xp
        The array library of the grids.
    """

    def __init__(self, mask: Mask2D, xp: Namespace = np) -> None:
        self.mask = mask
        self._set_backend(xp)

    @property
    def all_false(self) -> Grid2D:
        """The centres of all pixels, masked or not."""
        return self._grid_from(self.mask.derive_mask.all_false)

    @property
    def unmasked(self) -> Grid2D:
        """The centres of the unmasked pixels."""
        return self._grid_from(self.mask)

    @property
    def edge(self) -> Grid2D:
        """The centres of the edge pixels."""
        return self._grid_from(self.mask.derive_mask.edge)

    @property
    def border(self) -> Grid2D:
        """The centres of the border pixels."""
        return self._grid_from(self.mask.derive_mask.border)

    def _grid_from(self, mask: Mask2D) -> Grid2D:
        from autoarray.structures.grids.uniform_2d import Grid2D

        return Grid2D.from_mask(mask=mask, xp=self._xp)
