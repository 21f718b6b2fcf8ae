"""The types of `autoarray` and their fields, and payloads of objects whose fields hold anything."""

from __future__ import annotations

from typing import Any

import numpy as np
from payloads import ext, payload, ref

from serialization._schema import registry

NAMES = [name for name in registry.names() if name.startswith("autoarray.")]
WITH_A_KIND = [(name, field) for name in NAMES for field in registry._by_name[name].kinds]
_ARRAY = ext(2, b"\0")
_PLAIN = ((type(None), None), (bool, False), (np.ndarray, _ARRAY), (tuple, ()), (dict, {}))


def payload_of(name: str, fields: dict[str, Any], shape: tuple[int, ...] | None = None) -> bytes:
    """The payload of one object, and of those that it needs.

    What is not given is None, False where it is a flag, or an array of one byte; and an object where it must be one.
    `shape` is that of the array.
    """
    made: list[tuple[str, list[Any]]] = []
    _add(name, fields, made)
    kind = registry._by_name[name].kinds.get("_array")
    dimensions = kind.dimensions if kind else ()
    shape = shape or (1,) * (dimensions[0] if dimensions else 2)
    names = list(dict.fromkeys(each for each, _ in made))
    array = any(_ARRAY in values for _, values in made)
    return payload(
        ref(0),
        [values for _, values in made],
        objects=[names.index(each) for each, _ in made],
        types=[
            [each, schema.version, list(schema.fields), []] for each in names for schema in [registry._by_name[each]]
        ],
        buffers=bytes(array),
        arrays=[["|b1", list(shape), 0, 0]] if array else [],
    )


def _add(name: str, fields: dict[str, Any], made: list[tuple[str, list[Any]]]) -> Any:
    """Add an object, and return a reference to it."""
    schema = registry._by_name[name]
    values: list[Any] = []
    made.append((name, values))
    index = len(made) - 1
    for field in schema.fields:
        kind = schema.kinds.get(field)
        plain = [value for cls, value in _PLAIN if kind is None or kind.admits(cls)]
        if field in fields:
            values.append(fields[field])
        elif plain:
            values.append(plain[0])
        else:
            other = next(each for each in NAMES if kind.admits(registry.find(each).resolve()))
            values.append(_add(other, {}, made))
    return ref(index)
