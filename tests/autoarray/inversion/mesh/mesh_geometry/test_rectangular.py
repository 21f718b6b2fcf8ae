import numpy as np
import problems
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray.inversion.mesh.mesh_geometry import rectangular

SHAPES = st.tuples(st.integers(3, 9), st.integers(3, 9))


def geometry_from(mesh: str, shape):
    return problems.fit_from(mesh=mesh, shape=shape).inversion.linear_obj_list[0].mesh_geometry


@given(shape=SHAPES)
def test_neighbors_are_mutual_and_one_step_away(shape):
    neighbors, sizes = rectangular.rectangular_neighbors_from(shape)
    pairs = {(i, j) for i, row in enumerate(neighbors) for j in row[: sizes[i]]}
    assert pairs == {(j, i) for i, j in pairs}
    positions = np.stack(np.divmod(np.arange(shape[0] * shape[1]), shape[1]), axis=1)
    assert all(np.abs(positions[i] - positions[j]).sum() == 1 for i, j in pairs)
    assert len(pairs) == 2 * (2 * shape[0] * shape[1] - shape[0] - shape[1])
    for row, size in zip(neighbors, sizes, strict=True):
        assert (np.diff(row[:size]) > 0).all()
        assert (row[size:] == -1).all()


@given(shape=SHAPES)
def test_edge_pixels_are_those_with_fewer_than_four_neighbors(shape):
    _, sizes = rectangular.rectangular_neighbors_from(shape)
    assert rectangular.rectangular_edge_pixel_list_from(shape) == np.flatnonzero(sizes < 4).tolist()


@pytest.mark.parametrize("mesh", problems.MESHES)
@pytest.mark.parametrize("shape", [(3, 3), (8, 8), (5, 9), (10, 4)])
def test_cells_cover_the_span_of_the_data_once(mesh, shape):
    geometry = geometry_from(mesh, shape)
    assert geometry.areas_for_magnification.shape == (shape[0] * shape[1],)
    assert (geometry.areas_for_magnification >= 0.0).all()
    span = np.ptp(geometry.data_grid.array, axis=0)
    assert geometry.areas_for_magnification.sum() == pytest.approx(span.prod(), rel=1e-10)


@pytest.mark.parametrize("shape", [(8, 8), (5, 9)])
def test_edges_fall_in_y_and_rise_in_x(shape):
    edges = geometry_from("adapt_density", shape).edges_transformed
    assert edges.shape == (max(shape) + 1, 2)
    y, x = edges[: shape[0] + 1, 0], edges[: shape[1] + 1, 1]
    assert (np.diff(y) <= 0.0).all()
    assert (np.diff(x) >= 0.0).all()
    assert np.isnan(edges[shape[0] + 1 :, 0]).all()
    assert np.isnan(edges[shape[1] + 1 :, 1]).all()


def test_uniform_grid_of_the_mesh():
    geometry = geometry_from("uniform", (5, 9))
    assert geometry.shape == geometry.shape_native == (5, 9)
    grid = geometry.mesh_grid.array.reshape(5, 9, 2)
    assert geometry.pixel_scales == pytest.approx((grid[0, 0, 0] - grid[1, 0, 0], grid[0, 1, 1] - grid[0, 0, 1]))
    assert geometry.origin == pytest.approx(tuple(grid.reshape(-1, 2).mean(axis=0)))
    over_sampled = geometry.data_grid.over_sampled.array
    np.testing.assert_allclose(
        geometry.geometry.extent,
        [over_sampled[:, 1].min(), over_sampled[:, 1].max(), over_sampled[:, 0].min(), over_sampled[:, 0].max()],
        atol=2e-8,
    )
