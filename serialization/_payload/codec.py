"""Payloads from objects and objects from payloads, in memory and in files."""

from __future__ import annotations

import contextlib
import math
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from serialization._graph import backend as _backend
from serialization._payload import arrays as _arrays
from serialization._payload import decode, encode, files, info
from serialization._payload import wire as _wire
from serialization._schema import registry
from serialization.errors import (
    CorruptError,
    LimitError,
    NotMappableError,
    SerializationError,
    UnknownCodeError,
    UnsupportedValueError,
)

_LEVEL = 6
_MAX_RATIO = 1032  # what deflate can do at best
_MAX_BIN = 2**32 - 1
CHANGED = "payload: its digest does not agree with its bytes, which have changed"
_MOST_KEPT, _LARGEST_KEPT = 128, 2**16
_plans: dict[bytes, decode.Plan] = {}


def dumps(obj: Any, *, compression: str | None = None) -> bytes:
    """The payload of an object graph.

    Parameters
    ----------
    obj
        A registered object, an array, or a plain value or container of such.
    compression
        None or "zlib"; a compressed payload is smaller, slower, and can't be mapped.

    Raises
    ------
    UnsupportedValueError, UnknownTypeError, SchemaError, LimitError
        If something in the graph can't be written; the message starts with its path.
    """
    return _wire.sealed(_pieces(obj, compression))


def save(obj: Any, path: str | os.PathLike[str], *, compression: str | None = None) -> Path:
    """Write the payload of an object graph to a file, which appears whole or not at all.

    A file that is there already is replaced at the end, and kept if anything fails. Other processes may
    read the old one meanwhile. The errors are those of `dumps`.

    Parameters
    ----------
    obj, compression
        As in `dumps`.
    path
        The file; its suffix should be ".aas".

    Returns
    -------
    The path of the file.
    """
    return files.atomic_write(path, sealed_pieces(obj, compression))


def sealed_pieces(obj: Any, compression: str | None = None) -> list[Any]:
    """The payload of an object graph as buffers in a row; those of large arrays are the arrays' own."""
    pieces = _pieces(obj, compression)
    _wire.seal(pieces)
    return pieces


def nbytes_of(piece: Any) -> int:
    """The size of a buffer in bytes."""
    return memoryview(piece).nbytes


def loads(data: Any, *, backend: str | None = None) -> Any:
    """The object graph of a payload.

    Parameters
    ----------
    data
        Any object with a contiguous buffer: bytes, bytearray, memoryview, mmap, an array of bytes.
    backend
        None restores each array where it was written from. "numpy" restores all of them onto NumPy,
        for which JAX need not be installed. "jax" moves the objects that compute to JAX, and leaves
        masks, index arrays and the like on NumPy, where jitted code needs them.

    Raises
    ------
    SerializationError
        One of its subclasses, if any byte is missing, changed or not understood.
    """
    _check_backend(backend)
    payload = memoryview(data).cast("B")
    size, head = _wire.measure(payload)
    buffer = _arrays.aligned_empty(size)
    plan = _plan(payload, size, head, buffer.data)
    return _build(payload, plan, backend, buffer, shared=False)


def load(path: str | os.PathLike[str], *, backend: str | None = None, mmap: bool = False) -> Any:
    """The object graph of a payload in a file.

    Parameters
    ----------
    path
        The file.
    backend
        As in `loads`.
    mmap
        Whether NumPy arrays are read-only views of the file, from which they are read when they are
        used, rather than writeable copies. The file must not be written to in place meanwhile;
        `save` replaces it instead, which is safe.

    Raises
    ------
    SerializationError
        As in `loads`; `NotMappableError` if the payload is compressed and `mmap` is true.
    OSError
        If the file can't be read.
    """
    _check_backend(backend)
    if not mmap:
        digest = _wire.RunningDigest()
        buffer = files.read_into(path, _arrays.aligned_empty, digest.update)
        payload = memoryview(buffer)
        size, head = _wire.measure(payload)
        return _build(payload, _plan(payload, size, head, agrees=digest.agrees()), backend, buffer, shared=False)
    return from_mapped(memoryview(files.mapped(path)), backend, os.fspath(path))


def from_mapped(payload: memoryview, backend: str | None, name: str) -> Any:
    """The object graph of a payload in memory that is only read, whose arrays are views of it."""
    plan = _plan(payload, *_wire.measure(payload))
    if plan.header.compression is not None:
        raise NotMappableError(
            f"{name}: expected an uncompressed payload to map, found "
            f"compression={plan.header.compression!r}; load it with mmap=False"
        )
    return _build(payload, plan, backend, np.frombuffer(payload, np.uint8), shared=True)


def inspect(data_or_path: Any) -> info.PayloadInfo:
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
    is_path = isinstance(data_or_path, (str, os.PathLike))
    payload = memoryview(files.mapped(data_or_path) if is_path else data_or_path).cast("B")
    wire, size, head = _wire.read_prelude(payload)
    if wire > _wire.WIRE_VERSION:
        return _future(payload, wire, head)
    intact = len(payload) == size and _wire.digest_agrees(payload)
    try:
        header = _wire.header_of(payload, *_wire.measure(payload))
    except UnknownCodeError as error:
        return _future(payload, wire, head, str(error), intact)
    problems = [] if intact else ["its digest does not agree with its bytes"]
    known = {row.name: registry.find(row.name) for row in header.types}
    problems += [f"{name} is not a registered type" for name, schema in known.items() if schema is None]
    for row in header.types:
        schema = known[row.name]
        if schema is not None and row.version > schema.version:
            problems.append(f"{row.name} has schema version {row.version}, newer than {schema.version}")
    return info.PayloadInfo(
        wire=wire,
        writer=header.writer,
        backend=header.backend,
        root=header.root,
        compression=header.compression,
        nbytes=len(payload),
        body_bytes=header.body,
        types=tuple(
            info.TypeInfo(row.name, row.version, row.fields, row.results, header.objects.count(index))
            for index, row in enumerate(header.types)
        ),
        arrays=tuple(_array_info(index, row) for index, row in enumerate(header.arrays)),
        containers={
            name: header.objects.count(code)
            for name, code in (("list", _wire.LIST), ("dict", _wire.DICT), ("set", _wire.SET))
            if code in header.objects
        },
        intact=intact,
        problems=tuple(problems),
    )


def _pieces(obj: Any, compression: str | None) -> list[Any]:
    if compression is not None and compression not in _wire.COMPRESSIONS:
        raise UnsupportedValueError(f"compression: expected None or 'zlib', found {compression!r}")
    graph = encode.encode(obj)
    start = len(graph.body)
    pieces: list[Any] = [graph.body, *_arrays.lay_out(graph.arrays, graph.sizes, graph.buffers, start)]
    tail = graph.arrays[-1][2] + graph.sizes[-1] if graph.arrays else start
    stored = tail
    if compression is not None:
        packed = _compressed(pieces)
        pieces, stored = [b"\xc6" + len(packed).to_bytes(4, "big"), packed], 5 + len(packed)
    header = _wire.pack_header(
        {"backend": graph.backend, "root": graph.root, "compression": compression, "tail": tail, "body": start},
        graph.types,
        {"objects": graph.objects, "arrays": graph.arrays},
        stored,
    )
    return [header, *pieces]


def _compressed(pieces: list[Any]) -> bytes:
    packer = zlib.compressobj(_LEVEL)
    packed = b"".join([*map(packer.compress, pieces), packer.flush()])
    if len(packed) > _MAX_BIN:
        raise LimitError(f"payload: expected at most {_MAX_BIN} compressed bytes, found {len(packed)}")
    return packed


def _plan(
    payload: memoryview, size: int, head: int, into: memoryview | None = None, agrees: bool | None = None
) -> decode.Plan:
    """What the header of a payload says, after its digest was verified, and the payload copied `into` a buffer.

    `agrees` is whether the digest agrees, where that is known already.

    Fits of one dataset differ in their values, not in their structure, so their headers are equal
    but for the digest, and the plans of the last ones are kept.
    """
    if not (_wire.digest_agrees(payload, into) if agrees is None else agrees):
        raise CorruptError(CHANGED)
    return plan_of(payload, size, head)


def plan_of(payload: memoryview, size: int, head: int) -> decode.Plan:
    """The same of a header whose digest was verified."""
    key = _wire.after_digest(payload, head)
    plan = _plans.get(key)
    if plan is None:
        with _naming_the_writer(payload, head):
            header = _wire.header_of(payload, size, head)
            plan = decode.Plan(header, _arrays.layout_of(header.arrays, header.body, header.tail))
        if head <= _LARGEST_KEPT:
            if len(_plans) >= _MOST_KEPT:
                _plans.clear()
            _plans[key] = plan
    return plan


def _build(payload: memoryview, plan: decode.Plan, backend: str | None, buffer: np.ndarray, *, shared: bool) -> Any:
    """Build the graph of a payload; its arrays are views of `buffer`, which holds the payload."""
    header, layout = plan.header, plan.layout
    tail, start = payload[header.head :], -header.head
    if header.compression is not None:
        data = _decompressed(tail, header.tail)
        start = layout.first
        tail, buffer = data, _arrays.aligned_copy(data[start:])
    layout.check(tail)
    return decoded(payload, plan, backend, tail[: header.body], layout.views(buffer, start), shared=shared)


def decoded(
    payload: memoryview, plan: decode.Plan, backend: str | None, body: memoryview, arrays: list[Any], *, shared: bool
) -> Any:
    """The graph of a body and its arrays; `payload` begins with the header."""
    header = plan.header
    if backend == "jax" or (backend is None and header.backend != "numpy"):
        _backend.require_jax(header.written_by)
    with _naming_the_writer(payload, header.head):
        return decode.decode(plan, bytes(body), arrays, backend=backend, shared=shared)


@contextlib.contextmanager
def _naming_the_writer(payload: memoryview, head: int) -> Iterator[None]:
    """Add to the error about a code that is not known here which release wrote it."""
    try:
        yield
    except UnknownCodeError as error:
        raise UnknownCodeError(error.message + _wire.next_step(payload, head), path=error.path) from None


def _decompressed(stored: memoryview, size: int) -> memoryview:
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


def _check_backend(backend: str | None) -> None:
    if backend not in _backend.NAMES:
        raise UnsupportedValueError(f"backend: expected None, 'numpy' or 'jax', found {backend!r}")


def _array_info(index: int, row: Any) -> info.ArrayInfo:
    try:
        description, shape, offset, flags = row
        dtype = _arrays.dtype_from(description)
        if not all(type(number) is int for number in (*shape, offset, flags)):
            raise TypeError(row)
        nbytes = dtype.itemsize * math.prod(shape)
    except (SerializationError, TypeError, ValueError):
        raise CorruptError(f"array {index}: expected [dtype, shape, offset, flags], found {row!r:.80}") from None
    name = description if isinstance(description, str) else str(dtype)
    order = "F" if flags & _arrays.FORTRAN else "C"
    return info.ArrayInfo(index, name, shape, order, offset, nbytes, bool(flags & _arrays.JAX))


def _future(
    payload: memoryview, wire: int, head: int, problem: str | None = None, intact: bool | None = None
) -> info.PayloadInfo:
    """What can be told of a payload that a newer release wrote."""
    try:
        entries: Mapping[str, Any] = _wire.unpack_map(payload, head)
    except SerializationError:
        entries = {}

    def text(name: str) -> str | None:
        value = entries.get(name)
        return value if isinstance(value, str) else None

    writer = entries.get("writer")
    types = []
    for row in entries.get("types") or ():
        if isinstance(row, tuple) and len(row) >= 2 and isinstance(row[0], str) and isinstance(row[1], int):
            types.append(info.TypeInfo(row[0], row[1], (), (), 0))
    return info.PayloadInfo(
        wire=wire,
        writer=(str(writer[0]), str(writer[1])) if isinstance(writer, tuple) and len(writer) >= 2 else None,
        backend=text("backend"),
        root=text("root"),
        compression=text("compression"),
        nbytes=len(payload),
        body_bytes=None,
        types=tuple(types),
        arrays=(),
        intact=intact,
        problems=(problem or _wire.newer_wire(payload, wire, head),),
    )
