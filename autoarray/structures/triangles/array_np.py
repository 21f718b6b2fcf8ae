"""Triangles by the indexes of their corners, with NumPy, where each step has as many as it needs."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import ArrayLike
from autoarray._validation import check_instance
from autoarray.structures.triangles import _indexed
from autoarray.structures.triangles._lattice import HEIGHT_FACTOR, check_limits
from autoarray.structures.triangles.abstract import (
    AbstractTriangles,
    checked_indices,
    checked_new_vertices,
    checked_vertices,
)
from autoarray.structures.triangles.shape import Point, Shape, surrounds_from

__all__ = ["HEIGHT_FACTOR", "ArrayTrianglesNp"]


class ArrayTrianglesNp(AbstractTriangles):
    """Triangles as indexes into a table of corners, with NumPy.

    Parameters
    ----------
    indices
        Which three corners each triangle has, of shape (N, 3).
    vertices
        The corners, of shape (V, 2), (y, x) in scaled units.
    kwargs
        Not used: what the form for JAX takes beside.

    Raises
    ------
    GridException
        If the arrays have another shape, or an index names no corner.
    """

    def __init__(self, indices: ArrayLike, vertices: ArrayLike, **kwargs: Any) -> None:
        self._set_backend(np)
        self._indices = checked_indices(indices, "ArrayTrianglesNp.indices", np)
        self._vertices = checked_vertices(vertices, "ArrayTrianglesNp.vertices", np)
        least, most = self._indices.min(initial=0), self._indices.max(initial=-1)
        if least < 0 or most >= len(self._vertices):
            raise exc.GridException(
                f"ArrayTrianglesNp.indices: expected indexes of {len(self._vertices)} corners, found {least} to {most}"
            )

    @classmethod
    def for_limits_and_scale(
        cls, y_min: float, y_max: float, x_min: float, x_max: float, scale: float, **kwargs: Any
    ) -> Self:
        """Triangles that tile a rectangle, in rows along x; see `AbstractTriangles.for_limits_and_scale`."""
        check_limits(y_min, y_max, x_min, x_max, scale)
        corners = _indexed.tiling(y_min, y_max, x_min, x_max, scale, HEIGHT_FACTOR * scale)
        return cls(*_indexed.merged(corners, np), **kwargs)

    @property
    def indices(self) -> np.ndarray:
        """Which three corners each triangle has, of shape (N, 3)."""
        return self._indices

    @property
    def vertices(self) -> np.ndarray:
        """The corners, of shape (V, 2)."""
        return self._vertices

    @property
    def triangles(self) -> np.ndarray:
        """The corners of each triangle, of shape (N, 3, 2)."""
        return self._vertices[self._indices]

    def containing_indices(self, shape: Shape) -> np.ndarray:
        """The indexes of the triangles that meet a shape, in rising order.

        Parameters
        ----------
        shape
            A `Point`, a `Circle` or another `Shape`.
        """
        check_instance(shape, Shape, "shape", "a Shape, such as a Point or a Circle", exc.GridException)
        if type(shape) is Point:
            # Each corner once, not once for each triangle around it.
            first, second = self._vertices[:, 0] - shape.x, self._vertices[:, 1] - shape.y
            corners = (self._indices[:, corner] for corner in range(3))
            return np.flatnonzero(surrounds_from(*((first[corner], second[corner]) for corner in corners)))
        return np.flatnonzero(shape.mask(self.triangles))

    def for_indexes(self, indexes: ArrayLike) -> ArrayTrianglesNp:
        """The triangles that some indexes name, with the corners that they have; see `containing_indices`."""
        chosen = np.asarray(numbers_from(indexes, "indexes", exc.GridException))
        chosen = chosen.astype(int) if not chosen.size else chosen
        used, inverse = np.unique(self._indices[chosen], return_inverse=True)
        return ArrayTrianglesNp(inverse.reshape(-1, 3), self._vertices[used])

    def up_sample(self) -> ArrayTrianglesNp:
        """Each triangle divided into four by the middles of its sides."""
        return ArrayTrianglesNp(*_indexed.merged(_indexed.divided(self.triangles, np), np))

    def neighborhood(self) -> ArrayTrianglesNp:
        """The triangles and their mirror images at each of their sides, each once."""
        return ArrayTrianglesNp(*_indexed.merged(_indexed.with_reflections(self.triangles, np), np))

    def with_vertices(self, vertices: ArrayLike) -> ArrayTrianglesNp:
        """The same triangles between other corners, of shape (V, 2), such as ray-traced ones."""
        new = checked_new_vertices(vertices, len(self._vertices), "vertices", np)
        return ArrayTrianglesNp(self._indices, new)
