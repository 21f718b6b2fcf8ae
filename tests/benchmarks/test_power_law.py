"""The power laws of the scaling: right where the measurement resolves them, and silent where it does not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.power_law import SIGMAS, power_law_of

SIZES = [512, 768, 1152, 1536, 2176]


@given(st.floats(0.3, 4.0), st.floats(1e-9, 1e3))
def test_a_power_law_is_found(exponent, scale):
    best = [scale * size**exponent for size in SIZES]
    law = power_law_of(SIZES, best, best)
    assert law.exponent == pytest.approx(exponent, abs=1e-9)
    assert math.log(law.scale) == pytest.approx(math.log(scale), abs=1e-6)
    assert law.first == 1152
    assert law.is_resolved
    assert str(law) == f"{law.exponent:.2f} ± {law.error:.2f}"


def test_the_lower_half_has_no_weight():
    law = power_law_of(SIZES, [7.0, 5.0] + [size**2 for size in SIZES[2:]], [9.0] * 2 + [size**2 for size in SIZES[2:]])
    assert law.exponent == pytest.approx(2.0)


@given(st.lists(st.floats(0.8, 1.25), min_size=5, max_size=5), st.floats(1.0, 2.0))
def test_a_constant_with_noise_is_no_power_law_that_falls(noise, spread):
    """Whatever the noise, no exponent below zero is told."""
    law = power_law_of(SIZES, noise, [value * spread for value in noise])
    assert law.exponent > SIGMAS * law.error or str(law) == "-"
    assert law.exponent > 0.0 or not law.is_resolved


def test_a_wide_spread_resolves_nothing():
    best = [1e-6 * size**1.5 for size in SIZES]
    assert power_law_of(SIZES, best, [1.05 * value for value in best]).is_resolved
    assert not power_law_of(SIZES, best, [1.4 * value for value in best]).is_resolved


def test_points_that_lie_off_the_line_widen_the_error():
    best = np.array([1e-6 * size**1.5 for size in SIZES])
    smooth = power_law_of(SIZES, best, best)
    bent = power_law_of(SIZES, best * [1.0, 1.0, 1.0, 1.5, 1.0], best * [1.0, 1.0, 1.0, 1.5, 1.0])
    assert bent.error > 5.0 * smooth.error
    assert not bent.is_resolved


@given(st.integers(0, 10_000))
def test_the_error_is_that_of_repeated_measurements(seed):
    """An exponent lies within five of its errors, when the best of a point scatters by what its median is above."""
    rng = np.random.default_rng(seed)
    best = 1e-6 * np.array(SIZES) ** 1.8 * np.exp(0.05 * np.clip(rng.standard_normal(5), -2.5, 2.5))
    law = power_law_of(SIZES, best, best * np.exp(0.05))
    assert abs(law.exponent - 1.8) < 5.0 * law.error


@pytest.mark.parametrize("points", [0, 1, 2, 3, 4])
def test_two_points_are_no_curve(points):
    assert power_law_of(SIZES[:points], SIZES[:points], SIZES[:points]) is None
