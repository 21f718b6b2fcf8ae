"""The fit of a search of PyAutoLens, kept beside its other results."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

al = pytest.importorskip("autolens")

import lens_problems  # noqa: E402

from serialization import results  # noqa: E402


@pytest.mark.parametrize("mesh", ["Delaunay", "RectangularUniform"])
def test_the_fit_of_an_analysis_is_kept(tmp_path, mesh):
    fit = lens_problems.fit_from(mesh, "linear")
    analysis = results.keep_fit(al.AnalysisImaging(dataset=fit.dataset, use_jax=False))
    (tmp_path / "files").mkdir()
    paths = SimpleNamespace(output_path=tmp_path, _files_path=tmp_path / "files")
    analysis.save_results(paths=paths, result=SimpleNamespace(max_log_likelihood_fit=fit, analysis=analysis))
    (stored,) = results.StoredFits(tmp_path)
    loaded = stored.load()
    assert type(loaded) is al.FitImaging
    assert float(loaded.log_evidence) == float(fit.log_evidence)
    assert isinstance(analysis, al.AnalysisImaging)
