"""What a state does not tell: row weights, edges and areas; and from the old conventions to the present ones."""

from __future__ import annotations

import logging

import nodes
import numpy as np
import pytest

import autoarray as aa
import serialization
from serialization import LegacyWarning, LoadReport, upgrade_physics
from serialization._pickle.nodes import Foreign

CORRECTED = "2026.8.29.1"
ZEROS = np.zeros((64, 4), int)
NO_MAPPINGS = [None, (1, 2, 3), (ZEROS, 0, ZEROS + 0.0), (ZEROS - 7, 0, ZEROS + 0.0)]


def mapping_of(monkeypatch, row_weights):
    """What a release cached that had these row weights."""
    return (
        nodes.load(monkeypatch, nodes.newer_interpolator(), written_by=CORRECTED)
        ._with(row_weights=row_weights)
        ._mappings_sizes_weights
    )


def loaded(monkeypatch, root, **arguments):
    report = LoadReport()
    found = nodes.load(monkeypatch, root, report=report, **arguments)
    choices = {choice.name: choice for choice in report.conventions}
    return found, choices.get("row_weights")


@pytest.mark.parametrize("state", [{}, {"spline_deg": 7}, {"bandwidth": 1.0, "n_knots": 64}])
@pytest.mark.parametrize("written_by", [None, "2026.5.21.1"])
def test_schemas_one_to_four_exchanged_them(state, written_by, monkeypatch):
    root = nodes.interpolator(**state)
    if "spline_deg" in state:
        root.module, root.name = f"{nodes.MESH}interpolator.rectangular_spline", "InterpolatorRectangularSpline"
    if written_by and "bandwidth" in state:
        written_by = "2026.7.29.1"
    root.state["mesh_geometry"] = nodes.geometry(4, **{key: root.state[key] for key in ("mesh_grid", "data_grid")})
    found, choice = loaded(monkeypatch, root, written_by=written_by)
    assert found.row_weights == "exchanged"
    assert choice is None
    assert found.transform == {0: "rank", 1: "spline", 2: "kernel"}[len(state)]


@pytest.mark.parametrize(
    ("written_by", "expected"),
    [("2026.8.22.1", "exchanged"), ("2026.8.23.1", "exchanged"), (CORRECTED, "bilinear"), (nodes.NEWEST, "bilinear")],
)
def test_the_caller_knows_the_release(written_by, expected, monkeypatch):
    found, choice = loaded(monkeypatch, nodes.newer_interpolator(), written_by=written_by)
    assert found.row_weights == choice.value == expected
    assert choice.decided
    assert choice.reason == f"written_by tells of release {written_by}"
    assert choice.path == "$"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (("nnls_solver_tol", "_log_det_method", "_regularization_term_method"), "exchanged"),
        (("nnls_solver_tol", "_log_det_method", "_regularization_term_method", "_nnls_warm_start_memo"), "bilinear"),
    ],
)
def test_other_objects_tell_the_release(extra, expected, monkeypatch):
    root = [nodes.newer_interpolator(), nodes.settings(*extra)]
    (found, settings), choice = loaded(monkeypatch, root)
    assert found.row_weights == choice.value == expected
    assert choice.decided
    assert "the states in the pickle tell of releases 2026.8." in choice.reason
    assert (settings.use_positive_only_solver, settings.nnls_solver_tol) == (True, 1e-12)


@pytest.mark.parametrize("row_weights", ["exchanged", "bilinear"])
def test_a_cached_mapping_tells(row_weights, monkeypatch):
    cached = mapping_of(monkeypatch, row_weights)
    root = nodes.newer_interpolator(_mappings_sizes_weights=cached)
    if row_weights == "exchanged":
        found, choice = loaded(monkeypatch, root)
    else:  # of the areas nothing tells
        with pytest.warns(LegacyWarning, match=r"^\$: area_convention taken as 'nodes': nothing in the pickle tells"):
            found, choice = loaded(monkeypatch, root)
    assert found.row_weights == choice.value == row_weights
    assert choice.decided
    assert choice.reason == "the cached mapping was computed so"
    assert found.mesh_geometry.area_convention == ("cells" if row_weights == "exchanged" else "nodes")
    np.testing.assert_array_equal(found.weights, cached[2])


def test_where_nothing_tells_it_is_taken_as_corrected(monkeypatch, caplog):
    with caplog.at_level(logging.INFO, "serialization"), pytest.warns(LegacyWarning) as caught:
        found, choice = loaded(monkeypatch, nodes.newer_interpolator())
    assert found.row_weights == "bilinear"
    assert not choice.decided
    text = "$: row_weights taken as 'bilinear': nothing in the pickle tells; taken as of release 2026.8.29.1 or newer"
    assert str(choice) == text
    assert text in caplog.text
    assert any(f"{text}; say written_by='...'" in str(warning.message) for warning in caught)


def test_a_cached_mapping_that_contradicts_the_caller_is_reported(monkeypatch):
    root = nodes.newer_interpolator(_mappings_sizes_weights=mapping_of(monkeypatch, "exchanged"))
    with pytest.warns(LegacyWarning, match=r"computed with row_weights='exchanged', though written_by tells of"):
        found, _ = loaded(monkeypatch, root, written_by=nodes.NEWEST)
    assert found.row_weights == "bilinear"


@pytest.mark.parametrize("cached", NO_MAPPINGS, ids=range(4))
def test_a_cached_mapping_that_tells_nothing(cached, monkeypatch):
    with pytest.warns(LegacyWarning) as caught:
        loaded(monkeypatch, nodes.newer_interpolator(_mappings_sizes_weights=cached))
    assert any("row_weights taken as 'bilinear'" in str(warning.message) for warning in caught)


def test_a_uniform_mesh_has_no_row_weights(monkeypatch):
    state = nodes.grids() | {"adapt_data": None, "use_jax": False}
    state["mesh"] = nodes.mesh("RectangularUniform", "rectangular_uniform")
    root = Foreign(f"{nodes.MESH}interpolator.rectangular_uniform", "InterpolatorRectangularUniform", state)
    found, choice = loaded(monkeypatch, root, written_by="2026.5.21.1")
    assert choice is None
    assert "row_weights" not in vars(found)
    assert (found.mesh_geometry.transform, found.mesh_geometry.area_convention) == ("rank", "cells")


@pytest.mark.parametrize(
    ("written_by", "expected"),
    [("2026.9.4.1", "cells"), ("2026.10.2.1", "cells"), ("2026.10.4.1", "nodes")],
)
def test_areas_of_a_geometry(written_by, expected, monkeypatch):
    found = nodes.load(monkeypatch, nodes.geometry(6), written_by=written_by)
    assert found.area_convention == expected
    assert (found.areas_for_magnification[0] == 0.0) == (expected == "nodes")
    alone = nodes.load(monkeypatch, nodes.newer_interpolator(), written_by=written_by)
    np.testing.assert_array_equal(alone.mesh_geometry.areas_for_magnification, found.areas_for_magnification)


@pytest.mark.parametrize("written_by", ["2026.5.21.1", "2026.7.23.1"])
def test_edges_of_a_geometry_that_was_not_stored(written_by, monkeypatch):
    found = nodes.load(monkeypatch, nodes.interpolator(), written_by=written_by)
    assert found.mesh_geometry.edge_convention == ("cells" if written_by == "2026.5.21.1" else "nodes")
    with pytest.warns(LegacyWarning, match="edge_convention taken as 'cells'"):
        nodes.load(monkeypatch, nodes.interpolator())


def test_a_release_that_did_not_write_it(monkeypatch):
    message = (
        "expected states that release 2026.5.21.1 writes, as written_by says, found those of 2026.8.22.1 to the new"
    )
    with pytest.raises(serialization.SchemaError, match=message):
        nodes.load(monkeypatch, nodes.newer_interpolator(), written_by="2026.5.21.1")
    for wrong in ("last week", "2026.8", 3):
        with pytest.raises(serialization.UnsupportedValueError, match=r"written_by: expected a release such as"):
            nodes.load(monkeypatch, nodes.newer_interpolator(), written_by=wrong)


def test_objects_of_several_releases(monkeypatch):
    """As a newer release leaves them that loaded a file of an older one."""
    old = nodes.interpolator(mesh_geometry=nodes.geometry(2))
    with pytest.warns(LegacyWarning):
        first, second = nodes.load(monkeypatch, [old, nodes.newer_interpolator()])
    assert (first.row_weights, second.row_weights) == ("exchanged", "bilinear")


# ------------------------------------------------------------------ the present conventions


def test_upgrade_physics(monkeypatch):
    shared = nodes.interpolator(mesh_geometry=nodes.geometry(2, _use_jax=False))
    graph = {"interpolator": shared, "geometry": shared.state["mesh_geometry"]}
    old = nodes.load(monkeypatch, graph)
    weights = old["interpolator"].weights
    new = upgrade_physics(old)
    assert (old["interpolator"].row_weights, old["geometry"].edge_convention) == ("exchanged", "cells")
    assert new["interpolator"].row_weights == "bilinear"
    assert new["interpolator"].mesh_geometry is new["geometry"]
    assert (new["geometry"].edge_convention, new["geometry"].area_convention) == ("nodes", "nodes")
    assert new["interpolator"].transform == "rank"
    np.testing.assert_array_equal(old["interpolator"].weights, weights)
    fresh = aa.mesh.RectangularBilinearAdaptDensity(shape=nodes.SHAPE)
    expected = fresh.interpolator_from(source_plane_data_grid=old["interpolator"].data_grid)
    np.testing.assert_allclose(new["interpolator"].weights, expected.weights, atol=1e-12)
    assert np.abs(new["interpolator"].weights - weights).max() > 0.1


def test_what_is_up_to_date_stays_itself(monkeypatch):
    found = nodes.load(monkeypatch, nodes.newer_interpolator(), written_by=nodes.NEWEST)
    assert upgrade_physics(found) is found
    assert upgrade_physics([1, "a", None]) == [1, "a", None]


def test_conventions_are_checked(monkeypatch):
    grids = dict.fromkeys(("mesh", "mesh_grid", "data_grid"))
    for options, name in (({"edge_convention": "x"}, "edge_convention"), ({"area_convention": "x"}, "area_convention")):
        with pytest.raises(ValueError, match=rf"MeshGeometryRectangular\.{name}: expected one of"):
            aa.MeshGeometryRectangular(**grids, **options)
    with pytest.raises(ValueError, match=r"MeshGeometryDelaunay\.area_convention: expected 'dual' or 'voronoi'"):
        aa.MeshGeometryDelaunay(**grids, area_convention="x")


def test_old_conventions_go_through_payloads(monkeypatch):
    old = nodes.load(monkeypatch, nodes.interpolator(mesh_geometry=nodes.geometry(2)))
    restored = serialization.loads(serialization.dumps(old))
    assert restored.row_weights == "exchanged"
    np.testing.assert_array_equal(restored.mesh_geometry.edges_transformed, old.mesh_geometry.edges_transformed)
