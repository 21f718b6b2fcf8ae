"""The compiled kernels of meshes and mappers: the same numbers as without numba."""

import numpy as np
import pytest
from compiled_kernels import both
from hypothesis import given, settings
from hypothesis import strategies as st

from autoarray import exc
from autoarray._numerics import compiled
from autoarray.inversion.mappers import mapper_util
from autoarray.inversion.mesh._transform.rank import RankAxis
from autoarray.inversion.mesh._triangulation.barycentric import pixel_weights_delaunay_from
from autoarray.inversion.mesh._triangulation.half_edges import half_edges_from
from autoarray.inversion.mesh._triangulation.natural_neighbors import natural_neighbors_from
from autoarray.inversion.mesh._triangulation.nearest import nearest_from
from autoarray.inversion.mesh._triangulation.triangulation import triangulation_from
from autoarray.inversion.mesh.border_relocator import relocated_grid_via_ellipse_border_from
from autoarray.inversion.mesh.interpolator.knn import get_interpolation_weights

pytest.importorskip("numba")


@settings(deadline=None)
@given(
    seed=st.integers(0, 1000), vertices=st.integers(1, 60), k=st.integers(1, 12), places=st.sampled_from([2, 4, 100])
)
def test_nearest_vertices_and_the_first_of_equals(seed, vertices, k, places):
    rng = np.random.default_rng(seed)
    # Few places: many vertices at one place, and many at one distance.
    points = rng.integers(0, places, (vertices, 2)).astype(float)
    queries = np.concatenate((rng.integers(0, 2 * places, (30, 2)) / 2.0, rng.normal(size=(10, 2)) * 3.0))
    fast, slow = both(lambda: nearest_from(points, queries, min(k, vertices)))
    np.testing.assert_array_equal(fast, slow)
    assert fast.dtype == np.int32


def test_nearest_vertices_of_no_query():
    fast, _ = both(lambda: nearest_from(np.ones((4, 2)), np.zeros((0, 2)), 2))
    assert fast.shape == (0, 2)


@pytest.mark.parametrize("radius_scale", [0.5, 1.0, 1.5])
def test_weights_of_nearest_vertices(radius_scale):
    rng = np.random.default_rng(0)
    points = np.concatenate((rng.normal(size=(50, 2)), np.ones((3, 2))))
    fast, slow = both(
        lambda: get_interpolation_weights(points, rng.normal(size=(200, 2)) * 0 + points[:1], 7, radius_scale)
    )
    for a, b in zip(fast, slow, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)
    queries = rng.normal(size=(200, 2))
    fast, slow = both(lambda: get_interpolation_weights(points, queries, 7, radius_scale))
    for a, b in zip(fast, slow, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)


@settings(deadline=None)
@given(
    points=st.lists(st.floats(-3.0, 3.0) | st.sampled_from([0.0, 0.5, 1.0]), min_size=2, max_size=30),
    queries=st.lists(st.floats(-4.0, 4.0) | st.sampled_from([0.0, 0.5, 1.0, np.nan, np.inf, -np.inf]), max_size=30),
    is_weighted=st.booleans(),
)
def test_rank_transform(points, queries, is_weighted):
    values = np.array(points)
    weights = np.arange(1.0, values.size + 1) / np.arange(1.0, values.size + 1).sum() if is_weighted else None
    axis = RankAxis(values, weights, np)
    fast, slow = both(lambda: axis.forward(np.concatenate((np.array(queries, dtype=float), values))))
    np.testing.assert_array_equal(fast, slow)


def test_relocation():
    grid = np.random.default_rng(1).normal(size=(500, 2)) * 2.0
    grid[0], grid[1] = (0.1, -0.2), (np.nan, 1.0)
    fast, slow = both(lambda: relocated_grid_via_ellipse_border_from(grid, np.array([0.1, -0.2]), 1.5, 0.7, 0.4))
    np.testing.assert_allclose(fast, slow, rtol=1e-14, atol=1e-15)
    assert (fast != grid).any(axis=1).sum() > 100


@settings(deadline=None)
@given(seed=st.integers(0, 1000), is_on_a_grid=st.booleans())
def test_barycentric_weights_and_those_of_flat_triangles(seed, is_on_a_grid):
    rng = np.random.default_rng(seed)
    vertices = rng.integers(0, 3, (9, 2)) / 3.0 if is_on_a_grid else rng.normal(size=(9, 2))
    mappings = np.stack([rng.permutation(9)[:3] for _ in range(40)]).astype(np.int32)
    mappings[::7, 1:] = -1
    points = rng.integers(0, 6, (40, 2)) / 6.0 if is_on_a_grid else rng.normal(size=(40, 2))
    fast, slow = both(lambda: pixel_weights_delaunay_from(points, vertices, mappings))
    np.testing.assert_array_equal(fast, slow)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1000), is_on_a_grid=st.booleans())
def test_natural_neighbors(seed, is_on_a_grid):
    rng = np.random.default_rng(seed)
    vertices = (
        np.unique(rng.integers(0, 6, (40, 2)), axis=0).astype(float) if is_on_a_grid else rng.normal(size=(40, 2))
    )
    triangulation = triangulation_from(vertices)
    half_edges = half_edges_from(vertices, triangulation.simplices, triangulation.neighbors, np)
    queries = rng.integers(0, 12, (60, 2)) / 2.0 if is_on_a_grid else rng.normal(size=(60, 2))
    seeds = triangulation.search.find_simplex(queries)
    queries, seeds = queries[seeds >= 0], seeds[seeds >= 0]
    fast, slow = both(lambda: natural_neighbors_from(half_edges, queries, seeds))
    np.testing.assert_array_equal(fast.usable, slow.usable)
    np.testing.assert_array_equal(fast.cavity_sizes, slow.cavity_sizes)
    for query in np.flatnonzero(fast.usable):
        (a, b), (c, d) = fast.ends[query : query + 2], slow.ends[query : query + 2]
        np.testing.assert_array_equal(fast.vertices[a:b], slow.vertices[c:d])
        np.testing.assert_allclose(fast.weights[a:b], slow.weights[c:d], atol=1e-12)


def mapping_arguments(seed: int, slim_index: np.ndarray):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(0, 5, slim_index.size)
    columns = np.where(np.arange(4) < sizes[:, None], rng.integers(0, 6, (slim_index.size, 4)), -1)
    return {
        "pix_indexes_for_sub_slim_index": columns,
        "pix_size_for_sub_slim_index": sizes,
        "pix_weights_for_sub_slim_index": rng.random(columns.shape),
        "pixels": 6,
        "total_mask_pixels": 5,
        "slim_index_for_sub_slim_index": slim_index,
        "sub_fraction": rng.random(5),
    }


@pytest.mark.parametrize("sub_pixels", [[0, 0, 0, 1, 3, 3, 3, 4], [2] * 8, [], [0, 1, 2, 3, 4]])
def test_mapping_matrix(sub_pixels):
    arguments = mapping_arguments(3, np.array(sub_pixels, dtype=int))
    fast, slow = both(lambda: mapper_util.mapping_matrix_sparse_from(**arguments))
    for name in ("indptr", "indices"):
        np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name))
        assert getattr(fast, name).dtype == getattr(slow, name).dtype
    np.testing.assert_allclose(fast.data, slow.data, rtol=1e-14)
    assert fast.has_canonical_format


@pytest.mark.parametrize("index", [-1, 6, 1000])
@pytest.mark.parametrize("is_fast", [True, False])
def test_index_of_no_mesh_pixel(monkeypatch, index, is_fast):
    monkeypatch.setattr(compiled, "is_available", lambda: is_fast)
    arguments = mapping_arguments(0, np.arange(5))
    arguments["pix_size_for_sub_slim_index"] = np.full(5, 4)
    arguments["pix_indexes_for_sub_slim_index"] = np.where(np.eye(5, 4), index, 1)
    with pytest.raises(exc.MeshException, match=rf"indexes of the 6 mesh pixels, found {index}"):
        mapper_util.mapping_matrix_sparse_from(**arguments)
