"""Payloads made by hand, with a digest that agrees, so that the checks behind the digest are reached."""

from __future__ import annotations

from typing import Any

import msgpack
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
    stored: bytes | None = None,
    add: dict[str, Any] | None = None,
    **entries: Any,
) -> bytes:
    """A payload of a body and header entries; what is not given is what the writer would write."""
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
    return resealed(prelude + packed + bytes([head - used]) + bytes(head - used) + stored)


def resealed(data: bytes) -> bytes:
    """The same bytes with a digest that agrees with them."""
    blank = data[:18] + bytes(16) + data[34:]
    return data[:18] + xxhash.xxh3_128(blank).digest() + data[34:]


def array_frame(body: bytes, nbytes: int) -> tuple[int, bytes]:
    """The offset of a first array behind `body`, and the bytes between them."""
    pad = -(len(body) + 5) % 64
    return len(body) + 5 + pad, b"\xc0" * pad + b"\xc6" + nbytes.to_bytes(4, "big")
