"""Make `vectors.json`: `python tests/data/conformance/make_vectors.py`. It needs `msgpack` and `xxhash` alone.

The payloads are put together from FORMAT.md, byte by byte, and no module of the project has a part in them. The same
script gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # for those that load the script by its path

import bad_arrays
import bad_bodies
import bad_bytes
import bad_critical
import bad_headers
import bad_values
import good
import good_arrays
import msgpack
from assemble import ARRAY, COMPLEX, DICT, FORTRAN, FROZENSET, JAX, LIST, OBJECT, SCALAR, Array, Parts
from vectors import REFUSE, REGISTRY, Vector

PLACE = Path(__file__).with_name("vectors.json")


def all_vectors() -> Iterator[Vector]:
    """Those that keep all rules, then those that break one."""
    for module in (good, good_arrays, bad_headers, bad_critical, bad_bodies, bad_values, bad_arrays, bad_bytes):
        yield from module.vectors()


# ------------------------------------------------------------------ what a payload holds


def graph_of(parts: Parts) -> dict[str, Any]:
    """The root's value and the objects of a payload."""
    root, *records = _unpack(parts.body_bytes())
    objects = [LIST] * len(records) if parts.objects is None else parts.objects
    pairs = zip(objects, records, strict=True)
    return {"root": value_of(root), "objects": [_record_of(kind, record, parts.types) for kind, record in pairs]}


def _unpack(data: bytes) -> Any:
    return msgpack.unpackb(data, use_list=True, ext_hook=msgpack.ExtType)


def _record_of(kind: int, record: list[Any], types: list[Any]) -> dict[str, Any]:
    values = list(map(value_of, record))
    if kind == LIST:
        return {"list": values}
    if kind == DICT:
        return {"dict": [[key, value] for key, value in zip(values[::2], values[1::2], strict=True)]}
    if kind >= 0:
        name, version, fields, results = types[kind]
        return {
            "type": name,
            "version": version,
            "fields": dict(zip(fields, values, strict=False)),
            "results": dict(zip(results, values[len(fields) :], strict=True)),
        }
    return {"set": values}


def value_of(value: Any) -> Any:
    """A value as JSON; README.md tells the forms."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": struct.pack(">d", value).hex()}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list):
        return {"tuple": list(map(value_of, value))}
    code, data = value
    if code in (OBJECT, ARRAY):
        return {"object" if code == OBJECT else "array": int.from_bytes(data, "big")}
    if code == COMPLEX:
        return {"complex": [data[:8].hex(), data[8:].hex()]}
    if code == FROZENSET:
        return {"frozenset": list(map(value_of, _unpack(data)))}
    if code != SCALAR:
        return {"int": str(int.from_bytes(data, "big", signed=True))}
    if data[:1] in (b"U", b"S"):
        return {"scalar": ["U", data[1:].decode()] if data[:1] == b"U" else ["S", data[1:].hex()]}
    end = 1 + data[0]
    return {"scalar": [data[1:end].decode(), data[end:].hex()]}


def array_of(array: Array) -> dict[str, Any]:
    """What an inspector tells of an array, and the SHA-256 of its bytes."""
    assert array.is_whole(), array
    return {
        "dtype": array.dtype,
        "shape": array.shape,
        "order": "F" if array.flags & FORTRAN else "C",
        "jax": bool(array.flags & JAX),
        "compression": array.compression,
        "sha256": hashlib.sha256(array.data).hexdigest(),
    }


def identity_of(parts: Parts) -> str:
    """The identity of a payload that is canonical: the SHA-256 of it without what may differ."""
    plain = [Array(each.dtype, each.shape, each.data, each.flags) for each in parts.arrays]
    bare = Parts(**{**vars(parts), "writer": ("", ""), "ancillary": {}, "arrays": plain})
    return f"aas:sha256:{hashlib.sha256(bare.payload()).hexdigest()}"


# ------------------------------------------------------------------ the file


def entry_of(vector: Vector) -> dict[str, Any]:
    """The entry of a vector in the file."""
    outcomes = vector.outcomes()
    entry = {"name": vector.name, "rule": vector.rule, "why": vector.why, **outcomes, **vector.more}
    if outcomes["loader"] != REFUSE:
        assert isinstance(vector.payload, Parts), vector.name
        entry["arrays"] = list(map(array_of, vector.payload.arrays))
        if vector.graph:
            entry["graph"] = graph_of(vector.payload)
        if outcomes["canonical"] != REFUSE:
            entry["identity"] = identity_of(vector.payload)
    entry["payload"] = vector.bytes().hex()
    return entry


def text_of(vectors: Iterable[Vector]) -> str:
    """The file: a line for each type and each vector."""
    entries = list(map(entry_of, vectors))
    names = [entry["name"] for entry in entries]
    assert len(set(names)) == len(names), [name for name in names if names.count(name) > 1]
    types = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in REGISTRY.items())
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    return f'{{"wire": 2,\n"registry": {{\n{types}\n}},\n"vectors": [\n{lines}\n]}}\n'


def main() -> None:
    """Write the file, by default `vectors.json`, and say how many vectors it has."""
    vectors = list(all_vectors())
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else PLACE
    place.write_text(text_of(vectors), encoding="ascii")
    broken = sum(vector.rule is not None for vector in vectors)
    print(f"{place.name}: {len(vectors)} vectors, {broken} of which break a rule")


if __name__ == "__main__":
    main()
