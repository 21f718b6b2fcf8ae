"""The types of arguments and values that many modules share."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import jax

# The values of an array, of either backend.
Array: TypeAlias = "np.ndarray | jax.Array"

# One number, such as a coefficient, which JAX may be tracing.
Number: TypeAlias = "float | np.ndarray | jax.Array"

# The array library: the module `numpy` or `jax.numpy`.
Namespace: TypeAlias = ModuleType

# A number of scaled units per pixel, or one number for each axis (y, x).
PixelScales: TypeAlias = tuple[float, float] | tuple[float] | float | int | np.floating | np.integer
