"""Coordinates that lie on no regular grid."""

import numpy as np
import pytest

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.grids.irregular_2d import Grid2DIrregular


@pytest.fixture
def grid() -> Grid2DIrregular:
    return Grid2DIrregular([(1.0, 2.0), (3.0, 4.0), (5.0, 7.0)])


def test_forms(grid):
    assert grid.shape == (3, 2)
    assert grid.slim is grid
    assert grid.native is grid
    assert grid.values is grid.array
    assert grid.in_list == [(1.0, 2.0), (3.0, 4.0), (5.0, 7.0)]
    assert type(grid + 1.0) is Grid2DIrregular
    assert grid[0].tolist() == [1.0, 2.0]
    assert Grid2DIrregular([]).shape == (0, 2)
    assert Grid2DIrregular(grid).array.tolist() == grid.array.tolist()


@pytest.mark.parametrize("values", [(1.0, 2.0), [[1.0, 2.0, 3.0]], 1.0])
def test_what_is_no_grid(values):
    with pytest.raises(exc.GridException, match="shape"):
        Grid2DIrregular(values)


def test_extents(grid):
    assert grid.scaled_maxima == (5.0, 7.0)
    assert grid.scaled_minima == (1.0, 2.0)
    assert grid.geometry.extent == (2.0, 7.0, 1.0, 5.0)
    assert grid.geometry.shape_native_scaled == (4.0, 5.0)
    np.testing.assert_allclose(grid.extent_with_buffer_from(0.5), [1.5, 7.5, 0.5, 5.5])


def test_from_other_forms():
    assert Grid2DIrregular.from_yx_1d([1.0, 2.0], [3.0, 4.0]).in_list == [(1.0, 3.0), (2.0, 4.0)]
    mask = Mask2D.all_false((2, 3), pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))
    grid = Grid2DIrregular.from_pixels_and_mask([(0, 0), (1, 2)], mask)
    np.testing.assert_allclose(grid.array, [[1.0, -1.0], [0.0, 3.0]])


def test_distances(grid):
    squared = grid.squared_distances_to_coordinate_from((1.0, 1.0))
    assert type(squared) is ArrayIrregular
    assert squared.array.tolist() == [1.0, 13.0, 52.0]
    np.testing.assert_allclose(grid.distances_to_coordinate_from((1.0, 1.0)).array, np.sqrt([1.0, 13.0, 52.0]))
    np.testing.assert_allclose(
        grid.furthest_distances_to_other_coordinates.array, [np.sqrt(41.0), np.sqrt(13.0), np.sqrt(41.0)]
    )
    closest = grid.grid_of_closest_from(Grid2DIrregular([(1.0, 1.0), (6.0, 6.0)]))
    assert closest.in_list == [(1.0, 2.0), (5.0, 7.0)]


def test_moving(grid):
    assert grid.grid_2d_via_deflection_grid_from(np.ones((3, 2))).in_list == [(0.0, 1.0), (2.0, 3.0), (4.0, 6.0)]
    assert grid.subtracted_from((1.0, 2.0)).in_list == [(0.0, 0.0), (2.0, 2.0), (4.0, 5.0)]
    # Counter-clockwise: (y, x) = (0, 1) turns to (1, 0).
    turned = Grid2DIrregular([(1.0, 3.0)]).subtracted_and_rotated_from((1.0, 2.0), angle=90.0)
    np.testing.assert_allclose(turned.array, [[1.0, 0.0]], atol=1e-15)


def test_moving_on_jax(grid):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    on_jax = grid.subtracted_and_rotated_from((1.0, 2.0), angle=30.0, xp=jnp)
    assert on_jax.use_jax
    np.testing.assert_allclose(on_jax.array, grid.subtracted_and_rotated_from((1.0, 2.0), angle=30.0).array)
    assert grid.grid_2d_via_deflection_grid_from(jnp.ones((3, 2))).use_jax
    assert grid.subtracted_from((jnp.asarray(1.0), 2.0)).use_jax
    assert Grid2DIrregular.from_yx_1d(jnp.ones(2), jnp.ones(2)).use_jax
    slope = jax.grad(lambda y: grid.subtracted_from((y, 0.0)).array.sum())(0.0)
    assert float(slope) == -3.0
