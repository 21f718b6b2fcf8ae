"""What natural-neighbor interpolation needs of a Delaunay triangulation, whatever the points to be interpolated.

Half-edge 3 * t + k of triangle t is the one opposite its corner k: it runs from corner k + 1 to corner k + 2 (modulo 3)
with the triangle on its left. The same number stands for the corner opposite to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from autoarray._typing import Array, Namespace

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

# A triangle counts as flat, and has no circumcircle, if the sine of its largest angle is below this; likewise an edge
# counts as holding a point if the two span a triangle that is as flat.
FLAT = 1e-13
# How close to a corner a query counts as being there, as a fraction of its distance from the furthest corner.
CLOSE = 1e-13


class HalfEdges(NamedTuple):
    """The half-edges of T triangles, 3 * T of them, and the circumcircle and Voronoi shares of each triangle.

    One more triangle at the end stands for what is outside the hull: it has no circumcircle that a point can be in.
    """

    points: Float[Any, "vertices 2"]
    """The (y, x) vertices."""

    twin: Int[Any, "half_edges"]
    """The same edge seen from the triangle on its other side; 3 * T at the hull."""

    start: Int[Any, "half_edges"]
    """The vertex that each half-edge starts from."""

    end: Int[Any, "half_edges"]
    """The vertex that each half-edge ends at."""

    circle: Float[Any, "triangles+1 4"]
    """A point of each circumcircle and the vector from there across its centre; the vector is 0 where there is none,
    and no point is in it."""

    share: Float[Any, "half_edges"]
    """Eight times the area of the Voronoi cell of each corner that belongs to the triangle."""


def following(half_edge: Int[Array, "*shape"], xp: Namespace) -> Int[Array, "*shape"]:
    """The next half-edge around the same triangle."""
    return xp.where(half_edge % 3 == 2, half_edge - 2, half_edge + 1)


def twins_from(
    simplices: Int[Array, "triangles 3"], neighbors: Int[Array, "triangles 3"], xp: Namespace
) -> Int[Array, "triangles 3"]:
    """The half-edge on the other side of each, of shape (T, 3); 3 * T where there is none."""
    total = simplices.shape[0]
    across = xp.where(neighbors < 0, 0, neighbors)
    # The corner beyond an edge is the one that is not an end of it.
    beyond = simplices[across]
    first, last = xp.roll(simplices, -1, axis=1)[:, :, None], xp.roll(simplices, -2, axis=1)[:, :, None]
    corner = xp.argmax((beyond != first) & (beyond != last), axis=2).astype(simplices.dtype)
    return xp.where((neighbors < 0) | (simplices[:, :1] < 0), 3 * total, 3 * across + corner)


def half_edges_from(
    points: Float[Array, "vertices 2"],
    simplices: Int[Array, "triangles 3"],
    neighbors: Int[Array, "triangles 3"],
    xp: Namespace,
) -> HalfEdges:
    """The tables of a triangulation.

    Parameters
    ----------
    points
        The (y, x) vertices of shape (N, 2), in arc-seconds.
    simplices
        The vertices of each triangle, counter-clockwise, of shape (T, 3); unused rows are -1.
    neighbors
        The triangle opposite each of them, of shape (T, 3); -1 where there is none.
    """
    total = simplices.shape[0]
    used = simplices[:, 0] >= 0
    corners = xp.where(used[:, None], simplices, 0)
    points_of = points[corners.T]
    squares = ((xp.roll(points_of, -2, axis=0) - xp.roll(points_of, -1, axis=0)) ** 2).sum(axis=2)
    # Seen from the corner opposite the longest side, needles lose no digits.
    order = (xp.argmax(squares, axis=0) + xp.asarray([[0], [1], [2]])) % 3
    a, b, c = xp.take_along_axis(points_of, order[:, :, None], axis=0)
    ab, bc, ca = b - a, c - b, a - c
    aa, bb, cc = (bc**2).sum(axis=1), (ca**2).sum(axis=1), (ab**2).sum(axis=1)
    doubled = ab[:, 1] * ca[:, 0] - ab[:, 0] * ca[:, 1]
    curved = used & _is_left(doubled, bb, cc)
    # The inner `where` keeps the derivatives of flat triangles finite.
    safe = xp.where(curved, doubled, 1.0)
    first, second, third = (
        xp.where(curved, -square * (left * right).sum(axis=1) / safe, 0.0)
        for square, left, right in ((aa, ca, ab), (bb, ab, bc), (cc, bc, ca))
    )
    shares = xp.stack((second + third, third + first, first + second), axis=1)
    back = (xp.asarray([[0, 1, 2]]) - order[0][:, None]) % 3
    across = [
        xp.where(curved, -(cc * ca[:, 1] + bb * ab[:, 1]) / safe, 0.0),
        xp.where(curved, (cc * ca[:, 0] + bb * ab[:, 0]) / safe, 0.0),
    ]
    circle = xp.stack((a[:, 0], a[:, 1], *across), axis=1)
    last = xp.full((3,), 0, dtype=corners.dtype)
    return HalfEdges(
        points=points,
        twin=xp.concatenate((twins_from(simplices, neighbors, xp).reshape(-1), last + 3 * total)),
        start=xp.concatenate((xp.roll(corners, -1, axis=1).reshape(-1), last)),
        end=xp.concatenate((xp.roll(corners, -2, axis=1).reshape(-1), last)),
        circle=xp.concatenate((circle, xp.zeros((1, 4), dtype=circle.dtype))),
        share=xp.concatenate(
            (xp.take_along_axis(shares, back, axis=1).reshape(-1), xp.zeros((3,), dtype=shares.dtype))
        ),
    )


def at_corner(
    half_edges: HalfEdges, queries: Float[Array, "queries 2"], seeds: Int[Array, "queries"], xp: Namespace
) -> Bool[Array, "queries"]:
    """Whether each query is at a corner of its triangle, or so close that circles through it can't be told apart."""
    corners = half_edges.start[3 * seeds + xp.asarray([[0], [1], [2]], dtype=seeds.dtype)]
    squares = ((half_edges.points[corners] - queries) ** 2).sum(axis=2)
    return squares.min(axis=0) <= CLOSE * CLOSE * squares.max(axis=0)


def _is_left(
    doubled: Float[Array, "*edges"], first: Float[Array, "*edges"], second: Float[Array, "*edges"]
) -> Bool[Array, "*edges"]:
    """Whether a triangle is not flat, from twice its area and the squares of its two shorter sides."""
    return (doubled > 0.0) & (doubled * doubled > FLAT * FLAT * first * second)


def shares_of_edge(
    start: Float[Array, "2 *edges"] | Sequence[Float[Array, "*edges"]],
    end: Float[Array, "2 *edges"] | Sequence[Float[Array, "*edges"]],
    edge: Float[Array, "2 *edges"] | Sequence[Float[Array, "*edges"]],
    xp: Namespace,
) -> tuple[Float[Array, "*edges"], Float[Array, "*edges"], Bool[Array, "*edges"]]:
    """The Voronoi shares of both ends of an edge, in the triangle that it spans with a point.

    Parameters
    ----------
    start, end
        The (y, x) start and end of each edge, seen from the point, which is on its left.
    edge
        The (y, x) way from one to the other, which has more digits than their difference.

    Returns
    -------
    tuple
        Eight times the two areas, and whether the point is on the left of the edge as far as double precision can
        tell. Where it is not the areas are 0.
    """
    (dy, dx), (ey, ex), (fy, fx) = start, end, edge
    dd, ee, ff = dy * dy + dx * dx, ey * ey + ex * ex, fy * fy + fx * fx
    nearer = dd < ee
    doubled = xp.where(nearer, dy, ey) * fx - xp.where(nearer, dx, ex) * fy
    left = _is_left(doubled, xp.where(nearer, dd, ee), ff)
    scale = xp.where(left, 1.0, 0.0) / xp.where(left, doubled, 1.0)
    common = ff * (dy * ey + dx * ex)
    first, last = common + dd * (ey * fy + ex * fx), common - ee * (dy * fy + dx * fx)
    return scale * first, scale * last, left
