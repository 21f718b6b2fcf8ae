"""The mesh with natural-neighbour interpolation: what it holds, and a fit on it."""

import numpy as np
import pytest
import vertex_problems

import autoarray as aa


def test_it_is_a_delaunay_mesh_with_another_interpolator():
    mesh = aa.mesh.DelaunayNN(pixels=20, zeroed_pixels=5, areas_factor=0.4)
    assert isinstance(mesh, aa.mesh.Delaunay)
    assert vars(mesh) == {"pixels": 20, "areas_factor": 0.4, "zeroed_pixels": 5}
    assert mesh.interpolator_cls is aa.InterpolatorDelaunayNN
    assert (mesh.max_cavity_triangles, mesh.max_neighbors) == (32, 32)
    assert vars(aa.mesh.DelaunayNN(pixels=20)) == {"pixels": 20, "areas_factor": 0.5, "zeroed_pixels": 0}
    with pytest.raises(aa.exc.MeshException, match=r"DelaunayNN\.pixels: expected a whole number"):
        aa.mesh.DelaunayNN(pixels=-1)


@pytest.mark.parametrize("regularization", [aa.reg.Constant(), aa.reg.ConstantSplit()])
def test_both_backends_have_one_evidence(regularization):
    pytest.importorskip("jax")
    evidences = [
        float(vertex_problems.fit_from(aa.mesh.DelaunayNN(18, 6), regularization, backend).log_evidence)
        for backend in ("numpy", "jax")
    ]
    # What the rounding of the weights is worth after solving for the source.
    assert evidences[1] == pytest.approx(evidences[0], rel=1e-8)
    linear = vertex_problems.fit_from(aa.mesh.Delaunay(18, 6), regularization).log_evidence
    assert abs(evidences[0] - linear) > 1e-3
    assert np.isfinite(evidences[0])
