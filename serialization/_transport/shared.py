# pyright: strict
"""Objects for other processes of this machine, in memory that they map."""

from __future__ import annotations

import os
import warnings
import weakref
from typing import Any

from serialization._graph.backend import check_backend
from serialization._payload import codec, wire
from serialization._transport import segments
from serialization._transport.segments import Address, Segment
from serialization.errors import NotSharedError


class SharedPayload:
    """A small handle of an object in memory that other processes of this user on this machine can map.

    It pickles in a few hundred bytes: put it on a queue, give it to an executor. The process that called
    `serialization.share` owns the memory and keeps it until `close()`, the end of a `with` block, or its own end,
    however it ends; nothing is left behind. What others have loaded by then stays valid, because they map the memory
    themselves. A handle that is dropped without being closed is closed with a ResourceWarning. `share` makes handles.

    Parameters
    ----------
    segment
        The memory, in the process that owns it; None elsewhere.
    address
        What other processes need to find the memory.
    nbytes, digest
        The size of the payload and its digest, which tell whether the memory still holds it.
    root
        The name of the class of the object.
    """

    def __init__(
        self, segment: Segment | None, address: tuple[str, str, str], nbytes: int, digest: bytes, root: str
    ) -> None:
        self._address = Address(*address)
        self._nbytes = nbytes
        self._digest = digest
        self._root = root
        self._release = None if segment is None else weakref.finalize(self, segments.release, segment)

    def load(self, backend: str | None = None) -> Any:
        """The object, whose NumPy arrays are read-only views of the shared memory.

        Every byte is verified first, as in `loads`. Each call builds a new graph on a mapping of its own, which is
        released with the last of its arrays. JAX arrays are copies.

        Parameters
        ----------
        backend
            As in `serialization.loads`.

        Raises
        ------
        NotSharedError
            If the owner has closed it or has ended, or runs on another machine.
        SerializationError
            As in `serialization.loads`.
        """
        check_backend(backend)
        payload = memoryview(segments.map_segment(self._address))
        if len(payload) != self._nbytes or wire.digest_in(payload) != self._digest:
            raise NotSharedError(
                f"{self._address.name}: expected the {self._nbytes} bytes that this handle was made for, found others"
            )
        return codec.from_mapped(payload, backend, self._address.name)

    def close(self) -> None:
        """Let go of the memory in the process that owns it; elsewhere this does nothing."""
        if self._release is not None:
            self._release()

    @property
    def closed(self) -> bool | None:
        """Whether the owner has closed it, or None in a process that does not own it."""
        return None if self._release is None else not self._release.alive

    @property
    def nbytes(self) -> int:
        """The size of the payload."""
        return self._nbytes

    def __enter__(self) -> SharedPayload:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __del__(self) -> None:
        release = getattr(self, "_release", None)
        if release is not None and release.alive:
            segment = release.peek()[2][0]
            if segment.owner == os.getpid():
                warnings.warn(f"{self!r} was dropped without being closed", ResourceWarning, source=self, stacklevel=2)
            release()

    def __reduce__(self) -> tuple[Any, ...]:
        return SharedPayload, (None, tuple(self._address), self._nbytes, self._digest, self._root)

    def __repr__(self) -> str:
        state = {None: "received", True: "closed", False: "open"}[self.closed]
        return f"<SharedPayload of {self._root}, {self._nbytes / 1e6:.2f} MB, {state}>"


def share(obj: object) -> SharedPayload:
    """Put an object graph into memory that other processes of this machine can map.

    Keep the handle until the other process has loaded the object::

        with serialization.share(fit) as shared:
            queue.put(shared)  # the other process: fit = queue.get().load()
            done.get()  # it has been loaded

    Parameters
    ----------
    obj
        As in `serialization.dumps`.

    Raises
    ------
    UnsupportedValueError, UnknownTypeError, SchemaError, LimitError
        As in `serialization.dumps`.
    OSError
        If there is no room for it.
    """
    pieces = codec.pieces(obj)
    segment = segments.create(pieces)
    digest, root = wire.digest_in(pieces[0]), type(obj).__name__
    return SharedPayload(segment, segment.address, sum(map(codec.nbytes_of, pieces)), digest, root)
