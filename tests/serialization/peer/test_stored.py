"""Files that `serialization` wrote beside PyAutoArray: what they say, opened with this project's `autoarray`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import autoarray as aa
import serialization
from serialization._graph.recompute import differences_from

DATA = Path(__file__).parents[2] / "data" / "beside" / "theirs"
NUMBERS = json.loads((DATA / "numbers.json").read_text())
STORED = ("log_evidence", "log_likelihood", "chi_squared")
NAMES = [name for name in NUMBERS if "jax" not in name]


def _numbers_of(fit):
    sys.path.insert(0, str(DATA.parents[2] / "beside"))
    try:
        import cases
    finally:
        sys.path.pop(0)
    return cases.numbers_of(fit)


@pytest.mark.parametrize("name", list(NUMBERS))
def test_a_fit_of_pyautoarray_opens_with_its_numbers(name):
    fit = serialization.load(DATA / f"{name}.aas", backend="numpy")
    assert type(fit) is aa.FitImaging
    for key, value in _numbers_of(fit).items():
        expected = NUMBERS[name][key]
        assert value == (expected if key in STORED else pytest.approx(expected, rel=1e-8, abs=2e-8)), key


@pytest.mark.parametrize("name", NAMES)
def test_it_is_recomputed_to_its_numbers(name):
    path = DATA / f"{name}.aas"
    differences = differences_from(serialization.load(path), serialization.load(path))
    assert {difference.path.rpartition(".")[2] for difference in differences} >= {"log_evidence", "reconstruction"}
    assert [str(difference) for difference in differences if not difference.passed] == []


@pytest.mark.parametrize("name", ["delaunay_jax", "kernel_jax"])
def test_a_fit_on_jax_comes_back_on_jax(name):
    pytest.importorskip("jax")
    fit = serialization.load(DATA / f"{name}.aas")
    assert fit.use_jax
    assert fit.inversion.linear_obj_list[0].interpolator.data_grid.use_jax
    assert not isinstance(fit.inversion.reconstruction, np.ndarray)
    fresh = serialization.load(DATA / f"{name}.aas")
    for difference in differences_from(fit, fresh):
        assert difference.passed, difference


def test_the_file_names_the_release_that_wrote_it():
    info = serialization.inspect(DATA / "delaunay.aas")
    assert info.writer == ("autoarray-portable", "0.2.0 beside PyAutoArray 2026.10.26.1")
    assert info.problems == ()


def test_the_states_are_those_of_the_newest_schema_versions():
    fit = serialization.load(DATA / "adaptive.aas")
    interpolator = fit.inversion.linear_obj_list[0].interpolator
    assert (interpolator.row_weights, interpolator.transform) == ("bilinear", "rank")
    assert serialization.upgrade_physics(fit) is fit


def test_the_blurring_mask_is_at_the_resolution_of_the_image():
    for name in ("delaunay", "fine_psf"):
        dataset = serialization.load(DATA / f"{name}.aas").dataset
        state = dataset.psf._state
        fresh = dataset.psf.state_from(dataset.mask)
        expected = np.asarray(
            aa.Convolver(kernel=dataset.psf.kernel, convolve_over_sample_size=dataset.psf.convolve_over_sample_size)
            .state_from(dataset.mask)
            .blurring_mask.array
        )
        assert state.is_for_mask(dataset.mask)
        assert fresh is state
        found = np.asarray(state.blurring_mask.array)
        margin = (np.array(expected.shape) - found.shape) // 2
        padded = np.pad(found, [(margin[0], margin[0]), (margin[1], margin[1])], constant_values=True)
        assert np.array_equal(padded, expected)


def test_settings_have_the_values_that_were_in_force():
    settings = serialization.load(DATA / "settings.aas").inversion.settings
    assert (settings.use_positive_only_solver, settings.use_border_relocator) == (False, True)
    assert settings.log_det_method == "cholesky"
