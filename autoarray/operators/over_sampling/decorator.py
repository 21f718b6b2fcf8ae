"""Evaluate a function of a grid on its sub-pixels, and average the result in each pixel."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autoarray._typing import Namespace
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.decorators._library import library_of
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


def over_sample(func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a method `func(self, grid, xp, ...)` that gives one value for each coordinate.

    A `Grid2D` is replaced by its over-sampled coordinates, and the values are averaged in each
    pixel, as an `Array2D`. A `Grid2DIrregular` has no pixels: it is passed on as it is, and the
    values are an `ArrayIrregular`. A `Grid1D` is passed on as it is too, and so is what the method returns.

    The decorated method takes one more argument by its name, `binned`, which `func` does not get. With `binned=False`
    the values of the sub-pixels of a `Grid2D` are returned as they are, of shape (sub-pixels,).

    Parameters
    ----------
    func
        The method: `grid` is a `Grid2DIrregular` when it is called for a `Grid2D`, and `xp` is the array library, what
        the caller passes, or that of the grid if it holds a JAX array.

    Raises
    ------
    TypeError
        By the decorated method, if the grid is a plain array, which has no sub-pixels.
    ValueError
        By the decorated method, if JAX is tracing the grid and `xp` is `numpy`.
    """

    @wraps(func)
    def wrapper(obj: object, grid: Any, xp: Namespace = np, *args: Any, binned: bool = True, **kwargs: Any) -> Any:
        xp = library_of(grid, xp, func)
        kind = type(grid)  # pyright: ignore[reportUnknownVariableType]
        if kind is not Grid2D and not isinstance(grid, Grid2D):
            if kind is Grid2DIrregular or isinstance(grid, Grid2DIrregular):
                values = func(obj, grid, xp, *args, **kwargs)
                return values if isinstance(values, ArrayIrregular) else ArrayIrregular(values=values)
            if isinstance(grid, AbstractNDArray):
                return func(obj, grid, xp, *args, **kwargs)
            raise TypeError(
                f"grid: expected a Grid2D, a Grid2DIrregular or a Grid1D, whose coordinates can be over-sampled, "
                f"found {type(grid).__module__}.{type(grid).__qualname__}"
            )
        values = func(obj, grid.over_sampled, xp, *args, **kwargs)
        return grid.over_sampler.binned_array_2d_from(array=values, xp=xp) if binned else values

    return wrapper
