"""How a package declares a type without importing its class."""

# pyright: strict

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from serialization._schema.kinds import Kind
from serialization._schema.registry import declare
from serialization._schema.schema import Migration, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeEntry:
    """The declaration of a type by the place of its class, for an entry point of the group `serialization.types`.

    The arguments are those of `register`, but that the class is named and not there.

    Parameters
    ----------
    name
        What payloads call it, for ever. It begins with the name of the entry point and a dot.
    target
        Where its class is, as "module:class". It is imported when an object of the class is read, not before.
    fields
        The attributes that each object has.
    sequence
        Whether the class is a subclass of `list`. Then its field `items` holds the items.

    by_name
        Fields that may hold a class that is registered, or the module `numpy` or `jax.numpy`. They are written as
        text, and read from nothing else.
    flag
        The attribute that says whether an object computes with JAX, where it is not called `_use_jax`. It is the field
        `_use_jax`, and so follows the backend that a graph is moved to.
    plain
        `float`, `int` or `str`, of a subclass that adds nothing to the value: such objects are written, and so read, as
        plain values.
    units, kinds
        What fields are measured in, and what they may hold.
    version, optional, migrations, since, pickled_as, left_out, is_open, cached, caches, renewed, as_key
        As for `serialization.register`; `since` is the first version there is.
    """

    name: str
    target: str
    fields: Iterable[str] = ()
    version: int = 1
    optional: Iterable[str] = ()
    migrations: Mapping[int, Migration] = field(default_factory=dict[int, Migration])
    since: int = 1
    pickled_as: Iterable[str] = ()
    left_out: Iterable[str] = ()
    is_open: bool = False
    cached: Iterable[str] = ()
    caches: Iterable[str] = ()
    renewed: Mapping[str, Callable[[type], Any]] = field(default_factory=dict[str, "Callable[[type], Any]"])
    as_key: bool = False
    sequence: bool = False
    by_name: Iterable[str] = ()
    flag: str | None = None
    plain: type | None = None
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    kinds: Mapping[str, Kind] = field(default_factory=dict[str, Kind], repr=False)

    def declare(self) -> Schema:
        """Register the type, without importing its class.

        Raises
        ------
        RegistrationError
            If the name or the class is registered already.
        """
        return declare(
            self.name,
            self.target,
            self.fields,
            version=self.version,
            optional=self.optional,
            migrations=self.migrations,
            since=self.since,
            pickled_as=self.pickled_as,
            left_out=self.left_out,
            kinds=self.kinds,
            units=self.units,
            is_open=self.is_open,
            cached=self.cached,
            caches=self.caches,
            renewed=self.renewed,
            as_key=self.as_key,
            sequence=self.sequence,
            by_name=self.by_name,
            flag=self.flag,
            plain=self.plain,
        )
