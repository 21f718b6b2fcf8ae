"""Natural-neighbour weights in JAX: every query walks once around the inside of its cavity.

A walk is a sequence of half-edges inside the cavity. Where the triangle beyond a half-edge belongs to the cavity the
walk crosses it and goes on with the next half-edge over there; where it doesn't the half-edge is at the boundary, and
the walk goes on with the next one of the same triangle. So it takes three steps for each triangle, turning around one
natural neighbor after another. All shapes are static, and only whole numbers are walked with: the weights are computed
from the recorded half-edges, with derivatives.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from autoarray.inversion.mesh.interpolator.sibson_tables import HalfEdges, following, shares_of_edge

# Queries that are interpolated together: what they record stays small.
_BLOCK = 4096
# Most cavities have fewer triangles than this. A block of none larger is weighed in tables of that width.
_FEW_TRIANGLES = 12


class PaddedWeights(NamedTuple):
    """The natural neighbors of M queries in tables of a static width."""

    vertices: Any
    """The neighbors of shape (M, width), counter-clockwise; unused entries are -1."""

    weights: Any
    """Their weights, 0 where unused; those of a query that `usable` excludes mean nothing."""

    sizes: Any
    """How many there are, of shape (M,)."""

    usable: Any
    """Whether each query is inside all edges of its cavity, and its triangle is not flat, of shape (M,)."""

    cavity_sizes: Any
    """The number of triangles in each cavity, of shape (M,), as far as it was walked."""

    overflow: Any
    """Whether the cavity has more triangles than allowed, of shape (M,)."""


def natural_neighbors_from(
    half_edges: HalfEdges, queries: Any, seeds: Any, triangles: int, width: int
) -> PaddedWeights:
    """The natural neighbors of (y, x) queries of shape (M, 2).

    Parameters
    ----------
    half_edges
        The tables of the triangulation.
    seeds
        The triangle that each query is in, of shape (M,); -1 where it is in none, which is then not `usable`.
    triangles
        The most triangles that a cavity may have, at most `width` - 2.
    width
        The width of the tables.
    """
    return _compiled()(half_edges, queries, seeds, triangles, width)


@functools.cache
def _compiled() -> Any:
    import jax

    # Compiled where it is called eagerly too: a loop of single operations would be slow.
    return jax.jit(_in_blocks, static_argnums=(3, 4))


def _in_blocks(half_edges: HalfEdges, queries: Any, seeds: Any, triangles: int, width: int) -> PaddedWeights:
    import jax
    import jax.numpy as jnp

    total = queries.shape[0]
    blocks = max(1, -(-total // _BLOCK))
    size = -(-total // blocks)
    extra = blocks * size - total
    queries = jnp.concatenate((queries, jnp.zeros((extra, 2), dtype=queries.dtype)))
    seeds = jnp.concatenate((seeds, jnp.full((extra,), -1, dtype=seeds.dtype)))

    def block(inputs: Any) -> PaddedWeights:
        queries, seeds = inputs
        record, overflow = _walks(*jax.lax.stop_gradient((half_edges, queries, seeds)), triangles, jnp)
        few = min(_FEW_TRIANGLES, triangles)

        # What leads to the derivatives is computed again for them: stored, it would be the largest table by far.
        @jax.checkpoint
        def weigh_few(queries: Any) -> Any:
            return _weighed(half_edges, queries, record[: 3 * few], few + 2, width, jnp)

        @jax.checkpoint
        def weigh_all(queries: Any) -> Any:
            return _weighed(half_edges, queries, record, triangles + 2, width, jnp)

        if few == triangles:
            weighed = weigh_all(queries)
        else:
            weighed = jax.lax.cond((record[3 * few] >= 0).any(), weigh_all, weigh_few, queries)
        vertices, weights, sizes, usable = weighed
        flat = (half_edges.circle[jnp.maximum(seeds, 0), 2:] == 0.0).all(axis=1)
        usable = usable & ~flat & (seeds >= 0)
        return PaddedWeights(vertices, weights, sizes, usable, (record >= 0).sum(axis=0) // 3, overflow)

    found = jax.lax.map(block, (queries.reshape(blocks, size, 2), seeds.reshape(blocks, size)))
    return jax.tree.map(lambda table: table.reshape(blocks * size, *table.shape[2:])[:total], found)


def _walks(half_edges: HalfEdges, queries: Any, seeds: Any, triangles: int, jnp: Any) -> tuple[Any, Any]:
    """The half-edges that each query walks along, and whether it has not come around in the steps there are.

    Each is recorded as twice its number, plus one if it is at the boundary, in an array of shape (3 * triangles, M)
    that ends with -1.
    """
    import jax

    twin, circle = half_edges.twin, half_edges.circle
    y, x = queries[:, 0], queries[:, 1]
    origin = 3 * jnp.maximum(seeds, 0)

    def step(loop: Any) -> Any:
        at, edge, walking, record = loop
        beyond = twin.at[edge].get(mode="promise_in_bounds")
        row = circle.at[beyond // 3].get(mode="promise_in_bounds")
        dy, dx = y - row[:, 0], x - row[:, 1]
        inside = dy * (dy - row[:, 2]) + dx * (dx - row[:, 3]) < 0.0
        code = 2 * edge + jnp.where(inside, 0, 1)
        record = jax.lax.dynamic_update_index_in_dim(record, jnp.where(walking, code, -1), at, axis=0)
        edge = following(jnp.where(inside, beyond, edge), jnp)
        return at + 1, edge, walking & (edge != origin), record

    def unfinished(loop: Any) -> Any:
        return (loop[0] < 3 * triangles) & loop[2].any()

    record = jnp.full((3 * triangles, queries.shape[0]), -1, dtype=origin.dtype)
    _, _, walking, record = jax.lax.while_loop(unfinished, step, (0, origin, seeds >= 0, record))
    return record, walking


def _weighed(half_edges: HalfEdges, queries: Any, record: Any, slots: int, width: int, jnp: Any) -> Any:
    """The vertices, weights, sizes and usability of queries whose cavities have `slots` vertices at most."""
    walked = record >= 0
    edge = jnp.maximum(record, 0) // 2
    at_boundary = walked & (record % 2 == 1)
    column = jnp.arange(queries.shape[0])[None, :]
    # Until it is at the boundary, a walk turns around the vertex that the next boundary edge starts from.
    counted = at_boundary.astype(record.dtype)
    passed = jnp.cumsum(counted, axis=0)
    sizes = passed[-1]
    slot = passed - counted
    slot = jnp.where(slot == sizes, 0, slot)
    share = jnp.where(walked, half_edges.share.at[following(edge, jnp)].get(mode="promise_in_bounds"), 0.0)
    before = jnp.zeros((slots, queries.shape[0]), dtype=share.dtype).at[slot, column].add(share, mode="drop")
    outline = jnp.zeros((slots, queries.shape[0]), dtype=edge.dtype)
    outline = outline.at[jnp.where(at_boundary, slot, slots), column].set(edge, mode="drop")

    number = jnp.arange(slots, dtype=sizes.dtype)[:, None]
    used = number < sizes
    start = half_edges.start.at[outline].get(mode="promise_in_bounds")
    end = half_edges.end.at[outline].get(mode="promise_in_bounds")
    first = half_edges.points.at[start].get(mode="promise_in_bounds") - queries
    last = half_edges.points.at[end].get(mode="promise_in_bounds") - queries
    lost_first, lost_last, left = shares_of_edge(first[..., 0], first[..., 1], last[..., 0], last[..., 1], jnp)
    usable = (left | ~used).all(axis=0)
    # The vertex that an edge ends at is the one that the next edge starts from.
    previous = jnp.where(number == 0, jnp.maximum(sizes, 1) - 1, number - 1)
    areas = jnp.where(used, before - lost_first - jnp.take_along_axis(lost_last, previous, axis=0), 0.0)
    total = areas.sum(axis=0)
    usable = usable & (total > 0.0)
    weights = areas / jnp.where(usable, total, 1.0)
    padding = ((0, 0), (0, width - slots))
    return (
        jnp.pad(jnp.where(used, start, -1).T, padding, constant_values=-1),
        jnp.pad(weights.T, padding),
        sizes,
        usable,
    )
