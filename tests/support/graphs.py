"""Classes and graphs of the tests' own, and the comparison that all round trips use."""

from __future__ import annotations

import struct
import sys
from typing import Any

import numpy as np

import serialization
from autoarray._backend import Backend
from autoarray._state import State, derived


class Part(State):
    """An object without arrays of its own."""

    def __init__(self, value: Any = None, other: Any = None) -> None:
        self.value = value
        self.other = other


class Computes(Backend):
    """An object that computes, with a result that travels."""

    def __init__(self, values: Any, inside: Any = None, xp: Any = np) -> None:
        self._set_backend(xp)
        self.values = values
        self.inside = inside

    @derived(travels=True)
    def total(self) -> Any:
        return self.values.sum()

    @derived
    def doubled(self) -> Any:
        return 2 * self.values


class Optional(State):
    """An object that may lack a field."""

    def __init__(self, **state: Any) -> None:
        self.__dict__.update(state)


class Unregistered(State):
    def __init__(self) -> None:
        self.value = 1


serialization.register(Part, name="tests.Part", fields=["value", "other"])
serialization.register(Computes, name="tests.Computes", fields=["values", "inside", "_use_jax"])
serialization.register(Optional, name="tests.Optional", fields=["always"], optional=["sometimes"])


def name_of(value: Any) -> str:
    """The name of a case: the same in every process, whatever the order of a set or the address of an object."""
    return type(value).__name__ if isinstance(value, (set, frozenset, State)) else repr(value)[:40]


def small() -> Part:
    """A graph with one of each thing, which is still small."""
    values = np.arange(3.0)
    shared = [1, (2.5, "text")]
    part = Part({"a": shared, 2: values, "c": {3, 1, 2}}, other=shared)
    computes = Computes(values, inside=part)
    _ = computes.total
    return Part(computes, other=[part, np.float32(1.5), 2j, 2**80, frozenset({1}), b"bytes", None, True])


def assert_same(a: Any, b: Any, path: str = "$", seen: dict[int, int] | None = None) -> None:
    """Raise AssertionError unless two graphs have the same types, bits, order and sharing."""
    seen = {} if seen is None else seen
    assert type(a) is type(b), f"{path}: {type(a)} is not {type(b)}"
    if isinstance(a, (float, complex)) and not isinstance(a, np.generic):
        parts = [(a, b)] if isinstance(a, float) else [(a.real, b.real), (a.imag, b.imag)]
        for x, y in parts:
            assert struct.pack("d", x) == struct.pack("d", y), f"{path}: {a!r} is not {b!r}"
        return
    if isinstance(a, np.generic):
        assert a.dtype == b.dtype, f"{path}: {a.dtype} is not {b.dtype}"
        assert a.tobytes() == b.tobytes(), f"{path}: {a!r} is not {b!r}"
        return
    if a is None or isinstance(a, (bool, int, str, bytes)):
        assert a == b, f"{path}: {a!r} is not {b!r}"
        return
    if isinstance(a, frozenset):
        assert sorted(map(repr, a)) == sorted(map(repr, b)), f"{path}: {a!r} is not {b!r}"
        return
    if not isinstance(a, tuple):
        if id(a) in seen or id(b) in seen.values():
            assert seen.get(id(a)) == id(b), f"{path}: is not shared in the same way"
            return
        seen[id(a)] = id(b)
    if isinstance(a, np.ndarray):
        assert_same_array(a, b, path)
    elif _is_jax(a):
        assert a.dtype == b.dtype, f"{path}: {a.dtype} is not {b.dtype}"
        assert_same_array(np.asarray(a), np.asarray(b), path)
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), f"{path}: {len(a)} items are not {len(b)}"
        for index, (x, y) in enumerate(zip(a, b, strict=True)):
            assert_same(x, y, f"{path}[{index}]", seen)
    elif isinstance(a, set):
        assert sorted(map(repr, a)) == sorted(map(repr, b)), f"{path}: {a!r} is not {b!r}"
    elif isinstance(a, dict):
        assert len(a) == len(b), f"{path}: {len(a)} entries are not {len(b)}"
        for (key, x), (other, y) in zip(a.items(), b.items(), strict=True):
            assert_same(key, other, f"{path}[{key!r}] (key)", seen)
            assert_same(x, y, f"{path}[{key!r}]", seen)
    else:
        state, other_state = _state(a), _state(b)
        assert state.keys() == other_state.keys(), f"{path}: {sorted(state)} are not {sorted(other_state)}"
        for name, x in state.items():
            assert_same(x, other_state[name], f"{path}.{name}", seen)


def assert_same_array(a: np.ndarray, b: np.ndarray, path: str = "$") -> None:
    assert a.dtype == b.dtype, f"{path}: {a.dtype} is not {b.dtype}"
    assert a.dtype.str == b.dtype.str, f"{path}: {a.dtype.str} is not {b.dtype.str}"
    assert a.shape == b.shape, f"{path}: {a.shape} is not {b.shape}"
    if a.dtype.names is not None:  # `tobytes` leaves the padding of a strided record to chance
        for name in a.dtype.names:
            assert_same_array(a[name], b[name], f"{path}.{name}")
        return
    assert a.tobytes() == b.tobytes(), f"{path}: the values differ"


def _is_jax(value: Any) -> bool:
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(value, jax.Array)


def _state(value: Any) -> dict[str, Any]:
    state = {name: item for name, item in vars(value).items() if name != "_derived"}
    results = getattr(vars(value).get("_derived"), "results", {})
    return state | {f"@{name}": item for name, item in results.items()}
