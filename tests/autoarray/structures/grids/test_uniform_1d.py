"""Coordinates of a line of pixels. Numbers without a comment are PyAutoArray 2026.10.26.1's, of the same calls."""

import numpy as np
import pytest

import autoarray as aa

MASK = aa.Mask1D([True, False, False, True, False], pixel_scales=0.5, origin=(1.0,))


def test_the_centres_of_pixels(xp):
    grid = aa.Grid1D.from_mask(MASK, xp=xp)
    assert grid.use_jax == (xp is not np)
    assert grid.array.tolist() == [0.5, 1.0, 2.0]
    assert grid.mask is MASK
    assert grid.native.array.tolist() == [0.0, 0.5, 1.0, 0.0, 2.0]
    assert aa.Grid1D.uniform((3,), (0.1,), (1.0,), xp=xp).array.tolist() == [0.9, 1.0, 1.1]
    np.testing.assert_allclose(aa.Grid1D.uniform(3, 0.1, xp=xp).array, [-0.1, 0.0, 0.1], rtol=1e-15)
    np.testing.assert_allclose(aa.Grid1D.uniform_from_zero((3,), 0.1, xp=xp).array, [0.0, 0.1, 0.2], rtol=1e-15)
    assert aa.Grid1D.uniform_from_zero((3,), 0.1).origin == (0.0,)
    assert aa.Grid1D.no_mask([1, 2, 3], 0.1).array.tolist() == [1, 2, 3]


def test_forms():
    assert aa.Grid1D([1, 2, 3, 4, 5], mask=MASK).array.tolist() == [2, 3, 5]
    assert aa.Grid1D([1, 2, 3], mask=MASK, store_native=True).array.tolist() == [0, 1, 2, 0, 3]
    grid = aa.Grid1D([1.0, 2.0, 3.0], mask=MASK)
    assert grid.native.slim.array.tolist() == [1.0, 2.0, 3.0]
    assert repr(grid) == 'Grid1D(numpy, [1., 2., 3.] arcsec, native 5 of 0.5")'


def test_the_projection_to_two_dimensions(xp):
    grid = aa.Grid1D(xp.asarray([1.0, 2.0, 3.0]), mask=MASK)
    projected = grid.grid_2d_radial_projected_from()
    assert type(projected) is aa.Grid2DIrregular
    assert projected.use_jax == grid.use_jax
    np.testing.assert_allclose(projected.array, [[1e-6, 1.000001], [1e-6, 2.000001], [1e-6, 3.000001]], rtol=1e-14)
    np.testing.assert_allclose(
        grid.grid_2d_radial_projected_from(angle=30.0).array,
        [
            [-0.49999899999999997, 0.8660264037844387],
            [-0.9999989999999999, 1.7320518075688773],
            [-1.4999989999999999, 2.598077211353316],
        ],
        rtol=1e-14,
    )


def test_an_angle_may_be_traced():
    jax = pytest.importorskip("jax")
    grid = aa.Grid1D([1.0], mask=aa.Mask1D([False], 1.0))
    slope = jax.jacobian(lambda angle: grid.grid_2d_radial_projected_from(angle).array)(0.0)
    np.testing.assert_allclose(slope, [[-np.pi / 180.0, 0.0]], atol=1e-15)


def test_functions_of_plain_grids(xp):
    util = aa.util.grid_1d
    assert util.grid_1d_slim_via_mask_from(MASK.array, (0.5,), (1.0,), xp=xp).tolist() == [0.5, 1.0, 2.0]
    centres = util.grid_1d_slim_via_shape_slim_from((4,), (0.5,), (1.0,), xp=xp)
    assert centres.tolist() == [0.25, 0.75, 1.25, 1.75]
    native = util.grid_1d_native_from(xp.asarray([1.0, 2.0, 3.0]), MASK.array, xp=xp)
    assert native.tolist() == [0.0, 1.0, 2.0, 0.0, 3.0]
    assert util.grid_1d_slim_from(native, MASK.array).tolist() == [1.0, 2.0, 3.0]
    assert util.convert_grid_1d(native, MASK, xp=xp).tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: aa.Grid1D([1.0, 2.0], MASK), r"Grid1D\.values: expected slim values of shape \(3,\) or native ones"),
        (lambda: aa.Grid1D([1.0], None), r"Grid1D\.mask: expected a Mask1D, found None"),
        (lambda: aa.Grid1D.from_mask(aa.Mask2D([[False]], 1.0)), r"mask: expected a Mask1D"),
        (lambda: aa.Grid1D.no_mask([[1.0]], 1.0), r"Grid1D\.values: expected a 1D array"),
        (lambda: aa.Grid1D.uniform(2, 1.0).grid_2d_radial_projected_from(np.inf), r"angle: expected a finite number"),
        (lambda: aa.util.grid_1d.convert_grid_1d([1.0, 2.0], MASK), r"Grid1D\.values: expected slim values"),
    ],
)
def test_what_no_grid_is_refused(build, message):
    with pytest.raises(aa.exc.GridException, match=message):
        build()
