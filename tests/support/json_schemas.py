"""A validator of the JSON Schemas in docs/schemas, with the keywords that they use and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"
_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_SAID = {"$schema", "$id", "$defs", "title", "description"}  # nothing that a value could break


@cache
def schema_file(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text())


class Validator:
    """Validates values of one payload.

    Parameters
    ----------
    objects, arrays
        The records and the rows of the payload, which the numbers of values refer to.
    """

    def __init__(self, objects: list[Any], arrays: list[Any]) -> None:
        self.objects = objects
        self.arrays = arrays

    def fits(self, file: str, value: Any) -> bool:
        """Whether a value is what the schema of a file says."""
        return self.fits_schema(schema_file(file), value, file)

    def fits_schema(self, schema: dict[str, Any], value: Any, file: str) -> bool:
        """The same of a part of that schema."""
        return all(
            getattr(self, f"_{keyword.lstrip('$')}")(rule, value, schema, file)
            for keyword, rule in schema.items()
            if keyword not in _SAID
        )

    def _ref(self, rule: str, value: Any, _: Any, file: str) -> bool:
        name, _, pointer = rule.partition("#")
        target: Any = schema_file(name or file)
        for key in pointer.split("/")[1:]:
            target = target[key]
        return self.fits_schema(target, value, name or file)

    def _type(self, rule: str, value: Any, *_: Any) -> bool:
        return _TYPES[rule](value)

    def _const(self, rule: Any, value: Any, *_: Any) -> bool:
        return type(value) is type(rule) and value == rule

    def _enum(self, rule: list[Any], value: Any, *_: Any) -> bool:
        return value in rule

    def _pattern(self, rule: str, value: Any, *_: Any) -> bool:
        return not isinstance(value, str) or re.search(rule.replace("$", r"\Z"), value, re.ASCII) is not None

    def _minimum(self, rule: int, value: Any, *_: Any) -> bool:
        return not isinstance(value, int) or value >= rule

    def _maximum(self, rule: int, value: Any, *_: Any) -> bool:
        return not isinstance(value, int) or value <= rule

    def _minItems(self, rule: int, value: Any, *_: Any) -> bool:
        return not isinstance(value, list) or len(value) >= rule

    def _maxItems(self, rule: int, value: Any, *_: Any) -> bool:
        return not isinstance(value, list) or len(value) <= rule

    def _items(self, rule: Any, value: Any, _: Any, file: str) -> bool:
        return not isinstance(value, list) or all(self.fits_schema(rule, item, file) for item in value)

    def _prefixItems(self, rule: list[Any], value: Any, _: Any, file: str) -> bool:
        if not isinstance(value, list):
            return True
        return all(self.fits_schema(each, item, file) for each, item in zip(rule, value, strict=False))

    def _properties(self, rule: dict[str, Any], value: Any, _: Any, file: str) -> bool:
        if not isinstance(value, dict):
            return True
        return all(self.fits_schema(each, value[key], file) for key, each in rule.items() if key in value)

    def _required(self, rule: list[str], value: Any, *_: Any) -> bool:
        return not isinstance(value, dict) or value.keys() >= set(rule)

    def _additionalProperties(self, rule: Any, value: Any, schema: Any, file: str) -> bool:
        more = set(value) - set(schema.get("properties", {})) if isinstance(value, dict) else set()
        return not more if rule is False else all(self.fits_schema(rule, value[key], file) for key in more)

    def _anyOf(self, rule: list[Any], value: Any, _: Any, file: str) -> bool:
        return any(self.fits_schema(each, value, file) for each in rule)

    def _oneOf(self, rule: list[Any], value: Any, _: Any, file: str) -> bool:
        return sum(self.fits_schema(each, value, file) for each in rule) == 1

    # The keywords of this project.

    def _types(self, rule: list[str], value: Any, *_: Any) -> bool:
        record = self.objects[value["object"]] if isinstance(value, dict) and "object" in value else None
        return record is None or record.get("type", next(iter(record))) in rule

    def _dimensions(self, rule: list[int], value: Any, *_: Any) -> bool:
        row = self.arrays[value["array"]] if isinstance(value, dict) and "array" in value else None
        return row is None or len(row["shape"]) in rule

    def _dtypes(self, rule: list[str], value: Any, *_: Any) -> bool:
        row = self.arrays[value["array"]] if isinstance(value, dict) and "array" in value else None
        return row is None or row["dtype"][1] in rule
