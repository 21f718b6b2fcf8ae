"""What a payload holds, told from its header."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from serialization._payload import files, wire
from serialization._payload._v1.read import describe as describe_v1
from serialization._payload.header import Header, Spans, header_of, spans_of
from serialization._payload.info import ArrayInfo, PayloadInfo, TypeInfo
from serialization._payload.layout import Layout, Row, check_size, digest_of, layout_of, verified
from serialization._payload.outline import CONTAINERS, Outline, outline_of
from serialization._payload.tree import PayloadTree
from serialization._schema import registry
from serialization.errors import CorruptError, SerializationError, UnknownCodeError


def inspect(data_or_path: Any) -> PayloadInfo:
    """What a payload holds, from its header; builds nothing and imports none of its types.

    A payload from a newer release is described as far as its header is understood, and one whose bytes
    have changed as far as it can be read; `problems` says why `loads` would refuse them.

    Parameters
    ----------
    data_or_path
        A path, or an object with a contiguous buffer.

    Raises
    ------
    NotAPayloadError, TruncatedError, CorruptError, LimitError
        If not even the header can be read.
    """
    payload = files.bytes_of(data_or_path)
    version, size, head = wire.read_prelude(payload)
    if version > wire.WIRE_VERSION:
        return _future_info(payload, version, head)
    covered = payload if version == 1 else payload[:head]
    intact: bool | None = len(payload) == size and wire.digest_agrees(covered)
    try:
        _, size, head = wire.measure(payload)
        if version == 1:
            header, rows, body = describe_v1(payload, head)
            digests, compression, body_bytes = None, header.compression, header.body
        else:
            header, spans, layout = parse(payload, head)
            rows, body, digests = layout.rows, bytes(payload[spans.body]), payload[spans.digests]
            compression, body_bytes = compressions_of(rows), len(body)
            intact = intact and _arrays_agree(layout, payload, head, spans)
    except UnknownCodeError as error:
        return _future_info(payload, version, head, str(error), intact)
    outline, problem = outline_of(header, tuple(row.jax for row in rows), body)
    arrays = arrays_of(header, rows, digests, outline)
    problems = [] if intact is not False else ["its digest does not agree with its bytes"]
    scalars = _scalars_of(rows, payload[head:]) if version > 1 and intact else {}
    return PayloadInfo(
        **fields_of(header, len(payload), body_bytes, compression),
        arrays=arrays,
        intact=intact,
        problems=(*problems, *([problem] if problem else []), *problems_of(header)),
        graph=None if outline is None else PayloadTree(outline, arrays, scalars),
    )


def fields_of(header: Header, nbytes: int, body_bytes: int, compression: str | None) -> dict[str, Any]:
    """What a header tells of a payload, as arguments of `PayloadInfo`."""
    return {
        "wire": header.wire,
        "writer": header.writer,
        "backend": header.backend,
        "root": header.root,
        "compression": compression,
        "nbytes": nbytes,
        "body_bytes": body_bytes,
        "types": types_of(header),
        "containers": {name: header.objects.count(code) for code, name in CONTAINERS.items() if code in header.objects},
        "meta": map_in(header.ancillary, "meta"),
        "provenance": map_in(header.ancillary, "provenance"),
    }


def parse(payload: memoryview, head: int) -> tuple[Header, Spans, Layout]:
    """The header of a payload of wire version 2, where its parts are, and its arrays.

    Raises
    ------
    CorruptError, LimitError, UnknownCodeError
        If it breaks the rules of the format.
    """
    spans = spans_of(payload, head)
    header = header_of(payload, head)
    return header, spans, layout_of(header.arrays)


def types_of(header: Header) -> tuple[TypeInfo, ...]:
    """The types that a header names."""
    return tuple(
        TypeInfo(row.name, row.version, row.fields, row.results, header.objects.count(index))
        for index, row in enumerate(header.types)
    )


def arrays_of(
    header: Header, rows: Sequence[Row], digests: memoryview | None, outline: Outline | None
) -> tuple[ArrayInfo, ...]:
    """The arrays that a header describes, with their paths if there is an outline of the graph."""
    return tuple(
        ArrayInfo(
            index=index,
            dtype=description if isinstance(description, str) else str(row.dtype),
            shape=row.shape,
            order=row.order,
            offset=row.offset,
            nbytes=row.nbytes,
            jax=row.jax,
            compression=row.compression,
            stored=None if digests is None else row.stored,
            digest=None if digests is None else digest_of(index, digests).hex(),
            path=None if outline is None else outline.path_of_array(index),
        )
        for index, (row, (description, *_)) in enumerate(zip(rows, header.arrays, strict=True))
    )


def compressions_of(rows: Sequence[Row]) -> str | None:
    """The compressions of arrays."""
    return ", ".join(dict.fromkeys(row.compression for row in rows if row.compression)) or None


def problems_of(header: Header) -> list[str]:
    """Why a payload can't be loaded here, as far as its types tell."""
    known = {row.name: registry.find(row.name) for row in header.types}
    problems = [f"{name} is not a registered type" for name, schema in known.items() if schema is None]
    for row in header.types:
        schema = known[row.name]
        if schema is not None and row.version > schema.version:
            problems.append(f"{row.name} has schema version {row.version}, newer than {schema.version}")
    return problems


def _scalars_of(rows: Sequence[Row], stored: memoryview) -> dict[int, Any]:
    """The values of arrays without dimensions, but for text that is none."""
    return {
        index: row.view(stored, row.offset)[()]
        for index, row in enumerate(rows)
        if row.shape == () and row.compression is None and _is_text_or_no_text(row, stored)
    }


def _is_text_or_no_text(row: Row, stored: memoryview) -> bool:
    """Whether NumPy can make a Python value of an item: it makes no text of numbers that are no characters."""
    if row.dtype.kind != "U":
        return True
    characters = np.frombuffer(stored[row.span], f"{row.dtype.str[0]}u4")
    return bool((characters <= sys.maxunicode).all())


def _arrays_agree(layout: Layout, payload: memoryview, head: int, spans: Spans) -> bool | None:
    """Whether the bytes behind the header are those that were written; None where a package is missing to tell."""
    stored, digests = payload[head:], payload[spans.digests]
    check_size(layout, head, len(payload))
    agree: bool | None = True
    try:
        layout.check_gaps(stored)
        for index, row in enumerate(layout.rows):
            try:
                verified(index, row, stored[row.span], digests)
            except ModuleNotFoundError:
                agree = None
    except CorruptError:
        return False
    return agree


def map_in(ancillary: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What an ancillary entry holds, if it is a map; one that is nested too deeply for Python is left out."""
    value = ancillary.get(key)
    try:
        return _with_lists(value) if isinstance(value, Mapping) else {}
    except RecursionError:
        return {}


def _with_lists(value: Any) -> Any:
    """A value as it was given, with lists where the reader made tuples."""
    if isinstance(value, Mapping):
        return {key: _with_lists(item) for key, item in value.items()}
    return list(map(_with_lists, value)) if isinstance(value, tuple) else value


@wire.bounded_depth()
def _future_info(
    payload: memoryview, version: int, head: int, problem: str | None = None, intact: bool | None = None
) -> PayloadInfo:
    """What can be told of a payload that a newer release wrote."""
    try:
        entries: Mapping[str, Any] = wire.unpack_map(payload, head)
    except SerializationError:
        entries = {}
    critical = entries.get("critical")
    known: Mapping[str, Any] = {**entries, **(critical if isinstance(critical, Mapping) else {})}

    def text(name: str) -> str | None:
        value = known.get(name)
        return value if isinstance(value, str) else None

    writer = known.get("writer")
    types = []
    rows = known.get("types")
    for row in rows if isinstance(rows, tuple) else ():
        if isinstance(row, tuple) and len(row) >= 2 and isinstance(row[0], str) and isinstance(row[1], int):
            types.append(TypeInfo(row[0], row[1], (), (), 0))
    return PayloadInfo(
        wire=version,
        writer=(str(writer[0]), str(writer[1])) if isinstance(writer, tuple) and len(writer) >= 2 else None,
        backend=text("backend"),
        root=text("root"),
        compression=text("compression"),
        nbytes=len(payload),
        body_bytes=None,
        types=tuple(types),
        arrays=(),
        intact=intact,
        problems=(problem or wire.newer_wire(payload, version, head),),
    )
