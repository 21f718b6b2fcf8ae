"""The classes of other libraries whose instance dictionaries are not the state of their types in payloads."""

from __future__ import annotations

from typing import Any, Protocol


class Adapter(Protocol):
    """Reads and makes the objects of one such class."""

    results: frozenset[str]

    def state_of(self, value: Any) -> dict[str, Any]:
        """The state of an object in the newest schema version, with its stored results under `_derived`."""
        ...

    def make(self, value: Any) -> None:
        """Turn that state, in the instance dictionary of a new object, into what the class keeps there."""
        ...

    def forget(self, value: Any) -> None:
        """Take from an object what was computed from its state."""
        ...


adapters: dict[type, Adapter] = {}


def state_of(value: Any) -> dict[str, Any]:
    """The state of an object, with its stored results under `_derived`, as a dict of its own.

    Raises
    ------
    SchemaError
        If another library made it, and its state is none that is known.
    """
    adapter = adapters.get(type(value))
    return vars(value).copy() if adapter is None else adapter.state_of(value)


def forget_results(value: Any) -> None:
    """Take from an object what was computed from its state."""
    adapter = adapters.get(type(value))
    if adapter is None:
        vars(value).pop("_derived", None)
        return
    adapter.forget(value)
