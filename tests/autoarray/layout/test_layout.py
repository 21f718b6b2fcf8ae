"""Regions and layouts of CCDs. Numbers without a comment are PyAutoArray 2026.10.26.1's, of the same calls."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

import autoarray as aa
from autoarray.layout.region import AbstractRegion

util = aa.util.layout
VALUES = np.arange(20.0).reshape(4, 5)
CORNERS = [(1, 0), (0, 0), (1, 1), (0, 1)]


@pytest.fixture
def layout():
    return aa.Layout2D(
        (4, 5),
        original_roe_corner=(0, 1),
        parallel_overscan=(3, 4, 0, 4),
        serial_prescan=(0, 4, 0, 1),
        serial_overscan=(0, 4, 3, 5),
    )


# ------------------------------------------------------------------ regions


def test_a_region_of_a_line():
    region = aa.Region1D((1, 6))
    assert (region.x0, region.x1, region.total_pixels) == (1, 6, 5)
    assert region.slice == region.x_slice == slice(1, 6)
    assert region == (1, 6) == region.region
    assert region == aa.Region1D(region)
    assert hash(region) == hash((1, 6))
    assert region != (1, 7)
    assert (region[0], len(region), list(region)) == (1, 2, [1, 6])
    assert repr(region) == "Region1D(1, 6)"
    assert region.front_region_from(pixels=(0, 2)) == (1, 3)
    assert region.front_region_from(pixels=(1, 3)) == (2, 4)
    assert region.front_region_from(pixels_from_end=2) == (4, 6)
    assert region.trailing_region_from(pixels=(1, 3)) == (7, 9)
    assert region.trailing_region_from(pixels=(-2, 3)) == (4, 9)


def test_a_region_of_an_image():
    region = aa.Region2D((1, 6, 2, 5))
    assert (region.y0, region.y1, region.x0, region.x1) == (1, 6, 2, 5)
    assert (region.total_rows, region.total_columns, region.shape) == (5, 3, (5, 3))
    assert region.slice == (slice(1, 6), slice(2, 5)) == (region.y_slice, region.x_slice)
    assert isinstance(region, AbstractRegion)
    assert region.parallel_front_region_from(pixels=(1, 3)) == (2, 4, 2, 5)
    assert region.parallel_front_region_from(pixels_from_end=2) == (4, 6, 2, 5)
    assert region.parallel_trailing_region_from() == (6, 7, 2, 5)
    assert region.parallel_trailing_region_from((1, 4)) == (7, 10, 2, 5)
    assert region.parallel_full_region_from(shape_2d=(10, 9)) == (1, 6, 0, 9)
    assert region.serial_front_region_from(pixels=(0, 2)) == (1, 6, 2, 4)
    assert region.serial_front_region_from(pixels_from_end=4) == (1, 6, 1, 5)
    assert region.serial_trailing_region_from() == (1, 6, 5, 6)
    assert region.serial_trailing_region_from((1, 4)) == (1, 6, 6, 9)
    assert region.serial_x_front_range_from((1, 3)) == (3, 5)
    assert region.serial_towards_roe_full_region_from((10, 9)) == (0, 10, 2, 3)
    assert region.serial_towards_roe_full_region_from((10, 9), (1, 3)) == (0, 10, 3, 5)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: aa.Region1D((3, 3)), r"Region1D: expected at least one pixel, .* found \(3, 3\)"),
        (lambda: aa.Region1D((-1, 3)), r"Region1D\.region\[0\]: expected a whole number of at least 0, found -1"),
        (lambda: aa.Region1D((1.5, 3)), r"found 1.5"),
        (lambda: aa.Region1D((1, 2, 3)), r"Region1D: expected 2 limits"),
        (lambda: aa.Region1D(3), r"region: expected a tuple of limits, found 3"),
        (lambda: aa.Region2D((1, 1, 0, 1)), r"Region2D: expected at least one row"),
        (lambda: aa.Region2D((0, 1, 3, 1)), r"Region2D: expected at least one column"),
        (lambda: aa.Region1D((1, 6)).front_region_from(), r"expected pixels or pixels_from_end, found neither"),
        (lambda: aa.Region1D((1, 6)).front_region_from(pixels_from_end=9), r"found -3"),
    ],
)
def test_what_no_region_is_refused(build, message):
    with pytest.raises(aa.exc.RegionException, match=message):
        build()


# ------------------------------------------------------------------ turning


@pytest.mark.parametrize(
    ("corner", "region", "first"),
    [
        ((1, 0), (0, 2, 1, 3), 0.0),
        ((0, 0), (2, 4, 1, 3), 15.0),
        ((0, 1), (2, 4, 2, 4), 19.0),
        ((1, 1), (0, 2, 2, 4), 4.0),
    ],
)
def test_turning_by_the_corner_of_the_electronics(corner, region, first, xp):
    turned = util.rotate_array_via_roe_corner_from(xp.asarray(VALUES), corner)
    assert turned[0, 0] == first
    assert util.rotate_region_via_roe_corner_from((0, 2, 1, 3), (4, 5), corner) == region
    assert util.rotate_region_via_roe_corner_from(None, (4, 5), corner) is None


@given(st.sampled_from(CORNERS), st.data())
def test_what_is_turned_twice_is_as_before_and_regions_turn_with_arrays(corner, data):
    y = sorted(data.draw(st.sets(st.integers(0, 4), min_size=2, max_size=2)))
    x = sorted(data.draw(st.sets(st.integers(0, 5), min_size=2, max_size=2)))
    region = aa.Region2D((*y, *x))
    turned = util.rotate_array_via_roe_corner_from(VALUES, corner)
    turned_region = util.rotate_region_via_roe_corner_from(region, VALUES.shape, corner)
    np.testing.assert_array_equal(np.sort(turned[turned_region.slice].ravel()), VALUES[region.slice].ravel())
    np.testing.assert_array_equal(util.rotate_array_via_roe_corner_from(turned, corner), VALUES)
    assert util.rotate_region_via_roe_corner_from(turned_region, VALUES.shape, corner) == region


def test_an_array_turns_with_its_mask_and_is_its_own():
    mask = aa.Mask2D(VALUES < 3, pixel_scales=0.1)
    array = aa.Array2D(VALUES, mask, header=aa.Header({"A": 1}))
    turned = util.rotate_array_via_roe_corner_from(array, (0, 1))
    np.testing.assert_array_equal(turned.mask.array, mask.array[::-1, ::-1])
    np.testing.assert_array_equal(turned.native.array, array.native.array[::-1, ::-1])
    assert turned.header is array.header
    same = util.rotate_array_via_roe_corner_from(VALUES, (1, 0))
    same[0, 0] = 7.0
    assert VALUES[0, 0] == 0.0


def test_a_pattern_turns_with_its_regions():
    class Pattern:
        def __init__(self, regions, dose):
            self.regions, self.dose = regions, dose

    pattern = Pattern([(0, 2, 1, 3)], dose=5.0)
    turned = util.rotate_pattern_ci_via_roe_corner_from(pattern, (4, 5), (0, 1))
    assert turned.regions == [(2, 4, 2, 4)]
    assert (turned.dose, type(turned), pattern.regions) == (5.0, Pattern, [(0, 2, 1, 3)])


@pytest.mark.parametrize("corner", [(2, 0), None, 1, (0, 1, 0)])
def test_an_unknown_corner_is_refused(corner):
    message = r"roe_corner: expected one of the corners \(y, x\) \(0, 0\), \(0, 1\), \(1, 0\), \(1, 1\), found"
    with pytest.raises(aa.exc.RegionException, match=message):
        util.rotate_array_via_roe_corner_from(VALUES, corner)
    with pytest.raises(aa.exc.ArrayException, match=r"array: expected values of shape \(y, x\), found shape \(4,\)"):
        util.rotate_array_via_roe_corner_from(np.ones(4), (1, 0))


# ------------------------------------------------------------------ extraction


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((2, 4, 0, 6), (2, 4)),
        ((2, 4, 3, 6), (0, 1)),
        ((2, 6, 3, 5), (0, 2)),
        ((2, 6, 0, 4), (2, 4)),
        ((2, 6, 2, 6), (0, 4)),
        ((2, 6, 6, 8), (None, None)),
        ((2, 6, 0, 2), (None, None)),
        ((2, 6, 7, 8), (None, None)),
    ],
)
def test_a_range_after_extraction(limits, expected):
    assert util.x0x1_after_extraction(*limits) == expected


def test_a_region_after_extraction():
    assert util.region_after_extraction((2, 4, 2, 4), (3, 6, 0, 6)) == (0, 1, 2, 4)
    assert util.region_after_extraction(aa.Region2D((2, 4, 2, 4)), aa.Region2D((1, 3, 1, 3))) == (1, 2, 1, 2)
    assert util.region_after_extraction((2, 4, 2, 4), (5, 6, 0, 6)) is None
    assert util.region_after_extraction(None, (0, 1, 0, 1)) is None


# ------------------------------------------------------------------ layouts


def test_a_layout_turns(layout):
    turned = layout.new_rotated_from((0, 0))
    assert turned.original_roe_corner == (0, 0)
    assert (turned.parallel_overscan, turned.serial_prescan) == ((0, 1, 0, 4), (0, 4, 0, 1))
    assert turned.serial_overscan == (0, 4, 3, 5)
    layout = aa.Layout2D.rotated_from_roe_corner((0, 1), (4, 5), (0, 1, 0, 2), (1, 2, 0, 2), (0, 4, 3, 5))
    assert (layout.parallel_overscan, layout.serial_prescan) == ((3, 4, 3, 5), (2, 3, 3, 5))
    assert layout.serial_overscan == (0, 4, 0, 2)
    assert aa.Layout2D.rotated_from_roe_corner((0, 1), (4, 5)).serial_overscan is None


def test_a_layout_of_a_part(layout):
    part = layout.layout_extracted_from((1, 4, 1, 4))
    assert (part.parallel_overscan, part.serial_prescan, part.serial_overscan) == ((2, 3, 0, 3), None, (0, 3, 2, 3))
    assert (part.shape_2d, part.original_roe_corner) == ((4, 5), (0, 1))
    assert repr(layout).startswith("Layout2D(shape_2d=(4, 5), parallel_overscan=(3, 4, 0, 4), serial_prescan=(0, 4")


def test_overscans_of_an_image(layout, xp):
    array = aa.Array2D.no_mask(xp.asarray(VALUES), pixel_scales=0.1, header=aa.Header({"A": 1}))
    parallel, serial = (
        layout.extract_parallel_overscan_array_2d_from(array),
        layout.extract_serial_overscan_array_from(array),
    )
    assert parallel.native.array.tolist() == [[15.0, 16.0, 17.0, 18.0]]
    assert serial.native.array.tolist() == [[3.0, 4.0], [8.0, 9.0], [13.0, 14.0], [18.0, 19.0]]
    assert (serial.pixel_scales, serial.header, serial.use_jax) == ((0.1, 0.1), array.header, xp is not np)
    assert layout.parallel_overscan_binned_array_1d_from(array).array.tolist() == [16.5]
    assert layout.serial_overscan_binned_array_1d_from(array).array.tolist() == [10.5, 11.5]
    assert layout.serial_eper_pixels == 2
    np.testing.assert_array_equal(layout.original_orientation_from(VALUES), VALUES[::-1, ::-1])
    np.testing.assert_array_equal(layout.original_orientation_from(array).native.array, VALUES[::-1, ::-1])


def test_the_overscan_of_a_line():
    layout = aa.Layout1D((5,), prescan=(0, 1), overscan=(3, 5))
    array = aa.Array1D.no_mask(np.arange(5.0), 0.1, header=aa.Header({"A": 1}))
    overscan = layout.extract_overscan_array_1d_from(array)
    assert overscan.array.tolist() == [3.0, 4.0]
    assert overscan.header is array.header
    assert repr(layout) == "Layout1D(shape_1d=(5,), prescan=(0, 1), overscan=(3, 5))"


def test_what_a_layout_can_not_give_is_refused(layout):
    array = aa.Array2D.no_mask(VALUES, pixel_scales=0.1)
    with pytest.raises(aa.exc.RegionException, match=r"Layout2D\.serial_overscan: expected a region, found a layout"):
        _ = aa.Layout2D((4, 5)).serial_eper_pixels
    with pytest.raises(aa.exc.RegionException, match=r"serial_overscan: expected a region inside .* \(4, 5\), found"):
        aa.Layout2D((4, 5), serial_overscan=(0, 9, 0, 9)).extract_serial_overscan_array_from(array)
    with pytest.raises(aa.exc.ArrayException, match=r"array: expected an Array2D"):
        layout.extract_serial_overscan_array_from(VALUES)
    with pytest.raises(aa.exc.ArrayException, match=r"array: expected an Array1D"):
        aa.Layout1D((5,), overscan=(3, 5)).extract_overscan_array_1d_from(np.ones(5))
