# pyright: strict
"""A payload as frames: a few buffers, which a carrier moves without copying them.

The joined frames are the payload. Each large array is a frame of its own, which is the array's memory.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from serialization._payload import codec, wire
from serialization._payload.layout import Layout, check_size, make, verified
from serialization._payload.restore import restore

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_LARGE = 2**15  # smaller ones are cheaper to copy than to send by themselves


def frames_of(obj: object) -> list[memoryview]:
    """The frames of an object's payload; the first one ends behind the header, or later.

    Raises
    ------
    SerializationError
        As `dumps` does.
    """
    frames: list[memoryview] = []
    small: list[memoryview] = []
    for index, piece in enumerate(codec.pieces(obj)):
        view = memoryview(piece)
        view = view.cast("B") if view.nbytes else memoryview(b"")
        if index > 0 and view.nbytes >= _LARGE:
            frames += [memoryview(b"".join(small)), view]
            small = []
        else:
            small.append(view)
    return [*frames, memoryview(b"".join(small))] if small else frames


def digest_of(obj: object) -> str:
    """The digest of an object's payload."""
    return wire.digest_in(codec.pieces(obj)[0]).hex()


def nbytes_of(obj: object) -> int:
    """The size of an object's payload in bytes."""
    return sum(memoryview(piece).nbytes for piece in codec.pieces(obj))


def from_frames(frames: Sequence[ReadableBuffer], backend: str | None = None) -> Any:
    """The object of the frames of a payload.

    Its arrays are views of them where they can be: a frame that is read-only, or in which an array does not begin
    where its dtype wants it to, is copied.

    Raises
    ------
    SerializationError
        As `loads` does.
    """
    views = [memoryview(frame).cast("B") for frame in frames if memoryview(frame).nbytes] or [memoryview(b"")]
    ends = list(itertools.accumulate(map(len, views)))
    first = views[0]
    if len(first) < wire.PRELUDE_BYTES:
        return codec.loads(b"".join(views), backend=backend)
    version, size, head = wire.measure(first, ends[-1])
    if version == 1 or head > len(first):
        return codec.loads(b"".join(views), backend=backend)
    plan, body, digests = codec.plan_of(first, head)
    check_size(plan.layout, head, size)
    arrays = None if plan.layout.compressed else _arrays_of(plan.layout, views, ends, head, digests)
    if arrays is None:  # cut elsewhere than here
        return codec.loads(b"".join(views), backend=backend)
    return restore(first, head, plan, backend, body, arrays, shared=False)


def _arrays_of(
    layout: Layout, views: list[memoryview], ends: list[int], head: int, digests: memoryview
) -> list[np.ndarray] | None:
    """The arrays, or None if one, or what is before it, is spread over two frames, or no zeros are between them."""
    arrays: list[np.ndarray] = []
    position = 0
    for index, row in enumerate(layout.rows):
        between = _part(views, ends, position + head, row.offset - position)
        data = _part(views, ends, row.offset + head, row.nbytes)
        if between is None or data is None or any(between):
            return None  # `loads` says what is wrong
        array = make(index, row, verified(index, row, data, digests), 0)
        arrays.append(array if array.flags.writeable and array.flags.aligned else array.copy(order="A"))
        position = row.span.stop
    return arrays


def _part(views: list[memoryview], ends: list[int], start: int, nbytes: int) -> memoryview | None:
    """So many bytes of the joined frames, or None if they are not in one of them."""
    index = bisect.bisect_right(ends, start) if nbytes else 0
    if not nbytes:
        return memoryview(b"")
    begin = start - (ends[index - 1] if index else 0)
    part = views[index][begin : begin + nbytes]
    return part if len(part) == nbytes else None
