"""Evaluate a function of a grid on its sub-pixels, and average the result in each pixel."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._typing import Namespace

if TYPE_CHECKING:
    pass


def over_sample(func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a method `func(self, grid, xp, ...)` that gives one value for each coordinate.

    A `Grid2D` is replaced by its over-sampled coordinates, and the values are averaged in each
    pixel, as an `Array2D`. A `Grid2DIrregular` has no pixels: it is passed on as it is, and the
    values are an `ArrayIrregular`.

    Parameters
    ----------
    func
        The method: `grid` is a `Grid2DIrregular` when it is called, and `xp` the array library.
    """

    @wraps(func)
    def wrapper(obj: object, grid: object, xp: Namespace = np, *args: Any, **kwargs: Any) -> Any:
        from autoarray.structures.arrays.irregular import ArrayIrregular
        from autoarray.structures.grids.irregular_2d import Grid2DIrregular
        from autoarray.structures.grids.uniform_2d import Grid2D

        if isinstance(grid, Grid2DIrregular):
            values = func(obj, grid, xp, *args, **kwargs)
            return values if isinstance(values, ArrayIrregular) else ArrayIrregular(values=values)
        if not isinstance(grid, Grid2D):
            raise TypeError(
                f"grid: expected a Grid2D or a Grid2DIrregular, whose coordinates can be over-sampled, "
                f"found {type(grid).__module__}.{type(grid).__qualname__}"
            )
        values = func(obj, grid.over_sampled, xp, *args, **kwargs)
        return grid.over_sampler.binned_array_2d_from(array=values, xp=xp)

    return wrapper
