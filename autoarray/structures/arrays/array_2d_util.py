"""Functions of plain 2D arrays and their slim form (the unmasked values, row by row)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, numbers_from, xp_of
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray.abstract_ndarray import unwrap

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


def convert_array(array: ArrayLike) -> Array:
    """A list, a data structure or an array as a plain array.

    Raises
    ------
    exc.ArrayException
        If it holds no numbers, complex ones, or masked entries of `numpy.ma`.
    """
    values = numbers_from(unwrap(array), "values")
    return as_array(values, xp_of(values))


def check_array_2d(array_2d: Array) -> None:
    """Raise `exc.ArrayException` unless an array is slim (1D) or native (2D)."""
    if array_2d.ndim not in (1, 2):
        raise exc.ArrayException(
            f"Array2D: expected values in slim form (1D) or native form (2D), found {array_2d.ndim} dimensions, "
            f"shape {tuple(array_2d.shape)}"
        )


def check_array_2d_and_mask_2d(array_2d: Array, mask_2d: Mask2D) -> None:
    """Raise `exc.ArrayException` unless a slim or native array has the shape of a mask."""
    if array_2d.ndim == 1 and array_2d.shape[0] != mask_2d.pixels_in_mask:
        raise exc.ArrayException(
            f"Array2D: expected one slim value for each of the {mask_2d.pixels_in_mask} unmasked pixels of a mask of "
            f"shape {mask_2d.shape_native}, found values of shape {tuple(array_2d.shape)}"
        )
    if array_2d.ndim == 2 and tuple(array_2d.shape) != mask_2d.shape_native:
        raise exc.ArrayException(
            f"Array2D: expected native values of the mask's shape {mask_2d.shape_native}, found values of shape "
            f"{tuple(array_2d.shape)}"
        )


def convert_array_2d(
    array_2d: ArrayLike, mask_2d: Mask2D, store_native: bool = False, skip_mask: bool = False, xp: Namespace = np
) -> Array:
    """Values in slim or native form as the form that an `Array2D` stores.

    Parameters
    ----------
    array_2d
        The values, of shape (pixels in mask,) or (y, x).
    mask_2d
        The mask that they belong to.
    store_native
        Whether the result is native, with zeros at masked pixels; else it is slim.
    skip_mask
        Whether native values that stay native keep what they have at masked pixels.
    xp
        The array library of the result.

    Raises
    ------
    exc.ArrayException
        If the values don't fit the mask.
    """
    values = as_array(unwrap(array_2d), xp)
    check_array_2d(values)
    check_array_2d_and_mask_2d(values, mask_2d)
    if not store_native:
        return convert_array_2d_to_slim(values, mask_2d)
    if values.ndim == 1:
        return array_2d_native_from(values, mask_2d.array, xp)
    if skip_mask:
        return values
    return xp.where(mask_2d.array, xp.zeros((), values.dtype), values)


def convert_array_2d_to_slim(array_2d: Array, mask_2d: Mask2D) -> Array:
    """An array in slim or native form as the slim one, of shape (pixels in mask,)."""
    if array_2d.ndim == 1:
        return array_2d
    return array_2d[mask_2d.slim_to_native_tuple]


def convert_array_2d_to_native(array_2d: ArrayLike, mask_2d: Mask2D, xp: Namespace = np) -> Array:
    """An array in slim or native form as the native one, of shape (y, x), with zeros at masked pixels."""
    return convert_array_2d(array_2d, mask_2d, store_native=True, xp=xp)


def extracted_array_2d_from(array_2d: np.ndarray, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
    """The window [y0:y1, x0:x1] of an array, with zeros where it reaches past the array."""
    array_2d = np.asarray(array_2d)
    window = np.zeros((y1 - y0, x1 - x0), dtype=array_2d.dtype)
    height, width = array_2d.shape
    top, bottom = max(y0, 0), max(min(y1, height), max(y0, 0))
    left, right = max(x0, 0), max(min(x1, width), max(x0, 0))
    window[top - y0 : bottom - y0, left - x0 : right - x0] = array_2d[top:bottom, left:right]
    return window


def resized_array_2d_from(
    array_2d: ArrayLike, resized_shape: tuple[int, int], origin: tuple[int, int] | None = None, pad_value: float = 0.0
) -> Array:
    """An array cut or padded around a pixel to a new shape.

    Parameters
    ----------
    array_2d
        The array, of shape (y, x).
    resized_shape
        The (y, x) shape of the result.
    origin
        The pixel (y, x) that becomes the central one of the result, by default the central pixel
        of the array. The central pixel of an even size is the one after its middle.
    pad_value
        The value of the pixels that lie outside the array.
    """
    values = unwrap(array_2d)
    xp = xp_of(values)
    if origin is None:
        origin = (values.shape[0] // 2, values.shape[1] // 2)
    for axis in (0, 1):
        start = origin[axis] - resized_shape[axis] // 2
        stop = start + resized_shape[axis]
        size = values.shape[axis]
        kept = slice(min(max(start, 0), size), min(max(stop, 0), size))
        values = values[kept] if axis == 0 else values[:, kept]
        before = min(max(-start, 0), resized_shape[axis])
        after = resized_shape[axis] - before - (kept.stop - kept.start)
        pad = [(0, 0), (0, 0)]
        pad[axis] = (before, after)
        values = xp.pad(values, pad, constant_values=pad_value)
    return values


def index_2d_for_index_slim_from(indexes_slim: np.ndarray, shape_native: tuple[int, int]) -> np.ndarray:
    """Flat, row-major indexes of all pixels of an array as (y, x) indexes of shape (N, 2)."""
    return np.stack(np.unravel_index(np.asarray(indexes_slim, dtype=int), shape_native), axis=-1)


def index_slim_for_index_2d_from(indexes_2d: np.ndarray, shape_native: tuple[int, int]) -> np.ndarray:
    """The (y, x) indexes of pixels, of shape (N, 2), as flat, row-major indexes."""
    indexes_2d = np.asarray(indexes_2d, dtype=int)
    return indexes_2d[:, 0] * shape_native[1] + indexes_2d[:, 1]


def array_2d_slim_from(array_2d_native: ArrayLike, mask_2d: np.ndarray) -> Array:
    """The values of a native array at its unmasked pixels, row by row."""
    return unwrap(array_2d_native)[np.nonzero(~np.asarray(mask_2d, dtype=bool))]


def array_2d_native_from(array_2d_slim: ArrayLike, mask_2d: np.ndarray, xp: Namespace = np) -> Array:
    """Slim values in an array of the mask's shape (y, x), with zeros at its masked pixels."""
    mask_2d = np.asarray(mask_2d, dtype=bool)
    return array_2d_via_indexes_from(array_2d_slim, mask_2d.shape, np.argwhere(~mask_2d), xp)


def array_2d_via_indexes_from(
    array_2d_slim: ArrayLike, shape: tuple[int, ...], native_index_for_slim_index_2d: np.ndarray, xp: Namespace = np
) -> Array:
    """Slim values at the pixels (y, x) of an index array of shape (N, 2), with zeros elsewhere.

    Trailing dimensions of the slim values (such as the (y, x) of a grid) are kept.
    """
    values = as_array(unwrap(array_2d_slim), xp)
    y, x = native_index_for_slim_index_2d[:, 0], native_index_for_slim_index_2d[:, 1]
    native = xp.zeros(tuple(shape[:2]) + tuple(values.shape[1:]), dtype=values.dtype)
    if xp is np:
        native[y, x] = values
        return native
    return native.at[y, x].set(values)
