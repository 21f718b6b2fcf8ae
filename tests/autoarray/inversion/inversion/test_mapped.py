"""The linear system of mappers in JAX: what a CPU computes with SciPy, what a GPU does, and the plain product."""

import numpy as np
import problems
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoarray.inversion.inversion._curvature import operator as mapped


@given(seed=st.integers(0, 10_000), rows=st.integers(1, 300), columns=st.integers(1, 40))
@settings(max_examples=40)
def test_sampled_product_equals_the_dense_one(seed, rows, columns):
    rng = np.random.default_rng(seed)
    left = problems.sparse_from(rng, (rows, 30), 0.1)
    right = rng.normal(size=(30, columns))
    at_rows, at_columns = rng.integers(0, rows, 500), rng.integers(0, columns, 500)
    native = rng.permutation(np.stack(np.unravel_index(np.arange(40 * 40), (40, 40)), axis=1))[:rows]
    found = mapped.sampled_product_from(left, right, at_rows, at_columns, native)
    np.testing.assert_allclose(found, (left @ right)[at_rows, at_columns], rtol=1e-12, atol=1e-12)


def system(psf=True, mixed=False, seed=3, sizes=(2, 3)):
    """An operator of two mappers with random weights, and those weights."""
    dataset = problems.dataset_from(psf=psf)
    rng = np.random.default_rng(seed)
    pixels = dataset.mask.pixels_in_mask
    slims = tuple(np.repeat(np.arange(pixels), size) for size in sizes)
    operator = mapped.MappedOperator(
        slims=slims,
        params=50,
        psf=dataset.psf,
        mask=dataset.mask,
        noise_map=np.asarray(dataset.noise_map.array),
        single_precision=mixed,
    )
    weights = [
        mapped.Weights(
            columns=rng.integers(0, 50, (slim.size, 4)),
            values=np.where(rng.random((slim.size, 4)) < 0.2, 0.0, rng.normal(size=(slim.size, 4))),
        )
        for slim in slims
    ]
    return operator, weights


def dense(operator, weights):
    """The convolved mapping matrix in units of the noise, entry by entry."""
    matrix = np.zeros((operator.pixels, operator.params))
    for slim, (columns, values) in zip(operator.slims, weights, strict=True):
        for row, column, value in zip(np.repeat(slim, columns.shape[1]), columns.ravel(), values.ravel(), strict=True):
            matrix[row, column] += value
    if operator.psf is not None:
        matrix = operator.psf.state_from(operator.mask).matrix @ matrix
    return matrix / operator.noise_map[:, None]


@pytest.mark.parametrize("psf", [True, False])
def test_curvature_matrix_equals_the_dense_one(psf):
    operator, weights = system(psf)
    expected = dense(operator, weights)
    found = operator.curvature_matrix_from(weights)
    np.testing.assert_allclose(found, expected.T @ expected, rtol=1e-12, atol=1e-9)


def test_mixed_precision_is_close_and_not_exact():
    operator, weights = system(mixed=True)
    expected = dense(operator, weights)
    found = operator.curvature_matrix_from(weights)
    difference = np.abs(found - expected.T @ expected).max() / np.abs(found).max()
    assert found.dtype == np.float64
    assert 1e-9 < difference < 1e-5


@pytest.mark.parametrize("psf", [True, False])
def test_gradients_are_those_of_the_dense_product(psf):
    # F is quadratic in the weights, so that central differences have no error of truncation.
    operator, weights = system(psf)
    rng = np.random.default_rng(1)
    cotangent = rng.normal(size=(50, 50))
    gradients = operator.gradients_from(weights, cotangent)
    for mapper in range(2):
        change = rng.normal(size=weights[mapper].values.shape)
        sides = []
        for sign in (1.0, -1.0):
            moved = list(weights)
            moved[mapper] = weights[mapper]._replace(values=weights[mapper].values + sign * change)
            matrix = dense(operator, moved)
            sides.append((cotangent * (matrix.T @ matrix)).sum())
        expected = (sides[0] - sides[1]) / 2.0
        assert (gradients[mapper] * change).sum() == pytest.approx(expected, rel=1e-10)


def test_indexes_outside_the_parameters_are_left_out():
    operator, weights = system()
    wild = [w._replace(columns=w.columns.copy(), values=w.values.copy()) for w in weights]
    for w, original in zip(wild, weights, strict=True):
        w.columns[::7, 0], w.columns[3::7, 1] = -5, 10**9
        original.values[::7, 0] = original.values[3::7, 1] = 0.0
    np.testing.assert_array_equal(operator.curvature_matrix_from(wild), operator.curvature_matrix_from(weights))
    assert all(np.isfinite(part).all() for part in operator.gradients_from(wild, np.ones((50, 50))))


def test_operators_are_equal_by_value():
    one, other = system()[0], system()[0]
    assert one == other
    assert hash(one) == hash(other)
    assert one != system(mixed=True)[0]
    assert one != system(sizes=(2, 4))[0]
    assert one != system(psf=False)[0]


class TestJax:
    """Both programs, that of a CPU and that of other devices, on a CPU."""

    @pytest.fixture(autouse=True)
    def _modules(self):
        self.jax = pytest.importorskip("jax")
        from autoarray.inversion.inversion._curvature import callback_jax

        self.module = callback_jax

    def arguments(self, weights):
        columns = [self.jax.numpy.asarray(w.columns) for w in weights]
        return columns, [self.jax.numpy.asarray(w.values) for w in weights]

    def test_programs_agree(self):
        operator, weights = system()
        arguments = self.arguments(weights)
        cotangent = self.jax.numpy.asarray(np.random.default_rng(2).normal(size=(50, 50)))
        found = self.module._compiled(operator, *arguments)
        np.testing.assert_allclose(found, self.module._dense_curvature(operator, *arguments), rtol=1e-11, atol=1e-9)
        found = self.module._compiled_gradients(operator, *arguments, cotangent)
        expected = self.module._dense_gradients(operator, *arguments, cotangent)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-8)

    def test_vmap_of_value_and_gradient(self):
        operator, weights = system(sizes=(2,))
        columns, values = self.arguments(weights)

        def function(scale):
            scaled = [mapped.Weights(columns[0], scale * values[0])]
            return self.module.curvature_matrix_from(operator, scaled).sum()

        scales = self.jax.numpy.asarray([0.5, 1.0, 2.0])
        found, slopes = self.jax.vmap(self.jax.value_and_grad(function))(scales)
        # Quadratic in the scale.
        np.testing.assert_allclose(found, np.asarray(scales) ** 2 * float(found[1]), rtol=1e-12)
        np.testing.assert_allclose(slopes, 2.0 * np.asarray(scales) * float(found[1]), rtol=1e-10)

    def test_equal_operators_are_compiled_once(self):
        self.module._compiled(system()[0], *self.arguments(system()[1]))
        before = self.module._compiled._cache_size()
        self.module._compiled(system()[0], *self.arguments(system()[1]))
        assert self.module._compiled._cache_size() == before

    def test_nan_in_the_model_is_nan_in_the_matrix(self):
        operator, weights = system()
        weights[0].values[5] = np.nan
        weights[0].columns[5] = np.iinfo(np.int64).min
        found = np.asarray(self.module._compiled(operator, *self.arguments(weights)))
        assert found.shape == (50, 50)
        weights[0].columns[5] = 7
        assert np.isnan(self.module._compiled(operator, *self.arguments(weights))).any()
