"""Bilinear interpolation, of a grid and from coarse to fine masks."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.operators import coarse_interp_util as util
from autoarray.structures.grids import sparse_2d_util

numbers = st.floats(-3.0, 3.0)
AXES = np.array([0.0, 1.0, 2.5, 3.0]), np.array([-1.0, 0.5, 2.0])


places = st.lists(st.tuples(st.floats(0.0, 3.0), st.floats(-1.0, 2.0)), min_size=5, max_size=5)


@given(numbers, numbers, numbers, places)
def test_interp_2d_is_exact_for_bilinear_values(a, b, c, points):
    def field(first, second):
        return a + b * first + c * second + a * first * second

    points = np.array(points)
    values = field(AXES[0][:, None], AXES[1][None, :])
    expected = field(points[:, 0], points[:, 1])
    np.testing.assert_allclose(aa.interp_2d(points, *AXES, values), expected, atol=1e-12)
    np.testing.assert_allclose(aa.interp_2d(points, AXES[0][::-1], AXES[1], values[::-1]), expected, atol=1e-12)
    np.testing.assert_allclose(np.asarray(aa.interp_2d(points, *AXES, values, xp=jnp)), expected, atol=1e-12)


def test_interp_2d_outside(xp):
    points = xp.asarray([[-0.1, 0.0], [3.0, 2.0], [3.1, 0.0], [0.0, 2.0001], [np.nan, 0.0]])
    values = np.arange(12.0).reshape(4, 3)
    found = np.asarray(aa.interp_2d(points, *AXES, values, fill_value=-5.0, xp=xp))
    np.testing.assert_array_equal(found, [-5.0, 11.0, -5.0, -5.0, np.nan])


def test_interp_2d_refuses():
    with pytest.raises(aa.exc.GridException, match=r"expected shape \(4, 3\)"):
        aa.interp_2d(np.zeros((1, 2)), *AXES, np.zeros((3, 4)))
    with pytest.raises(aa.exc.GridException, match="all rising or all falling"):
        aa.interp_2d(np.zeros((1, 2)), [0.0, 2.0, 1.0], AXES[1], np.zeros((3, 3)))
    with pytest.raises(aa.exc.GridException, match=r"\(\.\.\., 2\)"):
        aa.interp_2d(np.zeros((1, 3)), *AXES, np.zeros((4, 3)))


def pair(mask_coarse):
    """The arguments for 8 x 8 fine pixels, one of which is masked, and 4 x 4 coarse ones."""

    def grids(mask, scale):
        native = np.asarray(aa.Grid2D.uniform(shape_native=mask.shape, pixel_scales=scale).native.array)
        return native[..., 1], native[..., 0]

    mask = np.zeros((8, 8), dtype=bool)
    mask[0, 0] = True
    fine = [values[~mask] for values in grids(mask, 0.5)]
    box = util.interp_box_mask_from(mask_coarse)
    return (box, *grids(box, 1.0), *fine, *grids(mask_coarse, 1.0), mask_coarse)


def test_coarse_interpolation_reproduces_linear_fields():
    mask = np.zeros((4, 4), dtype=bool)
    mask[0, 0] = True
    arguments = pair(mask)
    matrix = util.coarse_interp_matrix_from(*arguments)
    assert matrix.shape == (63, 15)
    coarse = 1.0 + 2.0 * arguments[5][~mask] - 3.0 * arguments[6][~mask]
    np.testing.assert_allclose(matrix @ coarse, 1.0 + 2.0 * arguments[3] - 3.0 * arguments[4], atol=1e-12)
    # PyAutoArray 2026.10.26.1: the first row of the same matrix.
    expected = np.zeros(15)
    expected[[0, 1, 4, 5]] = [2.1875, -0.9375, -0.4375, 0.1875]
    np.testing.assert_allclose(matrix.toarray()[0], expected, atol=1e-14)


def test_blocks_and_boxes():
    values = np.arange(24.0).reshape(4, 6)
    np.testing.assert_array_equal(util.binned_image_from(values, 2), [[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]])
    mask = np.ones((4, 6), dtype=bool)
    mask[0, 0] = mask[0:2, 4] = False
    mask[2:4, 2:4] = False
    np.testing.assert_array_equal(util.binned_mask_from(mask, 2), [[True, True, True], [True, False, True]])
    with pytest.raises(aa.exc.MaskException, match="a shape that 5 divides"):
        util.binned_mask_from(mask, 5)
    # Every box of 2 x 2 pixels has one of these.
    blocked = np.zeros((4, 4), dtype=bool)
    blocked[1] = blocked[2] = True
    with pytest.raises(aa.exc.MaskException, match="found none"):
        util.coarse_interp_matrix_from(*pair(blocked))


def test_weights_of_a_box_that_is_no_square():
    corners = np.array([-1.0, 2.0, -1.0, 2.0]), np.array([5.0, 5.0, 1.0, 1.0])
    weights = util.bilinear_weights_from_box(*corners, position=(2.0, 0.0))
    np.testing.assert_allclose([weights.sum(), weights @ corners[0], weights @ corners[1]], [1.0, 0.0, 2.0], atol=1e-15)
    with pytest.raises(aa.exc.GridException, match="an area"):
        util.bilinear_weights_from_box(np.zeros(4), np.zeros(4))


def test_hilbert_order():
    x, y = sparse_2d_util.create_grid_hb_order(8, 1.0)
    assert len({*zip(x, y, strict=True)}) == 64
    np.testing.assert_allclose(np.hypot(np.diff(x), np.diff(y)), 0.25)
    mask = aa.Mask2D.circular(shape_native=(11, 11), pixel_scales=0.5, radius=2.0)
    image = aa.Array2D(values=np.ones((11, 11)), mask=mask)
    values, grid = sparse_2d_util.create_img_and_grid_hb_order(image, mask, 2.0, (0.5, 0.5), 9)
    assert grid.shape == (len(values), 2)
    assert (np.hypot(*grid.T) <= 2.0).all()
    np.testing.assert_allclose(values[np.hypot(*grid.T) < 1.2], 1.0)
    # PyAutoArray 2026.10.26.1: inverse_transform_sampling_interpolated of the same numbers.
    index, first, second = sparse_2d_util.inverse_transform_sampling_interpolated(
        np.array([0.1, 0.2, 0.3, 0.4]), 5, np.arange(4.0), 2.0 * np.arange(4.0)
    )
    np.testing.assert_allclose(index, [0.0, 0.83333, 1.66667, 2.375, 3.0], atol=1e-5)
    np.testing.assert_array_equal(second, 2 * first)
