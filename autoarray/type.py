"""The type aliases of arguments that take more than one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from autoarray.structures.grids.irregular_2d import Grid2DIrregular
    from autoarray.structures.grids.uniform_2d import Grid2D

# A number of scaled units per pixel, or one number for each axis (y, x).
PixelScales: TypeAlias = tuple[float, float] | tuple[float] | float | int | np.floating | np.integer

Grid2DLike: TypeAlias = "np.ndarray | Grid2D | Grid2DIrregular"
