"""Interpolation in triangles, on both backends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vertex_problems import dense

import autoarray as aa
from autoarray.inversion.mesh._triangulation.point_location import locations_from, mappings_from
from autoarray.inversion.mesh._triangulation.triangulation import triangulation_from
from autoarray.inversion.mesh.interpolator.delaunay import pixel_weights_delaunay_from, split_points_from

VERTICES = np.array(
    [[0.5, 0.1], [-0.4, 0.3], [0.2, -0.6], [-0.3, -0.5], [0.05, 0.12], [0.6, -0.4], [0.1, 0.7], [-0.15, 0.05]]
)
POINTS = np.array([[0.1, 0.1], [0.3, -0.3], [0.9, 0.2], [-0.2, -0.3], [-0.4, 0.9]])
# Numbers of PyAutoArray 2026.10.26.1 for these vertices and points, areas_factor 0.5: the interpolator's mappings and
# weights, and those of the crosses around the first two vertices; rounded to 14 digits.
WEIGHTS = [
    {0: 0.06726457399103, 4: 0.89686098654709, 5: 0.03587443946188},
    {4: 0.31446540880503, 2: 0.31761006289308, 5: 0.36792452830189},
    {0: 1.0},
    {3: 0.53448275862069, 2: 0.08620689655172, 7: 0.37931034482759},
    {6: 1.0},
]
SPLIT_WEIGHTS = [
    *({0: 1.0}, {0: 0.6685151159641, 4: 0.31873546541913, 5: 0.01274941861677}),
    *({0: 1.0}, {0: 0.64939098803895, 4: 0.06374709308383, 5: 0.28686191887722}),
    *({4: 0.21648985082408, 6: 0.09742043287083, 1: 0.68608971630509}, {1: 1.0}, {1: 1.0}, {1: 1.0}),
]
SPLIT_POINTS = [[0.64215601757693, 0.1], [0.35784398242307, 0.1], [0.5, 0.24215601757693], [0.5, -0.04215601757693]]


def rows_of(weights):
    matrix = np.zeros((len(weights), len(VERTICES)))
    for row, entries in zip(matrix, weights, strict=True):
        row[list(entries)] = list(entries.values())
    return matrix


def interpolated(vertices, points, xp=np):
    """The dense mapping matrix of points, and the tables that it comes from."""
    vertices, points = xp.asarray(vertices), xp.asarray(points)
    mappings = mappings_from(triangulation_from(vertices, xp), points, xp)
    weights = pixel_weights_delaunay_from(points, vertices, mappings, xp)
    sizes = (np.asarray(mappings) >= 0).sum(axis=1)
    return dense(mappings, sizes, weights, len(vertices)), mappings, weights


def interpolator_of(vertices, points, xp=np):
    mask = aa.Mask2D(np.pad(np.zeros((1, len(points)), dtype=bool), 1, constant_values=True), pixel_scales=0.5)
    values = xp.asarray(points)
    sub_points = aa.Grid2DIrregular(values, xp=xp)
    grid = aa.Grid2D(values=values, mask=mask, over_sample_size=1, over_sampled=sub_points, xp=xp)
    return aa.mesh.Delaunay(pixels=len(vertices)).interpolator_from(
        grid, aa.Grid2DIrregular(xp.asarray(vertices), xp=xp), xp=xp
    )


def test_mappings_and_crosses_have_the_peers_numbers(xp):
    interpolator = interpolator_of(VERTICES, POINTS, xp)
    found = dense(interpolator.mappings, interpolator.sizes, interpolator.weights, 8)
    np.testing.assert_allclose(found, rows_of(WEIGHTS), atol=1e-13)
    assert np.asarray(interpolator.sizes).tolist() == [len(row) for row in WEIGHTS]
    mappings, sizes, weights = interpolator._mappings_sizes_weights_split
    assert mappings.shape == weights.shape == (32, 4)
    assert (np.asarray(mappings)[:, 3] == -1).all()
    np.testing.assert_allclose(dense(mappings, sizes, weights, 8)[:8], rows_of(SPLIT_WEIGHTS), atol=1e-13)
    np.testing.assert_allclose(interpolator.split_points[:4], SPLIT_POINTS, atol=1e-13)
    assert interpolator.exclude_zero_weight_mappings


def test_all_tables_in_one_object():
    interpolator = interpolator_of(VERTICES, POINTS)
    tables = interpolator.delaunay
    np.testing.assert_array_equal(tables.points, VERTICES)
    np.testing.assert_array_equal(tables.mappings, interpolator.mappings)
    np.testing.assert_array_equal(tables.sizes, interpolator.sizes)
    np.testing.assert_array_equal(tables.splitted_mappings, interpolator._mappings_sizes_weights_split[0][:, :3])
    np.testing.assert_array_equal(tables.splitted_sizes, interpolator._mappings_sizes_weights_split[1])
    np.testing.assert_array_equal(tables.split_points, interpolator.split_points)
    np.testing.assert_array_equal(tables.dual_areas, interpolator.dual_areas)
    triangles = len(interpolator.triangulation.simplices)
    assert tables.simplices.shape == (16, 3)
    np.testing.assert_array_equal(tables.simplices[:triangles], interpolator.triangulation.simplices)
    assert (tables.simplices[triangles:] == -1).all()
    assert set(vars(tables)) == {
        *("points", "simplices", "mappings", "split_points", "splitted_mappings", "dual_areas", "_use_jax")
    }


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), total=st.integers(3, 60))
def test_a_linear_source_is_reproduced_inside_the_hull(seed, total):
    rng = np.random.default_rng(seed)
    vertices, points = rng.normal(size=(total, 2)), rng.normal(size=(50, 2))
    matrix, mappings, weights = interpolated(vertices, points)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=1e-12)
    assert weights.min() >= -1e-12
    inside = mappings[:, 1] >= 0
    np.testing.assert_allclose((matrix @ vertices)[inside], points[inside], atol=1e-12)
    nearest = ((points[:, None] - vertices) ** 2).sum(axis=2).argmin(axis=1)
    np.testing.assert_array_equal(mappings[~inside, 0], nearest[~inside])
    np.testing.assert_array_equal(weights[~inside], [[1.0, 0.0, 0.0]] * (~inside).sum())


@given(seed=st.integers(0, 10_000), total=st.integers(3, 40))
def test_no_vertex_is_inside_the_circle_through_a_triangle(seed, total):
    vertices = np.random.default_rng(seed).normal(size=(total, 2))
    for corners in triangulation_from(vertices).simplices:
        a, b, c = vertices[corners]
        centre = np.linalg.solve(2.0 * np.stack((b - a, c - a)), ((b - a) @ (b - a), (c - a) @ (c - a))) + a
        distance = np.hypot(*(vertices - centre).T)
        assert distance.min() >= np.hypot(*(a - centre)) * (1.0 - 1e-9)


def test_points_on_vertices_and_edges():
    matrix, *_ = interpolated(VERTICES, np.concatenate((VERTICES, [(VERTICES[4] + VERTICES[7]) / 2.0])))
    np.testing.assert_allclose(matrix[:8], np.eye(8), atol=1e-12)
    np.testing.assert_allclose(matrix[8], rows_of([{4: 0.5, 7: 0.5}])[0], atol=1e-12)


def test_split_points_are_crosses():
    found = split_points_from(np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([4.0, 9.0]))
    # Numbers of PyAutoArray 2026.10.26.1, regularization_util.split_points_from.
    expected = [[5.0, 2.0], [-3.0, 2.0], [1.0, 6.0], [1.0, -2.0], [12.0, 5.0], [-6.0, 5.0], [3.0, 14.0], [3.0, -4.0]]
    np.testing.assert_array_equal(found, expected)


def test_a_vertex_at_the_place_of_another_is_interpolated_from_that():
    interpolator = interpolator_of(np.concatenate((VERTICES, VERTICES[[4]])), POINTS)
    matrix = dense(*interpolator._mappings_sizes_weights_split, 9)
    twin = int(np.flatnonzero(interpolator.dual_areas == 0.0)[0])
    kept = 12 - twin
    assert {twin, kept} == {4, 8}
    np.testing.assert_allclose(matrix[4 * twin : 4 * twin + 4], [np.eye(9)[kept]] * 4, atol=1e-12)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0)


# ---------------------------------------------------------------------- JAX


@pytest.fixture(scope="module")
def jax():
    return pytest.importorskip("jax")


def awkward():
    """Forty vertices each, of which some are twice there, on a circle, on a lattice, or dense in one place."""
    rng = np.random.default_rng(3)
    base = rng.normal(size=(40, 2))
    angle = np.arange(30) * np.pi / 15.0
    circle = np.stack((np.sin(angle), np.cos(angle)), axis=1)
    return {
        "random": base,
        "twice": np.concatenate((base[:30], base[:10])),
        "almost twice": np.concatenate((base[:30], base[:10] + 1e-13)),
        "circle": np.concatenate((circle, 0.3 * base[:10])),
        "lattice": np.stack(np.meshgrid(np.arange(8.0), np.arange(5.0)), axis=-1).reshape(-1, 2),
        "dense": base * np.exp(-8.0 * rng.uniform(size=(40, 1))),
        "almost a line": np.concatenate((np.stack((np.arange(39.0), np.zeros(39)), axis=1), [[3.0, 1.0]])),
    }


@pytest.mark.parametrize("name", awkward())
def test_the_walk_ends_where_scipy_finds_the_points(jax, name):
    vertices = awkward()[name]
    spread = np.random.default_rng(4).normal(size=(500, 2))
    middles = 0.5 * (vertices[:9] + vertices[1:10])
    points = np.concatenate((vertices[:10], middles, vertices.mean(axis=0) + 1.3 * vertices.std(axis=0) * spread))
    expected, mappings, _ = interpolated(vertices, points)
    found, *_ = interpolated(vertices, points, jax.numpy)
    assert 0 < (mappings[:, 1] < 0).sum() < len(points)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_more_points_outside_than_one_batch(jax, monkeypatch):
    from autoarray.inversion.mesh._triangulation import point_location

    monkeypatch.setattr(point_location, "_BATCH", 16)
    points = np.random.default_rng(8).normal(size=(101, 2)) * 3.0
    triangulation = triangulation_from(jax.numpy.asarray(VERTICES), jax.numpy)
    simplex, vertex = jax.jit(point_location._walk)(triangulation, jax.numpy.asarray(points))
    expected = locations_from(triangulation_from(VERTICES), points)
    assert (expected[0] < 0).sum() > 64
    np.testing.assert_array_equal(simplex, expected[0])
    np.testing.assert_array_equal(vertex, expected[1])


def weighted(vertices, points, xp):
    """A smooth function of all weights of a fixed number of points, and of the crosses around the vertices."""
    interpolator = interpolator_of(vertices, points, xp)
    total = 0.0
    for mappings, sizes, weights in (
        (interpolator.mappings, interpolator.sizes, interpolator.weights),
        interpolator._mappings_sizes_weights_split,
    ):
        used = xp.asarray(np.arange(mappings.shape[1])) < sizes[:, None]
        values = xp.asarray(np.sin(1.0 + 3.0 * np.arange(len(vertices))))[xp.where(used, mappings, 0)]
        rows = (xp.where(used, weights, 0.0) * values).sum(axis=1)
        total = total + (xp.sin(rows) * xp.asarray(np.cos(np.arange(len(rows))))).sum()
    return total


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(21)
    return rng.normal(size=(20, 2)), rng.normal(size=(60, 2))


def test_jit_grad_and_vmap(jax, problem):
    jnp = jax.numpy
    vertices, points = problem
    traces = []

    def function(vertices, points):
        traces.append(1)
        return weighted(vertices, points, jnp)

    compiled = jax.jit(jax.value_and_grad(function, argnums=(0, 1)))
    value, gradients = compiled(vertices, points)
    assert float(value) == pytest.approx(weighted(vertices, points, np), rel=1e-12)
    # The triangulation stays what it is over these steps, and no point crosses the hull.
    for which, gradient in enumerate(gradients):
        for seed in (1, 2, 3):
            direction = np.random.default_rng(seed).normal(size=gradient.shape)
            ahead, behind = list(problem), list(problem)
            ahead[which], behind[which] = problem[which] + 1e-7 * direction, problem[which] - 1e-7 * direction
            difference = (weighted(*ahead, np) - weighted(*behind, np)) / 2e-7
            assert (np.asarray(gradient) * direction).sum() == pytest.approx(difference, rel=1e-5)
    compiled(vertices[::-1], points)
    assert len(traces) == 1

    batch = np.stack((vertices, vertices[::-1], np.zeros_like(vertices)))
    values = jax.jit(jax.vmap(function, in_axes=(0, None)))(batch, points)
    np.testing.assert_allclose(values[:2], [weighted(v, points, np) for v in batch[:2]], rtol=1e-12)
    # Vertices that JAX traces can't raise.
    assert np.isnan(values[2])


def test_nothing_of_the_other_library_and_no_module_is_in_an_evaluated_interpolator(xp):
    import types

    from graph import walk

    interpolator = interpolator_of(VERTICES, POINTS, xp)
    interpolator.delaunay, interpolator.dual_areas, interpolator.mesh_geometry.neighbors  # noqa: B018
    interpolator.mesh_geometry.voronoi  # noqa: B018
    found = dict(walk(interpolator))
    assert len(found) > 50
    for path, value in found.items():
        assert not isinstance(value, (types.ModuleType, types.FunctionType)), path
        if xp is np:
            assert not type(value).__module__.startswith("jax"), path
