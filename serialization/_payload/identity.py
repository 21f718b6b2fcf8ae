"""The name of a payload by its content, which nobody can forge."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import msgpack

from serialization._payload import files, wire
from serialization._payload.header import pack_header
from serialization._payload.inspect import parse
from serialization._payload.layout import check_size, lay_out, verified
from serialization.errors import CorruptError, NewerVersionError

_PREFIX = "aas:sha256:"


def identity(data_or_path: Any) -> str:
    """The identity of a payload: "aas:sha256:" and the SHA-256 of its canonical form, in hexadecimal.

    Equal graphs have one identity: compression, notes, provenance and the release that wrote the payload have no part
    in it. Every byte is verified first. FORMAT.md, section 7, says what is hashed.

    Parameters
    ----------
    data_or_path
        A path, or an object with a contiguous buffer; for a live object, `dumps(obj)`.

    Raises
    ------
    NewerVersionError
        If it is of wire version 1, which has no identity: `autoarray-state convert` makes one of version 2.
    SerializationError
        As `loads` does; no type is looked up.
    """
    payload = files.bytes_of(data_or_path)
    version, size, head = wire.measure(payload)
    if version == 1:
        raise NewerVersionError("payload: expected wire version 2, found 1, which has no identity; convert it first")
    if not wire.digest_agrees(payload[:head]):
        raise CorruptError(wire.CHANGED)
    header, spans, layout = parse(payload, head)
    check_size(layout, head, size)
    stored, digests = payload[head:], payload[spans.digests]
    layout.check_gaps(stored)
    buffers = [verified(index, row, stored[row.span], digests) for index, row in enumerate(layout.rows)]
    rows: list[list[Any]] = [list(row[:4]) for row in header.arrays]
    sizes = [row.nbytes for row in layout.rows]
    pieces, end = lay_out(rows, buffers, sizes, [None] * len(rows))
    types: list[Any] = [msgpack.packb([row.name, row.version, row.fields, row.results]) for row in header.types]
    graph = SimpleNamespace(
        body=bytes(payload[spans.body]), backend=header.backend, root=header.root, types=types, objects=header.objects
    )
    canonical, place = pack_header(graph, rows, end, {}, writer=("", ""))
    canonical[place] = digests
    wire.seal(canonical)
    state = hashlib.sha256(canonical)
    for piece in pieces:
        state.update(piece)
    return _PREFIX + state.hexdigest()
