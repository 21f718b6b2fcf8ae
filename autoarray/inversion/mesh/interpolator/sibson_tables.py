"""What natural-neighbour interpolation needs of a Delaunay triangulation, whatever the points to be interpolated.

Half-edge 3 * t + k of triangle t is the one opposite its corner k: it runs from corner k + 1 to corner k + 2 (modulo 3)
with the triangle on its left. The same number stands for the corner opposite to it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

# A triangle counts as flat, and has no circumcircle, if twice its area is below this fraction of its longest side
# squared; likewise an edge counts as holding a point if the two span a triangle that is as flat.
FLAT = 1e-13


class HalfEdges(NamedTuple):
    """The half-edges of T triangles, 3 * T of them, and the circumcircle and Voronoi shares of each triangle.

    One more triangle at the end stands for what is outside the hull: it has no circumcircle that a point can be in.
    """

    points: Any
    """The (y, x) vertices of shape (N, 2)."""

    twin: Any
    """The same edge seen from the triangle on its other side, of shape (3 * T + 3,); 3 * T at the hull."""

    start: Any
    """The vertex that each half-edge starts from, of shape (3 * T + 3,)."""

    end: Any
    """The vertex that each half-edge ends at, of shape (3 * T + 3,)."""

    circle: Any
    """A point of each circumcircle and the vector from there across its centre, (T + 1, 4); the vector is 0
    where there is none, and no point is in it."""

    share: Any
    """Eight times the area of the Voronoi cell of each corner that belongs to the triangle, of shape (3 * T + 3,)."""


def following(half_edge: Any, xp: Any) -> Any:
    """The next half-edge around the same triangle."""
    return xp.where(half_edge % 3 == 2, half_edge - 2, half_edge + 1)


def twins_from(simplices: Any, neighbors: Any, xp: Any) -> Any:
    """The half-edge on the other side of each, of shape (T, 3); 3 * T where there is none."""
    total = simplices.shape[0]
    across = xp.where(neighbors < 0, 0, neighbors)
    # The corner beyond an edge is the one that is not an end of it.
    beyond = simplices[across]
    first, last = xp.roll(simplices, -1, axis=1)[:, :, None], xp.roll(simplices, -2, axis=1)[:, :, None]
    corner = xp.argmax((beyond != first) & (beyond != last), axis=2).astype(simplices.dtype)
    return xp.where((neighbors < 0) | (simplices[:, :1] < 0), 3 * total, 3 * across + corner)


def half_edges_from(points: Any, simplices: Any, neighbors: Any, xp: Any) -> HalfEdges:
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
    used = simplices[:, :1] >= 0
    corners = xp.where(used, simplices, 0)
    a, b, c = (points[corners[:, k]] for k in range(3))
    ab, bc, ca = b - a, c - b, a - c
    squares = [(edge**2).sum(axis=1) for edge in (bc, ca, ab)]
    doubled = ab[:, 1] * ca[:, 0] - ab[:, 0] * ca[:, 1]
    longest = xp.maximum(xp.maximum(squares[0], squares[1]), squares[2])
    round_ = used[:, 0] & (doubled > FLAT * longest)
    # The inner `where` keeps the derivatives of flat triangles finite.
    safe = xp.where(round_, doubled, 1.0)
    cotangents = [-(left * right).sum(axis=1) / safe for left, right in ((ca, ab), (ab, bc), (bc, ca))]
    products = [
        xp.where(round_, square * cotangent, 0.0) for square, cotangent in zip(squares, cotangents, strict=True)
    ]
    share = xp.stack([products[1] + products[2], products[2] + products[0], products[0] + products[1]], axis=1)
    across = [
        xp.where(round_, -(squares[2] * ca[:, 1] + squares[1] * ab[:, 1]) / safe, 0.0),
        xp.where(round_, (squares[2] * ca[:, 0] + squares[1] * ab[:, 0]) / safe, 0.0),
    ]
    circle = xp.stack((a[:, 0], a[:, 1], *across), axis=1)
    last = xp.full((3,), 0, dtype=corners.dtype)
    return HalfEdges(
        points=points,
        twin=xp.concatenate((twins_from(simplices, neighbors, xp).reshape(-1), last + 3 * total)),
        start=xp.concatenate((xp.roll(corners, -1, axis=1).reshape(-1), last)),
        end=xp.concatenate((xp.roll(corners, -2, axis=1).reshape(-1), last)),
        circle=xp.concatenate((circle, xp.zeros((1, 4), dtype=circle.dtype))),
        share=xp.concatenate((share.reshape(-1), xp.zeros((3,), dtype=share.dtype))),
    )


def shares_of_edge(dy: Any, dx: Any, ey: Any, ex: Any, xp: Any) -> tuple[Any, Any, Any]:
    """The Voronoi shares of both ends of an edge, in the triangle that it spans with a point.

    Parameters
    ----------
    dy, dx, ey, ex
        The start and the end of each edge, seen from the point, which is on its left.

    Returns
    -------
    tuple
        Eight times the two areas, and whether the point is on the left of the edge as far as double precision can
        tell. Where it is not the areas are 0.
    """
    first, last, product = dy * dy + dx * dx, ey * ey + ex * ex, dy * ey + dx * ex
    square = (ey - dy) ** 2 + (ex - dx) ** 2
    doubled = dy * ex - dx * ey
    left = doubled > FLAT * square
    scale = xp.where(left, 1.0, 0.0) / xp.where(left, doubled, 1.0)
    common = square * product
    return scale * (common + first * (last - product)), scale * (common + last * (first - product)), left
