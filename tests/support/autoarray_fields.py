"""The types of `autoarray` and their fields, and payloads of objects whose fields hold anything."""

from __future__ import annotations

from typing import Any

from payloads import ext, payload, ref

from serialization._schema import registry

NAMES = [name for name in registry.names() if name.startswith("autoarray.")]
WITH_A_KIND = [(name, field) for name in NAMES for field in registry._by_name[name].kinds]
_DEFAULTS = {"_use_jax": False, "_is_transformed": False, "linear_obj_list": (), "_array": ext(2, b"\0")}


def payload_of(name: str, fields: dict[str, Any], shape: tuple[int, ...] = (1, 1)) -> bytes:
    """The payload of one object; what is not given is None, False where it is a flag, or an array of one byte."""
    schema = registry._by_name[name]
    values = [{**_DEFAULTS, **fields}.get(field) for field in schema.fields]
    array = ext(2, b"\0") in values
    return payload(
        ref(0),
        [values],
        objects=[0],
        types=[[name, schema.version, list(schema.fields), []]],
        buffers=bytes(array),
        arrays=[["|b1", list(shape), 0, 0]] if array else [],
    )
