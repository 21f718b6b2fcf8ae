"""Shapes in the source plane whose images are looked for: a point, a disc, a triangle, a rectangle, a polygon."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_jax_array, numbers_from
from autoarray._state import State
from autoarray._typing import ArrayLike, Scalar
from autoarray._validation import check_number, check_numbers, whole_from
from autoarray.structures.triangles._polygon import contains_from, ears_of, signed_area_of

__all__ = ["Circle", "Point", "Polygon", "Shape", "Square", "Triangle", "centroid"]


class Shape(State, ABC):
    """A region of a plane that triangles are compared with.

    Its two coordinates are called x and y, in the order in which coordinates stand in an array: the first of a pair is
    `x`. The grids of this package hold (y, x), so that a source whose centre is (y, x) is `Circle(y, x, radius)`.
    """

    x: Any
    y: Any

    @property
    @abstractmethod
    def area(self) -> Any:
        """The area, in squares of the scaled units."""

    @abstractmethod
    def contains(self, points: ArrayLike) -> Any:
        """Which points of shape (N, 2) lie in the shape, its edge included, as bools of shape (N,)."""

    @abstractmethod
    def boundary(self, n: int = 100) -> np.ndarray:
        """The outline as a closed line of shape (M, 2), whose last point is its first; a curve has `n` steps."""

    def mask(self, triangles: ArrayLike) -> Any:
        """Which triangles meet the shape: those whose mean lies in it and those around its centre.

        Parameters
        ----------
        triangles
            The corners of each triangle, of shape (N, 3, 2). Those with a corner that is not finite meet nothing.

        Returns
        -------
        array
            Bools of shape (N,), on the backend of `triangles`.
        """
        corners = _triangles_from(triangles)
        return _surrounds(corners, self.x, self.y) | self.contains(corners.mean(axis=1))

    def _repr_parts(self) -> list[str]:
        return [f"{name}={value}" for name, value in vars(self).items() if name != "_derived"]


class Point(Shape):
    """A point, which the triangles around it meet.

    Parameters
    ----------
    x, y
        Its coordinates, in the order of the arrays that it is compared with. JAX may be tracing them.
    """

    def __init__(self, x: Scalar, y: Scalar) -> None:
        for name, value in (("x", x), ("y", y)):
            check_number(value, f"{type(self).__name__}.{name}", infinite=False, error=exc.GridException)
        self.x = x
        self.y = y

    @property
    def area(self) -> Any:
        """Zero."""
        return 0.0

    def mask(self, triangles: ArrayLike) -> Any:
        """Which triangles have the point inside or on an edge, as bools of shape (N,); see `Shape.mask`."""
        return _surrounds(_triangles_from(triangles), self.x, self.y)

    def contains(self, points: ArrayLike) -> Any:
        """Raise, because a point has no interior.

        Raises
        ------
        NotImplementedError
            Always: use a `Circle` of a small radius.
        """
        raise NotImplementedError(
            "Point.contains: expected a shape with an area, found a point, which has no interior; use a Circle of a "
            "small radius, or mask to find the triangles around the point"
        )

    def boundary(self, n: int = 100) -> np.ndarray:
        """The point itself, of shape (1, 2)."""
        return np.array([[float(self.x), float(self.y)]])


class Circle(Point):
    """A disc.

    Parameters
    ----------
    x, y
        Its centre, in the order of the arrays that it is compared with.
    radius
        Its radius, in scaled units.
    """

    def __init__(self, x: Scalar, y: Scalar, radius: Scalar) -> None:
        super().__init__(x, y)
        check_number(radius, "Circle.radius", "a radius of at least 0", least=0.0, error=exc.GridException)
        self.radius = radius

    @property
    def area(self) -> Any:
        """The area of the disc."""
        return math.pi * self.radius**2

    mask = Shape.mask

    def contains(self, points: ArrayLike) -> Any:
        """Which points lie in the disc, as bools of shape (N,); see `Shape.contains`."""
        first, second = _columns_of(points)
        return (first - self.x) ** 2 + (second - self.y) ** 2 <= self.radius**2

    def boundary(self, n: int = 100) -> np.ndarray:
        """The circle in `n` steps, of shape (n + 1, 2)."""
        angles = np.linspace(0.0, 2.0 * np.pi, whole_from(n, "n", 1) + 1)
        angles[-1] = 0.0  # the same point as the first, to the last bit
        return np.stack((self.x + self.radius * np.cos(angles), self.y + self.radius * np.sin(angles)), axis=1)


class Triangle(Point):
    """A triangle; its centre is the mean of its corners.

    Parameters
    ----------
    a, b, c
        Its corners, each two numbers.
    """

    def __init__(self, a: Sequence[float], b: Sequence[float], c: Sequence[float]) -> None:
        for name, corner in (("a", a), ("b", b), ("c", c)):
            check_numbers(corner, f"Triangle.{name}", "a corner of two numbers", 2, error=exc.GridException)
        self.a = a
        self.b = b
        self.c = c

    @property
    def x(self) -> Any:
        """The first coordinate of the centre."""
        return (self.a[0] + self.b[0] + self.c[0]) / 3

    @property
    def y(self) -> Any:
        """The second coordinate of the centre."""
        return (self.a[1] + self.b[1] + self.c[1]) / 3

    @property
    def area(self) -> Any:
        """The area of the triangle."""
        return abs(signed_area_of((self.a, self.b, self.c)))

    mask = Shape.mask

    def triangle_contains_mask(self, triangles: ArrayLike) -> Any:
        """Which of some triangles have their mean in this one, as bools of shape (N,).

        Parameters
        ----------
        triangles
            The corners of each triangle, of shape (N, 3, 2).
        """
        return self.contains(_triangles_from(triangles).mean(axis=1))

    def contains(self, points: ArrayLike) -> Any:
        """Which points lie in the triangle, as bools of shape (N,); see `Shape.contains`."""
        first, second = _columns_of(points)
        return surrounds_from(*((corner[0] - first, corner[1] - second) for corner in (self.a, self.b, self.c)))

    def boundary(self, n: int = 100) -> np.ndarray:
        """The corners, of shape (4, 2), the first at the end again."""
        return np.array([self.a, self.b, self.c, self.a], dtype=float)


class Square(Point):
    """A rectangle along the axes.

    Parameters
    ----------
    top, bottom
        Its limits along the second coordinate, in either order.
    left, right
        Its limits along the first coordinate, in either order.
    """

    def __init__(self, top: Scalar, bottom: Scalar, left: Scalar, right: Scalar) -> None:
        for name, value in (("top", top), ("bottom", bottom), ("left", left), ("right", right)):
            check_number(value, f"Square.{name}", error=exc.GridException)
        self.top = top
        self.bottom = bottom
        self.left = left
        self.right = right

    @property
    def x(self) -> Any:
        """The first coordinate of the centre."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> Any:
        """The second coordinate of the centre."""
        return (self.top + self.bottom) / 2

    @property
    def area(self) -> Any:
        """The area of the rectangle."""
        area: Any = (self.bottom - self.top) * (self.right - self.left)
        return abs(area)

    mask = Shape.mask

    def contains(self, points: ArrayLike) -> Any:
        """Which points lie in the rectangle, as bools of shape (N,); see `Shape.contains`."""
        first, second = _columns_of(points)
        # A coordinate between two limits has them on its two sides, whichever is the greater.
        within = (first - self.left) * (first - self.right) <= 0.0
        return within & ((second - self.top) * (second - self.bottom) <= 0.0)

    def boundary(self, n: int = 100) -> np.ndarray:
        """The corners, of shape (5, 2), the first at the end again."""
        left, right = sorted((float(self.left), float(self.right)))
        low, high = sorted((float(self.top), float(self.bottom)))
        return np.array([[left, low], [left, high], [right, high], [right, low], [left, low]])


class Polygon(Point):
    """A polygon, convex or not, whose edges don't cross.

    Parameters
    ----------
    vertices
        Its corners in order, each two numbers.

    Raises
    ------
    ValueError
        If it has fewer than three corners, or they are no pairs of finite numbers.
    """

    def __init__(self, vertices: Sequence[Sequence[float]]) -> None:
        corners = list(vertices)
        if len(corners) < 3:
            raise ValueError(f"Polygon.vertices: expected at least 3 vertices, found {len(corners)}")
        for index, corner in enumerate(corners):
            check_numbers(corner, f"Polygon.vertices[{index}]", "a corner of two numbers", 2)
        self.vertices = corners

    @property
    def x(self) -> Any:
        """The mean of the first coordinates of the corners."""
        return np.mean([float(corner[0]) for corner in self.vertices])

    @property
    def y(self) -> Any:
        """The mean of the second coordinates of the corners."""
        return np.mean([float(corner[1]) for corner in self.vertices])

    @property
    def triangles(self) -> list[Triangle]:
        """Triangles between its corners that it is made of; of a convex polygon a fan from its first corner."""
        return [Triangle(*(self.vertices[index] for index in ear)) for ear in ears_of(self.vertices)]

    @property
    def area(self) -> Any:
        """The area of the polygon."""
        return abs(signed_area_of(self.vertices))

    def mask(self, triangles: ArrayLike) -> Any:
        """Which triangles have their mean in the polygon, or are around the centre of one of its own triangles.

        Parameters
        ----------
        triangles
            See `Shape.mask`.
        """
        corners = _triangles_from(triangles)
        found = self.contains(corners.mean(axis=1))
        for part in self.triangles:
            found = found | _surrounds(corners, part.x, part.y)
        return found

    def contains(self, points: ArrayLike) -> Any:
        """Which points lie in the polygon, as bools of shape (N,); see `Shape.contains`."""
        return contains_from(self.vertices, *_columns_of(points))

    def boundary(self, n: int = 100) -> np.ndarray:
        """The corners, of shape (M + 1, 2), the first at the end again."""
        return np.array([*self.vertices, self.vertices[0]], dtype=float)


def centroid(triangles: ArrayLike) -> tuple[Any, Any]:
    """The two coordinates of the mean of each triangle's corners.

    Parameters
    ----------
    triangles
        The corners of each triangle, of shape (N, 3, 2).

    Returns
    -------
    tuple
        The first coordinates and the second, each of shape (N,).
    """
    means = _triangles_from(triangles).mean(axis=1)
    return means[:, 0], means[:, 1]


def _triangles_from(triangles: Any) -> Any:
    if not is_jax_array(triangles):
        triangles = numbers_from(triangles, "triangles", exc.GridException)
        triangles = triangles.reshape(0, 3, 2) if triangles.size == 0 else triangles
    if triangles.ndim != 3 or triangles.shape[1:] != (3, 2):
        raise exc.GridException(
            f"triangles: expected the corners of triangles, of shape (N, 3, 2), found shape {tuple(triangles.shape)}"
        )
    return triangles


def _columns_of(points: Any) -> tuple[Any, Any]:
    points = getattr(points, "array", points)
    if not is_jax_array(points):
        points = numbers_from(points, "points", exc.GridException)
        points = points.reshape(0, 2) if points.size == 0 else points
    if points.ndim != 2 or points.shape[1] != 2:
        raise exc.GridException(f"points: expected points of shape (N, 2), found shape {tuple(points.shape)}")
    return points[:, 0], points[:, 1]


def _surrounds(corners: Any, x: Any, y: Any) -> Any:
    return surrounds_from(*((corners[:, corner, 0] - x, corners[:, corner, 1] - y) for corner in range(3)))


def surrounds_from(a: tuple[Any, Any], b: tuple[Any, Any], c: tuple[Any, Any]) -> Any:
    """Whether the origin is inside the triangles of three points, or on an edge; one without area has no inside.

    An edge has one value for the triangles on its two sides, up to its sign: so no point falls between them.

    Parameters
    ----------
    a, b, c
        The two coordinates of each point, each of shape (N,).
    """
    sides = (a[0] * b[1] - a[1] * b[0], b[0] * c[1] - b[1] * c[0], c[0] * a[1] - c[1] * a[0])
    left = (sides[0] >= 0) & (sides[1] >= 0) & (sides[2] >= 0)
    right = (sides[0] <= 0) & (sides[1] <= 0) & (sides[2] <= 0)
    # With corners that are not finite no comparison holds, or the sum is not one of numbers.
    return (left | right) & (abs(sides[0] + sides[1] + sides[2]) > 0)
