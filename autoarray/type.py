"""The type aliases of arguments that take more than one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from autoarray.structures.arrays.irregular import ArrayIrregular as ArrayIrregular
    from autoarray.structures.arrays.uniform_2d import Array2D as Array2D
    from autoarray.structures.grids.irregular_2d import Grid2DIrregular as Grid2DIrregular
    from autoarray.structures.grids.uniform_2d import Grid2D as Grid2D

# A number of scaled units per pixel, or one number for each axis (y, x).
PixelScales: TypeAlias = tuple[float, float] | tuple[float] | float | int | np.floating | np.integer

# A NumPy array or a JAX array or tracer; jax is never imported to say so.
ArrayLike: TypeAlias = Any

Grid2DLike: TypeAlias = "np.ndarray | Grid2D | Grid2DIrregular"
Array2DLike: TypeAlias = "np.ndarray | Array2D | ArrayIrregular"
