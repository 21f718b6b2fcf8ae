"""Small fits of which nothing has been computed yet, on meshes of every family, for the tests of threads."""

from __future__ import annotations

import functools
import pickle

import problems
import vertex_problems

import autoarray as aa

MESHES = ("uniform", "adapt_density", "delaunay", "delaunay_nn", "knn")
_VERTICES = {
    "delaunay": aa.mesh.Delaunay,
    "delaunay_nn": aa.mesh.DelaunayNN,
    "knn": aa.mesh.KNearestNeighbor,
}


@functools.cache
def _pickle_of(mesh: str, backend: str) -> bytes:
    if mesh in _VERTICES:
        fit = vertex_problems.fit_from(_VERTICES[mesh](pixels=18, zeroed_pixels=6), backend=backend)
    else:
        fit = problems.fit_from(backend, mesh, shape=(5, 4))
    return pickle.dumps(fit)


def fresh_fit(mesh: str, backend: str = "numpy") -> aa.FitImaging:
    """A new fit on a mesh, whose objects nobody else has."""
    return pickle.loads(_pickle_of(mesh, backend))


@functools.cache
def evidence_of(mesh: str, backend: str) -> float:
    """Its log evidence, as one thread alone computes it."""
    return float(fresh_fit(mesh, backend).log_evidence)
