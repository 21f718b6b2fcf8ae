"""The log evidence of every mesh under `jax.jit`, `jax.grad` and `jax.vmap`."""

import matrix
import numpy as np
import pytest
from matrix import MESHES, reference
from moved import log_evidence, moved

import autoarray as aa

jax = pytest.importorskip("jax")

# Where the derivative is taken: away from every change of a triangle, a neighbor or an active set.
AT = 0.0137
STEP = 1e-6
# An evidence is exact to about 1e-8, so that its difference quotient is to this.
NOISE = 1e-8 / STEP


@pytest.mark.parametrize("mesh", MESHES)
def test_value_and_derivative_under_jit(mesh):
    value, derivative = jax.jit(jax.value_and_grad(lambda amount: log_evidence(mesh, amount, "jax")))(AT)
    here, above, below = (log_evidence(mesh, AT + step, "numpy") for step in (0.0, STEP, -STEP))
    assert float(value) == pytest.approx(here, rel=1e-7)
    difference = (above - below) / (2 * STEP)
    assert abs(difference) > 1.0
    assert float(derivative) == pytest.approx(difference, rel=2e-4, abs=NOISE)


@pytest.mark.parametrize("mesh", MESHES)
def test_a_batch_of_models(mesh):
    amounts = np.array([AT, 0.021])
    values = jax.jit(jax.vmap(lambda amount: log_evidence(mesh, amount, "jax")))(amounts)
    assert np.asarray(values) == pytest.approx([log_evidence(mesh, amount, "numpy") for amount in amounts], rel=1e-7)


@pytest.mark.parametrize("mesh", [mesh for mesh in MESHES if not mesh.startswith("Rectangular")])
def test_neighbor_schemes_are_traced_on_triangulations(mesh):
    # PyAutoArray 2026.10.26.1 raises TracerArrayConversionError here: its neighbors come from SciPy alone.
    arrays, _ = reference(mesh)

    def evidence(amount, backend):
        xp = matrix.xp_from(backend)
        vertices = aa.Grid2DIrregular(values=moved(xp.asarray(arrays["in/traced_vertices"]), amount, xp), xp=xp)
        interpolator = matrix.new_interpolator(mesh, backend, vertices=vertices)
        return matrix.new_fit(mesh, "Constant", backend, own_interpolator=interpolator).log_evidence

    found = jax.jit(lambda amount: evidence(amount, "jax"))(AT)
    assert float(found) == pytest.approx(evidence(AT, "numpy"), rel=1e-7)
