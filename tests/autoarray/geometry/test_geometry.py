"""Conversions between pixels and scaled units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray import exc
from autoarray.geometry import geometry_util
from autoarray.geometry.geometry_2d import Geometry2D
from autoarray.geometry.geometry_2d_irregular import Geometry2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

geometries = st.builds(
    Geometry2D,
    shape_native=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    pixel_scales=st.tuples(st.floats(0.05, 3.0), st.floats(0.05, 3.0)),
    origin=st.tuples(st.floats(-5.0, 5.0), st.floats(-5.0, 5.0)),
)
coordinates = st.tuples(st.floats(-10.0, 10.0), st.floats(-10.0, 10.0))


def test_numbers_of_a_geometry():
    geometry = Geometry2D(shape_native=(2, 3), pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))
    assert geometry.extent == (-2.0, 4.0, -0.5, 1.5)
    assert geometry.extent_square == (-2.0, 4.0, -2.5, 3.5)
    assert geometry.shape_native_scaled == (2.0, 6.0)
    assert geometry.scaled_maxima == (1.5, 4.0)
    assert geometry.scaled_minima == (-0.5, -2.0)
    assert geometry.central_pixel_coordinates == (0.5, 1.0)
    assert geometry.central_scaled_coordinates == (1.0, 0.5)
    assert geometry.pixel_coordinates_2d_from((1.2, 3.9)) == (0, 2)
    assert geometry.scaled_coordinates_2d_from((0, 2)) == (1.0, 3.0)
    assert geometry.scaled_coordinate_2d_to_scaled_at_pixel_centre_from((1.2, 3.9)) == (1.0, 3.0)
    # The centre of pixel (0, 2) is (1.0, 3.0) in the FITS convention.
    assert geometry.pixel_coordinates_wcs_2d_from((1.0, 3.0)) == (1.0, 3.0)


@given(geometries, st.integers(0, 19), st.integers(0, 19))
def test_a_pixel_centre_lies_in_its_pixel(geometry, y, x):
    pixel = (y % geometry.shape_native[0], x % geometry.shape_native[1])
    centre = geometry.scaled_coordinates_2d_from(pixel)
    assert geometry.pixel_coordinates_2d_from(centre) == pixel
    assert geometry.scaled_minima[0] < centre[0] < geometry.scaled_maxima[0]
    assert geometry.scaled_minima[1] < centre[1] < geometry.scaled_maxima[1]


@given(geometries, coordinates)
def test_pixels_and_scaled_units_are_inverse(geometry, coordinate):
    arguments = (geometry.shape_native, geometry.pixel_scales, geometry.origin)
    pixels = geometry_util.grid_pixels_2d_slim_from(np.array([coordinate]), *arguments)
    back = geometry_util.grid_scaled_2d_slim_from(pixels, *arguments)
    np.testing.assert_allclose(back, [coordinate], atol=1e-9)


@given(coordinates, coordinates, st.floats(-360.0, 360.0))
def test_reference_frames_are_inverse(coordinate, centre, angle):
    grid = np.array([coordinate])
    there = geometry_util.transform_grid_2d_to_reference_frame(grid, centre, angle)
    np.testing.assert_allclose(
        geometry_util.transform_grid_2d_from_reference_frame(there, centre, angle), grid, atol=1e-9
    )
    np.testing.assert_allclose(np.hypot(*there[0]), np.hypot(*(grid[0] - centre)), atol=1e-9)


def test_reference_frame_turns_its_axis():
    # A point on an axis that is 90 degrees from the x-axis lies on the x-axis of that frame.
    there = geometry_util.transform_grid_2d_to_reference_frame(np.array([[2.0, 0.0]]), (0.0, 0.0), 90.0)
    np.testing.assert_allclose(there, [[0.0, 2.0]], atol=1e-15)


def test_grids_of_pixels():
    grid = Grid2D.uniform((3, 4), pixel_scales=(1.0, 0.5), origin=(0.3, -1.0))
    geometry = grid.geometry
    centres = geometry.grid_pixel_centres_2d_from(grid)
    assert type(centres) is Grid2D
    np.testing.assert_array_equal(centres.array, np.argwhere(np.ones((3, 4))))
    np.testing.assert_array_equal(geometry.grid_pixel_indexes_2d_from(grid).array, np.arange(12))
    pixels = geometry.grid_pixels_2d_from(grid)
    np.testing.assert_allclose(pixels.array, centres.array + 0.5, atol=1e-12)
    np.testing.assert_allclose(geometry.grid_scaled_2d_from(pixels).array, grid.array, atol=1e-12)


def test_regions_hold_pixel_centres():
    geometry = Geometry2D(shape_native=(7, 8), pixel_scales=(0.5, 0.25))
    assert geometry.pixel_region_2d_from((-0.3, 0.9, -0.1, 0.4)) == (2, 4, 4, 6)
    assert geometry.pixel_region_2d_from((-9.0, 9.0, -9.0, 9.0)) == (0, 7, 0, 8)
    assert geometry.pixel_region_2d_from(None) == (0, 7, 0, 8)
    with pytest.raises(exc.ArrayException, match=r"found \(0.2, 0.3, 0.1, 0.2\)"):
        geometry.pixel_region_2d_from((0.2, 0.3, 0.1, 0.2))


def test_one_dimension():
    assert geometry_util.convert_shape_native_1d(3) == (3,)
    assert geometry_util.convert_shape_native_1d((3,)) == (3,)
    assert geometry_util.convert_pixel_scales_1d(2) == (2.0,)
    assert geometry_util.convert_pixel_scales_1d((2,)) == (2.0,)
    assert geometry_util.central_pixel_coordinates_1d_from((4,)) == (1.5,)
    assert geometry_util.central_scaled_coordinate_1d_from((4,), 2.0, (1.0,)) == (1.0,)
    assert geometry_util.scaled_coordinates_1d_from((3,), (4,), 2.0, (1.0,)) == (4.0,)
    assert geometry_util.pixel_coordinates_1d_from((4.0,), (4,), 2.0, (1.0,)) == (3,)


def test_square_extents_are_symmetric():
    assert geometry_util.extent_symmetric_from((0.0, 2.0, 0.0, 6.0)) == (-2.0, 4.0, 0.0, 6.0)
    assert geometry_util.extent_symmetric_from((0.0, 6.0, 0.0, 2.0)) == (0.0, 6.0, -2.0, 4.0)


def test_irregular_geometry():
    geometry = Geometry2DIrregular(shape_native_scaled=(4.0, 5.0), scaled_maxima=(5.0, 7.0), scaled_minima=(1.0, 2.0))
    assert geometry.extent == (2.0, 7.0, 1.0, 5.0)
    assert geometry.extent_square == (2.0, 7.0, 0.5, 5.5)


@pytest.mark.parametrize("scales", [0.0, -1.0, float("nan"), (1.0, 0.0), (1.0, 2.0, 3.0), None, "a"])
def test_wrong_pixel_scales(scales):
    with pytest.raises(exc.MaskException, match="pixel_scales"):
        geometry_util.convert_pixel_scales_2d(scales)


@pytest.mark.parametrize("shape", [(0, 3), (3,), 3, (3, -1), None])
def test_wrong_shapes(shape):
    with pytest.raises(exc.MaskException, match="shape_native"):
        geometry_util.convert_shape_native_2d(shape)


@pytest.mark.parametrize("origin", [0.0, (0.0,), "ab", None])
def test_wrong_origins(origin):
    with pytest.raises(exc.MaskException, match="origin"):
        geometry_util.convert_origin_2d(origin)
