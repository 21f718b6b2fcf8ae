"""Payloads of wire version 2, put together byte by byte from FORMAT.md, right or wrong as asked.

Nothing here imports the project: what its readers say of these bytes has to come from the page alone.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgpack
import xxhash

MAGIC = b"\xa7AASTATE"
WRITER = ("some-writer", "9.9")
LIST, DICT, SET = -1, -2, -3
FORTRAN, JAX = 1, 2
OBJECT, ARRAY, SCALAR, COMPLEX, BIG_INT, FROZENSET = range(1, 7)
ENTRIES = ("body", "digests", "writer", "critical", "ancillary", "pad")
_MULTIPLE = 64


def pack(value: Any) -> bytes:
    """A value in its shortest msgpack form."""
    return msgpack.packb(value)


def ext(code: int, data: bytes) -> msgpack.ExtType:
    """An ext value; `msgpack` gives it the shortest form."""
    return msgpack.ExtType(code, data)


def obj(index: int) -> msgpack.ExtType:
    """A reference to an object."""
    return ext(OBJECT, _index(index))


def arr(index: int) -> msgpack.ExtType:
    """A reference to an array."""
    return ext(ARRAY, _index(index))


def _index(index: int) -> bytes:
    return index.to_bytes(1 if index < 2**8 else 2 if index < 2**16 else 4, "big")


def scalar(dtype: str, data: bytes) -> msgpack.ExtType:
    """A scalar of a dtype."""
    return ext(SCALAR, bytes([len(dtype)]) + dtype.encode() + data)


def big(number: int) -> msgpack.ExtType:
    """An integer that 64 bits can't hold."""
    bits = number.bit_length() if number >= 0 else (~number).bit_length()
    return ext(BIG_INT, number.to_bytes(bits // 8 + 1, "big", signed=True))


def cplx(real: float, imaginary: float) -> msgpack.ExtType:
    """A complex number."""
    return ext(COMPLEX, struct.pack(">dd", real, imaginary))


def frozen(*elements: Any) -> msgpack.ExtType:
    """A frozenset, with its elements in the order in which they are given."""
    return ext(FROZENSET, pack(list(elements)))


def in_order(*elements: Any) -> list[Any]:
    """Elements in the order of their packed bytes."""
    return sorted(elements, key=pack)


def digest_of(data: bytes) -> bytes:
    """XXH3, 128 bits, seed 0, in the canonical form."""
    return xxhash.xxh3_128_digest(data)


_ITEM = {"S": 1, "U": 4}  # bytes of a character


def item_size(dtype: Any) -> int:
    """The bytes of an item of a dtype, as a row of `arrays` describes it."""
    if not isinstance(dtype, str):
        return dtype[0]
    match = re.fullmatch(r"[|<>]([biufcSUmM])(\d+)(\[.*\])?", dtype)
    assert match, dtype
    return int(match[2]) * _ITEM.get(match[1], 1)


def shuffle(data: bytes, size: int) -> bytes:
    """The first byte of each item of `size` bytes, then the second byte of each, and so on."""
    return b"".join(data[byte::size] for byte in range(size))


@dataclass
class Array:
    """An array: what its row says, and its bytes.

    Parameters
    ----------
    dtype, shape, flags
        As in its row.
    data
        The bytes before compression.
    compression, stored
        The name of the compression and the compressed bytes, or None.
    digest
        The digest that the header has; by default the right one.
    """

    dtype: Any
    shape: list[int]
    data: bytes = b""
    flags: int = 0
    compression: str | None = None
    stored: bytes | None = None
    digest: bytes | None = None

    def __post_init__(self) -> None:
        self.stored = self.data if self.stored is None else self.stored
        self.digest = digest_of(self.data) if self.digest is None else self.digest

    def row(self, offset: int) -> list[Any]:
        row = [self.dtype, self.shape, self.flags, offset]
        return row if self.compression is None else [*row, self.compression, len(self.stored)]

    def is_whole(self) -> bool:
        """Whether there are as many bytes as the row says."""
        return len(self.data) == item_size(self.dtype) * math.prod(self.shape)


Edit = Callable[[dict[str, bytes]], dict[str, bytes] | None]


@dataclass
class Parts:
    """What a payload is made of. What is not given is what a writer would write.

    Parameters
    ----------
    value, records, objects
        The root's value, the records, and what `objects` says of each; by default all are lists.
    types
        The rows of `types`.
    arrays
        The arrays, or the rows of the header where `tail` has their bytes.
    root, backend, writer, ancillary
        As in the header.
    body
        The bytes of the body, where a value and records don't tell them.
    digests, tail
        The bytes of these, where arrays don't tell them.
    critical
        Changes the entries of `critical`: packed values by key, in order.
    entries
        Changes the entries of the header from `body` on, but for `pad`, likewise.
    fill
        The key of `pad` and what stands before its length.
    """

    value: Any = None
    records: list[Any] = field(default_factory=list)
    objects: list[Any] | None = None
    types: list[Any] = field(default_factory=list)
    arrays: list[Any] = field(default_factory=list)
    root: Any = "nil"
    backend: Any = "numpy"
    writer: Any = WRITER
    ancillary: Any = field(default_factory=dict)
    body: bytes | None = None
    digests: bytes | None = None
    tail: bytes | None = None
    critical: Edit | None = None
    entries: Edit | None = None
    fill: bytes = b"\xa3pad\xc4"

    def body_bytes(self) -> bytes:
        return pack([self.value, *self.records]) if self.body is None else self.body

    def payload(self) -> bytes:
        """The payload."""
        rows, digests, tail = self._arrays()
        objects = [LIST] * len(self.records) if self.objects is None else self.objects
        values = (self.backend, self.root, self.types, objects, rows)
        critical = dict(zip(("backend", "root", "types", "objects", "arrays"), map(pack, values), strict=True))
        body = self.body_bytes()
        entries = {
            "body": b"\xc6" + len(body).to_bytes(4, "big") + body,
            "digests": b"\xc6" + len(digests).to_bytes(4, "big") + digests,
            "writer": pack(list(self.writer) if isinstance(self.writer, tuple) else self.writer),
            "critical": joined(_edited(critical, self.critical)),
            "ancillary": self.ancillary if isinstance(self.ancillary, bytes) else pack(self.ancillary),
        }
        packed = joined(_edited(entries, self.entries))[1:] + self.fill
        head = -(-(_MULTIPLE + len(packed) + 1) // _MULTIPLE) * _MULTIPLE
        pad = head - _MULTIPLE - len(packed) - 1
        return sealed(prelude(head + len(tail), head) + packed + bytes([pad]) + bytes(pad) + tail)

    def _arrays(self) -> tuple[list[Any], bytes, bytes]:
        rows, digests, tail = [], b"", b""
        for each in self.arrays:
            if isinstance(each, Array):
                tail += bytes(-len(tail) % _MULTIPLE)
                rows.append(each.row(len(tail)))
                digests += each.digest
                tail += each.stored
            else:
                rows.append(each)
                digests += digest_of(b"")
        return rows, digests if self.digests is None else self.digests, tail if self.tail is None else self.tail


def _edited(entries: dict[str, bytes], edit: Edit | None) -> dict[str, bytes]:
    changed = None if edit is None else edit(entries)
    return entries if changed is None else changed


def joined(entries: dict[Any, bytes]) -> bytes:
    """A map of packed values; a key that is bytes is packed already."""
    pairs = b"".join((key if isinstance(key, bytes) else pack(key)) + value for key, value in entries.items())
    return pack({str(number): None for number in range(len(entries))})[:1] + pairs


def prelude(size: int, head: int, *, wire: int = 2, entries: int = 0x8A) -> bytes:
    """The first 64 bytes, with a digest of zeros."""
    digest = b"\xa6digest\xc4\x10" + bytes(16)
    sizes = b"\xa4size\xcf" + size.to_bytes(8, "big") + b"\xa4head\xce" + head.to_bytes(4, "big")
    return MAGIC + bytes([entries]) + digest + b"\xa4wire" + bytes([wire]) + sizes


def sealed(payload: bytes) -> bytes:
    """The payload with the digest of its first `head` bytes."""
    head = int.from_bytes(payload[60:64], "big")
    blank = payload[:18] + bytes(16) + payload[34:]
    return payload[:18] + digest_of(blank[:head]) + payload[34:]


def with_bytes(payload: bytes, at: int, new: bytes, *, seal: bool = True) -> bytes:
    """The payload with other bytes from `at` on, and a digest that agrees unless `seal` is false."""
    at = at % len(payload)
    changed = payload[:at] + new + payload[at + len(new) :]
    return sealed(changed) if seal else changed
