"""The types of arguments and values that many modules share."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    import jax
    from scipy.sparse import csr_array

# The values of an array, of either backend.
Array: TypeAlias = "np.ndarray | jax.Array"

# The values of arrays of one backend, the same for every argument and result that is annotated with it.
ArrayT = TypeVar("ArrayT", "np.ndarray", "jax.Array")

# A matrix with a row for each data pixel: a SciPy sparse array in NumPy mode, or dense.
Matrix: TypeAlias = "np.ndarray | jax.Array | csr_array"

# One number, such as a coefficient, which JAX may be tracing.
Number: TypeAlias = "float | np.ndarray | jax.Array"

# The array library: the module `numpy` or `jax.numpy`.
Namespace: TypeAlias = ModuleType

# A number of scaled units per pixel, or one number for each axis (y, x).
PixelScales: TypeAlias = tuple[float, float] | tuple[float] | float | int | np.floating | np.integer
