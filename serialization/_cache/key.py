"""Keys from content: equal values have equal keys, in every process and in every release.

A key is the digest of values alone. Of an object these are the name and the schema version of its type and the fields
of its state; which backend it computes on is one of these, and an array of JAX differs from one of NumPy. Left out are:

- the release of this library, so that an upgrade keeps a cache;
- results that were computed from the state: an evaluated object and a fresh one have the same key;
- sharing: whether two equal masks are one object or two changes no value;
- the memory order and the byte order of an array, and the order of a dict or a set.

Floats are compared by their bits (0.0 is not -0.0), and a value is not equal to one of another type: 1, 1.0, True and
`numpy.float64(1.0)` have different keys, as have a list and a tuple, float64 and float32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import xxhash

from serialization._graph import backend, paths
from serialization._graph.refusal import refusal_of, type_name
from serialization._payload import dtypes
from serialization._schema import registry
from serialization._schema.live import fields_and_results
from serialization.errors import LimitError, SchemaError, SerializationError, UnsupportedValueError

_VERSION = b"autoarray-portable key 1"
_COLLECTIONS = {list: b"list", tuple: b"tuple", set: b"set", frozenset: b"frozenset"}


def key_of(values: tuple[object, ...], named: Mapping[str, object]) -> str:
    """The key of some values, and of some that have names: 32 hexadecimal digits.

    Raises
    ------
    UnknownTypeError, UnsupportedValueError, SchemaError, LimitError
        If a payload could not hold one of the values, or one of them contains itself.
    """
    try:
        digest = _Digests().of((values, dict(named)))
    except paths.RefusedError as refused:
        error, value = refused.error, refused.value
        error.path = paths.path_of([*values, *named.values()], lambda item: item is value)
        raise error from None
    except RecursionError:
        raise LimitError("key: expected values that are nested less deeply") from None
    return xxhash.xxh3_128(_VERSION + digest).hexdigest()


class _Digests:
    """The digests of the values of one graph, each object once however often it is met."""

    def __init__(self) -> None:
        self._known: dict[int, bytes | None] = {}  # None: is being computed
        self._kept: list[object] = []  # so that no id is used again meanwhile

    def of(self, value: object) -> bytes:
        """The digest of one value."""
        kind = type(value)
        plain = _plain_bytes(value, kind)
        if plain is not None:
            return xxhash.xxh3_128(plain).digest()
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), value, b"scalar")
        index = id(value)
        known = self._known.get(index, b"")
        if known:
            return known
        if known is None:
            error = UnsupportedValueError(
                f"expected values that don't contain themselves, found {type_name(kind)} that does"
            )
            raise paths.RefusedError(error, value)
        self._known[index] = None
        self._kept.append(value)
        digest = self._known[index] = self._of_object(value, kind)
        return digest

    def _of_object(self, value: Any, kind: type) -> bytes:
        if kind in (list, tuple):
            return _join(_COLLECTIONS[kind], map(self.of, value))
        if kind in (set, frozenset):
            return _join(_COLLECTIONS[kind], sorted(map(self.of, value)))
        if kind is dict:
            return _join(b"dict", sorted(self.of(key) + self.of(item) for key, item in value.items()))
        if kind in (np.ndarray, np.memmap):
            return self._array(value, value, b"array")
        if backend.is_jax_array(value):
            try:
                return self._array(backend.host(value), value, b"jax")
            except UnsupportedValueError as error:
                raise paths.RefusedError(error, value) from None
        schema = registry.schema_of(kind)
        if schema is None:
            raise paths.RefusedError(refusal_of(value, "key"), value)
        try:
            state, _ = fields_and_results(schema, value)
        except SchemaError as error:
            raise paths.RefusedError(error, value) from None
        names = sorted(state)
        head = "\0".join([schema.name, str(schema.version), *names])
        return _join(b"object" + xxhash.xxh3_128(head.encode()).digest(), (self.of(state[name]) for name in names))

    def _array(self, array: np.ndarray, value: object, kind: bytes) -> bytes:
        dtype = array.dtype
        try:
            dtypes.describe(dtype)
        except SerializationError as error:
            raise paths.RefusedError(error, value) from None
        if dtype.names is not None:  # field by field: the bytes between them are no values
            parts = [name.encode() + b"\0" + self._array(array[name], value, b"field") for name in dtype.names]
            return _join(kind + repr(array.shape).encode(), [xxhash.xxh3_128(part).digest() for part in parts])
        dtype = dtype.newbyteorder("<")
        data = np.ascontiguousarray(array, dtype=dtype).reshape(-1)
        state = xxhash.xxh3_128(b"%b %b %b\0" % (kind, dtype.str.encode(), repr(array.shape).encode()))
        if data.nbytes:
            state.update(data.view(np.uint8))  # pyright: ignore[reportArgumentType] - it has a buffer
        return state.digest()


def _plain_bytes(value: Any, kind: type) -> bytes | None:
    """The bytes that stand for a plain value, or None if it is none."""
    if value is None:
        return b"none"
    if kind is str:
        return b"str " + value.encode("utf-8", "surrogatepass")
    if kind is float:
        return b"float" + struct.pack("<d", value)
    if kind is bool or kind is int:
        return b"%b %d" % (kind.__name__.encode(), value)
    if kind is bytes:
        return b"bytes" + value
    if kind is complex:
        return b"complex" + struct.pack("<dd", value.real, value.imag)
    return None


def _join(kind: bytes, digests: Iterable[bytes]) -> bytes:
    """The digest of digests in a row."""
    state = xxhash.xxh3_128(kind)
    state.update(b"\0")
    for digest in digests:
        state.update(digest)
    return state.digest()
