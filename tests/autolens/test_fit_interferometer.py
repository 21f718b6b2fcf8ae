"""`al.FitInterferometer` has the evidence of PyAutoArray, however the visibilities are held, and pickles."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

pytest.importorskip("autolens")
import lens_visibilities

REFERENCE = json.loads((Path(__file__).parent / "data" / "fit_interferometer.json").read_text(encoding="utf-8"))[
    "values"
]


def test_there_is_a_reference_for_each_fit():
    assert sorted(REFERENCE) == sorted(lens_visibilities.CASES)


@pytest.mark.parametrize("case", lens_visibilities.CASES)
def test_the_evidence_on_numpy_is_that_of_pyautoarray(case):
    assert lens_visibilities.fit(case).figure_of_merit == pytest.approx(REFERENCE[case], rel=1e-8)


@pytest.fixture
def jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return jax


@pytest.mark.parametrize("case", ["plain/rectangular", "operator/rectangular_with_light", "stream/sersic"])
def test_the_evidence_compiles(jax, case):
    compiled = jax.jit(lambda radius: lens_visibilities.fit(case, jax.numpy, radius).figure_of_merit)
    assert float(compiled(1.0)) == pytest.approx(REFERENCE[case], rel=1e-8)


@pytest.mark.parametrize("dataset", lens_visibilities.DATASETS)
def test_a_fit_pickles_with_its_evidence(dataset):
    fit = lens_visibilities.fit(f"{dataset}/rectangular")
    evidence = fit.figure_of_merit
    assert pickle.loads(pickle.dumps(fit)).figure_of_merit == evidence
