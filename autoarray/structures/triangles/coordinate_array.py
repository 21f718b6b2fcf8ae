"""Equilateral triangles on a lattice, in arrays whose shapes don't depend on what is found: as JAX needs them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._typing import ArrayLike, Namespace, Scalar
from autoarray._validation import check_instance
from autoarray.structures.triangles import _lattice
from autoarray.structures.triangles._indexed import unique_rows
from autoarray.structures.triangles._lattice import HEIGHT_FACTOR, check_limits
from autoarray.structures.triangles._on_lattice import LatticeTriangles
from autoarray.structures.triangles.abstract import checked_new_vertices
from autoarray.structures.triangles.array import (
    MAX_CONTAINING_SIZE,
    ArrayTriangles,
    Step0Layout,
    jax_numpy,
    select_and_handle_invalid,
)
from autoarray.structures.triangles.shape import Shape

__all__ = ["HEIGHT_FACTOR", "CoordinateArrayTriangles", "static_lattice_layout", "static_vertex_table"]

# Where the corners of the four children of a triangle stand among the six that they have: the three of the middle
# child, and one of each other child. First for a triangle that stands upright, then for one that is upside down.
_CHILDREN = np.array(
    [
        [[0, 1, 2], [2, 3, 0], [1, 0, 4], [5, 2, 1]],
        [[5, 2, 1], [1, 0, 3], [2, 4, 0], [0, 1, 2]],
    ]
)


@lru_cache(maxsize=16)
def static_vertex_table(
    y_min: float, y_max: float, x_min: float, x_max: float, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """The corners of a tiling, each once, and which three each triangle has.

    It depends on the rectangle and the side alone, so that it is a constant of what JAX compiles.

    Parameters
    ----------
    y_min, y_max, x_min, x_max
        The rectangle, in scaled units.
    scale
        The side of the triangles, in scaled units.

    Returns
    -------
    tuple
        The corners, of shape (V, 2), sorted, and the indexes, of shape (N, 3), which can't be written to.
    """
    check_limits(y_min, y_max, x_min, x_max, scale)
    _, vertices, indices = _lattice.lattice_table(y_min, y_max, x_min, x_max, scale)
    return vertices, indices


@lru_cache(maxsize=16)
def static_lattice_layout(y_min: float, y_max: float, x_min: float, x_max: float, scale: float) -> Step0Layout:
    """How the triangles and corners of a tiling stand in the tables of `static_vertex_table`.

    Parameters
    ----------
    y_min, y_max, x_min, x_max, scale
        See `static_vertex_table`.

    Returns
    -------
    Step0Layout
        The rows and columns of triangles, which stand one row after the other, and as `grid` the number of corners.
    """
    check_limits(y_min, y_max, x_min, x_max, scale)
    coordinates, vertices, _ = _lattice.lattice_table(y_min, y_max, x_min, x_max, scale)
    rows, columns = (coordinates.max(axis=0) - coordinates.min(axis=0) + 1).tolist()
    return Step0Layout(n_rows=rows, n_cols=columns, grid=(len(vertices),))


class CoordinateArrayTriangles(LatticeTriangles):
    """Equilateral triangles as pairs of whole numbers on a lattice, in arrays of fixed shapes for `jax.jit`.

    Pairs of NaN stand where there is no triangle. `CoordinateArrayTrianglesNp` is the form for NumPy, in which nothing
    is left over.

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
    vertex_table
        The corners and which three each triangle has, as `static_vertex_table` gives them, or None for a table in which
        each triangle has three of its own.
    step0_layout
        How the triangles of a whole tiling stand in their table, as `static_lattice_layout` gives it, or None.
    xp
        The array library of the arrays: `jax.numpy`, which None stands for too, or `numpy`.

    Raises
    ------
    GridException
        If the coordinates are no pairs, the side is not positive, or the table has another number of triangles.
    """

    def __init__(
        self,
        coordinates: ArrayLike,
        side_length: Scalar = 1.0,
        x_offset: Scalar = 0.0,
        y_offset: Scalar = 0.0,
        flipped: bool = False,
        vertex_table: tuple[Any, Any] | None = None,
        step0_layout: Step0Layout | None = None,
        xp: Namespace | None = None,
    ) -> None:
        super().__init__(coordinates, side_length, x_offset, y_offset, flipped, jax_numpy() if xp is None else xp)
        if vertex_table is not None and len(vertex_table[1]) != len(self.coordinates):
            raise exc.GridException(
                f"CoordinateArrayTriangles.vertex_table: expected the corners of {len(self.coordinates)} triangles, "
                f"found those of {len(vertex_table[1])}"
            )
        check_instance(
            step0_layout, Step0Layout, "step0_layout", "a Step0Layout or None", exc.GridException, optional=True
        )
        self.vertex_table = vertex_table
        self.step0_layout = step0_layout

    @classmethod
    def for_limits_and_scale(
        cls,
        y_min: float,
        y_max: float,
        x_min: float,
        x_max: float,
        scale: float = 1.0,
        static_vertices: bool = False,
        xp: Namespace | None = None,
        **_: Any,
    ) -> Self:
        """Triangles that tile a rectangle, in columns along y; see `AbstractTriangles.for_limits_and_scale`.

        Parameters
        ----------
        y_min, y_max, x_min, x_max
            The rectangle, in scaled units.
        scale
            The side of the triangles, in scaled units.
        static_vertices
            Whether each corner stands in `vertices` once, so that it is ray-traced once.
        xp
            See `CoordinateArrayTriangles`.
        """
        check_limits(y_min, y_max, x_min, x_max, scale)
        limits = float(y_min), float(y_max), float(x_min), float(x_max), float(scale)
        return cls(
            coordinates=_lattice.lattice_table(*limits)[0],
            side_length=scale,
            vertex_table=static_vertex_table(*limits) if static_vertices else None,
            step0_layout=static_lattice_layout(*limits) if static_vertices else None,
            xp=xp,
        )

    @property
    def vertices(self) -> Any:
        """The corners, of shape (V, 2): of a table, or three for each triangle."""
        return self._vertices_and_indices[0]

    @property
    def indices(self) -> Any:
        """Which three corners each triangle has, of shape (N, 3)."""
        return self._vertices_and_indices[1]

    @property
    def _vertices_and_indices(self) -> tuple[Any, Any]:
        xp = self._xp
        if self.vertex_table is not None:
            return as_array(self.vertex_table[0], xp), as_array(self.vertex_table[1], xp)
        return self.triangles.reshape(-1, 2), xp.arange(3 * len(self.coordinates)).reshape(-1, 3)

    def up_sample(self) -> CoordinateArrayTriangles:
        """Each triangle divided into four, which stand together and share a table of six corners."""
        xp = self._xp
        children = _lattice.children_of(self.coordinates, self.flipped, xp)
        turned = self.flip_mask[:, None, None]
        corners = _lattice.corners_of(children.reshape(-1, 2), True, xp).reshape(-1, 4, 3, 2)
        middle = xp.where(turned, corners[:, 3], corners[:, 0])
        ends = (
            xp.where(turned, corners[:, 1, 2:], corners[:, 1, 1:2]),
            xp.where(turned, corners[:, 2, 1:2], corners[:, 2, 2:]),
            xp.where(turned, corners[:, 0, :1], corners[:, 3, :1]),
        )
        lattice = self._children()
        vertices: Any = _lattice.positions_of(
            xp.concatenate((middle, *ends), axis=1).reshape(-1, 2),
            lattice["side_length"],
            lattice["x_offset"],
            lattice["y_offset"],
            xp,
        )
        order = xp.where(turned, xp.asarray(_CHILDREN[1]), xp.asarray(_CHILDREN[0]))
        indices = order + 6 * xp.arange(len(children))[:, None, None]
        return self._new(children.reshape(-1, 2), **lattice, vertex_table=(vertices, indices.reshape(-1, 3)))

    def neighborhood(self) -> CoordinateArrayTriangles:
        """The triangles and those that share a side with one of them, each once, sorted; there is room for all four."""
        xp = self._xp
        near = _lattice.with_neighbors(self.coordinates.astype(float), self.flipped, xp)
        return self._new(unique_rows(near, xp.nan, xp), **self._same_lattice())

    def with_vertices(self, vertices: ArrayLike) -> ArrayTriangles:
        """The same triangles between other corners, of shape (V, 2), such as ray-traced ones."""
        own, indices = self._vertices_and_indices
        new = checked_new_vertices(vertices, len(own), "vertices", self._xp)
        return ArrayTriangles(indices, new, MAX_CONTAINING_SIZE, self.step0_layout, self._xp)

    def for_indexes(self, indexes: ArrayLike) -> CoordinateArrayTriangles:
        """The triangles that some indexes name, of which -1 names none: pairs of NaN then."""
        xp = self._xp
        chosen = select_and_handle_invalid(self.coordinates.astype(float), as_array(indexes, xp), -1, xp.nan)
        return self._new(chosen, **self._same_lattice())

    def containing_indices(self, shape: Shape) -> Any:
        """The indexes of the triangles that meet a shape; see `ArrayTriangles.containing_indices`."""
        return self.with_vertices(self.vertices).containing_indices(shape)

    def _new(self, coordinates: Any, **others: Any) -> CoordinateArrayTriangles:
        return CoordinateArrayTriangles(coordinates, **others, xp=self._xp)
