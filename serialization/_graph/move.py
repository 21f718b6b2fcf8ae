"""Whole object graphs from NumPy to JAX."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from serialization._graph.backend import to_jax
from serialization._graph.paths import path_of
from serialization._graph.walk import arrays_in, results_of
from serialization.errors import PrecisionLossError, UnsupportedValueError

_STRUCTURAL = "biu"  # kinds of dtypes


def move_to_jax(root: object, objects: Iterable[Any], announce: Callable[[type], None], *, copy: bool) -> Any:
    """A graph with the objects that compute, and the root itself if it is no object, moved to JAX.

    Parameters
    ----------
    root
        The root of the graph; its objects are changed in place.
    objects
        Its objects that have a flag of their backend.
    announce
        Is given the class of each object that computes with JAX now.
    copy
        Whether the memory of the arrays can change later.

    Raises
    ------
    PrecisionLossError, UnsupportedValueError
        If JAX has no such array; the error has its path.
    """
    mover = _Mover(copy=copy)
    value: Any = None
    try:
        for value in objects:
            state: dict[str, Any] = vars(value)
            mover.move_object(state, results_of(state))
            if state.get("_use_jax"):
                announce(type(value))
        value = root
        return mover.move(root)
    except (PrecisionLossError, UnsupportedValueError) as error:
        error.path = path_of(root, lambda other: other is value)
        raise


class _Mover:
    """Moves the arrays of NumPy objects to JAX; an array that several of them share stays one array."""

    def __init__(self, *, copy: bool) -> None:
        self._copy = copy
        self._moved: dict[int, tuple[Any, Any]] = {}

    def move_object(self, state: dict[str, Any], results: dict[str, Any]) -> None:
        """Move one object: its flag, and the arrays that are its own rather than another object's.

        An object with an array of integers or bools of its own (a mask, over-sample sizes,
        neighbors) is structure, which is static under `jax.jit`: it stays as it is.
        """
        if any(array.dtype.kind in _STRUCTURAL for array in arrays_in((*state.values(), *results.values()))):
            return
        for held in (state, results):
            for name, value in held.items():
                held[name] = self.move(value)
        state["_use_jax"] = True

    def move(self, value: Any) -> Any:
        """`value` with its arrays moved; lists and dicts keep their identity, objects are left alone."""
        kind = type(value)
        if kind is np.ndarray:
            moved = self._moved.get(id(value))
            if moved is None:
                moved = self._moved[id(value)] = (value, to_jax(value, copy=self._copy))
            return moved[1]
        if kind is tuple:
            items = [self.move(item) for item in value]
            return value if all(a is b for a, b in zip(items, value, strict=True)) else tuple(items)
        if kind in (list, dict) and id(value) not in self._moved:
            self._moved[id(value)] = (value, value)
            for key, item in list(value.items() if kind is dict else enumerate(value)):
                value[key] = self.move(item)
        return value
