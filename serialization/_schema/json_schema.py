"""JSON Schemas of the records of registered types: `python -m serialization._schema.json_schema docs/schemas`.

docs/json_schemas.md explains them. `values.json`, which they refer to, is written by hand.
"""

# pyright: strict

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from serialization._schema import registry
from serialization._schema.catalog.fields import dtypes_of
from serialization._schema.kinds import Kind
from serialization._schema.schema import Schema

JsonSchema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VALUES = "values.json#/$defs/"
_WIDTH = 110
_PLAIN = {
    "builtins:NoneType": ("nil",),
    "builtins:bool": ("bool",),
    "builtins:int": ("bool", "int"),  # Python's bools are integers
    "builtins:float": ("float",),
    "builtins:tuple": ("tuple",),
    "numpy:generic": ("scalar",),
}
_CONTAINERS = {"builtins:list": "list", "builtins:dict": "dict", "builtins:set": "set"}


def json_schemas(prefix: str = "autoarray.") -> dict[str, str]:
    """The text of the schema of each registered type whose name begins so, by the name of its file."""
    schemas = [schema for name in registry.names() if name.startswith(prefix) and (schema := registry.find(name))]
    return {f"{schema.name}.json": _text(json_schema(schema)) + "\n" for schema in schemas}


def json_schema(schema: Schema) -> JsonSchema:
    """The JSON Schema of the records of a type, in each schema version that is read."""
    return {
        "$schema": _DIALECT,
        "$id": f"{schema.name}.json",
        "title": schema.name,
        "oneOf": [{"$ref": f"#/$defs/{version}"} for version in reversed(schema.versions)],
        "$defs": {str(version): _record_of(schema, version) for version in reversed(schema.versions)},
    }


def _record_of(schema: Schema, version: int) -> JsonSchema:
    required, optional = schema.fields_at(version)
    newest = version == schema.version
    kinds = schema.kinds if newest else {}
    fields = {name: _field_of(schema.name, name, kinds.get(name)) for name in (*required, *optional)}
    results = _object({name: _ref("value") for name in sorted(schema.result_names)}) if newest else {"type": "object"}
    properties = {
        "type": {"const": schema.name},
        "version": {"const": version},
        "fields": {**_object(fields, required), "additionalProperties": schema.is_open},
        "results": results,
    }
    return _object(properties, properties)


def _object(properties: JsonSchema, required: Iterable[str] = ()) -> JsonSchema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _ref(name: str, **more: Any) -> JsonSchema:
    return {"$ref": _VALUES + name, **more}


def _field_of(name: str, field: str, kind: Kind | None) -> JsonSchema:
    if kind is None:
        return _ref("value")
    plain = dict.fromkeys(text for cls in sorted(kind.classes) for text in _PLAIN.get(cls, ()))
    options = [_ref(text) for text in plain]
    if "numpy:ndarray" in kind.classes:
        dimensions, dtypes = kind.dimensions, dtypes_of(name, field)
        more: JsonSchema = {"dimensions": list(dimensions)} if dimensions else {}
        options.append(_ref("array", **more, **({"dtypes": list(dtypes)} if dtypes else {})))
    if types := [*(_CONTAINERS[cls] for cls in sorted(kind.classes) if cls in _CONTAINERS), *_types_of(name, kind)]:
        options.append(_ref("object", types=types))
    return {"description": kind.text, **(options[0] if len(options) == 1 else {"anyOf": options})}


def _types_of(name: str, kind: Kind) -> list[str]:
    """The registered types of the same package whose objects are of a kind."""
    package = name.partition(".")[0] + "."
    schemas = [schema for other in registry.names() if other.startswith(package) and (schema := registry.find(other))]
    return [schema.name for schema in schemas if kind.admits(schema.resolve())]


def _text(value: Any, indent: str = "") -> str:
    """JSON, with what is short on one line."""
    flat = json.dumps(value)
    if len(indent) + len(flat) <= _WIDTH or not isinstance(value, dict | list):
        return flat
    inner = f"{indent}  "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_text(item, inner)}" for key, item in cast("JsonSchema", value).items()]
    else:
        items = [_text(item, inner) for item in cast("list[Any]", value)]
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}\n{inner}" + f",\n{inner}".join(items) + f"\n{indent}{last}"


def write(folder: Path) -> None:
    """Write the schemas into a folder, and remove those of types that are gone."""
    texts = json_schemas()
    for path in folder.glob("autoarray.*.json"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
