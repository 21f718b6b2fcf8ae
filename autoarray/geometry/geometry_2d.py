"""The geometry of a regular array of pixels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._display import line
from autoarray._typing import Array, PixelScales
from autoarray._validation import check_numbers
from autoarray.geometry import geometry_util
from autoarray.geometry.abstract_2d import AbstractGeometry2D

if TYPE_CHECKING:
    from autoarray.structures.arrays.uniform_2d import Array2D
    from autoarray.structures.grids.uniform_2d import Grid2D


class Geometry2D(AbstractGeometry2D):
    """How the pixels of a 2D array lie in scaled coordinates (arc-seconds).

    Parameters
    ----------
    shape_native
        The (y, x) number of pixels.
    pixel_scales
        Scaled units per pixel: one number, or (y, x).
    origin
        The scaled (y, x) coordinate of the centre of the array.

    Raises
    ------
    exc.MaskException
        If the shape is not two whole numbers of at least 1, a pixel scale not positive, or the origin not finite.
    """

    def __init__(
        self, shape_native: tuple[int, int], pixel_scales: PixelScales, origin: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        self.shape_native = geometry_util.convert_shape_native_2d(shape_native)
        self.pixel_scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
        self.origin = geometry_util.convert_origin_2d(origin)

    @property
    def shape_native_scaled(self) -> tuple[float, float]:
        """The (y, x) size of the array in scaled units."""
        return (self.pixel_scales[0] * self.shape_native[0], self.pixel_scales[1] * self.shape_native[1])

    @property
    def scaled_maxima(self) -> tuple[float, float]:
        """The scaled (y, x) coordinates of the top and right edges."""
        height, width = self.shape_native_scaled
        return (height / 2.0 + self.origin[0], width / 2.0 + self.origin[1])

    @property
    def scaled_minima(self) -> tuple[float, float]:
        """The scaled (y, x) coordinates of the bottom and left edges."""
        height, width = self.shape_native_scaled
        return (-height / 2.0 + self.origin[0], -width / 2.0 + self.origin[1])

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The edges (x0, x1, y0, y1) in scaled units."""
        return (self.scaled_minima[1], self.scaled_maxima[1], self.scaled_minima[0], self.scaled_maxima[0])

    @property
    def central_pixel_coordinates(self) -> tuple[float, float]:
        """The (y, x) pixel coordinate of the centre of the array."""
        return geometry_util.central_pixel_coordinates_2d_from(self.shape_native)

    @property
    def central_scaled_coordinates(self) -> tuple[float, float]:
        """The (y, x) pixel coordinate at which the scaled coordinate is (0.0, 0.0)."""
        return geometry_util.central_scaled_coordinate_2d_from(self.shape_native, self.pixel_scales, self.origin)

    def pixel_coordinates_2d_from(self, scaled_coordinates_2d: tuple[float, float]) -> tuple[int, int]:
        """The pixel (y, x) that a scaled coordinate falls into."""
        return geometry_util.pixel_coordinates_2d_from(
            scaled_coordinates_2d, self.shape_native, self.pixel_scales, self.origin
        )

    def pixel_coordinates_wcs_2d_from(self, scaled_coordinates_2d: tuple[float, float]) -> tuple[float, float]:
        """The pixel coordinate (y, x) in the FITS convention, where the first pixel's centre is (1.0, 1.0)."""
        return geometry_util.pixel_coordinates_wcs_2d_from(
            scaled_coordinates_2d, self.shape_native, self.pixel_scales, self.origin
        )

    def scaled_coordinates_2d_from(self, pixel_coordinates_2d: tuple[float, float]) -> tuple[float, float]:
        """The scaled (y, x) coordinate of the centre of a pixel."""
        return geometry_util.scaled_coordinates_2d_from(
            pixel_coordinates_2d, self.shape_native, self.pixel_scales, self.origin
        )

    def scaled_coordinate_2d_to_scaled_at_pixel_centre_from(
        self, scaled_coordinate_2d: tuple[float, float]
    ) -> tuple[float, float]:
        """The centre of the pixel that a scaled coordinate falls into, in scaled units."""
        return self.scaled_coordinates_2d_from(self.pixel_coordinates_2d_from(scaled_coordinate_2d))

    def pixel_region_2d_from(self, region: tuple[float, float, float, float] | None) -> tuple[int, int, int, int]:
        """The pixels whose centres lie in a region, without those on its upper and left edges.

        Parameters
        ----------
        region
            The region (y0, y1, x0, x1) in scaled units, or None for the whole array.

        Returns
        -------
        The first row, the one after the last, the first column and the one after the last.

        Raises
        ------
        exc.ArrayException
            If the region holds no centre of a pixel.
        """
        height, width = self.shape_native
        if region is None:
            return 0, height, 0, width
        check_numbers(region, "region", "the edges (y0, y1, x0, x1)", 4, error=exc.ArrayException)
        corners = np.array([[region[1], region[2]], [region[0], region[3]]])
        # Half a pixel turns coordinates that are whole at a pixel's corner into ones that are at its centre.
        (top, left), (bottom, right) = (
            geometry_util.grid_pixels_2d_slim_from(corners, self.shape_native, self.pixel_scales, self.origin) - 0.5
        )
        y0, y1 = max(math.floor(top) + 1, 0), min(math.floor(bottom) + 1, height)
        x0, x1 = max(math.floor(left) + 1, 0), min(math.floor(right) + 1, width)
        if y0 >= y1 or x0 >= x1:
            raise exc.ArrayException(
                f"region: expected (y0, y1, x0, x1) with the centre of a pixel of an array whose extent "
                f"(x0, x1, y0, y1) is {self.extent} and pixel scales {self.pixel_scales}, found {region}"
            )
        return y0, y1, x0, x1

    def grid_pixels_2d_from(self, grid_scaled_2d: Grid2D) -> Grid2D:
        """A grid of scaled coordinates as pixel coordinates, floats that are whole at the top left of a pixel."""
        return self._convert(geometry_util.grid_pixels_2d_slim_from, grid_scaled_2d)

    def grid_pixel_centres_2d_from(self, grid_scaled_2d: Grid2D) -> Grid2D:
        """The pixels (y, x) that a grid of scaled coordinates falls into."""
        return self._convert(geometry_util.grid_pixel_centres_2d_slim_from, grid_scaled_2d)

    def grid_pixel_indexes_2d_from(self, grid_scaled_2d: Grid2D) -> Array2D:
        """The flat indexes of the pixels that a grid of scaled coordinates falls into."""
        from autoarray.structures.arrays.uniform_2d import Array2D

        slim = grid_scaled_2d.slim
        indexes = geometry_util.grid_pixel_indexes_2d_slim_from(
            slim.array, self.shape_native, self.pixel_scales, self.origin
        )
        return Array2D(values=indexes, mask=slim.mask)

    def grid_scaled_2d_from(self, grid_pixels_2d: Grid2D) -> Grid2D:
        """A grid of pixel coordinates as scaled ones, the inverse of `grid_pixels_2d_from`."""
        return self._convert(geometry_util.grid_scaled_2d_slim_from, grid_pixels_2d)

    def _convert(self, function: Callable[..., Array], grid: Grid2D) -> Grid2D:
        from autoarray.structures.grids.uniform_2d import Grid2D

        slim = grid.slim
        values = function(slim.array, self.shape_native, self.pixel_scales, self.origin)
        return Grid2D(values=values, mask=slim.mask, over_sample_size=slim.over_sample_size)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        grid = f"{line.by(state['shape_native'])} of {line.arcsec(state['pixel_scales'])}"
        return [grid, f"origin={line.value(state['origin'])} arcsec"]
