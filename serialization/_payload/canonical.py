"""Whether a payload has the bytes that FORMAT.md prescribes, beyond what a reader has to refuse."""

from __future__ import annotations

import re
from typing import Any

import msgpack
import numpy as np

from serialization._payload import wire
from serialization._payload.codec import loads
from serialization._payload.dtypes import holes_of
from serialization._payload.forms import FLOAT_32, depth_of, tokens
from serialization._payload.header import CRITICAL, Header
from serialization._payload.inspect import parse
from serialization._payload.layout import Row, decompressed
from serialization._schema import registry
from serialization.errors import CorruptError

_MOST_DEEP = 500
_MULTIPLE_OF_ONE = re.compile(r"\[1[A-Za-z]")


def check_canonical(data: Any) -> None:
    """Raise unless a payload of wire version 2 has the bytes that a writer of the same graph has to write.

    Its compression, notes and provenance are a writer's choice. The types must be registered here.

    Raises
    ------
    SerializationError
        As `loads` does; CorruptError if a rule is broken that a reader need not check.
    """
    payload = memoryview(data).cast("B")
    loads(payload, backend="numpy")  # whether JAX is here, and how it is set, says nothing of the bytes
    version, _, head = wire.measure(payload)
    if version != wire.WIRE_VERSION:
        raise CorruptError(f"payload: expected wire version {wire.WIRE_VERSION}, found {version}")
    header, spans, layout = parse(payload, head)
    _check_header(bytes(payload[spans.rest]), header)
    body = bytes(payload[spans.body])
    _check_forms(body, "body")
    if depth_of(body) > _MOST_DEEP:
        raise CorruptError(f"body: expected arrays nested at most {_MOST_DEEP} deep, found {depth_of(body)}")
    values = wire.unpack(body, wire.ext_of, "body")
    _check_reach(values)
    _check_sets(header, values)
    for index, row in enumerate(layout.rows):
        _check_array(index, row, header.arrays[index][0], payload[head:][row.span])


def _check_header(rest: bytes, header: Header) -> None:
    """The part of a header behind the digests: entries of a map, which count as objects in a row here."""
    end = rest.rindex(b"\xa3pad\xc4")
    _check_forms(rest[:end], "header")
    values = msgpack.unpackb(b"\x83" + rest[:end], use_list=False)
    if tuple(values["critical"]) != CRITICAL:
        raise CorruptError(f"header: expected critical to have the order {CRITICAL}, found {tuple(values['critical'])}")
    keys = list(values["ancillary"])
    if keys != sorted(keys, key=str.encode):
        raise CorruptError(f"header: expected the keys of ancillary in the order of their bytes, found {keys!r:.80}")
    for row in header.types:
        if list(row.results) != sorted(row.results, key=str.encode):
            raise CorruptError(f"header: expected results in the order of their bytes, found {row.results!r:.80}")
        required, optional = registry.schema_named(row.name, header.written_by).fields_at(row.version)
        fields = tuple(name for name in (*required, *optional) if name in row.fields)
        fields += tuple(name for name in row.fields if name not in fields)  # of an open type, in the object's order
        if fields != row.fields:
            raise CorruptError(
                f"header: expected the fields {', '.join(fields)} in this order, found {row.fields!r:.80}"
            )


def _check_forms(packed: bytes, what: str) -> None:
    for token in tokens(packed):
        if not token.shortest or token.byte == FLOAT_32:
            raise CorruptError(f"{what}: expected the shortest form at byte {token.start}, found {token.byte:02x}")
        if token.code == wire.FROZENSET:
            _check_forms(token.data, "frozenset")
            if depth_of(token.data) > _MOST_DEEP:
                raise CorruptError(f"frozenset: expected arrays nested at most {_MOST_DEEP} deep, found more")
            _check_order(msgpack.unpackb(token.data, use_list=False, ext_hook=wire.ext_of), "frozenset")
        if token.code == wire.SCALAR and token.data[:4] == b"\x03|b1" and token.data[4] > 1:
            raise CorruptError(f"{what}: expected 0 or 1 as a bool, found {token.data[4]}")
        if token.code == wire.SCALAR and _MULTIPLE_OF_ONE.search(token.data[1:20].decode("latin-1")):
            raise CorruptError(f"{what}: expected no multiple of 1 in the unit of a scalar, found {token.data!r:.60}")


def _check_reach(values: tuple[Any, ...]) -> None:
    """Raise unless each object first stands before its own record, and so is reached from the root."""
    met = 0  # the objects so far, which have numbers in the order in which they first stand
    for index, value in enumerate(values):
        if met < index:
            raise CorruptError(f"body: expected object {index - 1} to stand before its record, found it there or later")
        stack = [value]
        while stack:
            item = stack.pop()
            if type(item) is tuple:
                stack.extend(item)
            elif isinstance(item, msgpack.ExtType) and item.code == wire.OBJECT:
                met = max(met, int.from_bytes(item.data, "big") + 1)


def _check_sets(header: Header, values: tuple[Any, ...]) -> None:
    for kind, record in zip(header.objects, values[1:], strict=True):
        if kind == wire.SET:
            _check_order(record, "set")


def _check_order(elements: tuple[Any, ...], what: str) -> None:
    packed: list[Any] = list(map(msgpack.packb, elements))
    if packed != sorted(packed):
        raise CorruptError(f"{what}: expected elements in the order of their bytes, found another order")


def _check_array(index: int, row: Row, description: Any, stored: memoryview) -> None:
    strings = [description] if isinstance(description, str) else [field[1] for field in description[1]]
    if any(map(_MULTIPLE_OF_ONE.search, strings)):
        raise CorruptError(f"array {index}: expected no multiple of 1 in a unit, found {description!r:.80}")
    if row.order == "F" and (0 in row.shape or sum(length != 1 for length in row.shape) < 2):
        raise CorruptError(f"array {index}: expected C order where both are the same, found shape {row.shape}")
    if not row.nbytes:
        return
    data = stored if row.compression is None else decompressed(index, row, stored)
    items = np.frombuffer(data, np.uint8).reshape(-1, row.dtype.itemsize)
    if any(items[:, hole].any() for hole in holes_of(row.dtype)):
        raise CorruptError(f"array {index}: expected zeros in the bytes that belong to no field, found others")
    bools = [0] if row.dtype.kind == "b" else [at for inner, at in _fields(row.dtype) if inner.kind == "b"]
    if any((items[:, at] > 1).any() for at in bools):
        raise CorruptError(f"array {index}: expected 0 or 1 as a bool, found another byte")


def _fields(dtype: np.dtype) -> list[tuple[np.dtype, int]]:
    return [(inner, offset) for inner, offset, *_ in (dtype.fields or {}).values()]
