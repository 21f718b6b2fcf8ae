"""The linear system of mappers in JAX: what a CPU computes with SciPy, what a GPU does, and the plain product."""

import numpy as np
import problems
import pytest
from dense_systems import random_system
from hypothesis import given, settings
from hypothesis import strategies as st

from autoarray.inversion.inversion._curvature.tile_products import sampled_product_from
from autoarray.inversion.inversion._curvature.weights import MapperWeights


@given(seed=st.integers(0, 10_000), rows=st.integers(1, 300), columns=st.integers(1, 40))
@settings(max_examples=40)
def test_sampled_product_equals_the_dense_one(seed, rows, columns):
    rng = np.random.default_rng(seed)
    left = problems.sparse_from(rng, (rows, 30), 0.1)
    right = rng.normal(size=(30, columns))
    at_rows, at_columns = rng.integers(0, rows, 500), rng.integers(0, columns, 500)
    native = rng.permutation(np.stack(np.unravel_index(np.arange(40 * 40), (40, 40)), axis=1))[:rows]
    found = sampled_product_from(left, right, at_rows, at_columns, native)
    np.testing.assert_allclose(found, (left @ right)[at_rows, at_columns], rtol=1e-12, atol=1e-12)


def dense(system, weights):
    """The convolved mapping matrix in units of the noise, entry by entry."""
    matrix = np.zeros((system.pixels, system.params))
    for slim, (columns, values) in zip(system.slims, weights, strict=True):
        for row, column, value in zip(np.repeat(slim, columns.shape[1]), columns.ravel(), values.ravel(), strict=True):
            matrix[row, column] += value
    if system.psf is not None:
        matrix = system.psf.state_from(system.mask).matrix @ matrix
    return matrix / system.noise_map[:, None]


@pytest.mark.parametrize("psf", [True, False])
def test_curvature_matrix_equals_the_dense_one(psf):
    system, weights = random_system(psf)
    expected = dense(system, weights)
    found = system.curvature_matrix_from(weights)
    np.testing.assert_allclose(found, expected.T @ expected, rtol=1e-12, atol=1e-9)


def test_mixed_precision_is_close_and_not_exact():
    system, weights = random_system(mixed=True)
    expected = dense(system, weights)
    found = system.curvature_matrix_from(weights)
    difference = np.abs(found - expected.T @ expected).max() / np.abs(found).max()
    assert found.dtype == np.float64
    assert 1e-9 < difference < 1e-5


@pytest.mark.parametrize("psf", [True, False])
def test_gradients_are_those_of_the_dense_product(psf):
    # F is quadratic in the weights, so that central differences have no error of truncation.
    system, weights = random_system(psf)
    rng = np.random.default_rng(1)
    cotangent = rng.normal(size=(50, 50))
    gradients = system.gradients_from(weights, cotangent)
    for mapper in range(2):
        change = rng.normal(size=weights[mapper].values.shape)
        sides = []
        for sign in (1.0, -1.0):
            moved = list(weights)
            moved[mapper] = weights[mapper]._replace(values=weights[mapper].values + sign * change)
            matrix = dense(system, moved)
            sides.append((cotangent * (matrix.T @ matrix)).sum())
        expected = (sides[0] - sides[1]) / 2.0
        assert (gradients[mapper] * change).sum() == pytest.approx(expected, rel=1e-10)


def test_indexes_outside_the_parameters_are_left_out():
    system, weights = random_system()
    wild = [w._replace(columns=w.columns.copy(), values=w.values.copy()) for w in weights]
    for w, original in zip(wild, weights, strict=True):
        w.columns[::7, 0], w.columns[3::7, 1] = -5, 10**9
        original.values[::7, 0] = original.values[3::7, 1] = 0.0
    np.testing.assert_array_equal(system.curvature_matrix_from(wild), system.curvature_matrix_from(weights))
    assert all(np.isfinite(part).all() for part in system.gradients_from(wild, np.ones((50, 50))))


def test_systems_are_equal_by_value():
    one, other = random_system()[0], random_system()[0]
    assert one == other
    assert hash(one) == hash(other)
    assert one != random_system(mixed=True)[0]
    assert one != random_system(sizes=(2, 4))[0]
    assert one != random_system(psf=False)[0]


class TestJax:
    """Both programs, that of a CPU and that of other devices, on a CPU."""

    @pytest.fixture(autouse=True)
    def _modules(self):
        self.jax = pytest.importorskip("jax")
        from autoarray.inversion.inversion._curvature import dense_jax, programs_jax

        self.dense, self.programs = dense_jax, programs_jax

    def arguments(self, weights):
        columns = [self.jax.numpy.asarray(w.columns) for w in weights]
        return columns, [self.jax.numpy.asarray(w.values) for w in weights]

    def test_programs_agree(self):
        system, weights = random_system()
        arguments = self.arguments(weights)
        cotangent = self.jax.numpy.asarray(np.random.default_rng(2).normal(size=(50, 50)))
        found = self.programs._compiled(system, None, *arguments)
        np.testing.assert_allclose(found, self.dense.curvature_matrix_from(system, *arguments), rtol=1e-11, atol=1e-9)
        columns, values = arguments
        (found,) = self.jax.vjp(lambda v: self.programs._compiled(system, None, columns, v), values)[1](cotangent)
        expected = self.dense.gradients_from(system, *arguments, cotangent)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-8)

    def test_vmap_of_value_and_gradient(self):
        system, weights = random_system(sizes=(2,))
        columns, values = self.arguments(weights)

        def function(scale):
            scaled = [MapperWeights(columns[0], scale * values[0])]
            return self.programs.curvature_matrix_from(system, scaled).sum()

        scales = self.jax.numpy.asarray([0.5, 1.0, 2.0])
        found, slopes = self.jax.vmap(self.jax.value_and_grad(function))(scales)
        # Quadratic in the scale.
        np.testing.assert_allclose(found, np.asarray(scales) ** 2 * float(found[1]), rtol=1e-12)
        np.testing.assert_allclose(slopes, 2.0 * np.asarray(scales) * float(found[1]), rtol=1e-10)

    def test_equal_systems_are_compiled_once(self):
        self.programs._compiled(random_system()[0], None, *self.arguments(random_system()[1]))
        before = self.programs._compiled._cache_size()
        self.programs._compiled(random_system()[0], None, *self.arguments(random_system()[1]))
        assert self.programs._compiled._cache_size() == before

    def test_nan_in_the_model_is_nan_in_the_matrix(self):
        system, weights = random_system()
        weights[0].values[5] = np.nan
        weights[0].columns[5] = np.iinfo(np.int64).min
        found = np.asarray(self.programs._compiled(system, None, *self.arguments(weights)))
        assert found.shape == (50, 50)
        weights[0].columns[5] = 7
        assert np.isnan(self.programs._compiled(system, None, *self.arguments(weights))).any()
