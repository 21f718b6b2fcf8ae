"""Grids of the pixel centres of a 1D mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import Backend
from autoarray._typing import Namespace

if TYPE_CHECKING:
    from autoarray.mask.mask_1d import Mask1D
    from autoarray.structures.grids.uniform_1d import Grid1D


class DeriveGrid1D(Backend):
    """Grids of the pixel centres of a 1D mask in scaled coordinates.

    Parameters
    ----------
    mask
        The 1D mask.
    xp
        The array library of the grids.
    """

    def __init__(self, mask: Mask1D, xp: Namespace = np) -> None:
        self.mask = mask
        self._set_backend(xp)

    @property
    def all_false(self) -> Grid1D:
        """The centres of all pixels, masked or not."""
        return self._grid_from(self.mask.derive_mask.all_false)

    @property
    def unmasked(self) -> Grid1D:
        """The centres of the unmasked pixels."""
        return self._grid_from(self.mask)

    def _grid_from(self, mask: Mask1D) -> Grid1D:
        from autoarray.structures.grids.uniform_1d import Grid1D

        return Grid1D.from_mask(mask=mask, xp=self._xp)
