"""Positive-only solutions for the light of a lens galaxy, dozens of Gaussians, beside the pixels of its source."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._nnls import pivoting
from autoarray.inversion.inversion._nnls.bordered import BorderedSystem

PIXEL_SCALE = 0.05
SIDE = 41
MESH_SIDE = 15
# The regularization of the pixels, and what an inversion adds to the diagonal of parameters without one.
COEFFICIENT, ADDED = 1.0, 1e-8


def light_and_source(seed: int, widths: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """The system of Gaussians of some widths in arcsec, in three ellipticities, and a mesh of 15 x 15 pixels."""
    rng = np.random.default_rng(seed)
    centres = (np.arange(SIDE) - SIDE // 2) * PIXEL_SCALE
    y, x = (axis.ravel() for axis in np.meshgrid(-centres, centres, indexing="ij"))
    columns = []
    for e1, e2, y_0, x_0 in ((0.0, 0.05, 0.013, -0.021), (0.1, -0.06, 0.013, -0.021), (0.02, 0.11, 0.08, 0.05)):
        size, angle = np.hypot(e1, e2), 0.5 * np.arctan2(e1, e2)
        ratio = (1.0 - size) / (1.0 + size)
        along = (x - x_0) * np.cos(angle) + (y - y_0) * np.sin(angle)
        across = (y - y_0) * np.cos(angle) - (x - x_0) * np.sin(angle)
        # A point spread function of 0.07 arcsec widens them, and keeps their light.
        squared = ratio * along**2 + across**2 / ratio
        variance = widths**2 + 0.07**2
        columns.append(np.exp(-0.5 * squared[:, None] / variance) * widths**2 / variance)
    light = np.hstack(columns)
    mesh = np.linspace(-1.0, 1.0, MESH_SIDE)
    nodes = np.stack([axis.ravel() for axis in np.meshgrid(mesh, mesh, indexing="ij")])
    source = np.exp(-0.5 * ((y[:, None] - nodes[0]) ** 2 + (x[:, None] - nodes[1]) ** 2) / 0.1**2)
    neighbors = (np.abs(nodes[:, :, None] - nodes[:, None, :]).sum(axis=0) < 1.5 * (mesh[1] - mesh[0])) * 1.0
    smooth = COEFFICIENT * (np.diag(neighbors.sum(axis=1)) - neighbors) + 1e-8 * np.eye(MESH_SIDE**2)
    noise = 0.05
    data = 3.0 * np.exp(-np.hypot(y, x) / 0.3) + np.exp(-0.5 * (np.hypot(y - 0.1, x) - 0.7) ** 2 / 0.1**2)
    data = (data + noise * rng.normal(size=data.size)) / noise
    operated = np.hstack((light, source)) / noise
    matrix = operated.T @ operated
    functions = light.shape[1]
    matrix[functions:, functions:] += smooth
    matrix[np.arange(functions), np.arange(functions)] += ADDED
    return matrix, operated.T @ data, functions


def check_optimality(matrix: np.ndarray, vector: np.ndarray, solution: np.ndarray, allowed: np.ndarray) -> None:
    gradient, scale = matrix @ solution - vector, np.abs(vector).max()
    assert (solution >= 0.0).all()
    assert (solution[~allowed] == 0.0).all()
    assert gradient[allowed].min() > -1e-12 * scale
    assert np.abs(gradient[solution > 0.0]).max(initial=0.0) < 1e-12 * scale


# As a rule from far below a pixel to the mask; twenty below a pixel; all of one width; each of them twice.
WIDTHS = {
    "usual": np.geomspace(0.01, 3.5, 20),
    "below a pixel": np.geomspace(0.01, 0.049, 20),
    "almost one": 0.3 + 1e-6 * np.arange(20),
    "twice": np.repeat(np.geomspace(0.01, 3.5, 10), 2),
}


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("is_border", [False, True])
def test_light_of_a_lens(widths, is_border):
    matrix, vector, functions = light_and_source(3, WIDTHS[widths])
    if widths in ("almost one", "twice"):
        # Without more on the diagonal no factorization tells them apart.
        matrix[np.arange(functions), np.arange(functions)] += 1e-6 * matrix.max()
    allowed = np.arange(len(vector)) % 9 != 7
    allowed[:functions] = True
    border = is_border & (np.arange(len(vector)) < functions)
    solution = inversion_util.reconstruction_positive_only_from(vector, matrix, allowed=allowed, border=border)
    check_optimality(matrix, vector, solution, allowed)
    assert 0 < (solution[:functions] > 0.0).sum() < functions
    assert (solution[functions:] > 0.0).sum() > 20


def test_few_factorizations_and_exchanges(monkeypatch):
    systems, solutions = [], []
    begin, solve = BorderedSystem.__init__, BorderedSystem.solution_for
    monkeypatch.setattr(BorderedSystem, "__init__", lambda self, *args: systems.append(self) or begin(self, *args))
    monkeypatch.setattr(
        BorderedSystem, "solution_for", lambda self, *args: solutions.append(self) or solve(self, *args)
    )
    for seed in range(3):
        matrix, vector, functions = light_and_source(seed, WIDTHS["usual"])
        allowed = np.ones(len(vector), dtype=bool)
        border = np.arange(len(vector)) < functions
        check_optimality(matrix, vector, pivoting.solve(matrix, vector, allowed, 1e-12, 1000, border), allowed)
    assert len(systems) <= 3 * 3
    assert len(solutions) <= 3 * 8


@given(seed=st.integers(0, 10_000), border=st.integers(0, 2**12 - 1), rank=st.integers(1, 12))
def test_solution_with_a_border_equals_that_of_scipy_nnls(seed, border, rank):
    from scipy.optimize import nnls

    # Columns of less than full rank, some twice, with a ridge that makes the solution unique.
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(20, rank)) @ rng.normal(size=(rank, 12))
    columns[:, 6:9] = columns[:, :3]
    values, ridge = rng.normal(size=20), 1e-2 * np.eye(12)
    matrix, vector = columns.T @ columns + ridge @ ridge, columns.T @ values
    expected, _ = nnls(np.vstack((columns, ridge)), np.append(values, np.zeros(12)))
    border = np.array([bool(border >> i & 1) for i in range(12)])
    solution = pivoting.solve(matrix, vector, np.ones(12, dtype=bool), 1e-12, 200, border)
    np.testing.assert_allclose(solution, expected, atol=1e-8 * max(expected.max(), 1e-3))
    check_optimality(matrix, vector, solution, np.ones(12, dtype=bool))


def test_functions_without_light_are_an_error():
    from autoarray import exc

    matrix, vector, functions = light_and_source(0, WIDTHS["usual"])
    matrix[4], matrix[:, 4], vector[4] = 0.0, 0.0, 0.0
    border = np.arange(len(vector)) < functions
    for named in (border, ~border & False):
        with pytest.raises(exc.InversionException, match="expected a positive definite matrix"):
            inversion_util.reconstruction_positive_only_from(vector, matrix, border=named)


def on_a_device(matrix, vector, allowed, border):
    """What the program of other devices than a CPU solves for, on this CPU: the solution and the determinant."""
    import jax
    import jax.numpy as jnp

    from autoarray.inversion.inversion._nnls import pivoting_jax

    options = tuple(np.flatnonzero(border).tolist()), 1e-12, 1000
    arguments = (jnp.asarray(array) for array in (matrix, vector, allowed, ~border))
    return jax.jit(lambda *arrays: pivoting_jax._with_loops(options, False, *arrays))(*arguments)


@pytest.mark.parametrize(
    ("widths", "is_border"), [("usual", True), ("below a pixel", True), ("twice", True), ("usual", False)]
)
def test_jax_has_the_same_light(widths, is_border):
    jnp = pytest.importorskip("jax.numpy")
    import jax

    from autoarray.inversion.inversion._nnls import pivoting_jax

    matrix, vector, functions = light_and_source(5, WIDTHS[widths])
    matrix[np.arange(functions), np.arange(functions)] += 1e-6 * matrix.max()
    allowed = np.arange(len(vector)) % 9 != 7
    allowed[:functions] = True
    border = is_border & (np.arange(len(vector)) < functions)
    expected = pivoting.solve(matrix, vector, allowed, 1e-12, 1000, border)
    log_det = np.linalg.slogdet(matrix[np.ix_(~border, ~border)])[1]

    solve = jax.jit(lambda m, v: pivoting_jax.solution_and_log_det_from(m, v, allowed, 1e-12, 1000, border))
    for found in (solve(jnp.asarray(matrix), jnp.asarray(vector)), on_a_device(matrix, vector, allowed, border)[:2]):
        np.testing.assert_allclose(found[0], expected, atol=1e-8 * expected.max())
        np.testing.assert_allclose(matrix @ found[0], matrix @ expected, rtol=1e-9)
        assert (np.asarray(found[0])[~allowed] == 0.0).all()
        np.testing.assert_allclose(found[1], log_det, rtol=1e-11)


def test_few_factorizations_of_the_program_of_other_devices(monkeypatch):
    pytest.importorskip("jax")
    import jax

    from autoarray.inversion.inversion._nnls import exchanges_jax

    factorized, masked_matrix_from = [], exchanges_jax.masked_matrix_from

    def counted(matrix, passive):
        if matrix.shape == (len(vector),) * 2:
            jax.debug.callback(lambda: factorized.append(1))
        return masked_matrix_from(matrix, passive)

    monkeypatch.setattr(exchanges_jax, "masked_matrix_from", counted)
    matrix, vector, functions = light_and_source(0, WIDTHS["usual"])
    everything = np.ones(len(vector), dtype=bool)
    found = on_a_device(matrix, vector, everything, np.arange(len(vector)) < functions)[0]
    jax.effects_barrier()
    check_optimality(matrix, vector, np.asarray(found), everything)
    assert 2 <= len(factorized) <= 9


@pytest.mark.parametrize("place", ["cpu", "device"])
def test_derivatives_of_the_light_in_jax(place, monkeypatch):
    jnp = pytest.importorskip("jax.numpy")
    import jax

    from autoarray.inversion.inversion._nnls import pivoting_jax

    solve = pivoting_jax._solution_and_log_det
    if place == "device":
        monkeypatch.setattr(jax.lax, "platform_dependent", lambda *args, cpu, default: default(*args))
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(30, 9)) + 1.0
    matrix, vector = jnp.asarray(columns.T @ columns), jnp.asarray(columns.T @ (columns @ rng.normal(0.3, 1.0, 9)))
    border, everything = np.arange(9) < 3, jnp.ones(9, dtype=bool)
    options = (0, 1, 2), 1e-12, 1000
    shear = rng.normal(size=(3, 9))
    change, weights = jnp.asarray(shear.T @ shear), jnp.asarray(rng.normal(size=9))

    @jax.jit
    def solution(matrix, vector):
        return solve(options, matrix, vector, everything, jnp.asarray(~border))

    def value(step):
        x, log_det = solution(matrix + (step + step**2) * change, vector * (1.0 + step))
        return weights @ x + log_det + 0.1 * x @ x

    positive = np.asarray(solution(matrix, vector)[0]) > 0.0
    assert positive[:3].any()
    assert positive[3:].any()
    assert not positive.all()
    step = 1e-4
    ahead, here, behind = (float(value(s)) for s in (step, 0.0, -step))
    slope, bend = (ahead - behind) / (2 * step), (ahead - 2 * here + behind) / step**2
    assert jax.jit(jax.grad(value))(0.0) == pytest.approx(slope, rel=1e-5)
    assert jax.jvp(value, (0.0,), (1.0,))[1] == pytest.approx(slope, rel=1e-5)
    assert jax.jit(jax.jacfwd(jax.grad(value)))(0.0) == pytest.approx(bend, rel=1e-3)
    if place == "cpu":
        assert jax.jit(jax.grad(jax.grad(value)))(0.0) == pytest.approx(bend, rel=1e-3)
        assert jax.jit(jax.vmap(jax.grad(value)))(jnp.array([0.0, 1e-3]))[0] == pytest.approx(slope, rel=1e-5)
