"""Functions of plain grids of (y, x) coordinates: slim, of shape (N, 2), or native, of shape (y, x, 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, numbers_from, xp_of
from autoarray._typing import Array, ArrayLike, Coordinate, Namespace, PixelScales, Scalar
from autoarray._validation import check_memory, check_number, check_numbers, squared, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.geometry import geometry_util
from autoarray.structures.arrays import array_2d_util

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


def convert_grid(grid: ArrayLike) -> Array:
    """A list, a data structure or an array as a plain array."""
    values = numbers_from(unwrap(grid), "values", exc.GridException)
    return as_array(values, xp_of(values))


def check_grid_slim(grid: Array, shape_native: Sequence[int] | None) -> None:
    """Raise `exc.GridException` if a grid in slim form comes without the (y, x) shape of its native form."""
    if grid.ndim == 2 and shape_native is None:
        raise exc.GridException(
            f"Grid2D: coordinates in slim form need shape_native, found values of shape {tuple(grid.shape)} without it"
        )
    if shape_native is not None:
        geometry_util.convert_shape_native_2d(shape_native, error=exc.GridException)


def check_grid_2d(grid_2d: Array) -> None:
    """Raise `exc.GridException` unless a grid has the shape (N, 2) or (y, x, 2)."""
    if grid_2d.ndim not in (2, 3) or grid_2d.shape[-1] != 2:
        raise exc.GridException(
            f"Grid2D: expected (y, x) coordinates of shape (pixels, 2) or (y, x, 2), found shape {tuple(grid_2d.shape)}"
        )


def check_grid_2d_and_mask_2d(grid_2d: Array, mask_2d: Mask2D) -> None:
    """Raise `exc.GridException` unless a slim or native grid has the shape of a mask."""
    if grid_2d.ndim == 2 and grid_2d.shape[0] != mask_2d.pixels_in_mask:
        raise exc.GridException(
            f"Grid2D: expected one (y, x) coordinate for each of the {mask_2d.pixels_in_mask} unmasked pixels of a "
            f"mask of shape {mask_2d.shape_native}, found values of shape {tuple(grid_2d.shape)}"
        )
    if grid_2d.ndim == 3 and tuple(grid_2d.shape[:2]) != mask_2d.shape_native:
        raise exc.GridException(
            f"Grid2D: expected native coordinates of the mask's shape {mask_2d.shape_native}, found values of shape "
            f"{tuple(grid_2d.shape)}"
        )


def convert_grid_2d(grid_2d: ArrayLike, mask_2d: Mask2D, store_native: bool = False, xp: Namespace = np) -> Array:
    """Coordinates in slim or native form as the form that a `Grid2D` stores.

    Parameters
    ----------
    grid_2d
        The coordinates, of shape (pixels in mask, 2) or (y, x, 2).
    mask_2d
        The mask that they belong to.
    store_native
        Whether the result is native, with (0.0, 0.0) at masked pixels; else it is slim.
    xp
        The array library of the result.

    Raises
    ------
    exc.GridException
        If the coordinates don't fit the mask.
    """
    grid = as_array(unwrap(grid_2d), xp)
    check_grid_2d(grid)
    check_grid_2d_and_mask_2d(grid, mask_2d)
    if not store_native:
        return convert_grid_2d_to_slim(grid, mask_2d, xp)
    if grid.ndim == 2:
        return grid_2d_native_from(grid, mask_2d.array, xp)
    return xp.where(mask_2d.array[:, :, None], xp.zeros((), grid.dtype), grid)


def convert_grid_2d_to_slim(grid_2d: ArrayLike, mask_2d: Mask2D, xp: Namespace = np) -> Array:
    """A grid in slim or native form as the slim one, of shape (pixels in mask, 2)."""
    grid = as_array(unwrap(grid_2d), xp)
    return grid if grid.ndim == 2 else grid[mask_2d.slim_to_native_tuple]


def convert_grid_2d_to_native(grid_2d: ArrayLike, mask_2d: Mask2D) -> Array:
    """A grid in slim or native form as the native one, of shape (y, x, 2), with zeros at masked pixels."""
    grid = convert_grid(grid_2d)
    return convert_grid_2d(grid, mask_2d, store_native=True, xp=xp_of(grid))


def check_shift(offset: Coordinate, angle: Scalar = 0.0) -> None:
    """Raise `exc.GridException` unless a shift is two finite numbers and an angle is one; traced values pass.

    Parameters
    ----------
    offset
        The shift (y, x) in scaled units.
    angle
        The angle in degrees.
    """
    check_numbers(offset, "offset", "a shift (y, x)", 2, error=exc.GridException)
    check_number(angle, "angle", "a finite number of degrees", error=exc.GridException)


def check_deflections(deflection_grid: ArrayLike, grid: Array) -> None:
    """Raise `exc.GridException` unless deflections have the shape of the coordinates that they are of.

    Parameters
    ----------
    deflection_grid, grid
        The deflections and the coordinates, of shape (N, 2).
    """
    deflections = unwrap(deflection_grid)
    if np.shape(deflections) != grid.shape:
        raise exc.GridException(
            f"deflection_grid: expected the shape {grid.shape} of the grid, found {np.shape(deflections)}"
        )


def grid_2d_centre_from(grid_2d_slim: ArrayLike) -> tuple[float, float]:
    """The (y, x) centre of the bounding box of coordinates of shape (N, 2)."""
    grid = unwrap(grid_2d_slim)
    return ((grid[:, 0].max() + grid[:, 0].min()) / 2.0, (grid[:, 1].max() + grid[:, 1].min()) / 2.0)


def grid_2d_slim_via_mask_from(
    mask_2d: np.ndarray,
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
    xp: Namespace = np,
) -> Array:
    """The scaled (y, x) centres of a mask's unmasked pixels, of shape (pixels in mask, 2), in row-major order.

    Parameters
    ----------
    mask_2d
        The bools of the mask, of shape (y, x).
    pixel_scales
        The scaled units per pixel.
    origin
        The scaled coordinate of the centre of the array.
    xp
        The array library of the result.
    """
    mask_2d = np.asarray(mask_2d, dtype=bool)
    scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
    centre = geometry_util.central_scaled_coordinate_2d_from(mask_2d.shape, scales, origin)
    y, x = np.nonzero(~mask_2d)
    return as_array(np.stack((-(y - centre[0]) * scales[0], (x - centre[1]) * scales[1]), axis=-1), xp)


def grid_2d_via_mask_from(
    mask_2d: np.ndarray,
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
    xp: Namespace = np,
) -> Array:
    """The scaled (y, x) centres of a mask's pixels, of shape (y, x, 2), with (0.0, 0.0) at masked ones."""
    return grid_2d_native_from(grid_2d_slim_via_mask_from(mask_2d, pixel_scales, origin), mask_2d, xp)


def grid_2d_slim_via_shape_native_from(
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
    xp: Namespace = np,
) -> Array:
    """The scaled (y, x) centres of all pixels of a shape, of shape (pixels, 2), in row-major order."""
    return grid_2d_slim_via_mask_from(_unmasked(shape_native), pixel_scales, origin, xp)


def grid_2d_slim_via_shape_native_not_mask_from(
    shape_native: tuple[int, int],
    pixel_scales: tuple[float, float],
    origin: tuple[float, float] = (0.0, 0.0),
    xp: Namespace = np,
) -> Array:
    """The scaled (y, x) centres of all pixels of a shape, of shape (pixels, 2), in row-major order."""
    return grid_2d_slim_via_shape_native_from(shape_native, pixel_scales, origin, xp)


def grid_2d_via_shape_native_from(
    shape_native: tuple[int, int], pixel_scales: PixelScales, origin: tuple[float, float] = (0.0, 0.0)
) -> np.ndarray:
    """The scaled (y, x) centres of all pixels of a shape, of shape (y, x, 2)."""
    return np.asarray(grid_2d_via_mask_from(_unmasked(shape_native), pixel_scales, origin))


def _unmasked(shape_native: tuple[int, int]) -> np.ndarray:
    return np.full(geometry_util.convert_shape_native_2d(shape_native), False)


def grid_scaled_2d_slim_radial_projected_from(
    extent: Sequence[float], centre: tuple[float, float], pixel_scales: PixelScales, shape_slim: int | None = 0
) -> np.ndarray:
    """Coordinates from a centre along the positive x-axis, a pixel apart, of shape (points, 2).

    They reach as far as the edge of the extent that is farthest from the centre in y or x, in steps
    of the pixel scale of that axis. All are 1.0e-6 off in y and x, since profiles may be singular at
    their centre.

    Parameters
    ----------
    extent
        The edges (x0, x1, y0, y1) in scaled units.
    centre
        The (y, x) coordinate of the first point in scaled units.
    pixel_scales
        The scaled units per pixel.
    shape_slim
        The number of points; 0 for as many as reach the edge.
    """
    distance, scale = _longest_path_from(extent, centre, pixel_scales)
    shape_slim = 0 if shape_slim is None else whole_from(shape_slim, "shape_slim", 0, exc.GridException)
    total = shape_slim or int(distance / scale) + 1
    check_memory(total, 16, "shape_slim" if shape_slim else "centre", "coordinates", exc.GridException)
    points = np.stack((np.full(total, centre[0], dtype=float), centre[1] + scale * np.arange(total)), axis=-1)
    return points + 1.0e-6


def _longest_path_from(
    extent: Sequence[float], centre: tuple[float, float], pixel_scales: PixelScales
) -> tuple[float, float]:
    """The longest distance along an axis from a centre to the edge of an extent, and that axis' pixel scale."""
    scales = geometry_util.convert_pixel_scales_2d(pixel_scales)
    check_numbers(centre, "centre", "a scaled coordinate (y, x)", 2, error=exc.GridException)
    x = max(extent[1] - centre[1], centre[1] - extent[0])
    y = max(extent[3] - centre[0], centre[0] - extent[2])
    return (y, scales[0]) if y > x else (x, scales[1])


def radial_projected_shape_slim_from(
    extent: Sequence[float], centre: tuple[float, float], pixel_scales: PixelScales
) -> int:
    """The number of points of `grid_scaled_2d_slim_radial_projected_from`.

    Parameters
    ----------
    extent
        The sides (x_min, x_max, y_min, y_max) of the area, in scaled units.
    centre
        The (y, x) centre from which the points run, in scaled units.
    pixel_scales
        The scaled units per pixel.
    """
    distance, scale = _longest_path_from(extent, centre, pixel_scales)
    return int(distance / scale) + 1


def grid_2d_slim_from(grid_2d_native: ArrayLike, mask: np.ndarray, xp: Namespace = np) -> Array:
    """The coordinates of a native grid at its unmasked pixels, of shape (pixels in mask, 2)."""
    return array_2d_util.array_2d_slim_from(as_array(unwrap(grid_2d_native), xp), mask)


def grid_2d_native_from(grid_2d_slim: ArrayLike, mask_2d: np.ndarray, xp: Namespace = np) -> Array:
    """Slim coordinates in a grid of the mask's shape, (y, x, 2), with (0.0, 0.0) at its masked pixels."""
    return array_2d_util.array_2d_native_from(grid_2d_slim, mask_2d, xp)


def grid_2d_of_points_within_radius(radius: float, centre: tuple[float, float], grid_2d: ArrayLike) -> Array:
    """The coordinates, of shape (N, 2), that lie less than a radius from a centre."""
    check_number(radius, "radius", "a number of at least 0", error=exc.GridException, least=0.0, infinite=True)
    grid = convert_grid(grid_2d)
    distances = (grid[:, 0] - centre[0]) ** 2 + (grid[:, 1] - centre[1]) ** 2
    return grid[distances < squared(radius)]


def grid_pixels_in_mask_pixels_from(
    grid: ArrayLike, shape_native: tuple[int, int], pixel_scales: PixelScales, origin: tuple[float, float]
) -> np.ndarray:
    """How many coordinates of a grid of shape (N, 2) fall into each pixel, of shape (y, x); others don't count."""
    pixels = geometry_util.grid_pixel_centres_2d_slim_from(np.asarray(unwrap(grid)), shape_native, pixel_scales, origin)
    counts = np.zeros(shape_native)
    inside = ((pixels >= 0) & (pixels < np.asarray(shape_native))).all(axis=1)
    np.add.at(counts, tuple(pixels[inside].T), 1.0)
    return counts
