"""What is written of an object whose instance dictionary is not its fields alone, and how it gets that back."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any, cast

from serialization._adapters import state_of
from serialization._schema import registry
from serialization._schema.restore import attach_results
from serialization._schema.schema import Schema
from serialization.errors import CorruptError, SchemaError

_CLASS, _MODULE = "class ", "module "
_MODULES = ("numpy", "jax.numpy")


def fields_and_results(schema: Schema, value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of an object in the order of a record, and its stored results.

    Raises
    ------
    SchemaError
        If a field is missing or not in the schema, or names a class that is not registered.
    """
    state: dict[str, Any] = state_of(value)
    derived = state.pop("_derived", None)
    results: dict[str, Any] = {} if derived is None else derived.results.copy()
    if not schema.loose or schema.adapter is not None:
        return {name: state[name] for name in schema.fields_of(state)}, results
    for name in schema.cached:
        if name in state:
            results[name] = state.pop(name)
    for name in (*schema.caches, *schema.renewed):
        state.pop(name, None)
    if schema.sequence:
        state["items"] = tuple(value)
    if schema.flag is not None and schema.flag in state:
        state["_use_jax"] = state.pop(schema.flag)
    for name in schema.by_name:
        if name in state:
            state[name] = _name_of(schema, name, state[name])
    return {name: state[name] for name in schema.fields_of(state)}, results


def give(schema: Schema, value: Any, fields: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """Fill the instance dictionary of an object, and its items if it is a list."""
    state = value.__dict__
    state.update(fields)
    if schema.sequence:
        items = state.pop("items")
        if type(items) is not tuple:
            raise CorruptError(f"expected the items of {schema.name} as a tuple, found {type(items).__name__}")
        list[Any].extend(value, cast("tuple[Any, ...]", items))
    derived = {name: result for name, result in results.items() if name not in schema.cached}
    state.update((name, result) for name, result in results.items() if name in schema.cached)
    attach_results(state, derived)


def renew(schema: Schema, value: Any) -> None:
    """Give an object the attributes that are never read."""
    cls: type[Any] = type(value)
    for name, make in schema.renewed.items():
        value.__dict__[name] = make(cls)


def finish(schema: Schema, value: Any, backend: str | None) -> None:
    """Turn what stands for a class, a module or a flag into it, once the graph is on its backend.

    Raises
    ------
    SchemaError
        If a field names something else than a registered class or the module of a backend.
    """
    state: dict[str, Any] = value.__dict__
    cls: type[Any] = type(value)
    for name in schema.by_name:
        if name in state:
            state[name] = _named(schema, name, state[name], backend)
    if schema.flag is not None and getattr(cls, schema.flag, None) is None:  # else a property reads the field
        state[schema.flag] = state.pop("_use_jax")


def _name_of(schema: Schema, field: str, value: object) -> object:
    if isinstance(value, ModuleType) and value.__name__ in _MODULES:
        return _MODULE + value.__name__
    if isinstance(value, type):
        known = registry.schema_of(value)
        if known is not None:
            return _CLASS + known.name
    elif value is None or not isinstance(value, str):
        return value
    raise SchemaError(
        f"expected {field} of {schema.name} to be a registered class, or numpy or jax.numpy, found {value!r:.80}"
    )


def _named(schema: Schema, field: str, value: object, backend: str | None) -> object:
    if not isinstance(value, str):
        return value
    if value.startswith(_CLASS):
        known = registry.find(value.removeprefix(_CLASS))
        if known is not None:
            return known.resolve()
    elif value.startswith(_MODULE) and value.removeprefix(_MODULE) in _MODULES:
        name = {"numpy": "numpy", "jax": "jax.numpy"}.get(backend or "", value.removeprefix(_MODULE))
        if name == "numpy":
            return sys.modules["numpy"]
        import jax.numpy

        return jax.numpy
    raise SchemaError(
        f"expected {field} of {schema.name} to name a registered class, or numpy or jax.numpy, found {value!r:.80}"
    )
