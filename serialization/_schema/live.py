"""What is written of an object whose instance dictionary is not its fields alone, and how it gets that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serialization._schema.registry import Schema
from serialization._schema.restore import attach_results
from serialization.errors import CorruptError


def fields_and_results(schema: Schema, value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of an object in the order of a record, and its stored results.

    Raises
    ------
    SchemaError
        If a field is missing or not in the schema.
    """
    state = value.__dict__.copy()
    derived = state.pop("_derived", None)
    results: dict[str, Any] = {} if derived is None else derived.results.copy()
    for name in schema.cached:
        if name in state:
            results[name] = state.pop(name)
    for name in (*schema.caches, *schema.renewed):
        state.pop(name, None)
    if schema.sequence:
        state["items"] = tuple(value)
    return {name: state[name] for name in schema.fields_of(state)}, results


def give(schema: Schema, value: Any, fields: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """Fill the instance dictionary of an object, and its items if it is a list."""
    state = value.__dict__
    state.update(fields)
    if schema.sequence:
        items = state.pop("items")
        if type(items) is not tuple:
            raise CorruptError(f"expected the items of {schema.name} as a tuple, found {type(items).__name__}")
        list.extend(value, items)
    derived = {name: result for name, result in results.items() if name not in schema.cached}
    state.update((name, result) for name, result in results.items() if name in schema.cached)
    attach_results(state, derived)


def renew(schema: Schema, value: Any) -> None:
    """Give an object the attributes that are never read."""
    for name, make in schema.renewed.items():
        value.__dict__[name] = make(type(value))
