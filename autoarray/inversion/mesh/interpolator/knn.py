"""Interpolation between the vertices nearest to a coordinate, without a triangulation.

PyAutoArray 2026.10.26.1 gives the same numbers for up to 128 vertices and for multiples of 128. For other numbers of
vertices it confuses those of its last block of 128 with vertices that may be far away; the search here is exact.
"""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, xp_of
from autoarray._numerics import compiled
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._triangulation.nearest import nearest_from
from autoarray.inversion.mesh._triangulation.split_points import split_points_from
from autoarray.inversion.mesh.interpolator.delaunay import InterpolatorDelaunay

# In arc-seconds. They keep distances, radii and sums from being zero, and so every derivative finite.
_LEAST_DISTANCE, _LEAST_RADIUS, _LEAST_SUM = 1e-10, 1e-10, 1e-10
# Twice the area in square arc-seconds up to which a triangle counts as flat.
_FLAT = 1e-12
# The arms of the crosses that split regularizations use, in units of the distance to a neighbor.
_ARM = 0.5


def wendland_c4(r: Array, h: Array) -> Array:
    """Wendland's C4 function for up to three dimensions (Wendland 1995), times 3: it is 3 at r = 0, and 0 from h on.

    Parameters
    ----------
    r
        Distances.
    h
        The radius of the kernel, in the same units, of a shape that broadcasts with `r`.
    """
    xp = xp_of(r, h)
    ratio = r / (h + _LEAST_RADIUS)
    inner = 1.0 - ratio
    value = inner**6 * (35.0 * ratio**2 + 18.0 * ratio + 3.0)
    return xp.where(ratio < 1.0, value, 0.0)


def get_interpolation_weights(
    points: Array, query_points: Array, k_neighbors: int, radius_scale: float
) -> tuple[Array, Array, Array]:
    """The vertices nearest to each query, and the weights of a normalised Wendland kernel around it.

    The radius of the kernel is `radius_scale` times the distance of the last of those vertices, so that it follows the
    density of the vertices. A radius that reaches none of them, which takes a `radius_scale` of 1 or less, gives a row
    of zeros.

    Parameters
    ----------
    points
        (y, x) vertices of shape (N, 2), in arc-seconds.
    query_points
        (y, x) points of shape (M, 2), in arc-seconds.
    k_neighbors
        How many vertices to interpolate between; all of them if there are fewer.
    radius_scale
        The radius of the kernel in units of the distance of the last vertex.

    Returns
    -------
    tuple
        Indexes of `points`, weights and distances (arc-seconds), all of shape (M, min(k_neighbors, N)).

    Raises
    ------
    MeshException
        If `k_neighbors` is less than 1.
    """
    xp = xp_of(points, query_points)
    points, query_points = as_array(points, xp), as_array(query_points, xp)
    mappings = nearest_from(points, query_points, min(k_neighbors, points.shape[0]), xp)
    if xp is np and compiled.is_available():
        from autoarray.inversion.mesh.interpolator import _knn_numba

        grids, least = (np.asarray(grid, dtype=float) for grid in (points, query_points)), (_LEAST_RADIUS, _LEAST_SUM)
        return mappings, *_knn_numba.weights(*grids, mappings, float(radius_scale), _LEAST_DISTANCE, *least)
    distances = _distances_from(points, query_points, mappings, xp)
    kernel = wendland_c4(distances, radius_scale * distances[:, -1:])
    return mappings, kernel / (kernel.sum(axis=1, keepdims=True) + _LEAST_SUM), distances


def _distances_from(points: Array, query_points: Array, mappings: Array, xp: Namespace) -> Array:
    """The distances of each query to its vertices; the small constant makes their derivative finite at a vertex."""
    y = points[:, 0][mappings] - query_points[:, :1]
    x = points[:, 1][mappings] - query_points[:, 1:]
    return xp.sqrt(y**2 + x**2 + _LEAST_DISTANCE**2)


def kernel_interpolate_points(points: Array, query_chunk: Array, values: Array, k: int, radius_scale: float) -> Array:
    """Values at the vertices of shape (N,), interpolated at each query, of shape (M,).

    See `get_interpolation_weights` for the other parameters.
    """
    mappings, weights, _ = get_interpolation_weights(points, query_chunk, k, radius_scale)
    return (weights * as_array(values, xp_of(mappings))[mappings]).sum(axis=1)


def barycentric_weights_from_3_nearest(
    query_points: Array, mesh_points: Array, nearest_3_indices: Array, xp: Namespace
) -> Array:
    """The barycentric weights of each query in the triangle of three vertices.

    A query outside the triangle has negative ones among them: they are set to zero and the others scaled up, which
    takes it to an edge or a corner. A triangle without an area (three vertices on a line, or two at one place) gives
    all weight to the first vertex, the nearest.

    Parameters
    ----------
    query_points
        (y, x) points of shape (M, 2), in arc-seconds.
    mesh_points
        (y, x) vertices of shape (N, 2), in arc-seconds.
    nearest_3_indices
        The three vertices of each query, the nearest first, of shape (M, 3).

    Returns
    -------
    array
        Of shape (M, 3): every row adds up to 1.
    """
    y, x = mesh_points[:, 0][nearest_3_indices.T], mesh_points[:, 1][nearest_3_indices.T]
    up, across = y - y[0], x - x[0]
    dy, dx = query_points[:, 0] - y[0], query_points[:, 1] - x[0]
    doubled_area = up[1] * across[2] - up[2] * across[1]
    flat = xp.abs(doubled_area) <= _FLAT
    # The inner `where` keeps the derivative on a flat triangle from being NaN.
    doubled_area = xp.where(flat, 1.0, doubled_area)
    second = (dy * across[2] - dx * up[2]) / doubled_area
    third = (dx * up[1] - dy * across[1]) / doubled_area
    weights = xp.maximum(xp.stack((1.0 - second - third, second, third), axis=1), 0.0)
    nearest = as_array(np.array([1.0, 0.0, 0.0]), xp)
    return xp.where(flat[:, None], nearest, weights / weights.sum(axis=1, keepdims=True))


class InterpolatorKNearestNeighbor(InterpolatorDelaunay):
    """Interpolation between the vertices nearest to a coordinate, with the weights of a Wendland kernel around it.

    The weights are smooth in the coordinates and the vertices except where the set of nearest vertices changes; there
    they are continuous for the vertices close by, but for the last one they jump by a little if `radius_scale` is more
    than 1. Vertices at one place share what one of them would get.

    The geometry is that of the Delaunay triangulation of the vertices, which is only made if it is asked for.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, adapt_data, xp
        See `AbstractInterpolator`.
    """

    exclude_zero_weight_mappings = False
    is_continuous = False
    is_linear_in_triangles = False

    def _interpolation_from(self, points: Array) -> tuple[Array, Array, Array]:
        mappings, weights, _ = get_interpolation_weights(
            points=self.mesh_grid_xy,
            query_points=points,
            k_neighbors=self.mesh.k_neighbors,
            radius_scale=self.mesh.radius_scale,
        )
        return mappings, self._full_sizes_from(mappings), weights

    def _full_sizes_from(self, mappings: Array) -> Array:
        return as_array(np.full(mappings.shape[0], mappings.shape[1]), self._xp)

    @derived
    def distance_to_self(self) -> Array:
        """The distances of each vertex to the `k_neighbors` nearest ones, of shape (pixels, width), in arc-seconds.

        The first is the vertex itself, or one at its place, at a distance of 1e-10 that stands for zero.
        """
        xp, vertices = self._xp, self.mesh_grid_xy
        width = min(self.mesh.k_neighbors, vertices.shape[0])
        return _distances_from(vertices, vertices, nearest_from(vertices, vertices, width, xp), xp)

    @derived
    def split_points(self) -> Array:
        """The (y, x) ends of a cross around each vertex, of shape (4 * pixels, 2): above, below, right and left.

        Its arms are half as long as the way to the vertex's neighbor number `k_neighbors` // `split_neighbor_division`.

        Raises
        ------
        MeshException
            If `k_neighbors` is 1, which leaves a vertex without neighbors.
        """
        distances = self.distance_to_self
        width = distances.shape[1]
        if width < 2:
            raise exc.MeshException(
                f"{type(self.mesh).__name__}.k_neighbors: expected at least 2 for a regularization that splits pixels, "
                f"found {self.mesh.k_neighbors}"
            )
        neighbor = self.mesh.k_neighbors // self.mesh.split_neighbor_division
        neighbor = int(min(max(neighbor, 1), width - 1))
        return split_points_from(self.mesh_grid_xy, _ARM * distances[:, neighbor], self._xp)


class InterpolatorKNNBarycentric(InterpolatorKNearestNeighbor):
    """Linear interpolation in the triangle of the three vertices nearest to a coordinate.

    Where that is the Delaunay triangle around the coordinate the weights are those of `InterpolatorDelaunay`. They jump
    where another vertex comes to be among the nearest three. See `barycentric_weights_from_3_nearest` for coordinates
    outside their triangle, and for triangles without an area.

    The crosses of split regularizations have the arms of the parent class, which follow `k_neighbors`.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, adapt_data, xp
        See `AbstractInterpolator`.
    """

    def _interpolation_from(self, points: Array) -> tuple[Array, Array, Array]:
        vertices = self.mesh_grid_xy
        mappings = nearest_from(vertices, points, 3, self._xp)
        weights = barycentric_weights_from_3_nearest(points, vertices, mappings, self._xp)
        return mappings, self._full_sizes_from(mappings), weights
