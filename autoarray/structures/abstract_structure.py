"""The base of structures that are paired with a mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoarray.abstract_ndarray import AbstractNDArray

if TYPE_CHECKING:
    from autoarray.geometry.geometry_2d import Geometry2D
    from autoarray.mask.derive.grid_2d import DeriveGrid2D
    from autoarray.mask.derive.indexes_2d import DeriveIndexes2D
    from autoarray.mask.derive.mask_2d import DeriveMask2D
    from autoarray.mask.mask_2d import Mask2D, Mask2DKeys
    from autoarray.structures.grids.uniform_2d import Grid2D


class Structure(AbstractNDArray):
    """An array whose entries belong to the pixels of a mask, with the geometry of that mask."""

    mask: Mask2D

    @property
    def slim(self) -> Any:
        """The structure with one entry for each unmasked pixel, if its class has such a form."""
        raise AttributeError(f"{type(self).__name__} has no slim form")

    @property
    def geometry(self) -> Geometry2D:
        """How the pixels lie in scaled coordinates."""
        return self.mask.geometry

    @property
    def derive_indexes(self) -> DeriveIndexes2D:
        """Index arrays of the mask."""
        return self.mask.derive_indexes

    @property
    def derive_mask(self) -> DeriveMask2D:
        """Masks derived from the mask."""
        return self.mask.derive_mask

    @property
    def derive_grid(self) -> DeriveGrid2D:
        """Grids of the mask's pixel centres."""
        return self.mask.derive_grid

    @property
    def shape_slim(self) -> int:
        """The number of unmasked pixels."""
        return self.mask.shape_slim

    @property
    def shape_native(self) -> tuple[int, int]:
        """The (y, x) shape of the mask in pixels."""
        return self.mask.shape_native

    @property
    def pixel_scales(self) -> tuple[float, float]:
        """The (y, x) scaled units per pixel."""
        return self.mask.pixel_scales

    @property
    def pixel_scale(self) -> float:
        """The scaled units per pixel, of the y-axis if the two differ."""
        return self.mask.pixel_scale

    @property
    def header_dict(self) -> dict[Mask2DKeys, float]:
        """The geometry of the mask as entries of a FITS header."""
        return self.mask.header_dict

    @property
    def pixel_area(self) -> float:
        """The area of a pixel in square scaled units."""
        return self.pixel_scales[0] * self.pixel_scales[1]

    @property
    def total_area(self) -> float:
        """The area of all unmasked pixels in square scaled units."""
        return self.total_pixels * self.pixel_area

    @property
    def origin(self) -> tuple[float, float]:
        """The scaled (y, x) coordinate of the centre of the array."""
        return self.mask.origin

    @property
    def unmasked_grid(self) -> Grid2D:
        """The centres of all pixels of the mask, masked or not."""
        return self.mask.derive_grid.all_false

    @property
    def total_pixels(self) -> int:
        """The number of unmasked pixels."""
        return self.mask.pixels_in_mask

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Any:
        """The structure without the rows and columns that padding for a kernel added, if its class can be padded."""
        raise NotImplementedError(f"{type(self).__name__} is not padded before a convolution, and can't be trimmed")
