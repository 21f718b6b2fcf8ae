# pyright: strict
"""The types of the arguments that plotting functions share; they import nothing at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import jax
    import numpy as np
    from matplotlib.colors import Colormap
    from matplotlib.typing import ColorType
    from numpy.typing import ArrayLike

    from autoarray.abstract_ndarray import AbstractNDArray

# An array, grid or mask of this library, an array of NumPy or JAX, or numbers that NumPy makes an array of.
Values: TypeAlias = "AbstractNDArray | jax.Array | ArrayLike"

# (y, x) positions of shape (N, 2), or several groups of them.
Groups: TypeAlias = "Values | Sequence[Values]"

# For each region its closed (y, x) loops of shape (N, 2), or a single loop.
Regions: TypeAlias = "Sequence[np.ndarray | Sequence[np.ndarray]]"

Color: TypeAlias = "ColorType"

# One colour for all, or one for each in turn.
Colors: TypeAlias = "str | Sequence[ColorType]"

ColorMap: TypeAlias = "str | Colormap"

# The sides (x_min, x_max, y_min, y_max) of a panel or an image, in arc-seconds.
Extent: TypeAlias = tuple[float, float, float, float]

# The width and the height of a figure, in inches.
Size: TypeAlias = tuple[float, float]

Folder: TypeAlias = "str | os.PathLike[str]"

# The suffix of a file, or one for each of several files.
Formats: TypeAlias = "str | Sequence[str]"
