"""From the state of an older schema version, with its stored results, to that of the newest one."""

from __future__ import annotations

import pytest

from autoarray._state import DerivedValues
from serialization import Migration, SchemaError
from serialization._schema.restore import apply_migrations, attach_results
from serialization._schema.schema import Schema


def _1_to_2_height(state):
    state["height"] = state["size"]
    return state


def _2_to_3_width(state):
    width = state.pop("size")
    state["_derived"]["area"] = state["_derived"].pop("surface", None)
    return {**state, "width": width}


SCHEMA = Schema(
    "tests.Box",
    3,
    ("width", "height"),
    ("note",),
    "tests:Box",
    migrations={1: Migration(("size",), _1_to_2_height), 2: Migration(("size", "height"), _2_to_3_width)},
)


def test_migrations_change_neither_state_nor_results():
    state, results = {"size": 2.0}, {"surface": 4.0}
    assert apply_migrations(SCHEMA, 1, state, results) == ({"width": 2.0, "height": 2.0}, {"area": 4.0})
    assert (state, results) == ({"size": 2.0}, {"surface": 4.0})


def test_the_newest_state_is_put_in_order():
    state, results = apply_migrations(SCHEMA, 3, {"note": "n", "height": 1, "width": 2}, {"area": 2})
    assert list(state) == ["width", "height", "note"]
    assert results == {"area": 2}


@pytest.mark.parametrize(("version", "state"), [(3, {"width": 1}), (2, {"size": 1}), (1, {"size": 1, "depth": 2})])
def test_other_fields_are_refused(version, state):
    with pytest.raises(SchemaError, match=r"the fields of tests\.Box, schema version 3 \(width, height and optionally"):
        apply_migrations(SCHEMA, version, state, {})


def test_a_migration_that_returns_no_results_drops_them():
    schema = Schema("tests.One", 2, ("a",), (), "tests:One", migrations={1: Migration((), lambda state: {"a": 1})})
    assert apply_migrations(schema, 1, {}, {"old": 1}) == ({"a": 1}, {})


def test_results_are_attached_where_there_are_any():
    state = {"width": 1.0}
    attach_results(state, {})
    assert state == {"width": 1.0}
    attach_results(state, {"area": 2.0})
    assert isinstance(state["_derived"], DerivedValues)
    assert state["_derived"].results == {"area": 2.0}
