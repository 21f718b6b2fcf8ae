"""The weights of nearest neighbors: a Wendland kernel around a coordinate, and the triangle of the nearest three."""

import functools
import subprocess
import sys

import numpy as np
import problems
import pytest
import vertex_problems
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import Delaunay

import autoarray as aa
from autoarray.inversion.mesh._triangulation.nearest import nearest_from
from autoarray.inversion.mesh.interpolator.delaunay import pixel_weights_delaunay_from
from autoarray.inversion.mesh.interpolator.knn import (
    InterpolatorKNearestNeighbor,
    InterpolatorKNNBarycentric,
    barycentric_weights_from_3_nearest,
    get_interpolation_weights,
    kernel_interpolate_points,
    wendland_c4,
)

VERTICES = np.array([[0.0, 0.0], [0.3, 0.1], [-0.2, 0.4], [0.1, -0.5], [0.6, 0.2], [-0.3, -0.3]])
QUERIES = np.array([[0.1, 0.1], [0.3, 0.1], [-0.9, 0.7]])


def on(xp, *arrays):
    return tuple(xp.asarray(array) for array in arrays)


def scattered(seed, vertices=30, queries=50):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(vertices, 2)), rng.normal(size=(queries, 2))


def dense_from(mappings, weights, pixels):
    mappings = np.asarray(mappings)
    return vertex_problems.dense(mappings, np.full(len(mappings), mappings.shape[1]), weights, pixels)


# ---------------------------------------------------------------------- the kernel


def test_the_kernel_is_wendlands_function():
    ratio = np.linspace(0.0, 1.0, 41)
    # Its other form, expanded about the edge of its support: t = 1 - r / h.
    t = 1.0 - ratio
    expected = 35.0 * t**8 - 88.0 * t**7 + 56.0 * t**6
    np.testing.assert_allclose(wendland_c4(0.4 * ratio, 0.4), expected, rtol=1e-7, atol=1e-13)
    assert wendland_c4(np.array([0.0, 0.4, 0.41, 7.0]), 0.4) == pytest.approx([3.0, 0.0, 0.0, 0.0], abs=1e-50)


def test_the_kernel_broadcasts_and_a_radius_of_zero_holds_only_its_centre(xp):
    r, h = on(xp, np.array([[0.0, 0.1], [0.0, 0.1]]), np.array([[2.0], [0.0]]))
    values = np.asarray(wendland_c4(r, h))
    np.testing.assert_allclose(values, [[3.0, 2.9311789], [3.0, 0.0]], rtol=1e-7)


# ---------------------------------------------------------------------- kernel weights

# PyAutoArray 2026.10.26.1, `get_interpolation_weights(VERTICES, QUERIES, k_neighbors, radius_scale)`, and the two
# functions below, with JAX in double precision.
PEER = {
    (4, 1.5): (
        [[0, 1, 2, 4], [1, 0, 4, 2], [2, 0, 5, 1]],
        [
            [0.5418784233188165, 0.4023524740638447, 0.0454769688450811, 0.010292133747702463],
            [0.6061208951794405, 0.19270535927981647, 0.19270535927981625, 0.008468386240722742],
            [0.7135502101905964, 0.13523114704207273, 0.11623363535834604, 0.034985007325516966],
        ],
    ),
    (6, 1.1): (
        [[0, 1, 2, 4, 5, 3], [1, 0, 4, 2, 3, 5], [2, 0, 5, 1, 3, 4]],
        np.array(
            [
                0.5866188144667037,
                0.39396583258970397,
                0.01775631043673296,
                0.0015403012299290543,
                0.00011071237721292383,
                8.02887026235364e-06,
                0.6661839656516221,
                0.16525183840494154,
                0.16525183840494134,
                0.00269678347066936,
                0.0006095210922394389,
                6.052953380226569e-06,
                0.8542305868600106,
                0.0766997679619302,
                0.0606607900080969,
                0.008285309445539048,
                8.159386676449118e-05,
                4.195170375279511e-05,
            ]
        ).reshape(3, 6),
    ),
}
PEER_BARYCENTRIC = [
    [0.42857142857142855, 0.4285714285714286, 0.14285714285714282],
    [1.0, 0.0, 0.0],
    [0.6857142857142857, 0.0, 0.3142857142857143],
]
PEER_INTERPOLATED = [0.7489344894074086, 3.7232801886193916, 5.795026732046553]


@pytest.mark.parametrize("options", PEER)
def test_numbers_of_pyautoarray(xp, options):
    mappings, weights, _ = get_interpolation_weights(*on(xp, VERTICES, QUERIES), *options)
    expected = dense_from(*PEER[options], len(VERTICES))
    np.testing.assert_allclose(dense_from(mappings, weights, len(VERTICES)), expected, rtol=0.0, atol=1e-13)


def test_numbers_of_pyautoarray_interpolated(xp):
    vertices, queries, values = on(xp, VERTICES, QUERIES, np.arange(6.0) ** 2)
    found = kernel_interpolate_points(vertices, queries, values, 4, 1.5)
    np.testing.assert_allclose(found, PEER_INTERPOLATED, rtol=1e-13)


@pytest.mark.parametrize(("k_neighbors", "radius_scale"), [(5, 1.5), (1, 2.0), (12, 3.0)])
def test_the_weights_are_those_of_a_loop(xp, k_neighbors, radius_scale):
    vertices, queries = scattered(seed=3)
    expected = np.zeros((len(queries), len(vertices)))
    for row, query in enumerate(queries):
        distances = np.hypot(*(vertices - query).T)
        nearest = np.argsort(distances)[:k_neighbors]
        u = distances[nearest] / (radius_scale * distances[nearest].max())
        kernel = (1.0 - u) ** 6 * (35.0 * u**2 + 18.0 * u + 3.0)
        expected[row, nearest] = kernel / kernel.sum()
    mappings, weights, distances = get_interpolation_weights(*on(xp, vertices, queries), k_neighbors, radius_scale)
    np.testing.assert_allclose(dense_from(mappings, weights, len(vertices)), expected, rtol=0.0, atol=1e-7)
    difference = vertices[np.asarray(mappings)] - queries[:, None]
    np.testing.assert_allclose(distances, np.hypot(difference[..., 0], difference[..., 1]), rtol=1e-13)


@given(
    seed=st.integers(0, 2**32 - 1),
    k_neighbors=st.integers(1, 12),
    radius_scale=st.floats(1.05, 4.0),
    scale=st.floats(1e-2, 1e2),
    shift=st.floats(-5.0, 5.0),
)
def test_laws_of_the_weights(seed, k_neighbors, radius_scale, scale, shift):
    vertices, queries = scattered(seed, vertices=12, queries=9)
    mappings, weights, _ = get_interpolation_weights(vertices, queries, k_neighbors, radius_scale)
    assert (weights >= 0.0).all()
    # The sum that the weights are divided by is at least that of the nearest vertex, at 1 / radius_scale of the radius.
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-10 / wendland_c4(1.0, 1.05) + 1e-12)
    moved = get_interpolation_weights(scale * vertices + shift, scale * queries + shift, k_neighbors, radius_scale)
    matrix = dense_from(mappings, weights, 12)
    np.testing.assert_allclose(dense_from(*moved[:2], 12), matrix, rtol=0.0, atol=1e-5)
    order = np.random.default_rng(seed).permutation(12)
    exchanged = get_interpolation_weights(vertices[order], queries, k_neighbors, radius_scale)
    np.testing.assert_allclose(dense_from(*exchanged[:2], 12), matrix[:, order], rtol=0.0, atol=1e-12)


def test_a_mesh_with_fewer_vertices_than_neighbors_uses_all(xp):
    few = get_interpolation_weights(*on(xp, VERTICES, QUERIES), 6, 1.5)
    many = get_interpolation_weights(*on(xp, VERTICES, QUERIES), 40, 1.5)
    for one, other in zip(few, many, strict=True):
        assert one.shape == (3, 6)
        np.testing.assert_array_equal(one, other)


def test_vertices_at_one_place_share_their_weight(xp):
    vertices = np.concatenate((VERTICES, VERTICES[:1]))
    mappings, weights, _ = get_interpolation_weights(*on(xp, vertices, QUERIES), 5, 1.5)
    matrix = dense_from(mappings, weights, 7)
    np.testing.assert_allclose(matrix[:, 0], matrix[:, 6], rtol=1e-14)
    assert (matrix[:, 0] > 0.0).all()
    # All of them at one place, the query at it or not.
    mappings, weights, _ = get_interpolation_weights(*on(xp, np.zeros((4, 2)), np.array([[0.0, 0], [3, 4]])), 4, 2)
    np.testing.assert_allclose(weights, 0.25, rtol=1e-8)


def test_a_radius_that_reaches_no_vertex_maps_to_nothing(xp):
    _, weights, _ = get_interpolation_weights(*on(xp, VERTICES, QUERIES[2:]), 4, 0.5)
    np.testing.assert_array_equal(weights, np.zeros((1, 4)))


@pytest.mark.parametrize("k_neighbors", [0, -2])
def test_no_neighbors_are_an_error(k_neighbors):
    with pytest.raises(aa.exc.MeshException, match=f"k_neighbors: expected a number from 1 to 6 .*{k_neighbors}"):
        get_interpolation_weights(VERTICES, QUERIES, k_neighbors, 1.5)


# ---------------------------------------------------------------------- barycentric weights


def test_barycentric_numbers_of_pyautoarray(xp):
    vertices, queries = on(xp, VERTICES, QUERIES)
    mappings = nearest_from(vertices, queries, 3, xp)
    weights = barycentric_weights_from_3_nearest(queries, vertices, mappings, xp)
    # Two of the nearest three of the second query are at one distance.
    np.testing.assert_allclose(weights, PEER_BARYCENTRIC, rtol=0.0, atol=1e-14)


def test_inside_the_delaunay_triangle_they_are_its_weights(xp):
    vertices, queries = scattered(seed=5, vertices=40, queries=400)
    triangulation = Delaunay(vertices)
    simplex = triangulation.find_simplex(queries)
    nearest = nearest_from(*on(xp, vertices, queries), 3, xp)
    weights = barycentric_weights_from_3_nearest(*on(xp, queries, vertices), nearest, xp)
    corners = triangulation.simplices[simplex]
    expected = dense_from(corners, pixel_weights_delaunay_from(queries, vertices, corners), 40)
    same = (simplex >= 0) & (np.sort(corners, axis=1) == np.sort(nearest, axis=1)).all(axis=1)
    assert same.sum() > 50
    np.testing.assert_allclose(dense_from(nearest, weights, 40)[same], expected[same], rtol=0.0, atol=1e-9)


@given(seed=st.integers(0, 2**32 - 1))
def test_laws_of_the_barycentric_weights(seed):
    vertices, queries = scattered(seed, vertices=9, queries=20)
    nearest = nearest_from(vertices, queries, 3)
    weights = barycentric_weights_from_3_nearest(queries, vertices, nearest, np)
    assert (weights >= 0.0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-13)
    # Where none was negative they interpolate linearly.
    inside = (weights > 0.0).all(axis=1)
    np.testing.assert_allclose((weights[..., None] * vertices[nearest]).sum(axis=1)[inside], queries[inside], atol=1e-8)


FLAT = {
    "a line": [[0.0, 0.0], [0.1, 0.2], [0.2, 0.4]],
    "two at one place": [[0.0, 0.0], [0.0, 0.0], [0.2, 0.4]],
    "three at one place": [[0.1, 0.1], [0.1, 0.1], [0.1, 0.1]],
}


@pytest.mark.parametrize("name", FLAT)
def test_a_flat_triangle_gives_all_weight_to_the_nearest(xp, name):
    queries, vertices, mappings = on(xp, QUERIES, np.array(FLAT[name]), np.tile([0, 1, 2], (3, 1)))
    weights = barycentric_weights_from_3_nearest(queries, vertices, mappings, xp)
    np.testing.assert_array_equal(weights, np.tile([1.0, 0.0, 0.0], (3, 1)))


# ---------------------------------------------------------------------- derivatives


def sums(kind):
    """A smooth function of all interpolated values."""
    import jax.numpy as jnp

    def function(vertices, queries):
        values = jnp.asarray(np.cos(np.arange(vertices.shape[0]) * 1.7))
        if kind == "kernel":
            mappings, weights, _ = get_interpolation_weights(vertices, queries, 5, 1.5)
        else:
            mappings = nearest_from(vertices, queries, 3, jnp)
            weights = barycentric_weights_from_3_nearest(queries, vertices, mappings, jnp)
        return jnp.sum(jnp.sin(2.0 * (weights * values[mappings]).sum(axis=1)))

    return function


@functools.cache
def gradients(kind):
    import jax

    return jax.jit(jax.value_and_grad(sums(kind), argnums=(0, 1)))


@pytest.mark.parametrize("kind", ["kernel", "barycentric"])
def test_gradients_are_those_of_finite_differences(kind):
    import jax.numpy as jnp

    # No query of these is about to change its nearest vertices, or the edge of its triangle.
    arrays = on(jnp, *scattered(seed=8, vertices=12, queries=15))
    rng = np.random.default_rng(4)
    _, derivatives = gradients(kind)(*arrays)
    for position in (0, 1):
        for _ in range(3):
            direction = rng.normal(size=arrays[position].shape)

            def moved(step, position=position, direction=direction):
                points = list(arrays)
                points[position] = points[position] + step * direction
                return float(gradients(kind)(*points)[0])

            step = 1e-6
            difference = (8.0 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12.0 * step)
            assert float((derivatives[position] * direction).sum()) == pytest.approx(difference, rel=1e-7)


@pytest.mark.parametrize("kind", ["kernel", "barycentric"])
def test_derivatives_are_finite_where_points_meet(kind):
    import jax.numpy as jnp

    vertices = np.concatenate((VERTICES, VERTICES[:2], [[0.0, 0.2], [0.0, 0.4]]))
    for queries in (VERTICES, np.array([[0.0, 0.0], [0.0, 0.1]])):
        value, derivatives = gradients(kind)(*on(jnp, vertices, queries))
        assert np.isfinite(value)
        assert all(np.isfinite(derivative).all() for derivative in derivatives)


# ---------------------------------------------------------------------- interpolators

MESHES = {
    "kernel": aa.mesh.KNearestNeighbor(pixels=18, zeroed_pixels=6, k_neighbors=5, radius_scale=1.4),
    "barycentric": aa.mesh.KNNBarycentric(pixels=18, zeroed_pixels=6, k_neighbors=5),
}


@functools.cache
def interpolator(kind, backend):
    return vertex_problems.interpolator_from(MESHES[kind], backend)


def test_classes():
    assert type(interpolator("kernel", "numpy")) is InterpolatorKNearestNeighbor
    assert type(interpolator("barycentric", "numpy")) is InterpolatorKNNBarycentric


@pytest.mark.parametrize(("kind", "width"), [("kernel", 5), ("barycentric", 3)])
def test_the_over_sampled_coordinates_are_interpolated(kind, width, backend):
    found = interpolator(kind, backend)
    assert not found.exclude_zero_weight_mappings
    total = found.data_grid.over_sampled.shape[0]
    assert found.mappings.shape == found.weights.shape == (total, width)
    np.testing.assert_array_equal(found.sizes, np.full(total, width))
    vertices, queries = np.asarray(found.mesh_grid.array), np.asarray(found.data_grid.over_sampled.array)
    mappings = nearest_from(vertices, queries, width)
    if kind == "kernel":
        _, weights, _ = get_interpolation_weights(vertices, queries, 5, 1.4)
    else:
        weights = barycentric_weights_from_3_nearest(queries, vertices, mappings, np)
    matrix = vertex_problems.dense(found.mappings, found.sizes, found.weights, 24)
    np.testing.assert_allclose(matrix, dense_from(mappings, weights, 24), rtol=0.0, atol=1e-12)


def test_distances_to_the_neighbors(backend):
    found = interpolator("kernel", backend)
    vertices = np.asarray(found.mesh_grid.array)
    distances = np.sort(np.hypot(*(vertices[:, None] - vertices).T), axis=0)[:5].T
    np.testing.assert_allclose(found.distance_to_self, distances, rtol=1e-12, atol=1.1e-10)


# With fractions as of PyAutoArray 2026.10.26.1: 8.9 neighbors are 8, and 8 // 2.2 is 3.
SPLITS = [(5, 2, 2), (5, 1, 4), (5, 9, 1), (2, 1, 1), (40, 2, 20), (60, 1, 23)]
SPLITS += [(10, 2.7, 3), (10, 1.5, 6), (8.9, 2.2, 3), (10, 0.5, 9), (10, 20.5, 1), (10, 5e-324, 9)]


@pytest.mark.parametrize(("k_neighbors", "division", "neighbor"), SPLITS)
def test_crosses_reach_half_way_to_a_neighbor(k_neighbors, division, neighbor):
    mesh = aa.mesh.KNearestNeighbor(18, 6, k_neighbors=k_neighbors, split_neighbor_division=division, areas_factor=0.2)
    found = vertex_problems.interpolator_from(mesh)
    vertices = found.mesh_grid.array
    arms = 0.5 * np.sort(np.hypot(*(vertices[:, None] - vertices).T), axis=0)[neighbor]
    crosses = found.split_points.reshape(24, 4, 2) - vertices[:, None]
    for end, direction in enumerate([(1, 0), (-1, 0), (0, 1), (0, -1)]):
        np.testing.assert_allclose(crosses[:, end], arms[:, None] * direction, atol=1e-13)


@pytest.mark.parametrize(("kind", "width"), [("kernel", 5), ("barycentric", 3)])
def test_the_ends_of_the_crosses_are_interpolated(kind, width, backend):
    found = interpolator(kind, backend)
    mappings, sizes, weights = found._mappings_sizes_weights_split
    # There is room for the vertex itself, which need not be among the nearest.
    assert mappings.shape == weights.shape == (96, width + 1)
    np.testing.assert_array_equal(sizes, np.full(96, width))
    matrix = vertex_problems.dense(mappings, sizes, weights, 24)
    expected = vertex_problems.dense(
        *interpolator(kind, "numpy")._interpolation_from(np.asarray(found.split_points)), 24
    )
    np.testing.assert_allclose(matrix, expected, rtol=0.0, atol=1e-12)


def test_a_vertex_without_neighbors_has_no_cross():
    found = vertex_problems.interpolator_from(aa.mesh.KNearestNeighbor(18, 6, k_neighbors=1))
    assert found.mappings.shape[1] == 1
    with pytest.raises(aa.exc.MeshException, match=r"KNearestNeighbor\.k_neighbors: expected at least 2 for .*found 1"):
        _ = found.split_points


def test_vertices_on_a_line_can_be_interpolated_between():
    vertices = aa.Grid2DIrregular(np.linspace((-0.5, -0.3), (0.5, 0.3), 24))
    grid = problems.traced_from(vertex_problems.dataset())
    for mesh in MESHES.values():
        found = mesh.interpolator_from(
            source_plane_data_grid=grid, source_plane_mesh_grid=vertices._with(_array=vertices.array)
        )
        np.testing.assert_allclose(found.weights.sum(axis=1), 1.0, rtol=1e-6)
        with pytest.raises(aa.exc.MeshException):
            _ = found.mesh_geometry.areas_for_magnification


@pytest.mark.parametrize("kind", MESHES)
def test_the_geometry_is_that_of_the_triangulation(kind):
    found, delaunay = interpolator(kind, "numpy"), vertex_problems.interpolator_from()
    np.testing.assert_array_equal(found.mesh_geometry.neighbors.array, delaunay.mesh_geometry.neighbors.array)
    np.testing.assert_array_equal(found.mesh_geometry.voronoi_areas, delaunay.mesh_geometry.voronoi_areas)
    np.testing.assert_array_equal(found.dual_areas, delaunay.dual_areas)


def test_numpy_mode_never_imports_jax():
    code = (
        "import sys, numpy as np; sys.path[:0] = {path!r}; import vertex_problems, autoarray as aa\n"
        "for mesh in (aa.mesh.KNearestNeighbor(18, 6), aa.mesh.KNNBarycentric(18, 6)):\n"
        "    found = vertex_problems.interpolator_from(mesh)\n"
        "    arrays = (*found._mappings_sizes_weights, *found._mappings_sizes_weights_split, found.distance_to_self)\n"
        "    assert all(type(array) is np.ndarray for array in arrays)\n"
        "assert 'jax' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code.format(path=sys.path)], check=True)


# ---------------------------------------------------------------------- fits


def test_the_log_evidence_and_its_gradient_in_a_batch():
    import jax

    options = {
        "regularization": aa.reg.ConstantSplit(coefficient=1.0),
        "settings": aa.Settings(use_positive_only_solver=False),
        "relocate": False,
    }

    def log_evidence(einstein):
        return vertex_problems.fit_from(MESHES["kernel"], backend="jax", einstein=einstein, **options).log_evidence

    centre, step = problems.EINSTEIN, 1e-6
    batch = jax.jit(jax.vmap(jax.value_and_grad(log_evidence)))
    values, derivatives = batch(jax.numpy.asarray([centre - step, centre, centre + step]))
    assert float(values[1]) == pytest.approx(
        vertex_problems.fit_from(MESHES["kernel"], **options).log_evidence, rel=1e-8
    )
    assert float(derivatives[1]) == pytest.approx(float(values[2] - values[0]) / (2.0 * step), rel=1e-5)
