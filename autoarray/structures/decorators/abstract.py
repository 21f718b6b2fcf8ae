"""The base of what puts the result of a function of a grid in a structure of that grid."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import numpy as np

from autoarray._typing import Namespace
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.decorators._library import library_of
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


class AbstractMaker:
    """Evaluates a function of a grid, and puts what it returns in the structure that belongs to the grid.

    Parameters
    ----------
    func
        The function or unbound method, which is called as `func(obj, grid, xp, *args, **kwargs)`. It returns an array
        with one entry for each coordinate, or a list of such arrays.
    obj
        The object, such as a profile, whose method `func` is.
    grid
        The coordinates: a `Grid2D`, a `Grid2DIrregular`, or anything else that `func` takes, such as a plain array.
    xp
        The array library, `numpy` or `jax.numpy`. A grid that holds a JAX array is computed with JAX in any case.
    args, kwargs
        Further arguments of `func`.

    Raises
    ------
    ValueError
        If the grid is being traced by JAX and `xp` is `numpy`.
    """

    def __init__(
        self, func: Callable[..., Any], obj: object, grid: Any, xp: Namespace = np, *args: Any, **kwargs: Any
    ) -> None:
        self.func = func
        self.obj = obj
        self.grid = grid
        self.args = args
        self.kwargs = kwargs
        self._xp = library_of(grid, xp, func)

    @property
    def mask(self) -> Mask2D:
        """The mask of the grid."""
        return self.grid.mask

    @property
    def over_sample_size(self) -> Array2D:
        """How many times each pixel of the grid is divided in y and in x."""
        return self.grid.over_sample_size

    def via_grid_2d(self, result: Any) -> Any:
        """The structure of a result for a `Grid2D`."""
        raise NotImplementedError(f"{type(self).__name__}: expected a subclass that defines via_grid_2d")

    def via_grid_2d_irr(self, result: Any) -> Any:
        """The structure of a result for a `Grid2DIrregular`."""
        raise NotImplementedError(f"{type(self).__name__}: expected a subclass that defines via_grid_2d_irr")

    @property
    def evaluate_func(self) -> Any:
        """What the function returns, as it is."""
        return self.func(self.obj, self.grid, self._xp, *self.args, **self.kwargs)

    @property
    def result(self) -> Any:
        """What the function returns, in the structure of its grid; as it is for any other kind of grid."""
        if isinstance(self.grid, Grid2D):
            return _each(self.via_grid_2d, self.evaluate_func)
        if isinstance(self.grid, Grid2DIrregular):
            return _each(self.via_grid_2d_irr, self.evaluate_func)
        return self.evaluate_func


def _each(function: Callable[[Any], Any], result: Any) -> Any:
    """The function of a result, or of each one in a list of results."""
    return [function(item) for item in cast("list[Any]", result)] if isinstance(result, list) else function(result)


def decorator_from(
    func: Callable[..., Any],
    via_grid_2d: Callable[[Any, Any], Any],
    via_grid_2d_irr: Callable[[Any, Any], Any],
) -> Callable[..., Any]:
    """A function of a grid whose results are put in structures, by two functions of a result and its grid.

    It does what `AbstractMaker` does, without making an object for each call.
    """

    @wraps(func)
    def wrapper(obj: object, grid: Any, xp: Namespace = np, *args: Any, **kwargs: Any) -> Any:
        result = func(obj, grid, library_of(grid, xp, func), *args, **kwargs)
        # Before `isinstance`, which takes longer for an abstract class that an object is not of.
        kind = type(grid)  # pyright: ignore[reportUnknownVariableType]
        if kind is Grid2D or (kind is not Grid2DIrregular and isinstance(grid, Grid2D)):
            structure = via_grid_2d
        elif kind is Grid2DIrregular or isinstance(grid, Grid2DIrregular):
            structure = via_grid_2d_irr
        else:
            return result
        if isinstance(result, list):
            return [structure(item, grid) for item in cast("list[Any]", result)]
        return structure(result, grid)

    return wrapper
