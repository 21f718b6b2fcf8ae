"""Fields of vectors: their forms, what is derived from them, and what they refuse."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import autoarray as aa
from autoarray import exc

MASK = aa.Mask2D(
    [[True, False, False], [False, False, False], [True, True, False]], pixel_scales=1.0, origin=(0.5, 0.0)
)
VALUES = np.arange(12.0).reshape(6, 2) + 1.0


def uniform(**arguments):
    return aa.VectorYX2D(values=VALUES, grid=aa.Grid2D.from_mask(MASK), mask=MASK, **arguments)


def irregular():
    return aa.VectorYX2DIrregular([(1.0, 2.0), (-3.0, 4.0), (0.0, -5.0)], grid=[(0.0, 1.0), (1.0, 0.0), (3.0, 4.0)])


def test_slim_and_native_forms_hold_the_same_vectors():
    for vectors in (uniform(), uniform(store_native=True)):
        np.testing.assert_array_equal(vectors.slim.array, VALUES)
        np.testing.assert_array_equal(vectors.native.array[~MASK.array], VALUES)
        assert not vectors.native.array[MASK.array].any()
        np.testing.assert_array_equal(vectors.y.array, VALUES[:, 0])
        np.testing.assert_array_equal(vectors.x.array, VALUES[:, 1])
        np.testing.assert_allclose(vectors.magnitudes.array, np.hypot(*VALUES.T), rtol=1e-15)
        assert vectors.magnitudes.mask is MASK


# PyAutoArray 2026.10.26.1: `average_magnitude` and `average_phi` of the vectors of these tests.
@pytest.mark.parametrize(
    ("vectors", "magnitude", "phi"),
    [
        (uniform(), 9.219544457292887, 20.300647322502236),
        (irregular(), 0.7453559924999299, -31.717474411461005),
    ],
)
def test_the_average_vector_has_the_magnitude_and_angle_of_pyautoarray(vectors, magnitude, phi):
    assert vectors.average_magnitude == pytest.approx(magnitude, rel=1e-14)
    assert vectors.average_phi == pytest.approx(phi, rel=1e-14)


def test_constructors_without_a_mask():
    native = np.arange(8.0).reshape(2, 2, 2)
    for vectors in (
        aa.VectorYX2D.no_mask(native, pixel_scales=1.0, origin=(0.0, 1.0)),
        aa.VectorYX2D.no_mask(native.reshape(4, 2).tolist(), pixel_scales=1.0, shape_native=(2, 2), origin=(0.0, 1.0)),
    ):
        np.testing.assert_array_equal(vectors.native.array, native)
        np.testing.assert_array_equal(vectors.grid.array, [[0.5, 0.5], [0.5, 1.5], [-0.5, 0.5], [-0.5, 1.5]])
    np.testing.assert_array_equal(aa.VectorYX2D.full(2.0, (2, 2), 1.0).array, np.full((4, 2), 2.0))
    np.testing.assert_array_equal(aa.VectorYX2D.ones((2, 2), 1.0).array, np.ones((4, 2)))
    np.testing.assert_array_equal(aa.VectorYX2D.zeros((2, 2), 1.0).array, np.zeros((4, 2)))


def test_another_mask_has_other_coordinates_too():
    mask = aa.Mask2D([[True, True, False], [False, False, False], [True, True, True]], pixel_scales=1.0)
    vectors = uniform().apply_mask(mask)
    np.testing.assert_array_equal(vectors.array, VALUES[1:5])
    np.testing.assert_array_equal(vectors.grid.array, aa.Grid2D.from_mask(mask).array)
    np.testing.assert_array_equal(aa.VectorYX2D.from_mask(uniform().native, MASK).array, VALUES)


def test_arithmetic_keeps_the_coordinates():
    for vectors in (uniform(), irregular()):
        doubled = 2.0 * vectors
        assert type(doubled) is type(vectors)
        assert doubled.grid is vectors.grid
        np.testing.assert_array_equal(doubled.array, 2.0 * vectors.array)


def test_vectors_are_selected_by_their_distance():
    vectors = irregular()
    near = vectors.vectors_within_radius(radius=1.5)
    assert near.in_list == [(1.0, 2.0), (-3.0, 4.0)]
    assert near.grid.in_list == [(0.0, 1.0), (1.0, 0.0)]
    assert vectors.vectors_within_radius(0.1, centre=(3.0, 4.0)).in_list == [(0.0, -5.0)]
    assert vectors.vectors_within_annulus(1.5, 6.0).in_list == [(0.0, -5.0)]
    with pytest.raises(exc.VectorYXException, match=r"closer than 1.0 arcsec to \(0.0, 0.0\), found none of 3 there"):
        vectors.vectors_within_radius(1.0)
    with pytest.raises(exc.VectorYXException, match=r"between 5.0 and 1.0 arcsec from"):
        vectors.vectors_within_annulus(5.0, 1.0)
    with pytest.raises(exc.VectorYXException, match="radius"):
        vectors.vectors_within_radius(np.nan)


@given(
    values=arrays(float, (7, 2), elements=st.floats(-1e3, 1e3)),
    positions=arrays(int, (7, 2), elements=st.integers(-10, 10)),
    radius=st.integers(0, 15).map(lambda whole: whole + 0.25),  # at the distance of no such position
)
def test_a_disc_and_what_lies_outside_hold_each_vector_once(values, positions, radius):
    vectors = aa.VectorYX2DIrregular(values, grid=positions)
    distances = np.hypot(*positions.T)
    inside = distances < radius
    if inside.any():
        np.testing.assert_array_equal(vectors.vectors_within_radius(radius).array, values[inside])
    outside = distances > radius
    if outside.any():
        np.testing.assert_array_equal(vectors.vectors_within_annulus(radius, 100.0).array, values[outside])
    np.testing.assert_allclose(vectors.magnitudes.array, np.hypot(*values.T), rtol=1e-14, atol=1e-150)


def test_irregular_vectors_have_one_form():
    vectors = irregular()
    assert vectors.slim is vectors.native is vectors
    assert vectors.values is vectors.array
    assert aa.VectorYX2DIrregular([], grid=[]).shape == (0, 2)
    assert not hasattr(vectors, "mask")


def test_state_is_pickled_and_shows_in_a_line():
    for vectors in (uniform(), irregular()):
        restored = pickle.loads(pickle.dumps(vectors))
        np.testing.assert_array_equal(restored.array, vectors.array)
        np.testing.assert_array_equal(restored.grid.array, vectors.grid.array)
    assert repr(uniform()) == 'VectorYX2D(numpy, float64 (6, 2), native 3 x 3 of 1.0")'


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: aa.VectorYX2D(VALUES[:3], grid=None, mask=MASK), r"6 unmasked pixels.*found shape \(3, 2\)"),
        (lambda: aa.VectorYX2D(np.ones((6, 3)), grid=None, mask=MASK), r"found shape \(6, 3\)"),
        (lambda: aa.VectorYX2D(VALUES, grid=None, mask=MASK.array), "expected a Mask2D, found bool"),
        (lambda: aa.VectorYX2D(1j * VALUES, grid=None, mask=MASK), "expected real numbers"),
        (lambda: aa.VectorYX2D.no_mask(VALUES, pixel_scales=1.0), "or a shape_native, found shape"),
        (lambda: aa.VectorYX2D.full([1.0], (2, 2), 1.0), "fill_value: expected a number"),
        (lambda: aa.VectorYX2D.from_mask(VALUES, None), "expected a Mask2D, found None"),
        (lambda: aa.VectorYX2DIrregular(np.ones(3), grid=[]), r"of shape \(N, 2\), found \(3,\)"),
        (lambda: aa.VectorYX2DIrregular(np.ones((3, 2)), grid=[(0.0, 0.0)]), "of 3 vectors, found 1 coordinates"),
    ],
)
def test_vectors_that_do_not_fit_are_refused(make, message):
    with pytest.raises(exc.VectorYXException, match=message):
        make()


def test_vectors_on_jax():
    jax = pytest.importorskip("jax")
    import jax.numpy as jnp

    vectors = aa.VectorYX2DIrregular(jnp.asarray(irregular().array), grid=irregular().grid)
    assert vectors.use_jax
    assert vectors.average_phi == pytest.approx(float(irregular().average_phi), rel=1e-14)
    assert len(vectors.vectors_within_radius(1.5)) == 2
    native = jax.jit(lambda values: aa.VectorYX2D(values, grid=aa.Grid2D.from_mask(MASK), mask=MASK).native.array)
    np.testing.assert_array_equal(native(jnp.asarray(VALUES)), uniform().native.array)
