"""Object graphs as JSON."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from serialization._graph.backend import is_jax_array
from serialization._schema import registry


def row_of(array: Any) -> dict[str, Any]:
    """What the header of a payload says of an array."""
    host = np.asarray(array)
    names = host.dtype.names
    fields = [[name, *(host.dtype.fields[name][place] for place in (0, 1))] for name in names or ()]
    dtype = [host.dtype.itemsize, [[name, inner.str, offset] for name, inner, offset in fields]]
    return {
        "dtype": dtype if names else host.dtype.str,
        "shape": list(host.shape),
        "order": "F" if host.flags.f_contiguous and not host.flags.c_contiguous else "C",
        "jax": is_jax_array(array),
    }


class Rendering:
    """A graph as JSON, as README.md of the conformance vectors and docs/json_schemas.md tell.

    Attributes
    ----------
    graph
        The root's value and the objects.
    arrays, rows
        The arrays, and what a header says of each.
    """

    def __init__(self, root: object) -> None:
        self._numbers: dict[int, int] = {}
        self._objects: list[Any] = []
        self.arrays: list[Any] = []
        value = self.value(root)
        records = [self._record(each) for each in self._objects]  # grows meanwhile
        self.graph = {"root": value, "objects": records}
        self.rows = list(map(row_of, self.arrays))

    def value(self, value: Any) -> Any:
        kind = type(value)
        if isinstance(value, np.generic):
            return {"scalar": self._scalar(value)}
        if value is None or kind in (bool, str):
            return value
        if kind is int:
            return {"int": str(value)}
        if kind is float:
            return {"float": struct.pack(">d", value).hex()}
        if kind is bytes:
            return {"bytes": value.hex()}
        if kind is complex:
            return {"complex": [struct.pack(">d", part).hex() for part in (value.real, value.imag)]}
        if kind is tuple:
            return {"tuple": list(map(self.value, value))}
        if kind is frozenset:
            return {"frozenset": list(map(self.value, value))}
        is_array = isinstance(value, np.ndarray) or is_jax_array(value)
        seen = self.arrays if is_array else self._objects
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(seen)
            seen.append(value)
        return {"array" if is_array else "object": self._numbers[id(value)]}

    @staticmethod
    def _scalar(value: np.generic) -> list[str]:
        if isinstance(value, np.str_):
            return ["U", str(value)]
        if isinstance(value, np.bytes_):
            return ["S", bytes(value).hex()]
        return [value.dtype.str, np.asarray(value).tobytes().hex()]

    def _record(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        if kind in (list, set):
            return {kind.__name__: list(map(self.value, value))}
        if kind is dict:
            return {"dict": [[self.value(key), self.value(item)] for key, item in value.items()]}
        schema = registry.schema_of(kind)
        state = {name: each for name, each in vars(value).items() if name != "_derived"}
        stored = vars(value)["_derived"].results if "_derived" in vars(value) else {}
        return {
            "type": schema.name,
            "version": schema.version,
            "fields": {name: self.value(each) for name, each in state.items()},
            "results": {name: self.value(each) for name, each in stored.items()},
        }
