"""Which classes have a schema, by their names in payloads and by the names that pickles call them.

How to raise the schema version of a type whose class got other state. A type that a user registers needs the first
two steps, a type of `autoarray` all of them. `tests/serialization/schema/test_recipe.py` has a test for each step,
under its name, that fails until the step is taken.

1. version: where the type is registered (for `autoarray`, its entry in `serialization/_schema/catalog/`), raise
   `version` by one and change `fields` and `optional` to the new state. The names of the fields have to differ from
   those of every older version: a pickle tells no version, its names do.
2. migration: beside it, add a `Migration` under the number of the old version. It has the old fields, and a function
   from the old state to the new one, named by the step that it makes (`_1_to_2_exponent`). The function is a plain
   `dict -> dict` function of one object's state. It names no domain class and looks into no other object, which may
   not have its state yet. It is never edited once it is released.
3. release: raise `__version__` in `autoarray/__init__.py` and `WRITER` in `serialization/_payload/wire.py`.
4. schemas: `python -m serialization._legacy.schema_page > docs/schemas.md`.
5. records: `python -m serialization._schema.json_schema docs/schemas`.
6. changelog: say in `CHANGELOG.md`, under the release, "`<type>`: schema version <version>", and what changed.
7. archive: `python tests/data/archives/make_own_payloads.py` writes `tests/data/archives/autoarray-portable-<release>`.
8. golden: the payloads of that folder pin the bytes of the release. They are made when its schemas are settled, and
   are never written again once it is out: they are what has to be read for ever.
9. released: `python tests/data/released/make_released.py` writes `tests/data/released/<release>`, what its users hold.

A class that was renamed or moved keeps its name in payloads. Where pickles of it are about, `pickled_as` gives the
names that they call it by. The recipe for the wire version is at the top of `serialization/_payload/wire.py`.
"""

# pyright: strict

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict, TypeVar, Unpack, overload

from serialization._autoarray import WHOLE, description, kind_of_autoarray
from serialization._schema.kinds import Kind
from serialization._schema.schema import Migration, Schema, by_class
from serialization.errors import RegistrationError, UnknownTypeError

C = TypeVar("C", bound=type)

# What a payload calls a root that is no object of a registered type.
RESERVED = frozenset(
    "nil bool int float str bytes tuple frozenset complex scalar array list dict set".split()  # noqa: SIM905
)
_by_name: dict[str, Schema] = {}
_by_target: dict[str, Schema] = {}
_by_former: dict[str, Schema] = {}  # by the names that classes had in pickles
_written_as: dict[type, type] = {}  # the classes whose objects are written as those of another
_declaring = threading.Lock()  # from the look at what is free to the entry


def declare(
    name: str,
    target: str,
    fields: Iterable[str],
    *,
    version: int = 1,
    optional: Iterable[str] = (),
    migrations: Mapping[int, Migration] | None = None,
    since: int = 1,
    pickled_as: Iterable[str] = (),
    left_out: Iterable[str] = (),
    kinds: Mapping[str, Kind] | None = None,
    cls: type | None = None,
    units: Mapping[str, str] | None = None,
    is_open: bool = False,
    cached: Iterable[str] = (),
    caches: Iterable[str] = (),
    renewed: Mapping[str, Callable[[type], Any]] | None = None,
    as_key: bool = False,
    sequence: bool = False,
    by_name: Iterable[str] = (),
    flag: str | None = None,
    plain: type | None = None,
) -> Schema:
    """Register the class at `target` ("module:class"), which is not imported; `since` is its first schema version.

    Raises
    ------
    RegistrationError
        If the name, the class or a name in old pickles is registered already, or the migrations leave a gap.
    """
    schema = Schema(
        name,
        version,
        tuple(fields),
        tuple(optional),
        target,
        cls,
        migrations=dict(migrations or {}),
        kinds=dict(kinds or {}),
        units=dict(units or {}),
        is_open=is_open,
        cached=frozenset(cached),
        caches=frozenset(caches),
        renewed=dict(renewed or {}),
        as_key=as_key,
        sequence=sequence,
        by_name=frozenset(by_name),
        flag=flag,
        plain=plain,
    )
    schema.left_out = frozenset(left_out)
    former = tuple(pickled_as)
    if name in RESERVED:
        raise _refusal("name", name, "what payloads call a plain value")
    names = list[object](schema.all_fields)
    if len(set(names)) != len(names) or "_derived" in names or not all(isinstance(field, str) for field in names):
        raise RegistrationError(
            f"{name}: expected distinct fields without _derived, found {', '.join(map(str, names))}"
        )
    if twice := sorted(set(schema.all_fields) & {*schema.cached, *schema.caches, *schema.renewed}):
        raise RegistrationError(f"{name}: expected fields that are no cached values, found {', '.join(twice)}")
    if flag is not None and ("_use_jax" not in schema.fields or flag in schema.all_fields):
        raise RegistrationError(f"{name}: expected the flag {flag} as the field _use_jax, found another field of it")
    if wrong := sorted(schema.by_name.difference(schema.all_fields)):
        raise RegistrationError(f"{name}: expected fields in by_name, found {', '.join(wrong)}")
    if sequence and "items" not in schema.fields:
        raise RegistrationError(f"{name}: expected a field items, as its objects are lists, found none")
    if version < since or sorted(schema.migrations) != list(range(since, version)):
        raise RegistrationError(
            f"{name}: expected a version of at least 1 and a migration from each older one, found version {version} "
            f"and migrations from {sorted(schema.migrations)}"
        )
    with _declaring:
        if name in _by_name:
            raise _refusal("name", name, f"registered for {_by_name[name].target}")
        if target in _by_target:
            raise _refusal("class", target, f"registered as {_by_target[target].name}")
        for old in (target, *former):  # what pickles call a class may mean one type only
            other = _by_former.get(old) or _by_target.get(old)
            if other is not None and (old not in former or old in _by_former or _is_installed(other)):
                raise _refusal("name", old, f"taken by {other.name}")
        _by_name[name] = _by_target[target] = schema
        _by_former.update(dict.fromkeys(former, schema))
    return schema


def _is_installed(schema: Schema) -> bool:
    """Whether the package of a type is there, which an entry point declared; else another class may stand for it."""
    package = schema.target.partition(":")[0].partition(".")[0]
    return package in sys.modules or importlib.util.find_spec(package) is not None


def _refusal(what: str, name: str, how: str) -> RegistrationError:
    return RegistrationError(f"{name}: expected a {what} that is free, found it {how}")


def withdraw(schemas: Iterable[Schema]) -> None:
    """Take back declarations of which no object was met."""
    with _declaring:
        for schema in schemas:
            _by_name.pop(schema.name, None)
            _by_target.pop(schema.target, None)
            for old in [old for old, other in _by_former.items() if other is schema]:
                del _by_former[old]


class _Versions(TypedDict, total=False):
    version: int
    optional: Iterable[str]
    migrations: Mapping[int, Migration] | None
    pickled_as: Iterable[str]
    left_out: Iterable[str]
    is_open: bool
    cached: Iterable[str]
    caches: Iterable[str]
    renewed: Mapping[str, Callable[[type], Any]] | None
    as_key: bool


class _Options(_Versions, total=False):
    name: str | None
    fields: Iterable[str] | None


@overload
def register(cls: C, **options: Unpack[_Options]) -> C: ...
@overload
def register(cls: None = None, **options: Unpack[_Options]) -> Callable[[C], C]: ...
def register(
    cls: object = None,
    *,
    name: str | None = None,
    version: int = 1,
    fields: Iterable[str] | None = None,
    optional: Iterable[str] = (),
    migrations: Mapping[int, Migration] | None = None,
    pickled_as: Iterable[str] = (),
    left_out: Iterable[str] = (),
    is_open: bool = False,
    cached: Iterable[str] = (),
    caches: Iterable[str] = (),
    renewed: Mapping[str, Callable[[type], Any]] | None = None,
    as_key: bool = False,
) -> Any:
    """Let objects of a class be written and read; a call, or a decorator of the class.

    Objects are restored by filling their instance dictionary, without calling the constructor. A
    process that reads them must have registered the class too.

    Parameters
    ----------
    cls
        The class. Its objects keep their state in the instance dictionary.
    name
        What payloads call it, for ever; by default its top package and its qualified name.
    version
        The schema version. How to raise it stands at the top of this module.
    fields
        The keys of the instance dictionary, `_derived` left out. By default the fields of a dataclass.
    optional
        Further keys that an object may lack.
    migrations
        From each older version a `Migration`.
    pickled_as
        What old pickles call the class, each as "module:class", where it was moved or renamed; what it is called now
        need not be named. `load_pickle` reads the pickled state of an object as that schema version whose fields it
        has, so each version needs others.
    left_out
        Keys of a pickled state that `load_pickle` leaves out, such as values that were cached on the object.
    is_open
        Whether objects may have further attributes, of any name that does not begin with two underscores. They are
        kept in the order in which the object has them.
    cached
        Attributes that an object may have once they were computed, and that are written with it as its results.
    caches
        Attributes that are not written: the object computes them again. What a `functools.cached_property` keeps is
        never written, but where `cached` names it.
    renewed
        Attributes that are not written, and that a restored object gets anew: by each name a function that is given
        the class. So numbers that tell the objects of one process apart stay distinct.
    as_key
        Whether a dict may have such objects as keys though the class has a `__hash__` of its own. That, and the
        class's `__eq__`, then run when the dict is read, on objects that have their state. Objects of a class that
        leaves hashing to Python may always be keys.

    Raises
    ------
    RegistrationError
        If the class or the name is registered already, or the class keeps state elsewhere.
    """
    options: _Versions = {
        "version": version,
        "optional": optional,
        "migrations": migrations,
        "pickled_as": pickled_as,
        "left_out": left_out,
        "is_open": is_open,
        "cached": cached,
        "caches": caches,
        "renewed": renewed,
        "as_key": as_key,
    }
    if cls is None:
        return functools.partial(register, name=name, fields=fields, **options)
    if not isinstance(cls, type):
        raise RegistrationError(f"expected a class, found {cls!r:.80}")
    target = f"{cls.__module__}:{cls.__qualname__}"
    slots = [slot for base in cls.__mro__ for slot in _slots(base)]
    if slots or not getattr(cls, "__dictoffset__", 0) or cls.__new__ is not object.__new__:
        place = f"slots {', '.join(slots)}" if slots else "another place, or a constructor __new__ of its own"
        raise RegistrationError(
            f"{target}: expected a class that keeps its state in its instance dictionary, found {place}"
        )
    if fields is None:
        if not dataclasses.is_dataclass(cls):
            raise RegistrationError(f"{target}: expected fields=[...], found none")
        fields = [field.name for field in dataclasses.fields(cls)]
    if cls in by_class:
        raise _refusal("class", target, f"registered as {by_class[cls].name}")
    name = name or f"{cls.__module__.partition('.')[0]}.{cls.__qualname__}"
    declare(name, target, fields, **options).adopt(cls)
    return cls


def _slots(cls: type) -> list[str]:
    slots = vars(cls).get("__slots__", ())
    return [slot for slot in ([slots] if isinstance(slots, str) else slots) if slot not in ("__dict__", "__weakref__")]


def schema_of(cls: type) -> Schema | None:
    """The schema of a class, or None if it is not registered."""
    schema = by_class.get(cls)
    if schema is None:
        cls = _written_as.get(cls, cls)
        target = f"{cls.__module__}:{cls.__qualname__}"
        schema = _by_target.get(target)
        if schema is None and _on_miss(target):
            schema = _by_target.get(target)
        if schema is None or schema.resolve() is not cls:
            return None
    return schema


def write_as(cls: type, other: type) -> None:
    """Have objects of a class, which stays as it is, written as those of another, and so read as such."""
    _written_as[cls] = other


def schema_named(name: str, written_by: str) -> Schema:
    """The schema of a type name in a payload.

    Raises
    ------
    UnknownTypeError
        If it is not registered.
    """
    schema = find(name)
    if schema is None and name.startswith("autoarray.") and kind_of_autoarray() != "own":
        raise UnknownTypeError(
            f"expected a type that {description()} has a class for, found {name!r}, written by {written_by}; open the "
            f"payload where {WHOLE} is installed"
        )
    if schema is None:
        raise UnknownTypeError(
            f"expected a registered type, found {name!r}, written by {written_by}; import the package that registers "
            f"it, or register its class with serialization.register{faults_of(name)}"
        )
    return schema


def find(name: str) -> Schema | None:
    """The schema of a type name, or None."""
    schema = _by_name.get(name)
    return _by_name.get(name) if schema is None and _on_miss(name) else schema


def schema_pickled_as(target: str) -> Schema | None:
    """The schema of a class that a pickle names, as "module:class", or None."""
    schema = _by_former.get(target) or _by_target.get(target)
    if schema is None and _on_miss(target):
        schema = _by_former.get(target) or _by_target.get(target)
    return schema


def _on_miss(name: str) -> bool:
    """Let installed packages declare their types, once; whether any that may have this name were declared now."""
    from serialization._schema import plugins

    return plugins.declare_types_of(name)


def faults_of(name: str) -> str:
    """What an error about an unknown type says of entry points that should have declared it, but failed."""
    from serialization._schema import plugins

    return plugins.faults_of(name)


def leave_out(unknown: Iterable[str]) -> None:
    """Take types out of the registry, whose classes are not there and were not looked for yet."""
    for name in unknown:
        del _by_target[_by_name.pop(name).target]


def move(name: str, target: str) -> None:
    """Look for the class of a type at another place, which its own may not have been looked for at yet."""
    schema = _by_name[name]
    del _by_target[schema.target]
    schema.target = target
    _by_target[target] = schema


def names() -> list[str]:
    """The names of all registered types."""
    return sorted(_by_name)


def targets() -> list[str]:
    """All registered classes as "module:class", but for those of a script, which nobody else can import."""
    return sorted(target for target in list(_by_target) if not target.startswith("__main__:"))
