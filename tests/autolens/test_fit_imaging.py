"""`al.FitImaging` has the evidence of PyAutoArray on every mesh and with every kind of light, and pickles."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("autolens")
import lens_models

REFERENCE = json.loads((Path(__file__).parent / "data" / "fit_imaging.json").read_text(encoding="utf-8"))["values"]


def test_there_is_a_reference_for_each_model():
    assert sorted(REFERENCE) == sorted(lens_models.CASES)


@pytest.mark.parametrize("case", lens_models.CASES)
def test_the_evidence_on_numpy_is_that_of_pyautoarray(case):
    assert lens_models.fit(case).figure_of_merit == pytest.approx(REFERENCE[case], rel=1e-8)


@pytest.fixture
def jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return jax


@pytest.mark.parametrize("case", lens_models.CASES)
def test_the_evidence_on_jax_is_that_of_pyautoarray(jax, case):
    fit = lens_models.fit(case, xp=jax.numpy)
    assert float(fit.figure_of_merit) == pytest.approx(REFERENCE[case], rel=1e-8)


@pytest.mark.parametrize("case", ["sersic/sersic", "RectangularBilinearAdaptDensity/none", "Delaunay/gaussians"])
def test_the_evidence_compiles(jax, case):
    compiled = jax.jit(lambda radius: lens_models.fit(case, jax.numpy, radius).figure_of_merit)
    assert float(compiled(1.0)) == pytest.approx(REFERENCE[case], rel=1e-8)


@pytest.mark.parametrize("source", lens_models.SOURCES)
def test_a_fit_pickles_with_its_evidence(source):
    fit = lens_models.fit(f"{source}/linear")
    evidence = fit.figure_of_merit
    payload = pickle.dumps(fit)
    restored = pickle.loads(payload)
    assert restored.figure_of_merit == evidence
    assert len(payload) < 2_000_000
    np.testing.assert_array_equal(restored.inversion.reconstruction, fit.inversion.reconstruction)
    # PyAutoGalaxy assigns this to the inversion: its keys are the very linear objects.
    galaxies = restored.inversion.linear_obj_galaxy_dict
    assert list(galaxies) == restored.inversion.linear_obj_list
