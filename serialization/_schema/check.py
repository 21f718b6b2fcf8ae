"""The kinds of all values of a graph, checked at once."""

# pyright: strict

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from serialization._schema.kinds import misfit
from serialization._schema.schema import Schema
from serialization.errors import SchemaError

Row = tuple[Schema, tuple[str, ...]]  # a schema, and the names of the first values in a record
Fitting = dict[tuple[type, ...], list[tuple[int, tuple[int, ...]]]]


def check_kinds(schema: Schema, names: Iterable[str], values: Iterable[Any]) -> None:
    """Raise `SchemaError` unless each value is of the kind that its field has in the newest version of a type."""
    for name, value in zip(names, values, strict=False):
        kind = schema.kinds.get(name)
        if kind is not None and not kind.fits(value):
            raise misfit(schema.name, name, kind, value)


def find_misfit(
    rows: Callable[[], Sequence[Row]], records: Sequence[Sequence[Any]], fitting: Fitting
) -> tuple[int, SchemaError] | None:
    """The number and the error of the first record with a value that is not of the kind of its field, or None.

    `fitting` keeps which types the values of such records may have together, and where arrays of which dimensions are
    among them: graphs of one structure differ in their numbers, and the types of all their values are told at once.
    """
    values = tuple(itertools.chain.from_iterable(records))
    types = tuple(map(type, values))
    shaped = fitting.get(types)
    if shaped is not None:
        for place, dimensions in shaped:
            if values[place].ndim not in dimensions:
                break
        else:
            return None
    shaped, first = list[tuple[int, tuple[int, ...]]](), 0
    for index, ((schema, names), record) in enumerate(zip(rows(), records, strict=True)):
        try:
            check_kinds(schema, names, record)
        except SchemaError as error:
            return index, error
        for place, name in enumerate(names, first):
            kind = schema.kinds.get(name)
            if kind is not None and kind.dimensions:
                shaped.append((place, kind.dimensions))
        first += len(record)
    if len(fitting) < _MOST_KEPT and len(types) <= _LARGEST_KEPT:
        fitting[types] = shaped
    return None


def fitting_of(structure: Hashable, size: int) -> Fitting:
    """What is kept for graphs of one structure and `size` objects, by a structure that tells their rows."""
    fitting = _fitting.get(structure)
    if fitting is None:
        fitting = Fitting()
        if size <= _LARGEST_KEPT:
            if len(_fitting) >= _MOST_STRUCTURES:
                _fitting.clear()
            _fitting[structure] = fitting
    return fitting


_MOST_STRUCTURES, _MOST_KEPT, _LARGEST_KEPT = 128, 16, 2**12
_fitting: dict[Hashable, Fitting] = {}
