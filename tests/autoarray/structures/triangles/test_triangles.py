"""Triangles: their laws, on both forms, and that the two forms find the same."""

import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autoarray as aa
from autoarray.structures.triangles.abstract import HEIGHT_FACTOR
from autoarray.structures.triangles.array import (
    MAX_CONTAINING_SIZE,
    ArrayTriangles,
    Step0Layout,
    remove_duplicates,
    select_and_handle_invalid,
)
from autoarray.structures.triangles.array_np import ArrayTrianglesNp
from autoarray.structures.triangles.coordinate_array import (
    CoordinateArrayTriangles,
    static_lattice_layout,
    static_vertex_table,
)
from autoarray.structures.triangles.coordinate_array_np import CoordinateArrayTrianglesNp
from autoarray.structures.triangles.shape import Circle, Point

LIMITS = (-1.0, 1.0, -1.2, 1.3, 0.5)
FORMS = [ArrayTrianglesNp, CoordinateArrayTrianglesNp, ArrayTriangles, CoordinateArrayTriangles]

pairs = st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), min_size=8, max_size=8, unique=True)
lattices = st.tuples(pairs, st.booleans(), st.floats(0.01, 3.0), st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))


def rows_of(triangles, digits=9):
    """Triangles as a set that does not depend on the order of triangles or corners."""
    corners = np.asarray(triangles.triangles)
    corners = np.round(corners[~np.isnan(corners).any(axis=(1, 2))], digits) + 0.0
    return {tuple(sorted(map(tuple, triangle))) for triangle in corners.tolist()}


def both(lattice):
    coordinates, flipped, side, x, y = lattice
    return [
        form(np.array(coordinates), side, x, y, flipped)
        for form in (CoordinateArrayTrianglesNp, CoordinateArrayTriangles)
    ]


@settings(max_examples=15)
@given(lattices)
def test_dividing_conserves_area(lattice):
    for triangles in both(lattice):
        divided = triangles.up_sample()
        assert len(divided) == 4 * len(triangles)
        assert divided.side_length == triangles.side_length / 2
        np.testing.assert_allclose(divided.area, triangles.area, rtol=1e-12)


@settings(max_examples=15)
@given(lattices)
def test_a_divided_triangle_holds_its_parts(lattice):
    """The means of the four parts have the mean of the whole, and each lies in one whole."""
    triangles, _ = both(lattice)
    wholes = triangles.with_vertices(triangles.vertices)
    for mean in triangles.up_sample().means:
        assert len(wholes.containing_indices(Point(*mean))) >= 1


@settings(max_examples=15)
@given(lattices)
def test_the_two_forms_agree(lattice):
    numpy, fixed = both(lattice)
    for name in ("up_sample", "neighborhood"):
        assert rows_of(getattr(numpy, name)()) == rows_of(getattr(fixed, name)())
    np.testing.assert_array_equal(np.asarray(fixed.flip_mask), numpy.flip_mask)
    np.testing.assert_allclose(np.asarray(fixed.centres), numpy.centres, rtol=1e-14, atol=1e-14)


@given(lattices)
def test_each_corner_stands_once(lattice):
    triangles, _ = both(lattice)
    assert len(np.unique(triangles.vertex_coordinates.reshape(-1, 2), axis=0)) == len(triangles.vertices)
    np.testing.assert_array_equal(triangles.vertices[triangles.indices], triangles.triangles)


@settings(max_examples=15)
@given(lattices)
def test_the_neighborhood_holds_its_triangles_and_is_symmetric(lattice):
    triangles, _ = both(lattice)
    near = triangles.neighborhood()
    assert rows_of(triangles) <= rows_of(near)
    assert len(near) == len(rows_of(near))
    for index in range(len(triangles)):
        alone = triangles.for_indexes(np.array([index]))
        assert len(alone.neighborhood()) == 4
        for other in range(4):
            assert rows_of(alone) <= rows_of(alone.neighborhood().for_indexes(np.array([other])).neighborhood())


@settings(max_examples=15)
@given(lattices)
def test_divided_triangles_share_a_table_of_corners(lattice):
    _, triangles = both(lattice)
    divided = triangles.up_sample()
    assert divided.vertices.shape == (6 * len(triangles.coordinates), 2)
    np.testing.assert_allclose(
        np.asarray(divided.vertices)[np.asarray(divided.indices)], np.asarray(divided.triangles), rtol=1e-12, atol=1e-12
    )


@settings(max_examples=15)
@given(st.floats(-0.99, 0.99), st.floats(-1.19, 1.19))
def test_every_point_of_a_tiling_is_in_a_triangle(y, x):
    found = {}
    for form in (CoordinateArrayTrianglesNp, CoordinateArrayTriangles):
        tiling = form.for_limits_and_scale(*LIMITS)
        indexes = np.asarray(tiling.containing_indices(Point(y, x)))
        found[form] = indexes[indexes >= 0].tolist()
        assert len(found[form]) >= 1
        near = tiling.for_indexes(tiling.containing_indices(Point(y, x))).neighborhood()
        assert len(near.up_sample().with_vertices(near.up_sample().vertices).containing_indices(Point(y, x))) >= 1
    assert found[CoordinateArrayTrianglesNp] == found[CoordinateArrayTriangles]


@pytest.mark.parametrize("form", FORMS)
def test_a_tiling_covers_the_limits_with_equal_triangles(form):
    tiling = form.for_limits_and_scale(*LIMITS)
    corners = np.asarray(tiling.triangles)
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=-1)
    np.testing.assert_allclose(sides, 0.5, rtol=1e-12)
    np.testing.assert_allclose(float(tiling.area), len(tiling) * 0.25 * HEIGHT_FACTOR / 2, rtol=1e-12)
    assert len(rows_of(tiling)) == len(tiling)
    assert np.asarray(tiling.vertices).min() <= -1.0
    assert [len(row) for row in tiling] == [3] * len(tiling)
    np.testing.assert_allclose(np.asarray(tiling.means), corners.mean(axis=1))


@pytest.mark.parametrize("form", FORMS)
def test_a_tiling_of_a_grid(form):
    grid = aa.Grid2D.uniform(shape_native=(4, 5), pixel_scales=0.5)
    limits = (-0.75, 0.75, -1.0, 1.0, 0.5)
    assert rows_of(form.for_grid(grid)) == rows_of(form.for_limits_and_scale(*limits))


@pytest.mark.parametrize("form", [ArrayTrianglesNp, ArrayTriangles])
def test_indexed_triangles_divide_and_grow(form):
    tiling = form.for_limits_and_scale(*LIMITS)
    index = tiling.containing_indices(Point(0.1, 0.2))
    assert len(rows_of(tiling.for_indexes(index))) == 1
    one = tiling.for_indexes(index)
    assert len(rows_of(one.up_sample())) == 4
    assert rows_of(one) <= rows_of(one.neighborhood()) <= rows_of(tiling)
    assert len(rows_of(one.neighborhood())) == 4
    assert len(rows_of(tiling.neighborhood()) - rows_of(tiling)) > 0
    np.testing.assert_allclose(float(one.up_sample().area), float(one.area), rtol=1e-12)
    np.testing.assert_allclose(float(tiling.up_sample().area), float(tiling.area), rtol=1e-12)


def test_indexed_forms_agree():
    numpy, fixed = (form.for_limits_and_scale(*LIMITS) for form in (ArrayTrianglesNp, ArrayTriangles))
    for name in ("up_sample", "neighborhood"):
        assert rows_of(getattr(numpy, name)()) == rows_of(getattr(fixed, name)())
    found = numpy.containing_indices(Circle(0.1, 0.2, 0.5))
    np.testing.assert_array_equal(np.asarray(fixed.containing_indices(Circle(0.1, 0.2, 0.5)))[: len(found)], found)


def test_fixed_shapes_are_those_of_jax_on_numpy():
    tiling = {
        xp: CoordinateArrayTriangles.for_limits_and_scale(*LIMITS, static_vertices=True, xp=xp) for xp in (np, jnp)
    }
    indexes = {xp: tiling[xp].containing_indices(Point(0.1, 0.2)) for xp in tiling}
    assert indexes[np].shape == indexes[jnp].shape == (MAX_CONTAINING_SIZE,)
    steps = {xp: tiling[xp].for_indexes(indexes[xp]).neighborhood().up_sample() for xp in tiling}
    np.testing.assert_allclose(steps[np].coordinates, np.asarray(steps[jnp].coordinates))
    np.testing.assert_allclose(steps[np].vertices, np.asarray(steps[jnp].vertices), rtol=1e-14)
    assert not steps[np].use_jax
    assert steps[jnp].use_jax
    indexed = {xp: ArrayTriangles.for_limits_and_scale(*LIMITS, xp=xp).up_sample() for xp in tiling}
    np.testing.assert_array_equal(indexed[np].indices, np.asarray(indexed[jnp].indices))


def test_steps_are_traced_by_jit():
    def images(y, x):
        triangles = CoordinateArrayTriangles.for_limits_and_scale(*LIMITS, static_vertices=True)
        for _ in range(4):
            kept = triangles.for_indexes(triangles.with_vertices(triangles.vertices**3).containing_indices(Point(y, x)))
            triangles = kept.neighborhood().up_sample()
        return kept.means

    means = np.asarray(jax.jit(images)(0.2, -0.3))
    assert means.shape == (MAX_CONTAINING_SIZE, 2)
    means = means[np.isfinite(means).all(axis=1)]
    assert len(means) == 1
    # The side of the triangles of the fourth step is 1/16.
    np.testing.assert_allclose(means[0], np.cbrt([0.2, -0.3]), atol=0.0625)


def test_more_triangles_than_there_is_room_for():
    tiling = ArrayTriangles.for_limits_and_scale(-3.0, 3.0, -3.0, 3.0, 0.1, max_containing_size=7)
    inside = np.asarray(tiling.containing_indices(Circle(0.0, 0.0, 1.0)))
    everything = ArrayTrianglesNp.for_limits_and_scale(-3.0, 3.0, -3.0, 3.0, 0.1).containing_indices(
        Circle(0.0, 0.0, 1.0)
    )
    np.testing.assert_array_equal(inside, everything[:7])
    assert tiling.for_indexes(inside).max_containing_size == 7


def test_a_long_table_is_searched_as_a_short_one():
    tiling = CoordinateArrayTriangles.for_limits_and_scale(-3.0, 3.0, -3.0, 3.0, 0.1)
    numpy = CoordinateArrayTrianglesNp.for_limits_and_scale(-3.0, 3.0, -3.0, 3.0, 0.1)
    for shape in (Point(0.113, -2.2), Point(2.9, 2.9), Circle(1.0, 1.0, 0.11), Point(50.0, 0.0)):
        found = numpy.containing_indices(shape)
        expected = np.concatenate((found, np.full(MAX_CONTAINING_SIZE - len(found), -1)))
        np.testing.assert_array_equal(np.asarray(tiling.containing_indices(shape)), expected)


def test_static_tables():
    vertices, indices = static_vertex_table(*LIMITS)
    tiling = CoordinateArrayTriangles.for_limits_and_scale(*LIMITS)
    np.testing.assert_allclose(vertices[indices], np.asarray(tiling.triangles), rtol=1e-14, atol=1e-14)
    assert static_vertex_table(*LIMITS) is static_vertex_table(*LIMITS)
    layout = static_lattice_layout(*LIMITS)
    assert layout == Step0Layout(n_rows=9, n_cols=8, grid=(len(vertices),))
    assert layout.n_rows * layout.n_cols == len(indices)
    with pytest.raises(ValueError, match="read-only"):
        vertices[0] = 0.0


def test_select_and_handle_invalid(xp):
    rows = xp.asarray([[1.0, 2.0], [3.0, 4.0]])
    found = select_and_handle_invalid(rows, xp.asarray([1, -1]), -1, xp.nan)
    np.testing.assert_array_equal(np.asarray(found), [[3.0, 4.0], [np.nan, np.nan]])


def test_remove_duplicates(xp):
    one = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    indices, vertices = remove_duplicates(xp.asarray([one, one[::-1], [[5.0, 5.0], [6.0, 5.0], [5.0, 6.0]]]))
    np.testing.assert_array_equal(np.asarray(indices), [[0, 1, 2], [3, 4, 5], [-1, -1, -1]])
    assert vertices.shape == (9, 2)
    assert np.isnan(np.asarray(vertices)[6:]).all()


@pytest.mark.parametrize("form", FORMS)
def test_triangles_survive_pickle(form):
    tiling = form.for_limits_and_scale(*LIMITS)
    assert rows_of(pickle.loads(pickle.dumps(tiling))) == rows_of(tiling)


def test_what_is_derived_of_a_tiling_does_not_travel():
    tiling = CoordinateArrayTrianglesNp.for_limits_and_scale(-2.5, 2.5, -2.5, 2.5, 0.05)
    again = pickle.loads(pickle.dumps(tiling))
    assert len(pickle.dumps(tiling)) < 1.1 * tiling.coordinates.nbytes
    np.testing.assert_array_equal(again.vertices, tiling.vertices)
    np.testing.assert_array_equal(again.indices, tiling.indices)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CoordinateArrayTrianglesNp([[0.5, 1.0]]), "whole numbers"),
        (lambda: CoordinateArrayTrianglesNp([[0, 1]], side_length=0.0), "a side above 0"),
        (lambda: CoordinateArrayTrianglesNp([0, 1]), r"shape \(N, 2\)"),
        (lambda: ArrayTrianglesNp([[0, 1, 3]], np.zeros((3, 2))), "3 corners"),
        (lambda: ArrayTrianglesNp([[0, 1]], np.zeros((3, 2))), r"shape \(N, 3\)"),
        (lambda: ArrayTrianglesNp([[0, 1, 2]], np.zeros((3, 3))), r"shape \(V, 2\)"),
        (lambda: ArrayTriangles([[0, 1, 2]], np.zeros((3, 2)), max_containing_size=0), "max_containing_size"),
        (lambda: CoordinateArrayTrianglesNp.for_limits_and_scale(1.0, 0.0, 0.0, 1.0, 0.1), "y_max"),
        (lambda: ArrayTrianglesNp.for_limits_and_scale(0.0, 1.0, 0.0, 1.0, -0.1), "scale"),
        (lambda: CoordinateArrayTrianglesNp([[0, 1]]).with_vertices(np.zeros((2, 2))), "expected 3 corners"),
        (lambda: CoordinateArrayTrianglesNp([[0, 1]]).containing_indices((0.0, 0.0)), "expected a Shape"),
        (lambda: ArrayTrianglesNp.for_grid([[0.0, 1.0]]), "a Grid2D"),
    ],
)
def test_what_is_refused(make, message):
    with pytest.raises(aa.exc.GridException, match=message):
        make()
