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

from serialization._graph.backend import check_backend, require_jax
from serialization._payload import arrays, files, wire
from serialization._payload.decode import Plan, decode
from serialization._payload.encode import encode
from serialization._payload.header import header_of
from serialization._payload.info import ArrayInfo, PayloadInfo, TypeInfo
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
_plans: dict[bytes, Plan] = {}


def dumps(obj: object, *, compression: str | None = None) -> bytes:
    """The payload of an object graph.

    Other threads may evaluate the objects meanwhile, but not change them. The payload holds the results that are there.

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
    return wire.join(_pieces(obj, compression))


def save(obj: object, path: str | os.PathLike[str], *, compression: str | None = None) -> Path:
    """Write the payload of an object graph to a file, which appears whole or not at all.

    A file that is there already is replaced at the end, and kept if anything fails or interrupts. Other processes may
    read the old one meanwhile. Where `path` is a link, the file that it leads to is replaced or made, and the link
    stays; another hard link keeps the old file.

    A new file has the permissions that the umask leaves. One that replaces another has the permissions of that one, and
    its owner and group where the system allows it; access control lists and extended attributes are not kept.

    The file is written under a temporary name in its folder, `.autoarray-*.tmp`, and is locked meanwhile. Those that
    killed processes left there, and nobody holds, are removed first: those of another machine a day after their last
    change, and where locks are missing none. Searching large folders for them takes at most 2% of a process's time.

    Parameters
    ----------
    obj, compression
        As in `dumps`.
    path
        The file; its suffix should be ".aas".

    Returns
    -------
    The path of the file.

    Raises
    ------
    UnsupportedValueError, UnknownTypeError, SchemaError, LimitError
        As in `dumps`.
    OSError
        If the file can't be written, such as on a full disk, or `path` is a folder, a device, a pipe or a socket. Its
        `filename` is `path`, and its `errno` says why.
    """
    return files.atomic_write(path, sealed_pieces(obj, compression))


def sealed_pieces(obj: object, compression: str | None = None) -> list[Any]:
    """The payload of an object graph as buffers in a row; those of large arrays are the arrays' own."""
    pieces = _pieces(obj, compression)
    wire.seal(pieces)
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
    check_backend(backend)
    payload = memoryview(data).cast("B")
    size, head = wire.measure(payload)
    buffer = arrays.aligned_empty(size)
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
    check_backend(backend)
    if not mmap:
        digest = wire.RunningDigest()
        buffer = files.read_into(path, arrays.aligned_empty, digest.update)
        payload = memoryview(buffer)
        size, head = wire.measure(payload)
        return _build(payload, _plan(payload, size, head, agrees=digest.agrees()), backend, buffer, shared=False)
    return from_mapped(memoryview(files.map_file(path)), backend, os.fspath(path))


def from_mapped(payload: memoryview, backend: str | None, name: str) -> Any:
    """The object graph of a payload in memory that is only read, whose arrays are views of it."""
    plan = _plan(payload, *wire.measure(payload))
    if plan.header.compression is not None:
        raise NotMappableError(
            f"{name}: expected an uncompressed payload to map, found "
            f"compression={plan.header.compression!r}; load it with mmap=False"
        )
    return _build(payload, plan, backend, np.frombuffer(payload, np.uint8), shared=True)


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
    is_path = isinstance(data_or_path, (str, os.PathLike))
    payload = memoryview(files.map_file(data_or_path) if is_path else data_or_path).cast("B")
    version, size, head = wire.read_prelude(payload)
    if version > wire.WIRE_VERSION:
        return _future_info(payload, version, head)
    intact = len(payload) == size and wire.digest_agrees(payload)
    try:
        header = header_of(payload, *wire.measure(payload))
    except UnknownCodeError as error:
        return _future_info(payload, version, head, str(error), intact)
    problems = [] if intact else ["its digest does not agree with its bytes"]
    known = {row.name: registry.find(row.name) for row in header.types}
    problems += [f"{name} is not a registered type" for name, schema in known.items() if schema is None]
    for row in header.types:
        schema = known[row.name]
        if schema is not None and row.version > schema.version:
            problems.append(f"{row.name} has schema version {row.version}, newer than {schema.version}")
    return PayloadInfo(
        wire=version,
        writer=header.writer,
        backend=header.backend,
        root=header.root,
        compression=header.compression,
        nbytes=len(payload),
        body_bytes=header.body,
        types=tuple(
            TypeInfo(row.name, row.version, row.fields, row.results, header.objects.count(index))
            for index, row in enumerate(header.types)
        ),
        arrays=tuple(_array_info(index, row) for index, row in enumerate(header.arrays)),
        containers={
            name: header.objects.count(code)
            for name, code in (("list", wire.LIST), ("dict", wire.DICT), ("set", wire.SET))
            if code in header.objects
        },
        intact=intact,
        problems=tuple(problems),
    )


def _pieces(obj: object, compression: str | None) -> list[Any]:
    if compression is not None and compression not in wire.COMPRESSIONS:
        raise UnsupportedValueError(f"compression: expected None or 'zlib', found {compression!r}")
    graph = encode(obj)
    start = len(graph.body)
    pieces: list[Any] = [graph.body, *arrays.lay_out(graph.arrays, graph.sizes, graph.buffers, start)]
    tail = graph.arrays[-1][2] + graph.sizes[-1] if graph.arrays else start
    stored = tail
    if compression is not None:
        packed = _compress(pieces)
        pieces, stored = [b"\xc6" + len(packed).to_bytes(4, "big"), packed], 5 + len(packed)
    header = wire.pack_header(
        {"backend": graph.backend, "root": graph.root, "compression": compression, "tail": tail, "body": start},
        graph.types,
        {"objects": graph.objects, "arrays": graph.arrays},
        stored,
    )
    return [header, *pieces]


def _compress(pieces: list[Any]) -> bytes:
    packer = zlib.compressobj(_LEVEL)
    packed = b"".join([*map(packer.compress, pieces), packer.flush()])
    if len(packed) > _MAX_BIN:
        raise LimitError(f"payload: expected at most {_MAX_BIN} compressed bytes, found {len(packed)}")
    return packed


def _plan(
    payload: memoryview, size: int, head: int, into: memoryview | None = None, agrees: bool | None = None
) -> Plan:
    """What the header of a payload says, after its digest was verified, and the payload copied `into` a buffer.

    `agrees` is whether the digest agrees, where that is known already.

    Fits of one dataset differ in their values, not in their structure, so their headers are equal
    but for the digest, and the plans of the last ones are kept.
    """
    if not (wire.digest_agrees(payload, into) if agrees is None else agrees):
        raise CorruptError(CHANGED)
    return plan_of(payload, size, head)


def plan_of(payload: memoryview, size: int, head: int) -> Plan:
    """The same of a header whose digest was verified."""
    key = wire.after_digest(payload, head)
    plan = _plans.get(key)
    if plan is None:
        with _name_the_writer(payload, head):
            header = header_of(payload, size, head)
            plan = Plan(header, arrays.layout_of(header.arrays, header.body, header.tail))
        if head <= _LARGEST_KEPT:
            if len(_plans) >= _MOST_KEPT:
                _plans.clear()
            _plans[key] = plan
    return plan


def _build(payload: memoryview, plan: Plan, backend: str | None, buffer: np.ndarray, *, shared: bool) -> Any:
    """Build the graph of a payload; its arrays are views of `buffer`, which holds the payload."""
    header, layout = plan.header, plan.layout
    tail, start = payload[header.head :], -header.head
    if header.compression is not None:
        data = _decompress(tail, header.tail)
        start = layout.first
        tail, buffer = data, arrays.aligned_copy(data[start:])
    layout.check(tail)
    return restore(payload, plan, backend, tail[: header.body], layout.views(buffer, start), shared=shared)


def restore(
    payload: memoryview, plan: Plan, backend: str | None, body: memoryview, views: list[Any], *, shared: bool
) -> Any:
    """The graph of a body and its arrays; `payload` begins with the header."""
    header = plan.header
    if backend == "jax" or (backend is None and header.backend != "numpy"):
        require_jax(header.written_by)
    with _name_the_writer(payload, header.head):
        try:
            return decode(plan, bytes(body), views, backend=backend, shared=shared)
        except RecursionError:
            raise LimitError("body: expected arrays that are nested less deeply") from None


@contextlib.contextmanager
def _name_the_writer(payload: memoryview, head: int) -> Iterator[None]:
    """Add to the error about a code that is not known here which release wrote it."""
    try:
        yield
    except UnknownCodeError as error:
        raise UnknownCodeError(error.message + wire.next_step(wire.writer_of(payload, head)), path=error.path) from None


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


def _array_info(index: int, row: tuple[Any, ...]) -> ArrayInfo:
    dtype, shape, offset, flags = arrays.parse_row(index, row)
    name = row[0] if isinstance(row[0], str) else str(dtype)
    order = "F" if flags & arrays.FORTRAN else "C"
    nbytes = dtype.itemsize * math.prod(shape)
    return ArrayInfo(index, name, shape, order, offset, nbytes, bool(flags & arrays.JAX))


def _future_info(
    payload: memoryview, version: int, head: int, problem: str | None = None, intact: bool | None = None
) -> PayloadInfo:
    """What can be told of a payload that a newer release wrote."""
    try:
        entries: Mapping[str, Any] = wire.unpack_map(payload, head)
    except SerializationError:
        entries = {}

    def text(name: str) -> str | None:
        value = entries.get(name)
        return value if isinstance(value, str) else None

    writer = entries.get("writer")
    types = []
    rows = entries.get("types")
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
