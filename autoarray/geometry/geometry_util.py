"""Conversions between pixels and scaled units (arc-seconds).

Pixel (0, 0) is the top left one; scaled y points up and x to the right; the centre of an array
lies at its `origin`. All coordinates are (y, x).
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_tracer, xp_of
from autoarray._typing import Array, ArrayLike, Namespace, PixelScales, Scalar
from autoarray._validation import check_memory, check_number, check_numbers, shown, whole_from


def convert_shape_native_1d(
    shape_native: int | tuple[int], name: str = "shape_native", error: type[Exception] = exc.MaskException
) -> tuple[int]:
    """The shape of a 1D array, a number of pixels or a tuple of one, as a tuple of one int.

    Parameters
    ----------
    shape_native
        The number of pixels.
    name, error
        What the message calls the shape, and which exception it is.

    Raises
    ------
    exc.MaskException
        If it is not one positive whole number of pixels, or no array of that shape fits into memory.
    """
    (size,) = _one_of(shape_native, name, "one number of pixels", error)
    try:
        converted = whole_from(size, name, 1)
    except ValueError:
        raise error(
            f"{name}: expected at least one pixel, and a whole number of them, found {shown(shape_native)}"
        ) from None
    check_memory(converted, 1, name, "an array", error)
    return (converted,)


def convert_pixel_scales_1d(pixel_scales: PixelScales) -> tuple[float]:
    """The pixel scale of a 1D array, a number or a tuple of one, as a tuple of one float.

    Raises
    ------
    exc.MaskException
        If it is not one positive finite number, or two numbers that are equal, as square pixels of a 2D array have.
    """
    (scale,) = _one_of(pixel_scales, "pixel_scales", "a number or a tuple of one number", exc.MaskException)
    check_number(
        scale,
        "pixel_scales",
        "a positive finite number of scaled units per pixel, from 1e-150 to 1e150",
        error=exc.MaskException,
        least=1e-150,
        most=1e150,
    )
    return (float(scale),)


def convert_origin_1d(origin: float | tuple[float, ...]) -> tuple[float]:
    """The scaled coordinate of the centre of a 1D array, a number or a tuple of one, as a tuple of one float.

    Raises
    ------
    exc.MaskException
        If it is not one finite number, or two numbers that are equal.
    """
    (value,) = _one_of(origin, "origin", "a scaled coordinate (x,)", exc.MaskException)
    check_number(value, "origin", error=exc.MaskException)
    if is_tracer(value):
        raise exc.MaskException(f"origin: expected a number, found {shown(value)}: masks can't be traced by JAX")
    return (float(value),)


def central_pixel_coordinates_1d_from(shape_slim: tuple[int]) -> tuple[float]:
    """The pixel coordinate of the centre of a 1D array, a half-integer where its size is even."""
    return ((shape_slim[0] - 1) / 2,)


def central_scaled_coordinate_1d_from(
    shape_slim: tuple[float], pixel_scales: PixelScales, origin: tuple[float] = (0.0,)
) -> tuple[float]:
    """The pixel coordinate at which the scaled coordinate of a 1D array is zero."""
    (scale,) = convert_pixel_scales_1d(pixel_scales)
    return ((shape_slim[0] - 1) / 2 - origin[0] / scale,)


def pixel_coordinates_1d_from(
    scaled_coordinates_1d: tuple[float],
    shape_slim: tuple[int],
    pixel_scales: PixelScales,
    origins: tuple[float] = (0.0,),
) -> tuple[int]:
    """The pixel of a 1D array that a scaled coordinate falls into."""
    (scale,) = convert_pixel_scales_1d(pixel_scales)
    (centre,) = central_scaled_coordinate_1d_from(shape_slim, pixel_scales, origins)
    return (int(scaled_coordinates_1d[0] / scale + centre + 0.5),)


def scaled_coordinates_1d_from(
    pixel_coordinates_1d: tuple[float],
    shape_slim: tuple[int],
    pixel_scales: PixelScales,
    origins: tuple[float] = (0.0,),
) -> tuple[float]:
    """The scaled coordinate of the centre of a pixel of a 1D array."""
    (scale,) = convert_pixel_scales_1d(pixel_scales)
    (centre,) = central_scaled_coordinate_1d_from(shape_slim, pixel_scales, origins)
    return ((pixel_coordinates_1d[0] - centre) * scale,)


def convert_pixel_scales_2d(pixel_scales: PixelScales) -> tuple[float, float]:
    """One number of scaled units per pixel, or a tuple (y, x) of them, as a tuple of two floats.

    Raises
    ------
    exc.MaskException
        If a tuple has another length than two, or a scale is not a positive finite number.
    """
    scales: Any = (pixel_scales, pixel_scales) if isinstance(pixel_scales, numbers.Real) else pixel_scales
    try:
        y, x = scales
        if any(isinstance(scale, (str, bytes)) for scale in (scales, y, x)):
            raise TypeError
        converted = (float(y), float(x))
    except (TypeError, ValueError):
        raise exc.MaskException(
            f"pixel_scales: expected a number or a tuple (y, x) of two numbers, found {pixel_scales!r}"
        ) from None
    # Distances are squared: beyond these numbers the squares leave the range of float64.
    if not all(1e-150 <= scale <= 1e150 for scale in converted):
        raise exc.MaskException(
            f"pixel_scales: expected positive finite scaled units per pixel, from 1e-150 to 1e150, found "
            f"{pixel_scales!r}"
        )
    return converted


def convert_shape_native_2d(
    shape_native: Iterable[int], name: str = "shape_native", error: type[Exception] = exc.MaskException
) -> tuple[int, int]:
    """A (y, x) shape, as of an array or a kernel, as a tuple of two ints.

    Parameters
    ----------
    shape_native
        The numbers of pixels in y and in x.
    name, error
        What the message calls the shape, and which exception it is.

    Raises
    ------
    exc.MaskException
        If it is not two positive whole numbers of pixels, or no array of that shape fits into memory.
    """
    try:
        y, x = shape_native
    except (TypeError, ValueError):
        raise error(f"{name}: expected two numbers of pixels (y, x), found {shown(shape_native)}") from None
    try:
        converted = (whole_from(y, "y", 1), whole_from(x, "x", 1))
    except ValueError:
        raise error(
            f"{name}: expected at least one pixel in y and x, and whole numbers of them, found {shown((y, x))}"
        ) from None
    check_memory(converted[0] * converted[1], 1, name, "an array", error)
    return converted


def convert_origin_2d(origin: Iterable[float]) -> tuple[float, float]:
    """A scaled (y, x) coordinate as a tuple of two floats.

    Raises
    ------
    exc.MaskException
        If it is not two finite numbers.
    """
    check_numbers(origin, "origin", "a scaled coordinate (y, x)", 2, error=exc.MaskException)
    y, x = origin
    if is_tracer(y) or is_tracer(x):
        raise exc.MaskException(f"origin: expected numbers, found {shown((y, x))}: masks can't be traced by JAX")
    return float(y), float(x)


def central_pixel_coordinates_2d_from(shape_native: tuple[int, int]) -> tuple[float, float]:
    """The (y, x) pixel coordinate of the centre of an array, half-integers where its shape is even."""
    return ((shape_native[0] - 1) / 2, (shape_native[1] - 1) / 2)


def central_scaled_coordinate_2d_from(
    shape_native: tuple[int, int], pixel_scales: PixelScales, origin: tuple[float, float] = (0.0, 0.0)
) -> tuple[float, float]:
    """The (y, x) pixel coordinate at which the scaled coordinate is (0.0, 0.0)."""
    y_scale, x_scale = convert_pixel_scales_2d(pixel_scales)
    y, x = central_pixel_coordinates_2d_from(shape_native)
    return (y + origin[0] / y_scale, x - origin[1] / x_scale)


def pixel_coordinates_2d_from(
    scaled_coordinates_2d: tuple[float, float],
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origins: tuple[float, float] = (0.0, 0.0),
) -> tuple[int, int]:
    """The pixel (y, x) that a scaled coordinate falls into."""
    _check_coordinate(scaled_coordinates_2d, "scaled_coordinates_2d")
    y, x = _pixels_of(np.asarray(scaled_coordinates_2d), shape_native, pixel_scales, origins, np)
    return (int(y), int(x))


def scaled_coordinates_2d_from(
    pixel_coordinates_2d: tuple[float, float],
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origins: tuple[float, float] = (0.0, 0.0),
) -> tuple[float, float]:
    """The scaled (y, x) coordinate of the centre of a pixel."""
    _check_coordinate(pixel_coordinates_2d, "pixel_coordinates_2d")
    y_scale, x_scale = convert_pixel_scales_2d(pixel_scales)
    y, x = central_scaled_coordinate_2d_from(shape_native, pixel_scales, origins)
    return (-(pixel_coordinates_2d[0] - y) * y_scale, (pixel_coordinates_2d[1] - x) * x_scale)


def pixel_coordinates_wcs_2d_from(
    scaled_coordinates_2d: tuple[float, float],
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origins: tuple[float, float] = (0.0, 0.0),
) -> tuple[float, float]:
    """The pixel coordinate (y, x) as floats in the FITS convention, where the first pixel's centre is (1.0, 1.0)."""
    _check_coordinate(scaled_coordinates_2d, "scaled_coordinates_2d")
    y, x = _pixels_of(np.asarray(scaled_coordinates_2d), shape_native, pixel_scales, origins, np)
    return (float(y) + 0.5, float(x) + 0.5)


def transform_grid_2d_to_reference_frame(
    grid_2d: ArrayLike, centre: tuple[float, float], angle: Scalar, xp: Namespace = np
) -> Array:
    """Coordinates in the frame whose origin is `centre` and whose x-axis is rotated by `angle`.

    Parameters
    ----------
    grid_2d
        The (y, x) coordinates, of shape (..., 2).
    centre
        The (y, x) origin of the frame.
    angle
        The counter-clockwise angle from the x-axis to that of the frame, in degrees.
    xp
        The array library.
    """
    grid = _plain(grid_2d)
    y, x = grid[..., 0] - centre[0], grid[..., 1] - centre[1]
    cos, sin = _cos_sin(angle, xp)
    return xp.stack((y * cos - x * sin, x * cos + y * sin), axis=-1)


def transform_grid_2d_from_reference_frame(
    grid_2d: ArrayLike, centre: tuple[float, float], angle: Scalar, xp: Namespace = np
) -> Array:
    """The inverse of `transform_grid_2d_to_reference_frame`."""
    grid = _plain(grid_2d)
    y, x = grid[..., 0], grid[..., 1]
    cos, sin = _cos_sin(angle, xp)
    return xp.stack((y * cos + x * sin + centre[0], x * cos - y * sin + centre[1]), axis=-1)


def grid_pixels_2d_slim_from(
    grid_scaled_2d_slim: ArrayLike,
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Array:
    """Scaled coordinates of shape (N, 2) as pixel coordinates, floats that are whole at the top left of a pixel."""
    grid = _plain(grid_scaled_2d_slim)
    return _pixels_of(grid, shape_native, pixel_scales, origin, xp_of(grid))


def grid_pixel_centres_2d_slim_from(
    grid_scaled_2d_slim: ArrayLike,
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Any:
    """The pixels (y, x) that scaled coordinates of shape (N, 2) fall into, as integers."""
    return grid_pixels_2d_slim_from(grid_scaled_2d_slim, shape_native, pixel_scales, origin).astype(int)


def grid_pixel_indexes_2d_slim_from(
    grid_scaled_2d_slim: ArrayLike,
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Array:
    """The flat indexes of the pixels that scaled coordinates of shape (N, 2) fall into, row by row."""
    pixels = grid_pixel_centres_2d_slim_from(grid_scaled_2d_slim, shape_native, pixel_scales, origin)
    return pixels[:, 0] * shape_native[1] + pixels[:, 1]


def grid_scaled_2d_slim_from(
    grid_pixels_2d_slim: ArrayLike,
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Array:
    """Pixel coordinates of shape (N, 2) as scaled ones, the inverse of `grid_pixels_2d_slim_from`."""
    grid = _plain(grid_pixels_2d_slim)
    xp = xp_of(grid)
    y_scale, x_scale = convert_pixel_scales_2d(pixel_scales)
    y, x = central_scaled_coordinate_2d_from(shape_native, pixel_scales, origin)
    return xp.stack((-(grid[..., 0] - y - 0.5) * y_scale, (grid[..., 1] - x - 0.5) * x_scale), axis=-1)


def grid_pixel_centres_2d_from(
    grid_scaled_2d: ArrayLike,
    shape_native: tuple[int, int],
    pixel_scales: PixelScales,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Array:
    """The pixels (y, x) that scaled coordinates of shape (y, x, 2) fall into, as integers."""
    return grid_pixel_centres_2d_slim_from(grid_scaled_2d, shape_native, pixel_scales, origin)


def extent_symmetric_from(extent: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The smallest square extent (x0, x1, y0, y1) with the same centre that holds an extent."""
    x0, x1, y0, y1 = extent
    excess = (y1 - y0) - (x1 - x0)
    if excess > 0:
        return (x0 - excess / 2, x1 + excess / 2, y0, y1)
    return (x0, x1, y0 + excess / 2, y1 - excess / 2)


def _one_of(value: Any, name: str, expected: str, error: type[Exception]) -> tuple[Any]:
    """A number, or the one number of a sequence; of a pair that is given for two axes, the number that both have."""
    if isinstance(value, (str, bytes)):
        raise error(f"{name}: expected {expected}, found {shown(value)}")
    try:
        items = tuple(value)
    except TypeError:
        return (value,)
    if len(items) == 1 or (len(items) == 2 and not is_tracer(items[0]) and items[0] == items[1]):
        return (items[0],)
    raise error(f"{name}: expected {expected}, found {shown(value)}")


def _check_coordinate(coordinate: tuple[float, float], name: str) -> None:
    check_numbers(coordinate, name, "a coordinate (y, x)", 2, error=exc.GridException)


def _plain(values: ArrayLike) -> Any:
    own = getattr(values, "array", values)
    return own if hasattr(own, "shape") else np.asarray(own)


def _cos_sin(angle: Scalar, xp: Namespace) -> tuple[Any, Any]:
    radians = xp.radians(xp.asarray(angle, dtype=float))
    return xp.cos(radians), xp.sin(radians)


def _pixels_of(
    grid: Array, shape_native: tuple[int, int], pixel_scales: PixelScales, origin: tuple[float, float], xp: Namespace
) -> Array:
    y_scale, x_scale = convert_pixel_scales_2d(pixel_scales)
    y, x = central_scaled_coordinate_2d_from(shape_native, pixel_scales, origin)
    return xp.stack((-grid[..., 0] / y_scale + y + 0.5, grid[..., 1] / x_scale + x + 0.5), axis=-1)
