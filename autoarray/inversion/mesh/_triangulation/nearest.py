"""The k vertices nearest to each point, exactly, on both backends.

NumPy mode asks SciPy's k-d tree. JAX mode divides the vertices into groups of 32 and knows the shortest distance to
each group; k times over it opens the group with the least of them, takes its nearest vertex, and puts the next one of
that group in its place. That takes the N x M distances once and never holds them, has static shapes, and needs no
sort, which on a CPU costs JAX a hundred times as much in double precision.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._numerics import compiled
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._triangulation.blocks_jax import map_blocks

if TYPE_CHECKING:
    import jax
    from jaxtyping import Float, Int
    from scipy.spatial import KDTree

# Vertices in one group: one for each bit of an int32, which notes those that have been taken.
_GROUP = 32
# The vertices along y in a square as wide as a strip of the compiled kernel, were they uniform.
_NEAR = 1.5
# Points whose neighbors are looked for at a time: what fits a CPU's cache, and what fills a GPU.
_BLOCK_CPU, _BLOCK_GPU = 128, 16384


def nearest_from(
    points: Float[Array, "vertices 2"], query_points: Float[Array, "queries 2"], k_neighbors: int, xp: Namespace = np
) -> Int[Array, "queries k_neighbors"]:
    """The vertices nearest to each query, the nearest first; of those at one distance, the first ones.

    Which they are has no derivative: in JAX mode they are constants for differentiation. A query that is not finite
    has no neighbors that mean anything there.

    Parameters
    ----------
    points
        (y, x) vertices of shape (N, 2).
    query_points
        (y, x) points of shape (M, 2).
    k_neighbors
        How many vertices to find, from 1 to N.

    Returns
    -------
    array
        Indexes of `points` of shape (M, k_neighbors) and type int32.

    Raises
    ------
    MeshException
        If `k_neighbors` is not in that range or, in NumPy mode, if some queries or vertices are not finite.
    """
    total = points.shape[0]
    if not 1 <= k_neighbors <= total:
        raise exc.MeshException(f"k_neighbors: expected a number from 1 to {total} (all vertices), found {k_neighbors}")
    if xp is not np:
        return _kernel()(points, query_points, k_neighbors)
    for name, values in (("vertices", points), ("points to interpolate", query_points)):
        # Beyond 1e150 the squares of distances are not finite, and the tree finds nothing.
        wrong = int((~(np.abs(values) <= 1e150)).any(axis=1).sum())
        if wrong:
            raise exc.MeshException(
                f"nearest neighbors: expected finite {name}, found {wrong} of {len(values)} that are not"
            )
    if compiled.is_available():
        return _strips_nearest(np.asarray(points, dtype=float), np.asarray(query_points, dtype=float), k_neighbors)
    from scipy.spatial import KDTree

    return _tree_nearest(KDTree(points), query_points, k_neighbors, min(k_neighbors + 1, total)).astype(np.int32)


def _strips_nearest(
    points: Float[np.ndarray, "vertices 2"], query_points: Float[np.ndarray, "queries 2"], k_neighbors: int
) -> Int[np.ndarray, "queries k_neighbors"]:
    """As `nearest_from`, by a compiled kernel."""
    from autoarray.inversion.mesh._triangulation import nearest_numba

    total = points.shape[0]
    strips = np.linspace(0, total, max(1, round((total / _NEAR) ** 0.5)) + 1).astype(np.intp)
    strip_of_rank = np.repeat(np.arange(strips.size - 1), np.diff(strips))
    by_x = np.argsort(points[:, 1], kind="stable")
    order = by_x[np.lexsort((points[by_x, 0], strip_of_rank))]
    return nearest_numba.nearest_in_strips(points, order, strips, query_points, k_neighbors)


def _tree_nearest(
    tree: KDTree, query_points: Float[Array, "queries 2"], k_neighbors: int, width: int
) -> Int[np.ndarray, "queries k_neighbors"]:
    """The nearest vertices, found among the nearest `width`, which show where the choice is between equals."""
    distances, indexes = tree.query(query_points, k=width)
    distances, indexes = distances.reshape(-1, width), indexes.reshape(-1, width)
    tied = np.flatnonzero((distances[:, 1:] == distances[:, :-1]).any(axis=1))
    if len(tied):
        order = np.lexsort((indexes[tied], distances[tied]), axis=1)
        indexes[tied] = np.take_along_axis(indexes[tied], order, axis=1)
        # Where all that follow are at the distance of the last one there may be yet more at that distance.
        cut = tied[distances[tied, -1] == distances[tied, k_neighbors - 1]]
        if len(cut) and width < tree.n:
            indexes[cut, :k_neighbors] = _tree_nearest(
                tree, query_points[cut], k_neighbors, width=min(2 * width, tree.n)
            )
    return indexes[:, :k_neighbors]


# ---------------------------------------------------------------------- JAX


@functools.cache
def _kernel() -> Callable[..., Any]:
    import jax

    # Compiled where it is called eagerly too, and only once for arrays of one shape.
    return jax.jit(_jax_nearest, static_argnums=2)


def _jax_nearest(
    points: Float[jax.Array, "vertices 2"], query_points: Float[jax.Array, "queries 2"], k_neighbors: int
) -> Int[jax.Array, "queries k_neighbors"]:
    import jax
    import jax.numpy as jnp

    points, query_points = jax.lax.stop_gradient((points, query_points))
    total, queries = points.shape[0], query_points.shape[0]
    groups = -(-total // _GROUP)
    # Vertices at infinity, which no query is near to, fill the last group up.
    filler = jnp.full((groups * _GROUP - total, 2), jnp.inf, dtype=points.dtype)
    tables = jnp.concatenate((points, filler)).reshape(groups, _GROUP, 2).transpose(2, 1, 0)
    block = _BLOCK_CPU if jax.default_backend() == "cpu" else _BLOCK_GPU
    size = min(block, max(queries, 1))

    def nearest_of(block: tuple[Float[jax.Array, "queries 2"]]) -> Int[jax.Array, "queries k_neighbors"]:
        return _block_nearest(tables, block[0], k_neighbors).T

    # A query that is not finite is as far from the vertices at infinity as from all others.
    return jnp.minimum(map_blocks(nearest_of, (query_points,), (0.0,), size), total - 1)


def _block_nearest(
    tables: Float[jax.Array, "2 members groups"], query_points: Float[jax.Array, "queries 2"], k_neighbors: int
) -> Int[jax.Array, "k_neighbors queries"]:
    """The nearest vertices of one block of queries.

    Queries are along the last axis everywhere, where a processor takes several at once. `tables` holds the vertices'
    coordinates, y and x, in groups.
    """
    import jax
    import jax.numpy as jnp

    y, x = query_points[:, 0], query_points[:, 1]
    groups, block = tables.shape[2], query_points.shape[0]
    group = jnp.arange(groups, dtype=jnp.int32)[:, None]
    member = jnp.arange(_GROUP, dtype=jnp.int32)[:, None]
    # A distance that is computed twice may be rounded in two ways, and is then recognised within that.
    tolerance = 1.0 + 4.0 * float(jnp.finfo(query_points.dtype).eps)

    def take(index: jax.Array, state: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        shortest, taken, chosen = state
        # A query that is not finite is close to no group; it gets the last one.
        opened = jnp.where(shortest == shortest.min(axis=0), group, groups - 1).min(axis=0)
        bits = jnp.take_along_axis(taken, opened[None], axis=0, mode="promise_in_bounds")[0]
        corner = tables.at[:, :, opened].get(mode="promise_in_bounds")
        distances = jnp.where((bits >> member) & 1 == 1, jnp.inf, (corner[0] - y) ** 2 + (corner[1] - x) ** 2)
        nearest = distances.min(axis=0)
        member_of = jnp.where(distances <= nearest * tolerance, member, _GROUP - 1).min(axis=0)
        rest = jnp.where(member == member_of, jnp.inf, distances).min(axis=0)
        shortest = jnp.where(group == opened, rest, shortest)
        taken = jnp.where(group == opened, bits | (1 << member_of), taken)
        return shortest, taken, chosen.at[index].set(opened * _GROUP + member_of)

    shortest = ((tables[0, :, :, None] - y) ** 2 + (tables[1, :, :, None] - x) ** 2).min(axis=0)
    state = shortest, jnp.zeros((groups, block), dtype=jnp.int32), jnp.zeros((k_neighbors, block), dtype=jnp.int32)
    return jax.lax.fori_loop(0, k_neighbors, take, state)[2]
