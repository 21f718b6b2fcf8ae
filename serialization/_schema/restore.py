"""What makes an object whole: state of the newest schema version, and the results that were stored with it."""

# pyright: strict

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serialization._schema.schema import Schema, hooks_of


def apply_migrations(
    schema: Schema, version: int, state: Mapping[str, Any], results: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The state and the stored results of an object as the newest schema version has them.

    Parameters
    ----------
    schema
        The schema of its type.
    version
        The schema version of `state`; neither `state` nor `results` is changed.

    Raises
    ------
    SchemaError
        If the migrations don't lead to the fields of the newest version.
    """
    new, stored = dict(state), dict(results)
    for older in range(version, schema.version):
        new = schema.migrations[older].function({**new, "_derived": stored})
        stored = new.pop("_derived", {})
    schema.check_fields(new)
    state = {name: new[name] for name in schema.all_fields if name in new}
    return (state | new if schema.is_open else state), stored


def attach_results(state: dict[str, Any], results: dict[str, Any]) -> None:
    """Give the instance dictionary of an object the values that were computed from it and stored with it."""
    if results:
        derived = state["_derived"] = hooks_of().derived_values()()
        derived.results = results
