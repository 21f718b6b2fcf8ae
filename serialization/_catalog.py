"""The types of `autoarray` that payloads hold. No other module of this package names them.

The list is the compatibility matrix: a name that payloads use for ever, where its class is now, its
schema version, and the fields of that version. The recipe for raising a version is at the top of
`_registry`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from serialization import _registry

TYPES: tuple[dict[str, Any], ...] = ()


def declare_all(migrations: Mapping[str, Mapping[int, _registry.Migration]]) -> None:
    """Register every type, without importing one."""
    for entry in TYPES:
        _registry.declare(**entry, migrations=migrations.get(entry["name"]))
    _registry.set_hooks(_registry.Hooks(_result_names, _make_derived, _announce_jax))


@functools.cache
def _result_names(cls: type) -> frozenset[str]:
    from autoarray._state import derived_names

    return derived_names(cls, travels=True)


def _make_derived(results: dict[str, Any]) -> Any:
    from autoarray._state import DerivedValues

    values = DerivedValues()
    values.results.update(results)
    return values


def _announce_jax(cls: type) -> None:
    # Its objects may be handed to a jitted function before they compute anything themselves.
    from autoarray import _pytree

    _pytree.register(cls)
