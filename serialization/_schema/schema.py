"""The schema of one type: its versions, its fields, and the migrations from the older ones.

A schema learns the class of its type when it is first needed. What it has to know about classes beyond their names it
asks `hooks_of()`.
"""

# pyright: strict

from __future__ import annotations

import dataclasses
import importlib
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from serialization import _adapters
from serialization._adapters import Adapter
from serialization._display import cut
from serialization._schema.kinds import BOOL, Kind
from serialization.errors import SchemaError


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
    """One registered type: the schema version that is written, and the migrations from the older ones."""

    name: str
    version: int
    fields: tuple[str, ...]
    optional: tuple[str, ...]
    target: str
    cls: type | None = None
    migrations: dict[int, Migration] = dataclasses.field(default_factory=dict[int, Migration])
    all_fields: tuple[str, ...] = ()
    count: int = 0
    has_flag: bool = False
    left_out: frozenset[str] = frozenset()  # keys of a pickled state that are not taken
    is_open: bool = False  # whether objects have further fields, of any name
    cached: frozenset[str] = frozenset()  # keys of the instance dictionary that are stored results
    caches: frozenset[str] = frozenset()  # keys of the instance dictionary that are not written
    renewed: dict[str, Callable[[type], Any]] = dataclasses.field(default_factory=dict[str, Callable[[type], Any]])
    as_key: bool = False  # whether objects are keys of dicts by the hash of their class
    sequence: bool = False  # whether objects are lists, whose items are the field `items`
    by_name: frozenset[str] = frozenset()  # fields that may hold a registered class, or the module of a backend
    flag: str | None = None  # the attribute that is the field `_use_jax`, where it has another name
    plain: type | None = None  # the type of plain values that objects are written as, and read as
    installed: bool = False  # whether an entry point of a package declared it
    loose: bool = False  # whether the instance dictionary holds more, or less, than the fields
    values_of: Callable[[Mapping[str, Any]], tuple[Any, ...]] = tuple  # the values of all fields, or KeyError
    kinds: dict[str, Kind] = dataclasses.field(default_factory=dict[str, Kind])  # of some fields, in the newest version
    units: dict[str, str] = dataclasses.field(default_factory=dict[str, str])  # of the fields that have one for certain
    adapter: Adapter | None = None  # of a class of another library, once it is known

    def __post_init__(self) -> None:
        self.all_fields = self.fields + self.optional
        self.count = len(self.all_fields)
        self.has_flag = "_use_jax" in self.all_fields
        self.loose = bool(self.is_open or self.cached or self.caches or self.renewed or self.sequence)
        self.loose = self.loose or bool(self.by_name) or self.flag is not None
        if self.has_flag:
            self.kinds = {"_use_jax": BOOL, **self.kinds}
        if len(self.all_fields) > 1:  # of fewer, `itemgetter` makes no tuple
            self.values_of = operator.itemgetter(*self.all_fields)
        else:
            self.values_of = lambda state: tuple(state[name] for name in self.all_fields)

    def resolve(self) -> type:
        """The class, imported at its first use."""
        if self.cls is None:
            module, _, qualname = self.target.partition(":")
            cls: Any = importlib.import_module(module)
            for part in qualname.split("."):
                cls = getattr(cls, part)
            self.adopt(cls)
            return cls
        return self.cls

    def adopt(self, cls: type) -> None:
        """Take a class for that of the type."""
        self.leave_out_cached(cls)
        self.adapter = hooks_of().adapter_of(self, cls)
        self.cls = cls
        if self.plain is None:  # others become plain values, and never objects of a record
            self.take(cls)

    def take(self, cls: type) -> None:
        """Let objects of a class be those of the type too."""
        if self.adapter is not None:
            _adapters.adapters[cls] = self.adapter
        by_class[cls] = self

    def leave_out_cached(self, cls: type) -> None:
        """Take what `cls` caches in the instance dictionary, under the name of a cached property, for no state."""
        names = cached_names(cls) - self.cached - set(self.all_fields)
        if names:
            self.caches, self.loose = self.caches | names, True

    @property
    def not_taken(self) -> frozenset[str]:
        """The keys of a pickled state that another release wrote that are no fields."""
        return self.left_out | self.caches | self.cached | self.renewed.keys()

    @property
    def versions(self) -> list[int]:
        """The schema versions that are read, from the first one."""
        return sorted({*self.migrations, self.version})

    def fields_at(self, version: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The fields of one of the versions that are read, and those that an object of it may lack."""
        at = self.migrations.get(version, self)  # from the newest version there is no migration
        return at.fields, at.optional

    def version_of(self, names: Collection[str], since: int = 1) -> int | None:
        """The version, from `since` on, whose fields these names are: the newest one, or the only other one."""
        fitting = [version for version in self.versions if version >= since and self.has_fields(version, names)]
        return fitting[-1] if len(fitting) == 1 or self.version in fitting else None

    def has_fields(self, version: int, names: Collection[str]) -> bool:
        """Whether names are those of the fields of a version."""
        fields, optional = self.fields_at(version)
        extra = set(names).difference(fields, optional)
        return set(fields) <= set(names) and (not extra or self._takes(extra))

    def is_marked(self, name: str) -> bool:
        """Whether a key of the instance dictionary is a mark that a model left there."""
        return name in MARKS and name not in self.all_fields and (self.installed or self.name.startswith("autoarray."))

    def _takes(self, extra: Iterable[str]) -> bool:
        """Whether objects may have further fields of these names."""
        taken = {*self.cached, *self.caches, *self.renewed}
        return self.is_open and all(
            type(name) is str and not (name.startswith("__") or name in taken or name == "_derived") for name in extra
        )

    def fields_of(self, state: Mapping[str, Any]) -> tuple[str, ...]:
        """The fields that an object has, in the order of the schema.

        Raises
        ------
        SchemaError
            If one is missing or not in the schema.
        """
        names = [name for name in state if name != "_derived" and (name not in MARKS or not self.is_marked(name))]
        self.check_fields(names)
        fields = tuple(name for name in self.all_fields if name in state)
        if len(fields) == len(names):
            return fields
        return fields + tuple(name for name in names if name not in fields)  # of an open type

    def check_fields(self, names: Iterable[str], version: int | None = None) -> None:
        """Raise `SchemaError` unless `names` are the fields of a version, by default of the newest."""
        version = self.version if version is None else version
        fields, optional = self.fields_at(version)
        names = set(names)
        missing = [field for field in fields if field not in names]
        extra = sorted(names.difference(fields, optional), key=str)
        if missing or (extra and not self._takes(extra)):
            also = f" and optionally {', '.join(optional)}" if optional else ""
            raise SchemaError(
                f"expected the fields of {self.name}, schema version {version} ({', '.join(fields) or 'none'}{also}), "
                f"found {difference_text(missing, extra)}"
            )

    def check_results(self, names: Collection[str]) -> None:
        """Raise `SchemaError` unless the class declares results of all these names."""
        if names and (unknown := sorted(set(names) - self.result_names)):
            raise SchemaError(f"expected results that {self.name} declares, found {', '.join(unknown)}")

    @property
    def result_names(self) -> frozenset[str]:
        """The names of the results that objects of the class can have stored."""
        cls = self.resolve()
        return (hooks_of().result_names(cls) if self.adapter is None else self.adapter.results) | self.cached


# What `autofit` sets on each object that it makes of a model, or takes into one: a number, a label and a place, which
# tell the parts of that model apart, and an argument of meshes that they don't keep. They are no state.
MARKS = frozenset({"id", "label", "item_number", "respect_small_datasets"})


def cached_names(cls: type) -> frozenset[str]:
    """The names under which objects of a class keep what a property computed once, in their instance dictionary.

    Such properties are `functools.cached_property`, and those of other packages that are called so.
    """
    return frozenset(
        name
        for base in cls.__mro__
        for name, value in vars(base).copy().items()
        if type(value).__name__ in ("cached_property", "CachedProperty") and getattr(cls, name, None) is value
    )


def difference_text(missing: Iterable[str], extra: Iterable[str]) -> str:
    """What a message says of names that are missing, and of names that should not be there."""
    parts = {"no": ", ".join(missing), "also": ", ".join(map(str, extra))}
    return " and ".join(f"{word} {names}" for word, names in parts.items() if names)


# The path of a file that an object was read from, its size in bytes, and its time of change in ns.
Source = tuple[str, int, int]


@dataclasses.dataclass(slots=True)
class Hooks:
    """What the codec needs to know about domain objects, set by the module that knows their classes."""

    result_names: Callable[[type], frozenset[str]]
    derived_values: Callable[[], type[Any]]
    announce_jax: Callable[[type], None]
    source_of: Callable[[object], Source | None]
    prepare: Callable[[object], None]
    adapter_of: Callable[[Schema, type], Adapter | None] = lambda schema, cls: None


by_class: dict[type, Schema] = {}  # the schemas whose class is known
_hooks: Hooks | None = None


def hooks_of() -> Hooks:
    """What the codec needs to know about domain objects, which is set when the package is imported."""
    assert _hooks is not None
    return _hooks


def set_hooks(hooks: Hooks) -> None:
    """Set what the codec needs to know about domain objects."""
    global _hooks
    _hooks = hooks
