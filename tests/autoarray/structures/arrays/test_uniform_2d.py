"""Arrays of a mask's pixels."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.header import Header

masks = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=6)).map(lambda mask: Mask2D(mask, pixel_scales=0.5))


@pytest.fixture
def mask() -> Mask2D:
    return Mask2D([[True, False, False], [False, False, True]], pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))


@pytest.fixture
def array(mask: Mask2D) -> Array2D:
    return Array2D(values=[1.0, 2.0, 3.0, 4.0], mask=mask)


@given(masks, st.integers(0, 2**32 - 1))
def test_slim_and_native_are_two_forms_of_the_same_values(mask, seed):
    native = np.random.default_rng(seed).normal(size=mask.shape_native)
    array = Array2D(native, mask=mask)
    assert array.shape == (mask.pixels_in_mask,)
    np.testing.assert_array_equal(array.native.array, np.where(mask.array, 0.0, native))
    np.testing.assert_array_equal(array.native.slim.array, array.array)
    stored = Array2D(array.array, mask=mask, store_native=True)
    assert stored.store_native
    np.testing.assert_array_equal(stored.array, array.native.array)
    np.testing.assert_array_equal(stored.slim.array, array.array)


def test_geometry_is_that_of_the_mask(array, mask):
    assert array.shape_native == (2, 3)
    assert array.shape_slim == array.total_pixels == 4
    assert array.pixel_scales == (1.0, 2.0)
    assert array.pixel_scale == 1.0
    assert array.origin == (0.5, 1.0)
    assert array.pixel_area == 2.0
    assert array.total_area == 8.0
    assert array.geometry.extent == mask.geometry.extent
    assert array.header_dict == mask.header_dict
    assert array.unmasked_grid.shape == (6, 2)
    assert array.derive_mask.all_false.is_all_false
    assert array.derive_grid.unmasked.shape == (4, 2)
    np.testing.assert_array_equal(array.derive_indexes.unmasked_slim, [1, 2, 3, 4])


def test_masked_values_are_kept_only_if_asked_for(mask):
    ones = np.ones((2, 3))
    assert Array2D(ones, mask=mask, store_native=True).array.sum() == 4.0
    kept = Array2D(ones, mask=mask, store_native=True, skip_mask=True)
    assert kept.array.sum() == 6.0
    assert kept.native_skip_mask.array.sum() == 6.0
    assert kept.native.array.sum() == 4.0
    assert ones.sum() == 6.0
    np.testing.assert_array_equal(kept.native_for_fits.array, kept.native.array)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, 2.0, 3.0], r"each of the 4 unmasked pixels of a mask of shape \(2, 3\), found values of shape \(3,\)"),
        (np.ones((3, 3)), r"mask's shape \(2, 3\), found values of shape \(3, 3\)"),
        (np.ones((2, 3, 2)), r"3 dimensions, shape \(2, 3, 2\)"),
        (1.0, "0 dimensions"),
    ],
)
def test_values_that_do_not_fit_the_mask(mask, values, message):
    with pytest.raises(exc.ArrayException, match=message):
        Array2D(values, mask=mask)


def test_no_mask():
    array = Array2D.no_mask([[1.0, 2.0], [3.0, 4.0]], pixel_scales=0.5, origin=(1.0, 2.0))
    assert array.array.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert array.origin == (1.0, 2.0)
    same = Array2D.no_mask([1.0, 2.0, 3.0, 4.0], pixel_scales=0.5, shape_native=(2, 2))
    assert same.native.array.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(exc.ArrayException, match="shape_native"):
        Array2D.no_mask([1.0, 2.0, 3.0, 4.0], pixel_scales=0.5)
    with pytest.raises(exc.ArrayException, match="4 unmasked pixels"):
        Array2D.no_mask([1.0, 2.0, 3.0, 4.0, 5.0], pixel_scales=0.5, shape_native=(2, 2))


def test_constant_arrays():
    assert Array2D.full(2.5, (2, 3), 1.0).array.tolist() == [2.5] * 6
    assert Array2D.ones((2, 3), 1.0).sum() == 6.0
    assert Array2D.zeros((2, 3), 1.0).array.dtype == float


def test_from_coordinates_in_any_order():
    y, x = np.array([-0.5, 0.5, 0.5, -0.5]), np.array([0.5, -0.5, 0.5, -0.5])
    array = Array2D.from_yx_and_values(y=y, x=x, values=[4.0, 1.0, 2.0, 3.0], shape_native=(2, 2), pixel_scales=1.0)
    assert array.array.tolist() == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises(exc.ArrayException, match="each of the 4 pixels"):
        Array2D.from_yx_and_values(y[:3], x[:3], [1.0, 2.0, 3.0], (2, 2), 1.0)
    with pytest.raises(exc.ArrayException, match="one coordinate in each pixel"):
        Array2D.from_yx_and_values(y * 0.0 + 0.5, x, [1.0, 2.0, 3.0, 4.0], (2, 2), 1.0)


def test_another_mask(array):
    unmasked = array.apply_mask(Mask2D.all_false((2, 3), pixel_scales=1.0))
    assert unmasked.array.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 0.0]
    with pytest.raises(exc.ArrayException, match=r"\(3, 3\)"):
        array.apply_mask(Mask2D.all_false((3, 3), pixel_scales=1.0))


def test_resizing(array):
    larger = array.resized_from((4, 5))
    assert larger.mask.pixels_in_mask == 18
    assert larger.sum() == array.sum()
    masked = array.resized_from((4, 5), mask_pad_value=1)
    np.testing.assert_array_equal(masked.array, array.array)
    np.testing.assert_array_equal(masked.resized_from((2, 3)).native.array, array.native.array)


@pytest.mark.parametrize("kernel", [(1, 1), (3, 5), (5, 3)])
def test_padding_for_a_kernel_and_trimming_are_inverse(array, kernel):
    padded = array.padded_before_convolution_from(kernel)
    assert padded.shape_native == (2 + kernel[0] - 1, 3 + kernel[1] - 1)
    trimmed = padded.trimmed_after_convolution_from(kernel)
    np.testing.assert_array_equal(trimmed.native.array, array.native.array)
    np.testing.assert_array_equal(trimmed.mask.array, array.mask.array)
    with pytest.raises(exc.ArrayException, match="kernel_shape"):
        array.trimmed_after_convolution_from((5, 5))


def test_means_of_rows_and_columns_leave_masked_pixels_out(array):
    assert array.binned_across_rows.tolist() == [3.0, 2.5, 2.0]
    assert array.binned_across_columns.tolist() == [1.5, 3.5]
    half = Array2D([1.0], mask=Mask2D([[True, False]], pixel_scales=1.0))
    np.testing.assert_array_equal(half.binned_across_rows, [np.nan, 1.0])


def test_brightest_pixel():
    values = np.zeros((7, 7))
    values[2, 4], values[2, 5], values[6, 0] = 3.0, 1.0, 9.0
    array = Array2D.no_mask(values, pixel_scales=0.5)
    assert array.brightest_coordinate_in_region_from(None) == (-1.5, -1.5)
    assert array.brightest_coordinate_in_region_from((-1.0, 1.0, -1.0, 1.1)) == (0.5, 0.5)
    assert array.brightest_coordinate_in_region_from((-1.0, 1.0, -1.0, 1.1), return_in_pixels=True) == (2, 4)
    centre = array.brightest_sub_pixel_coordinate_in_region_from((-1.0, 1.0, -1.0, 1.1))
    np.testing.assert_allclose(centre, (0.5, 0.5 + 0.25 * 0.5))


def test_one_header_stays_one_dictionary():
    entries = {"EXPTIME": 100.0}
    assert Header(header_sci_obj=entries, header_hdu_obj=entries).header_hdu_obj == entries
    shared = Header(header_sci_obj=entries, header_hdu_obj=entries)
    assert shared.header_sci_obj is shared.header_hdu_obj
    assert shared.header_sci_obj is not entries
    two = Header(header_sci_obj=entries, header_hdu_obj={"BITPIX": 16})
    assert (two.header_sci_obj, two.header_hdu_obj) == (entries, {"BITPIX": 16})


def test_header_units(mask):
    header = Header(
        header_sci_obj={"EXPTIME": 100.0, "DATE-OBS": "2000-01-01", "TIME-OBS": "10:00:00"},
        header_hdu_obj={"BUNIT": "ELECTRONS/S"},
    )
    array = Array2D([1.0, 2.0, 3.0, 4.0], mask=mask, header=header)
    assert array.in_counts.array.tolist() == [100.0, 200.0, 300.0, 400.0]
    assert array.in_counts_per_second.array.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert (array + 1.0).header is header
    assert header.array_counts_to_counts_per_second(200.0) == 2.0
    assert (header.date_of_observation, header.time_of_observation) == ("2000-01-01", "10:00:00")
    assert header.modified_julian_date == pytest.approx(51544 + 10 / 24)
    assert Header().modified_julian_date is None
    with pytest.raises(exc.ArrayException, match="EXPTIME"):
        _ = Header(header_sci_obj={"BITPIX": 16}).exposure_time
    with pytest.raises(exc.ArrayException, match="expected a header"):
        _ = Array2D([1.0, 2.0, 3.0, 4.0], mask=mask).in_counts


@pytest.mark.parametrize(
    ("corner", "native"),
    [
        (None, [[1, 2], [3, 4]]),
        ((1, 0), [[1, 2], [3, 4]]),
        ((0, 0), [[3, 4], [1, 2]]),
        ((1, 1), [[2, 1], [4, 3]]),
        ((0, 1), [[4, 3], [2, 1]]),
    ],
)
def test_orientation_of_the_read_out(corner, native):
    header = Header(original_roe_corner=corner, readout_offsets=(3, 4))
    array = Array2D.no_mask([[1, 2], [3, 4]], pixel_scales=1.0, header=header)
    assert array.original_orientation.native.array.tolist() == native
    assert array.readout_offsets == (3, 4)
    assert Array2D.ones((2, 2), 1.0).readout_offsets == (0, 0)


def test_arrays_share_their_mask_in_a_pickle(array):
    first, second = pickle.loads(pickle.dumps([array, array + 1.0]))
    assert first.mask is second.mask
    np.testing.assert_array_equal(second.array, array.array + 1.0)


def test_the_same_on_jax(mask):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    expected = Array2D([1.0, 2.0, 3.0, 4.0], mask=mask)
    traces = []

    @jax.jit
    def computed(array, factor):
        traces.append(1)
        scaled = Array2D(values=array.array * factor, mask=array.mask)
        padded = scaled.native.padded_before_convolution_from((3, 3))
        return scaled, scaled.native, padded.trimmed_after_convolution_from((3, 3)), scaled.binned_across_rows

    for factor in (2.0, 3.0):
        # An equal mask that is another object does not trace again.
        again = Mask2D(mask.array.copy(), pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))
        array = Array2D([1.0, 2.0, 3.0, 4.0], mask=again, xp=jnp)
        slim, native, trimmed, binned = computed(array, factor)
        assert slim.use_jax
        assert isinstance(slim.array, jax.Array)
        assert isinstance(slim.mask.array, np.ndarray)
        np.testing.assert_allclose(slim.array, expected.array * factor)
        np.testing.assert_allclose(native.array, expected.native.array * factor)
        np.testing.assert_allclose(trimmed.array, expected.native.array * factor)
        np.testing.assert_allclose(binned, expected.binned_across_rows * factor)
    assert traces == [1]


def test_numpy_mode_never_holds_a_jax_array(mask):
    jnp = pytest.importorskip("jax.numpy")
    assert Array2D(jnp.ones(4), mask=mask).use_jax
    assert not Array2D(np.ones(4), mask=mask).use_jax
    assert isinstance(Array2D(np.ones(4), mask=mask, xp=jnp).array, type(jnp.ones(4)))
    with pytest.raises(TypeError, match="expected the module numpy"):
        Array2D(np.ones(4), mask=mask, xp=pytest)


def test_big_endian_values_reach_jax(mask):
    jnp = pytest.importorskip("jax.numpy")
    values = np.array([1.0, 2.0, 3.0, 4.0], dtype=">f8")
    array = Array2D(values, mask=mask, xp=jnp)
    assert array.array.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert array.dtype == np.float64
