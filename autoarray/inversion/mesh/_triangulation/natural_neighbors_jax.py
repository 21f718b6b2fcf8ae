"""Natural-neighbor weights in JAX: every query walks once around the inside of its cavity.

A walk is a sequence of half-edges inside the cavity. Where the triangle beyond a half-edge belongs to the cavity the
walk crosses it and goes on with the next half-edge over there; where it doesn't the half-edge is at the boundary, and
the walk goes on with the next one of the same triangle. So it takes three steps for each triangle, turning around one
natural neighbor after another. All shapes are static, and only whole numbers are walked with: the weights are computed
from the recorded half-edges, with derivatives.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._triangulation.barycentric import pixel_weights_delaunay_from
from autoarray.inversion.mesh._triangulation.blocks_jax import map_blocks
from autoarray.inversion.mesh._triangulation.half_edges import (
    HalfEdges,
    at_corner,
    following,
    half_edges_from,
    shares_of_edge,
)

if TYPE_CHECKING:
    import jax
    from jaxtyping import Bool, Float, Int

# Queries that are interpolated together: what they record stays small.
_BLOCK = 4096
# Most cavities have fewer triangles than this. A block of none larger is weighed in tables of that width.
_FEW_TRIANGLES = 12


def tables_from(
    triangulation: tuple[Float[Array, "vertices 2"], Int[Array, "triangles 3"], Int[Array, "triangles 3"]],
    queries: Float[Array, "queries 2"],
    seeds: Int[Array, "queries"],
    linear: Int[Array, "queries 3"],
    most_triangles: int,
    width: int,
) -> tuple[Array, ...]:
    """The tables of `sibson.sibson_mappings_weights_from_tables`.

    Parameters
    ----------
    triangulation
        The vertices, simplices and neighbors.
    queries
        (y, x) points of shape (M, 2).
    seeds
        The triangle that each is in, of shape (M,); -1 where it is in none.
    linear
        The vertices that each would be interpolated from linearly, of shape (M, 3), padded with -1.
    most_triangles
        The most triangles that a cavity may have.
    width
        The width of the tables, and the most natural neighbors that a query may have.
    """
    return _kernel()(triangulation, queries, seeds, linear, most_triangles, width)


@functools.cache
def _kernel() -> Callable[..., Any]:
    import jax

    # Compiled where it is called eagerly too: a loop of single operations would be slow.
    return jax.jit(_tables, static_argnums=(4, 5))


def _tables(
    triangulation: tuple[Float[jax.Array, "vertices 2"], Int[jax.Array, "triangles 3"], Int[jax.Array, "triangles 3"]],
    queries: Float[jax.Array, "queries 2"],
    seeds: Int[jax.Array, "queries"],
    linear: Int[jax.Array, "queries 3"],
    most_triangles: int,
    width: int,
) -> tuple[jax.Array, ...]:
    import jax.numpy as jnp

    points, simplices, _ = triangulation
    half_edges = half_edges_from(*triangulation, jnp)
    # A cavity has two vertices more than triangles.
    block = functools.partial(_block, half_edges, min(most_triangles, width - 2), width)
    # Blocks of equal size, which few queries fill up.
    blocks = max(1, -(-queries.shape[0] // _BLOCK))
    tables = map_blocks(block, (queries, seeds), (0.0, -1), size=max(1, -(-queries.shape[0] // blocks)))
    vertices, weights, sizes, natural, cavity_sizes, overflow = tables

    padding = ((0, 0), (0, width - 3))
    linear_weights = jnp.pad(pixel_weights_delaunay_from(queries, points, linear, jnp), padding)
    vertices = jnp.where(natural[:, None], vertices, jnp.pad(linear, padding, constant_values=-1))
    weights = jnp.where(natural[:, None], weights, linear_weights)
    linear_sizes = (linear >= 0).sum(axis=1)
    sizes = jnp.where(natural, sizes.astype(linear_sizes.dtype), linear_sizes)
    # Vertices that are being traced and have no triangulation can't raise, and must not pass for a mesh.
    weights = jnp.where(overflow[:, None] | (simplices[0, 0] < 0), jnp.nan, weights)
    return vertices, sizes, weights, cavity_sizes, overflow, (seeds >= 0) & ~natural & ~overflow


def _block(
    half_edges: HalfEdges,
    triangles: int,
    width: int,
    inputs: tuple[Float[jax.Array, "queries 2"], Int[jax.Array, "queries"]],
) -> tuple[jax.Array, ...]:
    """The vertices, weights and number of the natural neighbors of some queries; whether those are to be used; the
    number of triangles in each cavity; and whether there were more than `triangles`."""
    import jax
    import jax.numpy as jnp

    queries, seeds = inputs
    record, overflow = _walks(*jax.lax.stop_gradient((half_edges, queries, seeds)), triangles, jnp)
    few = min(_FEW_TRIANGLES, triangles)

    # What leads to the derivatives is computed again for them: stored, it would be the largest table by far.
    @functools.partial(jax.checkpoint, static_argnums=(2,))
    def weights_of(half_edges: HalfEdges, queries: jax.Array, triangles: int) -> tuple[jax.Array, ...]:
        return _weights_of(half_edges, queries, record[: 3 * triangles], triangles + 2, width, jnp)

    if few == triangles:
        vertices, weights, sizes, usable = weights_of(half_edges, queries, triangles)
    else:
        vertices, weights, sizes, usable = jax.lax.cond(
            (record[3 * few] >= 0).any(),
            lambda *arrays: weights_of(*arrays, triangles),
            lambda *arrays: weights_of(*arrays, few),
            *(half_edges, queries),
        )
    # Those that did not walk have no natural neighbors, and those that did not come around not all of them.
    natural = usable & (sizes > 0) & ~overflow
    return vertices, weights, sizes, natural, (record >= 0).sum(axis=0) // 3, overflow


def _walks(
    half_edges: HalfEdges,
    queries: Float[jax.Array, "queries 2"],
    seeds: Int[jax.Array, "queries"],
    triangles: int,
    jnp: Namespace,
) -> tuple[Int[jax.Array, "steps queries"], Bool[jax.Array, "queries"]]:
    """The half-edges that each query walks along, and whether it has not come around in the steps there are.

    Each is recorded as twice its number, plus one if it is at the boundary, in an array of shape (3 * triangles, M)
    that ends with -1.
    """
    import jax

    twin, circle = half_edges.twin, half_edges.circle
    y, x = queries[:, 0], queries[:, 1]
    seeds_or_first = jnp.maximum(seeds, 0)
    origin = 3 * seeds_or_first
    curved = (circle[seeds_or_first, 2:] != 0.0).any(axis=1)
    walking = (seeds >= 0) & curved & ~at_corner(half_edges, queries, seeds_or_first, jnp)

    def step(loop: tuple[Any, ...]) -> tuple[Any, ...]:
        at, edge, walking, record = loop
        beyond = twin.at[edge].get(mode="promise_in_bounds")
        row = circle.at[beyond // 3].get(mode="promise_in_bounds")
        dy, dx = y - row[:, 0], x - row[:, 1]
        # The way back to where the walk began has to be open whatever rounding says.
        inside = (dy * (dy - row[:, 2]) + dx * (dx - row[:, 3]) < 0.0) | (beyond // 3 == seeds_or_first)
        code = 2 * edge + jnp.where(inside, 0, 1)
        record = jax.lax.dynamic_update_index_in_dim(record, jnp.where(walking, code, -1), at, axis=0)
        edge = following(jnp.where(inside, beyond, edge), jnp)
        return at + 1, edge, walking & (edge != origin), record

    def unfinished(loop: tuple[Any, ...]) -> jax.Array:
        return (loop[0] < 3 * triangles) & loop[2].any()

    record = jnp.full((3 * triangles, queries.shape[0]), -1, dtype=origin.dtype)
    _, _, walking, record = jax.lax.while_loop(unfinished, step, (0, origin, walking, record))
    return record, walking


def _weights_of(
    half_edges: HalfEdges,
    queries: Float[jax.Array, "queries 2"],
    record: Int[jax.Array, "steps queries"],
    slots: int,
    width: int,
    jnp: Namespace,
) -> tuple[
    Int[jax.Array, "queries width"],
    Float[jax.Array, "queries width"],
    Int[jax.Array, "queries"],
    Bool[jax.Array, "queries"],
]:
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
    from_ = [values.at[start].get(mode="promise_in_bounds") for values in half_edges.points.T]
    to = [values.at[end].get(mode="promise_in_bounds") for values in half_edges.points.T]
    lost_first, lost_last, left = shares_of_edge(
        [values - at for values, at in zip(from_, queries.T, strict=True)],
        [values - at for values, at in zip(to, queries.T, strict=True)],
        [values - other for values, other in zip(to, from_, strict=True)],
        jnp,
    )
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
