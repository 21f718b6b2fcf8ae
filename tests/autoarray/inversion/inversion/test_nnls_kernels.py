"""The compiled steps of the positive-only solver: the same answers as without numba, errors included."""

import numpy as np
import pytest
from compiled_kernels import both
from hypothesis import given, settings
from hypothesis import strategies as st

from autoarray import exc
from autoarray._numerics import compiled
from autoarray.inversion.inversion._nnls import active_set, pivoting
from autoarray.inversion.inversion._nnls.projected_gradient import guess_from

pytest.importorskip("numba")


def system(seed: int, params: int, condition: float = 1e3):
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(params, params)))[0]
    matrix = basis @ np.diag(np.geomspace(1.0, condition, params)) @ basis.T
    return (matrix + matrix.T) / 2.0, rng.normal(size=params) * 10.0


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    params=st.integers(1, 30),
    guess=st.integers(0, 2**30 - 1),
    condition=st.sampled_from([1.0, 1e3, 1e8]),
)
def test_active_set(seed, params, guess, condition):
    matrix, vector = system(seed, params, condition)
    start = np.array([bool(guess >> i & 1) for i in range(params)])
    before = start.copy()
    fast, slow = both(lambda: active_set.solve(matrix, vector, start, 1e-12, 500))
    np.testing.assert_array_equal(start, before)
    np.testing.assert_allclose(fast, slow, rtol=1e-6, atol=1e-9 * np.abs(slow).max())


@pytest.mark.parametrize("is_fast", [True, False])
def test_errors_of_the_active_set(monkeypatch, is_fast):
    monkeypatch.setattr(compiled, "is_available", lambda: is_fast)
    matrix, vector = system(3, 20)
    nobody, everybody = np.zeros(20, dtype=bool), np.ones(20, dtype=bool)
    with pytest.raises(exc.InversionException, match=r"no solution after 1 iterations with 20 parameters"):
        active_set.solve(matrix, vector, nobody, 1e-12, 1)
    for wrong, message in ((-matrix, "positive definite"), (matrix * np.nan, "finite")):
        with pytest.raises(exc.InversionException, match=message):
            active_set.solve(wrong, vector, everybody, 1e-12, 100)


def pixels_and_gaussians(seed: int):
    rng = np.random.default_rng(seed)
    position = np.linspace(0.0, 1.0, 400)
    gaussians = np.exp(-0.5 * (position[:, None] / np.geomspace(0.05, 2.0, 20)) ** 2)
    columns = np.hstack((gaussians, rng.uniform(0.0, 1.0, (400, 80)) ** 8))
    values = np.exp(-3.0 * position) + 0.03 * rng.normal(size=400)
    return columns.T @ columns + 1e-6 * np.eye(100), columns.T @ values, np.arange(100) < 20


@pytest.mark.parametrize("scale", [1e-150, 1e-30, 1.0, 1e30, 1e150])
def test_solver_in_any_unit(scale):
    matrix, vector, border = pixels_and_gaussians(1)
    allowed = np.arange(100) % 7 != 5

    def solve():
        return pivoting.solve(matrix * scale, vector * scale, allowed, 1e-12, 500, border)

    fast, slow = both(solve)
    np.testing.assert_array_equal(fast > 0.0, slow > 0.0)
    np.testing.assert_allclose(fast, slow, rtol=1e-6, atol=1e-8 * slow.max())


@pytest.mark.parametrize("seed", range(3))
def test_guess(seed):
    matrix, vector, border = pixels_and_gaussians(seed)
    allowed = np.arange(100) % 7 != 5
    fast, slow = both(lambda: guess_from(matrix, vector, allowed, border, 1e-12, 500))
    assert np.count_nonzero(fast ^ slow) <= 2
    assert not (fast & ~(allowed & ~border)).any()


def test_guess_with_entries_that_single_precision_does_not_hold():
    matrix = np.eye(50) + 1e-200
    vector = np.where(np.arange(50) % 2, 1.0, -1.0)
    everybody, nobody = np.ones(50, dtype=bool), np.zeros(50, dtype=bool)
    fast, slow = both(lambda: guess_from(matrix, vector, everybody, nobody, 1e-12, 500))
    np.testing.assert_array_equal(fast, slow)
    np.testing.assert_array_equal(fast, vector > 0.0)
