"""The header map of a payload of wire version 1."""

from __future__ import annotations

from dataclasses import dataclass

from serialization._display import cut
from serialization._payload.header import Header, parse_structure
from serialization._payload.wire import bounded_depth, unpack_map
from serialization.errors import CorruptError, UnknownCodeError

COMPRESSIONS = ("zlib",)
_FIRST = ("digest", "wire", "size", "head")
KEYS = (*_FIRST, "writer", "backend", "root", "compression", "tail", "body", "types", "objects", "arrays", "pad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header1(Header):
    """A header of wire version 1; the rows of `arrays` are (dtype, shape, offset in the tail, flags).

    `tail` and `body` are lengths in bytes, before compression.
    """

    compression: str | None
    tail: int
    body: int


@bounded_depth()
def header_of(payload: memoryview, size: int, head: int) -> Header1:
    """The header of a payload, after its digest was verified if it is to be relied on.

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

    structure, compression = parse_structure(entries), entries["compression"]
    if compression is not None and compression not in COMPRESSIONS:
        check(type(compression) is str, "compression", "a string or nil")
        raise UnknownCodeError(f"header: expected compression to be nil or zlib, found {compression!r}")
    tail, body = entries["tail"], entries["body"]
    check(_is_count(tail), "tail", "a number of bytes")
    check(compression is not None or tail == size - head, "tail", f"the {size - head} bytes after the header")
    check(_is_count(body) and body <= tail, "body", "a number of bytes in the tail")
    check(not any(entries["pad"]) if type(entries["pad"]) is bytes else False, "pad", "zeros")
    return Header1(wire=1, compression=compression, tail=tail, body=body, **structure)


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0
