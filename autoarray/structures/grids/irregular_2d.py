"""Coordinates that lie on no regular grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_jax_array, numbers_from, xp_of
from autoarray._display import line
from autoarray._typing import Array, ArrayLike, Coordinate, Namespace, Scalar
from autoarray._validation import check_number, check_numbers, check_object
from autoarray.abstract_ndarray import AbstractNDArray, unwrap
from autoarray.geometry import geometry_util
from autoarray.geometry.geometry_2d_irregular import Geometry2DIrregular
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.grids import grid_2d_util

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


class Grid2DIrregular(AbstractNDArray):
    """Scaled (y, x) coordinates, such as sub-pixels traced to a source, of shape (N, 2).

    Parameters
    ----------
    values
        The coordinates. A JAX array, or a list of them, makes this an object that computes with JAX.
    xp
        The array library.

    Raises
    ------
    exc.GridException
        If the last dimension of the values is not 2.
    """

    def __init__(self, values: ArrayLike, xp: Namespace = np) -> None:
        grid = numbers_from(_stacked(unwrap(values)), "Grid2DIrregular.values", exc.GridException)
        if not is_jax_array(grid):
            grid = grid.reshape(0, 2) if grid.size == 0 else grid
        if grid.ndim < 2 or grid.shape[-1] != 2:
            raise exc.GridException(
                f"Grid2DIrregular: expected (y, x) coordinates of shape (N, 2), found shape {tuple(grid.shape)}"
            )
        super().__init__(grid, xp=xp)

    @classmethod
    def from_yx_1d(cls, y: ArrayLike, x: ArrayLike) -> Grid2DIrregular:
        """A grid from its y and x coordinates, of shape (N,) each."""
        ys = numbers_from(unwrap(y), "Grid2DIrregular.y", exc.GridException)
        xs = numbers_from(unwrap(x), "Grid2DIrregular.x", exc.GridException)
        if ys.shape != xs.shape:
            raise exc.GridException(
                f"Grid2DIrregular.x: expected the shape {tuple(ys.shape)} of y, found {tuple(xs.shape)}"
            )
        xp = xp_of(ys, xs)
        return cls(values=xp.stack((as_array(ys, xp), as_array(xs, xp)), axis=-1), xp=xp)

    @classmethod
    def from_pixels_and_mask(cls, pixels: ArrayLike, mask: Mask2D) -> Grid2DIrregular:
        """The centres of pixels (y, x) of a mask, given as integers of shape (N, 2)."""
        # The half pixel turns the corner that pixel coordinates count from into the centre.
        check_object(mask, "shape_native", "mask", "a Mask2D", exc.GridException)
        centres = np.asarray(numbers_from(unwrap(pixels), "pixels", exc.GridException), dtype=float) + 0.5
        if centres.ndim != 2 or centres.shape[1] != 2:
            raise exc.GridException(f"pixels: expected pixels (y, x) of shape (N, 2), found {centres.shape}")
        return cls(geometry_util.grid_scaled_2d_slim_from(centres, mask.shape_native, mask.pixel_scales, mask.origin))

    @property
    def values(self) -> Any:
        """The coordinates as a plain array."""
        return self._array

    @property
    def slim(self) -> Grid2DIrregular:
        """The grid itself, which has one form only."""
        return self

    @property
    def native(self) -> Grid2DIrregular:
        """The grid itself, which has one form only."""
        return self

    @property
    def in_list(self) -> list[tuple[Any, ...]]:
        """The coordinates as a list of tuples (y, x)."""
        return [tuple(coordinate) for coordinate in self._array]

    @property
    def scaled_maxima(self) -> tuple[float, float]:
        """The largest y and the largest x coordinate."""
        return (self._array[:, 0].max(), self._array[:, 1].max())

    @property
    def scaled_minima(self) -> tuple[float, float]:
        """The smallest y and the smallest x coordinate."""
        return (self._array[:, 0].min(), self._array[:, 1].min())

    @property
    def geometry(self) -> Geometry2DIrregular:
        """The rectangle that the coordinates span."""
        maxima, minima = self.scaled_maxima, self.scaled_minima
        return Geometry2DIrregular(
            shape_native_scaled=(maxima[0] - minima[0], maxima[1] - minima[1]),
            scaled_maxima=maxima,
            scaled_minima=minima,
        )

    def extent_with_buffer_from(self, buffer: float = 1.0e-8) -> list[float]:
        """The edges [x0, x1, y0, y1] of the rectangle that the coordinates span, `buffer` wider on each side."""
        check_number(buffer, "buffer", error=exc.GridException)
        return _widen(self.geometry.extent, buffer)

    def grid_2d_via_deflection_grid_from(
        self, deflection_grid: ArrayLike, xp: Namespace | None = None
    ) -> Grid2DIrregular:
        """The coordinates minus deflections of the same shape (N, 2)."""
        xp = xp if xp is not None else self._xp
        xp = xp_of(self._array, unwrap(deflection_grid)) if xp is np else xp
        grid_2d_util.check_deflections(deflection_grid, self._array)
        return Grid2DIrregular(as_array(self._array, xp) - as_array(unwrap(deflection_grid), xp), xp=xp)

    def subtracted_from(self, offset: Coordinate, xp: Namespace = np) -> Grid2DIrregular:
        """The coordinates minus a (y, x) offset in scaled units."""
        grid_2d_util.check_shift(offset)
        xp = xp_of(self._array, *offset) if xp is np else xp
        values = as_array(self._array, xp)
        return self.with_new_array(values - xp.stack([xp.asarray(value, dtype=float) for value in offset]))

    def subtracted_and_rotated_from(self, offset: Coordinate, angle: Scalar, xp: Namespace = np) -> Grid2DIrregular:
        """The coordinates minus a (y, x) offset, then turned counter-clockwise around (0.0, 0.0).

        Parameters
        ----------
        offset
            The (y, x) offset in scaled units.
        angle
            The angle in degrees.
        xp
            The array library.
        """
        grid_2d_util.check_shift(offset, angle)
        shifted = self.subtracted_from(offset, xp)
        xp = xp_of(shifted.array, angle) if xp is np else xp
        return self.with_new_array(
            geometry_util.transform_grid_2d_from_reference_frame(
                as_array(shifted.array, xp), centre=(0.0, 0.0), angle=angle, xp=xp
            )
        )

    def squared_distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> ArrayIrregular:
        """The squared distance of each coordinate to one (y, x) coordinate."""
        check_numbers(coordinate, "coordinate", "a coordinate (y, x)", 2, error=exc.GridException)
        y, x = self._array[:, 0] - coordinate[0], self._array[:, 1] - coordinate[1]
        return ArrayIrregular(y**2 + x**2)

    def distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> ArrayIrregular:
        """The distance of each coordinate to one (y, x) coordinate."""
        return self.squared_distances_to_coordinate_from(coordinate).sqrt()

    @property
    def furthest_distances_to_other_coordinates(self) -> ArrayIrregular:
        """The distance of each coordinate to the one farthest from it; memory grows as the square of their number."""
        return ArrayIrregular(self._xp.sqrt(self._squared_distances(self._array).max(axis=1)))

    def grid_of_closest_from(self, grid_pair: Grid2DIrregular) -> Grid2DIrregular:
        """For each coordinate of another grid the closest one of this grid."""
        return self.with_new_array(self._array[self._squared_distances(grid_pair.array).argmin(axis=0)])

    def _squared_distances(self, other: Array) -> Any:
        """The squared distances to other coordinates, of shape (own, others)."""
        return ((self._array[:, None, :] - other[None, :, :]) ** 2).sum(axis=-1)

    def _repr_parts(self) -> list[str]:
        return [line.backend(self), f"{line.array(self)} arcsec"]


def _stacked(values: Any) -> Any:
    """A list of coordinates that are JAX arrays as one array; anything else as it is."""
    if not isinstance(values, (list, tuple)):
        return values
    members = cast(Sequence[Any], values)
    if not any(is_jax_array(value) for value in members):
        return members
    xp = xp_of(*members)
    return xp.stack([as_array(value, xp) for value in members])


def _widen(extent: tuple[float, float, float, float], buffer: float) -> list[float]:
    x0, x1, y0, y1 = extent
    return [x0 - buffer, x1 + buffer, y0 - buffer, y1 + buffer]
