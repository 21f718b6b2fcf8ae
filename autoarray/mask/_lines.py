"""What the functions of plain 1D arrays share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import shown
from autoarray.abstract_ndarray import unwrap

if TYPE_CHECKING:
    from autoarray.mask.mask_1d import Mask1D


def bools_from(mask_1d: ArrayLike) -> np.ndarray:
    """A 1D mask as a plain array of bools.

    Raises
    ------
    exc.MaskException
        If it has another number of dimensions.
    """
    mask = np.asarray(unwrap(mask_1d)).astype(bool)
    if mask.ndim != 1:
        raise exc.MaskException(f"mask_1d: expected a 1D array of bools, found {shown(mask)}")
    return mask


def scattered_from(values: ArrayLike, size: int, indexes: np.ndarray, xp: Namespace) -> Any:
    """Values at some indexes of an array of zeros."""
    plain = as_array(unwrap(values), xp)
    native = xp.zeros(size, dtype=plain.dtype)
    if xp is np:
        native[indexes] = plain
        return native
    return native.at[indexes].set(plain)


def converted_from(
    values_1d: ArrayLike, mask_1d: Mask1D, store_native: bool, xp: Namespace, name: str, error: type[Exception]
) -> Array:
    """Values in slim or native form as either form, or an error that calls them by a name.

    What native values have at masked pixels stays where the result is native.
    """
    values: Any = as_array(unwrap(values_1d), xp)
    slim, native = mask_1d.pixels_in_mask, mask_1d.shape_native[0]
    if values.ndim != 1 or values.shape[0] not in (slim, native):
        raise error(
            f"{name}: expected slim values of shape {(slim,)} or native ones of shape {(native,)}, as the mask has "
            f"pixels, found {shown(values)}"
        )
    if values.shape[0] == native:  # the same as slim where nothing is masked
        return values if store_native else values[mask_1d.native_for_slim]
    return scattered_from(values, native, mask_1d.native_for_slim, xp) if store_native else values
