import numpy as np
import problems
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.interpolator.rectangular_uniform import (
    rectangular_mappings_weights_via_interpolation_from,
)
from autoarray.inversion.mesh.mesh.abstract_rectangular import overlay_grid_from


def interpolator_from(mesh: str, backend: str = "numpy", shape=(6, 6), **options):
    xp = problems.xp_from(backend)
    dataset = problems.dataset_from()
    return problems.MESHES[mesh](shape=shape).interpolator_from(
        source_plane_data_grid=problems.traced_from(dataset, xp=xp),
        source_plane_mesh_grid=None,
        border_relocator=dataset.grids.border_relocator,
        xp=xp,
        **options,
    )


@given(
    seed=st.integers(0, 500),
    shape=st.tuples(st.integers(3, 9), st.integers(3, 9)),
)
def test_uniform_interpolation_is_exact_for_linear_functions(seed, shape):
    rng = np.random.default_rng(seed)
    grid = rng.normal(size=(30, 2)) * [0.5, 2.0] + [1.0, -3.0]
    mesh_grid = overlay_grid_from(shape_native=shape, grid=grid)
    mappings, weights = rectangular_mappings_weights_via_interpolation_from(shape, grid, mesh_grid)
    assert mappings.min() >= 0
    assert mappings.max() < shape[0] * shape[1]
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose((weights[:, :, None] * mesh_grid[mappings]).sum(axis=1), grid, atol=1e-10)


@given(shape=st.tuples(st.integers(3, 9), st.integers(3, 9)), seed=st.integers(0, 100))
def test_overlay_reaches_the_extreme_coordinates(shape, seed):
    grid = np.random.default_rng(seed).normal(size=(20, 2))
    centres = overlay_grid_from(shape_native=shape, grid=grid, buffer=1e-8).reshape(*shape, 2)
    half = np.abs([centres[0, 0, 0] - centres[1, 0, 0], centres[0, 0, 1] - centres[0, 1, 1]]) / 2.0
    np.testing.assert_allclose(centres[0, 0] + half * [1, -1], [grid[:, 0].max() + 1e-8, grid[:, 1].min() - 1e-8])
    np.testing.assert_allclose(centres[-1, -1] + half * [-1, 1], [grid[:, 0].min() - 1e-8, grid[:, 1].max() + 1e-8])


@pytest.mark.parametrize("shape", [(3, 3), (6, 6), (5, 8), (9, 4)])
@pytest.mark.parametrize("mesh", problems.MESHES)
def test_weights_of_every_coordinate_add_up_to_one(mesh, shape):
    interpolator = interpolator_from(mesh, shape=shape)
    sub_pixels = interpolator.data_grid.over_sampled.shape[0]
    assert interpolator.mappings.shape == interpolator.weights.shape == (sub_pixels, 4)
    assert (interpolator.sizes == 4).all()
    np.testing.assert_allclose(interpolator.weights.sum(axis=1), 1.0, rtol=1e-12)
    assert 0 <= interpolator.mappings.min() <= interpolator.mappings.max() < shape[0] * shape[1]


@pytest.mark.parametrize("shape", [(6, 6), (5, 8)])
def test_adaptive_weights_reproduce_the_position_between_the_nodes(shape):
    interpolator = interpolator_from("adapt_density", shape=shape)
    from autoarray.inversion.mesh._transform.cdf import CDF

    unit = CDF("rank", interpolator.data_grid.array, shape).forward(interpolator.data_grid.over_sampled.array)
    rows, columns = np.divmod(interpolator.mappings, shape[1])
    weights = interpolator.weights
    np.testing.assert_allclose((weights * (shape[0] - rows)).sum(axis=1), unit[:, 0] * (shape[0] - 3) + 1, atol=1e-12)
    np.testing.assert_allclose((weights * columns).sum(axis=1), unit[:, 1] * (shape[1] - 3) + 1, atol=1e-12)


def test_exchanged_row_weights():
    right = interpolator_from("adapt_density")
    exchanged = InterpolatorRectangular(
        mesh=right.mesh,
        mesh_grid=right.mesh_grid,
        data_grid=right.data_grid,
        transform="rank",
        row_weights="exchanged",
    )
    # A coordinate on a node, as those at the ends of the CDF are, has that node as both of its neighbors there.
    between = (exchanged.mappings == right.mappings).all(axis=1)
    assert between.sum() > 0.8 * len(between)
    down = right.weights[:, 2:].sum(axis=1)
    np.testing.assert_allclose(exchanged.weights[between, :2].sum(axis=1), down[between], atol=1e-12)
    np.testing.assert_allclose(exchanged.weights.sum(axis=1), 1.0, rtol=1e-12)


def test_geometry_is_built_once_from_the_same_objects():
    interpolator = interpolator_from("adapt_density")
    geometry = interpolator.mesh_geometry
    assert geometry is interpolator.mesh_geometry
    assert geometry.mesh is interpolator.mesh
    assert geometry.data_grid is interpolator.data_grid
    assert geometry.transform == interpolator.transform == "rank"


@pytest.mark.parametrize("mesh", problems.MESHES)
def test_jax_equals_numpy(mesh):
    pytest.importorskip("jax")
    on_numpy, on_jax = interpolator_from(mesh), interpolator_from(mesh, backend="jax")
    np.testing.assert_array_equal(on_jax.mappings, on_numpy.mappings)
    np.testing.assert_allclose(on_jax.weights, on_numpy.weights, atol=1e-12)
    np.testing.assert_allclose(
        on_jax.mesh_geometry.areas_for_magnification, on_numpy.mesh_geometry.areas_for_magnification, rtol=1e-10
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"transform": "linear"}, r"transform: expected one of \('rank', 'kernel', 'spline'\), found 'linear'"),
        ({"row_weights": "swapped"}, r"row_weights: expected one of \('bilinear', 'exchanged'\), found 'swapped'"),
    ],
)
def test_unknown_options_are_errors(options, message):
    with pytest.raises(ValueError, match=message):
        InterpolatorRectangular(mesh=None, mesh_grid=None, data_grid=None, **options)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (3,), (3, 3, 3), (2.9, 4), "33", None, 5])
@pytest.mark.parametrize("mesh", problems.MESHES.values(), ids=problems.MESHES)
def test_meshes_smaller_than_three_pixels_are_errors(mesh, shape):
    with pytest.raises(aa.exc.MeshException, match=rf"{mesh.__name__}\.shape: expected two numbers of at least 3"):
        mesh(shape=shape)
