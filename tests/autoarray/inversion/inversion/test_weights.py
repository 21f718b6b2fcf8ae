"""The linear system of mappers in JAX: what a CPU computes with SciPy, what a GPU does, and the plain product."""

import numpy as np
import pytest
from dense_systems import random_system

from autoarray._numerics import compiled
from autoarray.inversion.inversion._curvature.weights import MapperWeights

FUNCTIONS = (0, 7, 49)


@pytest.fixture(params=[True, False], ids=["numba", "numpy"])
def numba(request, monkeypatch):
    """The tests with this fixture run with the compiled kernels and without them."""
    if request.param and not compiled.is_available():
        pytest.skip("numba is not installed")
    monkeypatch.setattr(compiled, "is_available", lambda: request.param)


def images_from(system):
    return np.random.default_rng(4).normal(size=(system.pixels, len(system.functions)))


def dense(system, weights, images=None):
    """The convolved mapping matrix in units of the noise, entry by entry, with the images of functions."""
    matrix = np.zeros((system.pixels, system.params))
    for slim, (columns, values) in zip(system.slims, weights, strict=True):
        for row, column, value in zip(np.repeat(slim, columns.shape[1]), columns.ravel(), values.ravel(), strict=True):
            matrix[row, column] += value
    if system.psf is not None:
        matrix = system.psf.state_from(system.mask).matrix @ matrix
    if images is not None:
        matrix[:, system.functions] = images
    return matrix / system.noise_map[:, None]


@pytest.mark.parametrize("psf", [True, False])
@pytest.mark.parametrize("functions", [(), FUNCTIONS])
def test_curvature_matrix_equals_the_dense_one(psf, functions):
    system, weights = random_system(psf, functions=functions)
    images = images_from(system) if functions else None
    expected = dense(system, weights, images)
    found = system.curvature_matrix_from(weights, images)
    np.testing.assert_allclose(found, expected.T @ expected, rtol=1e-12, atol=1e-9)
    np.testing.assert_array_equal(found, found.T)


def test_mixed_precision_is_close_and_not_exact():
    system, weights = random_system(mixed=True)
    expected = dense(system, weights)
    found = system.curvature_matrix_from(weights)
    difference = np.abs(found - expected.T @ expected).max() / np.abs(found).max()
    assert found.dtype == np.float64
    assert 1e-9 < difference < 1e-5


@pytest.mark.usefixtures("numba")
@pytest.mark.parametrize("psf", [True, False])
@pytest.mark.parametrize("functions", [(), FUNCTIONS])
@pytest.mark.parametrize("sizes", [(2,), (2, 3)])
def test_gradients_are_those_of_the_dense_product(psf, functions, sizes):
    # F is quadratic in the weights, so that central differences have no error of truncation.
    system, weights = random_system(psf, sizes=sizes, functions=functions)
    images = images_from(system) if functions else None
    rng = np.random.default_rng(1)
    cotangent = rng.normal(size=(50, 50))
    gradients = system.gradients_from(weights, cotangent, images)
    assert len(gradients) == len(sizes) + bool(functions)
    for part, gradient in enumerate(gradients):
        change = rng.normal(size=gradient.shape)
        sides = []
        for sign in (1.0, -1.0):
            moved, moved_images = list(weights), images
            if part == len(weights):
                moved_images = images + sign * change
            else:
                moved[part] = weights[part]._replace(values=weights[part].values + sign * change)
            matrix = dense(system, moved, moved_images)
            sides.append((cotangent * (matrix.T @ matrix)).sum())
        expected = (sides[0] - sides[1]) / 2.0
        assert (gradient * change).sum() == pytest.approx(expected, rel=1e-10)


@pytest.mark.usefixtures("numba")
def test_gradients_by_weights_that_are_zero():
    # A sub-pixel on the line between two mesh pixels has a weight of zero, and moves off it.
    system, weights = random_system(sizes=(2,))
    cotangent = np.random.default_rng(1).normal(size=(50, 50))
    expected = system.gradients_from(weights, cotangent)[0]
    values = weights[0].values.copy()
    alone = [weights[0]._replace(values=np.zeros_like(values))]
    assert (system.gradients_from(alone, cotangent)[0] == 0.0).all()
    # The derivative is linear in the weights.
    parts = [np.where(np.arange(values.size).reshape(values.shape) % 3 == i, values, 0.0) for i in range(3)]
    found = sum(system.gradients_from([weights[0]._replace(values=part)], cotangent)[0] for part in parts)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10 * np.abs(expected).max())


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

    def arguments(self, weights, images=None):
        columns = [self.jax.numpy.asarray(w.columns) for w in weights]
        values = [w.values for w in weights] + ([] if images is None else [images])
        return columns, [self.jax.numpy.asarray(v) for v in values]

    @pytest.mark.parametrize("functions", [(), FUNCTIONS])
    @pytest.mark.parametrize("psf", [True, False])
    def test_programs_agree(self, functions, psf):
        from autoarray.inversion.inversion._curvature import batches_jax

        system, weights = random_system(psf, functions=functions)
        images = images_from(system) if functions else None
        columns, values = self.arguments(weights, images)
        cotangent = self.jax.numpy.asarray(np.random.default_rng(2).normal(size=(50, 50)))
        found, transposed = self.jax.vjp(lambda v: self.programs._compiled(system, None, columns, v), values)
        (slopes,) = transposed(cotangent)
        others = (
            (self.dense.curvature_matrix_from, self.dense.gradients_from, (system,)),
            (batches_jax.curvature_matrix_from, batches_jax.gradients_from, (system, 16)),
        )
        for curvature_matrix_from, gradients_from, first in others:
            expected = curvature_matrix_from(*first, columns, values)
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-9)
            expected = gradients_from(*first, columns, values, cotangent)
            for one, other in zip(slopes, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-8)

    @pytest.mark.parametrize("functions", [(), FUNCTIONS])
    def test_changes_of_the_matrix_agree(self, functions):
        from autoarray.inversion.inversion._curvature import batches_jax

        system, weights = random_system(functions=functions)
        columns, values = self.arguments(weights, images_from(system) if functions else None)
        changes = [self.jax.numpy.asarray(np.random.default_rng(5).normal(size=v.shape)) for v in values]
        _, found = self.jax.jvp(lambda v: self.programs._compiled(system, None, columns, v), (values,), (changes,))
        for change_from, first in (
            (self.dense.curvature_change_from, (system,)),
            (batches_jax.curvature_change_from, (system, 16)),
        ):
            expected = change_from(*first, columns, values, changes)
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-8)

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
