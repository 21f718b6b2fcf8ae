"""Functions of a grid whose result is one value for each coordinate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.decorators import _structures
from autoarray.structures.decorators.abstract import AbstractMaker, decorator_from


class ArrayMaker(AbstractMaker):
    """Puts the result of a function of a grid in an `Array2D` or an `ArrayIrregular`."""

    def via_grid_2d(self, result: Any) -> Array2D:
        """The `Array2D` of a result for a `Grid2D`."""
        return _structures.array_2d(result, self.grid)

    def via_grid_2d_irr(self, result: Any) -> ArrayIrregular:
        """The `ArrayIrregular` of a result for a `Grid2DIrregular`."""
        return _structures.array_irregular(result, self.grid)


def to_array(func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a method `func(self, grid, xp, ...)` that gives one value for each coordinate.

    Its result, of shape (coordinates,), becomes a `Array2D` for a `Grid2D` and a
    `ArrayIrregular` for a `Grid2DIrregular`. A list of results becomes a list of structures. For any other grid,
    such as a plain array, the result stays as it is.

    Parameters
    ----------
    func
        The method. `xp` is the array library: what the caller passes, or that of the grid if it holds a JAX array.

    Raises
    ------
    ValueError
        By the decorated method, if JAX is tracing the grid and `xp` is `numpy`.
    """
    return decorator_from(func, _structures.array_2d, _structures.array_irregular)
