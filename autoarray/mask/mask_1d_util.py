"""Functions of plain 1D arrays of bools, where False is an unmasked pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._typing import ArrayLike, Namespace
from autoarray.mask import _lines


def native_index_for_slim_index_1d_from(mask_1d: ArrayLike, xp: Namespace = np) -> Any:
    """The indexes of the unmasked pixels, of shape (pixels,), from left to right."""
    return xp.asarray(np.flatnonzero(~_lines.bools_from(mask_1d)))
