"""What masks, shapes and regions refuse: numbers that would unmask everything, or nothing that was meant."""

import math

import numpy as np
import pytest

import autoarray as aa

NAN, INF = math.nan, math.inf
PLAIN = {"shape_native": (5, 5), "pixel_scales": 0.1}
CIRCLE = PLAIN | {"radius": 0.2}
RING = PLAIN | {"inner_radius": 0.1, "outer_radius": 0.3}
ELLIPSE = PLAIN | {"major_axis_radius": 0.3, "axis_ratio": 0.5, "angle": 10.0}
RING_OF_ELLIPSES = PLAIN | {
    "inner_major_axis_radius": 0.1,
    "inner_axis_ratio": 0.5,
    "inner_phi": 0.0,
    "outer_major_axis_radius": 0.3,
    "outer_axis_ratio": 0.5,
    "outer_phi": 10.0,
}
PIXELS = PLAIN | {"pixel_coordinates": [[1, 1]]}

REFUSED = [
    ("circular", CIRCLE, {"radius": NAN}, r"radius: expected a number of at least 0 .*, found nan"),
    ("circular", CIRCLE, {"radius": -1}, r"radius: expected a number of at least 0 .*, found -1"),
    ("circular", CIRCLE, {"radius": "wide"}, r"radius: expected a number of at least 0 .*, found 'wide'"),
    ("circular", CIRCLE, {"radius": np.ones(2)}, r"radius: expected a number"),
    ("circular", CIRCLE, {"centre": (NAN, 0.0)}, r"centre\[0\]: expected a finite number, found nan"),
    ("circular", CIRCLE, {"centre": (0.0,)}, r"centre: expected a scaled coordinate \(y, x\), found \(0\.0,\)"),
    ("circular", CIRCLE, {"origin": (0.0, INF)}, r"origin\[1\]: expected a finite number, found inf"),
    (
        "circular",
        CIRCLE,
        {"shape_native": (5.5, 5)},
        r"shape_native: expected at least one pixel .*, found \(5\.5, 5\)",
    ),
    ("circular", CIRCLE, {"shape_native": "55"}, r"shape_native: expected at least one pixel .* whole numbers"),
    ("circular", CIRCLE, {"pixel_scales": "12"}, r"pixel_scales: expected a number or a tuple .*, found '12'"),
    ("circular", CIRCLE, {"pixel_scales": ("1", "2")}, r"pixel_scales: expected a number or a tuple"),
    ("circular", CIRCLE, {"pixel_scales": 1e200}, r"pixel_scales: expected positive finite .*, found 1e\+200"),
    ("circular_annular", RING, {"inner_radius": NAN}, r"inner_radius: expected a number of at least 0 .*, found nan"),
    (
        "circular_annular",
        RING,
        {"outer_radius": -0.3},
        r"outer_radius: expected a number of at least 0 .*, found -0\.3",
    ),
    ("circular_annular", RING, {"inner_radius": 0.5}, r"inner_radius: expected at most outer_radius=0\.3, found 0\.5"),
    ("elliptical", ELLIPSE, {"major_axis_radius": NAN}, r"major_axis_radius: expected a number .*, found nan"),
    ("elliptical", ELLIPSE, {"axis_ratio": 0.0}, r"axis_ratio: expected a positive, finite number, found 0\.0"),
    ("elliptical", ELLIPSE, {"axis_ratio": -0.5}, r"axis_ratio: expected a positive, finite number, found -0\.5"),
    ("elliptical", ELLIPSE, {"angle": NAN}, r"angle: expected a finite number of degrees, found nan"),
    ("elliptical_annular", RING_OF_ELLIPSES, {"inner_axis_ratio": NAN}, r"inner_axis_ratio: expected a positive"),
    ("elliptical_annular", RING_OF_ELLIPSES, {"outer_phi": INF}, r"outer_phi: expected a finite number"),
    ("elliptical_annular", RING_OF_ELLIPSES, {"outer_major_axis_radius": -1}, r"outer_major_axis_radius: expected"),
    ("from_pixel_coordinates", PIXELS, {"buffer": -1}, r"buffer: expected a whole number of at least 0, found -1"),
    ("from_pixel_coordinates", PIXELS, {"buffer": 0.5}, r"buffer: expected a whole number of at least 0, found 0\.5"),
    ("from_pixel_coordinates", PIXELS, {"pixel_coordinates": [[1.7, 2]]}, r"pixel_coordinates: expected pixels"),
    ("from_pixel_coordinates", PIXELS, {"pixel_coordinates": [1, 2, 3, 4]}, r"pixel_coordinates: expected pixels"),
]


@pytest.mark.parametrize(("name", "valid", "wrong", "message"), REFUSED)
def test_numbers_that_no_mask_is_made_of_are_refused(name, valid, wrong, message):
    make = getattr(aa.Mask2D, name)
    assert make(**valid).pixels_in_mask > 0
    with pytest.raises(aa.exc.MaskException, match=message):
        make(**(valid | wrong))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.array([[0.0, NAN], [1.0, 0.0]]), r"Mask2D\.mask: expected bools .*, found nan at \(0, 1\)"),
        (np.array([[0.0, INF], [1.0, 0.0]]), r"Mask2D\.mask: expected bools .*, found inf at \(0, 1\)"),
        (np.ma.array(np.zeros((2, 2), bool), mask=[[0, 0], [0, 1]]), r"without masked entries, .* first at \(1, 1\)"),
        ([["a", "b"]], r"Mask2D\.mask: expected an array of numbers, found <U1 values .*, the first at \(0, 0\): 'a'"),
        ([[False, True], [False]], r"Mask2D\.mask: expected an array of numbers, found what NumPy makes none of"),
    ],
)
def test_values_that_are_no_bools_are_refused(values, message):
    with pytest.raises(aa.exc.MaskException, match=message):
        aa.Mask2D(values, pixel_scales=0.1)


def test_radii_without_an_end_unmask_everything():
    assert aa.Mask2D.circular(**(CIRCLE | {"radius": INF})).is_all_false
    assert aa.Mask2D.circular(**(CIRCLE | {"radius": 1e300})).is_all_false
    assert aa.Mask2D.circular(**(CIRCLE | {"radius": 0})).is_all_true
    assert aa.Mask2D.circular_annular(**(RING | {"inner_radius": 0.0, "outer_radius": INF})).is_all_false


def test_members_of_masks():
    mask = aa.Mask2D.circular(**CIRCLE)
    refused = [
        (lambda: mask.rescaled_from(NAN), r"rescale_factor: expected a positive, finite number, found nan"),
        (lambda: mask.rescaled_from(-2.0), r"rescale_factor: expected a positive, finite number, found -2\.0"),
        (lambda: mask.rescaled_from(0.0), r"rescale_factor: expected a positive, finite number, found 0\.0"),
        (lambda: mask.resized_from((7, 7), pad_value=NAN), "pad_value: expected a finite number, found nan"),
        (lambda: mask.resized_from((7.5, 7)), r"new_shape: expected at least one pixel .*, found \(7\.5, 7\)"),
        (lambda: mask.derive_mask.blurring_from((0, 3)), "kernel_shape_native: expected at least one pixel"),
        (lambda: mask.derive_mask.blurring_from((2.5, 3)), "kernel_shape_native: expected at least one pixel"),
        (lambda: mask.zoom.extent_from(buffer=-3), "buffer: expected a whole number of at least 0, found -3"),
        (lambda: mask.zoom.mask_2d_from(buffer=1.5), r"buffer: expected a whole number of at least 0, found 1\.5"),
        (lambda: aa.Geometry2D((0, 5), 0.1), "shape_native: expected at least one pixel"),
        (lambda: aa.Geometry2D((5, 5), 0.1, (NAN, 0.0)), r"origin\[0\]: expected a finite number, found nan"),
    ]
    for call, message in refused:
        with pytest.raises(aa.exc.MaskException, match=message):
            call()


def test_coordinates_and_regions_of_a_geometry():
    geometry = aa.Geometry2D((5, 5), 0.1)
    for call in (geometry.pixel_coordinates_2d_from, geometry.scaled_coordinates_2d_from):
        with pytest.raises(aa.exc.GridException, match=r"coordinates_2d\[0\]: expected a finite number, found nan"):
            call((NAN, 0.0))
        with pytest.raises(aa.exc.GridException, match=r"coordinates_2d: expected a coordinate \(y, x\), found 1\.0"):
            call(1.0)
    with pytest.raises(aa.exc.ArrayException, match=r"region\[3\]: expected a finite number, found nan"):
        geometry.pixel_region_2d_from((-0.1, 0.1, -0.1, NAN))
    with pytest.raises(aa.exc.ArrayException, match=r"region: expected the edges \(y0, y1, x0, x1\), found"):
        geometry.pixel_region_2d_from((-0.1, 0.1))
