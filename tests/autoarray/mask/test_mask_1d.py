"""Masks of a line of pixels. Numbers without a comment are PyAutoArray 2026.10.26.1's, of the same calls."""

import pickle

import numpy as np
import pytest

import autoarray as aa
from autoarray.geometry import geometry_util
from autoarray.geometry.geometry_1d import Geometry1D
from autoarray.mask.mask_1d import Mask1DKeys


@pytest.fixture
def mask():
    return aa.Mask1D([True, False, False, True, False], pixel_scales=0.5, origin=(1.0,))


def test_state_and_geometry(mask):
    assert mask.array.dtype == bool
    assert (mask.pixel_scales, mask.pixel_scale, mask.origin) == ((0.5,), 0.5, (1.0,))
    assert mask.shape_native == mask.shape_slim == (5,)
    assert mask.pixels_in_mask == 3
    assert mask.dimensions == 1
    assert mask.native is mask
    assert mask.header_dict == {Mask1DKeys.PIXSCA: 0.5, Mask1DKeys.ORIGIN: 1.0}
    geometry = mask.geometry
    assert geometry.extent == (-0.25, 2.25)
    assert (geometry.scaled_minima, geometry.scaled_maxima) == ((-0.25,), (2.25,))
    assert geometry.shape_slim_scaled == (2.5,)
    assert mask.native_for_slim.tolist() == [1, 2, 4]
    assert repr(mask) == 'Mask1D(numpy, 5 of 0.5", 3 unmasked)'
    assert repr(geometry) == 'Geometry1D(5 of 0.5", origin=(1.0,) arcsec)'


def test_all_false_and_invert():
    assert aa.Mask1D.all_false((3,), 0.1).array.tolist() == [False] * 3
    assert aa.Mask1D.all_false(3, (0.1,), invert=True).array.tolist() == [True] * 3
    assert aa.Mask1D([1.0, 0.0], pixel_scales=1.0, invert=True).array.tolist() == [False, True]


def test_derived_masks_and_grids(mask):
    assert mask.derive_mask.all_false.array.tolist() == [False] * 5
    row = mask.derive_mask.to_mask_2d
    assert type(row) is aa.Mask2D
    assert row.array.tolist() == [mask.array.tolist()]
    assert (row.pixel_scales, row.origin) == ((0.5, 0.5), (0.0, 0.0))
    # PyAutoArray gives the unmasked centres here too, on a mask of five pixels; all five are meant.
    assert mask.derive_grid.all_false.array.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert mask.derive_grid.unmasked.array.tolist() == [0.5, 1.0, 2.0]
    assert mask.derive_grid.all_false.mask.origin == (1.0,)


def test_a_mask_survives_a_pickle_with_what_it_is(mask):
    copy = pickle.loads(pickle.dumps(mask))
    assert copy.array.tolist() == mask.array.tolist()
    assert copy.geometry.extent == mask.geometry.extent


def test_a_mask_from_fits(tmp_path, mask):
    fits = pytest.importorskip("astropy.io.fits")
    fits.PrimaryHDU(np.array([1.0, 0.0, 0.0, 1.0, 0.0])).writeto(tmp_path / "mask.fits")
    read = aa.Mask1D.from_fits(tmp_path / "mask.fits", pixel_scales=0.5, origin=(1.0,))
    assert read.array.tolist() == mask.array.tolist()
    fits.PrimaryHDU(np.ones((2, 2))).writeto(tmp_path / "image.fits")
    with pytest.raises(aa.exc.MaskException, match=r"expected a 1D image in header data unit 0, found shape \(2, 2\)"):
        aa.Mask1D.from_fits(tmp_path / "image.fits", pixel_scales=0.5)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: aa.Mask1D([[True]], 1.0), r"expected a 1D array .*, found shape \(1, 1\)"),
        (lambda: aa.Mask1D([], 1.0), r"found shape \(0,\)"),
        (lambda: aa.Mask1D([np.nan], 1.0), r"Mask1D\.mask: expected bools"),
        (lambda: aa.Mask1D([True], 0.0), r"pixel_scales: expected a positive finite number"),
        (lambda: aa.Mask1D([True], (1.0, 2.0)), r"pixel_scales: expected a number or a tuple of one number"),
        (lambda: aa.Mask1D([True], "1"), r"pixel_scales: expected a number"),
        (lambda: aa.Mask1D([True], 1.0, origin=np.nan), r"origin: expected a finite number"),
        (lambda: aa.Mask1D.all_false(0, 1.0), r"shape_slim: expected at least one pixel"),
        (lambda: aa.Mask1D.all_false((2, 3), 1.0), r"shape_slim: expected one number of pixels"),
        (lambda: Geometry1D(1.5, 1.0), r"shape_native: expected at least one pixel, and a whole number"),
        (lambda: geometry_util.convert_shape_native_1d(10**18), r"fits into the .* of memory"),
    ],
)
def test_what_no_mask_is_refused(build, message):
    with pytest.raises(aa.exc.MaskException, match=message):
        build()


def test_a_pair_of_equal_numbers_stands_for_one():
    # The default origin of PyAutoArray's Grid1D.uniform and Array1D.from_fits is a pair.
    assert aa.Mask1D([True], (0.1, 0.1), origin=(0.0, 0.0)).origin == (0.0,)


def test_an_origin_that_jax_traces_is_refused():
    jax = pytest.importorskip("jax")
    with pytest.raises(aa.exc.MaskException, match=r"origin: expected a number, found .*can't be traced"):
        jax.jit(lambda origin: aa.Mask1D([True], 1.0, origin=(origin,)).origin)(1.0)


def test_functions_of_plain_masks():
    values = np.array([True, False, False])
    assert aa.util.mask_1d.native_index_for_slim_index_1d_from(values).tolist() == [1, 2]
    with pytest.raises(aa.exc.MaskException, match=r"mask_1d: expected a 1D array of bools"):
        aa.util.mask_1d.native_index_for_slim_index_1d_from(np.ones((2, 2)))
