"""The meshes and the image meshes, with the migrations of the meshes from the states of earlier releases."""

# pyright: strict

from __future__ import annotations

from serialization._schema.catalog.entry import Entry, State, Versions, keep, steps_of
from serialization._schema.schema import Migration

_MESH = "autoarray.inversion.mesh.mesh."
_IMAGE_MESH = "autoarray.inversion.mesh.image_mesh."
_BORDER = "autoarray.inversion.mesh.border_relocator"
_KERNEL = ("bandwidth", "n_knots")
_WEIGHTED = ("weight_power", "weight_floor")
_VERTICES = ("pixels", "areas_factor", "zeroed_pixels")
_NEAREST = ("k_neighbors", "split_neighbor_division", "radius_scale")


# ------------------------------------------------------------------ rectangular meshes


def _3_to_4_kernel(state: State) -> State:
    return {"bandwidth": 1.0, "n_knots": 64, **state}


def _4_to_5_kernel(state: State) -> State:
    # In the releases of version 4 the names of the rank meshes were those of the kernel meshes.
    return {"bandwidth": 1.0, "n_knots": 64, **state}


def _6_to_7_without_pixels(state: State) -> State:
    return {name: value for name, value in state.items() if name != "pixels"}


def _6_to_7_without_pixels_and_kernel(state: State) -> State:
    return {name: value for name, value in state.items() if name not in ("pixels", "bandwidth", "n_knots")}


def _uniform_migrations() -> Versions:
    old, new = ("shape", "pixels"), ("shape", "pixels", *_KERNEL)
    return {
        1: Migration(old, keep),
        2: Migration(old, keep),
        3: Migration(old, _3_to_4_kernel),
        4: Migration(new, keep),
        5: Migration(new, keep),
        6: Migration(new, _6_to_7_without_pixels),
    }


def _rank_migrations(*extra: str) -> Versions:
    """Called "RectangularAdapt*" up to 2026.7.23.1."""
    old, new = ("shape", "pixels", *extra), ("shape", "pixels", *_KERNEL, *extra)
    return {
        1: Migration(old, keep),
        2: Migration(old, keep),
        3: Migration(old, keep),
        4: Migration(old, _4_to_5_kernel),
        5: Migration(new, keep),
        6: Migration(new, _6_to_7_without_pixels_and_kernel),
    }


def _kernel_migrations(*extra: str) -> Versions:
    fields = ("shape", "pixels", *_KERNEL, *extra)
    return steps_of(fields, {3: keep, 4: keep, 5: keep, 6: _6_to_7_without_pixels})


def _spline_migrations(since: int, *extra: str) -> Versions:
    fields = ("shape", "pixels", "spline_deg", *extra)
    return steps_of(fields, {**dict.fromkeys(range(since, 6), keep), 6: _6_to_7_without_pixels})


_RECTANGULAR = (
    Entry(
        "autoarray.mesh.RectangularUniform",
        f"{_MESH}rectangular_uniform:RectangularUniform",
        ("shape", *_KERNEL),
        version=7,
        migrations=_uniform_migrations(),
    ),
    Entry(
        "autoarray.mesh.RectangularBilinearAdaptDensity",
        f"{_MESH}rectangular_bilinear_adapt_density:RectangularBilinearAdaptDensity",
        ("shape",),
        version=7,
        migrations=_rank_migrations(),
    ),
    Entry(
        "autoarray.mesh.RectangularBilinearAdaptImage",
        f"{_MESH}rectangular_bilinear_adapt_image:RectangularBilinearAdaptImage",
        ("shape", *_WEIGHTED),
        version=7,
        migrations=_rank_migrations(*_WEIGHTED),
    ),
    Entry(
        "autoarray.mesh.RectangularRTUAdaptDensity",
        f"{_MESH}rectangular_rtu_adapt_density:RectangularRTUAdaptDensity",
        ("shape", *_KERNEL),
        version=7,
        migrations=_kernel_migrations(),
        since=3,
    ),
    Entry(
        "autoarray.mesh.RectangularRTUAdaptImage",
        f"{_MESH}rectangular_rtu_adapt_image:RectangularRTUAdaptImage",
        ("shape", *_WEIGHTED, *_KERNEL),
        version=7,
        migrations=_kernel_migrations(*_WEIGHTED),
        since=3,
    ),
    Entry(
        "autoarray.mesh.RectangularSplineAdaptDensity",
        f"{_MESH}rectangular_spline_adapt_density:RectangularSplineAdaptDensity",
        ("shape", "spline_deg"),
        version=7,
        migrations=_spline_migrations(1),
    ),
    Entry(
        "autoarray.mesh.RectangularSplineAdaptImage",
        f"{_MESH}rectangular_spline_adapt_image:RectangularSplineAdaptImage",
        ("shape", *_WEIGHTED, "spline_deg"),
        version=7,
        migrations=_spline_migrations(1, *_WEIGHTED),
    ),
    Entry(
        "autoarray.mesh.RectangularRotatedAdaptImage",
        f"{_MESH}rectangular_rotated_adapt_image:RectangularRotatedAdaptImage",
        ("shape", *_WEIGHTED, "spline_deg"),
        version=7,
        migrations=_spline_migrations(2, *_WEIGHTED),
        since=2,
    ),
)


# ------------------------------------------------------------------ meshes of vertices


def _5_to_6_zeroed_pixels(state: State) -> State:
    zeroed = state.pop("_zeroed_pixels")
    return {**state, "zeroed_pixels": 0 if zeroed is None else zeroed}


def _vertices_migrations(since: int, *extra: str) -> Versions:
    fields = ("pixels", "areas_factor", "_zeroed_pixels", *extra)
    return steps_of(fields, {**dict.fromkeys(range(since, 5), keep), 5: _5_to_6_zeroed_pixels})


_OF_VERTICES = (
    Entry(
        "autoarray.mesh.Delaunay", f"{_MESH}delaunay:Delaunay", _VERTICES, version=6, migrations=_vertices_migrations(1)
    ),
    Entry(
        "autoarray.mesh.DelaunayNN",
        f"{_MESH}delaunay_nn:DelaunayNN",
        _VERTICES,
        version=6,
        migrations=_vertices_migrations(4),
        since=4,
    ),
    Entry(
        "autoarray.mesh.KNearestNeighbor",
        f"{_MESH}knn:KNearestNeighbor",
        (*_VERTICES, *_NEAREST),
        version=6,
        migrations=_vertices_migrations(1, *_NEAREST),
    ),
    Entry(
        "autoarray.mesh.KNNBarycentric",
        f"{_MESH}knn:KNNBarycentric",
        (*_VERTICES, *_NEAREST),
        version=6,
        migrations=_vertices_migrations(2, *_NEAREST),
        since=2,
    ),
)


# ------------------------------------------------------------------ around the meshes

_AROUND = (
    Entry("autoarray.image_mesh.Overlay", f"{_IMAGE_MESH}overlay:Overlay", ("shape",)),
    Entry("autoarray.image_mesh.Hilbert", f"{_IMAGE_MESH}hilbert:Hilbert", ("pixels", "weight_floor", "weight_power")),
    Entry("autoarray.image_mesh.KMeans", f"{_IMAGE_MESH}kmeans:KMeans", ("pixels", "weight_floor", "weight_power")),
    Entry("autoarray.BorderRelocator", f"{_BORDER}:BorderRelocator", ("mask", "sub_size")),
)

TYPES = (*_RECTANGULAR, *_OF_VERTICES, *_AROUND)
