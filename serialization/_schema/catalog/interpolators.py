"""The interpolators and the triangulations that they keep, with the migrations from the states of earlier releases."""

# pyright: strict

from __future__ import annotations

from serialization._schema.catalog.entry import Entry, State, Versions, keep, steps_of
from serialization._schema.catalog.geometries import spline_fit_of
from serialization._schema.schema import Migration

_PACKAGE = "autoarray.inversion.mesh.interpolator."
_GRIDS = ("mesh", "mesh_grid", "data_grid", "adapt_data")
_OLD = (*_GRIDS, "use_jax")
_TRANSFORM = ("bandwidth", "n_knots", "transform", "row_weights", "spline_deg", "spline_fit")
_RECTANGULAR = (*_GRIDS, "mesh_weight_map", *_TRANSFORM, "_use_jax")
_ROTATION = ("rotation_matrix", "rotation_centroid")
_TRIANGULATION = ("points", "simplices", "mappings", "split_points", "splitted_mappings", "dual_areas")


def _3_to_4_transform(state: State) -> State:
    transform = "kernel" if "bandwidth" in state else "spline" if "spline_deg" in state else "rank"
    fit = spline_fit_of(state["use_jax"] and transform == "spline")
    return {"bandwidth": 1.0, "n_knots": 64, **state, "transform": transform, "spline_fit": fit}


def _4_to_5_exchanged_row_weights(state: State) -> State:
    # Every adaptive rectangular mesh of these releases exchanged the weights of the two rows.
    transform = "spline" if "spline_deg" in state else "kernel"
    return {"transform": transform, **state, "row_weights": "exchanged"}


def _6_to_7_flag(state: State) -> State:
    use_jax = state.pop("use_jax")
    return {**state, "_use_jax": use_jax}


def _6_to_7_row_weights(state: State) -> State:
    return _6_to_7_flag({"row_weights": "bilinear", "spline_deg": 11, "spline_fit": "residuals", **state})


def _6_to_7_rotated(state: State) -> State:
    # No release wrote one after version 3; with less than that version has, it would be a spline one all the same.
    return _6_to_7_row_weights({"bandwidth": 1.0, "n_knots": 64, "transform": "spline", **state})


def _rectangular_migrations() -> Versions:
    first = (*_OLD, "mesh_weight_map")
    last = (*first, "bandwidth", "n_knots", "transform")
    return {
        1: Migration(first, keep, ("spline_deg",)),
        2: Migration(first, keep, ("spline_deg",)),
        3: Migration(first, _3_to_4_transform, ("spline_deg", "bandwidth", "n_knots")),
        4: Migration((*first, "bandwidth", "n_knots"), _4_to_5_exchanged_row_weights),
        # Corrected in 2026.8.29.1, with no change of state: the loader says which, if it knows.
        5: Migration(last, keep, ("row_weights",)),
        6: Migration(last, _6_to_7_row_weights, ("row_weights",)),
    }


def _rotated_migrations() -> Versions:
    steps = {
        2: keep,
        3: _3_to_4_transform,
        4: _4_to_5_exchanged_row_weights,
        5: keep,
        6: _6_to_7_rotated,
    }
    return steps_of((*_OLD, "mesh_weight_map", "spline_deg", *_ROTATION), steps)


def _flag_migrations(since: int, *extra: str) -> Versions:
    """Of interpolators whose state was the same in all releases."""
    return steps_of((*_OLD, *extra), {**dict.fromkeys(range(since, 6), keep), 6: _6_to_7_flag})


TYPES = (
    Entry(
        "autoarray.InterpolatorRectangular",
        f"{_PACKAGE}rectangular:InterpolatorRectangular",
        _RECTANGULAR,
        version=7,
        migrations=_rectangular_migrations(),
    ),
    Entry(
        "autoarray.InterpolatorRectangularRotatedSpline",
        f"{_PACKAGE}rectangular_rotated_spline:InterpolatorRectangularRotatedSpline",
        (*_RECTANGULAR, *_ROTATION),
        version=7,
        migrations=_rotated_migrations(),
        since=2,
    ),
    Entry(
        "autoarray.InterpolatorRectangularUniform",
        f"{_PACKAGE}rectangular_uniform:InterpolatorRectangularUniform",
        (*_GRIDS, "mesh_weight_map", "_use_jax"),
        version=7,
        migrations=_flag_migrations(1, "mesh_weight_map"),
    ),
    Entry(
        "autoarray.InterpolatorDelaunay",
        f"{_PACKAGE}delaunay:InterpolatorDelaunay",
        (*_GRIDS, "_use_jax"),
        version=7,
        migrations=_flag_migrations(1),
    ),
    Entry(
        "autoarray.InterpolatorDelaunayNN",
        f"{_PACKAGE}sibson:InterpolatorDelaunayNN",
        (*_GRIDS, "_use_jax"),
        version=7,
        migrations=_flag_migrations(4),
        since=4,
    ),
    Entry(
        "autoarray.InterpolatorKNearestNeighbor",
        f"{_PACKAGE}knn:InterpolatorKNearestNeighbor",
        (*_GRIDS, "_use_jax"),
        version=7,
        migrations=_flag_migrations(1),
    ),
    Entry(
        "autoarray.InterpolatorKNNBarycentric",
        f"{_PACKAGE}knn:InterpolatorKNNBarycentric",
        (*_GRIDS, "_use_jax"),
        version=7,
        migrations=_flag_migrations(2),
        since=2,
    ),
    Entry("autoarray.DelaunayInterface", f"{_PACKAGE}delaunay:DelaunayInterface", (*_TRIANGULATION, "_use_jax")),
    Entry(
        "autoarray.DelaunayNNInterface",
        f"{_PACKAGE}sibson:DelaunayNNInterface",
        (
            *_TRIANGULATION,
            "weights",
            "splitted_weights",
            "cavity_sizes",
            "overflow",
            "degenerate",
            "split_cavity_sizes",
            "split_overflow",
            "split_degenerate",
            "_use_jax",
        ),
    ),
)
