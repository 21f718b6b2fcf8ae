"""A chain of three searches, in the manner of SLaM: each hands on to the next what it needs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

REFERENCE = json.loads((Path(__file__).parent / "data" / "pipeline.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    import pipeline

    return pipeline.run(tmp_path_factory.mktemp("pipeline"))


def test_the_reference_is_of_pyautoarray():
    assert REFERENCE["origin"]["autoarray"] == "2026.10.26.1"
    assert list(REFERENCE["searches"]) == ["source_lp", "source_pix", "mass_total"]


@pytest.mark.parametrize("name", REFERENCE["searches"])
def test_each_search_ends_where_it_ends_on_pyautoarray(lens, chain, name):
    found, expected = lens.summary_of(chain[0][name]), REFERENCE["searches"][name]
    assert found["samples"] == expected["samples"]
    # The seed draws the samples; which of them is the best, the evidences decide.
    assert found["parameters"] == pytest.approx(expected["parameters"], rel=1e-8)
    assert found["max_log_likelihood"] == pytest.approx(expected["max_log_likelihood"], rel=1e-8)
    assert found["log_evidence"] == pytest.approx(expected["log_evidence"], rel=1e-8)


@pytest.mark.parametrize("name", REFERENCE["searches"])
def test_each_search_finds_what_its_result_fits(lens, chain, name):
    result = chain[0][name]
    found = lens.summary_of(result)
    assert found["samples"] == 30
    assert float(result.max_log_likelihood_fit.figure_of_merit) == pytest.approx(found["max_log_likelihood"], rel=1e-10)


def test_each_search_is_better_than_its_first_samples(chain):
    for result in chain[0].values():
        values = result.samples.log_likelihood_list
        assert max(values) > sorted(values)[len(values) // 2]


def test_the_pixelized_source_has_what_the_pipeline_asks_for(lens, chain):
    fit = chain[0]["source_pix"].max_log_likelihood_fit
    inversion = fit.inversion
    reconstruction = np.asarray(inversion.reconstruction)
    assert reconstruction.shape == (lens.VERTICES + lens.EDGE,)
    assert np.all(reconstruction[-lens.EDGE :] == 0.0)
    assert np.all(reconstruction >= 0.0)
    assert fit.dataset.sparse_operator is not None
    (mapper,) = inversion.cls_list_from(cls=lens.al.Mapper)
    assert mapper.adapt_data is not None
    assert inversion.settings.use_border_relocator


def test_preloads_that_exposures_share_change_no_number(chain):
    results, analysis = chain
    instance = results["mass_total"].instance
    shared = analysis.shared_state_from(instance)
    assert shared is not None
    plain = analysis.log_likelihood_function(instance)
    assert analysis.log_likelihood_function(instance, shared=shared) == pytest.approx(plain, rel=1e-12)


def test_a_lens_that_scatters_the_positions_is_penalized(lens, chain):
    results, analysis = chain
    instance = results["mass_total"].instance
    positions = analysis.positions_likelihood_list[0]
    tracer = results["mass_total"].max_log_likelihood_tracer
    assert not positions.log_likelihood_penalty_from(instance=instance, analysis=analysis)
    galaxies = [lens.al.Galaxy(redshift=0.5, mass=lens.al.mp.Isothermal(einstein_radius=0.2)), tracer.galaxies[1]]
    scattered = lens.af.Collection(galaxies=lens.af.Collection(lens=galaxies[0], source=galaxies[1]))
    penalty = positions.log_likelihood_penalty_from(instance=scattered.instance_from_prior_medians(), analysis=analysis)
    assert penalty > 0.0
