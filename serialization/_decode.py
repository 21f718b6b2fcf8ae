"""From a verified payload to its object graph.

All objects are made first, empty, so that a reference is the object itself as soon as it is read; then
each gets its state. No constructor runs, and no class outside the registry is imported.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgpack
import numpy as np

from serialization import _arrays, _backend, _paths, _registry, _wire
from serialization.errors import (
    CorruptError,
    NewerVersionError,
    PrecisionLossError,
    SchemaError,
    SerializationError,
    UnknownCodeError,
    UnknownTypeError,
    UnsupportedValueError,
)

_TIMESTAMPS = (b"\xd6\xff", b"\xd7\xff", b"\xc7\x0c\xff")


class _BadExtError(Exception):
    """Internal: an ext value that can't be decoded, which is then searched for its path."""

    def __init__(self, error: SerializationError, code: int, data: bytes) -> None:
        super().__init__(error)
        self.error, self.code, self.data = error, code, data


class Decoder:
    """Builds the graph of one payload.

    Parameters
    ----------
    header
        Its header.
    body
        The bytes of the packed body.
    arrays
        Its arrays, in NumPy.
    flags
        The flags of each array.
    backend
        None: as it was written; "numpy" or "jax": moved there.
    shared
        Whether the memory of the arrays belongs to a file.
    """

    def __init__(
        self,
        header: _wire.Header,
        body: bytes,
        arrays: Sequence[np.ndarray],
        flags: Sequence[int],
        *,
        backend: str | None,
        shared: bool,
    ) -> None:
        self._header = header
        self._body = body
        self._arrays = arrays
        self._flags = flags
        self._backend = backend
        self._shared = shared

    def run(self) -> Any:
        """The root of the graph."""
        header = self._header
        if len(header.objects) >= max(len(self._body), 1):
            raise CorruptError(f"body: expected {len(header.objects)} records, found {len(self._body)} bytes")
        types = [_types.get(row) or self._type(index) for index, row in enumerate(header.types)]
        new = object.__new__
        shells: list[Any] = [_CONTAINERS[kind]() if kind < 0 else new(types[kind].cls) for kind in header.objects]
        body = self._unpack(shells)
        self._fill(types, shells, body)
        root = body[0]
        if self._backend == "jax":
            root = self._moved(types, shells, root)
        return root

    def _type(self, index: int) -> _Type:
        row = self._header.types[index]
        try:
            found = _Type(row, self._header.written_by)
            if len(_types) >= _CACHED:
                _types.clear()
            return _types.setdefault(row, found)
        except SerializationError as error:
            objects = self._header.objects
            if index in objects:
                error.path = self._path_of_ext(_wire.OBJECT, objects.index(index))
            raise

    def _unpack(self, shells: list[Any]) -> tuple[Any, ...]:
        tables = {_wire.OBJECT: _numbered(shells), _wire.ARRAY: _numbered(self._restored())}

        def hook(code: int, data: bytes) -> Any:
            table = tables.get(code)
            if table is None:
                return _value(code, data)
            try:
                return table[data]
            except KeyError:
                what = "object" if code == _wire.OBJECT else "array"
                error = CorruptError(
                    f"expected {what} 0 to {len(table) - 1}, found the reference {data.hex() or 'to none'}"
                )
                raise _BadExtError(error, code, data) from None

        try:
            body = _wire.unpack(self._body, hook, "body")
        except _BadExtError as bad:
            ext = msgpack.ExtType(bad.code, bad.data)
            bad.error.path = self._path(lambda value: value == ext)
            raise bad.error from None
        if not isinstance(body, tuple) or len(body) != len(shells) + 1:
            raise CorruptError(f"body: expected a root and {len(shells)} records, found {_count(body)}")
        # Code -1 is msgpack's own, and never gets to the hook.
        if b"\xff" in self._body and any(mark in self._body for mark in _TIMESTAMPS) and _has_timestamp(body):
            error = UnknownCodeError("expected ext codes 1 to 6, found code -1")
            error.path = self._path(lambda value: isinstance(value, msgpack.Timestamp))
            raise error
        return body

    def _restored(self) -> Sequence[Any]:
        arrays = self._arrays
        if self._backend == "numpy" or self._header.backend == "numpy":
            return arrays
        out = list(arrays)
        for index, flags in enumerate(self._flags):
            if flags & _arrays.JAX:
                try:
                    out[index] = _backend.to_jax(arrays[index], copy=self._shared)
                except SerializationError as error:
                    error.path = self._path_of_ext(_wire.ARRAY, index)
                    raise
        return out

    def _fill(self, types: list[_Type], shells: list[Any], body: tuple[Any, ...]) -> None:
        index = -1
        records = itertools.islice(body, 1, None)
        try:
            objects = zip(self._header.objects, shells, records, strict=True)
            for index, (kind, shell, record) in enumerate(objects):  # noqa: B007 - errors tell where it stands
                if type(record) is not tuple:
                    raise CorruptError(f"expected a record, found {type(record).__name__}")
                if kind >= 0:
                    found = types[kind]
                    state = shell.__dict__
                    state.update(zip(found.fields, record, strict=False))
                    if found.simple != len(record):
                        found.finish(state, record)
                    if state.get("_use_jax"):
                        self._settle(found, state)
                elif kind == _wire.LIST:
                    shell.extend(record)
                elif kind == _wire.DICT:
                    shell.update(zip(record[::2], record[1::2], strict=True))
                    if 2 * len(shell) != len(record):
                        raise CorruptError("expected distinct keys, found one twice")
                else:
                    shell.update(record)
                    if len(shell) != len(record):
                        raise CorruptError("expected distinct elements, found one twice")
        except SerializationError as error:
            if error.path is None:
                error.path = self._path_of_ext(_wire.OBJECT, index)
            raise
        except (TypeError, ValueError) as error:  # an unhashable key, or a key without a value
            path = self._path_of_ext(_wire.OBJECT, index)
            raise CorruptError(f"expected keys and elements that can be hashed, found {error}", path=path) from None

    def _settle(self, found: _Type, state: dict[str, Any]) -> None:
        """Decide which backend an object that was written by JAX computes with."""
        if self._backend == "numpy":
            state["_use_jax"] = False
        elif found.has_flag and _registry.hooks is not None:
            _registry.hooks.announce_jax(found.cls)

    def _moved(self, types: list[_Type], shells: list[Any], root: Any) -> Any:
        mover = _backend.ToJax(copy=self._shared)
        shell: Any = None
        try:
            for kind, shell in zip(self._header.objects, shells, strict=True):
                if kind >= 0 and types[kind].has_flag:
                    state = vars(shell)
                    results = getattr(state.get("_derived"), "results", {})
                    mover.object(state, results)
                    if state.get("_use_jax"):
                        self._settle(types[kind], state)
            shell = root
            return mover.value(root)
        except (PrecisionLossError, UnsupportedValueError) as error:
            error.path = _paths.path_of(root, lambda value: value is shell)
            raise

    def _path_of_ext(self, code: int, index: int) -> str | None:
        return self._path(
            lambda value: (
                type(value) is msgpack.ExtType and value.code == code and int.from_bytes(value.data, "big") == index
            )
        )

    def _path(self, match: Callable[[Any], bool]) -> str | None:
        try:
            body = _wire.unpack(self._body, msgpack.ExtType, "body")
        except SerializationError:
            return None
        names = [row.fields + row.results for row in self._header.types]
        return _paths.path_in_body(body, self._header.objects, names, match, _wire.OBJECT)


class _Type:
    """How the records of one row of the header's types become objects."""

    __slots__ = ("_results", "_row", "_schema", "cls", "fields", "has_flag", "simple")

    def __init__(self, row: _wire.TypeRow, written_by: str) -> None:
        schema = _registry.schema_named(row.name, written_by)
        if row.version > schema.version:
            raise NewerVersionError(
                f"expected schema version 1 to {schema.version} of {row.name}, found {row.version}, written by "
                f"{written_by}; read it with that release or a newer one"
            )
        if row.version == schema.version:
            fields, optional = schema.fields, schema.optional
        elif row.version in schema.migrations:
            fields, optional = schema.migrations[row.version].fields, schema.migrations[row.version].optional
        else:
            raise SchemaError(f"expected a migration of {row.name} from schema version {row.version}, found none")
        _registry.check_fields(row.name, row.version, row.fields, fields, optional)
        try:
            self.cls = schema.resolve()
        except (ImportError, AttributeError) as error:
            raise UnknownTypeError(f"expected the class of {row.name} at {schema.target}, found {error}") from None
        self._schema = schema
        self._row = row
        self._results = row.results
        self.fields = row.fields
        self.has_flag = schema.has_flag
        present = row.version == schema.version
        if row.results and present:
            self._check_results(row.results)
        # The length of a record that needs no more than its fields filled in, or None.
        self.simple = len(row.fields) if present and not row.results else None

    def finish(self, state: dict[str, Any], record: tuple[Any, ...]) -> None:
        """Complete the state of an object that has stored results, or whose schema has changed."""
        count = len(self.fields)
        if len(record) != count + len(self._results):
            raise CorruptError(
                f"expected a record of {count} fields and {len(self._results)} results, found {len(record)} values"
            )
        results = dict(zip(self._results, record[count:], strict=True))
        if self._row.version != self._schema.version:
            results = self._migrate(state, results)
        if results:
            assert _registry.hooks is not None
            state["_derived"] = _registry.hooks.make_derived(results)

    def _migrate(self, state: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
        schema, moved = self._schema, {**state, "_derived": results}
        for version in range(self._row.version, schema.version):
            moved = schema.migrations[version].function(moved)
        results = moved.pop("_derived", {})
        _registry.check_fields(schema.name, schema.version, moved, schema.fields, schema.optional)
        self._check_results(results)
        state.clear()
        state.update((name, moved[name]) for name in schema.all_fields if name in moved)
        return results

    def _check_results(self, results: Iterable[str]) -> None:
        known = frozenset() if _registry.hooks is None else _registry.hooks.result_names(self.cls)
        unknown = sorted(set(results) - known)
        if unknown:
            raise SchemaError(f"expected results that {self._row.name} declares, found {', '.join(unknown)}")


_types: dict[_wire.TypeRow, _Type] = {}
_CACHED = 4096
_CONTAINERS: dict[int, Callable[[], Any]] = {_wire.LIST: list, _wire.DICT: dict, _wire.SET: set}
_NUMBERS = [index.to_bytes(1, "big") for index in range(256)]


def _numbered(values: Sequence[Any]) -> dict[bytes, Any]:
    """Values by the bytes that refer to them."""
    table = dict(zip(_NUMBERS, values, strict=False))
    for index in range(256, len(values)):
        table[index.to_bytes(2 if index < 2**16 else 4, "big")] = values[index]
    return table


def _value(code: int, data: bytes) -> Any:
    """The value of an ext that is no reference."""
    try:
        if code == _wire.SCALAR:
            return _arrays.unpack_scalar(data)
        if code == _wire.COMPLEX:
            return complex(*struct.unpack(">dd", data))
        if code == _wire.BIG_INT:
            number = int.from_bytes(data, "big", signed=True)
            if -(2**63) <= number < 2**64 or len(data) != number.bit_length() // 8 + 1:
                raise ValueError(number.bit_length())
            return number
        if code == _wire.FROZENSET:
            items = _wire.unpack(data, _element, "frozenset")
            found = frozenset(items)
            if type(items) is not tuple or len(found) != len(items):
                raise ValueError(items)
            return found
    except (SerializationError, ValueError, TypeError, struct.error):
        error = CorruptError(f"expected a value of ext code {code}, found {data[:24].hex(' ') or 'no bytes'}")
        raise _BadExtError(error, code, data) from None
    raise _BadExtError(UnknownCodeError(f"expected ext codes 1 to 6, found code {code}"), code, data)


def _element(code: int, data: bytes) -> Any:
    """An ext inside a frozenset, where no reference and no other frozenset may be."""
    if code not in (_wire.SCALAR, _wire.COMPLEX, _wire.BIG_INT):
        raise ValueError(code)
    return _value(code, data)


def _has_timestamp(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(_has_timestamp, value))
    return isinstance(value, msgpack.Timestamp)


def _count(body: Any) -> str:
    return f"{len(body)} values" if isinstance(body, tuple) else type(body).__name__
