"""What a pickle stored against what its state gives: only to report a difference, never to be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from serialization._graph.recompute import deviation
from serialization._legacy.build import Built
from serialization._legacy.report import Compared
from serialization._pickle.nodes import Foreign, JaxArray

_ENOUGH = 0.9  # of the coordinates; a few that lie on a node may be mapped to either side of it
_INVERSIONS = ("autoarray.InversionImagingMapping", "autoarray.InversionImagingSparse")


def row_weights_of(shell: Any, node_state: dict[str, Any]) -> str | None:
    """By which convention a cached mapping was computed, or None if there is none, or it fits neither or both."""
    cached = node_state.get("_mappings_sizes_weights")
    if type(cached) is not tuple or len(cached) != 3:
        return None
    mappings, _, weights = map(_host, cached)
    if mappings is None or weights is None or mappings.shape != weights.shape or mappings.ndim != 2:
        return None
    width = shell.mesh.pixels
    # Of meshes that are not square these releases mapped to pixels that there are not.
    if mappings.dtype.kind not in "iu" or not mappings.size or mappings.min() < 0 or mappings.max() >= width:
        return None
    limit = 1e-3 if weights.dtype.itemsize < 8 else 1e-6
    fits = []
    for convention in ("exchanged", "bilinear"):
        ours, _, computed = shell._with(row_weights=convention)._mappings_sizes_weights
        if len(ours) != len(mappings):
            return None
        away = _matrix(mappings, weights, width) - _matrix(ours, computed, width)
        if np.mean(abs(away).max(axis=1).toarray() < limit) >= _ENOUGH:
            fits.append(convention)
    return fits[0] if len(fits) == 1 else None


def _matrix(mappings: np.ndarray, weights: np.ndarray, width: int) -> Any:
    from scipy.sparse import coo_array

    rows = np.repeat(np.arange(len(mappings)), mappings.shape[1])
    return coo_array((np.ravel(weights), (rows, np.ravel(mappings))), shape=(len(mappings), width)).tocsr()


def compare(built: Built, path: str) -> Iterator[Compared]:
    """Each stored result of an object, and by how much the recomputed one differs."""
    stored, noise, computed = _stored_values(built), 0.0, built.shell
    if built.own and stored:
        computed = built.shell._with()
    elif built.schema.name in _INVERSIONS:
        noise = _noise_of(_host(built.node.state.get("regularization_matrix")))
    for name, value in stored.items():
        if value is None:
            continue
        again = _host(getattr(computed, name))
        delta = float("inf") if again is None else deviation(value, again)
        yield Compared(path, name, delta, noise if name == "log_det_regularization_matrix_term" else 0.0)


def _stored_values(built: Built) -> dict[str, np.ndarray | None]:
    """What is compared of an object: what its pickle stored, or what follows from the matrices that it stored."""
    if built.own:
        results = built.results if hasattr(built.shell, "_with") else {}
        return {
            name: _host(value.state.get("_array") if type(value) is Foreign else value)
            for name, value in results.items()
        }
    if built.schema.name in _INVERSIONS:
        return _terms_of(built.node.state)
    if built.schema.name == "autoarray.Mapper":
        return {"mapping_matrix": _host(built.node.state.get("mapping_matrix"))}
    return {}


def _noise_of(matrix: np.ndarray | None) -> float:
    """By how much the rounding of its entries changes the log determinant of a regularization matrix.

    Such matrices have one eigenvalue next to zero, of which rounding leaves some eight digits.
    """
    if matrix is None or matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        return 0.0
    values = np.abs(np.linalg.eigvalsh(matrix))
    return float(np.finfo(float).eps * values.max() / values.min()) if values.size and values.min() > 0.0 else 0.0


def _terms_of(state: dict[str, Any]) -> dict[str, np.ndarray | None]:
    """The reconstruction and the terms of the evidence that follow from the matrices beside it."""
    names = ("reconstruction", "curvature_matrix", "regularization_matrix", "zeroed_ids_to_keep")
    solution, curvature, regularization, kept = (_host(state.get(name)) for name in names)
    out: dict[str, np.ndarray | None] = {"reconstruction": solution}
    if solution is None or curvature is None or regularization is None:
        return out
    if curvature.shape != (solution.size,) * 2 or regularization.shape != curvature.shape:
        return out
    # The releases left out what is fixed to zero from the terms, if the reduced solution shows that they did.
    reduced = _host(state.get("reconstruction_reduced"))
    used = slice(None) if kept is None or reduced is None or reduced.size == solution.size else kept
    solution, curvature, regularization = solution[used], curvature[used][:, used], regularization[used][:, used]
    out["regularization_term"] = solution @ regularization @ solution
    out["log_det_curvature_reg_matrix_term"] = np.linalg.slogdet(curvature + regularization)[1]
    out["log_det_regularization_matrix_term"] = np.linalg.slogdet(regularization)[1]
    return {name: None if value is None else np.asarray(value) for name, value in out.items()}


def _host(value: object) -> np.ndarray | None:
    if type(value) is JaxArray:
        return value.values
    if value is None or type(value) in (dict, list, str, bytes):
        return None
    values = np.asarray(getattr(value, "_array", value))
    return values if values.dtype.kind in "biufc" else None
