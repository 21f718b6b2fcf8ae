"""Which numbers are refused, and that what has no value passes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray import exc, validate

NO_NUMBERS = [None, "a", True, np.array(2.0), [1.0], (1.0,), 1j]


@pytest.mark.parametrize("value", [1, 1.5, -1.0, 0, math.nan, math.inf, np.float64(2.0), np.int64(3)])
def test_a_number_is_concrete(value):
    assert validate.is_concrete_scalar(value)
    assert validate.is_concrete_integer(value) == isinstance(value, (int, np.integer))


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_passes(value):
    assert not validate.is_concrete_scalar(value)
    assert not validate.is_concrete_integer(value)
    validate.validate_positive_finite(value, "radius")
    validate.validate_non_negative_finite(value, "radius")
    validate.validate_radii_ordered(value, 1.0)
    validate.validate_radii_ordered(1.0, value)


@given(st.floats())
def test_the_finite_positive_numbers_pass_alone(value):
    for check, holds in (
        (validate.validate_positive_finite, math.isfinite(value) and value > 0.0),
        (validate.validate_non_negative_finite, math.isfinite(value) and value >= 0.0),
    ):
        if holds:
            check(value, "radius")
        else:
            with pytest.raises(ValueError, match=r"radius must be a finite (positive|non-negative) number; got"):
                check(value, "radius")


def test_the_exception_and_a_sentence_more_are_the_callers():
    with pytest.raises(exc.GridException, match=r"q must be a finite positive number; got -1. It is a ratio"):
        validate.validate_positive_finite(-1, "q", exc.GridException, extra="It is a ratio")


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda: validate.validate_pixel_scales(0.0), "pixel_scales must be a finite positive number; got 0.0"),
        (lambda: validate.validate_pixel_scales((0.1, -1.0)), r"pixel_scales\[1\] must be"),
        (
            lambda: validate.validate_shape_native((0, 3)),
            r"shape_native\[0\] must be a positive number of pixels",
        ),
        (lambda: validate.validate_shape_native(3), "shape_native must be a shape"),
        (lambda: validate.validate_radii_ordered(2.0, 1.0), "inner_radius must be less than outer_radius; got"),
        (lambda: validate.validate_radii_ordered(-1.0, 1.0), "inner_radius must be a finite non-negative number"),
        (lambda: validate.validate_radii_ordered(0.5, math.inf, "a", "b"), "b must be a finite positive number"),
    ],
)
def test_the_message_names_the_argument(check, message):
    with pytest.raises(ValueError, match=message):
        check()


def test_what_fits_passes():
    for scales in (0.1, (0.1, 0.2), (0.1,)):
        validate.validate_pixel_scales(scales)
    for shape in ((3, 3), [2, 2], (np.int64(2), 2)):
        validate.validate_shape_native(shape)
    validate.validate_radii_ordered(0.0, 1.0)


def test_tracers_pass():
    jax = pytest.importorskip("jax")

    def checked(radius):
        validate.validate_positive_finite(radius, "radius")
        validate.validate_radii_ordered(radius, 1.0)
        return radius

    assert jax.jit(checked)(-1.0) == -1.0
