"""Tells the codec about PyAutoArray, or that there is no `autoarray` at all."""

from __future__ import annotations

from serialization._autoarray import PEER, kind_of_autoarray, release_of_peer
from serialization._payload import wire
from serialization._peer import special
from serialization._peer.adapter import Results, adapter_of
from serialization._peer.rules import RULES
from serialization._schema import registry
from serialization._schema.schema import Hooks, Schema, set_hooks

# A fit of PyAutoArray is abstract, unlike that of this project.
_OPERATOR = "autoarray.ImagingSparseOperator"
_FIT, _FIT_CLASS = "autoarray.FitImaging", "serialization._peer.fit:FitImaging"


def use_what_is_installed() -> None:
    """Set the codec up for the `autoarray` that is installed, which is not imported."""
    kind = kind_of_autoarray()
    if kind == "own":
        return
    find = adapter_of if kind == "peer" else _no_adapter
    set_hooks(Hooks(_no_results, lambda: Results, _nothing, _no_source, _nothing, find))
    known = RULES if kind == "peer" else ()
    registry.leave_out([name for name in registry.names() if name not in known])
    if kind == "peer":
        registry.move(_FIT, _FIT_CLASS)
        wire.set_beside(_suffix)
        registry.schema_named(_OPERATOR, "").take(special.SparseOperator)


def _suffix() -> str:
    return f" beside {PEER} {release_of_peer()}"


def _no_adapter(schema: Schema, cls: type) -> None:
    return None


def _no_results(cls: type) -> frozenset[str]:
    return frozenset()


def _no_source(value: object) -> None:
    return None


def _nothing(value: object) -> None:
    return None
