"""A payload in parts, and back: `taken_apart`, `put_together`."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field, replace
from typing import Any

import msgpack
import numpy as np
import xxhash

ENTRIES = ("writer", "backend", "root", "types", "objects")


@dataclass(slots=True)
class Stored:
    """An array: its row, its stored bytes, and the digest that the header states for it."""

    row: list[Any]
    data: bytes
    digest: bytes


@dataclass(slots=True)
class Parts:
    """What a payload is made of.

    Parameters
    ----------
    wire
        Its wire version, 1 or 2.
    entries
        The packed values of the header's entries `ENTRIES`; of wire version 2 `ancillary` too.
    body
        The packed body.
    arrays
        The arrays.
    compression
        Of wire version 1, how the bytes behind the header are compressed: None or "zlib".
    rows
        The packed rows of the arrays, where they are not those of `arrays`.
    lay_out
        Whether the arrays get the places that the format prescribes, rather than those of their rows.
    claims
        What the prelude and the header say instead of the truth: "size", "head", "pad", "digest", "tail", "body",
        "digests", "gaps", "end" or "add".
    """

    wire: int
    entries: dict[str, bytes]
    body: bytes
    arrays: list[Stored]
    compression: str | None = None
    rows: bytes | None = None
    lay_out: bool = True
    claims: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Parts:
        """The same parts, to be changed."""
        return replace(self, entries=dict(self.entries), arrays=list(self.arrays), claims={})

    def of_version_1(self) -> Parts:
        """The same graph in wire version 1, without notes and compression by array."""
        entries = {name: self.entries[name] for name in ENTRIES}
        return Parts(1, entries, self.body, [replace(one, row=one.row[:4]) for one in self.arrays])


def digest_of(data: bytes) -> bytes:
    """The digest of an array's bytes."""
    return xxhash.xxh3_128_digest(data)


def nbytes_of(row: list[Any]) -> int | None:
    """The bytes of the array that a row describes; None if it describes none."""
    description = row[0]
    try:
        itemsize = np.dtype(description).itemsize if isinstance(description, str) else description[0]
        size = itemsize * math.prod(row[1])
    except (TypeError, ValueError, SyntaxError, LookupError):
        return None
    return size if type(size) is int and 0 <= size < 2**31 else None


def taken_apart(payload: bytes) -> Parts:
    """The parts of a good payload."""
    head = int.from_bytes(payload[60:64], "big")
    header = msgpack.unpackb(payload[8:head], strict_map_key=True)
    if header["wire"] == 1:
        return _taken_apart_1(payload[head:], header)
    critical = header["critical"]
    entries = {name: msgpack.packb(critical.get(name, header.get(name))) for name in ENTRIES}
    entries["ancillary"] = msgpack.packb(header["ancillary"])
    arrays = []
    for index, row in enumerate(critical["arrays"]):
        start = head + row[3]
        size = row[5] if len(row) == 6 else nbytes_of(row)
        arrays.append(Stored(row, payload[start : start + size], header["digests"][16 * index : 16 * index + 16]))
    return Parts(2, entries, header["body"], arrays)


def _taken_apart_1(tail: bytes, header: dict[str, Any]) -> Parts:
    if header["compression"]:
        tail = zlib.decompress(tail[5:])
    arrays = []
    for description, shape, offset, flags in header["arrays"]:
        row = [description, shape, flags, offset]
        arrays.append(Stored(row, tail[offset : offset + nbytes_of(row)], b""))
    entries = {name: msgpack.packb(header[name]) for name in ENTRIES}
    return Parts(1, entries, tail[: header["body"]], arrays, header["compression"])


def put_together(parts: Parts) -> bytes:
    """The payload of these parts, whose digests agree unless `claims` says otherwise."""
    packed, behind = (_version_2 if parts.wire == 2 else _version_1)(parts)
    claims = parts.claims
    used = 64 + len(packed) + 6  # with the key and the form of the padding
    pad = claims.get("pad", bytes(-used % 64))
    head = used + len(pad)
    count = (10 if parts.wire == 2 else 14) + claims.get("add", 0)
    out = bytearray(b"\xa7AASTATE" + bytes([0x80 | count & 15]) + b"\xa6digest\xc4\x10" + bytes(16) + b"\xa4wire")
    out.append(parts.wire)
    out += b"\xa4size\xcf" + (claims.get("size", head + len(behind)) & 2**64 - 1).to_bytes(8, "big")
    out += b"\xa4head\xce" + (claims.get("head", head) & 2**32 - 1).to_bytes(4, "big")
    out += packed + b"\xa3pad\xc4" + bytes([len(pad) & 255]) + pad
    if parts.wire == 2:
        out[18:34] = xxhash.xxh3_128_digest(out[: claims.get("head", head)])
    out += behind
    if parts.wire == 1:
        out[18:34] = xxhash.xxh3_128_digest(out)
    if "digest" in claims:
        out[18] ^= claims["digest"]
    return bytes(out)


def _version_2(parts: Parts) -> tuple[bytes, bytes]:
    claims, pieces, position, rows, digests = parts.claims, [], 0, [], []
    fill = claims.get("gaps", 0)
    for one in parts.arrays:
        row = one.row
        offset = -(-position // 64) * 64
        if parts.lay_out and row[3] != offset:
            row = [*row[:3], offset, *row[4:]]
        if offset > position:
            pieces.append(bytes([fill]) * (offset - position))
        pieces.append(one.data)
        position = offset + len(one.data)
        rows.append(row)
        digests.append(one.digest)
    stated = claims.get("digests", b"".join(digests))
    entries = parts.entries
    packed = [
        *(b"\xa4body\xc6", claims.get("body", len(parts.body)).to_bytes(4, "big"), parts.body),
        *(b"\xa7digests\xc6", len(stated).to_bytes(4, "big"), stated, b"\xa6writer", entries["writer"]),
        *(b"\xa8critical\x85\xa7backend", entries["backend"], b"\xa4root", entries["root"]),
        *(b"\xa5types", entries["types"], b"\xa7objects", entries["objects"]),
        *(b"\xa6arrays", _packed(rows, parts), b"\xa9ancillary", entries["ancillary"]),
    ]
    return b"".join(packed), b"".join(pieces) + claims.get("end", b"")


def _version_1(parts: Parts) -> tuple[bytes, bytes]:
    claims, pieces, position, rows = parts.claims, [parts.body], len(parts.body), []
    fill = bytes([claims.get("gaps", 0xC0)])
    for one in parts.arrays:
        row = one.row
        pad = -(position + 5) % 64
        offset = position + 5 + pad
        rows.append([row[0], row[1], offset if parts.lay_out else row[3], *row[2:3], *row[4:]])
        pieces.append(fill * pad + b"\xc6" + len(one.data).to_bytes(4, "big") + one.data)
        position = offset + len(one.data)
    tail = b"".join(pieces) + claims.get("end", b"")
    entries = parts.entries
    packed = [
        *(b"\xa6writer", entries["writer"], b"\xa7backend", entries["backend"], b"\xa4root", entries["root"]),
        *(b"\xabcompression", msgpack.packb(parts.compression), b"\xa4tail"),
        *(msgpack.packb(claims.get("tail", len(tail))), b"\xa4body"),
        *(msgpack.packb(claims.get("body", len(parts.body))), b"\xa5types", entries["types"]),
        *(b"\xa7objects", entries["objects"], b"\xa6arrays", _packed(rows, parts)),
    ]
    if parts.compression is not None:
        tail = zlib.compress(tail, 1)
        tail = b"\xc6" + len(tail).to_bytes(4, "big") + tail
    return b"".join(packed), tail


def _packed(rows: list[list[Any]], parts: Parts) -> bytes:
    return msgpack.packb(rows) if parts.rows is None else parts.rows
