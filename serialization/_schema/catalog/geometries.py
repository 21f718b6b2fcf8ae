"""The geometries of the meshes, with their migrations from the states of earlier releases."""

# pyright: strict

from __future__ import annotations

from serialization._schema.catalog.entry import Entry, State, Step, Versions
from serialization._schema.schema import Migration
from serialization.errors import SchemaError

_PACKAGE = "autoarray.inversion.mesh.mesh_geometry."
_GRIDS = ("mesh", "mesh_grid", "data_grid", "mesh_weight_map")
_KERNEL = ("kernel_bandwidth", "kernel_knots")
_ROTATION = ("rotation_matrix", "rotation_centroid")
_CONVENTIONS = ("edge_convention", "area_convention")
_RECTANGULAR = (*_GRIDS, *_KERNEL, "transform", "spline_deg", "spline_fit", *_CONVENTIONS, "_use_jax")


def spline_fit_of(use_jax: bool) -> str:
    """What the releases that had a spline transform minimized when they fitted its polynomial."""
    # By numpy.polyfit on NumPy, by normal equations on JAX, which weigh otherwise.
    return "squares" if use_jax else "residuals"


def _1_to_2_flag(state: State) -> State:
    module = state.pop("_xp")
    if module not in ("numpy", "jax.numpy"):
        raise SchemaError(f"expected numpy or jax.numpy as _xp, found {module!r:.80}")
    return {**state, "_use_jax": module == "jax.numpy"}


# ------------------------------------------------------------------ rectangular


def _2_to_3_edges_of_cells(state: State) -> State:
    return {"kernel_bandwidth": None, "kernel_knots": None, "edge_convention": "cells", **state}


def _3_to_4_transform(state: State) -> State:
    # Which options these releases gave a geometry said which transform it had.
    if state["kernel_bandwidth"] is not None:
        transform = "kernel"
    else:
        transform = "rank" if state["spline_deg"] is None else "spline"
    if transform == "spline":
        return _3_to_4_spline(state)
    return {**state, "transform": transform, "spline_fit": "residuals"}


def _3_to_4_spline(state: State) -> State:
    # What has no convention yet is of version 3, where the polynomial went on beyond the coordinates.
    fit = spline_fit_of(state["_use_jax"])
    return {"edge_convention": "extrapolated", **state, "transform": "spline", "spline_fit": fit}


def _4_to_5_kernel(state: State) -> State:
    return {"transform": "kernel", **state}


def _5_to_6_areas_of_cells(state: State) -> State:
    return {"area_convention": "cells", **state}


def _6_to_7_conventions(state: State) -> State:
    # The areas were defined anew in 2026.10.4.1, with no change of state: the loader says which, if it knows.
    return {
        "spline_deg": None,
        "spline_fit": "residuals",
        "edge_convention": "nodes",
        "area_convention": "nodes",
        **state,
    }


def _rectangular_migrations(from_3: Step, *extra: str) -> Versions:
    with_transform = (*_GRIDS, *_KERNEL, "transform", "_use_jax", *extra)
    return {
        1: Migration((*_GRIDS, "spline_deg", "_xp", *extra), _1_to_2_flag),
        2: Migration((*_GRIDS, "spline_deg", "_use_jax", *extra), _2_to_3_edges_of_cells),
        3: Migration((*_GRIDS, "spline_deg", *_KERNEL, "_use_jax", *extra), from_3),
        4: Migration((*_GRIDS, *_KERNEL, "_use_jax", *extra), _4_to_5_kernel),
        5: Migration(with_transform, _5_to_6_areas_of_cells, _CONVENTIONS),
        6: Migration(with_transform, _6_to_7_conventions, _CONVENTIONS),
    }


def _rotated_migrations() -> Versions:
    versions = _rectangular_migrations(_3_to_4_spline, *_ROTATION)
    del versions[1]  # the first of them came with version 2
    return versions


# ------------------------------------------------------------------ Delaunay


def _2_to_3_no_kernel(state: State) -> State:
    return {"kernel_bandwidth": None, "kernel_knots": None, **state}


def _3_to_4_without_spline(state: State) -> State:
    return {name: value for name, value in state.items() if name != "spline_deg"}


def _5_to_6_voronoi_areas(state: State) -> State:
    return {"area_convention": "voronoi", "dual_areas": None, **state}


def _6_to_7_dual_areas(state: State) -> State:
    dual_areas = state.pop("dual_areas")
    return {"area_convention": "dual", **state, "_dual_areas": dual_areas}


def _delaunay_migrations() -> Versions:
    with_transform = (*_GRIDS, *_KERNEL, "transform", "_use_jax")
    return {
        1: Migration((*_GRIDS, "spline_deg", "_xp"), _1_to_2_flag),
        2: Migration((*_GRIDS, "spline_deg", "_use_jax"), _2_to_3_no_kernel),
        3: Migration((*_GRIDS, "spline_deg", *_KERNEL, "_use_jax"), _3_to_4_without_spline),
        4: Migration((*_GRIDS, *_KERNEL, "_use_jax"), _4_to_5_kernel),
        5: Migration(with_transform, _5_to_6_voronoi_areas),
        6: Migration((*with_transform, "dual_areas"), _6_to_7_dual_areas, ("area_convention",)),
    }


TYPES = (
    Entry(
        "autoarray.MeshGeometryRectangular",
        f"{_PACKAGE}rectangular:MeshGeometryRectangular",
        _RECTANGULAR,
        version=7,
        migrations=_rectangular_migrations(_3_to_4_transform),
    ),
    Entry(
        "autoarray.MeshGeometryRectangularRotated",
        f"{_PACKAGE}rectangular_rotated:MeshGeometryRectangularRotated",
        (*_RECTANGULAR, *_ROTATION),
        version=7,
        migrations=_rotated_migrations(),
        since=2,
    ),
    Entry(
        "autoarray.MeshGeometryDelaunay",
        f"{_PACKAGE}delaunay:MeshGeometryDelaunay",
        (*_GRIDS, *_KERNEL, "transform", "_dual_areas", "area_convention", "_use_jax"),
        version=7,
        migrations=_delaunay_migrations(),
    ),
)
