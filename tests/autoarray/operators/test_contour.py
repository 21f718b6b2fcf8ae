"""Contours: circles are found where they are, and the lines of small arrays are those of the peer."""

import numpy as np
import pytest

import autoarray as aa

# `Grid2DContour(...).contour_list` of PyAutoArray 2026.10.26.1 with scikit-image 0.26.0, on pixels of 1.0.
REFERENCE = {
    "one pixel": (
        np.array([[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]) - 0.5,
        [[[0.0, -0.5], [0.5, -1.0], [1.0, -0.5], [0.5, 0.0], [0.0, -0.5]]],
    ),
    "opposite corners": (
        np.array([[1, 0], [0, 1]]) - 0.5,
        [[[0.5, 0.0], [0.0, -0.5]], [[-0.5, 0.0], [0.0, 0.5]]],
    ),
    "an edge": (np.array([[1, 1, 0, 0]] * 4) - 0.5, [[[1.5, 0.0], [0.5, 0.0], [-0.5, 0.0], [-1.5, 0.0]]]),
    "a hole": (
        np.array([[1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]) - 0.5,
        [[[0.5, 0.0], [1.0, -0.5], [0.5, -1.0], [0.0, -0.5], [0.5, 0.0]]],
    ),
    "values of zero": (
        np.array([[1, 0, 1], [0, 0, 0], [1, 0, 1.0]]),
        [[[0.0, 1.0], [1.0, 0.0], [0.0, -1.0], [-1.0, 0.0], [0.0, 1.0]]],
    ),
    "a value of NaN": (np.array([[1, np.nan, 1], [0, -1, 0], [1, 0, 1.0]]), [[[0.0, -1.0], [-1.0, 0.0], [0.0, 1.0]]]),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_lines_equal_reference(name):
    values, expected = REFERENCE[name]
    grid = aa.Grid2D.uniform(shape_native=values.shape, pixel_scales=1.0)
    contour = aa.Grid2DContour(grid=grid, pixel_scales=(1.0, 1.0), shape_native=values.shape, contour_array=values)
    assert [line.array.tolist() for line in contour.contour_list] == expected


@pytest.mark.parametrize("origin", [(0.0, 0.0), (0.3, -0.2)])
def test_a_circle_is_found_where_it_is(origin):
    grid = aa.Grid2D.uniform(shape_native=(60, 70), pixel_scales=0.05, origin=origin)
    values = np.hypot(*np.moveaxis(np.asarray(grid.native.array), -1, 0)) - 1.0
    (line,) = aa.Grid2DContour(grid, grid.pixel_scales, grid.shape_native, contour_array=values).contour_list
    np.testing.assert_allclose(np.hypot(*line.array.T), 1.0, atol=1e-3)
    np.testing.assert_array_equal(line.array[0], line.array[-1])


def test_pixels_of_coordinates():
    grid = aa.Grid2DIrregular([(0.04, 0.06), (0.5, -0.5), (0.96, 0.5)])
    contour = aa.Grid2DContour(grid=grid, pixel_scales=0.1, shape_native=(20, 20))
    np.testing.assert_array_equal(np.argwhere(contour.contour_array == 1.0), [[0, 15], [5, 5], [9, 10]])
    assert [len(line) for line in contour.contour_list] == [3, 5, 5]


def test_hull():
    coordinates = [(0.0, 0.0), (0.0, 2.0), (1.0, 1.0), (2.0, 2.0), (2.0, 0.0)]
    hull = aa.Grid2DContour(grid=coordinates, pixel_scales=0.1, shape_native=(50, 50)).hull
    assert {tuple(corner) for corner in hull.array.tolist()} == set(coordinates) - {(1.0, 1.0)}
    np.testing.assert_array_equal(hull.array[0], hull.array[-1])


def test_what_is_refused():
    grid = aa.Grid2DIrregular([(99.0, 0.0), (0.0, 0.0)])
    with pytest.raises(aa.exc.GridException, match=r"found \(99.0, 0.0\) at 0"):
        _ = aa.Grid2DContour(grid, 0.1, (20, 20)).contour_array
    with pytest.raises(aa.exc.GridException, match="without a hull"):
        _ = aa.Grid2DContour(grid, 0.1, (20, 20)).hull
    with pytest.raises(aa.exc.GridException, match=r"shape \(20, 20\)"):
        aa.Grid2DContour(grid, 0.1, (20, 20), contour_array=np.zeros((3, 3)))
