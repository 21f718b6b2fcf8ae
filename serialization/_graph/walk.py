"""What a live object graph holds: the steps from each value to the next, and the walks along them.

Other threads may evaluate the objects meanwhile, which adds to their instance dictionaries and to their stored results:
these are gone through as copies, each of which is made in one step.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from serialization import _adapters, _walk
from serialization._display import text_of
from serialization._graph.backend import is_jax_array
from serialization.errors import SerializationError

_WITHOUT_STATE = (
    *(dict, list, tuple, set, frozenset),
    *(np.ndarray, np.generic),
    *(type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType),
)


def objects_of(root: object, children: _walk.Children | None = None) -> Iterator[tuple[str, Any]]:
    """The paths and the objects of a graph, each object once, with those inside stored results by default."""
    return ((path(), value) for path, value in _walk.walk(root, children or children_of) if has_state(value))


def children_of(value: object) -> Iterator[tuple[str, Any]]:
    """What a live value holds, each with its step in a path; the stored results of an object follow its state."""
    if not has_state(value):
        yield from state_of(value)
        return
    state = _state_of(value)
    yield from _steps(state)
    yield from _steps(results_of(state))


def state_of(value: object) -> Iterator[tuple[str, Any]]:
    """The same without stored results. The keys of a dict come before their values, under the same step."""
    if isinstance(value, (list, tuple, set, frozenset)):
        yield from items_of(value)
    elif isinstance(value, dict):
        yield from pairs_of(value.items())
    elif has_state(value):
        yield from _steps(_state_of(value))


def stored_of(value: object) -> dict[str, Any]:
    """The results that are stored with an object."""
    return results_of(_state_of(value)).copy()


def _state_of(value: object) -> dict[str, Any]:
    try:
        return _adapters.state_of(value)
    except SerializationError:  # of another library, and refused: what it has is looked at as it is
        return vars(value).copy()


def _steps(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((f".{name}", item) for name, item in values.copy().items() if name != "_derived")


def items_of(values: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """The items of a list or the like, with their steps."""
    return ((f"[{index}]", item) for index, item in enumerate(values))


def pairs_of(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    """The keys and the values of a dict, with their steps."""
    for key, item in pairs:
        step = f"[{text_of(key)}]"
        yield step, key
        yield step, item


def results_of(state: dict[str, Any]) -> dict[str, Any]:
    """The results that are stored in the instance dictionary of an object."""
    return getattr(state.get("_derived"), "results", {})


def has_state(value: object) -> bool:
    """Whether a value is an object with an instance dictionary, rather than a container, an array or code."""
    if isinstance(value, _WITHOUT_STATE) or type(getattr(value, "__dict__", None)) is not dict:
        return False
    return not is_jax_array(value)


def arrays_in(values: Iterable[object]) -> Iterator[Any]:
    """The arrays among values, and in tuples, lists and dicts there; what other objects hold is theirs."""
    return _arrays_in(values, set())


def _arrays_in(values: Iterable[Any], seen: set[int]) -> Iterator[Any]:
    for value in values:
        kind = type(value)
        if kind is np.ndarray or is_jax_array(value):
            yield value
        elif kind in (tuple, list, dict) and id(value) not in seen:
            seen.add(id(value))
            yield from _arrays_in(value.values() if kind is dict else value, seen)
