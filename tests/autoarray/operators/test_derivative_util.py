"""Finite differences: exact for the polynomials that they are of the order of, on any clean mask."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import autoarray as aa
from autoarray.operators import derivative_util as util

masks = arrays(bool, (9, 10), elements=st.sampled_from([True, False, False, False, False]))
numbers = st.floats(-3.0, 3.0)


def coordinates_of(mask, scale):
    grid = np.asarray(aa.Grid2D.from_mask(aa.Mask2D(mask, pixel_scales=scale)).array)
    return grid[:, 0], grid[:, 1]


def clean(mask):
    cleaned, _ = util.cleaned_mask_from(mask)
    assume(not cleaned.all())
    return cleaned


@given(masks, numbers, numbers, st.floats(0.05, 2.0))
def test_first_derivatives_of_a_linear_field(mask, a, b, scale):
    mask = clean(mask)
    y, x = coordinates_of(mask, scale)
    along_y, along_x = util.derivative_1st_operators_from(mask, pixel_scale=scale)
    np.testing.assert_allclose(along_y @ (a * y + b * x), a, atol=1e-11)
    np.testing.assert_allclose(along_x @ (a * y + b * x), b, atol=1e-11)


@given(masks, numbers, numbers, st.floats(0.05, 2.0))
def test_second_derivatives_of_a_quadratic_field(mask, a, b, scale):
    mask = clean(mask)
    y, x = coordinates_of(mask, scale)
    along_y, along_x = util.derivative_2nd_operators_from(mask, pixel_scale=scale)
    field = a * y**2 + b * x**2 + x * 3.0 - y
    np.testing.assert_allclose(along_y @ field, 2 * a, atol=1e-8)
    np.testing.assert_allclose(along_x @ field, 2 * b, atol=1e-8)


@given(masks)
def test_cleaning_masks_only_more_and_stops(mask):
    cleaned, types = util.cleaned_mask_from(mask)
    assert (cleaned >= mask).all()
    again, _ = util.clean_mask_iteration_from(cleaned)
    np.testing.assert_array_equal(again, cleaned)
    assert ((types >= 0).all(axis=-1) == ~cleaned).all()


@given(masks, st.integers(1, 4))
def test_the_matrix_of_forward_differences_is_positive_definite(mask, order):
    assume(not mask.all())
    matrix = util.forward_difference_reg_matrix_from(mask, pixel_scale=0.5, max_order=order).toarray()
    np.testing.assert_array_equal(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0.0
    parts = util.forward_difference_operators_from(mask, pixel_scale=0.5, max_order=order)
    np.testing.assert_allclose(sum((part.T @ part).toarray() for part in parts), matrix)


def test_forward_differences_as_the_peer_has_them():
    # PyAutoArray 2026.10.26.1: forward_difference_triplets_from(mask, 0.5, 4) on a row of five unmasked pixels.
    mask = np.ones((1, 7), dtype=bool)
    mask[0, 1:6] = False
    rows, columns, values, *along_y = util.forward_difference_triplets_from(mask, 0.5, 4)
    np.testing.assert_array_equal(rows, [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4])
    np.testing.assert_array_equal(columns, [0, 1, 2, 3, 4, 1, 2, 3, 4, 2, 3, 4, 3, 4, 4])
    np.testing.assert_array_equal(values, [16, -64, 96, -64, 16, -8, 24, -24, 8, 4, -8, 4, -2, 2, 1])
    np.testing.assert_array_equal(along_y[2], np.ones(5))
    *_, values = util.forward_difference_triplets_from(mask.T, 0.5, 4)
    np.testing.assert_array_equal(values, [16, -64, 96, -64, 16, 8, -24, 24, -8, 4, -8, 4, 2, -2, 1])


def test_first_derivatives_as_the_peer_has_them():
    # PyAutoArray 2026.10.26.1: derivative_1st_triplets_from on 3 x 3 unmasked pixels.
    mask = np.ones((5, 5), dtype=bool)
    mask[1:4, 1:4] = False
    triplets = util.derivative_1st_triplets_from(mask, util.cleaned_mask_from(mask)[1], 1.0)
    np.testing.assert_array_equal(triplets[1], [0, 1, 0, 2, 1, 2, 3, 4, 3, 5, 4, 5, 6, 7, 6, 8, 7, 8])
    np.testing.assert_array_equal(triplets[2], np.tile([-1.0, 1.0, -0.5, 0.5, -1.0, 1.0], 3))
    np.testing.assert_array_equal(triplets[4], [0, 3, 1, 4, 2, 5, 0, 6, 1, 7, 2, 8, 3, 6, 4, 7, 5, 8])
    np.testing.assert_array_equal(
        triplets[5], [1, -1, 1, -1, 1, -1, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 1, -1, 1, -1, 1, -1]
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda mask: util.derivative_1st_operators_from(mask), aa.exc.MaskException, r"first at \(0, 0\)"),
        (lambda mask: util.derivative_2nd_operators_from(mask), aa.exc.MaskException, "clean it with"),
        (lambda mask: util.cleaned_mask_from(mask, max_iter=1), aa.exc.MaskException, "raise max_iter"),
        (lambda mask: util.cleaned_mask_from(mask[0]), aa.exc.MaskException, r"shape \(y, x\)"),
        (lambda mask: util.forward_difference_operators_from(mask, max_order=5), ValueError, "from 1 to 4"),
        (lambda mask: util.forward_difference_operators_from(mask, pixel_scale=0.0), ValueError, "above 0"),
    ],
)
def test_what_is_refused(call, error, message):
    mask = np.ones((4, 4), dtype=bool)
    mask[0, 0] = False
    with pytest.raises(error, match=message):
        call(mask)
