"""From the conventions of earlier releases to the present ones, when the user asks for it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np

from serialization._schema import registry

T = TypeVar("T")

_RECTANGULAR = {"edge_convention": "nodes", "area_convention": "nodes", "spline_fit": "residuals"}
# Of each type the conventions, and the value that new objects have.
PRESENT: dict[str, dict[str, str]] = {
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
    otherwise. This returns a copy that has the present conventions and no stored results, so that all
    is computed anew. The transform of a mesh (rank, spline or kernel) is a choice, not an error, and stays.

    Parameters
    ----------
    obj
        An object, or a list or dict of objects. It is not changed.

    Returns
    -------
    The copy; or `obj` itself, if nothing in it has an earlier convention.
    """
    if not any(_earlier(each) for each in _objects(obj)):
        return obj
    new = copy.deepcopy(obj)
    for each in list(_objects(new)):
        state = each.__dict__
        state.update(_earlier(each))
        derived = state.pop("_derived", None)
        # A geometry is no result: it has a state of its own, and others may share it.
        geometry = getattr(derived, "results", {}).get(_GEOMETRY)
        if geometry is not None and registry.hooks is not None:
            state["_derived"] = registry.hooks.derived_values()()
            state["_derived"].results = {_GEOMETRY: geometry}
    return new


def _earlier(value: Any) -> dict[str, str]:
    """The conventions of an object that are not the present ones, with the present values."""
    schema = registry.schema_of(type(value))
    present = {} if schema is None else PRESENT.get(schema.name, {})
    return {name: new for name, new in present.items() if value.__dict__.get(name, new) != new}


def _objects(root: Any) -> Iterator[Any]:
    """Each object of a graph that has an instance dictionary."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        value = stack.pop()
        if id(value) in seen or isinstance(value, (np.ndarray, np.generic, type)):
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            stack.extend((*value.keys(), *value.values()))
        elif isinstance(value, (list, tuple, set, frozenset)):
            stack.extend(value)
        elif type(getattr(value, "__dict__", None)) is dict:
            yield value
            state = value.__dict__
            stack.extend(item for name, item in state.items() if name != "_derived")
            stack.extend(getattr(state.get("_derived"), "results", {}).values())
