"""The header of a payload, and its arrays, read from where they are when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from serialization._partial.source import Source
from serialization._payload import wire
from serialization._payload._v1.read import describe, parts_of
from serialization._payload.codec import plan_of
from serialization._payload.layout import Row, check_size, make, verified
from serialization._payload.memory import memory_of
from serialization._payload.wire import PRELUDE_BYTES
from serialization.errors import CorruptError, NotPartialError, SerializationError, TruncatedError


class Stored:
    """A payload of wire version 2, of which prelude and header are read.

    Parameters
    ----------
    source
        Where it is.
    head
        Its prelude and header.
    nbytes
        Its size, as the prelude states it.
    """

    def __init__(self, source: Source, head: memoryview, nbytes: int) -> None:
        self.head, self.nbytes, self.intact = head, nbytes, None  # no array was looked at
        self.plan, self.body, self.digests = plan_of(head, len(head))
        check_size(self.plan.layout, len(head), nbytes)
        self.rows: Sequence[Row] = self.plan.layout.rows
        self._source = source

    def arrays(self, indices: Sequence[int], path_of: Callable[[int], str | None]) -> list[np.ndarray]:
        """Some arrays, in new memory; those that stand side by side are read at once.

        Raises
        ------
        CorruptError, TruncatedError
            If the bytes are not those that were written; the message starts with the path of the array.
        """
        start = len(self.head)
        groups = self._groups(indices)
        spans = [(self.rows[group[0]].offset, self.rows[group[-1]].span.stop) for group in groups]
        needed = [(start + first, start + end) for first, end in spans if end > first]
        buffers = iter(self._source.read(needed) if needed else [])
        out: dict[int, np.ndarray] = {}
        for group, (first, end) in zip(groups, spans, strict=True):
            buffer = next(buffers) if end > first else np.empty(0, np.uint8)
            position = first
            for index in group:
                row = self.rows[index]
                try:
                    if len(buffer) < row.span.stop - first:
                        found = max(len(buffer) - (row.offset - first), 0)
                        raise TruncatedError(f"array {index}: expected {row.stored} bytes, found {found}")
                    if buffer[position - first : row.offset - first].any():
                        raise CorruptError(f"array {index}: expected zeros before it, found others")
                    out[index] = self._array(index, buffer[row.offset - first : row.span.stop - first])
                except SerializationError as error:
                    error.path = path_of(index)
                    raise
                position = row.span.stop
        return [out[index] for index in indices]

    def _groups(self, indices: Sequence[int]) -> list[list[int]]:
        """The arrays in the order of the payload, those side by side together."""
        groups: list[list[int]] = []
        for index in sorted(set(indices)):
            if groups and groups[-1][-1] == index - 1:
                groups[-1].append(index)
            else:
                groups.append([index])
        return groups

    def _array(self, index: int, stored: np.ndarray) -> np.ndarray:
        row = self.rows[index]
        return make(index, row, verified(index, row, memory_of(stored), self.digests), 0)


class Stored1:
    """A payload of wire version 1, which has one digest for all: it is read as a whole.

    Parameters
    ----------
    payload
        Its bytes.
    head
        The length of its header.
    name
        What messages call it.
    """

    def __init__(self, payload: memoryview, head: int, name: str) -> None:
        self.head, self.nbytes, self.intact, self.digests = payload[:head], len(payload), True, None
        self.plan, self.body, self._views = parts_of(payload, head, buffer=None, shared=False, name=name)
        self.rows = describe(payload, head)[1]

    def arrays(self, indices: Sequence[int], path_of: Callable[[int], str | None]) -> list[np.ndarray]:
        """Some arrays, in new memory."""
        return [self._views[index].copy(order="K") for index in indices]


def stored_in(source: Source) -> Stored | Stored1:
    """The header of a payload, by two reads.

    Raises
    ------
    SerializationError
        If there is no payload, or its header is not what was written.
    NotPartialError
        If it is of wire version 1 and far away.
    """
    (start,) = source.read([(0, PRELUDE_BYTES)])
    version, size, head = wire.read_prelude(memory_of(start))
    length = size if source.size is None else source.size
    if version == 1:
        if not source.near:
            raise NotPartialError(
                f"{source.name}: expected wire version 2, found 1, which has to be read as a whole; download the file, "
                "and load that, or write it anew with `autoarray-state convert`"
            )
        wire.measure(memory_of(start), length)
        (payload,) = source.read([(0, size)])
        return Stored1(memory_of(payload), head, source.name)
    if version <= wire.WIRE_VERSION:
        wire.measure(memory_of(start), length)
    (rest,) = source.read([(PRELUDE_BYTES, min(head, length))]) if head > PRELUDE_BYTES else (start[:0],)
    payload = memory_of(np.concatenate([start, rest]))
    wire.measure(payload, length)  # refuses a newer version, and says who wrote it
    if len(payload) < head:
        raise TruncatedError(f"header: expected {head} bytes, found {len(payload)}")
    return Stored(source, payload, size)
