"""The header map of a payload: how it is packed, and its parts, after each of them was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgpack

from serialization._display import cut
from serialization._payload import wire
from serialization._payload.wire import ALIGNMENT, PRELUDE_BYTES, align
from serialization.errors import CorruptError, LimitError, UnknownCodeError

KEYS = ("digest", "wire", "size", "head", "body", "digests", "writer", "critical", "ancillary", "pad")
CRITICAL = ("backend", "root", "types", "objects", "arrays")
_BODY, _DIGESTS = b"\xa4body\xc6", b"\xa7digests\xc6"
_LENGTH = 4  # bytes of the length of a bin
BODY_AT = PRELUDE_BYTES + len(_BODY) + _LENGTH
_BETWEEN = len(_DIGESTS) + _LENGTH
_MAX_HEAD = 2**32 - ALIGNMENT


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A registered type as a payload uses it: an object's record holds its fields, then its results."""

    name: str
    version: int
    fields: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a header says of the graph; `arrays` holds the rows of the arrays as they stand."""

    wire: int
    writer: tuple[str, str]
    backend: str
    root: str
    types: tuple[TypeRow, ...]
    objects: tuple[int, ...]
    arrays: tuple[tuple[Any, ...], ...]
    ancillary: Mapping[str, Any] = field(default_factory=dict)

    @property
    def written_by(self) -> str:
        """The name and the version of what wrote the payload."""
        return f"{self.writer[0]} {self.writer[1]}"


@dataclass(frozen=True, slots=True)
class Spans:
    """Where in a payload the body and the digests of the arrays are, and what tells its structure."""

    body: slice
    digests: slice
    rest: slice


def pack_header(
    graph: Any, rows: list[list[Any]], stored: int, ancillary: Mapping[str, Any], writer: tuple[str, str] | None = None
) -> tuple[bytearray, slice]:
    """The payload's bytes up to its first array, and where in them the digests of the arrays belong.

    The digests are zeros as yet, `wire.seal` comes after them.

    Parameters
    ----------
    graph
        The encoded graph, of which body, types, objects, root and backend are taken.
    rows
        The rows of its arrays.
    stored
        The number of bytes that follow the header.
    ancillary
        The map of that name.
    writer
        What the header says wrote it; by default this release.

    Raises
    ------
    LimitError
        If the header is larger than 4 GiB.
    """
    packer = msgpack.Packer()
    pack: Any = packer.pack  # the stubs have no results
    body, count = graph.body, wire.DIGEST_BYTES * len(rows)
    rest = b"".join(
        [
            b"\xa6writer",
            pack(writer or wire.writer()),
            b"\xa8critical\x85\xa7backend",
            pack(graph.backend),
            b"\xa4root",
            pack(graph.root),
            b"\xa5types",
            packer.pack_array_header(len(graph.types)),  # pyright: ignore[reportArgumentType]
            *graph.types,
            b"\xa7objects",
            pack(graph.objects),
            b"\xa6arrays",
            pack(rows),
            b"\xa9ancillary",
            pack(ancillary),
            b"\xa3pad\xc4",
        ]
    )
    used = BODY_AT + len(body) + _BETWEEN + count + len(rest) + 1
    head = align(used)
    if head > _MAX_HEAD:
        raise LimitError(f"header: expected at most {_MAX_HEAD} bytes, found {head}")
    out = wire.pack_prelude(len(KEYS), head + stored, head)
    out += _BODY + len(body).to_bytes(_LENGTH, "big")
    out += body
    out += _DIGESTS + count.to_bytes(_LENGTH, "big")
    start = len(out)
    out += bytes(count)
    out += rest
    out.append(head - used)
    out += bytes(head - used)
    return out, slice(start, start + count)


def spans_of(payload: memoryview, head: int) -> Spans:
    """Where the parts of a header are, after `wire.measure` has passed.

    Raises
    ------
    CorruptError
        If the body and the digests are not where they should be.
    """
    start = PRELUDE_BYTES
    ends = []
    for key in (_BODY, _DIGESTS):
        first = start + len(key) + _LENGTH
        length = int.from_bytes(payload[first - _LENGTH : first], "big")
        if first + length > head or payload[start : start + len(key)] != key:
            actual = bytes(payload[start : min(first, head)]).hex(" ") or "nothing"
            raise CorruptError(
                f"header: expected {key.hex(' ')} and a length up to the header's end at byte {start}, found {actual}"
            )
        start = first + length
        ends.append((first, start))
    (body, digests) = (slice(*pair) for pair in ends)
    return Spans(body, digests, slice(digests.stop, head))


@wire.bounded_depth()
def header_of(payload: memoryview, head: int) -> Header:
    """The header of a payload of wire version 2, after its digest was verified if it is to be relied on.

    Raises
    ------
    CorruptError, UnknownCodeError
        If it breaks the rules of the format, or has critical entries that are not known here.
    """
    entries = wire.unpack_map(payload, head)
    if tuple(entries) != KEYS:
        raise CorruptError(f"header: expected the entries {', '.join(KEYS)}, found {', '.join(map(repr, entries))}")
    critical, ancillary, pad = entries["critical"], entries["ancillary"], entries["pad"]
    for name in ("critical", "ancillary"):
        if not isinstance(entries[name], dict):
            raise CorruptError(f"header: expected {name} to be a map, found {cut(repr(entries[name]), 80)}")
    if type(pad) is not bytes or any(pad) or len(pad) >= ALIGNMENT or payload[head - len(pad) - 2] != 0xC4:
        raise CorruptError(f"header: expected pad to be a bin of up to 63 zeros, found {cut(repr(pad), 80)}")
    unknown = [key for key in critical if key not in CRITICAL]
    if unknown:
        names = ", ".join(map(repr, unknown))
        raise UnknownCodeError(f"header: expected the critical entries {', '.join(CRITICAL)}, found {names}")
    if missing := [key for key in CRITICAL if key not in critical]:
        raise CorruptError(f"header: expected the critical entries {', '.join(CRITICAL)}, found no {missing[0]}")
    structure = parse_structure({**critical, "writer": entries["writer"]})
    check_digests(len(entries["digests"]), len(structure["arrays"]))
    check_use(structure["types"], structure["objects"])
    return Header(wire=entries["wire"], ancillary=ancillary, **structure)


def check_digests(size: int, arrays: int) -> None:
    """Raise CorruptError unless there are digests of so many bytes for these arrays."""
    if size != wire.DIGEST_BYTES * arrays:
        raise CorruptError(f"header: expected digests of 16 bytes for each of {arrays} arrays, found {size} bytes")


def parse_structure(entries: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that headers of all wire versions have: writer, backend, root, types, objects, arrays.

    Raises
    ------
    CorruptError
        If one of them is not what it should be.
    """

    def check(good: bool, what: str, expected: str) -> None:
        if not good:
            raise CorruptError(f"header: expected {what} to be {expected}, found {cut(repr(entries[what]), 80)}")

    writer = entries["writer"]
    check(_is_strings(writer) and len(writer) == 2, "writer", "a name and a version")
    check(entries["backend"] in ("numpy", "jax", "mixed"), "backend", "numpy, jax or mixed")
    check(type(entries["root"]) is str, "root", "a string")
    rows = entries["types"]
    check(type(rows) is tuple, "types", "rows of [name, version, fields, results]")
    types = tuple(map(_parse_type_row, rows))
    objects = entries["objects"]
    check(
        type(objects) is tuple
        and set(map(type, objects)) <= {int}
        and (not objects or (min(objects) >= wire.SET and max(objects) < len(rows))),
        "objects",
        f"numbers from {wire.SET} to {len(rows) - 1}",
    )
    arrays = entries["arrays"]
    check(type(arrays) is tuple and set(map(type, arrays)) <= {tuple}, "arrays", "rows")
    return {
        "writer": writer,
        "backend": entries["backend"],
        "root": entries["root"],
        "types": types,
        "objects": objects,
        "arrays": arrays,
    }


def check_use(types: tuple[TypeRow, ...], objects: tuple[int, ...]) -> None:
    """Raise CorruptError unless each row is in use, in the order of the first use, and stands once."""
    first = [index for index in dict.fromkeys(objects) if index >= 0]
    if first != list(range(len(types))):
        raise CorruptError(
            f"header: expected types in the order in which objects name them, found the order {first!r:.80}"
        )
    if len(set(types)) != len(types):
        raise CorruptError("header: expected distinct rows of types, found one twice")


def _is_strings(value: object) -> bool:
    return type(value) is tuple and set(map(type, value)) <= {str}


def _parse_type_row(row: object) -> TypeRow:
    if not (
        type(row) is tuple
        and len(row) == 4
        and type(row[0]) is str
        and type(row[1]) is int
        and row[1] >= 1
        and all(_is_strings(names) for names in row[2:])
        and len(set(row[2] + row[3])) == len(row[2] + row[3])
    ):
        raise CorruptError(
            f"header: expected types to be rows of [name, version, fields, results], found {cut(repr(row), 80)}"
        )
    return TypeRow(*row)
