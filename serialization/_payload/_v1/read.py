"""Graphs and descriptions of payloads of wire version 1."""

from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np

from serialization._payload import wire
from serialization._payload._v1.header import Header1, header_of
from serialization._payload._v1.layout import layout_of, parse_row
from serialization._payload.decode import Plan
from serialization._payload.layout import Row
from serialization._payload.memory import aligned_copy
from serialization._payload.restore import keep, name_the_writer, restore
from serialization.errors import CorruptError, LimitError, NotMappableError

_MAX_RATIO = 1032  # what deflate can do at best
_plans: dict[bytes, Plan] = {}


def read(
    payload: memoryview, head: int, backend: str | None, *, buffer: np.ndarray | None, shared: bool, name: str
) -> Any:
    """The graph of a payload.

    Parameters
    ----------
    payload, head
        Its bytes, and the length of its header, after `wire.measure` has passed.
    backend
        As in `loads`.
    buffer
        Memory that holds the payload, of which the arrays may be views; None: they are copied.
    shared
        Whether that memory belongs to a file.
    name
        What to call the payload in the message that it can't be mapped.

    Raises
    ------
    SerializationError
        As `loads` does.
    """
    plan, body, views = parts_of(payload, head, buffer=buffer, shared=shared, name=name)
    return restore(payload, head, plan, backend, body, views, shared=shared)


def parts_of(
    payload: memoryview, head: int, *, buffer: np.ndarray | None, shared: bool, name: str
) -> tuple[Plan, bytes, list[np.ndarray]]:
    """What the header of a payload says, its body and its arrays; as `read`."""
    if not wire.digest_agrees(payload):
        raise CorruptError(wire.CHANGED)
    plan = _plan_of(payload, head)
    header: Any = plan.header
    layout, tail = plan.layout, payload[head:]
    if header.compression is not None:
        if shared:
            raise NotMappableError(
                f"{name}: expected an uncompressed payload to map, found compression={header.compression!r}; load it "
                "with mmap=False"
            )
        tail = _decompress(tail, header.tail)
        buffer = None
    layout.check(tail)
    if buffer is None:
        views = layout.views(aligned_copy(tail[layout.first :]), layout.first)
    else:
        views = layout.views(buffer, -head)
    return plan, bytes(tail[: header.body]), views


@wire.bounded_depth()
def describe(payload: memoryview, head: int) -> tuple[Header1, tuple[Row, ...], bytes]:
    """The header of a payload, its arrays, and its body, as far as it is there."""
    header = header_of(payload, len(payload), head)
    rows = tuple(_row(index, row) for index, row in enumerate(header.arrays))
    if header.compression is None:
        return header, rows, bytes(payload[head : head + header.body])
    try:
        return header, rows, bytes(_decompress(payload[head:], header.tail)[: header.body])
    except CorruptError:
        return header, rows, b""


def _plan_of(payload: memoryview, head: int) -> Plan:
    after_digest = wire.DIGEST_AT + wire.DIGEST_BYTES
    key = b"".join([payload[: wire.DIGEST_AT], payload[after_digest:head]])
    plan = _plans.get(key)
    if plan is None:
        with name_the_writer(payload, head):
            header = header_of(payload, len(payload), head)
            plan = Plan(header, layout_of(header.arrays, header.body, header.tail))
        keep(_plans, key, plan)
    return plan


def _decompress(stored: memoryview, size: int) -> memoryview:
    length = len(stored) - 5
    if length < 0 or bytes(stored[:5]) != b"\xc6" + length.to_bytes(4, "big"):
        raise CorruptError(
            f"tail: expected one msgpack bin of {max(length, 0)} bytes, found {bytes(stored[:5]).hex(' ')}"
        )
    if size > _MAX_RATIO * length:
        raise LimitError(
            f"tail: expected at most {_MAX_RATIO} times {length} compressed bytes, found a claim of {size}"
        )
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(stored[5:], size + 1)
    except zlib.error as error:
        raise CorruptError(f"tail: expected bytes that zlib compressed, found {error}") from None
    if len(data) != size or not unpacker.eof or unpacker.unused_data:
        raise CorruptError(f"tail: expected {size} bytes after decompression, found {len(data)}")
    return memoryview(data)


def _row(index: int, row: tuple[Any, ...]) -> Row:
    dtype, shape, offset, flags = parse_row(index, row)
    nbytes, jax = dtype.itemsize * math.prod(shape), bool(flags & wire.JAX)
    return Row(dtype, shape, "F" if flags & wire.FORTRAN else "C", jax, nbytes, offset, nbytes, None)
