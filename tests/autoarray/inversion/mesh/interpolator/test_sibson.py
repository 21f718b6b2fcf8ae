"""Natural-neighbor interpolation in NumPy: laws, and areas cut out of Voronoi cells without any rounding."""

import types
from fractions import Fraction

import numpy as np
import pytest
from graph import walk
from hypothesis import given, settings
from hypothesis import strategies as st
from natural_problems import awkward, lattice, ring
from vertex_problems import dense, grid_of

import autoarray as aa
from autoarray.inversion.mesh._triangulation import natural_neighbors
from autoarray.inversion.mesh._triangulation.half_edges import half_edges_from
from autoarray.inversion.mesh._triangulation.point_location import locations_from
from autoarray.inversion.mesh._triangulation.triangulation import triangulation_from
from autoarray.inversion.mesh.interpolator.sibson import sibson_mappings_weights_from_tables

VERTICES = np.array(
    [[0.5, 0.1], [-0.4, 0.3], [0.2, -0.6], [-0.3, -0.5], [0.05, 0.12], [0.6, -0.4], [0.1, 0.7], [-0.15, 0.05]]
)
POINTS = np.array([[0.1, 0.1], [0.3, -0.3], [0.9, 0.2], [-0.2, -0.3], [-0.4, 0.9]])
# Numbers of PyAutoArray 2026.10.26.1 for these vertices and points, areas_factor 0.5 (interpolator.sibson's
# scipy_delaunay_nn): the weights, and those of the crosses around the first two vertices; rounded to 14 digits.
WEIGHTS = [
    {
        0: 0.10656969290124,
        2: 0.02254931057991,
        4: 0.84481756077871,
        5: 0.00411703199454,
        6: 0.00314461903832,
        7: 0.01880178470728,
    },
    {
        0: 0.13649039681579,
        2: 0.37849084494144,
        3: 0.01102381729333,
        4: 0.17650231706852,
        5: 0.26021674069404,
        7: 0.03727588318688,
    },
    {0: 1.0},
    {1: 0.02084614587801, 2: 0.08992626070875, 3: 0.54284932228406, 4: 0.02582371782024, 7: 0.32055455330894},
    {6: 1.0},
]
SPLIT_WEIGHTS = [
    {0: 1.0},
    {0: 0.64696038764058, 2: 0.00999840899211, 4: 0.2943389355031, 5: 0.02555386648556, 6: 0.02314840137865},
    {0: 1.0},
    {0: 0.67296375521017, 2: 0.01653058829931, 4: 0.04743888938047, 5: 0.26306676711005},
    {1: 0.64070349791856, 4: 0.12571741405101, 6: 0.12465216390275, 7: 0.10892692412768},
    *({1: 1.0}, {1: 1.0}, {1: 1.0}),
]
CAVITY_SIZES = [4, 4, 0, 3, 0]


def rows_of(weights):
    matrix = np.zeros((len(weights), len(VERTICES)))
    for row, entries in zip(matrix, weights, strict=True):
        row[list(entries)] = list(entries.values())
    return matrix


def tables_of(vertices, points):
    """The six tables of an interpolation."""
    triangulation = triangulation_from(vertices)
    simplex, vertex = locations_from(triangulation, points)
    return sibson_mappings_weights_from_tables(
        points, vertices, triangulation.simplices, triangulation.neighbors, simplex, vertex
    )


def matrix_of(vertices, points):
    return dense(*tables_of(vertices, points)[:3], len(vertices))


def interpolator_of(vertices, points):
    mesh = aa.mesh.DelaunayNN(pixels=len(vertices))
    return mesh.interpolator_from(grid_of(points), aa.Grid2DIrregular(vertices))


# ---------------------------------------------------------------------- areas cut out with exact arithmetic


def cut(polygon, place, other):
    """What of a convex polygon is closer to `place` than to `other`."""
    normal = [b - a for a, b in zip(place, other, strict=True)]
    middle = sum(b * b - a * a for a, b in zip(place, other, strict=True)) / 2
    height = [normal[0] * y + normal[1] * x - middle for y, x in polygon]
    kept = []
    for i, (corner, here) in enumerate(zip(polygon, height, strict=True)):
        following, there = polygon[(i + 1) % len(polygon)], height[(i + 1) % len(polygon)]
        if here <= 0:
            kept.append(corner)
        if here * there < 0:
            part = here / (here - there)
            kept.append(tuple(a + part * (b - a) for a, b in zip(corner, following, strict=True)))
    return kept


def area_of(polygon):
    return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True))) / 2


def stolen_areas(vertices, point):
    """The part of the Voronoi cell of an inserted point that belonged to each vertex, without any rounding."""
    places = [tuple(map(Fraction, map(float, vertex))) for vertex in vertices]
    point, far = tuple(map(Fraction, map(float, point))), Fraction(10) ** 15
    cell = [(-far, -far), (-far, far), (far, far), (far, -far)]
    for place in places:
        cell = cut(cell, point, place)
    areas = []
    for i, place in enumerate(places):
        part = cell
        for j, other in enumerate(places):
            if i != j and len(part) > 2:
                part = cut(part, place, other)
        areas.append(area_of(part) if len(part) > 2 else Fraction(0))
    return np.array([float(area / area_of(cell)) for area in areas])


CASES = {
    "random": (np.random.default_rng(2).normal(size=(16, 2)), np.random.default_rng(3).normal(size=(12, 2)) * 0.4),
    "lattice": (lattice(), np.array([[0.5, 0.5], [1.5, 2.0], [2.2, 2.7], [1.3, 1.3], [2.5, 1.25], [1.0 + 1e-6, 2.0]])),
    "circle": (ring(48, 5), np.array([[0.01, 0.02], [0.3, -0.4]])),
    "stretched": (
        np.random.default_rng(4).normal(size=(16, 2)) * [1.0, 1e-4],
        np.random.default_rng(5).normal(size=(9, 2)) * [0.3, 3e-5],
    ),
    "far away": (
        np.random.default_rng(6).normal(size=(12, 2)) + np.array([1000.0, 3000.0]),
        np.random.default_rng(7).normal(size=(9, 2)) * 0.3 + np.array([1000.0, 3000.0]),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_weights_are_the_stolen_areas(name):
    vertices, points = CASES[name]
    inside = locations_from(triangulation_from(vertices), points)[0] >= 0
    assert inside.sum() >= 2
    points = points[inside]
    expected = np.stack([stolen_areas(vertices, point) for point in points])
    np.testing.assert_allclose(matrix_of(vertices, points), expected, atol=2e-12)


def test_a_point_on_an_edge_keeps_all_its_natural_neighbors():
    """In the middle of a square, however it is divided; the peer takes the two ends of the diagonal there."""
    np.testing.assert_allclose(
        matrix_of(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.5, 0.5]])), 0.25, atol=1e-15
    )
    triangulation = triangulation_from(VERTICES)
    shared = triangulation.simplices[triangulation.neighbors[:, 0] >= 0]
    points = 0.3 * VERTICES[shared[:, 1]] + 0.7 * VERTICES[shared[:, 2]]
    expected = np.stack([stolen_areas(VERTICES, point) for point in points])
    assert ((expected > 1e-6).sum(axis=1) > 2).all()
    np.testing.assert_allclose(matrix_of(VERTICES, points), expected, atol=1e-13)


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9, 1e-12, 1e-14, 1e-16])
def test_points_next_to_a_vertex(distance):
    angle = np.linspace(0.0, 2.0 * np.pi, 20)
    points = VERTICES[4] + distance * np.stack((np.sin(angle), np.cos(angle)), axis=1)
    expected = np.stack([stolen_areas(VERTICES, p) if (p != VERTICES[4]).any() else np.eye(8)[4] for p in points])
    np.testing.assert_allclose(matrix_of(VERTICES, points), expected, atol=max(1e-13, 1e-3 * distance))


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 0.0])
def test_points_next_to_the_hull_are_interpolated_along_it(distance):
    first, last = triangulation_from(VERTICES).search.convex_hull[0]
    middle = VERTICES.mean(axis=0)
    points = np.linspace(0.1, 0.9, 9)[:, None] * VERTICES[first] + np.linspace(0.9, 0.1, 9)[:, None] * VERTICES[last]
    points = points + distance * (middle - points)
    points = points[locations_from(triangulation_from(VERTICES), points)[0] >= 0]
    matrix = matrix_of(VERTICES, points)
    np.testing.assert_allclose(matrix @ VERTICES, points, atol=1e-12)
    assert (matrix[:, [first, last]].sum(axis=1) >= 1.0 - 50.0 * distance - 1e-12).all()
    if distance > 1e-13:
        np.testing.assert_allclose(matrix, [stolen_areas(VERTICES, point) for point in points], atol=1e-11)


# ---------------------------------------------------------------------- laws


@pytest.mark.parametrize("name", awkward())
def test_laws_where_vertices_are_awkward(name):
    vertices = awkward()[name]
    spread = np.random.default_rng(4).normal(size=(400, 2))
    middles = 0.5 * (vertices[:-1] + vertices[1:])
    points = np.concatenate((vertices[:10], middles, vertices.mean(axis=0) + 0.8 * vertices.std(axis=0) * spread))
    check_laws(vertices, points, tolerance=1e-10 * np.ptp(vertices))


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), total=st.integers(3, 60))
def test_laws(seed, total):
    rng = np.random.default_rng(seed)
    vertices, points = rng.normal(size=(total, 2)), rng.normal(size=(50, 2))
    check_laws(vertices, points, tolerance=1e-11)


def check_laws(vertices, points, tolerance):
    mappings, sizes, weights, cavity_sizes, overflow, linear = tables_of(vertices, points)
    matrix = dense(mappings, sizes, weights, len(vertices))
    inside = locations_from(triangulation_from(vertices), points)[0] >= 0
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose((matrix @ vertices)[inside], points[inside], atol=tolerance)
    # Of two vertices too close for Qhull to triangulate exactly, one may have too much and the other too little.
    close = (((vertices[:, None] - vertices) ** 2).sum(axis=2) < 1e-24).astype(float)
    assert (matrix @ close).min() >= -1e-10
    unused = np.arange(mappings.shape[1]) >= sizes[:, None]
    assert (mappings[unused] == -1).all()
    assert (weights[unused] == 0.0).all()
    assert (sizes[inside & ~linear] == cavity_sizes[inside & ~linear] + 2).all()
    assert (sizes[~inside] == 1).all()
    nearest = ((points[:, None] - vertices) ** 2).sum(axis=2).min(axis=1)
    taken = ((points - vertices[mappings[:, 0]]) ** 2).sum(axis=1)
    np.testing.assert_array_equal(taken[~inside], nearest[~inside])
    assert not overflow.any()


def test_weights_are_continuous_where_the_triangles_change():
    """Four vertices pass through a circle: the diagonal flips, and no weight jumps."""
    points = np.array([[0.1, 0.2], [-0.3, 0.1], [0.0, 0.0]])

    def weights(shift):
        square = np.array([[1.0 + shift, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
        return triangulation_from(square), matrix_of(square, points)

    before, after = weights(-1e-9), weights(1e-9)
    flat = [{frozenset(row) for row in triangulation.simplices.tolist()} for triangulation, _ in (before, after)]
    assert flat[0] != flat[1]
    np.testing.assert_allclose(before[1], after[1], atol=1e-8)


def test_blocks_do_not_show(monkeypatch):
    rng = np.random.default_rng(9)
    vertices, points = rng.normal(size=(40, 2)), rng.normal(size=(101, 2))
    whole = tables_of(vertices, points)
    monkeypatch.setattr(natural_neighbors, "_BLOCK", 16)
    for found, expected in zip(tables_of(vertices, points), whole, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_no_points_and_no_points_inside():
    assert [table.shape[0] for table in tables_of(VERTICES, np.zeros((0, 2)))] == [0] * 6
    mappings, sizes, weights, *_ = tables_of(VERTICES, np.full((2, 2), 9.0))
    assert (mappings[:, 0] == 6).all()
    assert sizes.tolist() == [1, 1]
    np.testing.assert_array_equal(weights, [[1.0, 0.0, 0.0]] * 2)


def test_shares_add_up_to_the_triangles_and_twins_are_mutual():
    triangulation = triangulation_from(VERTICES)
    table = half_edges_from(VERTICES, triangulation.simplices, triangulation.neighbors, np)
    y, x = (VERTICES[triangulation.simplices] - VERTICES[triangulation.simplices[:, :1]]).transpose(2, 0, 1)
    areas = (y[:, 1] * x[:, 2] - y[:, 2] * x[:, 1]) / 2.0
    assert (areas > 0.0).all()
    np.testing.assert_allclose(table.share[:-3].reshape(-1, 3).sum(axis=1) / 8.0, areas, rtol=1e-12)
    outside = len(table.twin) - 3
    edges = np.flatnonzero(table.twin[:outside] < outside)
    assert len(edges) > 5
    np.testing.assert_array_equal(table.twin[table.twin[edges]], edges)
    np.testing.assert_array_equal(table.start[table.twin[edges]], table.end[edges])


# ---------------------------------------------------------------------- the interpolator


def test_mappings_and_crosses_have_the_peers_numbers():
    interpolator = interpolator_of(VERTICES, POINTS)
    found = dense(interpolator.mappings, interpolator.sizes, interpolator.weights, 8)
    np.testing.assert_allclose(found, rows_of(WEIGHTS), atol=1e-13)
    assert interpolator.sizes.tolist() == [len(row) for row in WEIGHTS]
    mappings, sizes, weights = interpolator._mappings_sizes_weights_split
    assert mappings.shape[0] == weights.shape[0] == 32
    np.testing.assert_allclose(dense(mappings, sizes, weights, 8)[:8], rows_of(SPLIT_WEIGHTS), atol=1e-13)
    assert interpolator.exclude_zero_weight_mappings
    assert isinstance(interpolator, aa.InterpolatorDelaunayNN)
    assert isinstance(interpolator.mesh_geometry, aa.MeshGeometryDelaunay)


def test_all_tables_in_one_object():
    interpolator = interpolator_of(VERTICES, POINTS)
    tables = interpolator.delaunay
    split = interpolator._mappings_sizes_weights_split
    for name, expected in {
        "points": VERTICES,
        "mappings": interpolator.mappings,
        "sizes": interpolator.sizes,
        "weights": interpolator.weights,
        "split_points": interpolator.split_points,
        "splitted_mappings": split[0],
        "splitted_sizes": split[1],
        "splitted_weights": split[2],
        "cavity_sizes": CAVITY_SIZES,
    }.items():
        np.testing.assert_array_equal(getattr(tables, name), expected, err_msg=name)
    assert tables.simplices.shape == (16, 3)
    assert not tables.overflow.any()
    assert not tables.split_overflow.any()
    assert not tables.degenerate.any()
    assert tables.split_cavity_sizes.shape == tables.split_degenerate.shape == (32,)


@pytest.mark.parametrize("places", [np.zeros((5, 2)), np.arange(10.0).repeat(2).reshape(10, 2)])
def test_vertices_without_a_triangle_are_errors(places):
    with pytest.raises(aa.exc.MeshException, match="expected vertices that span an area"):
        _ = interpolator_of(places, POINTS).mappings


def test_nothing_of_jax_and_no_module_is_in_an_evaluated_interpolator():
    interpolator = interpolator_of(VERTICES, POINTS)
    assert not interpolator.delaunay.use_jax
    found = dict(walk(interpolator))
    assert len(found) > 50
    for path, value in found.items():
        assert not isinstance(value, (types.ModuleType, types.FunctionType)), path
        assert not type(value).__module__.startswith("jax"), path
