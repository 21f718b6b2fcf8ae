"""Which schema version a state is of, and what the migrations make of it, from pickles and from payloads."""

from __future__ import annotations

import copy

import nodes
import numpy as np
import pytest
from payloads import payload, ref

import autoarray as aa
import serialization
from serialization import LoadReport
from serialization._legacy import types as legacy_types
from serialization._pickle.nodes import Foreign, ModuleReference
from serialization._schema import catalog, registry

FAMILY = sorted({one.type for alternatives in legacy_types.FAMILY.values() for one in alternatives})
KERNEL = {"bandwidth": 0.7, "n_knots": 20}
FIRST = {  # the first version of those that came later
    "autoarray.MeshGeometryRectangularRotated": 2,
    "autoarray.InterpolatorRectangularRotatedSpline": 2,
    "autoarray.InterpolatorKNNBarycentric": 2,
    "autoarray.mesh.KNNBarycentric": 2,
    "autoarray.mesh.RectangularRotatedAdaptImage": 2,
    "autoarray.mesh.RectangularRTUAdaptDensity": 3,
    "autoarray.mesh.RectangularRTUAdaptImage": 3,
    "autoarray.InterpolatorDelaunayNN": 4,
    "autoarray.mesh.DelaunayNN": 4,
}


def test_the_family_has_versions_to_the_present():
    # The others with a second version got it from this project.
    assert sorted(entry.name for entry in catalog.TYPES if set(entry.migrations) - {1}) == FAMILY
    for name in FAMILY:
        schema = registry.find(name)
        vertices = name in {f"autoarray.mesh.{one}" for one in ("Delaunay", "DelaunayNN", "KNearestNeighbor")}
        assert schema.version == (6 if vertices or name == "autoarray.mesh.KNNBarycentric" else 7), name
        assert min(schema.migrations) == FIRST.get(name, 1), name


@pytest.mark.parametrize("name", FAMILY)
def test_every_version_leads_to_the_present_fields(name):
    schema = registry.find(name)
    for first in schema.migrations:
        fields = schema.migrations[first].fields
        state = {field: "numpy" if field == "_xp" else None if field == "spline_deg" else field for field in fields}
        before = copy.deepcopy(state)
        moved = {**state, "_derived": {}}
        for version in range(first, schema.version):
            moved = schema.migrations[version].function(moved)
        assert set(moved) - {"_derived"} == set(schema.fields), first
        assert state == before
        kept = [field for field in fields if field in schema.fields and field not in ("transform", "_use_jax")]
        assert [moved[field] for field in kept] == [state[field] for field in kept]


@pytest.mark.parametrize("version", range(1, 7))
def test_a_payload_of_an_older_version(version):
    """The migrations serve msgpack too."""
    schema = registry.find("autoarray.MeshGeometryRectangular")
    fields = list(schema.migrations[version].fields)
    values = {"mesh": None, "mesh_grid": None, "data_grid": None, "mesh_weight_map": None, **nodes.GEOMETRIES[version]}
    values = {name: "numpy" if isinstance(value, ModuleReference) else value for name, value in values.items()}
    types = [["autoarray.MeshGeometryRectangular", version, fields, []]]
    found = serialization.loads(payload(ref(0), [[values[name] for name in fields]], objects=[0], types=types))
    assert type(found).__name__ == "MeshGeometryRectangular"
    assert vars(found).keys() == set(schema.fields)
    assert found.transform == ("kernel" if version == 4 else "rank")
    assert found.area_convention == ("nodes" if version == 6 else "cells")
    assert found.edge_convention == ("cells" if version < 3 else "nodes")
    assert found.use_jax is False


@pytest.mark.parametrize(
    ("version", "state", "expected"),
    [
        (1, {}, ("rank", "cells", "cells")),
        (1, {"spline_deg": 7}, ("spline", "cells", "cells")),
        (2, {"spline_deg": 7}, ("spline", "cells", "cells")),
        (3, {}, ("rank", "nodes", "cells")),
        (3, {"kernel_bandwidth": 0.5, "kernel_knots": 9}, ("kernel", "nodes", "cells")),
        (4, {}, ("kernel", "nodes", "cells")),
        (5, {}, ("rank", "nodes", "cells")),
        (5, {"transform": "kernel"}, ("kernel", "nodes", "cells")),
        (6, {}, ("rank", "nodes", "nodes")),
    ],
)
def test_geometries(version, state, expected, monkeypatch):
    written_by = {5: nodes.OLDEST_OF_5, 6: nodes.NEWEST}.get(version)
    report = LoadReport()
    found = nodes.load(monkeypatch, nodes.geometry(version, **state), written_by=written_by, report=report)
    assert (found.transform, found.edge_convention, found.area_convention) == expected
    assert found.spline_deg == state.get("spline_deg")
    assert report.schemas["autoarray.MeshGeometryRectangular"] == (version, version)
    assert found._xp is np
    assert isinstance(found.mesh, aa.mesh.RectangularBilinearAdaptDensity)


def test_a_module_becomes_the_flag(monkeypatch):
    pytest.importorskip("jax")
    root = nodes.geometry(1, _xp=ModuleReference("jax.numpy"))
    report = LoadReport()
    found = nodes.load(monkeypatch, root, report=report)
    assert report.backend == "jax"
    assert found.use_jax is True
    assert found._xp.__name__ == "jax.numpy"
    assert nodes.load(monkeypatch, nodes.geometry(1, _xp=ModuleReference("jax.numpy")), backend="numpy")._xp is np


MESHES = [
    ("rectangular_adapt_density", "RectangularAdaptDensity", {}, "RectangularBilinearAdaptDensity", {}),
    ("rectangular_adapt_density", "RectangularAdaptDensity", KERNEL, "RectangularRTUAdaptDensity", KERNEL),
    ("rectangular_kernel_adapt_density", "RectangularKernelAdaptDensity", KERNEL, "RectangularRTUAdaptDensity", KERNEL),
    ("rectangular_rtu_adapt_density", "RectangularRTUAdaptDensity", KERNEL, "RectangularRTUAdaptDensity", KERNEL),
    ("rectangular_bilinear_adapt_density", "RectangularBilinearAdaptDensity", KERNEL, None, {}),
    ("rectangular_spline_adapt_density", "RectangularSplineAdaptDensity", {"spline_deg": 5}, None, {"spline_deg": 5}),
    ("rectangular_uniform", "RectangularUniform", {}, None, {"bandwidth": 1.0, "n_knots": 64}),
    ("rectangular_uniform", "RectangularUniform", KERNEL, None, KERNEL),
]


@pytest.mark.parametrize(("module", "name", "state", "cls", "expected"), MESHES)
def test_meshes(module, name, state, cls, expected, monkeypatch):
    found = nodes.load(monkeypatch, nodes.mesh(name, module, **state))
    assert type(found).__name__ == (cls or name)
    assert vars(found) == {"shape": nodes.SHAPE} | expected


@pytest.mark.parametrize("image", ["rectangular_adapt_image", "rectangular_kernel_adapt_image"])
def test_meshes_that_follow_an_image(image, monkeypatch):
    weights = {"weight_power": 0.9, "weight_floor": 0.1}
    name = "RectangularKernelAdaptImage" if "kernel" in image else "RectangularAdaptImage"
    found = nodes.load(monkeypatch, nodes.mesh(name, image, **weights, **KERNEL))
    assert vars(found) == {"shape": nodes.SHAPE} | weights | KERNEL
    assert type(found).__name__ == "RectangularRTUAdaptImage"


@pytest.mark.parametrize(("key", "value", "expected"), [("_zeroed_pixels", 4, 4), ("_zeroed_pixels", None, 0)])
def test_zeroed_pixels(key, value, expected, monkeypatch):
    state = {"pixels": 20, "areas_factor": 0.5}
    old = Foreign(f"{nodes.MESH}mesh.delaunay", "Delaunay", state | {key: value})
    assert vars(nodes.load(monkeypatch, old)) == state | {"zeroed_pixels": expected}
    new = Foreign(f"{nodes.MESH}mesh.delaunay", "Delaunay", state | {"zeroed_pixels": 3})
    assert vars(nodes.load(monkeypatch, new)) == state | {"zeroed_pixels": 3}


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (nodes.geometry(4, surprise=1), "found _use_jax, data_grid, kernel_bandwidth, kernel_knots, mesh"),
        (nodes.geometry(2, _xp=ModuleReference("numpy")), "in a release of PyAutoArray (autoarray.MeshGeometryRect"),
        (nodes.mesh(bandwidth=1.0), "expected the state of autoarray.inversion.mesh.mesh.rectangular_adapt_density"),
        (nodes.mesh("RectangularSplineAdaptDensity", "rectangular_spline_adapt_density"), "found pixels, shape"),
        (nodes.interpolator(spline_deg=3), "autoarray.InterpolatorRectangular, schema version 1, 2, 3, 4, 5, 6"),
        (Foreign("autoarray.settings", "Settings", {"_surprise": 1}), "found also _surprise"),
        (Foreign("autoarray.inversion.regularization.constant", "Constant", {}), "found no coefficient"),
    ],
    ids=range(7),
)
def test_a_state_that_no_release_wrote(root, message, monkeypatch):
    with pytest.raises(serialization.SchemaError) as error:
        nodes.load(monkeypatch, {"fit": [root]})
    assert message in str(error.value)
    assert error.value.path == "$['fit'][0]"


def test_a_module_of_another_name(monkeypatch):
    with pytest.raises(serialization.SchemaError, match=r"expected numpy or jax\.numpy as _xp, found 'cupy'"):
        nodes.load(monkeypatch, nodes.geometry(1, _xp="cupy"))


def test_old_spline_fits_on_jax_weighed_otherwise(monkeypatch):
    pytest.importorskip("jax")
    state = nodes.grids(True) | {"adapt_data": None, "use_jax": True, "spline_deg": 4}
    root = Foreign(f"{nodes.MESH}interpolator.rectangular_spline", "InterpolatorRectangularSpline", state)
    with pytest.warns(serialization.LegacyWarning) as caught:
        found = nodes.load(monkeypatch, root, backend="numpy", written_by="2026.5.21.1")
    assert "fitted on JAX, by equations that lost most digits" in str(caught[0].message)
    assert (found.transform, found.row_weights, found.spline_fit) == ("spline", "exchanged", "squares")
    assert found.mesh_geometry.spline_fit == "squares"
    fit = found._with(spline_fit="residuals")._mappings_sizes_weights[2]
    assert np.abs(found.weights - fit).max() > 1e-6
