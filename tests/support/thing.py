"""A class with state and derived values, importable by name as pickle needs."""

from __future__ import annotations

import numpy as np

from autoarray._backend import Backend, as_array
from autoarray._state import State, derived


class Thing(State):
    """Counts what it computes."""

    def __init__(self, values, name: str) -> None:
        self.values = values
        self.name = name
        self.calls: list[str] = []

    @derived(travels=True)
    def total(self) -> float:
        self.calls.append("total")
        return float(self.values.sum())

    @derived
    def table(self) -> np.ndarray:
        self.calls.append("table")
        return np.outer(self.values, self.values)


class Vector(Backend):
    """Values on either backend, with a factor that is not traced."""

    def __init__(self, values, factor: int = 1, xp=np) -> None:
        self._set_backend(xp)
        self.values = as_array(values, xp)
        self.factor = factor

    @derived
    def doubled(self):
        return 2 * self.values * self.factor

    @derived(travels=True)
    def total(self):
        return self._xp.sum(self.doubled)


class Pair(Backend):
    """Two vectors and a part that is not traced."""

    def __init__(self, first: Vector, second: Vector, shape: tuple[int, int], xp=np) -> None:
        self._set_backend(xp)
        self.first = first
        self.second = second
        self.shape = shape
