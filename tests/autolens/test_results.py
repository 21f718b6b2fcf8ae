"""The fit of a search of PyAutoLens, kept beside its other results."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import pytest

al = pytest.importorskip("autolens")

import autofit as af  # noqa: E402
import dill  # noqa: E402
import lens_problems  # noqa: E402
from autofit.aggregator import Aggregator  # noqa: E402
from autonerves import conf  # noqa: E402

import serialization  # noqa: E402
from serialization import results  # noqa: E402


def configured(folder, remove_files):
    """Have PyAutoFit write into a folder, and keep or remove what it has packed."""
    (folder / "config").mkdir()
    text = f"output:\n  log_to_file: false\n  remove_files: {str(remove_files).lower()}\n"
    (folder / "config" / "general.yaml").write_text(text)
    conf.instance.push(new_path=str(folder / "config"), output_path=str(folder / "output"))


def model():
    """One free radius of a lens, and a source on a mesh."""
    mass = af.Model(al.mp.Isothermal, centre=(0.0, 0.0), ell_comps=(0.05, 0.02))
    mass.einstein_radius = af.UniformPrior(lower_limit=0.8, upper_limit=1.0)
    mesh = al.mesh.RectangularUniform(shape=(6, 6))
    pixelization = al.Pixelization(mesh=mesh, regularization=al.reg.Constant(coefficient=1.0))
    lens = af.Model(al.Galaxy, redshift=0.5, mass=mass)
    source = af.Model(al.Galaxy, redshift=1.0, pixelization=pixelization)
    return af.Collection(galaxies=af.Collection(lens=lens, source=source))


@pytest.fixture
def analysis():
    return results.keep_fit(
        al.AnalysisImaging(
            dataset=lens_problems.dataset(), use_jax=False, raise_inversion_positions_likelihood_exception=False
        )
    )


@pytest.fixture
def quick(monkeypatch):
    """Searches that draw nothing."""
    monkeypatch.setenv("PYAUTO_SKIP_VISUALIZATION", "1")
    monkeypatch.setenv("PYAUTO_SKIP_LATENTS", "1")


def short_search(**options):
    """A search of some 50 fits."""
    never = {"iterations_per_quick_update": 10**9, "iterations_per_full_update": 10**9}
    return af.DynestyStatic(name="search", nlive=15, maxcall=40, **never, **options)


@pytest.mark.parametrize(("remove_files", "cores"), [(True, 1), (False, 2)])
@pytest.mark.usefixtures("quick")
def test_a_search_keeps_its_best_fit(tmp_path, analysis, remove_files, cores):
    """With two cores the analysis goes to other processes; where files are removed, only the `.zip` is left."""
    configured(tmp_path, remove_files)
    search = short_search(number_of_cores=cores)
    result = search.fit(model=model(), analysis=analysis)
    (stored,) = results.StoredFits(tmp_path / "output")
    assert (stored.archive is not None) is remove_files
    assert list((tmp_path / "output").rglob("*.zip")) == [stored.folder.with_suffix(".zip")]
    loaded = stored.load()
    assert type(loaded) is al.FitImaging
    best = max(result.samples.log_likelihood_list)
    assert float(loaded.log_evidence) == pytest.approx(best, abs=1e-8)
    assert float(loaded.log_evidence) == float(result.max_log_likelihood_fit.log_evidence)
    search.fit(model=model(), analysis=analysis)  # which finds it done, and unpacks its results for that
    assert [float(each.load().log_evidence) for each in results.StoredFits(tmp_path / "output")] == [
        float(loaded.log_evidence)
    ]


@pytest.mark.parametrize("remove_files", [True, False])
@pytest.mark.usefixtures("quick")
def test_the_fit_of_a_row_of_a_database(tmp_path, analysis, remove_files):
    configured(tmp_path, remove_files)
    output = tmp_path / "output"
    result = short_search(number_of_cores=1).fit(model=model(), analysis=analysis)
    aggregator = af.Aggregator.from_database(str(tmp_path / "results.sqlite"))
    aggregator.add_directory(str(output))
    assert len(aggregator.values("samples")) == len(aggregator.values("settings")) == 1
    fits = results.StoredFits(output)
    (row,) = af.Aggregator.from_database(str(tmp_path / "results.sqlite"))
    loaded = fits.of(row).load()
    assert type(loaded) is al.FitImaging
    assert float(loaded.log_evidence) == float(result.max_log_likelihood_fit.log_evidence)
    assert float(loaded.log_evidence) == pytest.approx(row.max_log_likelihood, abs=1e-8)
    with pytest.raises(AttributeError, match="has no attribute 'fit'"):  # docs/results.md says that it is no value
        aggregator.values("fit")
    (listed,) = Aggregator.from_directory(str(output))
    assert fits.of(listed) == fits.of(row)


@pytest.mark.usefixtures("quick")
def test_a_search_that_writes_to_a_database_keeps_its_fit_in_its_folder(tmp_path, analysis):
    configured(tmp_path, remove_files=False)
    session = af.db.open_database("results.sqlite")
    result = short_search(number_of_cores=1, session=session).fit(model=model(), analysis=analysis)
    (row,) = af.Aggregator.from_database("results.sqlite")
    loaded = results.StoredFits(tmp_path / "output").of(row).load()
    assert float(loaded.log_evidence) == float(result.max_log_likelihood_fit.log_evidence)


@pytest.mark.parametrize("library", [pickle, dill])
def test_such_an_analysis_is_stored(analysis, library):
    again = library.loads(library.dumps(analysis))
    assert type(again) is type(analysis)
    assert again.fit_from(model().instance_from_prior_medians()).log_evidence


def test_a_payload_of_such_an_analysis_is_one_of_its_class(analysis):
    plain = al.AnalysisImaging(
        dataset=lens_problems.dataset(), use_jax=False, raise_inversion_positions_likelihood_exception=False
    )
    data = serialization.dumps(analysis)
    assert data == serialization.dumps(plain)
    assert type(serialization.loads(data)) is al.AnalysisImaging


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
