"""Natural-neighbor weights in NumPy: the cavities of all queries grow together, one ring of triangles at a time.

The triangles of a cavity form a tree, because there is no vertex inside it. So a triangle is reached across one edge
only, and no list of those already visited is needed: a step turns an edge whose far triangle belongs to the cavity into
the two other edges of that triangle, and every other edge is at the cavity's boundary. An edge carries the Voronoi
shares that its two ends have in the triangles behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from autoarray._numerics import compiled
from autoarray.inversion.mesh._triangulation.half_edges import (
    CLOSE,
    FLAT,
    HalfEdges,
    at_corner,
    following,
    shares_of_edge,
)

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

# Queries whose cavities grow together: some 10 edges each, which then stay in a processor's cache.
_BLOCK = 8192


class Weights(NamedTuple):
    """The natural neighbors of M queries, one query after another."""

    ends: Int[np.ndarray, "queries+1"]
    """Where the neighbors of each query begin and end."""

    vertices: Int[np.ndarray, "entries"]
    """The neighbors, in ascending order for each query."""

    weights: Float[np.ndarray, "entries"]
    """Their weights; those of a query that `usable` excludes mean nothing."""

    usable: Bool[np.ndarray, "queries"]
    """Whether each query is inside all edges of its cavity, and not at a corner of its triangle or in a flat one."""

    cavity_sizes: Int[np.ndarray, "queries"]
    """The number of triangles in each cavity."""


def natural_neighbors_from(
    half_edges: HalfEdges, queries: Float[np.ndarray, "queries 2"], seeds: Int[np.ndarray, "queries"]
) -> Weights:
    """The natural neighbors of (y, x) queries of shape (M, 2) in the triangles `seeds` of shape (M,)."""
    if compiled.is_available():
        from autoarray.inversion.mesh._triangulation import natural_neighbors_numba

        tables = (np.ascontiguousarray(table) for table in half_edges)
        return Weights(*natural_neighbors_numba.natural_neighbors(*tables, queries, seeds, FLAT, CLOSE))
    # The tables in the order in which they are read: the half-edges that follow, one and two steps on.
    next_ = np.asarray(following(np.arange(len(half_edges.twin)), np))
    blocks = [
        _block(half_edges, next_, queries[start : start + _BLOCK], seeds[start : start + _BLOCK])
        for start in range(0, max(len(queries), 1), _BLOCK)
    ]
    counts = np.concatenate([np.diff(block.ends) for block in blocks])
    return Weights(
        np.concatenate(([0], np.cumsum(counts))),
        *(np.concatenate([block[which] for block in blocks]) for which in range(1, 5)),
    )


def _block(
    half_edges: HalfEdges,
    next_: Int[np.ndarray, "half_edges"],
    queries: Float[np.ndarray, "queries 2"],
    seeds: Int[np.ndarray, "queries"],
) -> Weights:
    usable = ~at_corner(half_edges, queries, seeds, np)
    usable &= (half_edges.circle[seeds, 2:] != 0.0).any(axis=1)
    total, query, edge, first, last = _boundary(half_edges, next_, queries, seeds, np.flatnonzero(usable))
    start, end = half_edges.start[edge], half_edges.end[edge]
    at, from_, to = queries[query].T, half_edges.points[start].T, half_edges.points[end].T
    lost_first, lost_last, left = shares_of_edge(from_ - at, to - at, to - from_, np)
    # What the cells of the neighbors lose to the query: their shares of the cavity before, less those after.
    areas = np.concatenate((first - lost_first, last - lost_last))
    rows, columns = np.concatenate((query, query)), np.concatenate((start, end))
    # Adds up what the two edges at each neighbor contribute.
    table = sparse.coo_matrix((areas, (rows, columns)), shape=(len(queries), len(half_edges.points))).tocsr()
    table.sort_indices()
    sums = np.bincount(query, weights=first + last - lost_first - lost_last, minlength=len(queries))
    usable &= (np.bincount(query[~left], minlength=len(queries)) == 0) & (sums > 0.0) & (total > 0)
    scale = np.where(usable, sums, 1.0)
    return Weights(table.indptr, table.indices, table.data / np.repeat(scale, np.diff(table.indptr)), usable, total)


def _boundary(
    half_edges: HalfEdges,
    next_: Int[np.ndarray, "half_edges"],
    queries: Float[np.ndarray, "queries 2"],
    seeds: Int[np.ndarray, "queries"],
    which: Int[np.ndarray, "usable"],
) -> tuple[
    Int[np.ndarray, "queries"],
    Int[np.ndarray, "edges"],
    Int[np.ndarray, "edges"],
    Float[np.ndarray, "edges"],
    Float[np.ndarray, "edges"],
]:
    """The boundary edges of the cavities of those queries whose indexes are in `which`.

    Returns
    -------
    tuple
        The number of triangles of each cavity; and for each edge its query, its half-edge inside the cavity and the
        shares that its start and end have in the triangles of the cavity (each vertex's are with one of its two edges).
    """
    twin, share, circle = half_edges.twin, half_edges.share, half_edges.circle
    query = np.repeat(which, 3)
    edge = (3 * seeds[which, None] + np.arange(3)).reshape(-1)
    first, last = share[next_[edge]], np.zeros(len(edge))
    nothing = np.zeros(0, dtype=query.dtype)
    finished = [(nothing, nothing, np.zeros(0), np.zeros(0))]
    total = np.bincount(which, minlength=len(queries))
    # A cavity that runs around a vertex, which rounding alone could make, would grow for ever.
    for _ in range(len(twin) // 3):
        if not len(query):
            break
        beyond = twin[edge]
        row, at = circle[beyond // 3], queries[query]
        dy, dx = at[:, 0] - row[:, 0], at[:, 1] - row[:, 1]
        inside = dy * (dy - row[:, 2]) + dx * (dx - row[:, 3]) < 0.0
        at_boundary = ~inside
        finished.append((query[at_boundary], edge[at_boundary], first[at_boundary], last[at_boundary]))
        query, beyond, first, last = query[inside], beyond[inside], first[inside], last[inside]
        total += np.bincount(query, minlength=len(total))
        # The edge from a to b is crossed, where its twin runs from b to a; the corner opposite is p.
        from_a = next_[beyond]
        to_b = next_[from_a]
        query = np.concatenate((query, query))
        edge = np.concatenate((from_a, to_b))
        first = np.concatenate((first + share[to_b], np.zeros(len(beyond))))
        last = np.concatenate((share[beyond], last + share[from_a]))
    total[query] = 0
    query, edge, first, last = (np.concatenate(parts) for parts in zip(*finished, strict=True))
    return total, query, edge, first, last
