"""Visibilities and their noise maps, from every form that they are given in."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autoarray as aa

FINITE = st.floats(-1e100, 1e100)


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 20), st.just(2)), elements=FINITE))
def test_pairs_and_complex_numbers_are_the_same_visibilities(pairs):
    visibilities = aa.Visibilities(pairs)
    np.testing.assert_array_equal(visibilities.array, pairs[:, 0] + 1j * pairs[:, 1])
    np.testing.assert_array_equal(aa.Visibilities(visibilities.array).in_array, pairs)
    np.testing.assert_array_equal(visibilities.in_grid.array, pairs)
    np.testing.assert_array_equal(visibilities.amplitudes, np.abs(visibilities.array))
    np.testing.assert_array_equal(visibilities.phases, np.arctan2(pairs[:, 1], pairs[:, 0]))
    assert visibilities.scaled_maxima == (pairs[:, 0].max(), pairs[:, 1].max())
    assert visibilities.scaled_minima == (pairs[:, 0].min(), pairs[:, 1].min())


def test_integers_become_complex_numbers():
    """PyAutoArray 2026.10.26.1 leaves an integer array of shape (N, 2) as it is."""
    visibilities = aa.Visibilities(np.array([[1, 2], [3, 4]]))
    assert visibilities.shape_slim == 2
    np.testing.assert_array_equal(visibilities.array, [1 + 2j, 3 + 4j])


def test_precision_is_kept():
    assert aa.Visibilities(np.ones(3, dtype=np.complex64)).array.dtype == np.complex64
    assert aa.Visibilities(np.ones((3, 2), dtype=np.float32)).array.dtype == np.complex64
    assert aa.Visibilities([1 + 1j, 2]).array.dtype == np.complex128


def test_forms_parts_and_arithmetic():
    visibilities = aa.Visibilities(np.array([1 + 2j, 3 - 4j]))
    assert visibilities.slim is visibilities
    assert visibilities.native is visibilities
    np.testing.assert_array_equal(visibilities.mask, [False, False])
    assert isinstance(visibilities.real, aa.Visibilities)
    np.testing.assert_array_equal(visibilities.real.array, [1.0, 3.0])
    np.testing.assert_array_equal(visibilities.imag.array, [2.0, -4.0])
    np.testing.assert_array_equal((visibilities - aa.Visibilities.ones((2,))).array, [1j, 2 - 5j])
    assert type(visibilities * 2) is aa.Visibilities


def test_full_has_the_value_in_both_parts():
    np.testing.assert_array_equal(aa.Visibilities.full(2.0, (3,)).array, np.full(3, 2 + 2j))
    np.testing.assert_array_equal(aa.VisibilitiesNoiseMap.zeros(2).array, np.zeros(2))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones(3), r"complex numbers of shape \(N,\), or pairs .* of shape \(N, 2\), found float64 .* \(3,\)"),
        (np.ones((3, 3)), r"found float64 values of shape \(3, 3\)"),
        (np.ones((2, 2), dtype=complex), r"found complex128 values of shape \(2, 2\)"),
        (["a", "b"], "expected an array of numbers"),
    ],
)
def test_other_shapes_are_refused(values, message):
    with pytest.raises(aa.exc.ArrayException, match=message):
        aa.Visibilities(values)


def test_fits_files_are_images_of_pairs(tmp_path):
    pytest.importorskip("astropy")
    from autoarray.fitsable import write_arrays

    pairs = np.random.default_rng(1).normal(size=(5, 2))
    path = write_arrays(tmp_path / "data.fits", {None: pairs})
    np.testing.assert_array_equal(aa.Visibilities.from_fits(path, 0).in_array, pairs)
    assert type(aa.VisibilitiesNoiseMap.from_fits(path, hdu=0)) is aa.VisibilitiesNoiseMap
    with pytest.raises(FileExistsError):
        write_arrays(path, {None: pairs})


def test_the_normalization_of_a_noise_map_travels():
    noise_map = aa.VisibilitiesNoiseMap(np.array([1 + 2j, 0.5 + 0.1j]))
    expected = np.log(2 * np.pi * np.array([1.0, 2.0, 0.5, 0.1]) ** 2).sum()
    assert noise_map.normalization == pytest.approx(expected, rel=1e-14)
    copy = pickle.loads(pickle.dumps(noise_map))
    assert "normalization" in vars(copy)["_derived"].results
