"""The Delaunay triangulation of the vertices of a mesh.

Which vertices form a triangle comes from SciPy (Qhull, `Qbb Qc Qz Q12`) on both backends: it is a set of whole numbers
without a derivative. Everything that has one is computed from the vertices in the caller's array library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_tracer
from autoarray._typing import Array, Namespace

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from scipy.spatial import Delaunay


class Triangulation(NamedTuple):
    """Vertices and the triangles between them.

    In NumPy mode there are as many rows of `simplices` as triangles. In JAX mode there are 2 * N rows, whatever the
    vertices are, and the unused ones are -1. A tuple and no `State`: it is an intermediate, which never travels.
    """

    points: Float[Any, "vertices 2"]
    """The (y, x) vertices, in arc-seconds."""

    simplices: Int[Any, "triangles 3"]
    """The three vertices of each triangle, as indexes of type int32."""

    neighbors: Int[Any, "triangles 3"]
    """The triangle opposite each of those vertices; -1 where there is none, at the convex hull."""

    vertex_simplex: Int[Any, "vertices"]
    """One triangle that has each vertex; -1 for a vertex that Qhull left out at another one's place."""

    search: Any
    """What points are located with: the `scipy.spatial.Delaunay` object in NumPy mode, else `SearchTables`."""


class SearchTables(NamedTuple):
    """A k-d tree of the vertices, and their neighbors one vertex after another.

    Along each branch of the tree the vertices are halved by y and x in turn, so that a point is brought to a vertex
    close to it in log2(N) comparisons, wherever the vertices are dense.
    """

    splits: Float[Any, "leaves-1"]
    """The coordinate at which each node of the tree divides, level by level."""

    leaves: Int[Any, "leaves"]
    """A triangle at the vertex of each leaf; the leaves are the first power of two that is not below the vertices."""

    ends: Int[Any, "vertices+1"]
    """Where the neighbors of each vertex begin and end."""

    indices: Int[Any, "6*vertices"]
    """The neighbors of all vertices; what follows `ends[-1]` is not used."""


def triangulation_from(points: Float[Array, "vertices 2"], xp: Namespace = np) -> Triangulation:
    """The Delaunay triangulation of (y, x) vertices of shape (N, 2).

    A vertex at the place of another one (Qhull calls it coplanar) is part of no triangle.

    Raises
    ------
    MeshException
        If the vertices can't be triangulated: they are fewer than three, not finite, all at one place or all on one
        line. Vertices that JAX is tracing can't raise: their triangulation has no triangle, and everything computed
        from it is NaN.
    """
    if xp is np:
        host = _scipy_delaunay(np.asarray(points))
        return Triangulation(points, host.simplices, host.neighbors, host.vertex_to_simplex, search=host)
    if is_tracer(points):
        tables = _traced_tables(points)
    else:
        values = np.asarray(points)
        tables = [as_array(table, xp) for table in _padded_tables(values, _scipy_delaunay(values))]
    return Triangulation(points, *tables[:3], search=SearchTables(*tables[3:]))


def _scipy_delaunay(points: Float[np.ndarray, "vertices 2"]) -> Delaunay:
    from scipy.spatial import Delaunay, QhullError

    if len(points) < 3:
        raise exc.MeshException(f"Delaunay mesh: expected at least 3 vertices, found {len(points)}")
    wrong = int((~np.isfinite(points)).any(axis=1).sum())
    if wrong:
        raise exc.MeshException(f"Delaunay mesh: expected finite vertices, found {wrong} of {len(points)} that are not")
    try:
        return Delaunay(points)
    except QhullError as error:
        raise exc.MeshException(
            f"Delaunay mesh: expected vertices that span an area, found {len(points)} vertices at "
            f"{len(np.unique(points, axis=0))} places, all at one place or on one line as far as double precision can "
            f"tell (Qhull: {str(error).splitlines()[0]})"
        ) from None


def _table_shapes(total: int) -> tuple[tuple[int, ...], ...]:
    """The shapes of the tables of `total` vertices: simplices, neighbors, vertex simplices and `SearchTables`."""
    leaves = 1 << (total - 1).bit_length()
    return (2 * total, 3), (2 * total, 3), (total,), (leaves - 1,), (leaves,), (total + 1,), (6 * total,)


def _padded_tables(points: Float[np.ndarray, "vertices 2"], host: Delaunay | None) -> list[np.ndarray]:
    """What JAX needs of a triangulation, in shapes that depend on the number of vertices alone."""
    tables: list[np.ndarray] = [np.full(shape, -1, dtype=np.int32) for shape in _table_shapes(len(points))]
    tables[3] = np.zeros(tables[3].shape, dtype=points.dtype)
    if host is None:
        tables[4][:] = tables[5][:] = 0
        return tables
    ends, indices = host.vertex_neighbor_vertices
    splits, leaves = _tree_from(
        points, np.flatnonzero(host.vertex_to_simplex >= 0), levels=len(tables[4]).bit_length() - 1
    )
    filled = (
        host.simplices,
        host.neighbors,
        host.vertex_to_simplex,
        splits,
        host.vertex_to_simplex[leaves],
        ends,
        indices,
    )
    for table, values in zip(tables, filled, strict=True):
        table[: len(values)] = values
    return tables


def _tree_from(
    points: Float[np.ndarray, "vertices 2"], vertices: Int[np.ndarray, "used_vertices"], levels: int
) -> tuple[Float[np.ndarray, "splits"], Int[np.ndarray, "leaves"]]:
    """The splits of a balanced k-d tree, and the vertex of each of its 2 ** `levels` leaves."""
    leaves = 1 << levels
    # Vertices that are there twice fill the tree up.
    order = vertices[np.arange(leaves) * len(vertices) // leaves]
    splits = []
    for level in range(levels):
        order = order.reshape(1 << level, -1)
        coordinates = points[order, level % 2]
        rank = np.argsort(coordinates, axis=1)
        order = np.take_along_axis(order, rank, axis=1)
        middle = rank.shape[1] // 2
        pair = np.take_along_axis(coordinates, rank[:, middle - 1 : middle + 1], axis=1)
        splits.append(pair.mean(axis=1))
    return np.concatenate(splits), order.reshape(-1)


def _traced_tables(points: Float[Array, "vertices 2"]) -> list[Array]:
    import jax

    from autoarray._numerics.host_call import host_call

    def tables(values: np.ndarray) -> list[np.ndarray]:
        try:
            host = _scipy_delaunay(values)
        except exc.MeshException:
            host = None
        return _padded_tables(values, host)

    dtypes: list[Any] = [np.int32] * 7
    dtypes[3] = points.dtype
    shapes = [
        jax.ShapeDtypeStruct(shape, dtype) for shape, dtype in zip(_table_shapes(points.shape[0]), dtypes, strict=True)
    ]
    return host_call(tables, shapes, jax.lax.stop_gradient(points))


def padded_simplices_from(
    simplices: Int[Array, "triangles 3"], pixels: int, xp: Namespace = np
) -> Int[Array, "2*{pixels} 3"]:
    """The triangles as a table of 2 * `pixels` rows, whatever their number is; unused rows are -1."""
    rows = 2 * pixels - simplices.shape[0]
    return xp.concatenate((simplices, xp.full((rows, 3), -1, dtype=simplices.dtype))) if rows else simplices


def corners_from(
    points: Float[Array, "vertices 2"], simplices: Int[Array, "triangles 3"], xp: Namespace = np
) -> tuple[Float[Array, "3 triangles 2"], Bool[Array, "triangles"]]:
    """The corners of each triangle, of shape (3, T, 2), and whether the row is one, of shape (T,)."""
    used = simplices[:, 0] >= 0
    return points[xp.where(used[:, None], simplices, 0).T], used


def doubled_areas_from(corners: Float[Array, "3 triangles 2"]) -> Float[Array, "triangles"]:
    """Twice the area of each triangle, positive if its (y, x) corners run from y to x; of shape (T,)."""
    first, second = corners[1] - corners[0], corners[2] - corners[0]
    return first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]


def sums_over_corners(
    values: Float[Array, "triangles 3"],
    simplices: Int[Array, "triangles 3"],
    used: Bool[Array, "triangles"],
    pixels: int,
    xp: Namespace = np,
) -> Float[Array, "vertices"]:
    """The sum for each vertex of what its triangles give it (values of shape (T, 3)), of shape (pixels,).

    NaN if there is no triangle, which happens under JAX's tracing only.
    """
    if xp is np:
        return np.bincount(simplices.reshape(-1), weights=values.reshape(-1), minlength=pixels)
    # Unused rows point behind the end, where they are dropped.
    targets = xp.where(used[:, None], simplices, pixels).reshape(-1)
    summed = xp.zeros(pixels, dtype=values.dtype).at[targets].add(values.reshape(-1), mode="drop")
    return xp.where(used[0], summed, xp.nan)


def barycentric_dual_area_from(
    mesh_grid: Float[Array, "vertices 2"], simplices: Int[Array, "triangles 3"], xp: Namespace = np
) -> Float[Array, "vertices"]:
    """The barycentric dual area of each vertex: a third of the area of every triangle around it.

    They are the weights with which the integral of the piecewise linear interpolant over the convex hull is the sum
    over its vertices. A vertex that is part of no triangle has none.

    Parameters
    ----------
    mesh_grid
        The (y, x) vertices of shape (N, 2), in arc-seconds.
    simplices
        The triangles of shape (T, 3); rows of -1 are not used.

    Returns
    -------
    array
        Of shape (N,), in square arc-seconds.
    """
    if xp is np:
        simplices = simplices[simplices[:, 0] >= 0]
    corners, used = corners_from(mesh_grid, simplices, xp)
    shares = xp.broadcast_to((xp.abs(doubled_areas_from(corners)) / 6.0)[:, None], simplices.shape)
    return sums_over_corners(shares, simplices, used, mesh_grid.shape[0], xp)


def voronoi_areas_from(triangulation: Triangulation, xp: Namespace = np) -> Float[Array, "vertices"]:
    """The area of the Voronoi cell of each vertex, of shape (N,), in square arc-seconds.

    The cell is put together from the share of each triangle around the vertex, up to the circumcentre and with the sign
    that obtuse triangles need, so that no Voronoi diagram is built and the areas have derivatives. It is -1 for a
    vertex of the convex hull, whose cell has no end, and 0 for a vertex that is part of no triangle.
    """
    points, simplices, neighbors = triangulation.points, triangulation.simplices, triangulation.neighbors
    total = points.shape[0]
    corners, used = corners_from(points, simplices, xp)
    doubled = xp.abs(doubled_areas_from(corners))
    # A flat triangle, which Qhull makes of four vertices on a circle, has no circumcentre of its own and no share.
    safe = xp.where(doubled > 0.0, doubled, 1.0)
    # Edge k is the one opposite corner k: its square times the cotangent of the angle at that corner.
    following, previous = xp.roll(corners, -1, axis=0), xp.roll(corners, -2, axis=0)
    squared = ((following - previous) ** 2).sum(axis=2)
    cotangent = ((following - corners) * (previous - corners)).sum(axis=2) / safe
    products = xp.where(doubled > 0.0, squared * cotangent, 0.0).T
    areas = sums_over_corners((products.sum(axis=1)[:, None] - products) / 8.0, simplices, used, total, xp)
    # Both ends of an edge with no triangle on its other side are on the hull.
    outer = used[:, None] & (neighbors < 0)
    ends = xp.where(xp.roll(outer, 1, axis=1) | xp.roll(outer, 2, axis=1), 1.0, 0.0)
    on_hull = sums_over_corners(ends, simplices, used, total, xp)
    return xp.where(on_hull > 0.0, -1.0, areas)


def edges_from(triangulation: Triangulation, xp: Namespace = np) -> tuple[Int[Array, "edges"], Int[Array, "edges"]]:
    """Both ends of every edge, each edge once.

    In JAX mode there are 3 * N of them whatever the vertices are, and both ends of an unused one are N.
    """
    simplices, neighbors = triangulation.simplices, triangulation.neighbors
    total = triangulation.points.shape[0]
    # Of the two triangles along an edge the one with the higher index names it.
    named = (simplices[:, :1] >= 0) & (neighbors < np.arange(len(simplices), dtype=np.int32)[:, None])
    start, end = xp.roll(simplices, -1, axis=1), xp.roll(simplices, -2, axis=1)
    if xp is np:
        return start[named], end[named]
    which = xp.nonzero(named.reshape(-1), size=3 * total, fill_value=named.size)[0]
    return tuple(edge.reshape(-1).at[which].get(mode="fill", fill_value=total) for edge in (start, end))
