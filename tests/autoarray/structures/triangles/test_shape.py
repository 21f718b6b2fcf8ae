"""Shapes: areas, what they contain, and which triangles meet them."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.structures.triangles.coordinate_array_np import CoordinateArrayTrianglesNp
from autoarray.structures.triangles.shape import Circle, Point, Polygon, Square, Triangle, centroid

CONCAVE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.4), (0.0, 1.0)]
SHAPES = {
    "circle": (Circle(0.1, 0.2, 0.5), np.pi * 0.25),
    "triangle": (Triangle((0.0, 0.0), (1.0, 0.2), (0.3, 1.0)), 0.47),
    "square": (Square(top=-0.5, bottom=1.0, left=-0.3, right=0.7), 1.5),
    "square, turned": (Square(top=1.0, bottom=-0.5, left=0.7, right=-0.3), 1.5),
    "polygon": (Polygon([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]), 1.0),
    "concave polygon": (Polygon(CONCAVE), 0.7),
}
coordinate = st.floats(-2.0, 2.0)


@pytest.mark.parametrize("name", SHAPES)
def test_area(name):
    shape, area = SHAPES[name]
    assert shape.area == pytest.approx(area, rel=1e-12)
    fine = CoordinateArrayTrianglesNp.for_limits_and_scale(-1.5, 1.5, -1.5, 1.5, 0.0213)
    assert shape.contains(fine.means).sum() * fine.area / len(fine) == pytest.approx(area, rel=0.02)


@pytest.mark.parametrize("name", SHAPES)
def test_mask_is_the_triangles_whose_mean_is_inside(name, xp):
    shape, _ = SHAPES[name]
    fine = CoordinateArrayTrianglesNp.for_limits_and_scale(-1.5, 1.5, -1.5, 1.5, 0.0213)
    found = np.asarray(shape.mask(xp.asarray(fine.triangles)))
    inside = shape.contains(fine.means)
    assert (found >= inside).all()
    # Beside those only the ones around a centre.
    assert found.sum() - inside.sum() <= 3


@pytest.mark.parametrize("name", SHAPES)
def test_boundary_is_closed_and_on_the_edge(name):
    shape, _ = SHAPES[name]
    line = shape.boundary()
    np.testing.assert_array_equal(line[0], line[-1])
    centre = np.array([0.45, 0.3]) if name == "concave polygon" else np.array([shape.x, shape.y])
    assert shape.contains(centre + 0.999 * (line - centre)).all()
    if name != "concave polygon":
        assert not shape.contains(centre + 1.001 * (line - centre)).any()


def test_contains_edges_and_corners():
    square = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.0], [0.5, 0.5], [1.0, 0.5], [1.0, 1.0]])
    assert Polygon([(0, 0), (1, 0), (1, 1)]).contains(square).all()
    assert Triangle((0, 0), (1, 0), (1, 1)).contains(square).all()
    assert not Polygon(CONCAVE).contains(np.array([[0.5, 0.41], [0.5, 1.0], [2.0, 0.5]])).any()
    assert Square(0.0, 1.0, 0.0, 1.0).contains(square).all()


@given(coordinate, coordinate)
def test_a_triangle_contains_a_point_if_its_halves_do(y, x):
    point = np.array([[y, x]])
    corners = np.array([[0.0, 0.0], [1.5, 0.25], [0.25, 1.5]])
    middle = (corners[0] + corners[1]) / 2
    whole = Triangle(*corners.tolist()).contains(point)[0]
    halves = [Triangle(corners[k].tolist(), middle.tolist(), corners[2].tolist()).contains(point)[0] for k in (0, 1)]
    assert whole == any(halves)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=3), coordinate, coordinate)
def test_no_point_falls_between_two_triangles(corners, y, x):
    """A point is in one of the triangles around a shared edge if it is on the edge, or between them."""
    a, b, c = np.array(corners)
    other = a + b - c  # on the other side of the edge from a to b
    weight = 0.25 + abs(x) / 4.0  # not near an end, which rounding may pass
    on_edge = a * weight + b * (1 - weight)
    assume(abs((b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0]) > 1e-6)
    triangles = np.array([[a, b, c], [b, a, other]])
    assert Point(*on_edge).mask(triangles).any()


@given(st.lists(st.tuples(st.floats(0.2, 1.0)), min_size=4, max_size=9))
def test_triangles_of_a_polygon_fill_it(radii):
    """A star around the origin, convex or not."""
    angles = np.linspace(0.0, 2.0 * np.pi, len(radii), endpoint=False)
    corners = [(r * np.cos(angle), r * np.sin(angle)) for (r,), angle in zip(radii, angles, strict=True)]
    polygon = Polygon(corners)
    assert len(polygon.triangles) == len(corners) - 2
    assert sum(part.area for part in polygon.triangles) == pytest.approx(polygon.area, rel=1e-9)


def test_point_has_no_interior():
    assert Point(0.1, 0.2).area == 0.0
    np.testing.assert_array_equal(Point(0.1, 0.2).boundary(), [[0.1, 0.2]])
    with pytest.raises(NotImplementedError, match="no interior"):
        Point(0.0, 0.0).contains(np.zeros((1, 2)))


def test_triangles_without_area_or_place_meet_no_point():
    triangles = np.array([[[0.0, 0.0]] * 3, [[-1.0, 0.0], [1.0, 0.0], [2.0, 0.0]], [[np.nan, 0.0], [0, 1], [1, 0]]])
    assert not Point(0.0, 0.0).mask(triangles).any()


def test_centroid():
    first, second = centroid(np.array([[[0.0, 0.0], [3.0, 0.0], [0.0, 6.0]]]))
    np.testing.assert_allclose([first[0], second[0]], [1.0, 2.0])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Circle(0.0, 0.0, -1.0), aa.exc.GridException, "radius of at least 0"),
        (lambda: Point("a", 0.0), aa.exc.GridException, "Point.x"),
        (lambda: Polygon([(0, 0), (1, 1)]), ValueError, "at least 3 vertices"),
        (lambda: Triangle((0.0, 0.0), (1.0,), (0.0, 1.0)), aa.exc.GridException, "Triangle.b"),
        (lambda: Square(0.0, 1.0, np.nan, 1.0), aa.exc.GridException, "Square.left"),
        (lambda: Circle(0.0, 0.0, 1.0).mask(np.zeros((4, 2))), aa.exc.GridException, r"\(N, 3, 2\)"),
        (lambda: Circle(0.0, 0.0, 1.0).contains(np.zeros((4, 3))), aa.exc.GridException, r"\(N, 2\)"),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
