"""Graphs of old pickles made by hand: what the reader of pickles returns, without a pickle."""

from __future__ import annotations

from typing import Any

import numpy as np

from serialization._legacy import load as loader
from serialization._pickle.nodes import Foreign, JaxArray, ModuleReference

MESH = "autoarray.inversion.mesh."
SHAPE = (5, 6)
# The state of each version of the geometry of a rectangular mesh beyond its mesh and grids.
GEOMETRIES = {
    1: {"spline_deg": None, "_xp": ModuleReference("numpy")},
    2: {"spline_deg": None, "_use_jax": False},
    3: {"spline_deg": None, "kernel_bandwidth": None, "kernel_knots": None, "_use_jax": False},
    4: {"kernel_bandwidth": None, "kernel_knots": None, "_use_jax": False},
    5: {"kernel_bandwidth": None, "kernel_knots": None, "transform": "rank", "_use_jax": False},
    6: {"kernel_bandwidth": None, "kernel_knots": None, "transform": "rank", "_use_jax": False},
}
NEWEST, OLDEST_OF_5 = "2026.10.26.1", "2026.8.22.1"


def load(monkeypatch: Any, root: Any, **arguments: Any) -> Any:
    """What `load_pickle` makes of a graph."""
    monkeypatch.setattr(loader, "read_pickle", lambda data: root)
    return loader.load_pickle(b"made by hand", **arguments)


def array(values: Any, use_jax: bool = False) -> Any:
    values = np.asarray(values)
    return JaxArray(values) if use_jax else values


def mask() -> Foreign:
    return Foreign(
        "autoarray.mask.mask_2d",
        "Mask2D",
        {
            "_array": np.zeros((4, 4), bool),
            "_is_transformed": False,
            "use_jax": False,
            "pixel_scales": (0.1, 0.1),
            "origin": (0.0, 0.0),
            "slim_to_native_tuple": (np.zeros(16, np.int32), np.zeros(16, np.int32)),
        },
    )


def irregular(values: Any, use_jax: bool = False) -> Foreign:
    state = {"_array": array(values, use_jax), "_is_transformed": False, "use_jax": use_jax}
    return Foreign("autoarray.structures.grids.irregular_2d", "Grid2DIrregular", state)


def grid(use_jax: bool = False) -> Foreign:
    rng = np.random.default_rng(5)
    own = rng.normal(size=(16, 2))
    state = {
        "_array": array(own, use_jax),
        "_is_transformed": False,
        "use_jax": use_jax,
        "mask": mask(),
        "_over_sample_size": 2,
        "_over_sampler": None,
        "_over_sampled": irregular(np.repeat(own, 4, axis=0) + 0.05 * rng.normal(size=(64, 2)), use_jax),
    }
    return Foreign("autoarray.structures.grids.uniform_2d", "Grid2D", state)


def mesh(name: str = "RectangularAdaptDensity", module: str = "rectangular_adapt_density", **state: Any) -> Foreign:
    own = {"shape": SHAPE, "pixels": SHAPE[0] * SHAPE[1]}
    return Foreign(f"{MESH}mesh.{module}", name, own | state)


def grids(use_jax: bool = False, **own: Any) -> dict[str, Any]:
    """What geometries and interpolators share."""
    y, x = np.divmod(np.arange(SHAPE[0] * SHAPE[1]), SHAPE[1])
    centres = irregular(np.stack((2.0 - y, x - 2.5), axis=1), use_jax)
    return {"mesh": mesh(), "mesh_grid": centres, "data_grid": grid(use_jax), "mesh_weight_map": None} | own


def geometry(version: int, **state: Any) -> Foreign:
    return Foreign(f"{MESH}mesh_geometry.rectangular", "MeshGeometryRectangular", grids() | GEOMETRIES[version] | state)


def interpolator(**state: Any) -> Foreign:
    return Foreign(
        f"{MESH}interpolator.rectangular",
        "InterpolatorRectangular",
        grids() | {"adapt_data": None, "use_jax": False} | state,
    )


def newer_interpolator(**state: Any) -> Foreign:
    """One of schema version 5 or 6."""
    own = mesh("RectangularBilinearAdaptDensity", "rectangular_bilinear_adapt_density", bandwidth=1.0, n_knots=64)
    return interpolator(**({"mesh": own, "bandwidth": 1.0, "n_knots": 64, "transform": "rank"} | state))


def settings(*extra: str) -> Foreign:
    names = ("use_positive_only_solver", "use_edge_zeroed_pixels", "use_border_relocator")
    old = {f"_{name}": None for name in (*names, "no_regularization_add_to_curvature_diag_value")}
    return Foreign("autoarray.settings", "Settings", {"use_mixed_precision": False} | old | dict.fromkeys(extra))
