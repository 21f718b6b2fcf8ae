"""The types of arguments and values that many modules share."""

from __future__ import annotations

from types import EllipsisType, ModuleType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike as ArrayLike

if TYPE_CHECKING:
    import jax
    from scipy.sparse import csc_array, csr_array

    from autoarray.abstract_ndarray import AbstractNDArray

# The values of an array, of either backend.
Array: TypeAlias = "np.ndarray | jax.Array"

# The values of arrays of one backend, the same for every argument and result that is annotated with it.
ArrayT = TypeVar("ArrayT", "np.ndarray", "jax.Array")

# A matrix with a row for each data pixel: a SciPy sparse array in NumPy mode, or dense.
Matrix: TypeAlias = "np.ndarray | jax.Array | csr_array"

# The array library: the module `numpy` or `jax.numpy`.
Namespace: TypeAlias = ModuleType

# A number, such as a coefficient, which JAX may be tracing: then it is an array without dimensions.
Scalar: TypeAlias = "float | np.number | np.ndarray | jax.Array"

# Two numbers (y, x), which JAX may be tracing.
Coordinate: TypeAlias = "tuple[Scalar, Scalar] | Array"

# An array of either backend, or a data structure that holds one.
Values: TypeAlias = "np.ndarray | jax.Array | AbstractNDArray"

# A sparse matrix, which is NumPy's.
Sparse: TypeAlias = "csr_array | csc_array"

# What stands in the brackets of an array.
Index: TypeAlias = "slice | EllipsisType | ArrayLike | tuple[slice | EllipsisType | ArrayLike | None, ...] | None"

# A number of scaled units per pixel, or one number for each axis (y, x).
PixelScales: TypeAlias = tuple[float, float] | tuple[float] | float | int | np.floating | np.integer
