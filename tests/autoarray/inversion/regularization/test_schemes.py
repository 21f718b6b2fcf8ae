"""The regularization matrices: against sums of squares written out, on both backends, and their derivatives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.regularization import regularization_util as util
from autoarray.inversion.regularization.adapt import (
    adapt_regularization_weights_from,
    weighted_regularization_matrix_from,
    weighted_regularization_matrix_single_scatter_from,
)
from autoarray.inversion.regularization.brightness_zeroth import brightness_zeroth_regularization_weights_from
from autoarray.inversion.regularization.constant import constant_regularization_matrix_from
from autoarray.inversion.regularization.curvature_mask import curvature_reg_matrix_via_mask_from
from autoarray.inversion.regularization.fourth_order_mask import fourth_order_reg_matrix_via_mask_from

PARAMS = 9


class Linear(aa.LinearObj):
    """A linear object of nine parameters, with neighbors, signals, split points and a mask of its own."""

    def __init__(self, seed=0, xp=np, mask=None):
        super().__init__(regularization=None, xp=xp)
        rng = np.random.default_rng(seed)
        edges = np.triu(rng.random((PARAMS, PARAMS)) < 0.4, 1)
        self.edges = np.argwhere(edges | np.eye(PARAMS, k=1, dtype=bool))
        self.signals = rng.random(PARAMS)
        width = 4
        mappings = np.stack([rng.permutation(PARAMS)[:width] for _ in range(4 * PARAMS)])
        sizes = rng.integers(1, width + 1, 4 * PARAMS)
        weights = np.where(np.arange(width) < sizes[:, None], rng.random((4 * PARAMS, width)) + 0.1, 0.0)
        split = mappings, sizes, weights / weights.sum(axis=1)[:, None]
        self.interpolator: Any = type(
            "Interpolator", (), {"_mappings_sizes_weights_split": tuple(map(xp.asarray, split))}
        )()
        self.mask = mask

    @property
    def params(self):
        return PARAMS

    @property
    def neighbor_pairs(self):
        both = np.concatenate((self.edges, self.edges[:, ::-1]))
        if not self.use_jax:
            return tuple(both.T)
        # JAX has the same pairs among entries that are not in use.
        padded = np.concatenate((np.full((2, 2), PARAMS), both, np.full((3, 2), PARAMS)))
        return tuple(map(self._xp.asarray, padded.T))

    def pixel_signals_from(self, signal_scale, xp=np):
        return xp.asarray(self.signals) ** signal_scale

    def differences(self, values):
        """What each split point of each parameter has more than the parameter, of shape (params, 4)."""
        mappings, sizes, weights = map(np.asarray, self.interpolator._mappings_sizes_weights_split)
        used = np.arange(mappings.shape[1]) < sizes[:, None]
        return (np.where(used, weights * values[mappings], 0.0).sum(axis=1) - np.repeat(values, 4)).reshape(-1, 4)


def square(values, weights=1.0):
    return float((weights * values**2).sum())


def adapt_weights(linear, inner, outer, scale, power):
    signals = linear.signals**scale
    return (inner * signals + outer * (1 - signals)) ** power


def neighbor_energy(linear, values, squared_weights):
    a, b = linear.edges.T
    return square(values[a] - values[b], (squared_weights[a] + squared_weights[b]) / 2)


ADAPT = {"inner_coefficient": 1.3, "outer_coefficient": 0.6, "signal_scale": 0.7}
ZEROTH = {"zeroth_coefficient": 0.4, "zeroth_signal_scale": 0.5}
ENERGIES = {
    "Constant": ({"coefficient": 1.2}, lambda o, s: neighbor_energy(o, s, np.full(PARAMS, 1.2**2))),
    "Zeroth": ({"coefficient": 0.8}, lambda o, s: square(0.8 * s)),
    "ConstantZeroth": (
        {"coefficient_neighbor": 1.2, "coefficient_zeroth": 0.3},
        lambda o, s: neighbor_energy(o, s, np.full(PARAMS, 1.2**2)) + square(0.3 * s),
    ),
    "ConstantSplit": ({"coefficient": 1.2}, lambda o, s: square(1.2 * o.differences(s))),
    "Adapt": (ADAPT, lambda o, s: 2 * neighbor_energy(o, s, adapt_weights(o, 1.3, 0.6, 0.7, 2.0) ** 2)),
    "AdaptPower": (
        ADAPT | {"power": 1.4},
        lambda o, s: neighbor_energy(o, s, adapt_weights(o, 1.3, 0.6, 0.7, 1.4) ** 2),
    ),
    "AdaptSplit": (
        ADAPT,
        lambda o, s: square(adapt_weights(o, 1.3, 0.6, 0.7, 2.0)[:, None] * o.differences(s)),
    ),
    "AdaptSplitPower": (
        ADAPT | {"power": 1.4},
        lambda o, s: square(adapt_weights(o, 1.3, 0.6, 0.7, 1.4)[:, None] * o.differences(s)),
    ),
    "AdaptSplitZeroth": (
        ADAPT | ZEROTH,
        lambda o, s: (
            square(adapt_weights(o, 1.3, 0.6, 0.7, 2.0)[:, None] * o.differences(s))
            + square(0.4 * (1 - o.signals**0.5) * s)
        ),
    ),
    "AdaptSplitZerothPower": (
        ADAPT | ZEROTH | {"power": 1.4},
        lambda o, s: (
            square(adapt_weights(o, 1.3, 0.6, 0.7, 1.4)[:, None] * o.differences(s))
            + square(0.4 * (1 - o.signals**0.5) * s)
        ),
    ),
    "BrightnessZeroth": (
        {"coefficient": 0.9, "signal_scale": 0.6},
        lambda o, s: square(0.9 * (1 - o.signals**0.6) * s),
    ),
}


@pytest.mark.parametrize("name", ENERGIES)
def test_the_matrix_is_the_sum_of_squares(name, backend, xp):
    arguments, energy = ENERGIES[name]
    for seed in range(3):
        linear = Linear(seed, xp)
        matrix = getattr(aa.reg, name)(**arguments).regularization_matrix_from(linear_obj=linear, xp=xp)
        assert isinstance(matrix, np.ndarray) == (backend == "numpy")
        matrix = np.asarray(matrix)
        assert matrix.shape == (PARAMS, PARAMS)
        np.testing.assert_allclose(matrix, matrix.T, rtol=1e-14, atol=1e-15)
        for values in np.random.default_rng(seed).normal(size=(4, PARAMS)):
            # The offset of 1e-8 on the diagonal is within the tolerance.
            assert values @ matrix @ values == pytest.approx(energy(linear, values), rel=1e-7)


@pytest.mark.parametrize("name", sorted(ENERGIES.keys() - {"Zeroth", "BrightnessZeroth"}))
def test_the_sparse_matrix_is_the_dense_one(name):
    scheme = getattr(aa.reg, name)(**ENERGIES[name][0])
    for seed in range(3):
        linear = Linear(seed)
        sparse = scheme.regularization_matrix_sparse_from(linear_obj=linear)
        assert sparse is not None
        dense = scheme.regularization_matrix_from(linear_obj=linear)
        np.testing.assert_allclose(sparse.toarray(), dense, rtol=1e-14, atol=1e-15)


class Doubled(aa.reg.Constant):
    """A scheme of a user, who forms the matrix in a way of their own."""

    def regularization_matrix_from(self, linear_obj, xp=np):
        return 2.0 * super().regularization_matrix_from(linear_obj, xp)


def test_a_class_with_a_matrix_of_its_own_does_not_inherit_a_sparse_one():
    linear = Linear()
    linear.regularization = Doubled(coefficient=1.5)
    assert linear.regularization.regularization_matrix_sparse_from(linear_obj=linear) is None
    assert linear.regularization_matrix_sparse is None
    assert aa.reg.Constant(1.5).regularization_matrix_sparse_from(linear_obj=linear) is not None


def test_an_object_with_a_matrix_of_its_own_has_no_sparse_one():
    class Own(Linear):
        @property
        def regularization_matrix(self):
            return np.eye(PARAMS)

    own, other = Own(), Linear()
    own.regularization = other.regularization = aa.reg.Constant(1.5)
    assert own.regularization_matrix_sparse is None
    np.testing.assert_array_equal(other.regularization_matrix_sparse.toarray(), other.regularization_matrix)


@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(ENERGIES.keys() - {"BrightnessZeroth"})))
def test_the_matrix_is_symmetric_and_positive_definite(seed, name):
    matrix = getattr(aa.reg, name)(**ENERGIES[name][0]).regularization_matrix_from(linear_obj=Linear(seed))
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-14, atol=1e-15)
    assert np.linalg.eigvalsh(matrix).min() > 0.0


@given(st.integers(0, 2**32 - 1))
def test_the_brightest_pixel_alone_has_no_prior_in_brightness_zeroth(seed):
    linear = Linear(seed)
    linear.signals[3] = 1.0
    matrix = aa.reg.BrightnessZeroth().regularization_matrix_from(linear_obj=linear)
    assert np.flatnonzero(np.diag(matrix) == 0.0).tolist() == [3]
    assert np.array_equal(matrix, np.diag(np.diag(matrix)))


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf, np.float64(-0.5)])
@pytest.mark.parametrize(
    ("name", "argument"), [(name, each) for name in ENERGIES for each in ENERGIES[name][0] if "coefficient" in each]
)
def test_a_coefficient_is_finite_and_not_negative(name, argument, value):
    with pytest.raises(ValueError, match=rf"^{name}\.{argument}: expected a finite.*found .*{value}"):
        getattr(aa.reg, name)(**{argument: value})
    assert getattr(getattr(aa.reg, name)(**{argument: 0.0}), argument) == 0.0


def test_the_schemes_with_a_power_have_the_scale_of_the_constant_ones():
    linear = Linear(3)

    def matrix(name, *args, **kwargs):
        return getattr(aa.reg, name)(*args, **kwargs).regularization_matrix_from(linear_obj=linear)

    np.testing.assert_allclose(matrix("AdaptPower", 1.7, 1.7), matrix("Constant", 1.7), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(
        matrix("AdaptSplitPower", 1.7, 1.7), matrix("ConstantSplit", 1.7), rtol=1e-13, atol=1e-15
    )
    np.testing.assert_allclose(
        matrix("AdaptSplitPower", 1.7, 0.2, power=2.0), matrix("AdaptSplit", 1.7, 0.2), rtol=1e-13
    )
    twice = 2 * matrix("AdaptPower", 1.7, 0.2, power=2.0)
    np.testing.assert_allclose(matrix("Adapt", 1.7, 0.2), twice, rtol=1e-13, atol=2e-8)


@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.5, 2.5))
def test_the_weights_lie_between_the_coefficients(inner, outer, power):
    weights = adapt_regularization_weights_from(inner, outer, np.linspace(0.0, 1.0, 5), power)
    assert weights[0] == pytest.approx(outer**power)
    assert weights[-1] == pytest.approx(inner**power)
    assert weights.min() >= min(inner, outer) ** power - 1e-12
    assert weights.max() <= max(inner, outer) ** power + 1e-12


def test_the_brightest_pixel_is_not_drawn_to_zero():
    assert brightness_zeroth_regularization_weights_from(0.9, np.array([0.0, 0.5, 1.0])).tolist() == [0.9, 0.45, 0.0]


# ---------------------------------------------------------------------- padded neighbors


def padded(linear):
    lists = [[] for _ in range(PARAMS)]
    for a, b in zip(*linear.neighbor_pairs, strict=True):
        lists[a].append(int(b))
    sizes = np.array([len(each) for each in lists])
    neighbors = np.full((PARAMS, sizes.max()), -1)
    for row, each in zip(neighbors, lists, strict=True):
        row[: len(each)] = each
    return neighbors, sizes


def test_padded_neighbors_give_the_same_matrices(xp):
    linear = Linear(5)
    neighbors, sizes = (xp.asarray(each) for each in padded(linear))
    weights = xp.asarray(np.linspace(0.5, 2.0, PARAMS))
    constant = constant_regularization_matrix_from(1.2, neighbors, sizes, xp=xp)
    np.testing.assert_allclose(constant, aa.reg.Constant(1.2).regularization_matrix_from(linear), rtol=1e-13)
    single = np.asarray(weighted_regularization_matrix_single_scatter_from(weights, neighbors, xp=xp))
    a, b = linear.edges.T
    assert single[a[0], b[0]] == pytest.approx(-(weights[a[0]] ** 2 + weights[b[0]] ** 2) / 2)
    twice = np.asarray(weighted_regularization_matrix_from(weights, neighbors, xp=xp))
    np.testing.assert_allclose(twice, 2 * single, atol=2e-8)


# ---------------------------------------------------------------------- split points


def test_split_points_are_a_cross_around_every_point():
    points = util.split_points_from(np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([4.0, 9.0]))
    expected = [[4, 0], [-4, 0], [0, 4], [0, -4], [10, 2], [-8, 2], [1, 11], [1, -7]]
    assert points.tolist() == expected


def test_a_full_row_without_the_pixel_itself_gets_a_column():
    # PyAutoArray 2026.10.26.1 raises here: its rows have no room for the pixel itself.
    mappings, sizes = np.array([[1, 2], [0, 2], [1, -1], [0, -1]] * 3), np.array([2, 2, 1, 1] * 3)
    weights = np.array([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0], [1.0, 0.0]] * 3)
    before = mappings.copy(), sizes.copy(), weights.copy()
    found = util.reg_split_from(mappings, sizes, weights)
    for a, b in zip(before, (mappings, sizes, weights), strict=True):
        assert np.array_equal(a, b)
    assert found[0][:4].tolist() == [[1, 2, 0], [0, 2, -1], [1, 0, -1], [0, -1, -1]]
    assert found[1][:4].tolist() == [3, 2, 2, 1]
    assert found[2][:4].tolist() == [[-0.5, -0.5, 1.0], [0.75, -0.75, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


def test_a_pixel_that_is_twice_in_its_row_counts_once():
    # PyAutoArray 2026.10.26.1 adds one to both entries, so that the difference of a constant is not zero.
    mappings, sizes = np.array([[0, 0, -1]] * 4), np.full(4, 2)
    _, _, weights = util.reg_split_from(mappings, sizes, np.array([[0.3, 0.7, 0.0]] * 4))
    np.testing.assert_allclose(weights.sum(axis=1), 0.0, atol=1e-15)


# ---------------------------------------------------------------------- masks


def by_hand(mask, order, scale):
    """The sum of squares of forward differences, a pixel at a time."""
    index = np.full(mask.shape, -1)
    index[~mask] = np.arange((~mask).sum())
    rows = []
    for step in ((1, 0), (0, 1)):
        for pixel in np.argwhere(~mask):
            path = [pixel]
            while len(path) <= order:
                ahead = path[-1] + step
                if (ahead >= mask.shape).any() or mask[tuple(ahead)]:
                    break
                path.append(ahead)
            row = np.zeros((~mask).sum())
            coefficients = np.atleast_1d(np.poly([1.0] * (len(path) - 1)))
            for place, coefficient in zip(path, coefficients, strict=True):
                row[index[tuple(place)]] = coefficient / scale ** (len(path) - 1)
            rows.append(row)
    matrix = np.array(rows)
    return matrix.T @ matrix


@pytest.mark.parametrize("scale", [1.0, 0.5])
@pytest.mark.parametrize(
    ("order", "function"), [(2, curvature_reg_matrix_via_mask_from), (4, fourth_order_reg_matrix_via_mask_from)]
)
def test_mask_schemes_are_sums_of_forward_differences(order, function, scale):
    for seed in range(3):
        mask = np.random.default_rng(seed).random((8, 9)) < 0.25
        np.testing.assert_allclose(
            function(mask, pixel_scale=scale), by_hand(mask, order, scale), rtol=1e-13, atol=1e-12
        )


def test_mask_schemes_need_a_parameter_for_every_pixel():
    mask = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=1.0)
    for name in ("CurvatureMask", "FourthOrderMask"):
        regularization = getattr(aa.reg, name)(coefficient=2.0)
        matrix = regularization.regularization_matrix_from(linear_obj=Linear(mask=mask))
        order = 2 if name == "CurvatureMask" else 4
        np.testing.assert_allclose(matrix, 2.0 * by_hand(np.zeros((3, 3), bool), order, 1.0), atol=1e-13)
        with pytest.raises(aa.exc.PixelizationException, match=f"{name}.*found 9 parameters and no mask"):
            regularization.regularization_matrix_from(linear_obj=Linear())
        small = aa.Mask2D.all_false(shape_native=(2, 3), pixel_scales=1.0)
        with pytest.raises(aa.exc.PixelizationException, match="found 9 parameters and 6 pixels"):
            regularization.regularization_matrix_from(linear_obj=Linear(mask=small))


# ---------------------------------------------------------------------- derivatives and refusals


@pytest.mark.parametrize("name", ENERGIES)
def test_derivatives_by_the_parameters_of_the_scheme(name):
    jax = pytest.importorskip("jax")
    linear, arguments = Linear(2, jax.numpy), ENERGIES[name][0]
    values = np.random.default_rng(9).normal(size=PARAMS)

    def energy(numbers):
        regularization = getattr(aa.reg, name)(**dict(zip(arguments, numbers, strict=True)))
        return values @ regularization.regularization_matrix_from(linear_obj=linear, xp=jax.numpy) @ values

    numbers = jax.numpy.asarray(list(arguments.values()))
    found = jax.jit(jax.grad(energy))(numbers)
    step = 1e-5
    for i, each in enumerate(np.eye(len(arguments))):
        expected = (energy(numbers + step * each) - energy(numbers - step * each)) / (2 * step)
        assert found[i] == pytest.approx(float(expected), rel=1e-6, abs=1e-8)


def test_a_batch_of_coefficients():
    jax = pytest.importorskip("jax")
    linear = Linear(2, jax.numpy)

    def matrix(coefficient):
        return aa.reg.ConstantSplit(coefficient).regularization_matrix_from(linear_obj=linear, xp=jax.numpy)

    found = jax.vmap(matrix)(jax.numpy.asarray([0.5, 2.0]))
    for each, coefficient in zip(found, (0.5, 2.0), strict=True):
        expected = aa.reg.ConstantSplit(coefficient).regularization_matrix_from(linear_obj=Linear(2))
        np.testing.assert_allclose(each, expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", [name for name in ENERGIES if getattr(aa.reg, name).is_split_regularization])
def test_a_mesh_without_split_points_refuses_split_schemes(name):
    regularization = getattr(aa.reg, name)()
    with pytest.raises(aa.exc.PixelizationException, match=f"RectangularUniform.*found {name};"):
        aa.Pixelization(mesh=aa.mesh.RectangularUniform(), regularization=regularization)
    linear = Linear()
    linear.interpolator = None
    with pytest.raises(aa.exc.PixelizationException, match=f"^{name}: expected a mapper"):
        regularization.regularization_matrix_from(linear_obj=linear)


def test_functions_of_schemes_are_in_one_module():
    assert len(util._OF_SCHEMES) == 10
    for name, scheme in util._OF_SCHEMES.items():
        function = getattr(util, name)
        assert function.__module__ == f"autoarray.inversion.regularization.{scheme}"
        assert getattr(aa.util.regularization, name) is function
    with pytest.raises(AttributeError, match="has no attribute 'another_from'"):
        _ = util.another_from
