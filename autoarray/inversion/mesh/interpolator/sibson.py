"""Natural-neighbor interpolation on a Delaunay mesh (Sibson 1981).

A query that is inserted in the triangulation takes its Voronoi cell from the cells of its natural neighbors. The weight
of each is the share of that cell which it lost (Watson 1992). Neither Voronoi diagram is built: the query's cavity, the
triangles whose circumcircle it is in, decides which vertices are its neighbors, and every area is a sum over triangles,
of which those before the insertion are the same for all queries (the mixed areas of Meyer et al. 2003).
"""

from __future__ import annotations

import numpy as np

from autoarray._backend import as_array
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._triangulation import natural_neighbors, natural_neighbors_jax, point_location
from autoarray.inversion.mesh._triangulation import triangulation as tri
from autoarray.inversion.mesh._triangulation.barycentric import pixel_weights_delaunay_from
from autoarray.inversion.mesh._triangulation.half_edges import HalfEdges, half_edges_from
from autoarray.inversion.mesh.interpolator.delaunay import DelaunayInterface, InterpolatorDelaunay

__all__ = ["DelaunayNNInterface", "InterpolatorDelaunayNN", "sibson_mappings_weights_from_tables"]


def sibson_mappings_weights_from_tables(
    query_points: Array,
    points: Array,
    simplices_padded: Array,
    simplex_neighbors: Array,
    simplex_indexes: Array,
    outside_fallback_indexes: Array,
    max_cavity_triangles: int = 32,
    max_neighbors: int = 32,
    xp: Namespace = np,
) -> tuple[Array, ...]:
    """The natural neighbors of points and their weights, from the tables of a Delaunay triangulation.

    A point at a vertex, on an edge of the convex hull, or closer to one than double precision can tell from being on
    it, is interpolated linearly in its triangle, which is the limit of the natural-neighbor weights there. On any
    other edge it has all its natural neighbors, as the points beside it. (The peer interpolates linearly there.)

    Parameters
    ----------
    query_points
        The (y, x) points of shape (M, 2), in arc-seconds.
    points
        The (y, x) vertices of shape (N, 2), in arc-seconds.
    simplices_padded
        The vertices of each triangle, counter-clockwise in (y, x), of shape (T, 3); unused rows are -1.
    simplex_neighbors
        The triangle opposite each of them, of shape (T, 3); -1 where there is none.
    simplex_indexes
        The triangle that each point is in, of shape (M,); -1 outside the convex hull.
    outside_fallback_indexes
        The vertex that a point outside the hull takes its value from, of shape (M,).
    max_cavity_triangles, max_neighbors
        The most triangles and natural neighbors that a point may have in JAX mode, whose tables have static shapes:
        the weights of a point with more are NaN, so that its sample is rejected. In NumPy mode neither is a limit.

    Returns
    -------
    tuple
        The mappings of shape (M, width), padded with -1; their number of shape (M,); the weights of shape (M, width),
        which add up to 1; and of shape (M,) the number of triangles in each cavity, whether it was too large, and
        whether the point was interpolated linearly. In JAX mode the width is `max_neighbors`, in NumPy mode the largest
        number of neighbors.
    """
    inside = simplex_indexes >= 0
    corners = simplices_padded[xp.where(inside, simplex_indexes, 0)]
    single = xp.stack((outside_fallback_indexes, *(xp.full_like(outside_fallback_indexes, -1),) * 2), axis=1)
    linear = xp.where(inside[:, None], corners, single.astype(corners.dtype))
    triangulation = points, simplices_padded, simplex_neighbors
    if xp is np:
        half_edges = half_edges_from(*triangulation, np)
        return _tables_in_numpy(half_edges, np.asarray(query_points), np.asarray(simplex_indexes), np.asarray(linear))
    return natural_neighbors_jax.tables_from(
        triangulation, query_points, simplex_indexes, linear, max_cavity_triangles, max_neighbors
    )


def _tables_in_numpy(
    half_edges: HalfEdges, queries: np.ndarray, simplex: np.ndarray, linear: np.ndarray
) -> tuple[np.ndarray, ...]:
    inside = np.flatnonzero(simplex >= 0)
    neighbors = natural_neighbors.natural_neighbors_from(half_edges, queries[inside], simplex[inside])
    natural = inside[neighbors.usable]
    sizes = (linear >= 0).sum(axis=1)
    sizes[natural] = np.diff(neighbors.ends)[neighbors.usable]
    width = max(3, int(sizes.max(initial=0)))
    mappings = np.full((len(queries), width), -1, dtype=np.int32)
    weights = np.zeros((len(queries), width))
    others = np.ones(len(queries), dtype=bool)
    others[natural] = False
    mappings[others, :3] = linear[others]
    weights[others, :3] = pixel_weights_delaunay_from(queries[others], half_edges.points, linear[others])
    # What is left of each row of the tables is filled in the order in which the neighbors are listed.
    used = ~others[:, None] & (np.arange(width) < sizes[:, None])
    listed = np.repeat(neighbors.usable, np.diff(neighbors.ends))
    mappings[used], weights[used] = neighbors.vertices[listed], neighbors.weights[listed]
    cavity_sizes = np.zeros(len(queries), dtype=np.int32)
    cavity_sizes[inside] = neighbors.cavity_sizes
    overflow = np.zeros(len(queries), dtype=bool)
    return mappings, sizes, weights, cavity_sizes, overflow, others & (simplex >= 0)


class DelaunayNNInterface(DelaunayInterface):
    """The tables of a natural-neighbor interpolation, for those who ask for all of them at once.

    Parameters
    ----------
    points, simplices, split_points
        See `DelaunayInterface`.
    mappings, sizes, weights
        The interpolation of each over-sampled coordinate, as `sibson_mappings_weights_from_tables` returns it.
    splitted_mappings, splitted_sizes, splitted_weights
        The interpolation of each of `split_points`.
    cavity_sizes, overflow, degenerate
        The number of triangles in the cavity of each over-sampled coordinate, whether it was too large, and whether the
        coordinate was interpolated linearly.
    split_cavity_sizes, split_overflow, split_degenerate
        The same of each of `split_points`.
    xp
        `numpy` or `jax.numpy`.
    """

    def __init__(
        self,
        points: Array,
        simplices: Array,
        mappings: Array,
        sizes: Array,
        weights: Array,
        split_points: Array,
        splitted_mappings: Array,
        splitted_sizes: Array,
        splitted_weights: Array,
        cavity_sizes: Array,
        overflow: Array,
        degenerate: Array,
        split_cavity_sizes: Array,
        split_overflow: Array,
        split_degenerate: Array,
        xp: Namespace = np,
    ) -> None:
        super().__init__(points, simplices, mappings, split_points, splitted_mappings, xp=xp)
        self.weights = weights
        self.splitted_weights = splitted_weights
        self.cavity_sizes = cavity_sizes
        self.overflow = overflow
        self.degenerate = degenerate
        self.split_cavity_sizes = split_cavity_sizes
        self.split_overflow = split_overflow
        self.split_degenerate = split_degenerate


class InterpolatorDelaunayNN(InterpolatorDelaunay):
    """Natural-neighbor interpolation between the vertices around a coordinate.

    The weights change continuously where the triangulation of moving vertices does, and reproduce linear functions.
    A coordinate outside the convex hull of the mesh takes the value of the vertex nearest to it.

    In JAX mode a coordinate with more than `mesh.max_neighbors` natural neighbors, or more than
    `mesh.max_cavity_triangles` triangles in its cavity, has weights of NaN. In NumPy mode neither is limited.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, adapt_data, xp
        See `AbstractInterpolator`.
    """

    is_linear_in_triangles = False

    def _tables_from(self, points: Array) -> tuple[Array, ...]:
        """The six tables of (y, x) points of shape (M, 2), as `sibson_mappings_weights_from_tables` returns them."""
        triangulation = self.triangulation
        simplex, vertex = point_location.locations_from(triangulation, points, self._xp)
        return sibson_mappings_weights_from_tables(
            points,
            self.mesh_grid_xy,
            triangulation.simplices,
            triangulation.neighbors,
            simplex,
            vertex,
            max_cavity_triangles=self.mesh.max_cavity_triangles,
            max_neighbors=self.mesh.max_neighbors,
            xp=self._xp,
        )

    @derived
    def _joint_tables(self) -> tuple[Array, ...]:
        """The tables of the over-sampled coordinates, and below them those of the split points."""
        points = as_array(self.data_grid.over_sampled.array, self._xp)
        return self._tables_from(self._xp.concatenate((points, self.split_points)))

    @derived
    def _tables(self) -> tuple[Array, ...]:
        if self.use_jax:
            # Compiling takes far longer than interpolating a tenth more of points: both are compiled as one.
            return tuple(table[: -4 * self.mesh_grid.shape[0]] for table in self._joint_tables)
        return self._tables_from(self.data_grid.over_sampled.array)

    @derived
    def _split_tables(self) -> tuple[Array, ...]:
        if self.use_jax:
            return tuple(table[-4 * self.mesh_grid.shape[0] :] for table in self._joint_tables)
        return self._tables_from(self.split_points)

    def interpolate(self) -> tuple[Array, Array, Array]:
        mappings, sizes, weights = self._tables[:3]
        return mappings, sizes, weights

    @derived
    def _mappings_sizes_weights_split(self) -> tuple[Array, Array, Array]:
        """The interpolation of `split_points`."""
        mappings, sizes, weights = self._split_tables[:3]
        return mappings, sizes, weights

    @derived
    def delaunay(self) -> DelaunayNNInterface:
        """All tables of the interpolation in one object."""
        simplices = tri.padded_simplices_from(self.triangulation.simplices, self.mesh_grid.shape[0], self._xp)
        mappings, sizes, weights, *diagnostics = self._tables
        split_mappings, split_sizes, split_weights, *split_diagnostics = self._split_tables
        return DelaunayNNInterface(
            self.mesh_grid_xy,
            simplices,
            mappings,
            sizes,
            weights,
            self.split_points,
            split_mappings,
            split_sizes,
            split_weights,
            *diagnostics,
            *split_diagnostics,
            xp=self._xp,
        )
