"""Colour images."""

import pickle

import numpy as np
import pytest

import autoarray as aa

MASK = aa.Mask2D([[True, False], [False, False]], pixel_scales=0.5)
VALUES = np.arange(12.0).reshape(2, 2, 3)


def test_a_colour_image_has_one_form(xp):
    image = aa.Array2DRGB(xp.asarray(VALUES), MASK)
    assert image.native is image.slim is image
    assert image.use_jax == (xp is not np)
    # As in PyAutoArray 2026.10.26.1, the colours of masked pixels stay.
    np.testing.assert_array_equal(image.array, VALUES)
    assert (image.shape, image.shape_native, image.pixel_scales) == ((2, 2, 3), (2, 2), (0.5, 0.5))
    assert type(image + 1) is aa.Array2DRGB
    assert isinstance(image, aa.Array2D)
    assert aa.Array2DRGB(VALUES.astype("uint8"), MASK).dtype == np.uint8


def test_a_colour_image_is_cut_like_its_colours(xp):
    image = aa.Array2DRGB.no_mask(xp.asarray(VALUES), pixel_scales=0.5, header=aa.Header({"A": 1}))
    padded = image.padded_before_convolution_from((3, 3))
    assert padded.shape == (4, 4, 3)
    assert padded.header is image.header
    np.testing.assert_array_equal(padded.trimmed_after_convolution_from((3, 3)).array, VALUES)
    np.testing.assert_array_equal(image.resized_from((1, 1)).array, VALUES[1:, 1:])
    masked = image.apply_mask(MASK)
    assert masked.mask is MASK
    np.testing.assert_array_equal(masked.array, VALUES * ~MASK.array[..., None])
    assert [channel.native.array.tolist() for channel in image.channels] == VALUES.transpose(2, 0, 1).tolist()


def test_a_pickle_and_jax_keep_it():
    image = aa.Array2DRGB(VALUES, MASK)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(image)).array, VALUES)
    jax = pytest.importorskip("jax")
    twice = jax.jit(lambda image: image * 2)(aa.Array2DRGB(jax.numpy.asarray(VALUES), MASK))
    np.testing.assert_array_equal(twice.array, 2 * VALUES)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: aa.Array2DRGB(VALUES[:1], MASK),
            r"Array2DRGB\.values: .* of shape \(2, 2, 3\), .* found shape \(1",
        ),
        (lambda: aa.Array2DRGB(VALUES[..., :2], MASK), r"found shape \(2, 2, 2\)"),
        (lambda: aa.Array2DRGB(VALUES[..., 0], MASK), r"found shape \(2, 2\)"),
        (lambda: aa.Array2DRGB(VALUES, None), r"Array2DRGB\.mask: expected a Mask2D, found None"),
        (lambda: aa.Array2DRGB.no_mask(VALUES[0], 1.0), r"expected values of shape \(y, x, 3\)"),
        (lambda: aa.Array2DRGB(VALUES, MASK).binned_across_rows, r"expected values of one colour, found 3"),
        (lambda: aa.Array2DRGB(VALUES, MASK).binned_across_columns, r"ask one of `channels`"),
        (lambda: aa.Array2DRGB(VALUES, MASK).brightest_coordinate_in_region_from(None), r"one colour, found 3"),
    ],
)
def test_what_no_colour_image_is_refused(build, message):
    with pytest.raises(aa.exc.ArrayException, match=message):
        build()


def test_a_zoom_keeps_the_colours_of_masked_pixels():
    masked = np.full((5, 6), True)
    masked[1:3, 2:5] = False
    mask = aa.Mask2D(masked, pixel_scales=1.0)
    image = aa.Array2DRGB(np.arange(90.0).reshape(5, 6, 3), mask)
    # The values of PyAutoArray 2026.10.26.1, which turns them to whole numbers.
    zoomed = mask.zoom.array_2d_rgb_from(image, buffer=1)
    assert zoomed.array[..., 0].tolist() == [
        [3, 6, 9, 12, 15],
        [21, 24, 27, 30, 33],
        [39, 42, 45, 48, 51],
        [57, 60, 63, 66, 69],
    ]
    assert zoomed.mask.origin == (0.5, 0.5)
    assert mask.zoom.array_2d_rgb_from(image, buffer=3).array[0, 0].tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(aa.exc.ArrayException, match="array: expected an Array2DRGB"):
        mask.zoom.array_2d_rgb_from(image.channels[0])
