"""Vertices on a uniform grid over the mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import _small_datasets, exc
from autoarray._validation import check_flag, check_memory, check_numbers, count_from, shown
from autoarray.geometry import geometry_util
from autoarray.inversion.mesh.image_mesh.abstract import AbstractImageMesh
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


def _inside_from(mask_2d: np.ndarray, overlaid_centres: np.ndarray) -> np.ndarray:
    """Whether each pixel of shape (N, 2) is in a mask and unmasked there."""
    mask_2d, pixels = np.asarray(mask_2d), np.asarray(overlaid_centres).astype(int)
    inside = np.logical_and.reduce((pixels >= 0) & (pixels < mask_2d.shape), axis=1)
    rows, columns = np.where(inside, pixels.T, 0)
    return inside & ~mask_2d[rows, columns]


def total_pixels_2d_from(mask_2d: np.ndarray, overlaid_centres: np.ndarray) -> int:
    """How many pixels (y, x) of shape (N, 2), in which the centres of a grid lie, are unmasked."""
    return int(_inside_from(mask_2d, overlaid_centres).sum())


def overlay_for_mask_from(total_pixels: int, mask: np.ndarray, overlaid_centres: np.ndarray) -> np.ndarray:
    """The indexes of the centres of a grid that lie in unmasked pixels, of shape (total_pixels,)."""
    return np.flatnonzero(_inside_from(mask, overlaid_centres))[:total_pixels]


def mask_for_overlay_from(mask: np.ndarray, overlaid_centres: np.ndarray, total_pixels: int) -> np.ndarray:
    """For each centre of a grid, how many of those before it lie in unmasked pixels, of shape (N,).

    For a centre in an unmasked pixel this is its index among them, and for another one that of the next. `total_pixels`
    bounds it.
    """
    inside = _inside_from(mask, overlaid_centres)
    return np.minimum(np.cumsum(inside) - inside, max(total_pixels - 1, 0))


def overlay_via_unmasked_overlaid_from(unmasked_overlay_grid: np.ndarray, overlay_for_mask: np.ndarray) -> np.ndarray:
    """The (y, x) centres of a grid, of shape (N, 2), that indexes choose."""
    return np.asarray(unmasked_overlay_grid)[np.asarray(overlay_for_mask)]


class Overlay(AbstractImageMesh):
    """Vertices at the centres of a uniform grid over the unmasked pixels.

    The grid covers the rectangle that the unmasked pixels span, edges included; centres in masked pixels are left out.
    It sets a fit up, with NumPy, and its vertices feed either backend.

    Parameters
    ----------
    shape
        The numbers of rows and columns of the grid. Fractions, as a model draws them, are cut off.
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.

    Raises
    ------
    ValueError
        If it is not two numbers of at least 1, or a grid of that shape does not fit into memory.
    """

    def __init__(self, shape: tuple[int, int] = (3, 3), respect_small_datasets: bool = True) -> None:
        check_numbers(shape, "Overlay.shape", "two numbers of at least 1", 2)
        try:
            rows, columns = (count_from(count, "Overlay.shape", 1) for count in shape)
        except ValueError:
            raise ValueError(f"Overlay.shape: expected two numbers of at least 1, found {shown(shape)}") from None
        check_memory(rows * columns, 16, "Overlay.shape", "a grid of coordinates", ValueError)
        check_flag(respect_small_datasets, "Overlay.respect_small_datasets")
        self.shape = _small_datasets.capped((rows, columns), respect_small_datasets)

    @property
    def uses_adapt_images(self) -> bool:
        return False

    def image_plane_mesh_grid_from(self, mask: Mask2D, adapt_data: Array2D | None = None) -> Grid2DIrregular:
        """The (y, x) vertices in the image plane, of shape (pixels, 2), in arc-seconds.

        Parameters
        ----------
        mask
            The mask of the data.
        adapt_data
            Not used.

        Raises
        ------
        PixelizationException
            If the mask has no unmasked pixels, or no centre of the grid lies in one.
        """
        self._check_mask(mask)
        unmasked = np.asarray(mask.derive_grid.unmasked.array)
        pixel_scales = np.array(mask.pixel_scales)
        size = unmasked.max(axis=0) - unmasked.min(axis=0) + pixel_scales
        centre = (unmasked.max(axis=0) + unmasked.min(axis=0)) / 2.0
        y, x = ((np.arange(count) - (count - 1) / 2.0) / count for count in self.shape)
        grid = np.stack(np.meshgrid(-y * size[0], x * size[1], indexing="ij"), axis=-1).reshape(-1, 2) + centre
        pixels = geometry_util.grid_pixel_centres_2d_slim_from(grid, mask.shape_native, mask.pixel_scales, mask.origin)
        grid = grid[_inside_from(np.asarray(mask.array), pixels)]
        if not len(grid):
            raise exc.PixelizationException(
                f"Overlay: expected a grid of shape {self.shape} with centres in unmasked pixels, found none; use a "
                "larger shape"
            )
        return Grid2DIrregular(values=grid)
