"""Which classes have a schema: their names in payloads, versions, fields and migrations.

To raise the schema version of a type, after its class got other state:

1. where it is registered, raise `version` by one and change `fields` and `optional` to the new state. The names
   have to differ from those of the older versions: a pickle tells no version, its names do;
2. add a `Migration` under the number of the old version: the old fields, and a function from the old
   state to the new one. It is a plain `dict -> dict` function, names no domain class, and is never
   edited once released;
3. add an archive written by the last release that wrote the old version to the tests.

A class that was renamed or moved keeps its name in payloads; where pickles of it are about, `pickled_as`
gives the names that they call it by.
"""

from __future__ import annotations

import dataclasses
import importlib
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar, overload

from serialization._display import cut
from serialization.errors import RegistrationError, SchemaError, UnknownTypeError

C = TypeVar("C", bound=type)


@dataclasses.dataclass(frozen=True, slots=True)
class Migration:
    """How state of one schema version becomes state of the next.

    Parameters
    ----------
    fields
        The fields of the version that it reads.
    function
        Is given the state as a dict, with the stored results as a dict under `_derived`, and returns
        the state of the next version in the same form.
    optional
        Fields of the version that it reads that an object may lack.
    """

    fields: tuple[str, ...]
    function: Callable[[dict[str, Any]], dict[str, Any]]
    optional: tuple[str, ...] = ()

    def __repr__(self) -> str:
        function = getattr(self.function, "__name__", type(self.function).__name__)
        return cut(f"Migration({len(self.fields)} fields, {function})", 199)


@dataclasses.dataclass(slots=True, eq=False)
class Schema:
    """One registered type: its present schema version, and the migrations from the older ones."""

    name: str
    version: int
    fields: tuple[str, ...]
    optional: tuple[str, ...]
    target: str
    cls: type | None = None
    migrations: dict[int, Migration] = dataclasses.field(default_factory=dict)
    all_fields: tuple[str, ...] = ()
    count: int = 0
    has_flag: bool = False
    left_out: frozenset[str] = frozenset()  # keys of a pickled state that are not taken
    values_of: Callable[[Mapping[str, Any]], tuple[Any, ...]] = tuple  # the values of all fields, or KeyError

    def __post_init__(self) -> None:
        self.all_fields = self.fields + self.optional
        self.count = len(self.all_fields)
        self.has_flag = "_use_jax" in self.all_fields
        if len(self.all_fields) > 1:  # of fewer, `itemgetter` makes no tuple
            self.values_of = operator.itemgetter(*self.all_fields)
        else:
            self.values_of = lambda state: tuple(state[name] for name in self.all_fields)

    def resolve(self) -> type:
        """The class, imported at its first use."""
        if self.cls is None:
            module, _, qualname = self.target.partition(":")
            found: Any = importlib.import_module(module)
            for part in qualname.split("."):
                found = getattr(found, part)
            by_class[found] = self
            self.cls = found
            return found
        return self.cls

    @property
    def versions(self) -> list[int]:
        """The schema versions that are read, from the first one."""
        return sorted({*self.migrations, self.version})

    def fields_at(self, version: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The fields of one of the versions that are read, and those that an object of it may lack."""
        at = self.migrations.get(version, self)  # from the present version there is no migration
        return at.fields, at.optional

    def version_of(self, names: Collection[str], since: int = 1) -> int | None:
        """The version, from `since` on, whose fields these names are: the present one, or the only other one."""
        fitting = [version for version in self.versions if version >= since and self._fits(version, names)]
        return fitting[-1] if len(fitting) == 1 or self.version in fitting else None

    def _fits(self, version: int, names: Collection[str]) -> bool:
        fields, optional = self.fields_at(version)
        return set(fields) <= set(names) <= {*fields, *optional}

    def fields_of(self, state: Mapping[str, Any]) -> tuple[str, ...]:
        """The fields that an object has, in the order of the schema.

        Raises
        ------
        SchemaError
            If one is missing or not in the schema.
        """
        found = state.keys() - {"_derived"}
        check_fields(self.name, self.version, found, self.fields, self.optional)
        return tuple(name for name in self.all_fields if name in found)


def check_fields(
    name: str, version: int, found: Iterable[str], fields: tuple[str, ...], optional: tuple[str, ...]
) -> None:
    """Raise `SchemaError` unless `found` is all of `fields` and any of `optional`."""
    found = set(found)
    missing = [field for field in fields if field not in found]
    extra = sorted(found.difference(fields, optional))
    if missing or extra:
        parts = [f"no {', '.join(missing)}"] * bool(missing) + [f"also {', '.join(map(str, extra))}"] * bool(extra)
        also = f" and optionally {', '.join(optional)}" if optional else ""
        raise SchemaError(
            f"expected the fields of {name}, schema version {version} ({', '.join(fields) or 'none'}{also}), "
            f"found {' and '.join(parts)}"
        )


@dataclasses.dataclass(slots=True)
class Hooks:
    """What the codec needs to know about derived values, set by the module that knows the domain classes."""

    result_names: Callable[[type], frozenset[str]]
    derived_values: Callable[[], type[Any]]
    announce_jax: Callable[[type], None]


_by_name: dict[str, Schema] = {}
_by_target: dict[str, Schema] = {}
_by_former: dict[str, Schema] = {}  # by the names that classes had in pickles
by_class: dict[type, Schema] = {}  # those whose class is known
hooks: Hooks | None = None


def hooks_of() -> Hooks:
    """What the codec needs to know about derived values, which is set when the package is imported."""
    assert hooks is not None
    return hooks


def set_hooks(found: Hooks) -> None:
    """Set what the codec needs to know about derived values."""
    global hooks
    hooks = found


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
) -> Schema:
    """Register the class at `target` ("module:class") without importing it; `since` is its first schema version."""
    if name in _by_name:
        raise RegistrationError(
            f"{name}: expected a name that is free, found it registered for {_by_name[name].target}"
        )
    if target in _by_target:
        raise RegistrationError(
            f"{target}: expected a class that is free, found it registered as {_by_target[target].name}"
        )
    schema = Schema(name, version, tuple(fields), tuple(optional), target, migrations=dict(migrations or {}))
    schema.left_out = frozenset(left_out)
    former = tuple(pickled_as)
    names = schema.all_fields
    if len(set(names)) != len(names) or "_derived" in names or not all(isinstance(field, str) for field in names):
        raise RegistrationError(
            f"{name}: expected distinct fields without _derived, found {', '.join(map(str, names))}"
        )
    for old in former:
        if old in _by_former:
            raise RegistrationError(f"{old}: expected a name that is free, found it taken by {_by_former[old].name}")
    if version < since or sorted(schema.migrations) != list(range(since, version)):
        raise RegistrationError(
            f"{name}: expected a version of at least 1 and a migration from each older one, found version {version} "
            f"and migrations from {sorted(schema.migrations)}"
        )
    _by_name[name] = _by_target[target] = schema
    _by_former.update(dict.fromkeys(former, schema))
    return schema


@overload
def register(
    cls: C,
    *,
    name: str | None = None,
    version: int = 1,
    fields: Iterable[str] | None = None,
    optional: Iterable[str] = (),
    migrations: Mapping[int, Migration] | None = None,
    pickled_as: Iterable[str] = (),
    left_out: Iterable[str] = (),
) -> C: ...
@overload
def register(
    cls: None = None,
    *,
    name: str | None = None,
    version: int = 1,
    fields: Iterable[str] | None = None,
    optional: Iterable[str] = (),
    migrations: Mapping[int, Migration] | None = None,
    pickled_as: Iterable[str] = (),
    left_out: Iterable[str] = (),
) -> Callable[[C], C]: ...
def register(
    cls: Any = None,
    *,
    name: str | None = None,
    version: int = 1,
    fields: Iterable[str] | None = None,
    optional: Iterable[str] = (),
    migrations: Mapping[int, Migration] | None = None,
    pickled_as: Iterable[str] = (),
    left_out: Iterable[str] = (),
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

    Raises
    ------
    RegistrationError
        If the class or the name is registered already, or the class keeps state elsewhere.
    """
    if cls is None:
        return lambda decorated: register(
            decorated,
            name=name,
            version=version,
            fields=fields,
            optional=optional,
            migrations=migrations,
            pickled_as=pickled_as,
            left_out=left_out,
        )
    if not isinstance(cls, type):
        raise RegistrationError(f"expected a class, found {cls!r:.80}")
    target = f"{cls.__module__}:{cls.__qualname__}"
    slots = [slot for base in cls.__mro__ for slot in _slots(base)]
    if slots or not getattr(cls, "__dictoffset__", 0) or cls.__new__ is not object.__new__:
        found = f"slots {', '.join(slots)}" if slots else "another place, or a constructor __new__ of its own"
        raise RegistrationError(
            f"{target}: expected a class that keeps its state in its instance dictionary, found {found}"
        )
    if fields is None:
        if not dataclasses.is_dataclass(cls):
            raise RegistrationError(f"{target}: expected fields=[...], found none")
        fields = [field.name for field in dataclasses.fields(cls)]
    if cls in by_class:
        raise RegistrationError(f"{target}: expected a class that is free, found it registered as {by_class[cls].name}")
    name = name or f"{cls.__module__.partition('.')[0]}.{cls.__qualname__}"
    schema = declare(
        name,
        target,
        fields,
        version=version,
        optional=optional,
        migrations=migrations,
        pickled_as=pickled_as,
        left_out=left_out,
    )
    schema.cls = cls
    by_class[cls] = schema
    return cls


def _slots(cls: type) -> list[str]:
    slots = vars(cls).get("__slots__", ())
    return [slot for slot in ([slots] if isinstance(slots, str) else slots) if slot not in ("__dict__", "__weakref__")]


def schema_of(cls: type) -> Schema | None:
    """The schema of a class, or None if it is not registered."""
    schema = by_class.get(cls)
    if schema is None:
        schema = _by_target.get(f"{cls.__module__}:{cls.__qualname__}")
        if schema is None or schema.resolve() is not cls:
            return None
    return schema


def schema_named(name: str, written_by: str) -> Schema:
    """The schema of a type name in a payload.

    Raises
    ------
    UnknownTypeError
        If it is not registered.
    """
    schema = _by_name.get(name)
    if schema is None:
        raise UnknownTypeError(
            f"expected a registered type, found {name!r}, written by {written_by}; import the package that registers "
            "it, or register its class with serialization.register"
        )
    return schema


def find(name: str) -> Schema | None:
    """The schema of a type name, or None."""
    return _by_name.get(name)


def schema_pickled_as(target: str) -> Schema | None:
    """The schema of a class that a pickle names, as "module:class", or None."""
    return _by_former.get(target) or _by_target.get(target)


def names() -> list[str]:
    """The names of all registered types."""
    return sorted(_by_name)


def targets() -> list[str]:
    """All registered classes as "module:class", but for those of a script, which nobody else can import."""
    return sorted(target for target in _by_target if not target.startswith("__main__:"))
