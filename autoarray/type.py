"""The public type aliases of arguments that take more than one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from autoarray._typing import PixelScales

if TYPE_CHECKING:
    from autoarray.structures.grids.irregular_2d import Grid2DIrregular
    from autoarray.structures.grids.uniform_2d import Grid2D

Grid2DLike: TypeAlias = "np.ndarray | Grid2D | Grid2DIrregular"

__all__ = ["Grid2DLike", "PixelScales"]
