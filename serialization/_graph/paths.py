"""Where in an object graph a value stands, for error messages only.

Coding keeps no paths, which would cost time for every value. When something is refused, the graph is
searched from its root for the value in question.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgpack

from serialization.errors import SerializationError

_OPAQUE = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


class RefusedError(Exception):
    """Internal: `error` is what to raise, once the path of `value` is known."""

    def __init__(self, error: SerializationError, value: Any) -> None:
        super().__init__(error)
        self.error = error
        self.value = value


def path_of(root: Any, match: Callable[[Any], bool]) -> str | None:
    """The path of the first value in a live graph, breadth first, for which `match` is true."""
    return _search(root, match, _children)


def path_in_body(
    body: Sequence[Any],
    objects: Sequence[int],
    names: Sequence[Sequence[str]],
    match: Callable[[Any], bool],
    object_code: int,
) -> str | None:
    """The path of the first value in an unpacked body for which `match` is true.

    Parameters
    ----------
    body
        The root value, then the record of each object, with ext types as `msgpack.ExtType`.
    objects
        For each object its row in `names`; -1 for a list, -2 for a dict, -3 for a set.
    names
        For each type the names of what a record holds.
    match
        Is given each value; a reference to an object is an `ExtType` of `object_code`.
    """

    def children(value: Any) -> Iterator[tuple[str, Any]]:
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
                for key, item in zip(record[::2], record[1::2], strict=False):
                    yield f"[{key!r}]", key
                    yield f"[{key!r}]", item
            else:
                yield from _items(record)
        elif isinstance(value, tuple):
            yield from _items(value)

    return _search(body[0], match, children) if body else None


def _search(
    root: Any, match: Callable[[Any], bool], children: Callable[[Any], Iterator[tuple[str, Any]]]
) -> str | None:
    seen: set[Any] = set()
    queue: deque[tuple[str, Any]] = deque([("$", root)])
    while queue:
        path, value = queue.popleft()
        if match(value):
            return path
        key = value if isinstance(value, msgpack.ExtType) else id(value)
        if key in seen:
            continue
        seen.add(key)
        queue.extend((path + step, child) for step, child in children(value))
    return None


def _children(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, (list, tuple, set, frozenset)):
        yield from _items(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield f"[{key!r}]", key
            yield f"[{key!r}]", item
    elif not isinstance(value, _OPAQUE):
        state = getattr(value, "__dict__", None) or {}
        for name, item in state.items():
            if name != "_derived":
                yield f".{name}", item
        for name, item in getattr(state.get("_derived"), "results", {}).items():
            yield f".{name}", item


def _items(values: Any) -> Iterator[tuple[str, Any]]:
    for index, item in enumerate(values):
        yield f"[{index}]", item
