import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from autoarray._numerics import normal_cdf_sum
from autoarray._numerics.normal_cdf_sum import NormalCDFSum


def direct_sum(points, weights, width, queries):
    return ndtr((queries[:, None] - points) / width) @ weights


@given(
    seed=st.integers(0, 10_000),
    total=st.integers(1, 200),
    width=st.floats(0.004, 5.0),
    clusters=st.integers(0, 4),
    power=st.sampled_from([0.0, 1.0, 6.0]),
)
def test_equals_the_direct_sum(seed, total, width, clusters, power):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0.0, 1.0, total)
    if clusters:
        points = rng.uniform(0.0, 1.0, clusters)[rng.integers(0, clusters, total)] + 1e-9 * rng.normal(size=total)
        points = np.clip(points, 0.0, 1.0)
    weights = rng.exponential(size=total) ** power
    weights /= weights.sum()
    queries = np.concatenate([[0.0, 1.0], points[:5], rng.uniform(0.0, 1.0, 100)])
    found = NormalCDFSum(points, weights, width, np)(queries)
    np.testing.assert_allclose(found, direct_sum(points, weights, width, queries), atol=1e-14, rtol=0.0)


def test_equal_weights_are_the_mean():
    points = np.random.default_rng(1).uniform(0.0, 1.0, 50)
    queries = np.linspace(0.0, 1.0, 9)
    weighted = NormalCDFSum(points, np.full(50, 1.0 / 50), 0.1, np)(queries)
    np.testing.assert_array_equal(NormalCDFSum(points, None, 0.1, np)(queries), weighted)


def test_the_terms_left_out_are_below_rounding():
    # The bound in the documentation: the remainder of either series of a box, at its edge.
    from math import factorial, sqrt

    half, order = normal_cdf_sum._BOX / 2.0, normal_cdf_sum._ORDER
    remainder = sum(
        0.44 * sqrt(factorial(k + m - 1)) * half ** (k + m) / (factorial(k) * factorial(m))
        for m in range(order, order + 20)
        for k in range(20)
    )
    assert 2.0 * remainder < 1e-15
    assert 1.0 - ndtr(normal_cdf_sum._REACH) == 0.0


def test_time_and_memory_grow_with_points_plus_queries():
    import tracemalloc

    def peak(total):
        rng = np.random.default_rng(2)
        points, queries = rng.uniform(0.0, 1.0, total), rng.uniform(0.0, 1.0, total)
        tracemalloc.start()
        NormalCDFSum(points, None, 0.05, np)(queries)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)  # the table of the width is kept from the first call on
    assert peak(40_000) < 4.5 * peak(10_000)


def test_derivatives_by_queries_points_and_weights():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    rng = np.random.default_rng(3)
    points, queries, weights = rng.uniform(0.0, 1.0, 40), rng.uniform(0.0, 1.0, 25), rng.exponential(size=40) / 40.0
    slope = jnp.asarray(rng.normal(size=25))

    def fast(queries, points, weights):
        return slope @ NormalCDFSum(points, weights, 0.07, jnp)(queries)

    def direct(queries, points, weights):
        return slope @ (jax.scipy.special.ndtr((queries[:, None] - points) / 0.07) @ weights)

    arguments = tuple(map(jnp.asarray, (queries, points, weights)))
    found = jax.jit(jax.grad(fast, argnums=(0, 1, 2)))(*arguments)
    for a, b in zip(found, jax.grad(direct, argnums=(0, 1, 2))(*arguments), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12, rtol=1e-12)


def test_batches_of_points_and_queries():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    rng = np.random.default_rng(4)
    points, queries = rng.uniform(0.0, 1.0, (3, 30)), rng.uniform(0.0, 1.0, (3, 7))
    found = jax.jit(jax.vmap(lambda p, q: NormalCDFSum(p, None, 0.2, jnp)(q)))(points, queries)
    for k in range(3):
        np.testing.assert_allclose(found[k], NormalCDFSum(points[k], None, 0.2, np)(queries[k]), atol=1e-15)
