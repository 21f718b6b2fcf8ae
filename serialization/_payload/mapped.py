"""Arrays of a mapped file whose bytes were not verified when it was opened."""

from __future__ import annotations

from typing import Any

import numpy as np

from serialization._graph.walk import children_of
from serialization._payload.layout import Layout, verified
from serialization._payload.memory import memory_of
from serialization._walk import walk
from serialization.errors import CorruptError


class _Unverified(np.ndarray):
    """The bytes behind the header of a mapped payload; the arrays of its graph are views of them."""

    layout: Layout
    digests: memoryview
    verified: set[int]


def unverified(stored: memoryview, layout: Layout, digests: memoryview) -> np.ndarray:
    """The bytes behind a header of a mapped file, which remember the digests of the arrays in them."""
    # Made of the map itself: the base of a view is the oldest array below it that is of the view's own class, and so
    # would be a plain array of bytes, if there were one.
    out = np.ndarray.__new__(_Unverified, (len(stored),), np.uint8, stored)  # pyright: ignore[reportArgumentType]
    out.layout, out.digests, out.verified = layout, digests, set()
    return out


def verify_arrays(obj: object) -> int:
    """Verify the bytes of all arrays in a graph that was loaded with `mmap=True, verify="header"`.

    Each array is read once, however often it is asked for. Arrays of other origin are left alone.

    Parameters
    ----------
    obj
        What was loaded, or any part of it: an object, a container, an array or a view of one.

    Returns
    -------
    The number of arrays that were verified now.

    Raises
    ------
    CorruptError
        If the bytes of an array are not those that were written; the message starts with its path.
    """
    count = 0
    for path, value in walk(obj, children_of):
        origin = _origin(value)
        if origin is None or not value.size:
            continue
        start = value.__array_interface__["data"][0] - origin.__array_interface__["data"][0]
        index = origin.layout.index_at(start)
        if index is None or index in origin.verified:
            continue
        row = origin.layout.rows[index]
        try:
            verified(index, row, memory_of(origin[row.span]), origin.digests)
        except CorruptError as error:
            error.path = path()
            raise
        origin.verified.add(index)
        count += 1
    return count


def _origin(value: Any) -> Any:
    """The unverified memory that an array is a view of, or None."""
    while isinstance(value, np.ndarray):
        if isinstance(value, _Unverified):
            return value if hasattr(value, "digests") else None
        value = value.base
    return None
