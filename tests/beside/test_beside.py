"""Fits of PyAutoArray, written and read by `serialization` from its own wheel; run by `make beside`."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import time
import warnings
from pathlib import Path

import cases
import numpy as np
import pytest

import autoarray as aa
import serialization
from serialization._graph.recompute import differences_from

DATA = Path(__file__).parents[1] / "data" / "beside"
NUMBERS = json.loads((DATA / "ours" / "numbers.json").read_text())
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")


@pytest.fixture(scope="module", params=list(cases.CASES))
def written(request):
    """A fit of PyAutoArray and its payload."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = cases.CASES[request.param]()
        return fit, serialization.dumps(fit)


def test_a_fit_comes_back_with_the_same_numbers(written):
    fit, data = written
    new = serialization.loads(data)
    assert new.log_evidence == fit.log_evidence
    assert new.log_likelihood == fit.log_likelihood
    assert np.array_equal(new.inversion.reconstruction, fit.inversion.reconstruction)
    assert type(new.inversion) is type(fit.inversion)
    for name, value in cases.numbers_of(fit).items():
        assert cases.numbers_of(new)[name] == pytest.approx(value, rel=1e-8, abs=1e-8), name


def test_what_was_stored_is_what_the_state_gives(written):
    _, data = written
    differences = differences_from(serialization.loads(data), serialization.loads(data))
    assert {difference.path.rpartition(".")[2] for difference in differences} >= {"log_evidence", "reconstruction"}
    assert [str(difference) for difference in differences if not difference.passed] == []


def test_what_was_read_is_written_with_the_same_bytes(written):
    _, data = written
    new = serialization.loads(data)
    assert serialization.dumps(new) == data
    _ = new.log_evidence, new.inversion.linear_obj_list[0].mapping_matrix  # what it caches makes no difference
    assert serialization.dumps(new) == data


def test_writing_changes_nothing_in_the_fit():
    fit = cases.CASES["interface"]()
    before = {name: id(value) for name, value in vars(fit.inversion).items()}
    serialization.dumps(fit)
    assert {name: id(value) for name, value in vars(fit.inversion).items()} == before
    assert type(fit.inversion).__module__.startswith("autoarray.")


@pytest.mark.parametrize("name", list(NUMBERS))
def test_a_file_of_autoarray_portable_opens_with_its_numbers(name):
    fit = serialization.load(DATA / "ours" / f"{name}.aas")
    for key, value in cases.numbers_of(fit).items():
        stored = key in ("log_evidence", "log_likelihood", "chi_squared")
        assert value == (NUMBERS[name][key] if stored else pytest.approx(NUMBERS[name][key], rel=1e-8, abs=2e-8)), key


@pytest.mark.parametrize("name", ["delaunay", "knn", "kernel", "interface", "fine_psf"])
def test_a_file_of_autoarray_portable_is_recomputed_to_its_numbers(name):
    path = DATA / "ours" / f"{name}.aas"
    differences = differences_from(serialization.load(path), serialization.load(path))
    assert [str(difference) for difference in differences if not difference.passed] == []


def test_the_other_backend():
    fit = cases.CASES["delaunay_jax"]()
    new = serialization.loads(serialization.dumps(fit), backend="numpy")
    assert not new.use_jax
    assert isinstance(new.inversion.reconstruction, np.ndarray)
    assert float(new.log_evidence) == float(fit.log_evidence)
    moved = serialization.loads(serialization.dumps(cases.CASES["delaunay"]()), backend="jax")
    assert moved.use_jax
    assert float(moved.log_evidence) == pytest.approx(float(fit.log_evidence), rel=1e-8)


def test_a_delaunay_fit_that_pickle_refuses_is_small_and_fast():
    fit = cases.CASES["delaunay"]()
    with pytest.raises(TypeError, match="module"):
        pickle.dumps(fit)
    serialization.dumps(fit)
    seconds = []
    for _ in range(15):
        start = time.perf_counter()
        data = serialization.dumps(fit)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.01
    assert len(data) < 60_000


def test_what_a_constructor_computes_is_made_at_its_first_use():
    new = serialization.loads(serialization.dumps(cases.CASES["interface"]()))
    relocator = new.inversion.dataset.grids.border_relocator
    fresh = aa.BorderRelocator(mask=relocator.mask, sub_size=relocator.sub_size)
    assert type(relocator) is type(fresh)
    assert vars(relocator).keys() == vars(fresh).keys()
    assert np.array_equal(relocator.sub_border_slim, fresh.sub_border_slim)


def test_an_object_that_is_not_made_yet_is_pickled_and_copied_like_any_other():
    data = serialization.dumps(cases.CASES["interface"]())
    for carry in (copy.deepcopy, copy.copy, lambda value: pickle.loads(pickle.dumps(value))):
        relocator = carry(serialization.loads(data).inversion.dataset.grids.border_relocator)
        assert type(relocator) is aa.BorderRelocator
        assert relocator.border_slim.size


def test_the_state_of_a_psf_is_the_one_that_was_written():
    fit = cases.CASES["fine_psf"]()
    old, new = fit.dataset.psf._state, serialization.loads(serialization.dumps(fit)).dataset.psf._state
    assert new.fft_shape == old.fft_shape
    for name, value in vars(old).items():
        if value is not None and name != "fft_shape":
            expected, found = (np.asarray(getattr(one, "array", one)) for one in (value, getattr(new, name)))
            assert np.array_equal(expected, found), name


def test_settings_are_written_as_they_are_in_force():
    settings = aa.Settings()
    new = serialization.loads(serialization.dumps(settings))
    assert new.use_positive_only_solver == settings.use_positive_only_solver
    assert new.nnls_solver_tol is None
    assert new.log_det_method == settings.log_det_method


def test_a_class_that_has_no_type_is_named():
    layout = object.__new__(aa.Visibilities)
    with pytest.raises(serialization.UnknownTypeError, match=r"\$\['seen'\].*PyAutoArray 2026.*Visibilities"):
        serialization.dumps({"seen": layout})


def test_an_attribute_that_is_not_known_is_named():
    mesh = aa.mesh.Delaunay(pixels=10)
    mesh.colour = "red"
    with pytest.raises(serialization.SchemaError, match=r"Delaunay.*also colour"):
        serialization.dumps(mesh)


def test_old_conventions_are_refused_by_name():
    with pytest.raises(serialization.SchemaError, match=r"row_weights.*'bilinear'.*upgrade_physics"):
        serialization.load(DATA / "ours" / "exchanged.aas")


def test_what_needs_the_other_autoarray_says_so(tmp_path):
    with pytest.raises(serialization.UnsupportedValueError, match=r"load_pickle.*portable, found PyAutoArray"):
        serialization.load_pickle(pickle.dumps(1))
    with pytest.raises(serialization.UnknownTypeError, match=r"RectangularSplineAdaptDensity.*autoarray-portable"):
        serialization.load(DATA / "ours" / "spline.aas")


def test_a_subclass_of_a_user():
    class Fit(cases.fit_class()):
        def __init__(self, dataset, inversion, name, **options):
            super().__init__(dataset, inversion, **options)
            self.name = name

    serialization.register(
        Fit, name="tests.Fit", fields=["dataset", "use_mask_in_fit", "dataset_model", "_inversion", "name", "_use_jax"]
    )
    fit = cases.CASES["uniform"]()
    fit = Fit(fit.dataset, fit.inversion, "first")
    new = [fit.log_evidence, serialization.loads(serialization.dumps(fit))]
    assert (type(new[1]), new[1].name, new[1].log_evidence, new[1].use_jax) == (Fit, "first", new[0], False)


def test_cache_inspect_and_parts(tmp_path):
    fit = cases.CASES["delaunay"]()
    cache = serialization.Cache(tmp_path / "cache")
    key = cache.key(fit.dataset, "delaunay")
    assert cache.put(key, fit)
    assert cache.get(key).log_evidence == fit.log_evidence
    assert cache.key(serialization.loads(serialization.dumps(fit)).dataset, "delaunay") == key
    path = serialization.save(fit, tmp_path / "fit.aas", provenance=True)
    assert serialization.inspect(path).writer[1].endswith(f"beside PyAutoArray {aa.__version__}")
    with serialization.open(path) as handle:
        assert type(handle.load("$._inversion.linear_obj_list[0].interpolator.mesh")) is aa.mesh.Delaunay


def test_the_command_line(tmp_path):
    path = serialization.save(cases.CASES["delaunay"](), tmp_path / "fit.aas")
    for command in (["inspect", str(path)], ["verify", str(path)], ["--version"]):
        done = subprocess.run([sys.executable, "-m", "serialization", *command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    done = subprocess.run([sys.executable, "-m", "serialization", "plot", str(path)], capture_output=True, text=True)
    assert done.returncode == 2
    assert "expected the package autoarray of autoarray-portable, found PyAutoArray" in done.stderr


def test_serialization_alone_imports_neither_autoarray_nor_jax():
    code = "import serialization, sys; print(sorted({'autoarray', 'jax'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
