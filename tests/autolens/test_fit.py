"""`al.AnalysisImaging` on every mesh, with and without the light of the lens, has PyAutoArray's numbers."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text())
LIGHTS = tuple(REFERENCE["log_likelihood"])
MESHES = tuple(REFERENCE["log_likelihood"]["none"])


@pytest.fixture(scope="module", params=LIGHTS)
def light(request):
    return request.param


@pytest.fixture(scope="module")
def dataset(lens, light):
    return lens.dataset_from(light)


@pytest.fixture(scope="module")
def adapt_images(lens, dataset):
    return lens.adapt_images_from(dataset)


def relative(found, expected):
    return abs(found - expected) / abs(expected)


def test_the_reference_is_of_pyautoarray(lens):
    assert REFERENCE["origin"]["autoarray"] == "2026.10.26.1"
    assert set(MESHES) == set(lens.MESHES)
    assert set(LIGHTS) == set(lens.LIGHTS)


def test_the_simulated_image_is_the_same(lens):
    assert relative(float(np.sum(np.array(lens.dataset_from("sersic").data) ** 2)), REFERENCE["data"]) < 1e-12


@pytest.mark.parametrize("mesh", MESHES)
def test_the_log_likelihood_is_that_of_pyautoarray(lens, dataset, adapt_images, light, mesh):
    instance = lens.model_from(mesh, light).instance_from_prior_medians()
    analysis = lens.analysis_from(dataset, adapt_images)
    found = float(analysis.log_likelihood_function(instance))
    assert relative(found, REFERENCE["log_likelihood"][light][mesh]) < 1e-8


@pytest.mark.parametrize("mesh", MESHES)
def test_jax_compiles_the_same_number(lens, mesh):
    """As PyAutoFit's own `Fitness` compiles it."""
    import jax

    light = "none"
    dataset = lens.dataset_from(light)
    analysis = lens.analysis_from(dataset, lens.adapt_images_from(dataset), use_jax=True)
    model = lens.model_from(mesh, light, lens.af.UniformPrior(lower_limit=1.0, upper_limit=1.4))

    def log_likelihood(parameters):
        return analysis.log_likelihood_function(model.instance_from_vector(vector=parameters, xp=jax.numpy))

    found = float(jax.jit(log_likelihood)(jax.numpy.array([1.21])))
    assert relative(found, REFERENCE["log_likelihood"][light][mesh]) < 1e-8


@pytest.mark.parametrize("mesh", MESHES)
def test_an_evaluated_fit_pickles(lens, mesh):
    dataset = lens.dataset_from("gaussians")
    analysis = lens.analysis_from(dataset, lens.adapt_images_from(dataset))
    fit = analysis.fit_from(lens.model_from(mesh, "gaussians").instance_from_prior_medians())
    log_evidence = fit.log_evidence
    payload = pickle.dumps(fit)
    assert len(payload) < 2_000_000
    assert pickle.loads(payload).log_evidence == log_evidence
