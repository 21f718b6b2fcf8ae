"""One row of the catalogue, and what the migrations of several rows share."""

# pyright: strict

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from serialization._schema import registry
from serialization._schema.catalog.fields import kinds_of, units_of
from serialization._schema.schema import Migration

State = dict[str, Any]
Versions = dict[int, Migration]
Step = Callable[[State], State]


@dataclass(frozen=True, slots=True)
class Entry:
    """The registration of a type of `autoarray`.

    Parameters
    ----------
    name
        What payloads call it, for ever.
    target
        Where its class is now, as "module:class".
    fields
        The fields of the schema version that is written.
    version
        That version.
    migrations
        From each older version a `Migration`.
    since
        Its first version: a type that came with a later state of the meshes has the number of that state.
    optional
        Fields that an object may lack.
    """

    name: str
    target: str
    fields: tuple[str, ...]
    version: int = 1
    migrations: Mapping[int, Migration] = field(default_factory=dict[int, Migration])
    since: int = 1
    optional: tuple[str, ...] = ()

    def declare(self) -> None:
        """Register the type, without importing its class."""
        registry.declare(
            self.name,
            self.target,
            self.fields,
            version=self.version,
            optional=self.optional,
            migrations=self.migrations,
            since=self.since,
            kinds=kinds_of(self.name, self.fields),
            units=units_of(self.name, self.fields),
        )


def keep(state: State) -> State:
    """The step between two versions that have the same state."""
    return state


def steps_of(fields: Iterable[str], steps: Mapping[int, Step]) -> Versions:
    """Migrations from versions that have the same fields: `steps` has the step from each version to the next."""
    return {version: Migration(tuple(fields), step) for version, step in steps.items()}
