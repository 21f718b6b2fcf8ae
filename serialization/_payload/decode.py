"""From a verified payload to its object graph.

All objects are made first, empty, so that a reference is the object itself as soon as it is read; then
each gets its state. Until every state was checked an object is of a stand-in class without any code, so that a payload
that is refused leaves no object of a registered class. No constructor runs, and no class outside the registry is
imported.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Sequence
from typing import Any

import msgpack
import numpy as np

from serialization._adapters import Adapter
from serialization._graph.backend import to_jax
from serialization._graph.move import move_to_jax
from serialization._graph.paths import path_in_body
from serialization._keys import check_hashes
from serialization._payload import rules, wire
from serialization._payload.containers import CONTAINERS, Container
from serialization._payload.header import Header, TypeRow
from serialization._payload.scalars import unpack_scalar
from serialization._schema import live, registry
from serialization._schema.check import Fitting, Row, check_kinds, find_misfit
from serialization._schema.keys import LateKeysError, fill_dicts
from serialization._schema.kinds import stand_in_of
from serialization._schema.restore import apply_migrations
from serialization._schema.schema import Schema, hooks_of
from serialization.errors import (
    CorruptError,
    NewerVersionError,
    SchemaError,
    SerializationError,
    UnknownCodeError,
    UnknownTypeError,
)


class _BadExtError(Exception):
    """Internal: an ext value that can't be decoded, which is then searched for its path."""

    def __init__(self, error: SerializationError, code: int, data: bytes) -> None:
        super().__init__(error)
        self.error, self.code, self.data = error, code, data


class Plan:
    """What the header of a payload says of its objects: the same for each payload of the same structure.

    Parameters
    ----------
    header
        The header.
    layout
        Where its arrays are; its `jax` says of each whether it was JAX's.
    """

    __slots__ = (
        "adapted",
        "classes",
        "finished",
        "fitting",
        "flagged",
        "forms",
        "header",
        "layout",
        "makers",
        "newest",
        "renewed",
    )

    def __init__(self, header: Header, layout: Any) -> None:
        self.header = header
        self.layout = layout
        self.forms: list[_Type | Container] = []  # for each object, how it gets its state
        self.makers: list[Callable[[], Any]] = []
        self.classes: list[tuple[int, type]] = []  # the numbers and classes of those that are no containers
        self.newest: list[int] = []  # where the records of newest schema versions are in the body
        self.fitting: Fitting = {}
        self.adapted: list[tuple[int, Adapter]] = []  # the numbers of those of another library
        self.flagged: list[int] = []  # the numbers of the objects that may have a flag of their backend
        self.finished: list[tuple[int, Schema]] = []  # of those that name classes, or a flag otherwise
        self.renewed: list[tuple[int, Schema]] = []  # of those that get attributes anew

    def rows(self) -> list[Row]:
        """The schema and the fields of each record of a newest schema version."""
        forms = [self.forms[index - 1] for index in self.newest]
        return [(form.schema, form.fields) for form in forms if isinstance(form, _Type)]

    def resolve(self, body: bytes) -> None:
        """Look up the types, and import their modules; only once, and not before the digest was verified."""
        if self.makers or not self.header.objects:
            return
        forms: dict[int, _Type | Container] = dict(CONTAINERS)
        for index, row in enumerate(self.header.types):
            try:
                forms[index] = _Type(row, self.header.written_by)
            except SerializationError as error:
                if index in self.header.objects:
                    error.path = _path_of_ext(self.header, body, wire.OBJECT, self.header.objects.index(index))
                raise
        self.forms = [forms[kind] for kind in self.header.objects]
        self.classes = [(index, form.cls) for index, form in enumerate(self.forms) if isinstance(form, _Type)]
        self.newest = [index + 1 for index, form in enumerate(self.forms) if isinstance(form, _Type) and form.newest]
        self.flagged = [index for index, form in enumerate(self.forms) if form.has_flag]
        types = [(index, form.schema) for index, form in enumerate(self.forms) if isinstance(form, _Type)]
        self.adapted = [(index, schema.adapter) for index, schema in types if schema.adapter is not None]
        self.renewed = [(index, schema) for index, schema in types if schema.renewed]
        self.finished = [
            (index, schema)
            for index, schema in types
            if schema.adapter is None and (schema.by_name or schema.flag is not None)
        ]
        self.makers = [form.make for form in self.forms]


def decode(plan: Plan, body: bytes, arrays: Sequence[np.ndarray], *, backend: str | None, shared: bool) -> Any:
    """The root of the graph of one payload.

    Parameters
    ----------
    plan
        What its header says.
    body
        The bytes of the packed body.
    arrays
        Its arrays, in NumPy.
    backend
        None: as it was written; "numpy" or "jax": moved there.
    shared
        Whether the memory of the arrays belongs to a file.
    """
    header = plan.header
    if len(header.objects) >= max(len(body), 1):
        raise CorruptError(f"body: expected {len(header.objects)} records, found {len(body)} bytes")
    plan.resolve(body)
    shells = [make() for make in plan.makers]
    values = unpack_body(plan, body, shells, _restore_arrays(plan, body, arrays, backend, shared))
    if header.wire > 1:
        rules.check_values(header, plan.layout.jax, values)
    late = _fill(plan, body, shells, values)
    for index, cls in plan.classes:
        shells[index].__class__ = cls
    for index, schema in plan.renewed:
        live.renew(schema, shells[index])
    if late:
        _fill_late(plan, body, shells, values, late)
    announce = hooks_of().announce_jax
    flagged = [shells[index] for index in plan.flagged]
    for shell in flagged:
        state = shell.__dict__
        if state.get("_use_jax"):
            if backend == "numpy":
                state["_use_jax"] = False
            else:
                announce(type(shell))
    root = values[0]
    moved = move_to_jax(root, flagged, announce, copy=shared) if backend == "jax" else root
    _finish(plan, body, shells, backend)
    return moved


def _finish(plan: Plan, body: bytes, shells: list[Any], backend: str | None) -> None:
    """Give the objects of other libraries the state that they keep."""
    index = 0
    try:
        for index, schema in plan.finished:
            live.finish(schema, shells[index], backend)
        for index, adapter in plan.adapted:
            adapter.make(shells[index])
    except SerializationError as error:
        error.path = _path_of_ext(plan.header, body, wire.OBJECT, index)
        raise


def _restore_arrays(plan: Plan, body: bytes, arrays: Sequence[Any], backend: str | None, shared: bool) -> Sequence[Any]:
    if backend == "numpy" or True not in plan.layout.jax:
        return arrays
    out = list(arrays)
    for index, jax in enumerate(plan.layout.jax):
        if jax:
            try:
                out[index] = to_jax(arrays[index], copy=shared)
            except SerializationError as error:
                error.path = _path_of_ext(plan.header, body, wire.ARRAY, index)
                raise
    return out


def unpack_body(plan: Plan, body: bytes, shells: list[Any], arrays: Sequence[Any]) -> tuple[Any, ...]:
    """The root and the record of each object, in which `shells` and `arrays` stand for what they refer to."""
    tables = {wire.OBJECT: _table_of(shells), wire.ARRAY: _table_of(arrays)}
    met: dict[int, list[bytes]] = {wire.OBJECT: [], wire.ARRAY: []}  # the references, as they come in the body
    strict = plan.header.wire > 1

    def hook(code: int, data: bytes) -> Any:
        if code > wire.ARRAY:
            return _value(code, data, strict)
        try:
            value = tables[code][data]
        except KeyError:
            raise _BadExtError(_bad_reference(code, data, tables), code, data) from None
        met[code].append(data)
        return value

    try:
        values = wire.unpack(body, hook, "body")
    except _BadExtError as bad:
        ext = wire.ext_of(bad.code, bad.data)
        bad.error.path = _path(plan.header, body, lambda value: value == ext)
        raise bad.error from None
    # Code -1 is msgpack's own, and never gets to the hook.
    if wire.has_timestamp(body):
        error = _unknown_code(-1)
        error.path = _path(plan.header, body, lambda value: isinstance(value, msgpack.Timestamp))
        raise error
    if type(values) is not tuple or len(values) != len(shells) + 1:
        other = f"{len(values)} values" if type(values) is tuple else type(values).__name__
        raise CorruptError(f"body: expected a root and {len(shells)} records, found {other}")
    if strict:
        rules.check_numbering("objects", met[wire.OBJECT], tables[wire.OBJECT])
        rules.check_numbering("arrays", met[wire.ARRAY], tables[wire.ARRAY])
        rules.check_floats(body)
    return values


def _fill(plan: Plan, body: bytes, shells: list[Any], values: tuple[Any, ...]) -> list[int]:
    """Give each object its state; the numbers of the dicts that have to wait until all have it."""
    shell: Any = None
    late: list[int] = []
    strict = plan.header.wire > 1
    try:
        for index, (form, shell, record) in enumerate(zip(plan.forms, shells, values[1:], strict=True)):
            if type(record) is not tuple:
                raise CorruptError(f"expected a record, found {type(record).__name__}")
            if form.simple == len(record):
                shell.__dict__.update(zip(form.fields, record, strict=False))
            else:
                if form.fill(shell, record):
                    late.append(index)
                if strict and form.keys is not None:
                    rules.check_distinct(record[form.keys])
        misfit = find_misfit(plan.rows, [values[index] for index in plan.newest], plan.fitting)
        if misfit is not None:
            index, error = misfit
            shell = shells[plan.newest[index] - 1]
            raise error
    except (SerializationError, TypeError, ValueError, OverflowError) as error:
        # An unhashable key, a key without a value, or dates whose units can't be compared.
        if not isinstance(error, SerializationError):
            error = CorruptError(f"expected keys and elements that can be hashed, found {error}")
        if error.path is None:
            index = [other is shell for other in shells].index(True)
            error.path = _path_of_ext(plan.header, body, wire.OBJECT, index)
        raise error from None
    return late


def _fill_late(plan: Plan, body: bytes, shells: list[Any], values: tuple[Any, ...], late: list[int]) -> None:
    """Fill the dicts whose keys are hashed by their classes, those further down first."""
    try:
        fill_dicts([(shells[index], values[index + 1][::2], values[index + 1][1::2]) for index in reversed(late)])
    except LateKeysError as refused:
        error = refused.error
        index = [other is refused.table for other in shells].index(True)
        error.path = _path_of_ext(plan.header, body, wire.OBJECT, index)
        for number, cls in plan.classes:  # nobody gets them
            stand_in = stand_in_of(cls)
            if stand_in is not None:
                shells[number].__class__ = stand_in
        raise error from None


def _path_of_ext(header: Header, body: bytes, code: int, index: int) -> str | None:
    return _path(
        header,
        body,
        lambda value: (
            type(value) is msgpack.ExtType and value.code == code and int.from_bytes(value.data, "big") == index
        ),
    )


def _path(header: Header, body: bytes, match: Callable[[Any], bool]) -> str | None:
    try:
        values = wire.unpack(body, wire.ext_of, "body")
    except SerializationError:
        return None
    names = [row.fields + row.results for row in header.types]
    return path_in_body(values, header.objects, names, match, wire.OBJECT)


class _Type:
    """How the records of one row of the header's types become objects."""

    keys = None
    __slots__ = ("_results", "_row", "cls", "fields", "has_flag", "make", "newest", "schema", "simple")

    def __init__(self, row: TypeRow, written_by: str) -> None:
        schema = registry.schema_named(row.name, written_by)
        if row.version > schema.version:
            raise NewerVersionError(
                f"expected schema version 1 to {schema.version} of {row.name}, found {row.version}"
                + wire.next_step(written_by)
            )
        if row.version not in schema.versions:
            raise SchemaError(f"expected a migration of {row.name} from schema version {row.version}, found none")
        schema.check_fields(row.fields, row.version)
        try:
            self.cls = schema.resolve()
        except (ImportError, AttributeError) as error:
            raise UnknownTypeError(f"expected the class of {row.name} at {schema.target}, found {error}") from None
        self.schema = schema
        self._row = row
        self._results = row.results
        self.fields = row.fields
        self.has_flag = schema.has_flag
        self.newest = newest = row.version == schema.version
        if newest:
            schema.check_results(row.results)
        # The length of a record that needs no more than its fields filled in, or -1.
        self.simple = len(row.fields) if newest and not row.results and not schema.sequence else -1
        make = list.__new__ if issubclass(self.cls, list) else object.__new__
        self.make = stand_in_of(self.cls) or functools.partial(make, self.cls)

    def fill(self, shell: object, record: tuple[Any, ...]) -> None:
        """Give an object its state, with stored results or of an older schema."""
        count = len(self.fields)
        if len(record) != count + len(self._results):
            raise CorruptError(
                f"expected a record of {count} fields and {len(self._results)} results, found {len(record)} values"
            )
        results = dict(zip(self._results, record[count:], strict=True))
        if self._row.version == self.schema.version:
            state = dict(zip(self.fields, record, strict=False))
        else:
            old = dict(zip(self.fields, record, strict=False))
            try:
                state, results = apply_migrations(self.schema, self._row.version, old, results)
            except (AttributeError, LookupError, ArithmeticError, TypeError, ValueError) as error:
                raise SchemaError(
                    f"expected the state of {self.schema.name}, schema version {self._row.version}, found one that its "
                    f"migration refuses: {error!r:.200}"
                ) from error
            self.schema.check_results(results)
            check_kinds(self.schema, state, state.values())
        live.give(self.schema, shell, state, results)


_NUMBERS = [index.to_bytes(1, "big") for index in range(256)]


def _table_of(values: Sequence[Any]) -> dict[bytes, Any]:
    """Values by the bytes that refer to them."""
    table = dict(zip(_NUMBERS, values, strict=False))
    for index in range(256, len(values)):
        table[wire.bytes_of_reference(index)] = values[index]
    return table


def _value(code: int, data: bytes, strict: bool) -> Any:
    """The value of an ext that is no reference; `strict` holds it to wire version 2."""
    try:
        if code == wire.SCALAR:
            return unpack_scalar(data, any_order=not strict)
        if code == wire.COMPLEX:
            return complex(*struct.unpack(">dd", data))
        if code == wire.BIG_INT:
            number = int.from_bytes(data, "big", signed=True)
            if -(2**63) <= number < 2**64 or len(data) != wire.bytes_of_int(number):
                raise ValueError(len(data))
            return number
        if code == wire.FROZENSET:
            items = wire.unpack(data, functools.partial(_element, strict=strict), "frozenset")
            if wire.has_timestamp(data):
                raise _BadExtError(_unknown_code(-1), code, data)
            if type(items) is tuple:
                check_hashes(items)
                if strict:
                    rules.check_distinct(items)
                    rules.check_floats(data)
            elements = frozenset(items)
            if type(items) is not tuple or len(elements) != len(items):
                raise ValueError(items)
            return elements
    except _BadExtError as bad:  # inside a frozenset, which has the path
        raise _BadExtError(bad.error, code, data) from None
    except (SerializationError, ValueError, TypeError, OverflowError, struct.error):
        error = CorruptError(f"expected a value of ext code {code}, found {data[:24].hex(' ') or 'no bytes'}")
        raise _BadExtError(error, code, data) from None
    raise _BadExtError(_unknown_code(code), code, data)


def _element(code: int, data: bytes, *, strict: bool) -> Any:
    """An ext inside a frozenset, where no reference and no other frozenset may be."""
    if code in (wire.OBJECT, wire.ARRAY, wire.FROZENSET):
        raise ValueError(code)
    return _value(code, data, strict)


def _unknown_code(code: int) -> UnknownCodeError:
    return UnknownCodeError(f"expected ext codes 1 to 6, found code {code}")


def _bad_reference(code: int, data: bytes, tables: dict[int, dict[bytes, Any]]) -> SerializationError:
    if code not in tables:
        return _unknown_code(code)
    what = "object" if code == wire.OBJECT else "array"
    reference = data.hex() or "to none"
    return CorruptError(f"expected {what} 0 to {len(tables[code]) - 1}, found the reference {reference}")
