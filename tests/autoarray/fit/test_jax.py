"""The log evidence as a function of the traced grid, under JAX's transformations."""

import numpy as np
import problems
import pytest

import autoarray as aa

jax = pytest.importorskip("jax")
jnp = jax.numpy

MESHES = sorted(problems.MESHES)
SOLVERS = {"positive": aa.Settings(), "plain": aa.Settings(use_positive_only_solver=False)}


@pytest.fixture(scope="module")
def dataset():
    return problems.dataset_from(sub_size=2)


def evidence_function(dataset, mesh: str, settings, relocate: bool = True, traces: list | None = None):
    def log_evidence(values, over_sampled):
        if traces is not None:
            traces.append(mesh)
        grid = aa.Grid2D(
            values=values,
            mask=dataset.mask,
            over_sample_size=dataset.grids.pixelization.over_sample_size,
            over_sampled=aa.Grid2DIrregular(over_sampled, xp=jnp),
            xp=jnp,
        )
        interpolator = problems.MESHES[mesh](shape=(7, 7)).interpolator_from(
            source_plane_data_grid=grid,
            source_plane_mesh_grid=None,
            border_relocator=dataset.grids.border_relocator if relocate else None,
            xp=jnp,
        )
        mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=1.0), xp=jnp)
        inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], settings=settings, xp=jnp)
        return aa.FitImaging(dataset=dataset, inversion=inversion, xp=jnp).log_evidence

    return log_evidence


def arguments(dataset, einstein=problems.EINSTEIN):
    traced = problems.traced_from(dataset, einstein, jnp)
    return traced.array, traced.over_sampled.array


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("mesh", MESHES)
def test_jit_equals_numpy_and_does_not_trace_twice(dataset, mesh, solver):
    traces: list = []
    function = jax.jit(evidence_function(dataset, mesh, SOLVERS[solver], traces=traces))
    for einstein in (0.35, 0.33, 0.36):
        on_numpy = problems.fit_from(
            "numpy", mesh, shape=(7, 7), dataset=dataset, settings=SOLVERS[solver], einstein=einstein
        )
        assert float(function(*arguments(dataset, einstein))) == pytest.approx(on_numpy.log_evidence, rel=1e-9)
    assert traces == [mesh]


@pytest.mark.parametrize(
    ("mesh", "solver", "relocate"),
    [(mesh, solver, True) for mesh in MESHES for solver in SOLVERS] + [(mesh, "positive", False) for mesh in MESHES],
)
def test_grad_agrees_with_finite_differences(dataset, mesh, solver, relocate):
    function = evidence_function(dataset, mesh, SOLVERS[solver], relocate=relocate)

    def of_radius(einstein):
        return function(*arguments(dataset, einstein))

    value = jax.jit(of_radius)
    gradient = float(jax.jit(jax.grad(of_radius))(0.351))
    # The evidence has kinks where a coordinate crosses a mesh node: over this step it must cross none.
    step = 1e-7
    difference = (float(value(0.351 + step)) - float(value(0.351 - step))) / (2.0 * step)
    assert np.isfinite(gradient)
    assert gradient == pytest.approx(difference, rel=2e-3, abs=0.5)


@pytest.mark.parametrize("mesh", MESHES)
def test_vmap_equals_one_at_a_time(dataset, mesh):
    function = evidence_function(dataset, mesh, SOLVERS["positive"])
    radii = (0.33, 0.35, 0.37)
    batch = [arguments(dataset, radius) for radius in radii]
    found = jax.jit(jax.vmap(function))(*(jnp.stack(parts) for parts in zip(*batch, strict=True)))
    single = jax.jit(function)
    expected = [float(single(*parts)) for parts in batch]
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_gradients_of_a_batch_equal_those_of_one_at_a_time(dataset):
    # Several calls to NumPy in one batched program, which must not wait for each other.
    function = jax.value_and_grad(evidence_function(dataset, "uniform", SOLVERS["positive"]), argnums=(0, 1))
    batch = [arguments(dataset, radius) for radius in (0.33, 0.35)]
    values, gradients = jax.jit(jax.vmap(function))(*(jnp.stack(parts) for parts in zip(*batch, strict=True)))
    single = jax.jit(function)
    for i, parts in enumerate(batch):
        value, expected = single(*parts)
        assert float(values[i]) == pytest.approx(float(value), rel=1e-10)
        for found, one in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(found[i], one, rtol=1e-6, atol=1e-8 * float(jnp.abs(one).max()))


def test_a_grid_and_a_fit_cross_the_boundary_of_jit(dataset):
    traces = []

    @jax.jit
    def fitted(grid):
        traces.append(1)
        interpolator = aa.mesh.RectangularUniform(shape=(5, 5)).interpolator_from(
            source_plane_data_grid=grid, source_plane_mesh_grid=None, xp=jnp
        )
        mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(), xp=jnp)
        inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], xp=jnp)
        fit = aa.FitImaging(dataset=dataset, inversion=inversion, xp=jnp)
        fit.log_evidence  # noqa: B018
        return fit

    for einstein in (0.35, 0.34):
        fit = fitted(problems.traced_from(dataset, einstein, jnp))
        expected = problems.fit_from(
            "numpy", "uniform", shape=(5, 5), relocate=False, dataset=dataset, einstein=einstein
        ).log_evidence
        assert "log_evidence" in fit._derived.results
        assert float(fit.log_evidence) == pytest.approx(expected, rel=1e-9)
        assert fit.dataset is dataset
        assert fit.inversion.reconstruction.shape == (25,)
    assert len(traces) == 1
    # Nothing that was traced is left on the dataset.
    assert problems.fit_from("numpy", "uniform", dataset=dataset).log_evidence < 0.0
