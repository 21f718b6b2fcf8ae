"""The types of arguments and values that many modules share, and the names of the axes of arrays.

The numerical kernels annotate shapes as jaxtyping does: `Float[Array, "data_pixels params"]` is an array of floating
point numbers with a row for each data pixel and a column for each parameter. Nothing imports jaxtyping at run time;
it explains, and type checkers see the array type alone. An axis has one name in all kernels:

======================== ===============================================================================================
`data_pixels`            the unmasked pixels of the data
`sub_pixels`             the sub-pixels of all data pixels, one or more in each
`blurring_pixels`        the masked pixels whose light the PSF brings to data pixels; `blurring_sub_pixels` likewise
`rows`, `columns`        an image in native form, or the frame that holds it
`kernel_rows`, ...       a PSF or another kernel, likewise
`padded_rows`,           a Fourier transform of real values: the rows of the padded image, and half of its columns
`frequencies`
`images`                 images side by side, such as the columns of a mapping matrix; a `batch` of them
`params`                 the parameters of an inversion, or of one linear object: the columns of its mapping matrix
`functions`              the parameters of those linear objects that are no mappers
`pixels`                 the mesh pixels of one mapper
`width`                  the mesh pixels that one sub-pixel is interpolated from, padded to one number
`vertices`               the vertices of a triangulation, which are the mesh pixels
`triangles`, `edges`     its triangles, and edges of them; `half_edges` are three of each triangle
`points`                 what a transform or a sum is made from: coordinates along one axis, or (y, x)
`queries`                what a transform, sum or triangulation is then evaluated at
`knots`                  the table that inverts a kernel CDF; `nodes` and `table` likewise of the spline CDF
`entries`                values one after another, of which each row has its own number
======================== ===============================================================================================

An axis that one function alone has is named after what its docstring speaks of. A star stands for any number of axes:
`"data_pixels *images"` is one image or several. An underscore stands before an axis whose length is another one in each
array, as in a list of the weights of several mappers: `"_sub_pixels _width"`. Sums and products are lengths, as in
`"vertices+1"`, and braces hold an argument. `""` is a number.
"""

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
