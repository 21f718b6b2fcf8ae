"""How a curvature matrix changes with the weights of mappers: on NumPy, and in every mode of JAX."""

import numpy as np
import problems
import pytest
from dense_systems import random_system
from hypothesis import given, settings
from hypothesis import strategies as st

from autoarray.inversion.inversion._curvature.tangent_products import curvature_change_from, symmetrized_product_from
from autoarray.inversion.inversion._curvature.weights import MapperWeights


@given(seed=st.integers(0, 10_000), rows=st.integers(1, 300), columns=st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_the_symmetrized_product_equals_the_dense_one(seed, rows, columns):
    rng = np.random.default_rng(seed)
    left, right = (problems.sparse_from(rng, (rows, columns), density) for density in (0.1, 0.2))
    native = rng.permutation(np.stack(np.unravel_index(np.arange(40 * 40), (40, 40)), axis=1))[:rows]
    expected = left.toarray().T @ right.toarray()
    found = symmetrized_product_from(left, right, native)
    np.testing.assert_allclose(found, expected + expected.T, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(found, found.T)


def random_changes(weights, seed=5):
    rng = np.random.default_rng(seed)
    return [w._replace(values=rng.normal(size=w.values.shape)) for w in weights]


@pytest.mark.parametrize("psf", [True, False])
def test_the_change_is_a_central_difference(psf):
    # F is quadratic in the weights, so that the difference has no error of truncation.
    system, weights = random_system(psf)
    changes = random_changes(weights)
    above, below = (
        system.curvature_matrix_from(
            [w._replace(values=w.values + sign * c.values) for w, c in zip(weights, changes, strict=True)]
        )
        for sign in (1.0, -1.0)
    )
    found = curvature_change_from(system, weights, changes)
    np.testing.assert_allclose(found, (above - below) / 2.0, rtol=1e-10, atol=1e-10 * np.abs(found).max())


def test_the_change_is_the_transpose_of_the_gradient():
    system, weights = random_system()
    changes, cotangent = random_changes(weights), np.random.default_rng(6).normal(size=(50, 50))
    gradients = system.gradients_from(weights, cotangent)
    expected = sum((g * c.values).sum() for g, c in zip(gradients, changes, strict=True))
    assert (cotangent * curvature_change_from(system, weights, changes)).sum() == pytest.approx(expected, rel=1e-11)


class TestJax:
    """The programs of a CPU against those of another device, on a CPU."""

    @pytest.fixture(autouse=True)
    def _problem(self):
        self.jax = jax = pytest.importorskip("jax")
        from autoarray.inversion.inversion._curvature import batches_jax, dense_jax, programs_jax

        self.batches, self.dense = batches_jax, dense_jax
        self.system, weights = random_system()
        self.columns = [jax.numpy.asarray(w.columns) for w in weights]
        self.values, *self.changes = (
            [jax.numpy.asarray(w.values) for w in some]
            for some in (weights, random_changes(weights), random_changes(weights, 7))
        )
        self.cotangent = jax.numpy.asarray(np.random.default_rng(8).normal(size=(50, 50)))
        self.of_cpu = lambda values: programs_jax.curvature_matrix_from(
            self.system, list(map(MapperWeights, self.columns, values))
        )
        self.of_device = lambda values: dense_jax.curvature_matrix_from(self.system, self.columns, values)

    def number_of(self, matrix_from):
        """A number that depends on two others by way of the weights."""

        def number(t):
            moved = zip(self.values, *self.changes, strict=True)
            matrix = matrix_from([v + t[0] * a + t[1] * b for v, a, b in moved])
            return (self.cotangent * matrix**2).sum()

        return number

    def modes(self):
        jax = self.jax
        return [jax.grad, jax.jacfwd, jax.hessian, lambda f: jax.jacrev(jax.jacrev(f))]

    @pytest.mark.parametrize("mode", range(4))
    @pytest.mark.parametrize("batched", [False, True])
    def test_every_mode(self, mode, batched):
        functions = [self.modes()[mode](self.number_of(f)) for f in (self.of_cpu, self.of_device)]
        points = self.jax.numpy.asarray([[0.1, -0.2], [0.3, 0.0]])
        if batched:
            found, expected = (self.jax.jit(self.jax.vmap(f))(points) for f in functions)
        else:
            found, expected = (self.jax.jit(f)(points[0]) for f in functions)
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10 * float(abs(expected).max()))

    def test_the_programs_of_a_device(self):
        expected = self.jax.jvp(self.of_device, (self.values,), (self.changes[0],))[1]
        arguments = self.columns, self.values, self.changes[0]
        tolerance = {"rtol": 1e-10, "atol": 1e-10 * float(abs(expected).max())}
        found = self.dense.curvature_change_from(self.system, *arguments)
        np.testing.assert_allclose(found, expected, **tolerance)
        found = self.batches.curvature_change_from(self.system, 16, *arguments)
        np.testing.assert_allclose(found, expected, **tolerance)

    def test_reverse_mode_forms_one_matrix_and_one_gradient(self, monkeypatch):
        calls = []
        for name in ("curvature_matrix_from", "gradients_from"):
            own = getattr(type(self.system), name)
            monkeypatch.setattr(
                type(self.system), name, lambda *args, own=own, name=name: calls.append(name) or own(*args)
            )
        from autoarray.inversion.inversion._curvature import tangent_products

        monkeypatch.setattr(tangent_products, "curvature_change_from", lambda *args: calls.append("change"))
        gradient = self.jax.jit(self.jax.value_and_grad(self.number_of(self.of_cpu)))
        self.jax.block_until_ready(gradient(self.jax.numpy.zeros(2)))
        assert sorted(calls) == ["curvature_matrix_from", "gradients_from"]
