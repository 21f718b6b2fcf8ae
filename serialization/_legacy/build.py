"""From the graph of an old pickle to objects of today's classes, on NumPy.

As when a payload is decoded: all objects are made first, empty, and then each gets its state, migrated
where it is an old one. No constructor runs, and no class outside the registry is imported.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from typing import Any

import numpy as np

from serialization._graph.paths import depth_error
from serialization._legacy import types
from serialization._legacy.prepare import Prepared, own_version
from serialization._pickle.check import path_of
from serialization._pickle.nodes import Foreign, JaxArray, ModuleReference
from serialization._schema import live, registry
from serialization._schema.check import check_kinds
from serialization._schema.keys import LateKeysError, Table, fill_dicts
from serialization._schema.restore import apply_migrations
from serialization._schema.schema import Schema, difference_text
from serialization.errors import SchemaError, SerializationError, UnknownTypeError, UnsupportedValueError

_DERIVED = ("autoarray._state", "DerivedValues")


@dataclasses.dataclass(slots=True, eq=False)
class Built:
    """An object, and what it was built from."""

    node: Foreign
    schema: Schema
    version: int
    fields: dict[str, Any]
    results: dict[str, Any]
    own: bool  # whether the pickle is one of this project
    left_out: tuple[str, ...]
    shell: Any = None


class Builder:
    """Builds the objects of one graph.

    Parameters
    ----------
    root
        The graph.
    prepared
        What was found when it was looked over.
    """

    def __init__(self, root: object, prepared: Prepared) -> None:
        self._root = root
        self._prepared = prepared
        self._built: dict[int, Built] = {}
        self._containers: dict[int, Any] = {}
        self._arrays: dict[int, tuple[Any, Any]] = {}
        self._late: list[Table] = []  # the dicts with objects as keys, which need their state to be hashed

    @property
    def objects(self) -> list[Built]:
        """Each object, in the order in which it was met from the root."""
        return list(self._built.values())

    def path_of(self, node: Foreign) -> str | None:
        """Where an object is in the graph."""
        return path_of(self._root, node)

    def shell_of(self, node: Foreign) -> Any:
        """The object that a node became, or None."""
        built = self._built.get(id(node))
        return None if built is None else built.shell

    def build(self) -> Any:
        """The root.

        Raises
        ------
        UnknownTypeError
            If a class is not registered.
        SchemaError
            If a state is none of those that its class had.
        """
        self._collect()
        current: Built | None = None
        try:
            for current in self._built.values():
                cls = current.schema.resolve()
                current.shell = (list if issubclass(cls, list) else object).__new__(cls)
            for current in self._built.values():
                self._fill(current)
            root = self.value(self._root)
            current = None
            fill_dicts(reversed(self._late))
            return root
        except RecursionError:
            raise depth_error() from None
        except LateKeysError as refused:
            raise refused.error from None
        except (SerializationError, ImportError, AttributeError, TypeError, ValueError) as error:
            error = _error_of(error, current)
            if error.path is None and current is not None:
                error.path = self.path_of(current.node)
            raise error from None

    def _collect(self) -> None:
        """What each object will be; only what objects keep of their states is looked at further."""
        queue: deque[Any] = deque([self._root])
        seen: set[int] = set()
        while queue:
            value = queue.popleft()
            kind = type(value)
            if kind is Foreign and id(value) not in self._built:
                try:
                    built = self._built[id(value)] = self._plan(value)
                except SerializationError as error:
                    error.path = self.path_of(value)
                    raise
                queue.extend(built.fields.values())
                queue.extend(built.results.values())
            elif kind in (dict, list, tuple, set, frozenset) and id(value) not in seen:
                seen.add(id(value))
                queue.extend((*value.keys(), *value.values()) if kind is dict else value)

    def _plan(self, node: Foreign) -> Built:
        state = node.state
        own = own_version(node)
        if own is not None:
            schema = registry.schema_pickled_as(node.target)
            assert schema is not None
            fields = {key: value for key, value in state.items() if key != "_derived"}
            return Built(node, schema, own, fields, _results(state), True, ())
        if id(node) in self._prepared.versions:
            name, version = self._prepared.version_of(node)
            schema = _schema_named(name)
            fields = {key: value for key, value in state.items() if key in _names(schema, version)}
            results = {"mesh_geometry": state["mesh_geometry"]} if type(state.get("mesh_geometry")) is Foreign else {}
            return Built(node, schema, version, fields, results, False, _rest(state, fields))
        rule = types.OTHERS.get(node.target)
        if rule is not None:
            schema = _schema_named(rule.type)
            return self._by_rule(node, schema, rule.state_of(state))
        schema = registry.schema_pickled_as(node.target)
        if schema is None:
            raise _refusal_of(node)
        return _of_user(node, schema)

    def _by_rule(self, node: Foreign, schema: Schema, state: dict[str, Any]) -> Built:
        version = schema.versions[0]
        required, optional = schema.fields_at(version)
        fields = {key: value for key, value in state.items() if key in {*required, *optional}}
        # A value that was cached under the name that it still has as an attribute is computed again.
        cls = schema.resolve()
        wrong = [key for key in state if key not in fields and not hasattr(cls, key)]
        missing = [key for key in required if key not in fields]
        if wrong or missing:
            newer = "; a newer release may have written it" if wrong else ""
            raise SchemaError(
                f"expected the state of {node.module}.{node.name} in a release of PyAutoArray (as {schema.name}: "
                f"{', '.join(required)}), found {difference_text(missing, wrong)}{newer}"
            )
        return Built(node, schema, version, fields, {}, False, _rest(node.state, fields))

    # -------------------------------------------------------------- states

    def _fill(self, built: Built) -> None:
        schema = built.schema
        fields = {name: self.value(value) for name, value in built.fields.items()}
        results = {name: self.value(value) for name, value in built.results.items()}
        state, results = apply_migrations(schema, built.version, fields, results)
        if schema.has_flag:
            state["_use_jax"] = False
        check_kinds(schema, state, state.values())
        live.give(
            schema, built.shell, state, {name: value for name, value in results.items() if name in schema.result_names}
        )
        live.renew(schema, built.shell)

    def value(self, value: Any) -> Any:
        """What a value of the graph becomes."""
        kind = type(value)
        if kind is Foreign:
            return self._built[id(value)].shell
        if kind in (JaxArray, np.ndarray):
            return self._array(value)
        if kind is ModuleReference:
            return value.name
        if kind not in (dict, list, tuple, set, frozenset):
            return value
        if id(value) in self._containers:
            return self._containers[id(value)]
        if kind in (tuple, frozenset):
            made = kind(map(self.value, value))
            self._containers[id(value)] = made
            return made
        made: Any = kind()
        self._containers[id(value)] = made
        if kind is dict:
            keys, items = [self.value(key) for key in value], [self.value(item) for item in value.values()]
            if any(type(key) is Foreign for key in value):
                self._late.append((made, keys, items))
            else:
                made.update(zip(keys, items, strict=True))
        elif kind is list:
            made.extend(map(self.value, value))
        else:
            made.update(map(self.value, value))
        return made

    def _array(self, value: np.ndarray | JaxArray) -> np.ndarray:
        kept = self._arrays.get(id(value))
        if kept is None:
            array = value.values if isinstance(value, JaxArray) else value
            array = array if array.flags.writeable else array.copy()
            kept = self._arrays[id(value)] = (value, array)
        return kept[1]


def _schema_named(name: str) -> Schema:
    schema = registry.find(name)
    assert schema is not None
    return schema


def _names(schema: Schema, version: int) -> tuple[str, ...]:
    fields, optional = schema.fields_at(version)
    return fields + optional


def _rest(state: dict[str, Any], fields: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        key for key in state if key not in fields and key.lstrip("_") not in fields and f"_{key}" not in fields
    )


def _results(state: dict[str, Any]) -> dict[str, Any]:
    derived = state.get("_derived")
    if type(derived) is not Foreign or (derived.module, derived.name) != _DERIVED:
        return {}
    results = derived.state.get("results")
    return results if type(results) is dict else {}


def _of_user(node: Foreign, schema: Schema) -> Built:
    """An object of a registered class whose schema version its keys tell."""
    try:
        schema.resolve()  # which tells what it caches
    except (ImportError, AttributeError) as error:
        raise UnknownTypeError(
            f"expected the class of {schema.name} at {schema.target}, found {error}; install its package, or "
            f"{_advice(node)}"
        ) from None
    if schema.flag is not None and schema.flag in node.state:
        node.state["_use_jax"] = node.state.pop(schema.flag)
    keys = set(node.state) - {"_derived"} - schema.not_taken
    fitting = [version for version in schema.versions if schema.has_fields(version, keys)]
    if len(fitting) > 1 and schema.is_open:
        fitting = fitting[-1:]  # the state of an older version has its required fields, and others
    if len(fitting) != 1:
        each = "; ".join(f"{version}: {', '.join(_names(schema, version))}" for version in schema.versions)
        fit = f", which fits versions {', '.join(map(str, fitting))}" if fitting else ""
        raise SchemaError(
            f"expected the fields of one schema version of {schema.name} ({each}), found "
            f"{', '.join(sorted(keys)) or 'none'}{fit}"
        )
    fields = {key: value for key, value in node.state.items() if key in keys}
    own = node.target == schema.target and "_derived" in node.state
    return Built(node, schema, fitting[0], fields, _results(node.state) if own else {}, own, _rest(node.state, fields))


def _refusal_of(node: Foreign) -> SerializationError:
    if node.module == "pathlib":
        return UnsupportedValueError(f"expected a value that payloads hold, found a path of pathlib ({node.name})")
    return UnknownTypeError(
        f"expected a registered class, found {node.module}.{node.name}; import the package that registers it, or "
        f"{_advice(node)}"
    )


def _advice(node: Foreign) -> str:
    return (
        "register the class that takes its place before loading: serialization.register(YourClass, fields=[...], "
        f'pickled_as=["{node.target}"])'
    )


def _error_of(error: Exception, built: Built | None) -> SerializationError:
    if isinstance(error, SerializationError):
        return error
    what = "the graph" if built is None else f"the class and state of {built.schema.name}"
    return SchemaError(f"expected {what} as registered, found {type(error).__name__}: {error}")
