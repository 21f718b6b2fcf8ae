"""Derivatives of a log determinant, and of a positive-only solution, of first and second order in every mode."""

import numpy as np
import pytest

jax = pytest.importorskip("jax")
jnp = jax.numpy

from autoarray._numerics.log_det_jax import log_det_from  # noqa: E402
from autoarray.inversion.inversion import inversion_util  # noqa: E402

RNG = np.random.default_rng(12)
PARAMS = 9
MATRIX = RNG.normal(size=(PARAMS, PARAMS))
MATRIX = jnp.asarray(MATRIX @ MATRIX.T + np.eye(PARAMS))
CHANGE = RNG.normal(size=(PARAMS, PARAMS))
CHANGE = jnp.asarray(CHANGE + CHANGE.T)
VECTOR, VECTOR_CHANGE = (jnp.asarray(RNG.normal(size=PARAMS)) for _ in range(2))
T = jnp.asarray([0.01, 0.02])
MODES = {
    "reverse": jax.grad,
    "forward": jax.jacfwd,
    "forward over reverse": jax.hessian,
    "reverse over reverse": lambda f: jax.jacrev(jax.jacrev(f)),
}


def system(t):
    return MATRIX + t[0] * CHANGE + t[0] * t[1] * MATRIX, VECTOR + t[1] * VECTOR_CHANGE


def agree(mode, function, expected):
    found, expected = (jax.jit(MODES[mode](f))(T) for f in (function, expected))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("is_nearly_singular", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_log_determinant(mode, is_nearly_singular):
    agree(mode, lambda t: log_det_from(system(t)[0], is_nearly_singular), lambda t: jnp.linalg.slogdet(system(t)[0])[1])


def test_a_batch_of_log_determinants():
    points = jnp.stack((T, 2.0 * T))
    found = jax.jit(jax.vmap(jax.hessian(lambda t: log_det_from(system(t)[0]))))(points)
    expected = jax.vmap(jax.hessian(lambda t: jnp.linalg.slogdet(system(t)[0])[1]))(points)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("mode", MODES)
def test_positive_only_solution(mode):
    def solution(t):
        matrix, vector = system(t)
        return inversion_util.reconstruction_positive_only_from(vector, matrix, xp=jnp)

    positive = np.flatnonzero(np.asarray(solution(T)) > 0.0)
    assert 1 < len(positive) < PARAMS

    def of_the_positive(t):
        matrix, vector = system(t)
        return jnp.linalg.solve(matrix[np.ix_(positive, positive)], vector[positive])

    agree(mode, lambda t: jnp.sin(solution(t)).sum(), lambda t: jnp.sin(of_the_positive(t)).sum())
