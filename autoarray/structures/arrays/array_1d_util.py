"""Functions of plain 1D arrays and their slim form (the unmasked values, from left to right)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray.abstract_ndarray import unwrap
from autoarray.mask import _lines, mask_1d_util

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
    return _lines.converted_from(array_1d, mask_1d, store_native, xp, "Array1D.values", exc.ArrayException)


def array_1d_slim_from(array_1d_native: ArrayLike, mask_1d: ArrayLike) -> Array:
    """The values of a native array at its unmasked pixels."""
    values = unwrap(array_1d_native)
    values = values if hasattr(values, "shape") else np.asarray(values)
    return values[mask_1d_util.native_index_for_slim_index_1d_from(mask_1d)]


def array_1d_native_from(array_1d_slim: ArrayLike, mask_1d: ArrayLike, xp: Namespace = np) -> Array:
    """Slim values in an array of the mask's length, with zeros at its masked pixels."""
    mask = _lines.bools_from(mask_1d)
    return _lines.scattered_from(array_1d_slim, mask.size, np.flatnonzero(~mask), xp)


def array_1d_via_indexes_1d_from(
    array_1d_slim: ArrayLike, shape: int, native_index_for_slim_index_1d: np.ndarray, xp: Namespace = np
) -> Array:
    """Slim values at the pixels of an index array of shape (N,), with zeros elsewhere."""
    return _lines.scattered_from(array_1d_slim, shape, native_index_for_slim_index_1d, xp)
