import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray import exc
from autoarray._numerics.cholesky import cholesky_from
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._nnls import active_set, pivoting
from autoarray.inversion.inversion._nnls.bordered import BorderedSystem
from autoarray.inversion.inversion._nnls.projected_gradient import guess_from


def system(seed: int, params: int, condition: float = 1e3):
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(params, params)))[0]
    matrix = basis @ np.diag(np.geomspace(1.0, condition, params)) @ basis.T
    return (matrix + matrix.T) / 2.0, rng.normal(size=params) * 10.0


@given(seed=st.integers(0, 10_000), params=st.integers(1, 25), condition=st.sampled_from([1.0, 1e3, 1e6]))
def test_optimality_conditions(seed, params, condition):
    matrix, vector = system(seed, params, condition)
    x = inversion_util.reconstruction_positive_only_from(data_vector=vector, curvature_reg_matrix=matrix)
    gradient = matrix @ x - vector
    scale = 1e-9 * np.abs(vector).max()
    assert (x >= 0.0).all()
    assert (gradient >= -scale).all()
    assert np.abs(gradient[x > 0.0]).max(initial=0.0) <= scale


@given(seed=st.integers(0, 10_000), params=st.integers(2, 20))
def test_solution_equals_that_of_scipy_nnls(seed, params):
    from scipy.optimize import nnls

    matrix, vector = system(seed, params, 1e2)
    # Non-negative least squares of A x = b is the programme with Q = A^T A and q = A^T b.
    factor = np.linalg.cholesky(matrix)
    expected = nnls(factor.T, np.linalg.solve(factor, vector))[0]
    found = inversion_util.reconstruction_positive_only_from(data_vector=vector, curvature_reg_matrix=matrix)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


def mask_from(bits: int, params: int) -> np.ndarray:
    return np.array([bool(bits >> i & 1) for i in range(params)], dtype=bool)


@given(seed=st.integers(0, 10_000), guess=st.integers(0, 2**12 - 1), border=st.integers(0, 2**12 - 1))
def test_result_depends_on_neither_the_guess_nor_the_border(seed, guess, border):
    matrix, vector = system(seed, 12)
    allowed, border = np.arange(12) % 5 != seed % 5, mask_from(border, 12)
    guess = mask_from(guess, 12) & allowed & ~border
    found = pivoting.solve(matrix, vector, allowed, 1e-12, 100, border, guess)
    expected = pivoting.solve(matrix, vector, allowed, 1e-12, 100)
    np.testing.assert_array_equal(found > 0.0, expected > 0.0)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12 * np.abs(expected).max())


@given(seed=st.integers(0, 10_000), params=st.integers(1, 20), border=st.integers(0, 2**20 - 1), changes=st.data())
def test_a_changed_set_has_the_solution_of_a_new_one(seed, params, border, changes):
    matrix, vector = system(seed, params)
    border = mask_from(border, params)
    first, *others = (mask_from(changes.draw(st.integers(0, 2**params - 1)), params) & ~border for _ in range(1 + 3))
    kept = BorderedSystem(matrix, vector, first, border)
    for passive in [first, *others, first]:
        expected = BorderedSystem(matrix, vector, passive, border).solution_for(passive, 1e-12, 200)
        found = kept.solution_for(passive, 1e-12, 200)
        np.testing.assert_allclose(found, expected, atol=1e-11 * np.abs(vector).max())
        assert (found[~passive & ~border] == 0.0).all()
        assert (found[border] >= 0.0).all()
        gradient = matrix @ found - vector
        assert np.abs(gradient[passive | (found > 0.0)]).max(initial=0.0) < 1e-11 * np.abs(vector).max()
        assert (gradient[border] > -1e-11 * np.abs(vector).max()).all()


def gaussians_and_pixels(seed: int, gaussians: int):
    """The system of Gaussians of nearly one width each, which can all but replace each other, next to 40 pixels."""
    rng = np.random.default_rng(seed)
    position = np.linspace(0.0, 3.0, 400)
    columns = np.exp(-0.5 * (position[:, None] / np.geomspace(0.05, 2.0, gaussians)) ** 2)
    columns = np.hstack((columns, rng.uniform(0.0, 1.0, (400, 40)) ** 8))
    values = np.exp(-3.0 * position) + 0.03 * rng.normal(size=400)
    return columns, values


@pytest.mark.parametrize("is_border", [False, True])
@pytest.mark.parametrize("gaussians", [30, 100])
def test_parameters_that_can_replace_each_other(monkeypatch, gaussians, is_border):
    from scipy.optimize import nnls

    borders = []
    begin = BorderedSystem.__init__
    monkeypatch.setattr(BorderedSystem, "__init__", lambda self, *args: borders.append(args[3]) or begin(self, *args))
    for seed in range(3):
        columns, values = gaussians_and_pixels(seed, gaussians)
        ridge = np.eye(columns.shape[1])
        matrix, vector = columns.T @ columns + 1e-6 * ridge, columns.T @ values
        border = is_border & (np.arange(len(vector)) < gaussians)
        found = inversion_util.reconstruction_positive_only_from(vector, matrix, border=border)
        gradient = matrix @ found - vector
        assert (found >= 0.0).all()
        assert gradient.min() > -1e-12 * vector.max()
        assert np.abs(gradient[found > 0.0]).max() < 1e-12 * vector.max()
        expected, _ = nnls(np.vstack((columns, 1e-3 * ridge)), np.append(values, 0.0 * ridge[0]), maxiter=10_000)
        np.testing.assert_allclose(found, expected, atol=1e-7 * expected.max())
    # Those that nobody named join the border, and none joins a border that has all of them.
    assert {int(border.sum()) for border in borders} - {0, gaussians} if not is_border else len(borders) <= 6


@given(seed=st.integers(0, 10_000), params=st.integers(1, 20), guess=st.integers(0, 2**20 - 1))
def test_the_active_set_method_alone(seed, params, guess):
    matrix, vector = system(seed, params)
    start = np.array([bool(guess >> i & 1) for i in range(params)])
    found = active_set.solve(matrix, vector, start, 1e-12, 200)
    expected = pivoting.solve(matrix, vector, np.ones(params, dtype=bool), 1e-12, 200)
    np.testing.assert_allclose(found, expected, atol=1e-10 * np.abs(vector).max())


def test_too_few_steps_of_the_active_set_method_are_an_error():
    matrix, vector = system(3, 20)
    with pytest.raises(exc.InversionException, match=r"no solution after 1 iterations with 20 parameters"):
        active_set.solve(matrix, vector, np.zeros(20, dtype=bool), 1e-12, 1)


def test_parameters_that_are_not_allowed_are_zero():
    matrix, vector = system(3, 10)
    allowed = np.arange(10) % 3 != 0
    found = inversion_util.reconstruction_positive_only_from(vector, matrix, allowed=allowed)
    keep = np.flatnonzero(allowed)
    assert (found[~allowed] == 0.0).all()
    np.testing.assert_array_equal(
        found[keep], inversion_util.reconstruction_positive_only_from(vector[keep], matrix[np.ix_(keep, keep)])
    )


@pytest.mark.parametrize("params", [1, 2, 9, 30])
@pytest.mark.parametrize("zeroed", [False, True])
def test_jax_equals_numpy(params, zeroed):
    jnp = pytest.importorskip("jax.numpy")
    import jax

    matrix, vector = system(params, params)
    allowed = np.arange(params) % 4 != 1 if zeroed else np.ones(params, dtype=bool)
    expected = inversion_util.reconstruction_positive_only_from(vector, matrix, allowed=allowed)

    @jax.jit
    def solve(matrix, vector):
        return inversion_util.reconstruction_positive_only_from(vector, matrix, xp=jnp, allowed=allowed)

    np.testing.assert_allclose(solve(matrix, vector), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_loop_of_other_devices_equals_the_solver_of_a_cpu(seed):
    jnp = pytest.importorskip("jax.numpy")
    from autoarray.inversion.inversion._nnls import exchanges_jax, pivoting_jax

    matrix, vector = (jnp.asarray(values) for values in system(seed, 12))
    allowed = jnp.asarray(np.arange(12) % 5 != seed)
    found, _ = exchanges_jax.solve(matrix, vector, allowed, allowed, (), 1e-12, 100)
    expected = pivoting_jax.solve(matrix, vector, allowed, 1e-12, 100)
    assert (expected > 0.0).any()
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(found > 0.0, expected > 0.0)


@pytest.mark.parametrize("gaussians", [30, 100])
def test_the_loop_of_other_devices_with_parameters_that_can_replace_each_other(gaussians):
    jnp = pytest.importorskip("jax.numpy")
    import jax

    from autoarray.inversion.inversion._nnls import exchanges_jax

    problems = [gaussians_and_pixels(seed, gaussians) for seed in range(3)]
    matrices = np.stack([columns.T @ columns + 1e-6 * np.eye(columns.shape[1]) for columns, _ in problems])
    vectors = np.stack([columns.T @ values for columns, values in problems])
    allowed = jnp.asarray(np.arange(matrices.shape[1]) % 7 != 3)

    def solve(matrix, vector):
        return exchanges_jax.solve(matrix, vector, allowed, allowed, (), 1e-12, 3 * len(vector)).solution

    batch = jax.jit(jax.vmap(solve))(jnp.asarray(matrices), jnp.asarray(vectors))
    for matrix, vector, found in zip(matrices, vectors, np.asarray(batch), strict=True):
        expected = inversion_util.reconstruction_positive_only_from(vector, matrix, allowed=np.asarray(allowed))
        gradient = (matrix @ found - vector)[np.asarray(allowed)]
        assert (found >= 0.0).all()
        assert gradient.min() > -1e-12 * vector.max()
        np.testing.assert_allclose(found, expected, atol=1e-7 * expected.max())


def test_both_solvers_of_jax_are_nan_where_there_is_no_solution():
    jnp = pytest.importorskip("jax.numpy")
    from autoarray.inversion.inversion._nnls import exchanges_jax, pivoting_jax

    indefinite, vector, allowed = jnp.diag(jnp.array([1.0, -1.0])), jnp.ones(2), jnp.ones(2, dtype=bool)
    wrong = jnp.array([[1.0, jnp.nan], [jnp.nan, 1.0]])
    for matrix in (indefinite, wrong):
        assert np.isnan(pivoting_jax.solve(matrix, vector, allowed, 1e-12, 100)).all()
        assert np.isnan(exchanges_jax.solve(matrix, vector, allowed, allowed, (), 1e-12, 100).solution).all()


def test_jax_gradient_by_the_matrix():
    jnp = pytest.importorskip("jax.numpy")
    import jax

    matrix, vector = system(5, 9)
    change = np.random.default_rng(0).normal(size=(9, 9))
    change = jnp.asarray(change + change.T)

    def value(step):
        solution = inversion_util.reconstruction_positive_only_from(
            jnp.asarray(vector), jnp.asarray(matrix) + step * change, xp=jnp
        )
        return (solution * jnp.arange(1.0, 10.0)).sum()

    expected = (value(1e-6) - value(-1e-6)) / 2e-6
    assert jax.grad(value)(0.0) == pytest.approx(float(expected), rel=1e-6)
    assert jax.jvp(value, (0.0,), (1.0,))[1] == pytest.approx(float(expected), rel=1e-6)


def test_jax_gradient_is_the_implicit_derivative():
    jnp = pytest.importorskip("jax.numpy")
    import jax

    matrix, vector = system(5, 9)
    weights = np.arange(1.0, 10.0)

    def value(vector):
        return weights @ inversion_util.reconstruction_positive_only_from(vector, jnp.asarray(matrix), xp=jnp)

    gradient = jax.grad(value)(vector)
    step = 1e-6
    for i in range(9):
        ahead, behind = (float(value(vector + sign * step * np.eye(9)[i])) for sign in (1.0, -1.0))
        assert gradient[i] == pytest.approx((ahead - behind) / (2 * step), rel=1e-6, abs=1e-8)


def test_jax_vmap():
    jnp = pytest.importorskip("jax.numpy")
    import jax

    systems = [system(seed, 7) for seed in range(4)]
    solve = jax.vmap(lambda m, v: inversion_util.reconstruction_positive_only_from(v, m, xp=jnp))
    found = solve(jnp.stack([m for m, _ in systems]), jnp.stack([v for _, v in systems]))
    for row, (matrix, vector) in zip(found, systems, strict=True):
        np.testing.assert_allclose(
            row, inversion_util.reconstruction_positive_only_from(vector, matrix), rtol=1e-9, atol=1e-12
        )


def test_an_indefinite_matrix_is_an_error():
    matrix = np.diag([1.0, -1.0, 2.0])
    with pytest.raises(exc.InversionException, match=r"expected a positive definite matrix, found a \(3, 3\)"):
        inversion_util.reconstruction_positive_only_from(np.ones(3), matrix)
    matrix[0, 1] = np.nan
    with pytest.raises(exc.InversionException, match="found 1 NaN or infinite entries"):
        cholesky_from(matrix.T)


def test_an_indefinite_matrix_is_nan_in_jax():
    jnp = pytest.importorskip("jax.numpy")
    found = inversion_util.reconstruction_positive_only_from(jnp.ones(2), jnp.diag(jnp.array([1.0, -1.0])), xp=jnp)
    assert np.isnan(found).all()


def test_too_few_iterations_are_an_error():
    matrix, vector = system(8, 20)
    wrong = inversion_util.reconstruction_positive_only_from(vector, matrix) == 0.0
    with pytest.raises(exc.InversionException, match=r"no solution after 1 iterations with 20 parameters"):
        pivoting.solve(matrix, vector, np.ones(20, dtype=bool), 1e-12, max_iterations=1, guess=wrong)


@given(seed=st.integers(0, 10_000), params=st.integers(1, 60), border=st.integers(0, 2**5 - 1))
def test_the_guess_is_mostly_the_answer(seed, params, border):
    matrix, _ = system(seed, params, 10.0)
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.5, 2.0, params)
    zero = rng.random(params) < 0.4
    # A problem whose solution is known: a positive gradient where x is zero.
    x[zero] = 0.0
    vector = matrix @ x - np.where(zero, rng.uniform(0.5, 2.0, params), 0.0)
    border = mask_from(border, params)
    guess = guess_from(matrix, vector, np.ones(params, dtype=bool), border, 1e-12, 200)
    assert not (guess & border).any()
    assert np.count_nonzero(guess ^ (~zero & ~border)) <= 0.05 * params
    found = pivoting.solve(matrix, vector, np.ones(params, dtype=bool), 1e-12, 200, border)
    np.testing.assert_allclose(found, x, atol=1e-9)
    assert (found[zero] == 0.0).all()
