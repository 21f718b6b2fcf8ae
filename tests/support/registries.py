"""The registry with other types than this release has, and as it was before."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from serialization._payload import codec
from serialization._payload._v1 import read as read_v1
from serialization._schema import catalog, registry
from serialization._schema.catalog.entry import Entry
from serialization._schema.schema import by_class

_PLANS = (codec._plans, read_v1._plans)
_TABLES = (registry._by_name, registry._by_target, registry._by_former, by_class)


@contextlib.contextmanager
def restored() -> Iterator[None]:
    """What is registered meanwhile is forgotten afterwards, with the plans that were made from it."""
    before = [dict(table) for table in _TABLES]
    types, plans = catalog.TYPES, [dict(each) for each in _PLANS]
    for each in _PLANS:
        each.clear()
    try:
        yield
    finally:
        catalog.TYPES = types
        for table, entries in zip((*_TABLES, *_PLANS), (*before, *plans), strict=True):
            table.clear()
            table.update(entries)


def declare_instead(*entries: Entry) -> None:
    """Register these types, and nothing else."""
    for table in (*_TABLES, *_PLANS):
        table.clear()
    catalog.TYPES = entries
    catalog.declare_all()
