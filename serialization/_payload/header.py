"""The header map of a payload: its parts, after each of them was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from serialization._display import cut
from serialization._payload.wire import COMPRESSIONS, KEYS, SET, unpack_map
from serialization.errors import CorruptError, UnknownCodeError


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A registered type as a payload uses it: an object's record holds its fields, then its results."""

    name: str
    version: int
    fields: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """The header map of a payload; `arrays` holds rows of (dtype, shape, offset in the tail, flags)."""

    size: int
    head: int
    writer: tuple[str, str]
    backend: str
    root: str
    compression: str | None
    tail: int
    body: int
    types: tuple[TypeRow, ...]
    objects: tuple[int, ...]
    arrays: tuple[tuple[Any, ...], ...]

    @property
    def written_by(self) -> str:
        """The name and the version of what wrote the payload."""
        return f"{self.writer[0]} {self.writer[1]}"


def header_of(payload: memoryview, size: int, head: int) -> Header:
    """The header of a payload, after `measure` has passed, and `digest_agrees` if it is to be relied on.

    Raises
    ------
    CorruptError, UnknownCodeError
        If it breaks the rules of the format, or has entries that are not known here.
    """
    entries = unpack_map(payload, head)
    unknown = [key for key in entries if key not in KEYS]
    if unknown or tuple(entries) != KEYS:
        kind = UnknownCodeError if unknown else CorruptError
        raise kind(f"header: expected the entries {', '.join(KEYS)}, found {', '.join(map(repr, unknown or entries))}")

    def check(good: bool, what: str, expected: str) -> None:
        if not good:
            raise CorruptError(f"header: expected {what} to be {expected}, found {cut(repr(entries[what]), 80)}")

    writer, compression = entries["writer"], entries["compression"]
    check(_is_strings(writer) and len(writer) == 2, "writer", "a name and a version")
    check(entries["backend"] in ("numpy", "jax", "mixed"), "backend", "numpy, jax or mixed")
    check(type(entries["root"]) is str, "root", "a string")
    if compression is not None and compression not in COMPRESSIONS:
        check(type(compression) is str, "compression", "a string or nil")
        raise UnknownCodeError(f"header: expected compression to be nil or zlib, found {compression!r}")
    check(_is_count(entries["tail"]), "tail", "a number of bytes")
    check(
        compression is not None or entries["tail"] == size - head, "tail", f"the {size - head} bytes after the header"
    )
    check(_is_count(entries["body"]) and entries["body"] <= entries["tail"], "body", "a number of bytes in the tail")
    check(not any(entries["pad"]) if type(entries["pad"]) is bytes else False, "pad", "zeros")
    rows = entries["types"]
    check(type(rows) is tuple, "types", "rows of [name, version, fields, results]")
    types = tuple(map(_parse_type_row, rows))
    objects = entries["objects"]
    check(
        type(objects) is tuple
        and set(map(type, objects)) <= {int}
        and (not objects or (min(objects) >= SET and max(objects) < len(rows))),
        "objects",
        f"numbers from {SET} to {len(rows) - 1}",
    )
    arrays = entries["arrays"]
    check(type(arrays) is tuple and set(map(type, arrays)) <= {tuple}, "arrays", "rows")
    return Header(
        size=size,
        head=head,
        writer=writer,
        backend=entries["backend"],
        root=entries["root"],
        compression=compression,
        tail=entries["tail"],
        body=entries["body"],
        types=types,
        objects=objects,
        arrays=arrays,
    )


def _is_strings(value: object) -> bool:
    return type(value) is tuple and set(map(type, value)) <= {str}


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _parse_type_row(row: object) -> TypeRow:
    if not (
        type(row) is tuple
        and len(row) == 4
        and type(row[0]) is str
        and type(row[1]) is int
        and row[1] >= 1
        and all(_is_strings(names) and len(set(names)) == len(names) for names in row[2:])
    ):
        raise CorruptError(
            f"header: expected types to be rows of [name, version, fields, results], found {cut(repr(row), 80)}"
        )
    return TypeRow(*row)
