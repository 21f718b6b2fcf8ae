"""Objects as JAX pytrees, so that grids, mappers and fits cross the boundary of `jax.jit`.

A class is registered the first time that one of its objects computes with JAX. The leaves of an
object are its JAX arrays; everything else (masks, shapes, settings) is static and is compared by
value, so that a second call with equal statics does not trace again.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autoarray._state import DerivedValues, State, derived_names

_registered: set[type] = set()
_registering = threading.Lock()  # JAX refuses a class that it knows


def register(cls: type) -> None:
    """Register a `State` class as a pytree node; a second call does nothing."""
    register_with(cls, _flatten_with_keys, lambda aux, children: _unflatten(cls, aux, children), _flatten)


def register_with(
    cls: type,
    flatten_with_keys: Callable[[Any], tuple[Iterable[tuple[Any, Any]], Any]],
    unflatten: Callable[[Any, Iterable[Any]], Any],
    flatten: Callable[[Any], tuple[Iterable[Any], Any]],
) -> None:
    """Register any class as a pytree node, by functions of its own; a second call does nothing."""
    if cls in _registered:
        return
    import jax

    with _registering:
        if cls not in _registered:
            jax.tree_util.register_pytree_with_keys(cls, flatten_with_keys, unflatten, flatten)
            _registered.add(cls)


class _Static:
    """What is not traced, compared by value and hashed by its names."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Static) and _same(self.values, other.values)

    def __hash__(self) -> int:
        return hash(tuple(self.values))


def _state_of(instance: State) -> dict[str, Any]:
    fields = vars(instance).copy()
    values = fields.pop("_derived", None)
    state = dict(sorted(fields.items()))
    if values is not None:
        # Results that are being traced count too: they are what a jitted function returns.
        traced = values.traced_now()
        travelling = derived_names(type(instance), travels=True)
        results = values.results | {name: value for name, value in traced.items() if name in travelling}
        state |= {f"@{name}": results[name] for name in sorted(results)}
    return state


def _split(instance: State) -> tuple[tuple[str, ...], list[Any], _Static]:
    state = _state_of(instance)
    names = tuple(name for name, value in state.items() if _is_traced(value))
    static = {name: value for name, value in state.items() if name not in names}
    return names, [state[name] for name in names], _Static(static)


def _flatten(instance: State) -> tuple[list[Any], Any]:
    names, children, static = _split(instance)
    return children, (names, static)


def _flatten_with_keys(instance: State) -> tuple[list[Any], Any]:
    import jax

    names, children, static = _split(instance)
    key = jax.tree_util.GetAttrKey
    return [(key(name), child) for name, child in zip(names, children, strict=True)], (names, static)


def _unflatten(cls: type, aux: tuple[tuple[str, ...], _Static], children: Iterable[Any]) -> Any:
    names, static = aux
    instance = object.__new__(cls)
    values = DerivedValues()
    for name, value in [*static.values.items(), *zip(names, children, strict=True)]:
        if name.startswith("@"):
            values.results[name[1:]] = value
        else:
            instance.__dict__[name] = value
    if values.results:
        instance.__dict__["_derived"] = values
    return instance


def _is_traced(value: object) -> bool:
    """Whether a value is, or holds, a JAX array."""
    if isinstance(value, sys.modules["jax"].Array):
        return True
    if isinstance(value, (list, tuple)):
        return any(_is_traced(item) for item in value)
    if isinstance(value, dict):
        return any(_is_traced(item) for item in value.values())
    if isinstance(value, State):
        traced = any(_is_traced(item) for item in _state_of(value).values())
        if traced:
            register(type(value))
        return traced
    return False


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if "jax" in sys.modules and isinstance(a, sys.modules["jax"].Array):
        a, b = np.asarray(a), np.asarray(b)
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and a.dtype == b.dtype and bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, State):
        return _same(_state_of(a), _state_of(b))
    return bool(a == b)
