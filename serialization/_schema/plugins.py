"""The types that installed packages declare by entry points of the group `serialization.types`.

The name of an entry point is the package whose classes it declares. Its value is a table of `TypeEntry`, or a function
without arguments that returns one. It is loaded when the codec first meets a class, or the name of a type, of that
package which it does not know, and never again. What it imports is code of an installed package, as trusted as any
other import: bytes can name a type, but which module is asked for it is decided by what is installed.
"""

# pyright: strict

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from serialization._display import cut
from serialization._schema import registry
from serialization._schema.schema import Schema
from serialization._schema.type_entry import TypeEntry
from serialization.errors import RegistrationError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "serialization.types"

_looked = frozenset[str]()  # the packages whose entry points were loaded, replaced as a whole
_faults: dict[str, list[str]] = {}
_entry_points: dict[str, list[EntryPoint]] | None = None
_loading = threading.RLock()  # one thread may come back here, from what an entry point imports


def declare_types_of(name: str) -> bool:
    """Load the entry points of the package that a class, or the name of a type, belongs to.

    Parameters
    ----------
    name
        The name of a type, or a class as "module:class".

    Returns
    -------
    bool
        Whether the package has any; if so, and only then, what was not registered before may be now.
    """
    package = name.partition(":")[0].partition(".")[0]
    if package in _looked:
        return package in (_entry_points or {})
    return _look(package)


def _look(package: str) -> bool:
    global _looked
    with _loading:
        found = _installed().get(package, [])
        if package not in _looked and found and package not in _under_way:
            _under_way.add(package)
            try:
                for entry_point in found:
                    _declare(package, entry_point)
            finally:
                _under_way.discard(package)
        if package not in _under_way:
            _looked = _looked | {package}
        return bool(found)


_under_way: set[str] = set()


def _installed() -> dict[str, list[EntryPoint]]:
    """The entry points of the group by their names, as they were when the first was asked for."""
    global _entry_points
    if _entry_points is None:
        from importlib.metadata import entry_points

        found: dict[str, list[EntryPoint]] = {}
        for entry_point in sorted(set(entry_points(group=GROUP)), key=lambda one: (one.name, one.value)):
            found.setdefault(entry_point.name, []).append(entry_point)
        _entry_points = found
    return _entry_points


def _declare(package: str, entry_point: EntryPoint) -> None:
    """Declare all types of an entry point, or none."""
    declared: list[Schema] = []
    try:
        table: Any = entry_point.load()
        if callable(table):
            table = table()
        for entry in cast("Iterable[object]", table):
            schema = _checked(package, entry).declare()
            schema.installed = True
            declared.append(schema)
    except Exception as error:  # whatever the package does wrong, other types can be read
        registry.withdraw(declared)
        name = entry_point.dist.name if entry_point.dist is not None else "an unknown distribution"
        _faults.setdefault(package, []).append(
            cut(f"{entry_point.name} = {entry_point.value} of {name}: {type(error).__name__}: {error}", 500)
        )


def _checked(package: str, entry: object) -> TypeEntry:
    if not isinstance(entry, TypeEntry):
        raise RegistrationError(f"expected entries of the class serialization.TypeEntry, found {entry!r:.80}")
    module = entry.target.partition(":")[0]
    if not entry.name.startswith(f"{package}.") or module.partition(".")[0] != package:
        raise RegistrationError(
            f"expected names and classes of the package {package}, found {entry.name} for {entry.target}"
        )
    return entry


def faults_of(name: str) -> str:
    """The end of a message about an unknown type: which entry points of its package failed, and how."""
    faults = _faults.get(name.partition(":")[0].partition(".")[0], [])
    if not faults:
        return ""
    return f"; of the entry points {GROUP} there failed {'; '.join(faults)}"
