"""The mesh with natural-neighbor interpolation: what it holds, and a fit on it."""

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
    with pytest.raises(aa.exc.MeshException, match=r"DelaunayNN\.pixels: expected a number of at least 0, found -1"):
        aa.mesh.DelaunayNN(pixels=-1)


def test_a_fit_has_an_evidence_of_its_own():
    meshes = aa.mesh.DelaunayNN(18, 6), aa.mesh.Delaunay(18, 6)
    fits = [vertex_problems.fit_from(mesh, aa.reg.ConstantSplit()) for mesh in meshes]
    natural, linear = (fit.log_evidence for fit in fits)
    assert np.isfinite(natural)
    assert abs(natural - linear) > 1e-3
    # Crosses, areas and neighbors are the triangulation's.
    own, other = (fit.inversion.linear_obj_list[0].interpolator for fit in fits)
    np.testing.assert_array_equal(own.split_points, other.split_points)
    np.testing.assert_array_equal(own.mesh_geometry.neighbors.array, other.mesh_geometry.neighbors.array)
    assert own.sizes.max() > 3
