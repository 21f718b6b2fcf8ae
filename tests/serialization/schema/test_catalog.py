"""Every registered type of autoarray, as a real object, through a payload."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys

import graph
import numpy as np
import pytest
from catalog_cases import CASES, fit, visibilities
from graphs import assert_same

import autoarray as aa
import serialization
from autoarray._backend import Backend, is_jax_array
from autoarray._state import DerivedValues, State
from serialization._schema import catalog, registry

FIELDS = {entry.name: entry.fields for entry in catalog.TYPES}
VERSIONS = {entry.name: entry.version for entry in catalog.TYPES}
# Views on a mask that it makes anew whenever it is asked for one: nothing stores them.
NOT_STORED = {"DeriveGrid1D", "DeriveGrid2D", "DeriveIndexes2D", "DeriveMask1D", "DeriveMask2D", "Zoom2D"}
# The ways to form a linear system, which inversions derive from what they store.
NOT_STORED |= {"InterpolationWeights", "LinearSystem", "MappersAndFunctions", "MappingMatrices", "ImageTiles"}
NOT_STORED |= {"NormalOperator", "NormalSystem"}
# The transforms of meshes, which geometries derive from what they store.
NOT_STORED |= {"CDF", "KernelAxis", "NormalCDFSum", "RankAxis", "SplineAxis"}


def test_the_cases_are_the_registry():
    assert set(CASES) == set(FIELDS)
    assert len(FIELDS) == len(catalog.TYPES)


@pytest.mark.parametrize("name", CASES)
def test_round_trip(name):
    instance = CASES[name]()
    data = serialization.dumps(instance)
    assert_same(instance, serialization.loads(data))
    info = serialization.inspect(data)
    assert info.root == name
    assert info.types[0].name == name
    assert info.types[0].version == VERSIONS[name]
    assert info.types[0].fields == FIELDS[name]
    assert info.problems == ()
    assert serialization.dumps(serialization.loads(data)) == data


@pytest.mark.parametrize("name", CASES)
def test_no_code_module_or_lock_is_reachable(name):
    """Nor from what is derived, nor from what is loaded; and no array of JAX from an object of NumPy."""
    instance = CASES[name]()
    for each in (instance, serialization.loads(serialization.dumps(instance))):
        found = list(graph.walk(each))
        assert [path for path, value in found if isinstance(value, graph.FORBIDDEN)] == []
        assert [path for path, value in found if is_jax_array(value)] == []


@pytest.mark.parametrize("name", CASES)
def test_one_bool_says_the_backend(name):
    instance = CASES[name]()
    if isinstance(instance, Backend):
        assert vars(instance)["_use_jax"] is False
        assert instance._xp is np
    else:
        assert "_use_jax" not in FIELDS[name]


# A class attribute stands for one that is absent; and a PSF is a property over what the state has.
WITH_DEFAULTS = {("autoarray.Step0Layout", "grid"), ("autoarray.SimulatorImaging", "psf")}


@pytest.mark.parametrize("name", CASES)
def test_a_missing_field_names_the_loader(name):
    """As after `pickle.load` of a file of PyAutoArray, whose objects have other fields."""
    instance = object.__new__(registry.find(name).resolve())
    for field in FIELDS[name]:
        if (name, field) not in WITH_DEFAULTS:
            with pytest.raises(aa.exc.StateException, match=r"serialization\.load_pickle"):
                getattr(instance, field)


def test_no_class_says_how_it_is_stored():
    """Pickle and the codec take the state as it is; `State` alone names the loader where a field is missing."""
    hooks = {"__getstate__", "__setstate__", "__reduce__", "__reduce_ex__", "__getnewargs__", "__getnewargs_ex__"}
    found = {
        (cls.__name__, name)
        for entry in catalog.TYPES
        for cls in registry.find(entry.name).resolve().__mro__[:-1]
        for name in hooks & vars(cls).keys()
    }
    assert found == {("State", "__getstate__")}


@pytest.mark.parametrize("mesh", ["uniform", "adapt_density"])
def test_a_fit_comes_back_without_computing(mesh, backend, monkeypatch):
    original = fit(mesh, backend)
    restored = serialization.loads(serialization.dumps(original))
    monkeypatch.setattr(type(restored.inversion), "curvature_reg_matrix", property(_fail))
    assert restored.log_evidence - original.log_evidence == 0.0
    assert restored.log_likelihood - original.log_likelihood == 0.0
    np.testing.assert_array_equal(restored.inversion.reconstruction, original.inversion.reconstruction)
    assert restored.use_jax is (backend == "jax")


def _fail(self):
    raise AssertionError("computed")


@pytest.mark.parametrize("target", ["numpy", "jax"])
def test_a_fit_on_the_other_backend_computes_the_same(backend, target):
    original = fit("adapt_density", backend)
    restored = serialization.loads(serialization.dumps(original), backend=target)
    assert restored.log_evidence - original.log_evidence == 0.0
    assert restored.use_jax is restored.inversion.use_jax is (target == "jax")
    inversion = restored.inversion._with()
    again = aa.FitImaging(dataset=restored.dataset, inversion=inversion, xp=restored._xp)
    assert "_derived" not in vars(again)
    assert float(again.log_evidence) == pytest.approx(float(original.log_evidence), rel=1e-8)
    assert isinstance(inversion.reconstruction, np.ndarray) is (target == "numpy")


def test_what_is_shared_in_a_fit_is_shared_after_loading():
    restored = serialization.loads(serialization.dumps(fit()))
    dataset = restored.dataset
    assert restored.inversion.dataset is dataset
    assert dataset.data.mask is dataset.noise_map.mask is dataset.grids.mask
    mapper = restored.inversion.linear_obj_list[0]
    assert mapper.interpolator.mesh_geometry.mesh is mapper.interpolator.mesh


def test_a_mapped_fit_computes(tmp_path):
    path = serialization.save(fit(), tmp_path / "fit.aas")
    restored = serialization.load(path, mmap=True)
    assert not restored.dataset.data.array.flags.writeable
    again = aa.FitImaging(dataset=restored.dataset, inversion=restored.inversion._with())
    assert again.log_evidence == pytest.approx(fit().log_evidence, rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_names_and_classes_belong_together(name):
    cls = registry.find(name).resolve()
    assert name.rpartition(".")[2] == cls.__name__
    assert registry.find(name).target == f"{cls.__module__}:{cls.__qualname__}"


def test_every_class_with_state_is_registered():
    for module in pkgutil.walk_packages(aa.__path__, "autoarray."):
        if ".plot" not in module.name and ".mock" not in module.name:
            importlib.import_module(module.name)
    ours = [cls for cls in _subclasses(State) if cls.__module__.startswith("autoarray.")]
    # Doubles of tests are stored by nobody.
    concrete = {cls for cls in ours if not _abstract(cls) and ".mock" not in cls.__module__}
    registered = {registry.find(name).resolve() for name in FIELDS}
    assert {cls.__name__ for cls in concrete - registered} == NOT_STORED


def _subclasses(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


def _abstract(cls):
    bases = {"Backend", "LinearObj", "FitDataset", "Structure", "Structure1D", "Mask"}
    return inspect.isabstract(cls) or cls.__name__.startswith(("Abstract", "_")) or cls.__name__ in bases


def test_results_are_small():
    """What travels with a fit is of the size of its data, not of its matrices."""
    for instance in (fit(), fit().inversion):
        results = vars(instance)["_derived"]
        assert isinstance(results, DerivedValues)
        assert results.results
        for value in results.results.values():
            assert np.size(getattr(value, "array", value)) <= 64 * 64


@pytest.mark.parametrize("make", [fit, visibilities], ids=["imaging", "visibilities"])
def test_reading_a_fit_on_numpy_imports_no_optional_package(tmp_path, make):
    path = serialization.save(make(), tmp_path / "fit.aas")
    code = (
        "import sys, serialization\n"
        f"fit = serialization.load({str(path)!r})\n"
        "fit.log_evidence, fit.inversion.reconstruction\n"
        "found = {name.split('.')[0] for name in sys.modules}\n"
        "print(*sorted(found & {'jax', 'jaxlib', 'matplotlib', 'astropy', 'dask', 'finufft'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
