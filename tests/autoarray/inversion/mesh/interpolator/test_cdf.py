import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray.inversion.mesh.interpolator.cdf import CDF


def points_from(seed: int, total: int = 40) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(total, 2)) * [0.7, 1.3] + [0.2, -0.4]


@pytest.mark.parametrize("transform", ["rank", "kernel"])
@given(seed=st.integers(0, 200))
def test_forward_is_monotone_and_bounded(transform, seed):
    cdf = CDF(transform, points_from(seed), mesh_pixels=(8, 9))
    queries = np.stack([np.linspace(-5.0, 5.0, 201)] * 2, axis=1)
    unit = cdf.forward(queries)
    assert (np.diff(unit, axis=0) >= 0.0).all()
    assert (unit[0] == 0.0).all()
    assert unit[-1] == pytest.approx(1.0)


@given(seed=st.integers(0, 200), shift=st.floats(-3.0, 3.0), scale=st.floats(0.1, 10.0))
def test_the_transform_does_not_depend_on_units_or_origin(seed, shift, scale):
    points, queries = points_from(seed), points_from(seed + 1)
    for transform in ("rank", "kernel"):
        plain = CDF(transform, points, mesh_pixels=(8, 8)).forward(queries)
        moved = CDF(transform, points * scale + shift, mesh_pixels=(8, 8)).forward(queries * scale + shift)
        np.testing.assert_allclose(moved, plain, atol=1e-9)


def test_rank_is_the_rank():
    points = points_from(3, total=7)
    unit = CDF("rank", points, mesh_pixels=(4, 4)).forward(points)
    ranks = np.argsort(np.argsort(points, axis=0), axis=0) + 1
    np.testing.assert_allclose(unit, ranks / 8.0, atol=1e-14)


def test_kernel_is_the_sum_of_normal_cdfs():
    from scipy.stats import norm

    points = points_from(4)
    queries = points[:5] * 0.5
    unit = CDF("kernel", points, mesh_pixels=(5, 10), bandwidth=1.5).forward(queries)
    for axis, pixels in enumerate((5, 10)):
        lower, upper = points[:, axis].min(), points[:, axis].max()
        width = 1.5 * (upper - lower) / pixels

        def total(value, axis=axis, width=width):
            return norm.cdf((value - points[:, axis]) / width).mean()

        expected = [(total(q) - total(lower)) / (total(upper) - total(lower)) for q in queries[:, axis]]
        np.testing.assert_allclose(unit[:, axis], expected, rtol=1e-12)


@pytest.mark.parametrize(("transform", "tolerance"), [("rank", 1e-12), ("kernel", 2e-3)])
def test_inverse_undoes_forward(transform, tolerance):
    points = points_from(5, total=200)
    cdf = CDF(transform, points, mesh_pixels=(8, 8))
    queries = points[(np.abs(points - points.mean(axis=0)) < points.std(axis=0)).all(axis=1)]
    unit = cdf.forward(queries)
    for axis in (0, 1):
        np.testing.assert_allclose(cdf.inverse(unit[:, axis], axis), queries[:, axis], atol=tolerance)


@pytest.mark.parametrize("transform", ["rank", "kernel"])
def test_inverse_is_clipped_to_the_points(transform):
    points = points_from(6)
    cdf = CDF(transform, points, mesh_pixels=(8, 8))
    for axis in (0, 1):
        found = cdf.inverse(np.array([-3.0, 4.0]), axis)
        np.testing.assert_allclose(found, [points[:, axis].min(), points[:, axis].max()], rtol=1e-12)


@pytest.mark.parametrize("transform", ["rank", "kernel"])
def test_jax_equals_numpy(transform):
    jnp = pytest.importorskip("jax.numpy")
    points, queries = points_from(9), points_from(10)
    on_numpy = CDF(transform, points, mesh_pixels=(8, 7))
    on_jax = CDF(transform, jnp.asarray(points), mesh_pixels=(8, 7), xp=jnp)
    np.testing.assert_allclose(on_jax.forward(jnp.asarray(queries)), on_numpy.forward(queries), atol=1e-13)
    unit = np.linspace(0.0, 1.0, 11)
    for axis in (0, 1):
        np.testing.assert_allclose(on_jax.inverse(jnp.asarray(unit), axis), on_numpy.inverse(unit, axis), atol=1e-12)


def test_an_unknown_transform_is_an_error():
    with pytest.raises(ValueError, match=r"transform: expected one of \('rank', 'kernel', 'spline'\), found 'linear'"):
        CDF("linear", points_from(1), mesh_pixels=(3, 3))
