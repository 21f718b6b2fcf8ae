"""Functions of coordinates in the reference frame of a profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._typing import Namespace
from autoarray._validation import shown
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.structures.decorators._library import library_of


def transform(func: Callable[..., Any] | None = None, *, rotate_back: bool = False) -> Callable[..., Any]:
    """Decorate a method `func(self, grid, xp, ...)` that expects coordinates in the reference frame of its object.

    The object has a method `transformed_to_reference_frame_grid_from(grid, xp, ...)`, which moves coordinates to its
    centre and turns them to its axes. A grid that was moved once says so (`is_transformed`), and is not moved again
    when one decorated method calls another.

    Parameters
    ----------
    func
        The method.
    rotate_back
        Whether the result are vectors (y, x), which are turned back to the axes of the image, by the object's
        `rotated_grid_from_reference_frame_from(grid, xp)`.

    Raises
    ------
    exc.GridException
        By the decorated method, if the transformed coordinates are a plain array, which can't say that it was moved.
    ValueError
        By the decorated method, if JAX is tracing the grid and `xp` is `numpy`.
    """
    if func is None:
        return partial(transform, rotate_back=rotate_back)
    method = func

    @wraps(method)
    def wrapper(obj: Any, grid: Any, xp: Namespace = np, *args: Any, **kwargs: Any) -> Any:
        xp = library_of(grid, xp, method)
        if not getattr(grid, "_is_transformed", False):
            grid = _in_reference_frame(obj, grid, xp, kwargs)
        result = method(obj, grid, xp, *args, **kwargs)
        if rotate_back:
            return obj.rotated_grid_from_reference_frame_from(grid=result, xp=xp)
        return result

    return wrapper


def _in_reference_frame(obj: Any, grid: Any, xp: Namespace, kwargs: dict[str, Any]) -> AbstractNDArray:
    """A grid in the reference frame of an object, which knows that it is."""
    known = isinstance(grid, AbstractNDArray)
    moved = obj.transformed_to_reference_frame_grid_from(grid, xp, **kwargs) if known else None
    if not isinstance(moved, AbstractNDArray):
        raise exc.GridException(
            f"grid: expected a Grid2D, a Grid2DIrregular or a Grid1D, whose coordinates can be transformed to the "
            f"reference frame of a {type(obj).__name__}, found {shown(grid)}"
        )
    if moved is grid:  # of an object whose frame is that of the image: the caller's grid stays as it is
        moved = moved.copy()
    moved.is_transformed = True
    return moved
