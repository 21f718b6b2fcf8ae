"""Equilateral triangles on a lattice, with NumPy, where each step has as many as it needs."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._state import DerivedValues, derived
from autoarray._typing import ArrayLike, Scalar
from autoarray.structures.triangles import _lattice
from autoarray.structures.triangles._lattice import HEIGHT_FACTOR, check_limits
from autoarray.structures.triangles._on_lattice import LatticeTriangles, whole_coordinates
from autoarray.structures.triangles.abstract import checked_new_vertices
from autoarray.structures.triangles.array_np import ArrayTrianglesNp
from autoarray.structures.triangles.shape import Shape

__all__ = ["HEIGHT_FACTOR", "CoordinateArrayTrianglesNp"]


class CoordinateArrayTrianglesNp(LatticeTriangles):
    """Equilateral triangles as pairs of whole numbers on a lattice, with NumPy.

    Each corner stands in `vertices` once, whatever rounding does to coordinates, because corners are compared as whole
    numbers: so each is ray-traced once.

    Parameters
    ----------
    coordinates
        The pair (i, j) of each triangle, of shape (N, 2): its place in half sides along the first axis, and in heights
        along the second.
    side_length
        The side of the triangles, in scaled units.
    x_offset, y_offset
        The position of the pair (0, 0) along the first axis and along the second, in scaled units.
    flipped
        Whether the triangles with i + j odd stand upright, instead of those with i + j even.

    Raises
    ------
    GridException
        If the coordinates are no whole numbers of shape (N, 2), or the side is not positive.
    """

    def __init__(
        self,
        coordinates: ArrayLike,
        side_length: Scalar = 1.0,
        x_offset: Scalar = 0.0,
        y_offset: Scalar = 0.0,
        flipped: bool = False,
    ) -> None:
        super().__init__(coordinates, side_length, x_offset, y_offset, flipped, np)
        self.coordinates = whole_coordinates(self.coordinates)

    @classmethod
    def for_limits_and_scale(
        cls, y_min: float, y_max: float, x_min: float, x_max: float, scale: float = 1.0, **_: Any
    ) -> Self:
        """Triangles that tile a rectangle, in columns along y; see `AbstractTriangles.for_limits_and_scale`."""
        check_limits(y_min, y_max, x_min, x_max, scale)
        coordinates, vertices, indices = _lattice.lattice_table(
            float(y_min), float(y_max), float(x_min), float(x_max), float(scale)
        )
        tiling = cls(coordinates=coordinates, side_length=scale)
        # A solver tiles one rectangle again and again: what would be derived of it is known already.
        values = vars(tiling)["_derived"] = DerivedValues()
        values.intermediates["_vertices_and_indices"] = (vertices, indices)
        return tiling

    @property
    def vertices(self) -> np.ndarray:
        """The corners, each once, of shape (V, 2), sorted."""
        return self._vertices_and_indices[0]

    @property
    def indices(self) -> np.ndarray:
        """Which three corners each triangle has, of shape (N, 3)."""
        return self._vertices_and_indices[1]

    @derived
    def _vertices_and_indices(self) -> tuple[np.ndarray, np.ndarray]:
        corners, inverse = _lattice.unique_pairs(self.vertex_coordinates.reshape(-1, 2))
        return self._positions_of(corners), inverse.reshape(-1, 3)

    def up_sample(self) -> CoordinateArrayTrianglesNp:
        """Each triangle divided into four: first those of the upright ones, then those of the others."""
        children, turned = _lattice.children_of(self.coordinates, self.flipped, np), self.flip_mask
        # One kind of child after the other, which is the order in which the images of a point come out.
        parts = [children[rows].transpose(1, 0, 2).reshape(-1, 2) for rows in (~turned, turned)]
        return CoordinateArrayTrianglesNp(np.concatenate(parts), **self._children())

    def neighborhood(self) -> CoordinateArrayTrianglesNp:
        """The triangles and those that share a side with one of them, each once, sorted."""
        near, _ = _lattice.unique_pairs(_lattice.with_neighbors(self.coordinates, self.flipped, np))
        return CoordinateArrayTrianglesNp(near, **self._same_lattice())

    def with_vertices(self, vertices: ArrayLike) -> ArrayTrianglesNp:
        """The same triangles between other corners, of shape (V, 2), such as ray-traced ones."""
        return ArrayTrianglesNp(self.indices, checked_new_vertices(vertices, len(self.vertices), "vertices", np))

    def for_indexes(self, indexes: ArrayLike) -> CoordinateArrayTrianglesNp:
        """The triangles that some indexes name."""
        chosen = np.asarray(numbers_from(indexes, "indexes", exc.GridException))
        chosen = chosen.astype(int) if not chosen.size else chosen
        return CoordinateArrayTrianglesNp(self.coordinates[chosen], **self._same_lattice())

    def containing_indices(self, shape: Shape) -> np.ndarray:
        """The indexes of the triangles that meet a shape, in rising order; see `Shape.mask`."""
        return self.with_vertices(self.vertices).containing_indices(shape)
