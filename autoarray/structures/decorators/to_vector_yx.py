"""Functions of a grid whose result is one vector (y, x) for each coordinate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autoarray.structures.decorators import _structures
from autoarray.structures.decorators.abstract import AbstractMaker, decorator_from
from autoarray.structures.vectors.irregular import VectorYX2DIrregular
from autoarray.structures.vectors.uniform import VectorYX2D


class VectorYXMaker(AbstractMaker):
    """Puts the result of a function of a grid in a `VectorYX2D` or a `VectorYX2DIrregular`."""

    def via_grid_2d(self, result: Any) -> VectorYX2D:
        """The `VectorYX2D` of a result for a `Grid2D`."""
        return _structures.vector_yx_2d(result, self.grid)

    def via_grid_2d_irr(self, result: Any) -> VectorYX2DIrregular:
        """The `VectorYX2DIrregular` of a result for a `Grid2DIrregular`."""
        return _structures.vector_yx_2d_irregular(result, self.grid)


def to_vector_yx(func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a method `func(self, grid, xp, ...)` that gives one vector (y, x) for each coordinate.

    Its result, of shape (coordinates, 2), becomes a `VectorYX2D` for a `Grid2D` and a
    `VectorYX2DIrregular` for a `Grid2DIrregular`. A list of results becomes a list of structures. For any other grid,
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
    return decorator_from(func, _structures.vector_yx_2d, _structures.vector_yx_2d_irregular)
