"""Which triangle of a triangulation each point is in, and which vertex is nearest to a point outside of all of them.

NumPy mode asks SciPy. JAX mode walks: a k-d tree brings each point close to its place, from where it crosses the edge
that it is furthest beyond until it is beyond none (a visibility walk; it ends in every Delaunay triangulation).
A point that leaves the hull goes from vertex to vertex as long as a neighbor is closer, which ends at the nearest.
No table of points x vertices is ever made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._triangulation.triangulation import Triangulation, corners_from, doubled_areas_from

if TYPE_CHECKING:
    import jax
    from jaxtyping import Bool, Float, Int

# How many points outside the hull look for their nearest vertex at a time.
_BATCH = 4096

# A triangle counts as flat, and holds no point, if twice its area is below this fraction of its longest side squared.
_FLAT = 1e-13
# How far beyond an edge a point may be to count as inside, as a fraction of the triangle's height.
_TOLERANCE = 2e-14

_WALKING, _INSIDE, _OUTSIDE = np.int8(0), np.int8(1), np.int8(2)


def locations_from(
    triangulation: Triangulation, points: Float[Array, "queries 2"], xp: Namespace = np
) -> tuple[Int[Array, "queries"], Int[Array, "queries"]]:
    """The triangle that each (y, x) point is in, and for those in none the nearest vertex.

    Where a point lies has no derivative: in JAX mode both are constants for differentiation.

    Parameters
    ----------
    triangulation
        The triangulation of N vertices.
    points
        (y, x) points of shape (M, 2), in arc-seconds.

    Returns
    -------
    tuple
        The triangles of shape (M,), -1 outside the convex hull, and the vertices of shape (M,), -1 inside.
    """
    if xp is not np:
        return _kernel()(triangulation, points)
    simplex = triangulation.search.find_simplex(points)
    vertex = np.full(simplex.shape, -1, dtype=simplex.dtype)
    outside = np.flatnonzero(simplex < 0)
    if len(outside):
        vertex[outside] = _nearest_vertices_from(triangulation, points[outside])
    return simplex, vertex


def mappings_from(
    triangulation: Triangulation, points: Float[Array, "queries 2"], xp: Namespace = np
) -> Int[Array, "queries 3"]:
    """The vertices that each (y, x) point of shape (M, 2) is interpolated from, of shape (M, 3).

    They are those of its triangle, or outside the convex hull the nearest vertex and -1 twice.
    """
    simplex, vertex = locations_from(triangulation, points, xp)
    inside = simplex >= 0
    mappings = triangulation.simplices[xp.where(inside, simplex, 0)]
    single = xp.stack((vertex, xp.full_like(vertex, -1), xp.full_like(vertex, -1)), axis=1)
    return xp.where(inside[:, None], mappings, single)


def _nearest_vertices_from(
    triangulation: Triangulation, points: Float[Array, "queries 2"]
) -> Int[np.ndarray, "queries"]:
    from scipy.spatial import KDTree

    # A vertex that is part of no triangle is at the place of one that is.
    vertices = np.flatnonzero(triangulation.vertex_simplex >= 0)
    # Beyond 1e150 the squares of distances are not finite, and the tree finds nothing.
    wrong = np.flatnonzero(~(np.abs(points) <= 1e150).all(axis=1))
    if len(wrong):
        raise exc.MeshException(
            f"points to interpolate: expected finite coordinates, found {len(wrong)} that are not, the first "
            f"{tuple(float(value) for value in points[wrong[0]])}"
        )
    return vertices[KDTree(triangulation.points[vertices]).query(points)[1]]


# ---------------------------------------------------------------------- JAX


@functools.cache
def _kernel() -> Callable[..., Any]:
    import jax

    # Compiled where it is called eagerly too: a loop of single operations would be slow.
    return jax.jit(_walk)


def _walk(
    triangulation: Triangulation, points: Float[jax.Array, "queries 2"]
) -> tuple[Int[jax.Array, "queries"], Int[jax.Array, "queries"]]:
    import jax
    import jax.numpy as jnp

    triangulation, points = jax.lax.stop_gradient((triangulation, points))
    rows, neighbors = _edges_table(triangulation, jnp), triangulation.neighbors

    def further(loop: tuple[Any, ...]) -> tuple[Any, ...]:
        return loop[0] + 1, *_step(rows, neighbors, points, loop[1], loop[2], jnp)

    def unfinished(loop: tuple[Any, ...]) -> jax.Array:
        # A walk that numerical noise on flat triangles sends in circles ends here, and takes the nearest vertex.
        return (loop[0] < neighbors.shape[0]) & jnp.any(loop[2] == _WALKING)

    start = 0, _seeds_from(triangulation, points, jnp), jnp.full(points.shape[0], _WALKING)
    _, simplex, status = jax.lax.while_loop(unfinished, further, start)
    inside = status == _INSIDE
    corner = jnp.maximum(triangulation.simplices.at[simplex, 0].get(mode="promise_in_bounds"), 0)
    vertex = _nearest_in_batches(triangulation, points, corner, inside)
    return jnp.where(inside, simplex, -1), jnp.where(inside, -1, vertex)


def _seeds_from(
    triangulation: Triangulation, points: Float[jax.Array, "queries 2"], jnp: Namespace
) -> Int[jax.Array, "queries"]:
    """A triangle close to each point: the one at the leaf of the k-d tree that it falls in."""
    splits, leaves = triangulation.search.splits, triangulation.search.leaves
    node = jnp.zeros(points.shape[0], dtype=jnp.int32)
    for level in range(len(leaves).bit_length() - 1):
        right = points[:, level % 2] > splits.at[node].get(mode="promise_in_bounds")
        node = 2 * node + 1 + right.astype(jnp.int32)
    return jnp.maximum(leaves.at[node - splits.shape[0]].get(mode="promise_in_bounds"), 0)


def _edges_table(triangulation: Triangulation, jnp: Namespace) -> Float[jax.Array, "triangles 7"]:
    """The three corners of each triangle in one row, and the least that a point inside is on the left of an edge."""
    corners, used = corners_from(triangulation.points, triangulation.simplices, jnp)
    doubled = doubled_areas_from(corners)
    longest = ((corners - jnp.roll(corners, 1, axis=0)) ** 2).sum(axis=2).max(axis=0)
    least = jnp.where(used & (doubled > _FLAT * longest), -_TOLERANCE * doubled, jnp.inf)
    return jnp.concatenate((*corners, least[:, None]), axis=1)


def _step(
    rows: Float[jax.Array, "triangles 7"],
    neighbors: Int[jax.Array, "triangles 3"],
    points: Float[jax.Array, "queries 2"],
    simplex: Int[jax.Array, "queries"],
    status: Int[jax.Array, "queries"],
    jnp: Namespace,
) -> tuple[Int[jax.Array, "queries"], Int[jax.Array, "queries"]]:
    """One step of the walk: across the edge that a point is furthest beyond, unless it is inside."""
    row = rows.at[simplex].get(mode="promise_in_bounds")
    y, x = points[:, 0], points[:, 1]
    dy, dx = [row[:, i] - y for i in (0, 2, 4)], [row[:, i] - x for i in (1, 3, 5)]
    # Side k is twice the area between the point and the edge opposite corner k, negative beyond it.
    a, b, c = (dy[i] * dx[j] - dx[i] * dy[j] for i, j in ((1, 2), (2, 0), (0, 1)))
    worst = jnp.where(a <= b, jnp.where(a <= c, 0, 2), jnp.where(b <= c, 1, 2))
    inside = jnp.minimum(jnp.minimum(a, b), c) >= row[:, 6]
    across = neighbors.at[simplex, worst].get(mode="promise_in_bounds")
    next_status = jnp.where(inside, _INSIDE, jnp.where(across < 0, _OUTSIDE, _WALKING))
    status = jnp.where(status == _WALKING, next_status, status)
    return jnp.where(status == _WALKING, across, simplex), status


def _nearest_by_descent(
    triangulation: Triangulation, points: Float[jax.Array, "queries 2"], start: Int[jax.Array, "queries"]
) -> Int[jax.Array, "queries"]:
    """The vertex nearest to each point: from `start` on, to any neighbor that is closer, until there is none."""
    import jax
    import jax.numpy as jnp

    vertices, (ends, indices) = triangulation.points, triangulation.search[2:]

    def squared(vertex: Int[jax.Array, "queries"]) -> Float[jax.Array, "queries"]:
        return ((vertices.at[vertex].get(mode="promise_in_bounds") - points) ** 2).sum(axis=1)

    def end(vertex: Int[jax.Array, "queries"], which: int) -> Int[jax.Array, "queries"]:
        return ends.at[vertex + which].get(mode="promise_in_bounds")

    def further(loop: tuple[Any, ...]) -> tuple[Any, ...]:
        vertex, distance, at, last = loop
        candidate = jnp.maximum(indices.at[jnp.minimum(at, indices.shape[0] - 1)].get(mode="promise_in_bounds"), 0)
        other = squared(candidate)
        closer = (at < last) & (other < distance)
        vertex = jnp.where(closer, candidate, vertex)
        at = jnp.where(closer, end(vertex, 0), at + 1)
        return vertex, jnp.where(closer, other, distance), at, jnp.where(closer, end(vertex, 1), last)

    first = start, squared(start), end(start, 0), end(start, 1)
    return jax.lax.while_loop(lambda loop: jnp.any(loop[2] < loop[3]), further, first)[0]


def _nearest_in_batches(
    triangulation: Triangulation,
    points: Float[jax.Array, "queries 2"],
    start: Int[jax.Array, "queries"],
    done: Bool[jax.Array, "queries"],
) -> Int[jax.Array, "queries"]:
    """The vertex nearest to each point that is not done, for some thousand points at a time."""
    import jax
    import jax.numpy as jnp

    def batch(state: tuple[Any, ...]) -> tuple[Any, ...]:
        vertex, done = state
        # The fastest way to gather the few that are left: `nonzero` takes ten times as long to compile. A batch is
        # filled up with points that are done, whose vertex is not used.
        which = jax.lax.top_k((~done).astype(jnp.float32), min(_BATCH, points.shape[0]))[1]
        nearest = _nearest_by_descent(triangulation, points[which], vertex[which])
        return vertex.at[which].set(nearest), done.at[which].set(True)

    return jax.lax.while_loop(lambda state: ~jnp.all(state[1]), batch, (start, done))[0]
