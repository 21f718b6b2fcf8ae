"""The released migrations of the types of `autoarray`: for each type name, a `Migration` from each older version.

A function in this module is frozen once a release has shipped it. It is a plain `dict -> dict` function of
one object's state, which holds the stored results under `_derived`; it must not look inside other objects,
which may not have their state yet. The recipe for a new schema version is at the top of `registry.py`.

The meshes, their interpolators and their geometries are numbered after the states that releases of
PyAutoArray gave them: versions 1 to 6 are those states, as they were, and version 7 adds what this project
stores and no release did. A type that came later, or went earlier, has the numbers from the one that it
came with to the present. What a later version has no place for, but the present one has, is carried there
through the versions between.

| version | releases |
| --- | --- |
| 1 | 2026.5.1.4 to 2026.5.14.2 |
| 2 | 2026.5.21.1 to 2026.7.9.1 |
| 3 | 2026.7.15.1 to 2026.7.23.1 |
| 4 | 2026.7.25.2 to 2026.8.20.1 |
| 5 | 2026.8.22.1 to 2026.9.4.1 |
| 6 | 2026.9.8.1 to 2026.10.26.1 |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from serialization._schema.registry import Migration
from serialization.errors import SchemaError

State = dict[str, Any]
Versions = dict[int, Migration]

_GEOMETRY = ("mesh", "mesh_grid", "data_grid", "mesh_weight_map")
_INTERPOLATOR = ("mesh", "mesh_grid", "data_grid", "adapt_data", "use_jax")
_ROTATION = ("rotation_matrix", "rotation_centroid")
_KERNEL = ("kernel_bandwidth", "kernel_knots")


def _unchanged(state: State) -> State:
    return state


def _with_defaults(**defaults: Any) -> Callable[[State], State]:
    return lambda state: {**defaults, **state}


def _without(*names: str) -> Callable[[State], State]:
    return lambda state: {name: value for name, value in state.items() if name not in names}


# ------------------------------------------------------------------ geometries


def _flag_of_module(state: State) -> State:
    module = state.pop("_xp")
    if module not in ("numpy", "jax.numpy"):
        raise SchemaError(f"expected numpy or jax.numpy as _xp, found {module!r:.80}")
    return {**state, "_use_jax": module == "jax.numpy"}


def _edges_of_cells(state: State) -> State:
    return {"kernel_bandwidth": None, "kernel_knots": None, "edge_convention": "cells", **state}


def _spline_fit(use_jax: bool) -> str:
    # These releases fitted the polynomial by numpy.polyfit on NumPy, by normal equations on JAX, which weigh otherwise.
    return "squares" if use_jax else "residuals"


def _transform_of_geometry(state: State) -> State:
    # Which options these releases gave a geometry said which transform it had.
    if state["kernel_bandwidth"] is not None:
        transform = "kernel"
    else:
        transform = "rank" if state["spline_deg"] is None else "spline"
    if transform == "spline":
        return _spline_of_geometry(state)
    return {**state, "transform": transform, "spline_fit": "residuals"}


def _spline_of_geometry(state: State) -> State:
    # What has no convention yet is of version 3, where the polynomial went on beyond the coordinates.
    fit = _spline_fit(state["_use_jax"])
    return {"edge_convention": "extrapolated", **state, "transform": "spline", "spline_fit": fit}


def _present_rectangular(state: State) -> State:
    return {
        "spline_deg": None,
        "spline_fit": "residuals",
        "edge_convention": "nodes",
        "area_convention": "nodes",
        **state,
    }


def _present_delaunay(state: State) -> State:
    dual_areas = state.pop("dual_areas")
    return {"area_convention": "dual", **state, "_dual_areas": dual_areas}


def _geometries(extra: tuple[str, ...], transform: Callable[[State], State]) -> Versions:
    both = ("edge_convention", "area_convention")
    return {
        1: Migration((*_GEOMETRY, "spline_deg", "_xp", *extra), _flag_of_module),
        2: Migration((*_GEOMETRY, "spline_deg", "_use_jax", *extra), _edges_of_cells),
        3: Migration((*_GEOMETRY, "spline_deg", *_KERNEL, "_use_jax", *extra), transform),
        4: Migration((*_GEOMETRY, *_KERNEL, "_use_jax", *extra), _with_defaults(transform="kernel")),
        5: Migration(
            (*_GEOMETRY, *_KERNEL, "transform", "_use_jax", *extra), _with_defaults(area_convention="cells"), both
        ),
        # The areas were defined anew in 2026.10.4.1, with no change of state: the loader says which, if it knows.
        6: Migration((*_GEOMETRY, *_KERNEL, "transform", "_use_jax", *extra), _present_rectangular, both),
    }


def _delaunay_geometries() -> Versions:
    versions = _geometries((), _without("spline_deg"))
    versions[2] = Migration(versions[2].fields, _with_defaults(kernel_bandwidth=None, kernel_knots=None))
    versions[5] = Migration(versions[5].fields, _with_defaults(area_convention="voronoi", dual_areas=None))
    versions[6] = Migration((*versions[5].fields, "dual_areas"), _present_delaunay, ("area_convention",))
    return versions


# ------------------------------------------------------------------ interpolators


def _present_flag(state: State) -> State:
    use_jax = state.pop("use_jax")
    return {**state, "_use_jax": use_jax}


def _transform_of_interpolator(state: State) -> State:
    transform = "kernel" if "bandwidth" in state else "spline" if "spline_deg" in state else "rank"
    fit = _spline_fit(state["use_jax"] and transform == "spline")
    return {"bandwidth": 1.0, "n_knots": 64, **state, "transform": transform, "spline_fit": fit}


def _exchanged(state: State) -> State:
    # Every adaptive rectangular mesh of these releases exchanged the weights of the two rows.
    transform = "spline" if "spline_deg" in state else "kernel"
    return {"transform": transform, **state, "row_weights": "exchanged"}


def _present_interpolator(state: State) -> State:
    return _present_flag({"row_weights": "bilinear", "spline_deg": 11, "spline_fit": "residuals", **state})


def _present_rotated(state: State) -> State:
    # No release wrote one after version 3; with less than that version has, it would be a spline one all the same.
    return _present_interpolator({"bandwidth": 1.0, "n_knots": 64, "transform": "spline", **state})


def _rectangular_interpolators() -> Versions:
    first = (*_INTERPOLATOR, "mesh_weight_map")
    last = (*first, "bandwidth", "n_knots", "transform")
    return {
        1: Migration(first, _unchanged, ("spline_deg",)),
        2: Migration(first, _unchanged, ("spline_deg",)),
        3: Migration(first, _transform_of_interpolator, ("spline_deg", "bandwidth", "n_knots")),
        4: Migration((*first, "bandwidth", "n_knots"), _exchanged),
        # Corrected in 2026.8.29.1, with no change of state: the loader says which, if it knows.
        5: Migration(last, _unchanged, ("row_weights",)),
        6: Migration(last, _present_interpolator, ("row_weights",)),
    }


def _rotated_interpolators() -> Versions:
    fields = (*_INTERPOLATOR, "mesh_weight_map", "spline_deg", *_ROTATION)
    functions = (_unchanged, _transform_of_interpolator, _exchanged, _unchanged, _present_rotated)
    return _same_fields(fields, dict(enumerate(functions, start=2)))


def _same_fields(fields: Iterable[str], functions: Mapping[int, Callable[[State], State]]) -> Versions:
    return {version: Migration(tuple(fields), function) for version, function in functions.items()}


def _interpolators(first: int, *extra: str) -> Versions:
    """Those whose state was the same in all releases."""
    functions = dict.fromkeys(range(first, 6), _unchanged) | {6: _present_flag}
    return _same_fields((*_INTERPOLATOR, *extra), functions)


# ------------------------------------------------------------------ meshes


def _rank_meshes(*extra: str) -> Versions:
    # "RectangularAdapt*" up to 2026.7.23.1; in releases of version 4 that was the name of the kernel meshes.
    old, new = ("shape", "pixels", *extra), ("shape", "pixels", "bandwidth", "n_knots", *extra)
    drop = _without("pixels", "bandwidth", "n_knots")
    return _same_fields(old, dict.fromkeys((1, 2, 3), _unchanged)) | {
        4: Migration(old, _with_defaults(bandwidth=1.0, n_knots=64)),
        5: Migration(new, _unchanged),
        6: Migration(new, drop),
    }


def _kernel_meshes(*extra: str) -> Versions:
    fields = ("shape", "pixels", "bandwidth", "n_knots", *extra)
    return _same_fields(fields, dict.fromkeys((3, 4, 5), _unchanged) | {6: _without("pixels")})


def _spline_meshes(first: int, *extra: str) -> Versions:
    functions = dict.fromkeys(range(first, 6), _unchanged) | {6: _without("pixels")}
    return _same_fields(("shape", "pixels", "spline_deg", *extra), functions)


def _uniform_meshes() -> Versions:
    old, new = ("shape", "pixels"), ("shape", "pixels", "bandwidth", "n_knots")
    return {
        1: Migration(old, _unchanged),
        2: Migration(old, _unchanged),
        3: Migration(old, _with_defaults(bandwidth=1.0, n_knots=64)),
        4: Migration(new, _unchanged),
        5: Migration(new, _unchanged),
        6: Migration(new, _without("pixels")),
    }


def _zeroed_pixels(state: State) -> State:
    zeroed = state.pop("_zeroed_pixels")
    return {**state, "zeroed_pixels": 0 if zeroed is None else zeroed}


def _vertex_meshes(first: int, *extra: str) -> Versions:
    functions = dict.fromkeys(range(first, 5), _unchanged) | {5: _zeroed_pixels}
    return _same_fields(("pixels", "areas_factor", "_zeroed_pixels", *extra), functions)


_NEAREST = ("k_neighbors", "split_neighbor_division", "radius_scale")
_WEIGHTED = ("weight_power", "weight_floor")
_ROTATED = {
    version: migration for version, migration in _geometries(_ROTATION, _spline_of_geometry).items() if version > 1
}

MIGRATIONS: Mapping[str, Mapping[int, Migration]] = {
    "autoarray.MeshGeometryRectangular": _geometries((), _transform_of_geometry),
    "autoarray.MeshGeometryRectangularRotated": _ROTATED,
    "autoarray.MeshGeometryDelaunay": _delaunay_geometries(),
    "autoarray.InterpolatorRectangular": _rectangular_interpolators(),
    "autoarray.InterpolatorRectangularRotatedSpline": _rotated_interpolators(),
    "autoarray.InterpolatorRectangularUniform": _interpolators(1, "mesh_weight_map"),
    "autoarray.InterpolatorDelaunay": _interpolators(1),
    "autoarray.InterpolatorDelaunayNN": _interpolators(4),
    "autoarray.InterpolatorKNearestNeighbor": _interpolators(1),
    "autoarray.InterpolatorKNNBarycentric": _interpolators(2),
    "autoarray.mesh.RectangularUniform": _uniform_meshes(),
    "autoarray.mesh.RectangularBilinearAdaptDensity": _rank_meshes(),
    "autoarray.mesh.RectangularBilinearAdaptImage": _rank_meshes(*_WEIGHTED),
    "autoarray.mesh.RectangularRTUAdaptDensity": _kernel_meshes(),
    "autoarray.mesh.RectangularRTUAdaptImage": _kernel_meshes(*_WEIGHTED),
    "autoarray.mesh.RectangularSplineAdaptDensity": _spline_meshes(1),
    "autoarray.mesh.RectangularSplineAdaptImage": _spline_meshes(1, *_WEIGHTED),
    "autoarray.mesh.RectangularRotatedAdaptImage": _spline_meshes(2, *_WEIGHTED),
    "autoarray.mesh.Delaunay": _vertex_meshes(1),
    "autoarray.mesh.DelaunayNN": _vertex_meshes(4),
    "autoarray.mesh.KNearestNeighbor": _vertex_meshes(1, *_NEAREST),
    "autoarray.mesh.KNNBarycentric": _vertex_meshes(2, *_NEAREST),
}
