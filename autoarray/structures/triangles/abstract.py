"""What all sets of triangles have: corners, the indexes of each triangle's corners, areas and means."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array, numbers_from
from autoarray._display import line
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import check_object
from autoarray.structures.triangles._lattice import HEIGHT_FACTOR

if TYPE_CHECKING:
    from typing import Self

    from autoarray.structures.grids.uniform_2d import Grid2D

__all__ = ["HEIGHT_FACTOR", "AbstractTriangles"]


class AbstractTriangles(Backend, ABC):
    """Triangles in a plane: the base class of those with indexed corners and of those on a lattice.

    The images of a point are found with them: the triangles that tile the image plane are ray-traced to the source
    plane by their corners (`with_vertices`), those around the point are kept (`containing_indices`, `for_indexes`), and
    they with their neighbors (`neighborhood`) are divided (`up_sample`) for the next step.

    Coordinates are (y, x), as in all grids.
    """

    @property
    @abstractmethod
    def vertices(self) -> Any:
        """The corners, of shape (V, 2)."""

    @property
    @abstractmethod
    def indices(self) -> Any:
        """Which three corners each triangle has, of shape (N, 3)."""

    @property
    @abstractmethod
    def triangles(self) -> Any:
        """The corners of each triangle, of shape (N, 3, 2)."""

    @abstractmethod
    def with_vertices(self, vertices: Any) -> AbstractTriangles:
        """The same triangles between other corners, such as ray-traced ones, of shape (V, 2)."""

    @abstractmethod
    def for_indexes(self, indexes: Any) -> AbstractTriangles:
        """The triangles that some indexes name."""

    @abstractmethod
    def up_sample(self) -> AbstractTriangles:
        """Each triangle divided into four of half its side."""

    @abstractmethod
    def neighborhood(self) -> AbstractTriangles:
        """The triangles and those that share a side with one of them, each once."""

    @classmethod
    @abstractmethod
    def for_limits_and_scale(
        cls, y_min: float, y_max: float, x_min: float, x_max: float, scale: float, **kwargs: Any
    ) -> Self:
        """Triangles that tile a rectangle.

        Parameters
        ----------
        y_min, y_max, x_min, x_max
            The rectangle, in scaled units.
        scale
            The side of the triangles, in scaled units.
        kwargs
            What the class takes beside.
        """

    @classmethod
    def for_grid(cls, grid: Grid2D, **kwargs: Any) -> Self:
        """Triangles that tile a grid, with sides as long as its pixels.

        Parameters
        ----------
        grid
            A `Grid2D` with square pixels.
        kwargs
            What `for_limits_and_scale` takes beside the rectangle and the scale.
        """
        check_object(grid, "pixel_scale", "grid", "a Grid2D", exc.GridException)
        values = np.asarray(grid.array).reshape(-1, 2)
        if not len(values):
            raise exc.GridException("grid: expected a Grid2D with unmasked pixels, found none")
        (y_min, x_min), (y_max, x_max) = values.min(axis=0), values.max(axis=0)
        return cls.for_limits_and_scale(
            y_min=float(y_min),
            y_max=float(y_max),
            x_min=float(x_min),
            x_max=float(x_max),
            scale=float(grid.pixel_scale),
            **kwargs,
        )

    @property
    def means(self) -> Any:
        """The mean of the three corners of each triangle, of shape (N, 2)."""
        return self.triangles.mean(axis=1)

    @property
    def area(self) -> Any:
        """The area of all triangles together, in squares of the scaled units; triangles without a place have none."""
        xp, corners = self._xp, self.triangles
        a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        areas = 0.5 * xp.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
        total = xp.nansum(areas)
        return total if self._use_jax else float(total)

    def __len__(self) -> int:
        return len(self.indices)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.triangles)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        rows = state["_indices"] if "_indices" in state else state["coordinates"]
        return [line.backend(self), f"triangles={rows.shape[0]}"]


def checked_vertices(vertices: ArrayLike, name: str, xp: Namespace) -> Any:
    """Corners of shape (V, 2) as an array of a library.

    Raises
    ------
    GridException
        If they have another shape, or are no numbers.
    """
    values = as_array(numbers_from(getattr(vertices, "array", vertices), name, exc.GridException), xp)
    if values.ndim != 2 or values.shape[1] != 2:
        raise exc.GridException(f"{name}: expected corners (y, x) of shape (V, 2), found shape {tuple(values.shape)}")
    return values


def checked_new_vertices(vertices: ArrayLike, count: int, name: str, xp: Namespace) -> Any:
    """Corners that take the place of `count` others.

    Raises
    ------
    GridException
        If there are more or fewer, or they are no corners.
    """
    values = checked_vertices(vertices, name, xp)
    if len(values) != count:
        raise exc.GridException(
            f"{name}: expected {count} corners, one for each of these triangles', found {len(values)}"
        )
    return values


def checked_indices(indices: ArrayLike, name: str, xp: Namespace) -> Any:
    """Indexes of shape (N, 3) as an array of a library.

    Raises
    ------
    GridException
        If they have another shape, or are no whole numbers.
    """
    values: Array = as_array(numbers_from(indices, name, exc.GridException), xp)
    if values.ndim == 1 and not values.size:
        values = values.reshape(0, 3).astype(int)
    if values.ndim != 2 or values.shape[1] != 3 or values.dtype.kind not in "iu":
        raise exc.GridException(
            f"{name}: expected whole numbers of shape (N, 3), found {values.dtype} of shape {tuple(values.shape)}"
        )
    return values
