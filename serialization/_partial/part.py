"""A part of a payload as a payload of its own: what one of its values refers to, numbered anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgpack

from serialization._partial.paths import Location
from serialization._payload import wire
from serialization._payload.decode import Plan
from serialization._payload.header import Header
from serialization._payload.outline import CONTAINERS, Outline
from serialization._payload.root import PLAIN
from serialization._payload.rules import backend_of
from serialization.errors import LimitError

_ROOTS = {wire.ARRAY: "array", wire.SCALAR: "scalar", wire.COMPLEX: "complex", wire.BIG_INT: "int"}


@dataclass(frozen=True, slots=True)
class _Flags:
    """Of the layout of arrays what a plan needs: whether each was JAX's."""

    jax: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a payload: what its header would say, its body, and the numbers that its arrays have in the whole."""

    plan: Plan
    body: bytes
    arrays: tuple[int, ...]


def part_of(outline: Outline, raw: Sequence[Any], location: Location) -> Part:
    """What stands at a location, with all that it refers to.

    Parameters
    ----------
    outline
        The graph in outline.
    raw
        The root and the records of the body, as `raw_values` gives them.
    location
        Where the part begins.

    Raises
    ------
    LimitError
        If tuples are nested more deeply than msgpack packs them.
    """
    value = raw[location.owner + 1]
    for number in location.at:
        value = value[number]
    numbering = _Numbering()
    try:
        values = [numbering.anew(value)]
        values.extend(numbering.anew(raw[index + 1]) for index in numbering.objects)  # which grows meanwhile
        body: Any = msgpack.packb(values)
    except (ValueError, RecursionError):
        raise LimitError("expected tuples that are nested less deeply", path=location.path) from None
    jax = tuple(outline.jax[index] for index in numbering.arrays)
    header = _header_of(outline, values, tuple(numbering.objects), tuple(numbering.arrays), jax)
    return Part(Plan(header, _Flags(jax)), body, tuple(numbering.arrays))


def raw_values(body: bytes) -> tuple[Any, ...]:
    """The root and the records of a body, with ext types as they stand."""
    return wire.unpack(body, wire.ext_of, "body")


class _Numbering:
    """Numbers of objects and arrays in the order in which they are met; `objects` and `arrays` hold the old ones."""

    def __init__(self) -> None:
        self.objects: list[int] = []
        self.arrays: list[int] = []
        self._new: dict[tuple[int, int], int] = {}

    def anew(self, value: Any) -> Any:
        """A value with the references in it numbered anew."""
        return wire.unpack(msgpack.packb(value), self._ext, "body")  # pyright: ignore[reportArgumentType]

    def _ext(self, code: int, data: bytes) -> Any:
        if code not in (wire.OBJECT, wire.ARRAY):
            return wire.ext_of(code, data)
        old = int.from_bytes(data, "big")
        known = self.objects if code == wire.OBJECT else self.arrays
        new = self._new.setdefault((code, old), len(known))
        if new == len(known):
            known.append(old)
        return wire.ext_of(code, wire.bytes_of_reference(new))


def _header_of(
    outline: Outline, values: Sequence[Any], objects: tuple[int, ...], arrays: tuple[int, ...], jax: tuple[bool, ...]
) -> Header:
    whole = outline.header
    kinds = [whole.objects[index] for index in objects]
    used = list(dict.fromkeys(kind for kind in kinds if kind >= 0))
    types = tuple(whole.types[kind] for kind in used)
    numbers = tuple(kind if kind < 0 else used.index(kind) for kind in kinds)
    return Header(
        wire=whole.wire,
        writer=whole.writer,
        backend=backend_of(types, numbers, values[1:], jax),
        root=_name_of(whole, values[0], kinds),
        types=types,
        objects=numbers,
        arrays=tuple(whole.arrays[index] for index in arrays),
    )


def _name_of(whole: Header, root: Any, kinds: Sequence[int]) -> str:
    if not isinstance(root, msgpack.ExtType):
        return PLAIN[type(root)]
    if root.code == wire.OBJECT:
        return CONTAINERS.get(kinds[0]) or whole.types[kinds[0]].name
    return _ROOTS.get(root.code, "frozenset")
