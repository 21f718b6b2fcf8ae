"""A fit on a Delaunay mesh: its evidence under JAX's transformations, and its way through a pickle."""

import pickle
import types

import numpy as np
import problems
import pytest
import vertex_problems
from graph import intermediates_of, walk

import autoarray as aa
import serialization


def evidence_of(einstein, xp=np, dataset=None):
    dataset = dataset or vertex_problems.dataset()
    interpolator = aa.mesh.Delaunay(pixels=18, zeroed_pixels=6).interpolator_from(
        source_plane_data_grid=problems.traced_from(dataset, einstein, xp),
        source_plane_mesh_grid=vertex_problems.vertices_from(einstein=einstein, xp=xp),
        border_relocator=dataset.grids.border_relocator,
        xp=xp,
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=1.0), xp=xp)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], xp=xp)
    return aa.FitImaging(dataset=dataset, inversion=inversion, xp=xp).log_evidence


def test_the_evidence_and_its_gradient_are_compiled_once():
    jax = pytest.importorskip("jax")
    traces = []

    def function(einstein):
        traces.append(1)
        return evidence_of(einstein, jax.numpy)

    compiled = jax.jit(jax.value_and_grad(function))
    for einstein in (0.351, 0.33):
        value, gradient = compiled(einstein)
        assert float(value) == pytest.approx(evidence_of(einstein), rel=1e-9)
        # Vertices and data move together; over this step no triangle and no set of positive pixels changes.
        difference = (evidence_of(einstein + 1e-6) - evidence_of(einstein - 1e-6)) / 2e-6
        assert float(gradient) == pytest.approx(difference, rel=1e-5)
    # Coordinates that make no mesh give no evidence, rather than a wrong one.
    assert np.isnan(compiled(np.nan)[0])
    assert len(traces) == 1


@pytest.mark.parametrize("regularization", [aa.reg.Constant(coefficient=1.0), aa.reg.ConstantSplit(coefficient=1.0)])
def test_an_evaluated_fit_comes_back(regularization):
    fit = vertex_problems.fit_from(regularization=regularization)
    geometry = fit.inversion.linear_obj_list[0].mesh_geometry
    fit.log_evidence, geometry.neighbors, geometry.voronoi, geometry.areas_for_magnification  # noqa: B018
    assert {"triangulation", "neighbors", "voronoi"} <= intermediates_of(geometry).keys()
    sizes = geometry.neighbors.sizes
    data = pickle.dumps(fit)
    for restored in (pickle.loads(data), serialization.loads(serialization.dumps(fit))):
        assert restored.log_evidence - fit.log_evidence == 0.0
        assert restored._xp is np
        again = restored.inversion.linear_obj_list[0].mesh_geometry
        assert intermediates_of(again) == {}
        np.testing.assert_array_equal(again.neighbors.sizes, sizes)
        computed = aa.FitImaging(dataset=restored.dataset, inversion=restored.inversion._with())
        assert computed.log_evidence == pytest.approx(fit.log_evidence, rel=1e-12)
    for path, value in walk(fit):
        assert not isinstance(value, (types.ModuleType, types.FunctionType)), path
        assert not type(value).__module__.startswith("jax"), path
