"""The released migrations of the types of `autoarray`: for each type name, a `Migration` from each older version.

A function in this module is frozen once a release has shipped it. It is a plain `dict -> dict` function of
one object's state, which holds the stored results under `_derived`; it must not look inside other objects,
which may not have their state yet. The recipe for a new schema version is at the top of `_registry`.
"""

from __future__ import annotations

from collections.abc import Mapping

from serialization._registry import Migration

# Every type is at schema version 1, the first that was released.
MIGRATIONS: Mapping[str, Mapping[int, Migration]] = {}
