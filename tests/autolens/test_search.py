"""A short Nautilus search with a seed ends where it ends on PyAutoArray."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text())["search"]


@pytest.fixture(scope="module")
def result(lens, tmp_path_factory):
    return lens.search_result(tmp_path_factory.mktemp("search"))


def test_the_search_ends_where_it_ends_on_pyautoarray(lens, result):
    found = lens.summary_of(result)
    assert found["samples"] == REFERENCE["samples"]
    assert found["parameters"] == pytest.approx(REFERENCE["parameters"], rel=1e-6)
    assert found["max_log_likelihood"] == pytest.approx(REFERENCE["max_log_likelihood"], rel=1e-8)
    assert found["log_evidence"] == pytest.approx(REFERENCE["log_evidence"], rel=1e-6)


def test_the_result_gives_its_fit(result):
    fit = result.max_log_likelihood_fit
    assert float(fit.log_evidence) == pytest.approx(REFERENCE["max_log_likelihood"], rel=1e-8)
    assert len(result.max_log_likelihood_galaxies) == 2
