"""Triangles by the indexes of their corners, in arrays whose shapes never depend on what is found, as JAX needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, xp_of
from autoarray._state import State
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import check_instance, whole_from
from autoarray.structures.triangles import _indexed
from autoarray.structures.triangles._lattice import HEIGHT_FACTOR, check_limits
from autoarray.structures.triangles.abstract import (
    AbstractTriangles,
    checked_indices,
    checked_new_vertices,
    checked_vertices,
)
from autoarray.structures.triangles.shape import Point, Shape, surrounds_from

__all__ = [
    "HEIGHT_FACTOR",
    "MAX_CONTAINING_SIZE",
    "ArrayTriangles",
    "Step0Layout",
    "remove_duplicates",
    "select_and_handle_invalid",
]

# How many triangles around a point, or of a shape, there is room for.
MAX_CONTAINING_SIZE = 20

# How many entries of a mask are looked at together.
_BLOCK = 128


@dataclass(frozen=True, repr=False)
class Step0Layout(State):
    """How the triangles of a whole tiling stand in their table.

    Parameters
    ----------
    n_rows, n_cols
        The rows and columns of the lattice: the table has one after the other.
    grid
        How the corners stand in theirs, or None if that is not known; see
        `autoarray.structures.triangles.coordinate_array.static_lattice_layout`.
    """

    n_rows: int
    n_cols: int
    grid: tuple[Any, ...] | None = None


class ArrayTriangles(AbstractTriangles):
    """Triangles as indexes into a table of corners, in arrays of fixed shapes, so that `jax.jit` can trace all steps.

    Indexes of -1 and corners of NaN stand where there is no triangle. `ArrayTrianglesNp` is the form for NumPy, in
    which nothing is left over.

    Parameters
    ----------
    indices
        Which three corners each triangle has, of shape (N, 3). Rows of -1 are no triangles.
    vertices
        The corners, of shape (V, 2), (y, x) in scaled units.
    max_containing_size
        How many triangles `containing_indices` has room for.
    step0_layout
        How the triangles of a whole tiling stand in the table, or None.
    xp
        The array library of the arrays: `jax.numpy`, which None stands for too, or `numpy`.
    kwargs
        Not used.

    Raises
    ------
    GridException
        If the arrays have another shape.
    """

    def __init__(
        self,
        indices: ArrayLike,
        vertices: ArrayLike,
        max_containing_size: int = MAX_CONTAINING_SIZE,
        step0_layout: Step0Layout | None = None,
        xp: Namespace | None = None,
        **kwargs: Any,
    ) -> None:
        xp = jax_numpy() if xp is None else xp
        self._set_backend(xp)
        self._indices = checked_indices(indices, "ArrayTriangles.indices", xp)
        self._vertices = checked_vertices(vertices, "ArrayTriangles.vertices", xp)
        self.max_containing_size = whole_from(max_containing_size, "max_containing_size", 1, exc.GridException)
        check_instance(
            step0_layout, Step0Layout, "step0_layout", "a Step0Layout or None", exc.GridException, optional=True
        )
        self.step0_layout = step0_layout

    @classmethod
    def for_limits_and_scale(  # pyright: ignore[reportIncompatibleMethodOverride] - its further arguments have names
        cls,
        y_min: float,
        y_max: float,
        x_min: float,
        x_max: float,
        scale: float,
        max_containing_size: int = MAX_CONTAINING_SIZE,
        xp: Namespace | None = None,
    ) -> Self:
        """Triangles that tile a rectangle, in rows along x; see `AbstractTriangles.for_limits_and_scale`.

        Parameters
        ----------
        y_min, y_max, x_min, x_max
            The rectangle, in scaled units.
        scale
            The side of the triangles, in scaled units.
        max_containing_size, xp
            See `ArrayTriangles`.
        """
        check_limits(y_min, y_max, x_min, x_max, scale)
        corners = _indexed.tiling(y_min, y_max, x_min, x_max, scale, HEIGHT_FACTOR * scale)
        return cls(*_indexed.merged(corners, np), max_containing_size=max_containing_size, xp=xp)

    @property
    def indices(self) -> Any:
        """Which three corners each triangle has, of shape (N, 3); rows of -1 are no triangles."""
        return self._indices

    @property
    def vertices(self) -> Any:
        """The corners, of shape (V, 2)."""
        return self._vertices

    @property
    def triangles(self) -> Any:
        """The corners of each triangle, of shape (N, 3, 2); NaN where there is none."""
        return select_and_handle_invalid(self._vertices, self._indices, -1, self._xp.nan)

    def containing_indices(self, shape: Shape) -> Any:
        """The indexes of the triangles that meet a shape, in rising order, and -1 where some are left over.

        Parameters
        ----------
        shape
            A `Point`, a `Circle` or another `Shape`.

        Returns
        -------
        array
            Indexes of shape (max_containing_size,): those of the first triangles, if there are more.
        """
        check_instance(shape, Shape, "shape", "a Shape, such as a Point or a Circle", exc.GridException)
        if type(shape) is Point:
            found = _indexed.compiled(_around, 4, self._xp)(self._vertices, self._indices, shape.x, shape.y, self._xp)
        else:
            found = shape.mask(self.triangles)
        return places_of(found, self.max_containing_size, self._xp)

    def for_indexes(self, indexes: ArrayLike) -> ArrayTriangles:
        """The triangles that some indexes name, of which -1 names none; see `containing_indices`."""
        chosen = as_array(indexes, self._xp)
        rows = select_and_handle_invalid(self._indices, chosen, -1, -1)
        corners = select_and_handle_invalid(self._vertices, rows, -1, self._xp.nan)
        return self._like(*_indexed.merged(corners, self._xp, 3 * len(corners)))

    def up_sample(self) -> ArrayTriangles:
        """Each triangle divided into four by the middles of its sides."""
        return self._merged(_indexed.divided(self.triangles, self._xp))

    def neighborhood(self) -> ArrayTriangles:
        """The triangles and their mirror images at each of their sides, each once."""
        return self._merged(_indexed.with_reflections(self.triangles, self._xp))

    def with_vertices(self, vertices: ArrayLike) -> ArrayTriangles:
        """The same triangles between other corners, of shape (V, 2), such as ray-traced ones."""
        new = checked_new_vertices(vertices, len(self._vertices), "vertices", self._xp)
        return ArrayTriangles(self._indices, new, self.max_containing_size, self.step0_layout, self._xp)

    def _merged(self, corners: Any) -> ArrayTriangles:
        # Four triangles that come from one have six corners.
        return self._like(*_indexed.merged(corners, self._xp, 6 * (len(corners) // 4)))

    def _like(self, indices: Array, vertices: Array) -> ArrayTriangles:
        return ArrayTriangles(indices, vertices, self.max_containing_size, xp=self._xp)


def jax_numpy() -> Namespace:
    """The module `jax.numpy`, imported when it is first asked for."""
    import jax.numpy as jnp

    return jnp


def places_of(found: Any, size: int, xp: Namespace) -> Any:
    """The indexes at which a mask is true, of shape (size,), and -1 where some are left over."""
    if xp is np:
        places = np.flatnonzero(found)[:size]
        return np.concatenate((places, np.full(size - len(places), -1)))
    return _indexed.compiled(_places, (1, 2), xp)(found, size, xp)


def _places(found: Any, size: int, xp: Namespace) -> Any:
    count = len(found)
    if count <= 4 * _BLOCK:
        return xp.where(found, size=size, fill_value=-1)[0]
    # A sum over all of a long mask takes longer than all else: first the blocks that hold something, then these.
    blocks = xp.pad(found, (0, -count % _BLOCK)).reshape(-1, _BLOCK)
    chosen = xp.where(blocks.any(axis=1), size=size, fill_value=-1)[0]
    within = (blocks[chosen] & (chosen >= 0)[:, None]).reshape(-1)
    places = xp.where(within, size=size, fill_value=-1)[0]
    return xp.where(places < 0, -1, chosen[places // _BLOCK] * _BLOCK + places % _BLOCK)


def _around(vertices: Any, indices: Any, x: Any, y: Any, xp: Namespace) -> Any:
    """Which triangles have a point inside or on an edge, as bools of shape (N,)."""
    # Each corner of a triangle at a time: a table of all corners would be written to memory and read again.
    corners = [_rows_of(vertices, indices[:, corner], xp) for corner in range(3)]
    return surrounds_from(*((corner[:, 0] - x, corner[:, 1] - y) for corner in corners)) & (indices[:, 0] >= 0)


def _rows_of(rows: Any, indices: Any, xp: Namespace) -> Any:
    """The rows of an array that some indexes name; any row where one is negative."""
    if xp is np:
        return rows[indices]
    # JAX counts negative indexes from the end, and fills what is out of bounds, unless it is told not to.
    return rows.at[indices.astype(xp.int32)].get(mode="clip")


def select_and_handle_invalid(data: Any, indices: Any, invalid_value: Any, invalid_replacement: Any) -> Any:
    """Rows of an array, and something else where an index stands for no row.

    Parameters
    ----------
    data
        The rows, of shape (N, ...).
    indices
        Which of them, of any shape.
    invalid_value
        The index that stands for no row.
    invalid_replacement
        What all entries of such a row are.

    Returns
    -------
    array
        The rows, of the shape of `indices` and what follows in the shape of `data`.
    """
    xp = xp_of(data, indices)
    invalid = indices == invalid_value
    rows = data[xp.where(invalid, 0, indices)]
    return xp.where(invalid.reshape(invalid.shape + (1,) * (rows.ndim - invalid.ndim)), invalid_replacement, rows)


def remove_duplicates(new_triangles: Any) -> tuple[Any, Any]:
    """The indexes and corners of triangles, each corner and each triangle once and sorted.

    Parameters
    ----------
    new_triangles
        The corners of each triangle, of shape (N, 3, 2), NaN where there is none.

    Returns
    -------
    tuple
        The indexes, of shape (N, 3), with rows of -1 where some are left over, and the corners, of shape (3 N, 2), with
        rows of NaN.
    """
    return _indexed.merged(new_triangles, xp_of(new_triangles), 3 * len(new_triangles))
