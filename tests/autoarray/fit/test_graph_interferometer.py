"""What may be reachable from a fit to visibilities, and what stays of one after storing."""

import functools
import pickle

import graph
import interferometer_problem as problem
import numpy as np
import pytest

import autoarray as aa
import serialization
from autoarray._backend import Backend, is_jax_array
from autoarray._state import DerivedValues

CODECS = [pytest.param(pickle, id="pickle"), pytest.param(serialization, id="msgpack")]
KINDS = ("mapping", "fft", "numba", "matrix_free", "jax")


@functools.cache
def fit_of(kind):
    """An evaluated fit, by the route of its inversion; "jax" is that of the sparse operator on JAX."""
    xp = pytest.importorskip("jax").numpy if kind == "jax" else np
    dataset = problem.dataset_of(count=40)
    if kind != "mapping":
        dataset = dataset.apply_sparse_operator()
    settings = aa.Settings(interferometer_route=None if kind in ("mapping", "jax") else kind)
    objects = [problem.mapper_of(dataset, xp=xp)]
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=objects, settings=settings, xp=xp)
    fit = aa.FitInterferometer(dataset=dataset, inversion=inversion, xp=xp)
    for name in ("log_evidence", "log_likelihood", "dirty_residual_map", "chi_squared_map"):
        getattr(fit, name)
    return fit


@pytest.mark.parametrize("kind", KINDS)
def test_no_module_function_or_lock_is_reachable(kind):
    found = list(graph.walk(fit_of(kind)))
    kinds = {type(value).__name__ for _, value in found}
    assert {"FitInterferometer", "Interferometer", "Visibilities", "TransformerNUFFT", "Mapper"} <= kinds
    assert [path for path, value in found if isinstance(value, graph.FORBIDDEN)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_flag_of_every_object_agrees_with_its_arrays(kind):
    on_jax = kind == "jax"
    arrays = [(path, value) for path, value in graph.walk(fit_of(kind)) if isinstance(value, Backend)]
    for path, value in arrays:
        if "_array" in vars(value):
            assert is_jax_array(value._array) == value.use_jax, path
    assert fit_of(kind).use_jax is fit_of(kind).inversion.use_jax is on_jax
    if not on_jax:
        assert [path for path, value in graph.walk(fit_of(kind)) if is_jax_array(value)] == []
        assert [path for path, value in arrays if value.use_jax] == []


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", KINDS)
def test_restoring_solves_nothing(kind, codec, monkeypatch):
    fit = fit_of(kind)
    data = codec.dumps(fit)
    classes = {type(fit.inversion), *type(fit.inversion).__mro__}

    def unexpected(*args, **kwargs):
        raise AssertionError("a restored fit computed something")

    restored = codec.loads(data)
    results = {"log_evidence", "chi_squared", "noise_normalization"}
    assert results <= restored._derived.results.keys()
    assert "reconstruction" in restored.inversion._derived.results
    for name in ("data_vector", "curvature_matrix", "curvature_reg_matrix", "regularization_matrix"):
        for cls in classes:
            if name in vars(cls):
                monkeypatch.setattr(cls, name, property(unexpected))
    assert restored.log_evidence - fit.log_evidence == 0.0
    assert restored.log_likelihood - fit.log_likelihood == 0.0
    assert np.array_equal(restored.inversion.reconstruction, fit.inversion.reconstruction)
    assert restored.use_jax is fit.use_jax


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", KINDS)
def test_intermediates_do_not_travel(kind, codec):
    fit = fit_of(kind)
    held = [path for path, value in graph.walk(fit) if isinstance(value, DerivedValues) and value.intermediates]
    assert held
    for path, value in graph.walk(codec.loads(codec.dumps(fit))):
        if isinstance(value, DerivedValues):
            assert value.intermediates == {}, path
            for name, result in value.results.items():
                assert np.size(getattr(result, "array", result)) <= fit.dataset.real_space_mask.array.size, (path, name)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", KINDS)
def test_sharing_survives(kind, codec):
    restored = codec.loads(codec.dumps(fit_of(kind)))
    dataset = restored.dataset
    assert restored.inversion.dataset is dataset
    assert dataset.grids.pixelization.mask is dataset.real_space_mask
    assert dataset.transformer.real_space_mask is dataset.real_space_mask
    assert dataset.transformer.uv_wavelengths is dataset.uv_wavelengths
    mapper = restored.inversion.linear_obj_list[0]
    assert mapper.interpolator.data_grid.mask is dataset.real_space_mask
