"""Objects of PyAutoLens as payloads: fits of every mesh and light, instances, analyses, points, shear, pickles."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

al = pytest.importorskip("autolens")

import autogalaxy as ag  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import lens_problems  # noqa: E402

import serialization  # noqa: E402
from serialization import UnknownTypeError  # noqa: E402

PICKLES = Path(__file__).parent / "data"


def again(value, **options):
    data = serialization.dumps(value)
    loaded = serialization.loads(data, **options)
    if not options:
        assert serialization.dumps(loaded) == data
    return loaded


@pytest.mark.parametrize("xp", [np, jnp], ids=["numpy", "jax"])
@pytest.mark.parametrize("light", lens_problems.LIGHTS)
@pytest.mark.parametrize("mesh", lens_problems.MESHES)
def test_a_fit_has_its_evidence_without_solving(mesh, light, xp, monkeypatch):
    fit = lens_problems.fit_from(mesh, light, xp=xp)
    evidence, merit = float(fit.log_evidence), float(fit.figure_of_merit)
    data = serialization.dumps(fit)
    assert data == serialization.dumps(fit)
    other = "numpy" if xp is jnp else "jax"
    with monkeypatch.context() as never:
        for name in ("inversion_from", "reconstruction_positive_only_from"):
            for module in lens_problems.solvers(name):
                never.setattr(module, name, lens_problems.no_solving)
        loaded, moved = serialization.loads(data), serialization.loads(data, backend=other)
        assert float(loaded.log_evidence) - evidence == 0.0
        assert float(loaded.figure_of_merit) - merit == 0.0
        assert float(moved.log_evidence) - evidence == 0.0
        assert loaded.inversion.use_jax is (xp is jnp)
        assert moved.inversion.use_jax is (xp is np)
        np.testing.assert_array_equal(np.asarray(loaded.model_data.array), np.asarray(fit.model_data.array))
    if xp is np:
        assert serialization.dumps(loaded) == data
    galaxies = loaded.tracer.galaxies
    for linear, galaxy in loaded.inversion.linear_obj_galaxy_dict.items():
        assert any(linear is each for each in loaded.inversion.linear_obj_list)
        assert any(galaxy is each for each in galaxies)
    if loaded.adapt_images is not None:
        table = loaded.adapt_images.galaxy_image_plane_mesh_grid_dict or loaded.adapt_images.galaxy_image_dict
        assert next(iter(table)) is galaxies[1]
    assert set(loaded.galaxy_model_image_dict) == set(galaxies)


def test_inspecting_a_fit_names_galaxies_and_profiles():
    fit = lens_problems.fit_from("RectangularUniform", "linear")
    assert fit.log_evidence
    info = serialization.inspect(serialization.dumps(fit))
    names = {each.name for each in info.types}
    assert {"autolens.FitImaging", "autolens.Tracer", "autogalaxy.Galaxy", "autogalaxy.lp_linear.Sersic"} <= names
    text = str(info.tree())
    assert ".tracer" in text
    assert "autogalaxy.mp.Isothermal" in text
    assert "einstein_radius=0.9 arcsec" in text
    assert ".log_evidence = " in text
    assert not info.problems


def test_a_linear_profile_gets_a_token_of_this_process():
    profile = al.lp_linear.Sersic()
    loaded = again(profile)
    assert loaded.pytree_token != profile.pytree_token
    assert loaded != profile
    assert len({profile, loaded, al.lp_linear.Sersic()}) == 3


def test_an_instance_of_a_model():
    instance = lens_problems.model().instance_from_prior_medians()
    loaded = again(instance)
    assert list(vars(loaded)) == [name for name in vars(instance) if name not in ("_is_frozen", "_frozen_cache")]
    assert loaded.galaxies.lens == instance.galaxies.lens
    assert loaded.galaxies.lens.redshift == instance.galaxies.lens.redshift
    assert "id" not in vars(loaded.galaxies.source.pixelization.mesh)
    dataset = lens_problems.dataset()
    analysis = al.AnalysisImaging(dataset=dataset, use_jax=False)
    fit = analysis.fit_from(instance)
    assert float(again(fit).log_evidence) == float(fit.log_evidence)
    other = again(analysis).fit_from(again(instance))
    assert float(other.log_evidence) == pytest.approx(float(fit.log_evidence), abs=1e-8)


def test_a_fit_of_galaxies():
    galaxies = [ag.Galaxy(redshift=0.5, bulge=ag.lp_linear.Sersic()), ag.Galaxy(redshift=0.5, disk=ag.lp.Exponential())]
    fit = ag.FitImaging(dataset=lens_problems.dataset(), galaxies=galaxies)
    evidence = fit.log_evidence
    loaded = again(fit)
    assert loaded.log_evidence == evidence
    assert type(loaded.galaxies) is ag.Galaxies
    assert list(map(type, loaded.galaxies)) == [ag.Galaxy, ag.Galaxy]


@pytest.mark.parametrize("xp", [np, jnp], ids=["numpy", "jax"])
@pytest.mark.parametrize("sparse", [False, True])
def test_a_fit_to_visibilities(xp, sparse, monkeypatch):
    dataset = lens_problems.visibilities()
    dataset = dataset.apply_sparse_operator() if sparse else dataset
    tracer = lens_problems.fit_from("RectangularUniform", "linear").tracer
    fit = al.FitInterferometer(dataset=dataset, tracer=tracer, xp=xp)
    evidence = float(fit.log_evidence)
    data = serialization.dumps(fit)
    with monkeypatch.context() as never:
        for name in ("inversion_from", "reconstruction_positive_only_from"):
            for module in lens_problems.solvers(name):
                never.setattr(module, name, lens_problems.no_solving)
        loaded = serialization.loads(data)
        assert float(loaded.log_evidence) - evidence == 0.0
        assert loaded.inversion.use_jax is (xp is jnp)
        moved = serialization.loads(data, backend="numpy" if xp is jnp else "jax")
        assert float(moved.log_evidence) - evidence == 0.0
    np.testing.assert_array_equal(np.asarray(loaded.model_data.array), np.asarray(fit.model_data.array))


def test_a_fit_of_galaxies_to_visibilities():
    galaxies = [ag.Galaxy(redshift=0.5, bulge=ag.lp_linear.Sersic()), ag.Galaxy(redshift=0.5, disk=ag.lp.Exponential())]
    fit = ag.FitInterferometer(dataset=lens_problems.visibilities(), galaxies=galaxies)
    evidence = fit.log_evidence
    small = len(serialization.dumps(fit))
    assert len(fit.galaxy_model_visibilities_dict) == len(fit.galaxy_image_dict) == 2
    loaded = again(fit)
    assert loaded.log_evidence == evidence
    assert list(loaded.galaxies) == list(fit.galaxies)
    assert len(serialization.dumps(fit)) < 1.5 * small


def test_points():
    dataset, tracer, solver = lens_problems.points()
    fit = al.FitPointDataset(dataset=dataset, tracer=tracer, solver=solver, fit_positions_cls=al.FitPositionsSource)
    loaded = again(fit)
    assert loaded.log_likelihood == fit.log_likelihood
    assert loaded.fit_positions_cls is al.FitPositionsSource
    assert loaded.positions.tracer is loaded.tracer
    assert again(al.AnalysisPoint(dataset=dataset, solver=solver)).solver.magnification_threshold == 0.1


def test_shear():
    dataset, tracer = lens_problems.shear()
    fit = al.FitWeak(dataset=dataset, tracer=tracer)
    likelihood = fit.log_likelihood
    loaded = again(fit)
    assert loaded.log_likelihood == likelihood
    assert loaded._xp is np
    assert again(fit, backend="jax")._xp is jnp


@pytest.mark.parametrize("value", [al.cosmo.Planck15(), al.cosmo.FlatLambdaCDM(H0=70.0), ag.Redshift(0.5)])
def test_cosmologies_and_redshifts(value):
    assert vars(again(value)) == vars(value) if hasattr(value, "H0") else again(value) == value


def test_a_table_of_distances_is_not_written():
    cosmology = al.cosmo.Planck15()
    data = serialization.dumps(cosmology)
    cosmology.angular_diameter_distance_to_earth_in_kpc_from(redshift=0.5)
    assert serialization.dumps(cosmology) == data


def test_a_subclass_that_nobody_registered_is_named():
    class Mine(al.lp.Sersic):
        """A profile of a user."""

    with pytest.raises(UnknownTypeError, match=r"Mine; register it with serialization\.register\(.*'sersic_index'"):
        serialization.dumps(al.Galaxy(redshift=0.5, bulge=Mine()))


@pytest.mark.parametrize(
    "path", sorted(PICKLES.glob("*.dill")) + sorted(PICKLES.glob("*.pickle")), ids=lambda p: p.name
)
def test_what_autofit_stored_on_pyautoarray(path):
    """Dills of `paths.save_object` and pickles as in the database, written by `make_pickles.py`."""
    expected = json.loads((PICKLES / "expected.json").read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = serialization.load_pickle(path, written_by="2026.10.26.1")
    what = expected[path.name]
    assert type(loaded).__name__ == what["class"]
    if "log_evidence" in what:
        assert float(loaded.log_evidence) == pytest.approx(what["log_evidence"], abs=1e-8, rel=1e-8)
    if "einstein_radius" in what:
        assert loaded.galaxies[0].mass.einstein_radius == what["einstein_radius"]


def test_there_are_pickles_to_read():
    assert len(list(PICKLES.glob("*.dill"))) >= 4
