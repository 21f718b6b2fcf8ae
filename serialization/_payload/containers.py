"""How the records of lists, dicts and sets become objects again, and what may be a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from serialization._keys import check_hashes
from serialization._payload import wire
from serialization._schema.kinds import class_of
from serialization._schema.registry import schema_of
from serialization._schema.schema import by_class
from serialization.errors import CorruptError


class Container:
    """How the records of lists, dicts or sets become objects."""

    has_flag = False
    simple = -1  # no length
    fields: tuple[str, ...] = ()

    def __init__(
        self, make: Callable[[], Any], fill: Callable[[Any, tuple[Any, ...]], bool | None], keys: slice | None = None
    ) -> None:
        self.make = make
        self.fill = fill
        self.keys = keys  # where in a record they are


def _fill_dict(shell: dict[Any, Any], record: tuple[Any, ...]) -> bool:
    """Fill a dict; whether that has to wait until its keys have their state."""
    if check_keys(record[::2], objects=True):
        if len(record) % 2:
            raise CorruptError(f"expected keys and values, found {len(record)} items")
        return True
    shell.update(zip(record[::2], record[1::2], strict=True))
    if 2 * len(shell) != len(record):
        raise CorruptError("expected distinct keys, found one twice")
    return False


def _fill_set(shell: set[Any], record: tuple[Any, ...]) -> None:
    check_keys(record, objects=False)
    shell.update(record)
    if len(shell) != len(record):
        raise CorruptError("expected distinct elements, found one twice")


_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, frozenset})


def check_keys(keys: tuple[Any, ...], *, objects: bool) -> bool:
    """Raise unless keys can be hashed, quickly and without code of a type; `objects` are compared by identity.

    Whether there is an object among them whose class hashes it itself, and was registered for that.
    """
    late = False
    for kind in dict.fromkeys(map(type, keys)):  # the first of them is named, in every process
        if kind in _PLAIN:
            continue
        if kind is tuple:
            _check_tuples(keys)
        elif is_of_type(kind) and not (objects and class_of(kind).__hash__ is object.__hash__):
            cls = class_of(kind)
            schema = schema_of(cls) if objects else None
            if schema is None or not schema.as_key:
                raise CorruptError(f"expected plain values as keys or elements, found {cls.__name__}")
            late = True
    if not late:
        check_hashes(keys)
    return late


def is_of_type(kind: type) -> bool:
    """Whether objects of a class are those of a registered type, under a stand-in or not."""
    return class_of(kind) is not kind or kind in by_class


def _check_tuples(keys: tuple[Any, ...]) -> None:
    stack = [key for key in keys if type(key) is tuple]
    while stack:
        for item in stack.pop():
            if type(item) is tuple:
                stack.append(item)
            elif is_of_type(type(item)):
                name = class_of(type(item)).__name__
                raise CorruptError(f"expected plain values in a tuple that is a key or element, found {name}")


CONTAINERS = {
    wire.LIST: Container(list, list.extend),
    wire.DICT: Container(dict, _fill_dict, slice(None, None, 2)),
    wire.SET: Container(set, _fill_set, slice(None)),
}
