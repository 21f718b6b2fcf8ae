"""What a pickle holds, as inert values: what `reader.read_pickle` returns.

A graph consists of None, bool, int, float, complex, str, bytes, lists, tuples, dicts, sets and
frozensets, NumPy arrays and NumPy scalars, and the nodes below. Sharing and cycles are those of the
pickle: what was one object is one node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np

from serialization import _walk


class Foreign:
    """An object of a class that the pickle names; neither the class nor its module was imported.

    Parameters
    ----------
    module, name
        The module and the qualified name of the class, as the pickle gives them.
    state
        Its instance dictionary, and the values of its slots. An object of a subclass of
        `numpy.ndarray` has its values under `array`, a path of `pathlib` its parts under `parts`.

    Attributes
    ----------
    items
        What the pickle appends to it, if anything: the items of a subclass of `list`.
    """

    __slots__ = ("items", "module", "name", "state")

    def __init__(self, module: str, name: str, state: dict[str, Any] | None = None) -> None:
        self.module = module
        self.name = name
        self.state: dict[str, Any] = {} if state is None else state
        self.items: list[Any] | None = None

    @property
    def target(self) -> str:
        """The class as `module:name`, as in `serialization.register`."""
        return f"{self.module}:{self.name}"

    def __repr__(self) -> str:
        return f"<Foreign {self.module}.{self.name} of {', '.join(self.state) or 'nothing'}>"


class JaxArray:
    """A JAX array: its values in NumPy, and whether it was of a weak type."""

    __slots__ = ("values", "weak_type")

    def __init__(self, values: np.ndarray, weak_type: bool = False) -> None:
        self.values = values
        self.weak_type = weak_type

    def __repr__(self) -> str:
        return f"<JaxArray {self.values.dtype} {self.values.shape}>"


class ModuleReference:
    """An array module that an object held: `name` is "numpy" or "jax.numpy"."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<ModuleReference {self.name}>"


class GlobalReference:
    """A name that the pickle refers to, while it is read. A graph that was read holds none."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    @property
    def key(self) -> tuple[str, str]:
        """What the tables of known globals are keyed by."""
        return self.module, self.name

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


def children(value: Any) -> Iterator[tuple[str, Any]]:
    """What a value of the graph holds, each with its step in a path: `.mesh`, `[0]` or `['key']`.

    The keys of a dict come before their values, under the same step. Nodes without parts yield nothing.
    """
    kind = type(value)
    if kind is Foreign:
        for name, item in value.state.items():
            yield f".{name[:80]}", item
        for index, item in enumerate(value.items or ()):
            yield f"[{index}]", item
    elif kind is dict:
        for key, item in value.items():
            step = f"[{_key(key)}]"
            yield step, key
            yield step, item
    elif kind in (list, tuple, set, frozenset):
        for index, item in enumerate(value):
            yield f"[{index}]", item


def parts_of(value: object) -> Collection[Any] | None:
    """What a value holds, as `children` gives it, without the steps, which take time; None of a value without parts."""
    if type(value) is Foreign:
        return value.state.values() if value.items is None else (*value.state.values(), *value.items)
    if type(value) is dict:
        return (*value.keys(), *value.values())
    return value if type(value) in (list, tuple, set, frozenset) else None  # pyright: ignore[reportReturnType]


def walk(root: object) -> Iterator[tuple[Callable[[], str], Any]]:
    """Each value of a graph once, breadth first, with a function that gives the shortest path to it."""
    return _walk.walk(root, children)


def _key(key: Any) -> str:
    """A short text for a key, whose own could be very long."""
    if type(key) in (str, bytes):
        return repr(key[:80])
    return f"{key!r:.80}" if type(key) in (int, float, bool, type(None)) else f"<{type(key).__name__}>"
