# pyright: strict
"""What the handles of memory that other processes map have in common: who owns it, and when it goes."""

from __future__ import annotations

import os
import warnings
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from serialization._payload import codec, wire
from serialization._transport import segments
from serialization._transport.segments import Address, Segment
from serialization.errors import NotSharedError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class SegmentHandle:
    """The base of the handles of a payload in memory that other processes can map.

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

    def _mapped(self) -> memoryview:
        """The payload, mapped read-only.

        Raises
        ------
        NotSharedError
            If it is not there any more, or is another one.
        """
        payload = memoryview(segments.map_segment(self._address))
        if len(payload) != self._nbytes or wire.digest_in(payload) != self._digest:
            raise NotSharedError(
                f"{self._address.name}: expected the {self._nbytes} bytes that this handle was made for, found others"
            )
        return payload

    def _parts(self) -> tuple[Any, ...]:
        """The arguments that make the handle of another process."""
        return None, tuple(self._address), self._nbytes, self._digest, self._root

    def __enter__(self) -> Self:
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

    def __repr__(self) -> str:
        state = {None: "received", True: "closed", False: "open"}[self.closed]
        return f"<{type(self).__name__} of {self._root}, {self._nbytes / 1e6:.2f} MB, {state}>"


def placed(pieces: Sequence[ReadableBuffer], root: object) -> tuple[Segment, tuple[str, str, str], int, bytes, str]:
    """Put a payload into memory; the arguments that make its owner's handle.

    Raises
    ------
    OSError
        If there is no room for it.
    """
    segment = segments.create(pieces)
    digest = wire.digest_in(memoryview(pieces[0]))
    return segment, segment.address, sum(map(codec.nbytes_of, pieces)), digest, type(root).__name__
