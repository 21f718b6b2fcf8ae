"""What a function of a grid returned, in the structure of that grid.

One evaluation of a model goes through here hundreds of times. So values that need no conversion become a structure
without the conversions and checks of its constructor, and with the same state. All others go through the constructor,
which converts them or says what is wrong with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import _pytree
from autoarray._backend import is_jax_array
from autoarray.abstract_ndarray import unwrap
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.abstract_2d import AbstractGrid2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.structures.vectors.irregular import VectorYX2DIrregular
from autoarray.structures.vectors.uniform import VectorYX2D

if TYPE_CHECKING:
    from autoarray.operators.over_sampling.over_sampler import OverSampler

_FLOAT = np.dtype(float)


def _plain(values: Any) -> Any:
    """The plain array of a structure; a NumPy array, as most functions return, without asking what it is."""
    return values if type(values) is np.ndarray else unwrap(values)


def _is_float_array(values: Any) -> bool:
    """Whether values are a plain float64 array of either backend, which every structure stores as it is."""
    return (type(values) is np.ndarray or is_jax_array(values)) and values.dtype == _FLOAT


def _new(cls: type[Any], values: Any, state: dict[str, Any]) -> Any:
    """An object of a class with the state that its constructor gives to float64 values of the right shape."""
    new: Any = object.__new__(cls)
    if type(values) is np.ndarray:
        state["_use_jax"] = False
    else:
        state["_use_jax"] = True
        _pytree.register(cls)
    state["_array"] = values
    state["_is_transformed"] = False
    new.__dict__ = state
    return new


def array_2d(values: Any, grid: AbstractGrid2D | OverSampler) -> Array2D:
    """One value for each pixel of a grid, of shape (pixels in mask,) or native, as an `Array2D`."""
    values, mask = _plain(values), grid.mask
    if _is_float_array(values) and values.shape == (mask.pixels_in_mask,):
        return _new(Array2D, values, {"mask": mask, "header": None})
    return Array2D(values=values, mask=mask)


def array_irregular(values: Any, grid: Grid2DIrregular) -> ArrayIrregular:
    """One value for each coordinate of a grid, of shape (coordinates,), as an `ArrayIrregular`."""
    values = _plain(values)
    return _new(ArrayIrregular, values, {}) if _is_float_array(values) else ArrayIrregular(values=values)


def grid_2d(values: Any, grid: AbstractGrid2D) -> Grid2D:
    """One coordinate for each pixel of a grid, of shape (pixels in mask, 2) or native, as a `Grid2D`.

    Its sub-pixels are those of the result, if that is a `Grid2D` of other sub-pixels than its mask's, as after a lens
    has moved them. Else they are those of the mask, since what the function does to them is not known.
    """
    over_sampled, sizes = getattr(values, "_over_sampled", None), grid._over_sample_size  # pyright: ignore[reportPrivateUsage]
    if over_sampled is not None:
        sizes = values._over_sample_size
    values, mask = _plain(values), grid.mask
    if _is_float_array(values) and values.shape == (mask.pixels_in_mask, 2):
        state = {"mask": mask, "_over_sample_size": sizes, "_over_sampled": over_sampled}
        return _new(Grid2D, values, state)
    return Grid2D(values=values, mask=mask, over_sample_size=sizes, over_sampled=over_sampled)


def grid_2d_irregular(values: Any, grid: Grid2DIrregular) -> Grid2DIrregular:
    """One coordinate for each coordinate of a grid, of shape (coordinates, 2), as a `Grid2DIrregular`."""
    values = _plain(values)
    if _is_float_array(values) and values.ndim == 2 and values.shape[1] == 2:
        return _new(Grid2DIrregular, values, {})
    return Grid2DIrregular(values=values)


def vector_yx_2d(values: Any, grid: AbstractGrid2D) -> VectorYX2D:
    """One vector for each pixel of a grid, of shape (pixels in mask, 2) or native, as a `VectorYX2D`."""
    values, mask = _plain(values), grid.mask
    if _is_float_array(values) and values.shape == (mask.pixels_in_mask, 2):
        return _new(VectorYX2D, values, {"grid": grid, "mask": mask})
    return VectorYX2D(values=values, grid=grid, mask=mask)


def vector_yx_2d_irregular(values: Any, grid: Grid2DIrregular) -> VectorYX2DIrregular:
    """One vector for each coordinate of a grid, of shape (coordinates, 2), as a `VectorYX2DIrregular`."""
    values = _plain(values)
    if _is_float_array(values) and values.shape == grid.shape:
        return _new(VectorYX2DIrregular, values, {"grid": grid})
    return VectorYX2DIrregular(values=values, grid=grid)
