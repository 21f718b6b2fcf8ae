"""From an object graph to what a payload says of it.

Everything with an identity (registered objects, lists, dicts, sets) gets one record and is referred to
by its number, so sharing and cycles are kept, and no depth of nesting recurses. Tuples, numbers and text
are values, which are written wherever they stand.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from serialization._adapters import state_of
from serialization._graph.backend import host, is_jax_array
from serialization._graph.paths import RefusedError, depth_error, path_of
from serialization._graph.refusal import refusal_of, type_name
from serialization._payload import wire
from serialization._payload.dtypes import buffer_of
from serialization._payload.pack import ext_of_int, ext_of_scalar, pack, packb
from serialization._payload.root import name_of_backend, name_of_root
from serialization._payload.scalars import pack_scalar
from serialization._schema import registry
from serialization._schema.check import Row, find_misfit, fitting_of
from serialization._schema.live import fields_and_results
from serialization._schema.schema import Schema, by_class
from serialization.errors import (
    LimitError,
    SchemaError,
    SerializationError,
    UnknownTypeError,
    UnsupportedValueError,
)

_AS_THEY_ARE = frozenset({type(None), bool, float, str, bytes})
_DISTINCT = frozenset({type(None), bool, int, str, bytes})  # keys that are equal if their bytes are
_TUPLES = (list, tuple)  # encoded, or as it is
_CONTAINERS = frozenset({list, dict, set})
_MIN_INT, _MAX_INT = -(2**63), 2**64 - 1
_MAX_REPEATS = 2**16


_schemas = by_class
# The scalars whose type alone tells their dtype, with what their bytes begin with.
_SCALARS = {
    kind: pack_scalar(kind(0))[: -kind(0).nbytes]
    for kind in (np.float64, np.float32, np.int64, np.int32, np.bool_, np.complex128)
    if sys.byteorder == "little"
}


def _reference(code: int, index: int) -> Any:
    return wire.ext_of(code, wire.bytes_of_reference(index))


_packed_rows: dict[Any, bytes] = {}
_OBJECTS = [_reference(wire.OBJECT, index) for index in range(256)]
_ARRAYS = [_reference(wire.ARRAY, index) for index in range(256)]


@dataclass(slots=True)
class Graph:
    """An encoded graph: what the header says of it, the packed body, and the bytes of its arrays.

    `types` holds packed rows, `arrays` rows of [dtype, shape, flags, offset] whose offsets are not known yet.
    """

    root: str
    body: bytes
    types: list[bytes]
    objects: list[int]
    arrays: list[list[Any]]
    buffers: list[Any]
    sizes: list[int]
    backend: str


def encode(root: object) -> Graph:
    """Encode a graph.

    Raises
    ------
    UnsupportedValueError, UnknownTypeError, SchemaError, LimitError
        If something in it can't be written; the error has its path.
    """
    encoder = _Encoder()
    try:
        return encoder.run(root)
    except RefusedError as refused:
        error, value = refused.error, refused.value
        error.path = path_of(root, lambda other: other is value)
        raise error from None


class _Encoder:
    __slots__ = (
        "_arrays",
        "_buffers",
        "_jax",
        "_kept",
        "_nested",
        "_pending",
        "_refs",
        "_repeats",
        "_rows",
        "_schemas",
        "_sizes",
        "_types",
    )

    def __init__(self) -> None:
        self._refs: dict[int, Any] = {}  # the references to what has been seen, by id
        self._pending: list[Any] = []  # the objects, in the order of their numbers
        self._schemas: list[Schema | None] = []  # and how each is written
        self._arrays: list[list[Any]] = []
        self._buffers: list[Any] = []
        self._sizes: list[int] = []
        self._kept: list[Any] = []  # JAX arrays, so that no id is used again meanwhile
        self._rows: dict[Any, int] = {}
        self._types: list[bytes] = []
        self._nested: set[int] = set()
        self._repeats = 0
        self._jax = False

    def run(self, root: object) -> Graph:
        objects: list[int] = []
        rows, items = self._rows, self._items
        value, schema = root, None
        states: list[tuple[Any, ...]] = []
        try:
            records: list[Any] = items((root,))
            for value, schema in zip(self._pending, self._schemas, strict=True):  # both grow meanwhile
                if schema is not None:
                    state = value.__dict__ if schema.adapter is None else self._adapted(value)
                    count = len(state)  # before another thread may derive something, which adds an entry
                    if schema.loose and schema.adapter is None:
                        key, values = _loose_key_and_values(schema, value)
                    elif state.get("_derived") is None and count == schema.count:
                        key, values = schema, schema.values_of(state)
                    else:
                        key, values = _key_and_values(schema, state.copy())
                    row = rows.get(key)
                    if row is None:
                        row = rows[key] = len(rows)
                        self._types.append(_packed_row(key, value))
                    if schema.has_flag and state.get("_use_jax") is True:
                        self._jax = True
                    states.append(values)
                    record = items(values)
                elif type(value) is list:
                    row, record = wire.LIST, items(value)
                elif type(value) is dict:
                    row, record = wire.DICT, self._pairs(value)
                else:
                    row, record = wire.SET, _sort(value, items(map(_element, value)))
                objects.append(row)
                records.append(record)
        except RecursionError:
            raise depth_error() from None
        except (KeyError, SchemaError) as error:
            raise RefusedError(_schema_error(schema, value, error), value) from None
        self._check_kinds(objects, states)
        return Graph(
            root=name_of_root(root),
            body=pack(records),
            types=self._types,
            objects=objects,
            arrays=self._arrays,
            buffers=self._buffers,
            sizes=self._sizes,
            backend=self._backend(),
        )

    def _adapted(self, value: Any) -> dict[str, Any]:
        state = state_of(value)
        self._kept.append(state)  # which may hold what was made for it
        return state

    def _check_kinds(self, objects: list[int], states: list[tuple[Any, ...]]) -> None:
        fitting = fitting_of((tuple(self._types), tuple(objects)), len(objects))
        misfit = find_misfit(lambda: self._rows_of(objects), states, fitting)
        if misfit is not None:
            index, error = misfit
            raise RefusedError(
                error, [value for value, row in zip(self._pending, objects, strict=True) if row >= 0][index]
            )

    def _rows_of(self, objects: list[int]) -> list[Row]:
        rows = list(map(_schema_and_fields, self._rows))
        return [rows[row] for row in objects if row >= 0]

    def _backend(self) -> str:
        return name_of_backend(self._jax, [bool(row[2] & wire.JAX) for row in self._arrays])

    def _items(self, values: Iterable[Any]) -> list[Any]:
        out: list[Any] = []
        append, refs, schemas, pending = out.append, self._refs, _schemas, self._pending
        for value in values:
            kind = type(value)
            if kind in _AS_THEY_ARE:
                append(value)
            elif kind is int:
                append(value if _MIN_INT <= value <= _MAX_INT else ext_of_int(value))
            elif kind is tuple:
                append(value if _AS_THEY_ARE.issuperset(map(type, value)) else self._tuple(value))
            elif (ref := refs.get(id(value))) is not None:
                append(ref)
            elif (schema := schemas.get(kind)) is not None and (index := len(pending)) < 256:
                pending.append(value)
                self._schemas.append(schema)
                append(_OBJECTS[index])
                refs[id(value)] = _OBJECTS[index]
            elif kind is np.ndarray:
                append(self._array(value, value, 0))
            elif kind in _SCALARS:
                append(wire.ext_of(wire.SCALAR, _SCALARS[kind] + value.tobytes()))
            else:
                append(self._other(value, kind))
        return out

    def _tuple(self, value: tuple[Any, ...]) -> list[Any]:
        items = self._items(value)
        for item in items:
            if type(item) in _TUPLES:  # a tuple of tuples; only such can grow without bound when repeated
                if id(value) in self._nested:
                    self._repeats += 1
                    if self._repeats > _MAX_REPEATS:
                        raise RefusedError(
                            LimitError(f"expected nested tuples to be repeated at most {_MAX_REPEATS} times"), value
                        )
                self._nested.add(id(value))
                break
        return items

    def _object(self, value: object, schema: Schema | None) -> Any:
        pending = self._pending
        index = len(pending)
        pending.append(value)
        self._schemas.append(schema)
        ref = self._refs[id(value)] = _OBJECTS[index] if index < 256 else _reference(wire.OBJECT, index)
        return ref

    def _other(self, value: Any, kind: type) -> Any:
        if kind in _CONTAINERS:
            return self._object(value, None)
        schema = registry.schema_of(kind)
        if schema is not None:
            return self._object(value, schema) if schema.plain is None else self._items((schema.plain(value),))[0]
        if kind is np.memmap:
            return self._array(value, value, 0)
        if isinstance(value, np.generic):
            return ext_of_scalar(value)
        if kind is complex:
            return wire.ext_of(wire.COMPLEX, struct.pack(">dd", value.real, value.imag))
        if kind is frozenset:
            plain = [_element(item, frozensets=False) for item in value]
            return wire.ext_of(wire.FROZENSET, pack(_sort(value, self._items(plain))))
        if is_jax_array(value):
            try:
                array = host(value)
            except UnsupportedValueError as error:
                raise RefusedError(error, value) from None
            self._kept.append(value)
            return self._array(value, array, wire.JAX)
        error = refusal_of(value, "payload")
        if isinstance(error, UnknownTypeError):
            error = UnknownTypeError(error.message + registry.faults_of(kind.__module__))
        raise RefusedError(error, value)

    def _array(self, value: object, array: np.ndarray, flags: int) -> Any:
        try:
            description, fortran, nbytes, buffer = buffer_of(array)
        except SerializationError as error:
            raise RefusedError(error, value) from None
        index = len(self._arrays)
        self._arrays.append([description, array.shape, flags | wire.FORTRAN if fortran else flags, 0])
        self._buffers.append(buffer)
        self._sizes.append(nbytes)
        ref = self._refs[id(value)] = _ARRAYS[index] if index < 256 else _reference(wire.ARRAY, index)
        return ref

    def _pairs(self, value: dict[Any, Any]) -> list[Any]:
        flat: list[Any] = []
        for key, item in value.items():
            flat.append(key if type(key) is str else self._key(key))
            flat.append(item)
        items = self._items(flat)
        if not _DISTINCT.issuperset(map(type, value)):
            _pack_distinct(value, items[::2])
        return items

    def _key(self, key: object) -> Any:
        schema = registry.schema_of(type(key))
        if schema is None:
            return _element(key)
        if type(key).__hash__ is not object.__hash__ and not schema.as_key:
            # A reader runs no code of a class that was not registered for it.
            error = UnsupportedValueError(
                f"expected a key that is compared by identity, found {type_name(type(key))}; register the class with "
                "as_key=True to run its __hash__ and __eq__ when it is read"
            )
            raise RefusedError(error, key)
        return key


def _element(value: Any, *, frozensets: bool = True) -> Any:
    """A key of a dict or an element of a set, which must be a plain value or a tuple of such."""
    kind = type(value)
    if kind is tuple:
        for item in value:
            _element(item, frozensets=frozensets)
    elif not (
        kind in _AS_THEY_ARE
        or kind in (int, complex)
        or isinstance(value, np.generic)
        or (kind is frozenset and frozensets)
    ):
        error = UnsupportedValueError(
            f"expected a plain value as key or element{'' if frozensets else ' of a frozenset'}, "
            f"found {type_name(kind)}"
        )
        raise RefusedError(error, value)
    return value


def _sort(value: object, items: list[Any]) -> list[Any]:
    """The elements of a set in the order of their bytes, which is the same in every process."""
    packed = _pack_distinct(value, items)
    return [items[index] for index in sorted(range(len(items)), key=packed.__getitem__)]


def _pack_distinct(value: object, items: list[Any]) -> list[bytes]:
    """The bytes of keys or elements, no two of which may be the same, as those of two NaN can be."""
    try:
        packed = list(map(packb, items))
    except ValueError as error:
        raise RefusedError(LimitError(f"expected elements that msgpack can hold, found {error}"), value) from None
    if len(set(packed)) != len(packed):
        raise RefusedError(UnsupportedValueError("expected distinct keys or elements, found a NaN twice"), value)
    return packed


def _key_and_values(schema: Schema, state: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
    """What tells the row of an object, and its values: of an object that has stored results, or lacks a field."""
    derived = state.get("_derived")
    if len(state) - ("_derived" in state) == schema.count:
        fields, values = schema.all_fields, schema.values_of(state)
    else:
        fields = schema.fields_of(state)
        values = tuple(state[name] for name in fields)
    results = derived.results.copy() if derived is not None else None
    if not results:
        return schema if fields is schema.all_fields else (schema, fields, ()), values
    names = tuple(sorted(results))
    return (schema, fields, names), values + tuple(results[name] for name in names)


def _loose_key_and_values(schema: Schema, value: Any) -> tuple[Any, tuple[Any, ...]]:
    """The same of an object whose instance dictionary is not its fields alone."""
    fields, results = fields_and_results(schema, value)
    names = tuple(sorted(results))
    return (schema, tuple(fields), names), (*fields.values(), *(results[name] for name in names))


def _schema_and_fields(key: Any) -> Row:
    return (key, key.all_fields) if isinstance(key, Schema) else (key[0], key[1])


def _schema_error(schema: Schema | None, value: object, error: Exception) -> SchemaError:
    if isinstance(error, SchemaError):
        return error
    if schema is not None:
        try:
            fields_and_results(schema, value)
        except SchemaError as exact:
            return exact
    raise error


def _packed_row(key: Any, value: object) -> bytes:
    """The header's row of a type, whose results were found to be those of the class."""
    packed = _packed_rows.get(key)
    if packed is None:
        schema, fields = _schema_and_fields(key)
        names = () if isinstance(key, Schema) else key[2]
        try:
            schema.check_results(names)
        except SchemaError as error:
            raise RefusedError(error, value) from None
        packed = _packed_rows[key] = packb([schema.name, schema.version, fields, names])
    return packed
