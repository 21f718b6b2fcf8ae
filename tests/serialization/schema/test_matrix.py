"""Every mesh with every regularization, to another process and to bytes and back, on both backends."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import graph
import matrix
import numpy as np
import pytest
from crossing import CODECS, assert_it_crosses, assert_nothing_foreign
from matrix import FITTED, MESHES

import serialization


@pytest.fixture(scope="module")
def process():
    """A spawned process, which knows nothing but what it is sent."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize(("mesh", "regularization"), FITTED)
def test_a_fit_crosses_to_another_process_and_back(mesh, regularization, backend, xp, process):
    fit = matrix.new_fit(mesh, regularization, backend)
    matrix.evaluate(fit, regularization)
    found = matrix.results_of(fit).keys()
    assert {"fit.log_likelihood", "inversion.reconstruction", "inversion.regularization_term"} <= found
    assert_it_crosses(fit, process, xp)


@pytest.mark.parametrize("mesh", MESHES)
def test_nothing_foreign_is_reachable_from_a_fit_of_every_mesh(mesh, backend):
    for regularization in ("Constant", "MaternAdaptKernel" if mesh.startswith("Rectangular") else "AdaptSplitZeroth"):
        fit = matrix.new_fit(mesh, regularization, backend, own_interpolator=matrix.new_interpolator(mesh, backend))
        matrix.evaluate(fit, regularization)
        graph.everything_of(fit)
        assert_nothing_foreign(fit, backend)


@pytest.mark.parametrize("mesh", MESHES)
def test_the_sizes_of_the_neighbors_survive(mesh, backend):
    geometry = matrix.new_interpolator(mesh, backend).mesh_geometry
    sizes = np.asarray(geometry.neighbors.sizes)
    assert sizes.min() > 0
    for codec in CODECS.values():
        for restored in (codec.loads(codec.dumps(geometry.neighbors)), codec.loads(codec.dumps(geometry)).neighbors):
            assert np.array_equal(restored.sizes, sizes)
            assert (np.asarray(restored.array) >= 0).sum() == sizes.sum()


@pytest.mark.parametrize("mesh", MESHES)
def test_a_restored_fit_is_computed_again_on_either_backend(mesh, backend):
    regularization = "Constant" if mesh.startswith("Rectangular") else "ConstantSplit"
    fit = matrix.new_fit(mesh, regularization, "numpy")
    matrix.evaluate(fit, regularization)
    data = serialization.dumps(fit)
    restored = serialization.loads(data, backend=backend)
    assert restored.log_evidence == fit.log_evidence
    again = matrix.new_fit(
        mesh, regularization, backend, restored.inversion.linear_obj_list[0].interpolator, restored.dataset
    )
    assert again.use_jax == (backend == "jax")
    assert matrix.deviation(again.log_evidence, fit.log_evidence) < (0.0 if backend == "numpy" else 1e-9) + 1e-12
