"""The graph of a payload in outline: what each object holds and where it stands, told from header and body alone."""

from __future__ import annotations

import functools
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from serialization._graph.walk import items_of, pairs_of
from serialization._payload import rules, wire
from serialization._payload.containers import check_keys
from serialization._payload.decode import Plan, unpack_body
from serialization._payload.header import Header
from serialization._payload.rules import check_distinct
from serialization.errors import CorruptError, LimitError, SerializationError

_FARTHEST = 64  # steps of a path that is shown
_MAKERS: dict[int, Any] = {wire.LIST: list, wire.DICT: dict, wire.SET: set}
CONTAINERS = {wire.LIST: "list", wire.DICT: "dict", wire.SET: "set"}


class Reference:
    """Stands for an object of a registered type."""

    __slots__ = ()


class Place(NamedTuple):
    """Where an object or an array stands first: the number of the place that holds it, and the steps from there.

    The first place is the root, whatever it is. `object` and `array` are the number of what is there, or None.
    """

    parent: int
    steps: str
    value: Any
    object: int | None
    array: int | None


class Outline:
    """The values of a payload, with empty stand-ins for its objects and arrays.

    Parameters
    ----------
    header, jax
        The header, and whether each array was JAX's.
    body
        The bytes of the body.

    Raises
    ------
    SerializationError
        If the body breaks the rules of the format; the types are not looked up.
    """

    def __init__(self, header: Header, jax: tuple[bool, ...], body: bytes) -> None:
        self.header, self.jax, self.body = header, jax, body
        if len(header.objects) >= max(len(body), 1):
            raise CorruptError(f"body: expected {len(header.objects)} records, found {len(body)} bytes")
        shells = [_MAKERS.get(kind, Reference)() for kind in header.objects]
        arrays = [np.empty(0, np.uint8) for _ in header.arrays]
        self._objects = {id(shell): index for index, shell in enumerate(shells)}
        self._arrays = {id(array): index for index, array in enumerate(arrays)}
        self._stand_ins = shells, arrays  # which must live as long as their ids count
        try:
            self.values = unpack_body(Plan(header, self), body, shells, arrays)
            self._check()
        except RecursionError:
            raise LimitError("body: expected arrays that are nested less deeply") from None

    def _check(self) -> None:
        types = self.header.types
        for kind, record in zip(self.header.objects, self.values[1:], strict=True):
            if type(record) is not tuple:
                raise CorruptError(f"body: expected records, found {type(record).__name__}")
            if kind >= 0 and len(record) != len(types[kind].fields) + len(types[kind].results):
                raise CorruptError(f"body: expected all fields of {types[kind].name}, found {len(record)} values")
            if kind == wire.DICT and len(record) % 2:
                raise CorruptError("body: expected a value for each key of a dict, found a key without one")
        try:
            for kind, record in zip(self.header.objects, self.values[1:], strict=True):
                if kind in (wire.DICT, wire.SET):
                    keys = record[::2] if kind == wire.DICT else record
                    check_keys(keys, objects=kind == wire.DICT)
                    if self.header.wire > 1:
                        check_distinct(keys)
            if self.header.wire > 1:
                rules.check_values(self.header, self.jax, self.values)
        except TypeError as error:
            raise CorruptError(f"body: expected keys and elements that can be hashed, found {error}") from None

    def object_of(self, value: object) -> int | None:
        """The number of the object that a value refers to, or None."""
        return self._objects.get(id(value))

    def array_of(self, value: object) -> int | None:
        """The number of the array that a value refers to, or None."""
        return self._arrays.get(id(value))

    def names_of(self, index: int) -> tuple[str, ...]:
        """The names of the fields and the stored results of an object; none of a container."""
        kind = self.header.objects[index]
        return self.header.types[kind].fields + self.header.types[kind].results if kind >= 0 else ()

    def results_of(self, index: int) -> frozenset[str]:
        """The names of the stored results of an object."""
        kind = self.header.objects[index]
        return frozenset(self.header.types[kind].results) if kind >= 0 else frozenset()

    def record_of(self, index: int) -> tuple[Any, ...]:
        """What an object holds: the values of its names, items, or keys and values in turn."""
        return self.values[index + 1]

    def type_of(self, index: int) -> str:
        """The name of the type of an object, or list, dict or set."""
        kind = self.header.objects[index]
        return CONTAINERS.get(kind) or self.header.types[kind].name

    def children_of(self, value: object) -> Iterator[tuple[str, Any]]:
        """What an object or a tuple holds, each with its step in a path, as messages name them."""
        index = self.object_of(value)
        if index is None:
            if type(value) is tuple:
                yield from items_of(value)
            return
        record, kind = self.record_of(index), self.header.objects[index]
        if kind >= 0:
            yield from zip((f".{name}" for name in self.names_of(index)), record, strict=True)
        elif kind == wire.DICT:
            yield from pairs_of(zip(record[::2], record[1::2], strict=True))
        else:
            yield from items_of(record)

    def references_in(self, value: object) -> Iterator[tuple[str, Any]]:
        """The objects and arrays that an object or a tuple refers to, in tuples too, each with the steps to it."""
        stack = [self.children_of(value)]
        prefixes = [""]
        while stack:
            for step, child in stack[-1]:
                if type(child) is tuple:
                    stack.append(items_of(child))
                    prefixes.append(prefixes[-1] + step)
                    break
                if id(child) in self._objects or id(child) in self._arrays:
                    yield prefixes[-1] + step, child
            else:
                stack.pop()
                prefixes.pop()

    @functools.cached_property
    def _first(self) -> tuple[list[Place], dict[int, int], Counter[int]]:
        """The places, the number of that of each stand-in, and how often each is referred to, by the ids of these."""
        places: list[Place] = []
        first: dict[int, int] = {}
        counts = Counter[int]()
        queue: deque[tuple[int, str, Any]] = deque([(-1, "$", self.values[0])])
        while queue:
            parent, steps, value = queue.popleft()
            counts[id(value)] += 1
            if id(value) not in first:
                number = first[id(value)] = len(places)
                places.append(Place(parent, steps, value, self.object_of(value), self.array_of(value)))
                queue.extend((number, below, child) for below, child in self.references_in(value))
        return places, first, counts

    @property
    def places(self) -> list[Place]:
        """The root, and where each other object and array stands first, breadth first."""
        return self._first[0]

    def first_of(self, value: object) -> int | None:
        """The number of the place where the object or the array that a value refers to stands first, or None."""
        if id(value) in self._objects or id(value) in self._arrays:
            return self._first[1][id(value)]
        return None

    def count_of(self, value: object) -> int:
        """How often an object or an array is referred to."""
        return self._first[2][id(value)]

    def path_of_array(self, index: int, *, whole: bool = False) -> str | None:
        """The path where an array stands first; None of one that the root does not lead to."""
        number = self._first[1].get(id(self._stand_ins[1][index]))
        return None if number is None else self.path_of(number, whole=whole)

    def path_of(self, number: int, *, whole: bool = False) -> str:
        """The path of a place; of one that is far down the last steps, unless it is asked for as a `whole`."""
        places, steps = self.places, list[str]()
        while number >= 0:
            if len(steps) >= _FARTHEST and not whole:
                steps.append("...")
                break
            steps.append(places[number].steps)
            number = places[number].parent
        return "".join(reversed(steps))


def outline_of(header: Header, jax: tuple[bool, ...], body: bytes) -> tuple[Outline | None, str | None]:
    """The outline of a payload, or None and why there is none."""
    try:
        return Outline(header, jax, body), None
    except SerializationError as error:
        return None, str(error)
