"""The lines around a region of a grid: where values on it are zero, and the convex hull of its coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._state import State
from autoarray._typing import PixelScales, Values
from autoarray.geometry import geometry_util
from autoarray.operators._marching_squares import zero_lines_from
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

__all__ = ["Grid2DContour"]


class Grid2DContour(State):
    """Lines on which values of a pixel grid are zero, such as the critical curves of a lens.

    Parameters
    ----------
    grid
        The (y, x) coordinates: a `Grid2D`, whose origin the lines are relative to, or coordinates of shape (N, 2).
    pixel_scales
        The (y, x) scaled units per pixel of the values.
    shape_native
        The shape of the values.
    contour_array
        The values, of that shape. None is 1 for each pixel that holds a coordinate of the grid, and 0 for the others:
        then the lines go around these pixels.

    Raises
    ------
    GridException
        If the values have another shape.
    """

    def __init__(
        self,
        grid: Any,
        pixel_scales: PixelScales,
        shape_native: tuple[int, int],
        contour_array: Values | None = None,
    ) -> None:
        self.grid = grid
        self.pixel_scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
        self.shape_native = (int(shape_native[0]), int(shape_native[1]))
        if contour_array is not None:
            values = numbers_from(getattr(contour_array, "array", contour_array), "contour_array", exc.GridException)
            if tuple(values.shape) != self.shape_native:
                raise exc.GridException(
                    f"Grid2DContour.contour_array: expected values of shape {self.shape_native}, found shape "
                    f"{tuple(values.shape)}"
                )
            contour_array = np.asarray(values, dtype=float)
        self._contour_array = contour_array

    @property
    def _coordinates(self) -> np.ndarray:
        values = numbers_from(getattr(self.grid, "array", self.grid), "Grid2DContour.grid", exc.GridException)
        return np.asarray(values, dtype=float).reshape(-1, 2)

    @property
    def _origin(self) -> tuple[float, float]:
        return getattr(self.grid, "origin", (0.0, 0.0))

    @property
    def contour_array(self) -> np.ndarray:
        """The values whose zero lines are looked for, of shape `shape_native`.

        Raises
        ------
        GridException
            If they are not given, and a coordinate lies outside of the pixels.
        """
        if self._contour_array is not None:
            return np.asarray(self._contour_array)
        pixels = geometry_util.grid_pixels_2d_slim_from(
            self._coordinates, self.shape_native, self.pixel_scales, self._origin
        )
        pixels = np.floor(pixels).astype(int)
        outside = ((pixels < 0) | (pixels >= self.shape_native)).any(axis=1)
        if outside.any():
            place = int(np.argmax(outside))
            raise exc.GridException(
                f"Grid2DContour.grid: expected coordinates within the pixels of shape {self.shape_native} and "
                f"{self.pixel_scales} scaled units, found {tuple(self._coordinates[place].tolist())} at {place}"
            )
        values = np.zeros(self.shape_native)
        values[pixels[:, 0], pixels[:, 1]] = 1.0
        return values

    @property
    def contour_list(self) -> list[Grid2DIrregular]:
        """The lines, as grids of (y, x) coordinates in scaled units; those that are closed end where they begin.

        They have the greater values on their right, and are found with NumPy by marching squares.
        """
        centre = (np.array(self.shape_native) - 1) / 2
        scale = np.array(self.pixel_scales) * (-1.0, 1.0)
        return [
            Grid2DIrregular((line - centre) * scale + np.array(self._origin))
            for line in zero_lines_from(self.contour_array)
        ]

    @property
    def hull(self) -> Grid2DIrregular:
        """The corners of the convex hull of the coordinates, counter-clockwise from x to y, and the first again.

        Raises
        ------
        GridException
            If the coordinates are fewer than three, or all on one line.
        """
        from scipy.spatial import ConvexHull, QhullError

        coordinates = self._coordinates
        try:
            corners = ConvexHull(coordinates[:, ::-1]).vertices
        except (QhullError, ValueError):
            raise exc.GridException(
                f"Grid2DContour.hull: expected at least three coordinates that are not on one line, found "
                f"{len(coordinates)} coordinates without a hull"
            ) from None
        return Grid2DIrregular(coordinates[np.append(corners, corners[0])])
