"""Where in an object graph a value stands, for error messages only.

Coding keeps no paths, which would cost time for every value. When something is refused, the graph is
searched from its root for the value in question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgpack

from serialization._graph.walk import children_of, items_of, pairs_of
from serialization._walk import walk
from serialization.errors import LimitError, SerializationError


class RefusedError(Exception):
    """Internal: `error` is what to raise, once the path of `value` is known."""

    def __init__(self, error: SerializationError, value: object) -> None:
        super().__init__(error)
        self.error = error
        self.value = value


def depth_error() -> LimitError:
    """The error about tuples in tuples that are deeper than Python can follow."""
    return LimitError("expected tuples that are not nested too deeply, found deeper ones")


def path_of(root: object, match: Callable[[Any], bool]) -> str | None:
    """The path of the first value in a live graph, breadth first, for which `match` is true."""
    return next((path() for path, value in walk(root, children_of) if match(value)), None)


def path_in_body(
    body: object,
    objects: Sequence[int],
    names: Sequence[Sequence[str]],
    match: Callable[[Any], bool],
    object_code: int,
) -> str | None:
    """The path of the first value in an unpacked body for which `match` is true.

    Parameters
    ----------
    body
        The root value, then the record of each object, with ext types as `msgpack.ExtType`; a body that is no such
        tuple has no paths.
    objects
        For each object its row in `names`; -1 for a list, -2 for a dict, -3 for a set.
    names
        For each type the names of what a record holds.
    match
        Is given each value; a reference to an object is an `ExtType` of `object_code`.
    """

    if type(body) is not tuple or not body:
        return None

    def children(value: object) -> Iterator[tuple[str, Any]]:
        if isinstance(value, msgpack.ExtType):
            index = int.from_bytes(value.data, "big")
            if value.code != object_code or index >= len(objects) or index + 1 >= len(body):
                return
            record, kind = body[index + 1], objects[index]
            if not isinstance(record, tuple):
                return
            if kind >= 0:
                yield from zip((f".{name}" for name in names[kind]), record, strict=False)
            elif kind == -2:
                yield from pairs_of(zip(record[::2], record[1::2], strict=False))
            else:
                yield from items_of(record)
        elif isinstance(value, tuple):
            yield from items_of(value)

    def identity(value: object) -> object:  # two references to one object are equal, not identical
        return value if isinstance(value, msgpack.ExtType) else id(value)

    return next((path() for path, value in walk(body[0], children, identity) if match(value)), None)
