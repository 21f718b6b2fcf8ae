"""The log evidence of every mesh in forward mode, and over reverse mode; and in batches on a CPU."""

import matrix
import numpy as np
import pytest
from light_profiles import GaussianList
from matrix import MESHES
from moved import log_evidence

import autoarray as aa

jax = pytest.importorskip("jax")

# Where the derivatives are taken: away from every change of a triangle, a neighbor or an active set.
AT = 0.0137
STEP = 1e-6
# The meshes, and what is fitted: with linear functions beside the mapper or without, and with a PSF or without.
CASES = [(mesh, "plain") for mesh in MESHES] + [
    ("RectangularUniform", "functions"),
    ("RectangularBilinearAdaptDensity", "functions without PSF"),
    ("Delaunay", "functions"),
    ("KNearestNeighbor", "without PSF"),
]


def evidence_of(mesh, model, backend="jax"):
    """The log evidence as a function of the amount by which coordinates are moved."""
    dataset, functions = matrix.dataset(), []
    if model.endswith("without PSF"):
        grids = dataset.grids
        dataset = aa.Imaging(
            data=dataset.data,
            noise_map=dataset.noise_map,
            over_sample_size_lp=grids.lp.over_sample_size,
            over_sample_size_pixelization=grids.pixelization.over_sample_size,
        )
    if model.startswith("functions"):
        functions = [GaussianList(dataset.grids.lp, [0.2, 0.5], xp=matrix.xp_from(backend))]
    return lambda amount: log_evidence(mesh, amount, backend, dataset, functions)


@pytest.mark.parametrize(("mesh", "model"), CASES)
def test_forward_mode_and_forward_over_reverse(mesh, model):
    function = jax.value_and_grad(evidence_of(mesh, model))
    both = jax.jit(lambda amount: jax.jvp(function, (amount,), (1.0,)))
    (value, slope), (slope_forward, curvature) = both(AT)
    assert float(value) == pytest.approx(evidence_of(mesh, model, "numpy")(AT), rel=1e-7)
    assert abs(slope) > 1.0
    assert float(slope_forward) == pytest.approx(float(slope), rel=1e-6)
    (above, slope_above), (below, slope_below) = (both(AT + step)[0] for step in (STEP, -STEP))
    # An evidence is exact to about 1e-8, and a slope to 1e-8 of itself.
    assert float(slope) == pytest.approx(float(above - below) / (2 * STEP), rel=2e-4, abs=1e-8 / STEP)
    expected, noise = float(slope_above - slope_below) / (2 * STEP), 1e-8 * abs(float(slope)) / STEP
    assert float(curvature) == pytest.approx(expected, rel=2e-3, abs=noise)


def test_outside_jit():
    function = evidence_of("RectangularUniform", "plain")
    value, slope = jax.jvp(function, (AT,), (1.0,))
    expected, slope_expected = jax.jit(jax.value_and_grad(function))(AT)
    assert float(value) == pytest.approx(float(expected), rel=1e-10)
    assert float(slope) == pytest.approx(float(slope_expected), rel=1e-6)


@pytest.mark.parametrize("mesh", ["RectangularUniform", "Delaunay"])
def test_a_batch_on_a_cpu_has_no_fourier_transform_of_xla(mesh):
    # These may wait forever for the threads of a machine of many cores.
    batch = jax.jit(jax.vmap(jax.value_and_grad(evidence_of(mesh, "functions"))))
    amounts = np.array([AT, 0.021])
    compiled = batch.lower(amounts).compile()
    text = compiled.as_text()
    assert "custom-call" in text
    assert "fft" not in text
    values, slopes = compiled(amounts)
    on_numpy = evidence_of(mesh, "functions", "numpy")
    assert np.asarray(values) == pytest.approx([on_numpy(amount) for amount in amounts], rel=1e-7)
    assert np.isfinite(slopes).all()


def test_a_batch_of_evidences_has_none_either():
    batch = jax.jit(jax.vmap(evidence_of("RectangularUniform", "functions")))
    assert "fft" not in batch.lower(np.array([AT, 0.021])).compile().as_text()
