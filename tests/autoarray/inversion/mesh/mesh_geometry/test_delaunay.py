"""The geometry of a mesh of vertices: areas, neighbors, and vertices that hardly are a mesh."""

import pickle

import numpy as np
import pytest
import vertex_problems
from graph import intermediates_of
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import ConvexHull, Voronoi

import autoarray as aa
from autoarray.inversion.mesh._triangulation import triangulation as tri
from autoarray.inversion.mesh.mesh_geometry.delaunay import voronoi_areas_numpy

VERTICES = np.array(
    [[0.5, 0.1], [-0.4, 0.3], [0.2, -0.6], [-0.3, -0.5], [0.05, 0.12], [0.6, -0.4], [0.1, 0.7], [-0.15, 0.05]]
)
# Numbers of PyAutoArray 2026.10.26.1 for these vertices: MeshGeometryDelaunay's voronoi_areas,
# areas_for_magnification and neighbors, rounded to 14 digits.
VORONOI = [-1.0, -1.0, -1.0, -1.0, 0.20508202170494, -1.0, -1.0, 0.18741331364484]
DUAL = [
    *(0.08083333333333, 0.08541666666667, 0.12708333333333, 0.0775),
    *(0.21583333333333, 0.09016666666667, 0.08866666666667, 0.1145),
]
NEIGHBORS = [
    *([4, 5, 6, -1, -1, -1], [4, 6, 7, 3, -1, -1], [4, 5, 7, 3, -1, -1], [7, 1, 2, -1, -1, -1]),
    *([6, 1, 0, 5, 7, 2], [0, 4, 2, -1, -1, -1], [4, 1, 0, -1, -1, -1], [4, 1, 3, 2, -1, -1]),
]
SIZES = [3, 4, 4, 3, 6, 3, 3, 4]


def geometry_of(points, xp=np, **kwargs) -> aa.MeshGeometryDelaunay:
    grid = aa.Grid2DIrregular(xp.asarray(points), xp=xp)
    mesh = aa.mesh.Delaunay(pixels=len(points))
    return aa.MeshGeometryDelaunay(mesh=mesh, mesh_grid=grid, data_grid=None, xp=xp, **kwargs)


def random_points(seed: int, total: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(total, 2))


def test_areas_and_neighbors_have_the_peers_numbers():
    geometry = geometry_of(VERTICES)
    np.testing.assert_allclose(geometry.voronoi_areas, VORONOI, atol=1e-13)
    np.testing.assert_allclose(geometry.areas_for_magnification, DUAL, atol=1e-13)
    np.testing.assert_array_equal(geometry.neighbors.array, NEIGHBORS)
    np.testing.assert_array_equal(geometry.neighbors.sizes, SIZES)
    assert geometry.origin == (0.0, 0.0)
    np.testing.assert_array_equal(geometry.mesh_grid_xy, VERTICES)
    assert geometry.extent == (-0.6, 0.7, -0.4, 0.6)
    assert geometry.geometry.extent == geometry.extent


@given(seed=st.integers(0, 10_000), total=st.integers(3, 60))
def test_dual_areas_fill_the_convex_hull(seed, total):
    points = random_points(seed, total)
    areas = geometry_of(points).dual_areas
    assert areas.min() > 0.0
    # In two dimensions the "volume" of SciPy's hull is its area.
    assert areas.sum() == pytest.approx(ConvexHull(points).volume, rel=1e-12)


@given(seed=st.integers(0, 10_000), total=st.integers(4, 60))
def test_voronoi_areas_are_those_of_the_polygons(seed, total):
    points = random_points(seed, total)
    diagram = Voronoi(points)
    areas = voronoi_areas_numpy(points)
    for i, region in enumerate(diagram.regions[k] for k in diagram.point_region):
        if -1 in region:
            assert areas[i] == -1.0
        else:
            corners = diagram.vertices[region]
            # The corners of a convex polygon that is far out, seen from a place near it.
            assert areas[i] == pytest.approx(ConvexHull(corners - points[i]).volume, rel=1e-7)


@given(seed=st.integers(0, 10_000), total=st.integers(4, 40))
def test_neighbors_share_an_edge_that_no_circle_argues_against(seed, total):
    """Two vertices are neighbors if, and only if, a circle through both holds no other vertex (Delaunay 1934)."""
    points = random_points(seed, total)
    geometry = geometry_of(points)
    pairs = set(zip(*(part.tolist() for part in geometry.neighbor_pairs), strict=True))
    assert pairs == {(b, a) for a, b in pairs}
    assert len(geometry.neighbor_pairs[0]) == len(pairs) == geometry.neighbors.sizes.sum()
    for i in range(total):
        assert set(geometry.neighbors.array[i, : geometry.neighbors.sizes[i]]) == {b for a, b in pairs if a == i}
        assert (geometry.neighbors.array[i, geometry.neighbors.sizes[i] :] == -1).all()
    others = np.arange(total)
    for i in range(total):
        for j in range(i):
            # The centre of a circle through both is `middle + t * normal`: each other vertex bounds t on one side.
            middle, along = (points[i] + points[j]) / 2.0, points[j] - points[i]
            normal = np.array([-along[1], along[0]])
            rest = points[(others != i) & (others != j)] - middle
            side = 2.0 * rest @ normal
            bound = ((rest**2).sum(axis=1) - along @ along / 4.0) / side
            assert (max(bound[side < 0], default=-np.inf) < min(bound[side > 0], default=np.inf)) == ((i, j) in pairs)


def test_given_dual_areas_are_kept():
    areas = np.arange(8.0)
    geometry = geometry_of(VERTICES, dual_areas=areas)
    assert geometry.dual_areas is areas
    assert geometry.areas_for_magnification is areas


def test_what_a_pickle_of_it_holds():
    geometry = geometry_of(VERTICES)
    geometry.voronoi, geometry.neighbors, geometry.dual_areas  # noqa: B018
    assert {"voronoi", "neighbors", "dual_areas"} <= intermediates_of(geometry).keys()
    restored = pickle.loads(pickle.dumps(geometry))
    assert intermediates_of(restored) == {}
    np.testing.assert_array_equal(restored.neighbors.sizes, SIZES)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(geometry.neighbors)).sizes, SIZES)


def test_the_interpolator_shares_its_triangulation_with_its_geometry():
    interpolator = vertex_problems.interpolator_from()
    assert interpolator.triangulation is interpolator.mesh_geometry.triangulation
    assert interpolator.mesh_geometry.mesh_grid is interpolator.mesh_grid


# ---------------------------------------------------------------------- hardly a mesh


def test_a_vertex_at_the_place_of_another_has_no_area_and_no_neighbors():
    geometry = geometry_of(np.concatenate((VERTICES, VERTICES[[4, 0]])))
    for first, second in ((4, 8), (0, 9)):
        (twin,) = [i for i in (first, second) if geometry.neighbors.sizes[i] == 0]
        (kept,) = {first, second} - {twin}
        assert geometry.dual_areas[twin] == geometry.voronoi_areas[twin] == 0.0
        assert geometry.dual_areas[kept] == pytest.approx(DUAL[first], abs=1e-13)
        assert geometry.voronoi_areas[kept] == pytest.approx(VORONOI[first], abs=1e-13)
        assert (geometry.neighbors.array[twin] == -1).all()
        assert not (geometry.neighbors.array == twin).any()
    assert geometry.voronoi.points.shape == (10, 2)


def test_three_vertices_are_a_mesh():
    geometry = geometry_of(VERTICES[:3])
    np.testing.assert_allclose(geometry.dual_areas, ConvexHull(VERTICES[:3]).volume / 3.0)
    assert geometry.voronoi_areas.tolist() == [-1.0, -1.0, -1.0]
    assert geometry.neighbors.sizes.tolist() == [2, 2, 2]


def test_vertices_on_a_circle_and_on_a_lattice():
    angle = np.arange(12) * np.pi / 6.0
    circle = geometry_of(np.stack((np.sin(angle), np.cos(angle)), axis=1))
    assert (circle.voronoi_areas == -1.0).all()
    assert circle.dual_areas.sum() == pytest.approx(3.0)  # a regular dodecagon of radius 1
    assert len(circle.voronoi.points) == 12
    lattice = geometry_of(np.stack(np.meshgrid(np.arange(4.0), np.arange(5.0)), axis=-1).reshape(-1, 2))
    inner = lattice.voronoi_areas.reshape(5, 4)[1:-1, 1:-1]
    np.testing.assert_allclose(inner, 1.0)
    assert (lattice.voronoi_areas == -1.0).sum() == 14


FLAT = {
    "on one line": np.stack((np.arange(7.0), 2.0 * np.arange(7.0)), axis=1),
    "at one place": np.full((7, 2), 0.3),
    "on one axis": np.stack((np.arange(7.0), np.zeros(7)), axis=1),
}


@pytest.mark.parametrize("name", FLAT)
def test_vertices_that_span_no_area_are_an_error(name, xp):
    geometry = geometry_of(FLAT[name], xp)
    places = 1 if name == "at one place" else 7
    for wanted in ("neighbors", "dual_areas", "voronoi_areas", "voronoi", "neighbor_pairs"):
        with pytest.raises(aa.exc.MeshException, match=rf"span an area, found 7 vertices at {places} places, .*Qhull"):
            getattr(geometry, wanted)


def test_the_triangulation_itself_names_what_it_can_not_use():
    with pytest.raises(aa.exc.MeshException, match="at least 3 vertices, found 2"):
        tri.triangulation_from(np.zeros((2, 2)))
    with pytest.raises(aa.exc.MeshException, match="finite vertices, found 1 of 3 that are not"):
        tri.triangulation_from(np.array([[0.0, 1.0], [1.0, np.nan], [2.0, 3.0]]))


# ---------------------------------------------------------------------- JAX


@pytest.fixture(scope="module")
def jax():
    return pytest.importorskip("jax")


def values_of(points, xp):
    geometry = geometry_of(points, xp)
    return geometry.voronoi_areas, geometry.dual_areas, *geometry.neighbor_pairs


@pytest.fixture(scope="module")
def traced_values(jax):
    return jax.jit(lambda points: values_of(points, jax.numpy))


def pairs_in(start, end, pixels):
    used = np.asarray(start) < pixels
    assert np.array_equal(used, np.asarray(end) < pixels)
    pairs = list(zip(np.asarray(start)[used].tolist(), np.asarray(end)[used].tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    return set(pairs)


@pytest.mark.parametrize("points", [random_points(1), np.concatenate((random_points(2, 25), random_points(2, 5)))])
def test_jax_equals_numpy_traced_or_not(jax, traced_values, points):
    expected = values_of(points, np)
    for found in (traced_values(points), values_of(points, jax.numpy)):
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-10)
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-12)
        assert len(found[2]) == 6 * len(points)
        assert pairs_in(*found[2:], len(points)) == pairs_in(*expected[2:], len(points))
    neighbors = geometry_of(points, jax.numpy).neighbors
    assert isinstance(neighbors.array, np.ndarray)
    np.testing.assert_array_equal(neighbors.sizes, geometry_of(points).neighbors.sizes)


def test_areas_have_derivatives(jax):
    points, direction = random_points(5), np.random.default_rng(6).normal(size=(30, 2))
    weights = np.random.default_rng(7).normal(size=(2, 30))

    def total(step, xp=np):
        voronoi, dual, *_ = values_of(xp.asarray(points) + step * xp.asarray(direction), xp)
        inner = values_of(points, np)[0] < 0.5  # cells that reach far out have derivatives to match
        return (xp.asarray(weights[0] * inner) * voronoi).sum() + (xp.asarray(weights[1]) * dual).sum()

    gradient = float(jax.jit(jax.grad(lambda step: total(step, jax.numpy)))(0.0))
    assert gradient == pytest.approx((total(1e-6) - total(-1e-6)) / 2e-6, rel=1e-6)


def test_traced_vertices_without_a_triangulation_give_nan(jax, traced_values):
    line = np.stack((np.arange(30.0), np.zeros(30)), axis=1)
    for points in (line, np.full((30, 2), np.nan)):
        voronoi, dual, start, end = traced_values(points)
        assert np.isnan(voronoi).all()
        assert np.isnan(dual).all()
        assert pairs_in(start, end, 30) == set()


@pytest.mark.parametrize("name", ["neighbors", "voronoi"])
def test_what_has_no_fixed_shape_is_refused_while_tracing(jax, name):
    with pytest.raises(aa.exc.MeshException, match=rf"MeshGeometryDelaunay\.{name}: .* that JAX is tracing"):
        jax.jit(lambda points: getattr(geometry_of(points, jax.numpy), name))(VERTICES)
