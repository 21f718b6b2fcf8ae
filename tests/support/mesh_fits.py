"""A small evaluated fit on every mesh, on either backend, for the tests of figures."""

from __future__ import annotations

import functools

import problems
import vertex_problems

import autoarray as aa

VERTICES = {
    "delaunay": aa.mesh.Delaunay,
    "delaunay_nn": aa.mesh.DelaunayNN,
    "knn": aa.mesh.KNearestNeighbor,
    "knn_barycentric": aa.mesh.KNNBarycentric,
}
MESHES = (*problems.RECTANGULAR, *VERTICES)


@functools.cache
def fit_on(name: str, backend: str = "numpy") -> aa.FitImaging:
    """The fit on a mesh; that on JAX is the one on NumPy, carried there, so that nothing is solved again."""
    if backend == "jax":
        import serialization

        return serialization.loads(serialization.dumps(fit_on(name)), backend="jax")
    if name in VERTICES:
        fit = vertex_problems.fit_from(VERTICES[name](pixels=18, zeroed_pixels=6))
    else:
        fit = problems.fit_from(mesh=name, shape=(6, 5))
    fit.log_evidence  # noqa: B018
    return fit


def mapper_of(fit: aa.FitImaging) -> aa.Mapper:
    """The mapper of such a fit."""
    return fit.inversion.linear_obj_list[0]
