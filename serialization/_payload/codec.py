"""Payloads from objects and objects from payloads, in memory and in files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xxhash

from serialization._graph.backend import check_backend
from serialization._payload import files, wire
from serialization._payload._v1.read import read as read_v1
from serialization._payload.ancillary import check_meta
from serialization._payload.compress import check_compression, compress
from serialization._payload.decode import Plan
from serialization._payload.dtypes import dtype_from
from serialization._payload.encode import encode
from serialization._payload.header import check_digests, header_of, pack_header, spans_of
from serialization._payload.layout import check_size, lay_out, layout_of
from serialization._payload.mapped import unverified
from serialization._payload.memory import aligned_empty
from serialization._payload.provenance import check_provenance, provenance_of
from serialization._payload.restore import keep, name_the_writer, restore
from serialization.errors import CorruptError, NotMappableError

Verify = Literal["all", "header"]
_plans: dict[bytes, Plan] = {}


def dumps(
    obj: object,
    *,
    compression: str | None = None,
    meta: Mapping[str, Any] | None = None,
    provenance: bool = False,
) -> bytes:
    """The payload of an object graph.

    Other threads may evaluate the objects meanwhile, but not change them. The payload holds the results that are there.

    Parameters
    ----------
    obj
        A registered object, an array, or a plain value or container of such.
    compression
        None, "zlib", "shuffle-zstd" or "shuffle-lz4" (of the extra `compress`); a compressed payload is smaller,
        slower, and can't be mapped.
    meta
        Notes of your own: a dict of plain values with text as keys. `inspect` shows them. Equal graphs have equal bytes
        only with equal notes.
    provenance
        Whether to add what made the payload: the time, the command line, the versions of Python and of every package of
        the environment, the platform, the commit of the git repository that the working directory is in and whether
        nothing in it was changed, and the path, size and SHA-256 of the FITS files that this process read into the
        graph. `inspect` shows it. Whoever gets the payload reads it: a password on the command line, or the name of a
        user in a path, is published with it.

    Raises
    ------
    UnsupportedValueError, UnknownTypeError, SchemaError, LimitError
        If something in the graph or the notes can't be written; the message starts with its path.
    """
    check_provenance(provenance)
    return b"".join(pieces_of(obj, compression, ancillary_of(obj, meta, provenance)))


def save(
    obj: object,
    path: str | os.PathLike[str],
    *,
    compression: str | None = None,
    meta: Mapping[str, Any] | None = None,
    provenance: bool = False,
) -> Path:
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
    obj, compression, meta, provenance
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
    check_provenance(provenance)
    return save_with(obj, path, compression, ancillary_of(obj, meta, provenance))


def save_with(obj: object, path: str | os.PathLike[str], compression: str | None, ancillary: Mapping[str, Any]) -> Path:
    """`save` with an ancillary map as it stands."""
    return files.atomic_write(path, pieces_of(obj, compression, ancillary))


def ancillary_of(obj: object, meta: Mapping[str, Any] | None, provenance: bool | Mapping[str, Any]) -> dict[str, Any]:
    """The ancillary map of a payload: the notes, and its provenance, which is told now or stands already.

    Raises
    ------
    UnsupportedValueError, LimitError
        If the notes can't be written.
    """
    entries: dict[str, Any] = {}
    if meta is not None:
        entries["meta"] = check_meta(meta)
    if isinstance(provenance, Mapping):
        entries |= {"provenance": provenance} if provenance else {}
    elif provenance:
        entries["provenance"] = provenance_of(obj)
    return entries


def pieces(obj: object) -> list[Any]:
    """The payload of an object graph as buffers in a row; those of large arrays are the arrays' own."""
    return pieces_of(obj, None, {})


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
    return _read(memoryview(data).cast("B"), backend, buffer=None, shared=False)


def load(
    path: str | os.PathLike[str], *, backend: str | None = None, mmap: bool = False, verify: Verify = "all"
) -> Any:
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
    verify
        "all" verifies every byte. "header", for a map, verifies all but the bytes of NumPy arrays: structure, places,
        shapes and plain values are sure, and the file's arrays are not read. `verify_arrays` verifies them later.

    Raises
    ------
    SerializationError
        As in `loads`; `NotMappableError` if the payload is compressed and `mmap` is true.
    OSError
        If the file can't be read.
    ValueError
        If `verify` is neither, or "header" without a map.
    """
    check_backend(backend)
    if verify not in ("all", "header") or (verify == "header" and not mmap):
        raise ValueError(f'verify: expected "all", or "header" with mmap=True, found {verify!r}')
    if not mmap:
        buffer = files.read_into(path, aligned_empty)
        return _read(memoryview(buffer), backend, buffer=buffer, shared=False)
    return from_mapped(memoryview(files.map_file(path, touch=verify == "all")), backend, os.fspath(path), verify)


def from_mapped(payload: memoryview, backend: str | None, name: str, verify: Verify = "all") -> Any:
    """The object graph of a payload in memory that is only read, whose arrays are views of it."""
    buffer = np.frombuffer(payload, np.uint8)
    return _read(payload, backend, buffer=buffer, shared=True, name=name, verify=verify)


def plan_of(payload: memoryview, head: int) -> tuple[Plan, bytes, memoryview]:
    """What the header of a payload of wire version 2 says, its body, and the digests of its arrays.

    Raises
    ------
    SerializationError
        If the header's digest does not agree with it, or it breaks the rules of the format.
    """
    if not wire.digest_agrees(payload[:head]):
        raise CorruptError(wire.CHANGED)
    with name_the_writer(payload, head):
        spans = spans_of(payload, head)
        key = bytes(payload[spans.rest])
        plan = _plans.get(key)
        if plan is None:
            header = header_of(payload, head)
            plan = Plan(header, layout_of(header.arrays))
            keep(_plans, key, plan)
    digests = payload[spans.digests]
    check_digests(len(digests), len(plan.layout.rows))  # which the plan does not tell
    return plan, bytes(payload[spans.body]), digests


def pieces_of(obj: object, compression: str | None, ancillary: Mapping[str, Any]) -> list[Any]:
    """The payload of an object graph as buffers in a row: the header, then the arrays with zeros between them."""
    check_compression(compression)
    graph = encode(obj)
    buffers = [buffer if size else b"" for buffer, size in zip(graph.buffers, graph.sizes, strict=True)]
    packed: list[Any] = [None] * len(buffers)
    if compression is not None:
        dtypes = (dtype_from(row[0]) for row in graph.arrays)
        packed = [compress(compression, dtype, buffer) for dtype, buffer in zip(dtypes, buffers, strict=True)]
    arrays, stored = lay_out(graph.arrays, buffers, graph.sizes, packed)
    head, digests = pack_header(graph, graph.arrays, stored, ancillary)
    head[digests] = b"".join(map(xxhash.xxh3_128_digest, buffers))
    wire.seal(head)
    return [head, *arrays]


def _read(
    payload: memoryview,
    backend: str | None,
    *,
    buffer: np.ndarray | None,
    shared: bool,
    name: str = "payload",
    verify: Verify = "all",
) -> Any:
    """The graph of a payload, whose arrays are views of `buffer`, which holds it, or copies without one."""
    version, size, head = wire.measure(payload)
    if version == 1:
        return read_v1(payload, head, backend, buffer=buffer, shared=shared, name=name)
    plan, body, digests = plan_of(payload, head)
    layout, stored = plan.layout, payload[head:]
    check_size(layout, head, size)
    if backend == "jax" or (backend is None and plan.header.backend != "numpy"):
        verify = "all"  # arrays of JAX are copied now
    if shared and layout.compressed:
        raise NotMappableError(
            f"{name}: expected an uncompressed payload to map, found compressed arrays; load it with mmap=False"
        )
    if verify == "all":
        layout.check_gaps(stored)
    if buffer is None:
        views = layout.copy(stored, digests, aligned_empty(layout.end))
    elif verify == "all":
        views = layout.views(buffer[head:], digests)
    else:
        views = layout.views(unverified(stored, layout, digests), None)
    return restore(payload, head, plan, backend, body, views, shared=shared)
