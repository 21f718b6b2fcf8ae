"""Payloads made by hand, with a digest that agrees, so that the checks behind the digest are reached."""

from __future__ import annotations

import math
from typing import Any

import msgpack
import numpy as np
import xxhash


def ext(code: int, data: bytes) -> msgpack.ExtType:
    return msgpack.ExtType(code, data)


def ref(index: int) -> msgpack.ExtType:
    """A reference to an object."""
    return ext(1, bytes([index]))


def payload(
    value: Any = None,
    records: list[Any] = [],  # noqa: B006
    *,
    body: bytes | None = None,
    buffers: bytes = b"",
    digests: bytes | None = None,
    pad: bytes | None = None,
    add: dict[str, Any] | None = None,
    ancillary: Any = {},  # noqa: B006
    writer: Any = ("some-writer", "9.9"),
    **entries: Any,
) -> bytes:
    """A payload of a body and critical entries; what is not given is what the writer would write.

    `buffers` is what follows the header; `add` holds further critical entries.
    """
    if body is None:
        body = msgpack.packb([value, *records])
    critical = {
        "backend": "numpy",
        "types": [],
        "objects": [-1] * len(records),
        "arrays": [],
        **entries,
    }
    critical = {"backend": critical.pop("backend"), "root": critical.pop("root", _root_of(value, critical)), **critical}
    if digests is None:
        digests = (
            b"".join(_digest_of(row, buffers) for row in critical["arrays"]) if _is_rows(critical["arrays"]) else b""
        )
    packed = b"\xa4body\xc6" + len(body).to_bytes(4, "big") + body
    packed += b"\xa7digests\xc6" + len(digests).to_bytes(4, "big") + digests
    rest = {"writer": writer, "critical": critical | (add or {}), "ancillary": ancillary}
    packed += msgpack.packb(rest)[1:] + b"\xa3pad\xc4"
    used = 64 + len(packed) + 1
    pad = bytes(-used % 64) if pad is None else pad
    head = used + len(pad)
    prelude = b"\xa7AASTATE\x8a\xa6digest\xc4\x10" + bytes(16) + b"\xa4wire\x02"
    prelude += b"\xa4size\xcf" + (head + len(buffers)).to_bytes(8, "big") + b"\xa4head\xce" + head.to_bytes(4, "big")
    return resealed(prelude + packed + bytes([len(pad)]) + pad + buffers)


def _root_of(value: Any, critical: dict[str, Any]) -> str:
    kind = {type(None): "nil", list: "tuple", tuple: "tuple", dict: "dict"}.get(type(value), type(value).__name__)
    if isinstance(value, msgpack.ExtType):
        kind = {2: "array", 3: "scalar", 4: "complex", 5: "int", 6: "frozenset"}.get(value.code, "list")
        row = critical["objects"][0] if value.code == 1 and critical["objects"] else -1
        if value.code == 1 and type(row) is int:
            kind = {-1: "list", -2: "dict", -3: "set"}.get(row) or critical["types"][row][0]
    return kind


def _is_rows(rows: Any) -> bool:
    return type(rows) is list and all(type(row) is list and len(row) > 3 for row in rows)


def _digest_of(row: list[Any], buffers: bytes) -> bytes:
    """The digest of what a row describes: of all that is there, where that is no array."""
    try:
        size = np.dtype(row[0]).itemsize * math.prod(row[1][:64])
        data = buffers[row[3] : row[3] + size]
    except (TypeError, ValueError):
        data = buffers
    return xxhash.xxh3_128(data).digest()


def resealed(data: bytes) -> bytes:
    """The same bytes with a digest that agrees with the header."""
    head = int.from_bytes(data[60:64], "big")
    blank = data[:18] + bytes(16) + data[34:head]
    return data[:18] + xxhash.xxh3_128(blank).digest() + data[34:]


def payload_1(
    value: Any = None,
    records: list[Any] = [],  # noqa: B006
    *,
    body: bytes | None = None,
    buffers: bytes = b"",
    stored: bytes | None = None,
    add: dict[str, Any] | None = None,
    **entries: Any,
) -> bytes:
    """A payload of wire version 1, of a body and header entries; what is not given is what the writer would write."""
    if body is None:
        body = msgpack.packb([value, *records])
    tail = body + buffers
    header = {
        "writer": ["some-writer", "9.9"],
        "backend": "numpy",
        "root": "list",
        "compression": None,
        "tail": len(tail),
        "body": len(body),
        "types": [],
        "objects": [-1] * len(records),
        "arrays": [],
    }
    stored = tail if stored is None else stored
    packed = msgpack.packb(header | entries | (add or {}))[1:] + b"\xa3pad\xc4"
    count = len(header | entries | (add or {})) + 5
    used = 64 + len(packed) + 1
    head = -(-used // 64) * 64
    prelude = b"\xa7AASTATE" + bytes([0x80 | count]) + b"\xa6digest\xc4\x10" + bytes(16) + b"\xa4wire\x01"
    prelude += b"\xa4size\xcf" + (head + len(stored)).to_bytes(8, "big") + b"\xa4head\xce" + head.to_bytes(4, "big")
    return resealed_1(prelude + packed + bytes([head - used]) + bytes(head - used) + stored)


def resealed_1(data: bytes) -> bytes:
    """The bytes of a payload of wire version 1 with a digest that agrees with all of them."""
    blank = data[:18] + bytes(16) + data[34:]
    return data[:18] + xxhash.xxh3_128(blank).digest() + data[34:]


def array_frame_1(body: bytes, nbytes: int) -> tuple[int, bytes]:
    """The offset of a first array behind `body`, and the bytes between them, in wire version 1."""
    pad = -(len(body) + 5) % 64
    return len(body) + 5 + pad, b"\xc0" * pad + b"\xc6" + nbytes.to_bytes(4, "big")
