"""Values of a line of pixels. Numbers without a comment are PyAutoArray 2026.10.26.1's, of the same calls."""

import pickle

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

import autoarray as aa
from autoarray import fitsable

MASK = aa.Mask1D([True, False, False, True, False], pixel_scales=0.5, origin=(1.0,))


def test_slim_and_native_forms(xp):
    array = aa.Array1D(xp.asarray([1.0, 2.0, 3.0]), mask=MASK)
    assert array.use_jax == (xp is not np)
    assert array.native.array.tolist() == [0.0, 1.0, 2.0, 0.0, 3.0]
    assert array.native.native.array.tolist() == [0.0, 1.0, 2.0, 0.0, 3.0]
    assert array.native.slim.array.tolist() == array.slim.array.tolist() == [1.0, 2.0, 3.0]
    assert array.mask is MASK
    assert (array + 1).array.tolist() == [2.0, 3.0, 4.0]
    assert type(array + 1) is aa.Array1D
    assert aa.Array1D(xp.asarray([1.0, 2.0, 3.0, 4.0, 5.0]), mask=MASK).array.tolist() == [2.0, 3.0, 5.0]
    native = aa.Array1D(xp.asarray([1.0, 2.0, 3.0, 4.0, 5.0]), mask=MASK, store_native=True)
    assert native.array.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert native.store_native
    assert aa.Array1D(xp.asarray([1.0, 2.0, 3.0]), MASK, store_native=True).array.tolist() == [0.0, 1.0, 2.0, 0.0, 3.0]


def test_what_belongs_to_the_mask():
    array = aa.Array1D([1.0, 2.0, 3.0], mask=MASK)
    assert (array.shape_native, array.shape_slim, array.total_pixels) == ((5,), (5,), 3)
    assert (array.pixel_scales, array.pixel_scale, array.origin) == ((0.5,), 0.5, (1.0,))
    assert array.geometry.extent == (-0.25, 2.25)
    assert array.header_dict == MASK.header_dict
    assert array.unmasked_grid.array.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert array.grid_radial.array.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert array.grid_radial.mask.origin == (0.0,)
    assert array.values.tolist() == [1.0, 2.0, 3.0]
    assert array.readout_offsets == (0,)
    assert aa.Array1D([1.0, 2.0, 3.0], MASK, header=aa.Header(readout_offsets=(3,))).readout_offsets == (3,)
    assert repr(array) == 'Array1D(numpy, [1., 2., 3.], native 5 of 0.5")'


def test_arrays_without_a_mask():
    assert aa.Array1D.no_mask([1, 2, 3], 0.1).dtype == np.int64
    assert aa.Array1D.full(2.0, 3, (0.1,), origin=(1.0,)).array.tolist() == [2.0, 2.0, 2.0]
    assert aa.Array1D.ones((3,), 0.1).array.tolist() == [1.0, 1.0, 1.0]
    assert aa.Array1D.zeros(3, 0.1).array.tolist() == [0.0, 0.0, 0.0]
    assert aa.Array1D.full(2.0, 3, 0.1, origin=(1.0,)).origin == (1.0,)


def test_jax_traces_what_it_makes_of_an_array():
    jax = pytest.importorskip("jax")

    def native(array):
        return (2.0 * array).native

    array = aa.Array1D(jax.numpy.asarray([1.0, 2.0, 3.0]), mask=MASK)
    traced = jax.jit(native)(array)
    assert type(traced) is aa.Array1D
    assert traced.array.tolist() == [0.0, 2.0, 4.0, 0.0, 6.0]
    gradient = jax.grad(lambda values: (aa.Array1D(values, MASK).native.array ** 2).sum())(array.array)
    assert gradient.tolist() == [2.0, 4.0, 6.0]


def test_an_array_comes_back_from_fits_and_a_pickle(tmp_path):
    pytest.importorskip("astropy")
    array = aa.Array1D([1.0, 2.0, 3.0], mask=MASK)
    path = fitsable.write_images(tmp_path / "array.fits", {None: array, "mask": MASK})
    read = aa.Array1D.from_fits(path, pixel_scales=0.5)
    assert read.array.tolist() == [0.0, 1.0, 2.0, 0.0, 3.0]
    assert (read.header.header_sci_obj["PIXSCA"], read.header.header_sci_obj["ORIGIN"]) == (0.5, 1.0)
    assert aa.Mask1D.from_fits(path, pixel_scales=0.5, hdu=1).array.tolist() == MASK.array.tolist()
    copy = pickle.loads(pickle.dumps(read))
    assert copy.array.tolist() == read.array.tolist()
    assert copy.header.header_sci_obj == read.header.header_sci_obj


def test_an_image_is_no_array_of_a_line(tmp_path):
    fits = pytest.importorskip("astropy.io.fits")
    fits.PrimaryHDU(np.ones((2, 3))).writeto(tmp_path / "image.fits")
    with pytest.raises(aa.exc.ArrayException, match=r"expected a 1D image in header data unit 0, found shape \(2, 3\)"):
        aa.Array1D.from_fits(tmp_path / "image.fits", pixel_scales=0.1)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: aa.Array1D([1.0, 2.0], MASK), r"Array1D\.values: expected slim values of shape \(3,\) or native ones"),
        (lambda: aa.Array1D([[1.0]], MASK), r"Array1D\.values: expected slim values"),
        (lambda: aa.Array1D([1.0j] * 3, MASK), r"Array1D\.values: expected real numbers"),
        (lambda: aa.Array1D(["a"] * 3, MASK), r"Array1D\.values: expected an array of numbers"),
        (lambda: aa.Array1D([1.0], np.array([False])), r"Array1D\.mask: expected a Mask1D"),
        (lambda: aa.Array1D.no_mask([[1.0]], 1.0), r"expected a 1D array with at least one value"),
        (lambda: aa.Array1D.no_mask([], 1.0), r"found shape \(0,\)"),
        (lambda: aa.Array1D.full([1.0], 2, 1.0), r"fill_value: expected a number"),
        (lambda: aa.Array1D.ones(2, 1.0).trimmed_after_convolution_from((3,)), r"expected a 2D structure"),
    ],
)
def test_what_no_array_is_refused(build, message):
    with pytest.raises(aa.exc.ArrayException, match=message):
        build()


def test_a_line_has_no_area():
    array = aa.Array1D.ones(2, 1.0)
    for name in ("pixel_area", "total_area"):
        with pytest.raises(aa.exc.GridException, match=r"Array1D: expected a 2D structure, whose pixels have an area"):
            getattr(array, name)


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.data())
def test_native_undoes_slim(masked, data):
    mask = aa.Mask1D(masked, pixel_scales=1.0)
    values = data.draw(st.lists(st.floats(-9, 9), min_size=len(masked), max_size=len(masked)))
    array = aa.Array1D(values, mask)
    native = array.native.array
    assert native[mask.array].tolist() == [0.0] * int(mask.array.sum())
    np.testing.assert_array_equal(aa.Array1D(native, mask).array, array.array)
    util = aa.util.array_1d
    np.testing.assert_array_equal(util.array_1d_native_from(array.array, mask), native)
    np.testing.assert_array_equal(util.array_1d_slim_from(native.tolist(), mask.array), array.array)


def test_functions_of_plain_arrays(xp):
    util = aa.util.array_1d
    slim = xp.asarray([1.0, 2.0, 3.0])
    native = util.array_1d_via_indexes_1d_from(slim, 5, np.array([1, 2, 4]), xp=xp)
    assert native.tolist() == [0.0, 1.0, 2.0, 0.0, 3.0]
    assert util.convert_array_1d(slim, MASK, store_native=True, xp=xp).tolist() == native.tolist()
    assert util.convert_array_1d(native, MASK, xp=xp).tolist() == [1.0, 2.0, 3.0]


def test_the_means_of_an_image_are_arrays_of_lines():
    mask = aa.Mask2D([[False, True, False], [False, True, True]], pixel_scales=(0.5, 0.25), origin=(1.0, 2.0))
    array = aa.Array2D([1.0, 2.0, 3.0], mask=mask)
    rows, columns = array.binned_across_rows, array.binned_across_columns
    assert type(rows) is type(columns) is aa.Array1D
    np.testing.assert_array_equal(rows.array, [2.0, np.nan, 2.0])
    assert columns.array.tolist() == [1.5, 3.0]
    # PyAutoArray gives both the pixel scale in y; the columns of an image are as far apart as its scale in x says.
    assert (rows.pixel_scales, columns.pixel_scales) == ((0.25,), (0.5,))
