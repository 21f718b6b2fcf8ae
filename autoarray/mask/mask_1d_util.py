"""Functions of plain 1D arrays of bools, where False is an unmasked pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._typing import ArrayLike, Namespace
from autoarray._validation import shown
from autoarray.abstract_ndarray import unwrap


def native_index_for_slim_index_1d_from(mask_1d: ArrayLike, xp: Namespace = np) -> Any:
    """The indexes of the unmasked pixels, of shape (pixels,), from left to right."""
    return xp.asarray(np.flatnonzero(~bools_1d_from(mask_1d)))


def bools_1d_from(mask_1d: ArrayLike) -> np.ndarray:
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
