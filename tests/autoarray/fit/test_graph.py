"""What may be reachable from a fit, and what a pickle of one keeps."""

import pickle

import graph
import numpy as np
import problems
import pytest

import serialization
from autoarray._backend import Backend, is_jax_array
from autoarray._state import DerivedValues


@pytest.mark.parametrize("mesh", problems.MESHES)
def test_no_module_function_or_lock_is_reachable(backend, mesh):
    fit = problems.evaluated_fit_from(backend, mesh)
    graph.everything_of(fit)
    kinds = {type(value).__name__ for _, value in graph.walk(fit)}
    assert {"FitImaging", "InversionImagingMapping", "Mapper", "MeshGeometryRectangular", "Mask2D"} <= kinds
    found = [(path, value) for path, value in graph.walk(fit) if isinstance(value, graph.FORBIDDEN)]
    assert found == []


@pytest.mark.parametrize("mesh", problems.MESHES)
def test_a_numpy_fit_never_holds_a_jax_array(mesh):
    pytest.importorskip("jax")
    fit = problems.evaluated_fit_from("numpy", mesh)
    graph.everything_of(fit)
    assert [path for path, value in graph.walk(fit) if is_jax_array(value)] == []
    assert [path for path, value in graph.walk(fit) if isinstance(value, Backend) and value.use_jax] == []


@pytest.mark.parametrize("mesh", problems.MESHES)
def test_the_flag_of_every_object_agrees_with_its_arrays(backend, mesh):
    fit = problems.evaluated_fit_from(backend, mesh)
    graph.everything_of(fit)
    checked = 0
    for path, value in graph.walk(fit):
        if isinstance(value, Backend) and "_array" in vars(value):
            assert is_jax_array(value._array) == value.use_jax, path
            checked += 1
    assert checked > 10
    assert fit.use_jax == fit.inversion.use_jax == (backend == "jax")
    assert is_jax_array(fit.inversion.reconstruction) == (backend == "jax")
    assert fit.model_data.use_jax == (backend == "jax")


def test_intermediates_do_not_travel_and_results_do(backend):
    fit = problems.evaluated_fit_from(backend)
    graph.everything_of(fit)
    restored = pickle.loads(pickle.dumps(fit))
    for path, value in graph.walk(restored):
        if isinstance(value, DerivedValues):
            assert value.intermediates == {}, path
    assert {"log_evidence", "log_likelihood", "model_data", "chi_squared"} <= restored._derived.results.keys()
    inversion = restored.inversion
    assert {"reconstruction", "log_det_regularization_matrix_term"} <= inversion._derived.results.keys()
    # Everything else can still be asked for, and is what it was.
    np.testing.assert_allclose(inversion.curvature_matrix, fit.inversion.curvature_matrix, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(restored.normalized_residual_map.array, fit.normalized_residual_map.array, rtol=1e-12)


def test_restoring_solves_nothing(backend, monkeypatch):
    fit = problems.evaluated_fit_from(backend)
    payloads = pickle.dumps(fit), serialization.dumps(fit)
    expected = fit.log_likelihood, fit.log_evidence

    def unexpected(*args, **kwargs):
        raise AssertionError("a restored fit computed something")

    from autoarray._numerics import cholesky
    from autoarray.inversion.inversion import inversion_util
    from autoarray.inversion.inversion.imaging.abstract import AbstractInversionImaging

    monkeypatch.setattr(AbstractInversionImaging, "_linear_system", property(unexpected))
    monkeypatch.setattr(inversion_util, "reconstruction_positive_only_from", unexpected)
    monkeypatch.setattr(cholesky, "cholesky_from", unexpected)
    for restored in (pickle.loads(payloads[0]), serialization.loads(payloads[1])):
        assert (restored.log_likelihood, restored.log_evidence) == expected
        assert restored.log_evidence - expected[1] == 0.0


def shared_paths(root) -> dict[str, list[str]]:
    """Paths of one step that lead to the same object, by the path under which it was met first."""
    first: dict[int, str] = {}
    shared: dict[str, list[str]] = {}
    for path, value in graph.walk(root):
        for child_path, child in graph.children(path, value):
            if isinstance(child, (*graph.ATOMS, tuple)):
                continue
            if id(child) in first:
                shared.setdefault(first[id(child)], []).append(child_path)
            else:
                first[id(child)] = child_path
    return shared


@pytest.mark.parametrize("codec", [pickle, serialization], ids=["pickle", "msgpack"])
@pytest.mark.parametrize("mesh", problems.MESHES)
def test_sharing_survives(backend, mesh, codec):
    fit = problems.evaluated_fit_from(backend, mesh)
    stripped = pickle.loads(pickle.dumps(fit))  # without intermediates, which no codec keeps
    before = shared_paths(stripped)
    restored = codec.loads(codec.dumps(stripped))
    assert shared_paths(restored) == before
    assert restored.dataset.data.mask is restored.dataset.noise_map.mask
    assert restored.inversion.dataset is restored.dataset
    mapper = restored.inversion.linear_obj_list[0]
    assert mapper.mesh_geometry.data_grid is mapper.interpolator.data_grid
    assert restored.model_data is restored.inversion.mapped_reconstructed_operated_data


def test_a_chain_of_parts_stays_one_chain():
    fit = problems.evaluated_fit_from()
    mapper = fit.inversion.linear_obj_list[0]
    chain = {"geometry": mapper.mesh_geometry, "interpolator": mapper.interpolator, "inversion": fit.inversion}
    for restored in (pickle.loads(pickle.dumps(chain)), serialization.loads(serialization.dumps(chain))):
        assert restored["geometry"] is restored["interpolator"].mesh_geometry
        assert restored["interpolator"] is restored["inversion"].linear_obj_list[0].interpolator


def test_a_foreign_state_names_the_loader():
    from autoarray import exc
    from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular
    from autoarray.structures.arrays.uniform_2d import Array2D

    geometry = problems.evaluated_fit_from().inversion.linear_obj_list[0].mesh_geometry
    foreign = MeshGeometryRectangular.__new__(MeshGeometryRectangular)
    foreign.__dict__.update(
        {name: value for name, value in vars(geometry).items() if name not in ("transform", "_derived")}
    )
    foreign.__dict__["spline_deg"] = 11
    with pytest.raises(
        exc.StateException, match=r"MeshGeometryRectangular has no 'transform' .*serialization\.load_pickle"
    ):
        foreign.areas_for_magnification  # noqa: B018
    array = Array2D.__new__(Array2D)
    array.__dict__.update({"_array": np.ones(3), "use_jax": False, "mask": geometry.data_grid.mask})
    with pytest.raises(exc.StateException, match=r"Array2D has no '_use_jax' .*serialization\.load_pickle"):
        array._xp  # noqa: B018
