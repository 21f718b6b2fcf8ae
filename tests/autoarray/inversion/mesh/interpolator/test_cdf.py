import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.mesh._transform.cdf import CDF, TRANSFORMS
from autoarray.inversion.mesh._transform.kernel import KernelAxis
from autoarray.inversion.mesh._transform.rank import RankAxis
from autoarray.inversion.mesh._transform.spline import SplineAxis


def points_from(seed: int, total: int = 40) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(total, 2)) * [0.7, 1.3] + [0.2, -0.4]


def weights_from(seed: int, total: int = 40) -> np.ndarray:
    return np.random.default_rng(seed + 999).exponential(size=total) * 3.0


def cdf_from(transform, points, mesh_pixels=(8, 9), weights=None, **options):
    return CDF(transform, points, mesh_pixels=mesh_pixels, weights=weights, spline_deg=5, **options)


@pytest.mark.parametrize("transform", ["rank", "kernel"])
@given(seed=st.integers(0, 200), weighted=st.booleans())
def test_forward_is_monotone_and_bounded(transform, seed, weighted):
    cdf = cdf_from(transform, points_from(seed), weights=weights_from(seed) if weighted else None)
    queries = np.stack([np.linspace(-9.0, 9.0, 361)] * 2, axis=1)
    unit = cdf.forward(queries)
    assert (np.diff(unit, axis=0) >= -1e-15).all()
    assert (unit[0] == 0.0).all()
    assert unit[-1] == pytest.approx(1.0)


@given(seed=st.integers(0, 200))
def test_forward_of_the_spline_is_bounded(seed):
    unit = cdf_from("spline", points_from(seed)).forward(np.stack([np.linspace(-9.0, 9.0, 361)] * 2, axis=1))
    assert unit.min() >= 0.0
    assert unit.max() <= 1.0
    assert (unit[0] == 0.0).all()
    assert (unit[-1] == 1.0).all()


@given(seed=st.integers(0, 200), shift=st.floats(-3.0, 3.0), scale=st.floats(0.1, 10.0))
def test_the_transform_does_not_depend_on_units_or_origin(seed, shift, scale):
    points, queries, weights = points_from(seed), points_from(seed + 1), weights_from(seed)
    for transform in ("rank", "kernel"):
        plain = cdf_from(transform, points, weights=weights).forward(queries)
        moved = cdf_from(transform, points * scale + shift, weights=weights).forward(queries * scale + shift)
        np.testing.assert_allclose(moved, plain, atol=1e-9)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_weights_need_no_norm_and_points_no_order(transform):
    points, queries, weights = points_from(2), points_from(3), weights_from(2)
    plain = cdf_from(transform, points, weights=weights).forward(queries)
    order = np.random.default_rng(4).permutation(len(points))
    found = cdf_from(transform, points[order], weights=7.0 * weights[order]).forward(queries)
    np.testing.assert_allclose(found, plain, atol=1e-10)


def test_rank_is_the_rank():
    points = points_from(3, total=7)
    unit = CDF("rank", points, mesh_pixels=(4, 4)).forward(points)
    ranks = np.argsort(np.argsort(points, axis=0), axis=0) + 1
    np.testing.assert_allclose(unit, ranks / 8.0, atol=1e-14)


def test_weighted_rank_is_the_sum_of_the_weights_up_to_a_point():
    points, weights = points_from(3, total=9), weights_from(3, total=9)
    points[4] = points[2]  # equal points share the sum of both
    unit = CDF("rank", points, mesh_pixels=(4, 4), weights=weights).forward(points)
    for axis in (0, 1):
        expected = [weights[points[:, axis] <= value].sum() / weights.sum() for value in points[:, axis]]
        np.testing.assert_allclose(unit[:, axis], expected, atol=1e-14)


@pytest.mark.parametrize("weighted", [False, True])
def test_kernel_is_the_sum_of_normal_cdfs(weighted):
    from scipy.stats import norm

    points = points_from(4)
    weights = weights_from(4) if weighted else np.ones(40)
    queries = points[:5] * 0.5
    cdf = CDF("kernel", points, mesh_pixels=(5, 10), bandwidth=1.5, weights=weights if weighted else None)
    unit = cdf.forward(queries)
    for axis, pixels in enumerate((5, 10)):
        lower, upper = points[:, axis].min(), points[:, axis].max()
        width = 1.5 * (upper - lower) / pixels

        def total(value, axis=axis, width=width):
            return norm.cdf((value - points[:, axis]) / width) @ weights

        expected = [(total(q) - total(lower)) / (total(upper) - total(lower)) for q in queries[:, axis]]
        np.testing.assert_allclose(unit[:, axis], expected, rtol=1e-12)


@pytest.mark.parametrize(("transform", "tolerance"), [("rank", 1e-12), ("kernel", 2e-3), ("spline", 1e-4)])
def test_inverse_undoes_forward(transform, tolerance):
    points = points_from(5, total=200)
    cdf = cdf_from(transform, points)
    queries = points[(np.abs(points - points.mean(axis=0)) < points.std(axis=0)).all(axis=1)]
    unit = cdf.forward(queries)
    for axis in (0, 1):
        np.testing.assert_allclose(cdf.inverse(unit[:, axis], axis), queries[:, axis], atol=tolerance)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_inverse_is_clipped_to_the_points(transform):
    points = points_from(6)
    cdf = cdf_from(transform, points)
    for axis in (0, 1):
        found = cdf.inverse(np.array([-3.0, 4.0]), axis)
        np.testing.assert_allclose(found, [points[:, axis].min(), points[:, axis].max()], rtol=1e-12)


@pytest.mark.parametrize(("transform", "weighted"), [("rank", False), *((name, True) for name in TRANSFORMS)])
def test_jax_equals_numpy(transform, weighted):
    jax = pytest.importorskip("jax")
    points, queries, weights = points_from(9), points_from(10), weights_from(9)
    unit = np.linspace(0.0, 1.0, 11)

    def both(points, queries, weights, xp=np):
        cdf = cdf_from(transform, points, weights=weights if weighted else None, xp=xp)
        return cdf.forward(queries), cdf.inverse(xp.asarray(unit), 0), cdf.inverse(xp.asarray(unit), 1)

    on_jax = jax.jit(lambda *arguments: both(*arguments, xp=jax.numpy))(points, queries, weights)
    for found, expected in zip(on_jax, both(points, queries, weights), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)


AXES = {
    "rank": lambda points, weights, xp: RankAxis(points, weights, xp),
    "kernel": lambda points, weights, xp: KernelAxis(points, weights, 0.13, 16, xp),
    "spline": lambda points, weights, xp: SplineAxis(points, weights, 3, xp),
}


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_derivatives_equal_finite_differences(transform):
    jax = pytest.importorskip("jax")
    weights = weights_from(11)
    arguments = points_from(11)[:, 0], points_from(12, total=12)[:, 0] * 0.7, weights / weights.sum()
    rng = np.random.default_rng(13)
    slopes, levels = rng.normal(size=12), np.linspace(0.13, 0.9, 5)

    def value(points, queries, weights, xp=np):
        axis = AXES[transform](points, weights, xp)
        return (axis.forward(queries) * xp.asarray(slopes)).sum() + (axis.inverse(xp.asarray(levels)) ** 2).sum()

    found = jax.jit(jax.grad(lambda *arguments: value(*arguments, xp=jax.numpy), argnums=(0, 1, 2)))(*arguments)
    for k, argument in enumerate(arguments):
        direction = rng.normal(size=argument.shape) * (0.003 if k == 2 else 1.0)
        changed = [[*arguments[:k], argument + step * direction, *arguments[k + 1 :]] for step in (1e-7, -1e-7)]
        expected = (value(*changed[0]) - value(*changed[1])) / 2e-7
        assert float((np.asarray(found[k]) * direction).sum()) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_an_unknown_transform_is_an_error():
    with pytest.raises(ValueError, match=r"transform: expected one of \('rank', 'kernel', 'spline'\), found 'linear'"):
        CDF("linear", points_from(1), mesh_pixels=(3, 3))


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[1.0, 2.0]], "expected at least 2 coordinates, found 1"),
        ([[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]], "expected coordinates that differ along both axes"),
        ([[1.0, 2.0], [1.0, np.nan], [2.0, 4.0]], "expected finite coordinates"),
    ],
)
def test_degenerate_points_are_errors(transform, points, message, xp):
    with pytest.raises(aa.exc.MeshException, match=message):
        cdf_from(transform, xp.asarray(points), xp=xp)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(39), r"expected one weight for each of 40 coordinates, shape \(40,\), found shape \(39,\)"),
        (np.zeros(40), "positive, finite sum, found a least weight of 0.0 and a sum of 0.0"),
        (np.r_[-1.0, np.ones(39)], "weights of at least 0"),
        (np.r_[np.nan, np.ones(39)], "a sum of nan"),
        (np.r_[np.inf, np.ones(39)], "a sum of inf"),
    ],
)
def test_weights_that_are_none_are_errors(weights, message):
    with pytest.raises(aa.exc.MeshException, match=message):
        CDF("rank", points_from(1), mesh_pixels=(3, 3), weights=weights)


def test_what_jax_traces_is_not_looked_at():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    points = jnp.asarray([[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]])
    unit = jax.jit(lambda points: cdf_from("rank", points, xp=jnp).forward(points))(points)
    assert np.isnan(unit).any()
