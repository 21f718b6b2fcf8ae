"""Payloads made by hand, with a digest that agrees, so that the checks behind the digest are reached."""

from __future__ import annotations

from typing import Any

import msgpack

from serialization import _wire


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
    return resealed(bytes(_wire.pack_header(header | entries | (add or {}), len(stored))) + stored)


def resealed(data: bytes) -> bytes:
    """The same bytes with a digest that agrees with them."""
    changed = bytearray(data)
    changed[18:34] = bytes(16)
    _wire.seal([changed])
    return bytes(changed)


def array_frame(body: bytes, nbytes: int) -> tuple[int, bytes]:
    """The offset of a first array behind `body`, and the bytes between them."""
    pad = -(len(body) + 5) % 64
    return len(body) + 5 + pad, b"\xc0" * pad + b"\xc6" + nbytes.to_bytes(4, "big")
