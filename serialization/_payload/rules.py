"""Rules of wire version 2 about a body as a whole: numbering, widths, and what the header says of it."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgpack
import numpy as np

from serialization._graph.backend import is_jax_array
from serialization._payload import wire
from serialization._payload.forms import FLOAT_32, tokens
from serialization._payload.header import Header, TypeRow
from serialization._payload.root import PLAIN, name_of_backend
from serialization.errors import CorruptError

_FLOAT_32 = bytes([FLOAT_32])
_TOLD_BY_EQUALITY = frozenset({type(None), bool, int, str, bytes})  # keys that are equal if their bytes are


def check_numbering(what: str, met: Sequence[bytes], numbers: Iterable[bytes]) -> None:
    """Raise CorruptError unless each of these numbers is referred to, for the first time in their order."""
    order = list(dict.fromkeys(met))
    if order != list(numbers):
        first = [int.from_bytes(number, "big") for number in order]
        raise CorruptError(f"body: expected {what} to be numbered in the order of the body, found {first!r:.80}")


def check_floats(body: bytes) -> None:
    """Raise CorruptError if a float has 32 bits."""
    if _FLOAT_32 not in body:
        return
    # The byte stands in many floats of 64 bits too. Packing again is faster than looking at each object.
    values = wire.unpack(body, wire.ext_of, "body")
    with contextlib.suppress(ValueError):  # nested deeper than msgpack packs
        if msgpack.packb(values) == body:
            return
    if any(token.byte == FLOAT_32 for token in tokens(body)):
        raise CorruptError("body: expected floats of 64 bits, found one of 32 bits")


def check_distinct(keys: Collection[Any]) -> None:
    """Raise `CorruptError` if two keys that Python tells apart, because they are or hold a NaN, have the same bits."""
    if _TOLD_BY_EQUALITY.issuperset(map(type, keys)):
        return
    tokens = [_token(key) for key in keys if type(key) not in _TOLD_BY_EQUALITY]
    if len(set(tokens)) != len(tokens):
        raise CorruptError("expected distinct keys or elements, found one twice")


def _token(key: Any) -> Any:
    """What is equal for keys of the same bits."""
    if type(key) is float:
        return float, struct.pack(">d", key)
    if type(key) is complex:
        return complex, struct.pack(">dd", key.real, key.imag)
    if type(key) is tuple:
        return tuple, tuple(map(_token, key))
    if type(key) is frozenset:
        return frozenset, frozenset(map(_token, key))
    if isinstance(key, np.generic):
        return key.dtype.str, key.tobytes()
    return type(key), key


def check_values(header: Header, jax: Sequence[bool], values: tuple[Any, ...]) -> None:
    """Raise CorruptError unless `root` and `backend` of the header are those of the values.

    Parameters
    ----------
    header
        The header.
    jax
        Whether each array was JAX's.
    values
        The root, and the record of each object.
    """
    name = _name_of(header, values[0])
    if header.root != name:
        raise CorruptError(f"header: expected root to be {name}, found {header.root!r:.80}")
    backend = backend_of(header.types, header.objects, values[1:], jax)
    if header.backend != backend:
        raise CorruptError(f"header: expected backend to be {backend}, found {header.backend}")


def backend_of(types: Sequence[TypeRow], objects: Sequence[int], records: Sequence[Any], jax: Sequence[bool]) -> str:
    """The backend of objects of these rows of `types` and these records, beside arrays that were JAX's or not."""
    flags = [row.fields.index("_use_jax") if "_use_jax" in row.fields else None for row in types]
    computes = False
    for kind, record in zip(objects, records, strict=True):
        place = flags[kind] if kind >= 0 else None
        if place is not None and type(record) is tuple and len(record) > place and record[place] is True:
            computes = True
            break
    return name_of_backend(computes, jax)


def _name_of(header: Header, root: Any) -> str:
    kind = type(root)
    if isinstance(root, np.generic):
        return "scalar"
    if isinstance(root, np.ndarray) or is_jax_array(root):
        return "array"
    if kind in PLAIN:
        return PLAIN[kind]
    return header.types[header.objects[0]].name  # the first object is the root
