"""A dataset of grids alone."""

from __future__ import annotations

from typing import Any

from autoarray.dataset.grids import GridsInterface
from autoarray.structures.grids.uniform_2d import Grid2D


class MockDataset:
    """A dataset without data: its grids, its PSF and its mask.

    Parameters
    ----------
    grids
        The grids; by default a `pixelization` of one coordinate (1.0, 1.0).
    psf
        What stands for the point spread function.
    mask
        What stands for the mask.
    """

    def __init__(self, grids: Any = None, psf: Any = None, mask: Any = None) -> None:
        if grids is None:
            grids = GridsInterface(pixelization=Grid2D.no_mask(values=[[[1.0, 1.0]]], pixel_scales=1.0))
        self.grids = grids
        self.psf = psf
        self.mask = mask
