"""Functions of plain 1D arrays and their slim form (the unmasked values, from left to right)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import shown
from autoarray.abstract_ndarray import unwrap
from autoarray.mask import mask_1d_util

if TYPE_CHECKING:
    from autoarray.mask.mask_1d import Mask1D


def convert_array_1d(array_1d: ArrayLike, mask_1d: Mask1D, store_native: bool = False, xp: Namespace = np) -> Array:
    """Values in slim or native form as the form that an `Array1D` stores.

    Parameters
    ----------
    array_1d
        The values, of shape (pixels in mask,) or (x,).
    mask_1d
        The mask that they belong to.
    store_native
        Whether the result is native: slim values get zeros at masked pixels, native ones keep what they have there.
    xp
        The array library of the result.

    Raises
    ------
    exc.ArrayException
        If the values have more dimensions than one, or as many as neither form.
    """
    return convert_values_1d(array_1d, mask_1d, store_native, xp, "Array1D.values", exc.ArrayException)


def convert_values_1d(
    values_1d: ArrayLike, mask_1d: Mask1D, store_native: bool, xp: Namespace, name: str, error: type[Exception]
) -> Array:
    """What `convert_array_1d` does, with the name of the argument and the exception of the error."""
    values = as_array(unwrap(values_1d), xp)
    sizes = (mask_1d.pixels_in_mask, mask_1d.shape_native[0])
    if values.ndim != 1 or values.shape[0] not in sizes:
        raise error(
            f"{name}: expected slim values of shape {sizes[:1]} or native ones of shape {sizes[1:]}, as the mask has "
            f"pixels, found {shown(values)}"
        )
    if values.shape[0] == sizes[1]:  # native; the same as slim where nothing is masked
        return values if store_native else values[mask_1d.native_for_slim]
    return array_1d_via_indexes_1d_from(values, sizes[1], mask_1d.native_for_slim, xp) if store_native else values


def array_1d_slim_from(array_1d_native: ArrayLike, mask_1d: ArrayLike) -> Array:
    """The values of a native array at its unmasked pixels."""
    values = unwrap(array_1d_native)
    values = values if hasattr(values, "shape") else np.asarray(values)
    return values[mask_1d_util.native_index_for_slim_index_1d_from(mask_1d)]


def array_1d_native_from(array_1d_slim: ArrayLike, mask_1d: ArrayLike, xp: Namespace = np) -> Array:
    """Slim values in an array of the mask's length, with zeros at its masked pixels."""
    mask = mask_1d_util.bools_1d_from(mask_1d)
    return array_1d_via_indexes_1d_from(array_1d_slim, mask.size, np.flatnonzero(~mask), xp)


def array_1d_via_indexes_1d_from(
    array_1d_slim: ArrayLike, shape: int, native_index_for_slim_index_1d: np.ndarray, xp: Namespace = np
) -> Array:
    """Slim values at the pixels of an index array of shape (N,), with zeros elsewhere."""
    values = as_array(unwrap(array_1d_slim), xp)
    native = xp.zeros(shape, dtype=values.dtype)
    if xp is np:
        native[native_index_for_slim_index_1d] = values
        return native
    return native.at[native_index_for_slim_index_1d].set(values)
