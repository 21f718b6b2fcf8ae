"""From the conventions of earlier releases to those of the newest one, when the user asks for it."""

# pyright: strict

from __future__ import annotations

import copy
from typing import Any, TypeVar

from serialization._graph.walk import objects_of, results_of
from serialization._schema.registry import schema_of
from serialization._schema.restore import attach_results

T = TypeVar("T")

_RECTANGULAR = {"edge_convention": "nodes", "area_convention": "nodes", "spline_fit": "residuals"}
# Of each type the conventions, and the value that new objects have.
_NEWEST: dict[str, dict[str, str]] = {
    "autoarray.InterpolatorRectangular": {"row_weights": "bilinear", "spline_fit": "residuals"},
    "autoarray.InterpolatorRectangularRotatedSpline": {"row_weights": "bilinear", "spline_fit": "residuals"},
    "autoarray.MeshGeometryRectangular": _RECTANGULAR,
    "autoarray.MeshGeometryRectangularRotated": _RECTANGULAR,
    "autoarray.MeshGeometryDelaunay": {"area_convention": "dual"},
}
_GEOMETRY = "mesh_geometry"


def upgrade_physics(obj: T) -> T:
    """An object graph as the newest release would compute it, with what was wrong in earlier ones corrected.

    An old fit keeps the numbers that it was published with: the exchanged row weights of adaptive
    rectangular meshes up to release 2026.8.23.1, and the edges and areas of meshes that were defined
    otherwise. This returns a copy that has the newest conventions and no stored results, so that all
    is computed anew. The transform of a mesh (rank, spline or kernel) is a choice, not an error, and stays.

    Parameters
    ----------
    obj
        An object, or a list or dict of objects. It is not changed.

    Returns
    -------
    The copy; or `obj` itself, if nothing in it has an earlier convention.
    """
    if not any(_corrections_of(each) for _, each in objects_of(obj)):
        return obj
    new = copy.deepcopy(obj)
    for each in [each for _, each in objects_of(new)]:
        state: dict[str, Any] = each.__dict__
        state.update(_corrections_of(each))
        # A geometry is no result: it has a state of its own, and others may share it.
        geometries = {name: value for name, value in results_of(state).items() if name == _GEOMETRY}
        state.pop("_derived", None)
        attach_results(state, geometries)
    return new


def _corrections_of(value: object) -> dict[str, str]:
    """The conventions of an object that are not the newest ones, with their newest values."""
    schema = schema_of(type(value))
    newest = {} if schema is None else _NEWEST.get(schema.name, {})
    return {name: new for name, new in newest.items() if vars(value).get(name, new) != new}
