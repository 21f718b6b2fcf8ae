"""The regularizations from covariances: against the peer, against identities, and their derivatives."""

import numpy as np
import peer_covariances
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.regularization.exponential_kernel import exp_cov_matrix_from
from autoarray.inversion.regularization.gaussian_kernel import gauss_cov_matrix_from
from autoarray.inversion.regularization.matern_kernel import (
    apply_jitter,
    gamma_xp,
    inv_via_cholesky,
    kv_xp,
    matern_cov_matrix_from,
    matern_kernel,
    quadratic_form_via_cholesky,
)

INDEX = np.arange(9)
POINTS = np.stack((np.sin(1.3 * INDEX), np.cos(2.1 * INDEX)), axis=1)
VALUES = np.cos(INDEX)


class Linear(aa.LinearObj):
    """A linear object of nine parameters at `POINTS`, with signals."""

    def __init__(self, points=POINTS, xp=np):
        super().__init__(regularization=None, xp=xp)
        self.source_plane_mesh_grid = aa.Grid2DIrregular(points, xp=xp)

    @property
    def params(self):
        return len(INDEX)

    def pixel_signals_from(self, signal_scale, xp=np):
        return xp.asarray((1 + INDEX) / len(INDEX)) ** signal_scale


ADAPT = {"scale": 0.3, "nu": 1.2, "inner_coefficient": 2.0, "outer_coefficient": 3.0, "signal_scale": 0.7}

# Of PyAutoArray 2026.10.26.1 at `POINTS`: H[0, 0], s^T H s, ln det H, and the last two from the factor of C.
PEER = [
    (
        "GaussianKernel",
        {"coefficient": 2.3, "scale": 0.3},
        (2.3120984113389205, 45.20769084204955, 13.735816925488846, 45.20769006781625, 13.73581624686937),
    ),
    (
        "ExponentialKernel",
        {"coefficient": 2.3, "scale": 0.3},
        (2.3268043849417093, 13.142693135924363, 9.342677602402164, 13.142693135924361, 9.342677602402166),
    ),
    (
        "MaternKernel",
        {"coefficient": 2.3, "scale": 0.3, "nu": 1.7},
        (2.320737357337444, 21.262174390472623, 11.63320948113297, 21.26217439047262, 11.633209481132969),
    ),
    (
        "MaternKernel",
        {"coefficient": 0.7, "scale": 0.4, "nu": 2.5, "jitter": 0.001, "jitter_relative": True},
        (0.734321739190241, 13.29234006267507, 3.2722341518078495, 13.29234006267507, 3.2722341518078464),
    ),
    (
        "MaternAdaptKernel",
        ADAPT,
        (60.77117894814923, 260.98212803279046, 34.172374558861065, 260.9821280327904, 34.17237455886107),
    ),
    (
        "MaternAdaptPowerKernel",
        ADAPT | {"jitter": 0.0001, "jitter_relative": True, "power": 1.3},
        (14.482857732444955, 75.06976692600264, 23.426737604686238, 75.06976692600264, 23.426737604686238),
    ),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), PEER)
def test_the_peers_numbers(name, arguments, expected, monkeypatch):
    peer_covariances.apply(monkeypatch)
    scheme, linear = getattr(aa.reg, name)(**arguments), Linear()
    matrix = scheme.regularization_matrix_from(linear)
    found = (
        matrix[0, 0],
        VALUES @ matrix @ VALUES,
        np.linalg.slogdet(matrix)[1],
        scheme.regularization_term_from(linear, VALUES),
        scheme.log_det_regularization_matrix_term_from(linear),
    )
    np.testing.assert_allclose(found, expected, rtol=2e-13)


@pytest.mark.parametrize(("name", "arguments", "expected"), PEER)
def test_exact_distances_differ_from_the_peers_by_their_rounding(name, arguments, expected):
    scheme = getattr(aa.reg, name)(**arguments)
    covariance = scheme.covariance_matrix_from(Linear())
    assert np.array_equal(covariance, covariance.T)
    if "Adapt" not in name:
        jitter = arguments.get("jitter", 1e-8)
        assert (np.diag(covariance) == 1.0 + jitter).all()
    np.testing.assert_allclose(scheme.regularization_term_from(Linear(), VALUES), expected[3], rtol=1e-7)


@pytest.mark.parametrize(("name", "arguments", "expected"), PEER)
def test_the_matrix_is_the_inverse_of_the_covariance(name, arguments, expected):
    scheme, linear = getattr(aa.reg, name)(**arguments), Linear()
    covariance = scheme.covariance_matrix_from(linear)
    matrix = scheme.regularization_matrix_from(linear)
    assert np.array_equal(matrix, matrix.T)
    # The Gaussian kernel's matrix has 1e-8 of its mean diagonal besides.
    accuracy = 1e-7 if name == "GaussianKernel" else 1e-15 * np.linalg.cond(covariance)
    np.testing.assert_allclose(
        covariance @ matrix / scheme._strength(), np.eye(9), rtol=0.0, atol=accuracy * np.abs(covariance).max()
    )
    term = scheme.regularization_term_from(linear, VALUES)
    assert term == pytest.approx(VALUES @ matrix @ VALUES, rel=max(accuracy, 1e-12))
    log_det = scheme.log_det_regularization_matrix_term_from(linear)
    assert log_det == pytest.approx(np.linalg.slogdet(matrix)[1], rel=max(accuracy, 1e-12))


@pytest.mark.parametrize(("name", "arguments", "expected"), PEER)
def test_backends_agree(name, arguments, expected):
    jnp = pytest.importorskip("jax.numpy")
    scheme, linear, on_jax = getattr(aa.reg, name)(**arguments), Linear(), Linear(jnp.asarray(POINTS), jnp)
    condition = np.linalg.cond(scheme.covariance_matrix_from(linear))
    pairs = [
        (scheme.regularization_matrix_from(linear), scheme.regularization_matrix_from(on_jax, jnp)),
        (
            scheme.regularization_term_from(linear, VALUES),
            scheme.regularization_term_from(on_jax, jnp.asarray(VALUES), jnp),
        ),
        (
            scheme.log_det_regularization_matrix_term_from(linear),
            scheme.log_det_regularization_matrix_term_from(on_jax, jnp),
        ),
        (scheme.regularization_weights_from(linear), scheme.regularization_weights_from(on_jax, jnp)),
    ]
    for ours, others in pairs:
        assert not isinstance(others, (np.ndarray, np.floating))
        np.testing.assert_allclose(np.asarray(others), ours, rtol=1e-14 * condition, atol=1e-13)


def test_a_nearly_singular_covariance_is_inverted_to_eps_times_its_condition():
    points = 0.01 * POINTS
    covariance = gauss_cov_matrix_from(0.3, points)
    condition = np.linalg.cond(covariance)
    assert condition > 1e8
    residual = covariance @ inv_via_cholesky(covariance) - np.eye(9)
    assert 1e-12 < np.abs(residual).max() < 10 * np.finfo(float).eps * condition
    # For values that the prior expects, the factor is better by orders of magnitude.
    smooth = covariance @ VALUES
    from_inverse = smooth @ inv_via_cholesky(covariance) @ smooth
    exact = VALUES @ covariance @ VALUES
    assert abs(quadratic_form_via_cholesky(covariance, smooth) / exact - 1) < 1e-14 < abs(from_inverse / exact - 1)


def test_covariances_are_those_of_the_formulas():
    r = np.linalg.norm(POINTS[:, None] - POINTS, axis=-1)
    offset, weights = 1e-8 * np.eye(9), 0.5 + VALUES**2
    np.testing.assert_allclose(gauss_cov_matrix_from(0.4, POINTS), np.exp(-(r**2) / 0.32) + offset, rtol=1e-14)
    np.testing.assert_allclose(exp_cov_matrix_from(0.4, POINTS), np.exp(-r / 0.4) + offset, rtol=1e-14)
    weighted = matern_cov_matrix_from(0.4, 0.5, POINTS, weights=weights, jitter=0.1, jitter_relative=True)
    expected = np.exp(-r / 0.4) * np.outer(weights, weights) * (1.0 + 0.1 * np.eye(9))
    np.testing.assert_allclose(weighted, expected, rtol=1e-14)
    np.testing.assert_array_equal(apply_jitter(np.full((2, 2), 4.0), 0.5), [[4.5, 4.0], [4.0, 4.5]])
    np.testing.assert_array_equal(apply_jitter(np.full((2, 2), 4.0), 0.5, True), [[6.0, 4.0], [4.0, 6.0]])


@given(nu=st.floats(0.1, 12.0), z=st.floats(0.01, 30.0))
def test_the_correlation_solves_bessels_equation(nu, z):
    """f = z^nu K_nu(z) has z f'' = (2 nu - 1) f' + z f; derivatives by a fourth-order stencil."""
    step = 0.05 * min(z, 1.0)
    f = matern_kernel(z + step * np.arange(-2, 3), np.sqrt(2 * nu), nu)
    first = f @ [1, -8, 0, 8, -1] / (12 * step)
    second = f @ [-1, 16, -30, 16, -1] / (12 * step**2)
    size = abs(z * second) + abs((2 * nu - 1) * first) + z * f[2] + 1e-13 * z / step**2
    assert abs(z * second - (2 * nu - 1) * first - z * f[2]) < 1e-3 * size
    assert 0.0 < f[2] <= 1.0


@pytest.mark.parametrize("nu", [0.3, 0.5, 1.0, 2.2, 9.5])
def test_the_correlation_on_both_backends(nu):
    jnp = pytest.importorskip("jax.numpy")
    from scipy.special import gamma, kv

    from autoarray._numerics import bessel_jax

    r = np.array([0.0, 1e-12, 1e-7, 1e-4, 0.01, 0.3, 1.0, 4.0, 20.0, 60.0])
    found = matern_kernel(r, 1.0, nu)
    z = np.sqrt(2 * nu) * r[4:]
    np.testing.assert_allclose(found[4:], 2 ** (1 - nu) / gamma(nu) * z**nu * kv(nu, z), rtol=1e-12)
    assert found[0] == 1.0
    assert (np.diff(found) <= 0.0).all()
    np.testing.assert_allclose(np.asarray(matern_kernel(jnp.asarray(r), 1.0, nu, jnp)), found, rtol=1e-11)
    np.testing.assert_allclose(np.asarray(kv_xp(nu, z, jnp)), kv_xp(nu, z), rtol=1e-11)
    # The integral, which devices other than CPUs take.
    z = jnp.asarray(np.sqrt(2 * nu) * r[2:])
    integral = bessel_jax._integral(nu, z, bessel_jax._log_scale(nu, z))
    np.testing.assert_allclose(np.asarray(integral), found[2:], rtol=1e-11)


def test_the_functions_of_special_values():
    jnp = pytest.importorskip("jax.numpy")
    assert gamma_xp(3.5) == pytest.approx(3.323350970447843)
    assert float(gamma_xp(3.5, jnp)) == pytest.approx(3.323350970447843)
    assert np.isposinf(kv_xp(1.0, 0.0, jnp))
    assert np.isnan(kv_xp(1.0, -1.0, jnp))
    # Where K_nu overflows, and where it underflows.
    assert matern_kernel(np.array([1e-9, 1e9]), 1.0, 40.3).tolist() == [1.0, 0.0]
    assert np.asarray(matern_kernel(jnp.asarray([1e-9, 1e9]), 1.0, 40.3, jnp)).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("nu", [0.8, 2.2])
def test_derivatives_by_distance_scale_and_smoothness(nu):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    r, step = np.array([0.02, 0.3, 2.0]), 1e-5

    def total(r, scale, nu):
        return matern_kernel(r, scale, nu, jnp).sum()

    found = jax.grad(total, argnums=(0, 1, 2))(jnp.asarray(r), jnp.asarray(0.7), jnp.asarray(nu))
    fixed = jax.grad(lambda r: total(r, 0.7, nu))(jnp.asarray(r))
    by_r = (matern_kernel(r + step * r, 0.7, nu) - matern_kernel(r - step * r, 0.7, nu)) / (2 * step * r)
    by_scale = (matern_kernel(r, 0.7 + step, nu) - matern_kernel(r, 0.7 - step, nu)).sum() / (2 * step)
    by_nu = (matern_kernel(r, 0.7, nu + step) - matern_kernel(r, 0.7, nu - step)).sum() / (2 * step)
    np.testing.assert_allclose(np.asarray(found[0]), by_r, rtol=1e-7)
    np.testing.assert_allclose(np.asarray(fixed), by_r, rtol=1e-7)
    np.testing.assert_allclose([float(found[1]), float(found[2])], [by_scale, by_nu], rtol=1e-7)


@pytest.mark.parametrize(("name", "arguments", "expected"), [PEER[i] for i in (0, 1, 2, 5)])
def test_the_terms_can_be_differentiated_where_points_coincide_with_themselves(name, arguments, expected):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    scheme = getattr(aa.reg, name)(**arguments | {"jitter": 1e-3})

    def terms(points, xp):
        linear = Linear(points, xp)
        matrix = scheme.regularization_matrix_from(linear, xp)
        values = xp.asarray(VALUES)
        return (
            values @ matrix @ values
            + scheme.regularization_term_from(linear, values, xp)
            + scheme.log_det_regularization_matrix_term_from(linear, xp)
        )

    gradient = np.asarray(jax.jit(jax.grad(lambda points: terms(points, jnp)))(jnp.asarray(POINTS)))
    direction = np.stack((np.cos(3 * INDEX), np.sin(5 * INDEX)), axis=1)
    step = 1e-5
    expected = (terms(POINTS + step * direction, np) - terms(POINTS - step * direction, np)) / (2 * step)
    assert (gradient * direction).sum() == pytest.approx(expected, rel=1e-6)


def test_a_kernel_with_the_scale_of_constant():
    linear = Linear()
    one = aa.reg.MaternAdaptPowerKernel(inner_coefficient=3.0, outer_coefficient=3.0, jitter_relative=True)
    np.testing.assert_allclose(
        one.regularization_matrix_from(linear),
        9.0 * aa.reg.MaternKernel(jitter_relative=True).regularization_matrix_from(linear),
        rtol=1e-10,
        atol=1e-12,
    )
    twice, adapt = (
        cls(**ADAPT, **power).regularization_matrix_from(linear)
        for cls, power in ((aa.reg.MaternAdaptPowerKernel, {"power": 2.0}), (aa.reg.MaternAdaptKernel, {}))
    )
    np.testing.assert_array_equal(twice, adapt)
    assert isinstance(one, aa.reg.MaternKernel)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("GaussianKernel", {"coefficient": -1.0}, r"coefficient: expected a finite number that is not negative"),
        ("ExponentialKernel", {"scale": 0.0}, r"scale: expected a positive, finite number, found 0\.0"),
        ("MaternKernel", {"nu": float("nan")}, r"nu: expected a positive, finite number, found nan"),
        ("MaternKernel", {"jitter": -1e-8}, r"jitter: expected a finite number that is not negative, found -1e-08"),
        ("MaternAdaptKernel", {"inner_coefficient": float("inf")}, r"inner_coefficient: .* found inf"),
        ("MaternAdaptPowerKernel", {"outer_coefficient": -2.0}, r"outer_coefficient: .* found -2\.0"),
    ],
)
def test_what_is_no_kernel_is_refused(name, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(aa.reg, name)(**arguments)
