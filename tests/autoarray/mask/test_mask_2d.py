"""Masks and what they know of their unmasked pixels."""

import pickle

import numpy as np
import pytest

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D, Mask2DKeys
from autoarray.structures.arrays.uniform_2d import Array2D


@pytest.fixture
def mask() -> Mask2D:
    return Mask2D([[True, False, False], [False, False, True]], pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))


def test_state_and_geometry(mask):
    assert mask.array.dtype == bool
    assert mask.mask is mask.array
    assert mask.pixel_scales == (1.0, 2.0)
    assert mask.pixel_scale == 1.0
    assert mask.origin == (0.5, 1.0)
    assert mask.shape_native == (2, 3)
    assert mask.dimensions == 2
    assert mask.pixels_in_mask == mask.shape_slim == 4
    assert mask.geometry.extent == (-2.0, 4.0, -0.5, 1.5)
    assert mask.native is mask
    assert mask.header_dict == {
        Mask2DKeys.PIXSCAY: 1.0,
        Mask2DKeys.PIXSCAX: 2.0,
        Mask2DKeys.ORIGINY: 0.5,
        Mask2DKeys.ORIGINX: 1.0,
    }
    assert not mask.is_all_false
    assert not mask.is_all_true


def test_the_mask_has_its_own_values_of_any_kind_of_number():
    values = np.array([[1.0, 0.0], [0.0, 2.0]])
    mask = Mask2D(values, pixel_scales=1)
    values[0, 1] = 1.0
    assert mask.array.tolist() == [[True, False], [False, True]]
    assert Mask2D(mask, pixel_scales=1.0, invert=True).array.tolist() == [[False, True], [True, False]]
    assert mask.array.tolist() == [[True, False], [False, True]]


def test_masks_are_numpy_on_either_backend():
    jnp = pytest.importorskip("jax.numpy")
    mask = Mask2D(jnp.array([[True, False]]), pixel_scales=1.0, xp=jnp)
    assert type(mask.array) is np.ndarray
    assert not mask.use_jax


def test_indexes(mask):
    np.testing.assert_array_equal(mask.native_for_slim, [[0, 1], [0, 2], [1, 0], [1, 1]])
    np.testing.assert_array_equal(mask.slim_to_native_tuple[1], [1, 2, 0, 1])
    np.testing.assert_array_equal(mask.fft_index_for_masked_pixel, [1, 2, 3, 4])
    boxed = Mask2D(np.pad(mask.array, 2, constant_values=True), pixel_scales=1.0)
    np.testing.assert_array_equal(boxed.extent_index_for_masked_pixel, [1, 2, 3, 4])


def test_circles():
    disc = Mask2D.circular((5, 5), radius=1.1, pixel_scales=1.0)
    assert disc.pixels_in_mask == 5
    # A pixel centre on the circle is outside of it.
    assert Mask2D.circular((5, 5), radius=1.0, pixel_scales=1.0).pixels_in_mask == 1
    inverted = Mask2D.circular((5, 5), radius=1.1, pixel_scales=1.0, invert=True)
    np.testing.assert_array_equal(inverted.array, ~disc.array)
    moved = Mask2D.circular((5, 4), radius=1.0, pixel_scales=(1.0, 0.5), centre=(0.5, 0.3))
    expected = np.full((5, 4), True)
    expected[1:3, 1:] = False
    np.testing.assert_array_equal(moved.array, expected)
    # The centre of a circle is relative to the array, wherever its origin is.
    shifted = Mask2D.circular((5, 5), radius=1.1, pixel_scales=1.0, origin=(3.0, 4.0))
    np.testing.assert_array_equal(shifted.array, disc.array)
    assert shifted.mask_centre == (3.0, 4.0)


def test_annuli_lie_between_two_discs():
    annulus = Mask2D.circular_annular((21, 21), inner_radius=3.2, outer_radius=7.3, pixel_scales=1.0)
    outer = Mask2D.circular((21, 21), radius=7.3, pixel_scales=1.0)
    inner = Mask2D.circular((21, 21), radius=3.2, pixel_scales=1.0)
    np.testing.assert_array_equal(annulus.array, outer.array | ~inner.array)


def test_ellipses():
    circle = Mask2D.elliptical((21, 21), major_axis_radius=5.2, axis_ratio=1.0, angle=33.0, pixel_scales=1.0)
    np.testing.assert_array_equal(circle.array, Mask2D.circular((21, 21), radius=5.2, pixel_scales=1.0).array)
    flat = Mask2D.elliptical((21, 21), major_axis_radius=5.2, axis_ratio=0.5, angle=0.0, pixel_scales=1.0)
    assert flat.shape_native_masked_pixels == (5, 11)
    tall = Mask2D.elliptical((21, 21), major_axis_radius=5.2, axis_ratio=0.5, angle=90.0, pixel_scales=1.0)
    np.testing.assert_array_equal(tall.array, flat.array.T)
    # Counter-clockwise from the x-axis, with y upwards: the major axis runs to the top right.
    tilted = Mask2D.elliptical((5, 5), major_axis_radius=2.0, axis_ratio=0.5, angle=45.0, pixel_scales=1.0)
    assert not tilted.array[1, 3]
    assert tilted.array[3, 3]
    ring = Mask2D.elliptical_annular((21, 21), 2.2, 0.5, 0.0, 5.2, 0.5, 0.0, pixel_scales=1.0)
    hole = Mask2D.elliptical((21, 21), major_axis_radius=2.2, axis_ratio=0.5, angle=0.0, pixel_scales=1.0)
    np.testing.assert_array_equal(ring.array, flat.array | ~hole.array)


def test_pixel_coordinates():
    mask = Mask2D.from_pixel_coordinates((5, 5), [[1, 1], [3, 4]], pixel_scales=1.0, buffer=1)
    expected = np.full((5, 5), True)
    expected[0:3, 0:3] = False
    expected[2:5, 3:5] = False
    np.testing.assert_array_equal(mask.array, expected)
    for pixel in ([1, 7], [-1, 0]):
        with pytest.raises(exc.MaskException, match="pixel_coordinates"):
            Mask2D.from_pixel_coordinates((5, 5), [pixel], pixel_scales=1.0)


def test_sizes_of_the_unmasked_region(mask):
    assert mask.shape_native_masked_pixels == (2, 3)
    assert mask.mask_centre == (0.5, 1.0)
    assert Mask2D.circular((7, 7), 2.1, 1.0).circular_radius == 2.5


@pytest.mark.parametrize("centre", [(0.0, 0.0), (0.3, -0.4), (0.5, 0.5)])
@pytest.mark.parametrize("radius", [1.2, 2.1, 4.6, 8.0])
def test_discs_are_circular(radius, centre):
    assert Mask2D.circular((21, 21), radius, 1.0, centre=centre).is_circular


def test_other_shapes_are_not_circular():
    square = np.full((15, 15), True)
    square[2:8, 3:9] = False
    for mask in (
        Mask2D(square, pixel_scales=1.0),
        Mask2D.circular_annular((21, 21), 3.0, 7.0, pixel_scales=1.0),
        Mask2D.elliptical((21, 21), 7.0, 0.7, 0.0, pixel_scales=1.0),
        Mask2D([[True, True], [True, True]], pixel_scales=1.0),
    ):
        assert not mask.is_circular
        with pytest.raises(exc.MaskException, match="disc"):
            _ = mask.circular_radius
    with pytest.raises(exc.MaskException, match="same pixel scale"):
        _ = Mask2D.circular((7, 7), 2.0, (1.0, 2.0)).is_circular


def test_resizing_and_rescaling(mask):
    padded = mask.resized_from((4, 5))
    expected = np.full((4, 5), False)
    expected[1, 1] = expected[2, 3] = True
    np.testing.assert_array_equal(padded.array, expected)
    assert padded.pixel_scales == mask.pixel_scales
    masked = mask.resized_from((4, 5), pad_value=1)
    assert masked.pixels_in_mask == 4
    np.testing.assert_array_equal(masked.resized_from((2, 3)).array, mask.array)
    doubled = mask.rescaled_from(2.0)
    assert doubled.shape_native == (4, 6)
    np.testing.assert_array_equal(doubled.array[1:-1, 1:-1], np.repeat(np.repeat(mask.array, 2, 0), 2, 1)[1:-1, 1:-1])
    assert doubled.array[[0, -1]].all()


def test_trimming_a_padded_array():
    padded = Mask2D.all_false((5, 7), pixel_scales=1.0)
    values = np.arange(35.0).reshape(5, 7)
    for array in (values, values.ravel(), Array2D.no_mask(values, pixel_scales=1.0)):
        trimmed = padded.trimmed_array_from(array, image_shape=(3, 3))
        np.testing.assert_array_equal(trimmed.native.array, values[1:4, 2:5])


def test_blurring_a_padded_array():
    class Doubling:
        def convolved_image_from(self, image, blurring_image):
            assert blurring_image is None
            return image * 2.0

    padded = Mask2D.all_false((5, 5), pixel_scales=1.0)
    blurred = padded.unmasked_blurred_array_from(Array2D.ones((5, 5), 1.0), Doubling(), (3, 3))
    np.testing.assert_array_equal(blurred.array, np.full(9, 2.0))


def test_an_empty_mask_is_a_mask_without_a_region():
    empty = Mask2D([[True, True], [True, True]], pixel_scales=1.0)
    assert empty.is_all_true
    assert empty.pixels_in_mask == 0
    for name in ("mask_centre", "shape_native_masked_pixels", "extent_index_for_masked_pixel"):
        with pytest.raises(exc.MaskException, match=r"shape \(2, 2\) whose 4 pixels are all masked"):
            getattr(empty, name)


@pytest.mark.parametrize("values", [[True, False], np.ones((2, 2, 2)), np.zeros((0, 3)), [["a", "b"]]])
def test_what_is_not_a_2d_mask(values):
    with pytest.raises(exc.MaskException, match="mask: expected"):
        Mask2D(values, pixel_scales=1.0)


def test_pickle(mask):
    _ = mask.native_for_slim
    restored = pickle.loads(pickle.dumps(mask))
    np.testing.assert_array_equal(restored.array, mask.array)
    assert (restored.pixel_scales, restored.origin) == (mask.pixel_scales, mask.origin)
    assert restored.pixels_in_mask == 4
