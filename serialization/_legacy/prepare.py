"""The graph of an old pickle, looked over as a whole before anything is built from it.

What one object can't tell of itself, the others may: which releases wrote the graph, what a geometry that
was not stored would have been, what a shim stood for. Nodes are changed in place, so that what was shared
stays shared. No node is built here, and no class imported.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from serialization._legacy import releases, types
from serialization._pickle.nodes import Foreign, JaxArray, parts_of
from serialization._schema import registry
from serialization._schema.schema import MARKS
from serialization.errors import SchemaError

_GRID = "autoarray.structures.grids.uniform_2d", "Grid2D"
_IRREGULAR = "autoarray.structures.grids.irregular_2d", "Grid2DIrregular"
_SPARSE = "autoarray.inversion.inversion.imaging.inversion_imaging_util", "ImagingSparseOperator"
_SHIM = "autoarray.inversion.mesh.mesh.rectangular_rotated_adapt_image:_RotatedGridShim"
_GEOMETRIES = "autoarray.inversion.mesh.mesh_geometry."
_VERTICES = (
    "autoarray.InterpolatorDelaunay",
    "autoarray.InterpolatorDelaunayNN",
    "autoarray.InterpolatorKNearestNeighbor",
    "autoarray.InterpolatorKNNBarycentric",
)


@dataclasses.dataclass(slots=True)
class Choice:
    """A convention that a state does not tell, and what was taken."""

    node: Foreign
    field: str
    value: str
    reason: str
    decided: bool


@dataclasses.dataclass(slots=True)
class Prepared:
    """What the whole graph tells: its releases, the versions of its objects, and what had to be chosen."""

    window: releases.Window
    written_by: bool
    choices: list[Choice]
    versions: dict[int, tuple[str, list[int]]]  # by the id of a node: its type, and the schema versions that fit

    def version_of(self, node: Foreign) -> tuple[str, int]:
        """The type and the schema version of an object of the family: the newest of those that fit."""
        name, versions = self.versions[id(node)]
        return name, releases.fits(self.window, versions)[-1]


def nodes_of(root: object) -> Iterator[Foreign]:
    """Each object of a graph, once."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        value = stack.pop()
        parts = parts_of(value)
        if parts is not None and id(value) not in seen:
            seen.add(id(value))
            if type(value) is Foreign:
                yield value
            stack.extend(parts)


def own_version(node: Foreign) -> int | None:
    """The schema version of a state that a release of this project pickled, or None of other states."""
    schema = registry.schema_pickled_as(node.target)
    if schema is None or schema.target != node.target or schema.loose:
        return None
    return schema.version_of(node.state.keys() - {"_derived"}, types.FIRST_OWN.get(node.target, 1))


def _drop_marks(node: Foreign) -> None:
    """Take off what a model left on an object, which is no state."""
    schema = registry.schema_pickled_as(node.target)
    ours = node.module.startswith("autoarray.") if schema is None else schema.is_marked("label")
    for mark in MARKS if ours else ():
        if schema is None or mark not in schema.all_fields:
            node.state.pop(mark, None)


def _take_items(node: Foreign) -> None:
    """Turn what a pickle appends to an object of a class that is registered as a list into the field of its items."""
    schema = registry.schema_pickled_as(node.target)
    if schema is not None and schema.sequence:
        if "items" in node.state:
            raise StateError(node, f"expected a list {node.module}.{node.name} without an attribute `items`, found one")
        node.state["items"] = tuple(node.items or ())
        node.items = None
    elif node.items is not None and (schema is not None or node.module.startswith("autoarray.")):
        found = f"{node.module}.{node.name}, to which the file appends items as to a list"
        raise StateError(node, f"expected a plain class, found {found}")


def prepare(root: object, written_by: str | None) -> Prepared:
    """Look a graph over.

    Raises
    ------
    SchemaError
        If the state of a mesh, interpolator or geometry is that of no schema version, or is none of those that
        `written_by` wrote; or if the pickle appends items to what is no list.
    """
    every = list(nodes_of(root))
    for node in every:
        _drop_marks(node)
        _take_items(node)
    nodes = [node for node in every if own_version(node) is None]
    versions: dict[int, tuple[str, list[int]]] = {}
    windows = []
    for node in nodes:
        if node.target in types.FAMILY:
            _, fitting = versions[id(node)] = _versions_of(node)
            windows.append(releases.window_of_versions(fitting))
        windows.append(releases.window_of_state(node.name, node.state))
    release = None if written_by is None else releases.release_from(written_by)
    prepared = Prepared(releases.common(windows, release), release is not None, [], versions)
    for node in every:  # an object that this project pickled may hold one that it did not
        _complete(node)
    for node in nodes:
        if id(node) in versions:
            _choose(node, prepared)
    return prepared


def _versions_of(node: Foreign) -> tuple[str, list[int]]:
    """The type of an object of the family, and the schema versions whose fields it has."""
    fitting: dict[str, list[int]] = {}
    known: dict[str, list[int]] = {}
    for alternative in types.FAMILY[node.target]:
        schema = registry.find(alternative.type)
        assert schema is not None
        for version in alternative.versions:
            fields = {*schema.fields_at(version)[0], *alternative.extra}
            known.setdefault(alternative.type, []).append(version)
            extra = node.state.keys() - fields
            if node.state.keys() >= fields and not extra - types.CACHED:
                fitting.setdefault(alternative.type, []).append(version)
    if len(fitting) == 1:
        return next(iter(fitting.items()))
    if fitting:  # the tables would have to be wrong
        raise SchemaError(f"expected a state of one type, found one of {', '.join(fitting)}", path=None)
    versions = "; ".join(f"{name}, schema version {', '.join(map(str, each))}" for name, each in known.items())
    raise StateError(
        node,
        f"expected the state of {node.module}.{node.name} in a release of PyAutoArray ({versions}), found "
        f"{', '.join(sorted(node.state)) or 'nothing'}",
    )


class StateError(SchemaError):
    """A `SchemaError` that still has to be given the path of a node."""

    def __init__(self, node: Foreign, message: str) -> None:
        super().__init__(message)
        self.node: Foreign = node


# ------------------------------------------------------------------ what several objects make up


def _complete(node: Foreign) -> None:
    """Give an object what it took from others, and turn shims to what they stood for."""
    state = node.state
    if node.target == _SHIM:
        _grid_of_shim(node)
    elif node.name == "Convolver" and type(state.get("_state")) is Foreign:
        state["_state"].state.setdefault("convolve_over_sample_size", state.get("convolve_over_sample_size", 1))
    elif node.name in ("Imaging", "DatasetInterface"):
        operator = state.get("sparse_operator")
        if type(operator) is Foreign and operator.name == _SPARSE[1] and own_version(operator) is None:
            own = {name: state.get(name) for name in ("data", "noise_map", "psf")}
            operator.state = {**own, "batch_size": operator.state.get("batch_size", 128)}
    elif node.name == "GridsInterface":
        state.setdefault("border_relocator", None)


def _grid_of_shim(node: Foreign) -> None:
    """The grid that the rotated meshes of 2026.5.21.1 to 2026.7.23.1 put together from bare arrays."""
    try:
        own, fine = (_values_of(node.state[name]) for name in ("_base", "over_sampled"))
        sizes = node.state["over_sampler"].state["sub_size"]
        mask = node.state["mask"]
    except (KeyError, AttributeError):
        raise StateError(
            node, f"expected _base, over_sampled, over_sampler and mask of a rotated grid, found {node!r}"
        ) from None
    over_sampled = Foreign(*_IRREGULAR, {"_array": fine, "use_jax": False, "_is_transformed": False})
    node.module, node.name = _GRID
    node.state = {
        "_array": own,
        "use_jax": False,
        "_is_transformed": False,
        "mask": mask,
        "_over_sample_size": sizes,
        "_over_sampled": over_sampled,
    }


def _values_of(node: Foreign) -> Any:
    return node.state["_arr"] if node.name == "_GridLike" else node.state["_array"]


# ------------------------------------------------------------------ what a state does not tell


def _choose(node: Foreign, prepared: Prepared) -> None:
    name, version = prepared.version_of(node)
    if name == "autoarray.InterpolatorRectangular" and version >= 5:
        _choose_row_weights(node, prepared)
    if name == "autoarray.MeshGeometryRectangular" and version == 6:
        choice = area_convention(node, prepared)
        node.state["area_convention"] = choice.value
        prepared.choices.append(choice)
    if "mesh_geometry" not in node.state and node.module.startswith("autoarray.inversion.mesh.interpolator."):
        _add_geometry(node, name, version, prepared)


def _by_release(prepared: Prepared, last_old: releases.Release, first_new: releases.Release) -> bool | None:
    """Whether the releases are all new ones (True), all old ones (False), or may be either (None)."""
    low, high = prepared.window
    if low >= first_new:
        return True
    return False if high <= last_old else None


def _reason(prepared: Prepared) -> str:
    who = "written_by" if prepared.written_by else "the states in the pickle"
    return f"{who} tell{'s' * prepared.written_by} of {releases.describe(prepared.window)}"


def _choose_row_weights(node: Foreign, prepared: Prepared) -> None:
    corrected = _by_release(prepared, releases.LAST_EXCHANGED, releases.FIRST_CORRECTED)
    decided = corrected is not None
    reason = _reason(prepared) if decided else "nothing in the pickle tells; taken as of release 2026.8.29.1 or newer"
    value = "exchanged" if corrected is False else "bilinear"
    node.state["row_weights"] = value
    prepared.choices.append(Choice(node, "row_weights", value, reason, decided))


def area_convention(node: Foreign, prepared: Prepared) -> Choice:
    """What the areas of a rectangular mesh are of: even cells up to 2026.10.2.1, nodes from 2026.10.4.1 on."""
    new = _by_release(prepared, releases.LAST_CELL_AREAS, releases.FIRST_NODE_AREAS)
    if new is None:
        reason = "nothing in the pickle tells; taken as of release 2026.10.4.1 or newer"
        return Choice(node, "area_convention", "nodes", reason, False)
    return Choice(node, "area_convention", "nodes" if new else "cells", _reason(prepared), True)


def _add_geometry(node: Foreign, name: str, version: int, prepared: Prepared) -> None:
    """Store the geometry that the release would have made, where today's would have other areas or edges."""
    grids = {key: node.state[key] for key in ("mesh", "mesh_grid", "data_grid")}
    flag = {"_use_jax": node.state["use_jax"]}
    if name in _VERTICES:
        mesh = node.state["mesh"]
        if type(mesh) is Foreign and "_zeroed_pixels" in mesh.state:
            node.state["mesh_geometry"] = Foreign(
                f"{_GEOMETRIES}delaunay",
                "MeshGeometryDelaunay",
                {
                    **grids,
                    **dict.fromkeys(("mesh_weight_map", "kernel_bandwidth", "kernel_knots", "_dual_areas")),
                    "transform": "kernel",
                    "area_convention": "voronoi",
                    **flag,
                },
            )
        return
    if name == "autoarray.InterpolatorRectangularUniform":
        version = _version_of_uniform(node, prepared)
    areas = "cells"
    if version > 5:
        choice = area_convention(node, prepared)
        prepared.choices.append(choice)
        areas = choice.value
    if areas == "nodes":
        return
    state = {
        **grids,
        "mesh_weight_map": node.state["mesh_weight_map"],
        "kernel_bandwidth": node.state.get("bandwidth"),
        "kernel_knots": node.state.get("n_knots"),
        "transform": _transform_of(node, name, version),
        "spline_deg": node.state.get("spline_deg"),
        "spline_fit": "squares" if "spline_deg" in node.state and node.state["use_jax"] is True else "residuals",
        "edge_convention": _edge_convention(node, version, prepared),
        "area_convention": areas,
        **flag,
    }
    if name == "autoarray.InterpolatorRectangularRotatedSpline":
        state |= {key: node.state[key] for key in ("rotation_matrix", "rotation_centroid")}
        place = f"{_GEOMETRIES}rectangular_rotated", "MeshGeometryRectangularRotated"
    else:
        place = f"{_GEOMETRIES}rectangular", "MeshGeometryRectangular"
    node.state["mesh_geometry"] = Foreign(*place, state)


def _version_of_uniform(node: Foreign, prepared: Prepared) -> int:
    """Its state never changed; that of its mesh did."""
    mesh = node.state["mesh"]
    if type(mesh) is Foreign and id(mesh) in prepared.versions:
        return prepared.version_of(mesh)[1]
    return prepared.version_of(node)[1]


def _transform_of(node: Foreign, name: str, version: int) -> str:
    if name == "autoarray.InterpolatorRectangularUniform":
        return "rank" if version <= 3 else "kernel"
    if version >= 5:
        return node.state["transform"]
    if "spline_deg" in node.state:
        return "spline"
    return "kernel" if "bandwidth" in node.state else "rank"


def _edge_convention(node: Foreign, version: int, prepared: Prepared) -> str:
    """Edges were defined anew in 2026.7.15.1, with no trace in the state of an interpolator."""
    if version > 3 or "bandwidth" in node.state:
        return "nodes"
    new = _by_release(prepared, (2026, 7, 9, 1), (2026, 7, 15, 1))
    value = ("extrapolated" if "spline_deg" in node.state else "nodes") if new else "cells"
    reason = _reason(prepared) if new is not None else "nothing in the pickle tells; taken as of release 2026.7.9.1"
    prepared.choices.append(Choice(node, "edge_convention", value, reason, new is not None))
    return value


def uses_jax(root: object) -> bool:
    """Whether a graph was written on JAX: whether its root computed there or, if it does not compute, any object."""
    if type(root) is Foreign and ("use_jax" in root.state or "_use_jax" in root.state or "_xp" in root.state):
        return _flag_of(root) or type(root.state.get("_array")) is JaxArray
    return any(map(_flag_of, nodes_of(root)))


def _flag_of(node: Foreign) -> bool:
    """Whether an object computed with JAX, however its release said so."""
    module = node.state.get("_xp")
    return getattr(module, "name", None) == "jax.numpy" or any(
        node.state.get(name) is True for name in ("use_jax", "_use_jax")
    )
