"""The stored results of an object graph against the same values, computed again from its state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from serialization._graph.backend import is_jax_array

TERMS, ARRAYS = 1e-8, 1e-6


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored value and the same one recomputed: `delta` is relative to the larger of 1 and its largest entry.

    A term of the evidence may differ by 1e-8. An entry of a reconstruction or an image may differ by 1e-6:
    the evidence is greatest at the solution, so it hardly feels what another solver changes there.
    """

    path: str
    delta: float
    limit: float

    @property
    def passed(self) -> bool:
        """Whether the two agree."""
        return self.delta <= self.limit


def differences_from(stored: Any, fresh: Any) -> list[Difference]:
    """Compare each stored result of a graph with what a second copy of the graph computes.

    Parameters
    ----------
    stored
        The graph, as it was loaded.
    fresh
        The same graph, loaded again; it loses its stored results.
    """
    pairs = list(zip(_objects(stored), _objects(fresh), strict=True))
    for _, (_, other) in pairs:
        other.__dict__.pop("_derived", None)
    return [
        difference
        for (path, one), (_, other) in pairs
        for name, value in _results(one).items()
        for difference in _compare(f"{path}.{name}", value, getattr(other, name))
    ]


def _results(value: Any) -> dict[str, Any]:
    return getattr(value.__dict__.get("_derived"), "results", {})


def _objects(root: Any) -> Iterator[tuple[str, Any]]:
    """The objects of a graph that have an instance dictionary, each once, in an order that its state decides."""
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("$", root)]
    while stack:
        path, value = stack.pop()
        if id(value) in seen or isinstance(value, (np.ndarray, np.generic, type)) or is_jax_array(value):
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            stack.extend((f"{path}[{key!r:.80}]", item) for key, item in value.items())
        elif isinstance(value, (list, tuple)):
            stack.extend((f"{path}[{index}]", item) for index, item in enumerate(value))
        elif isinstance(getattr(value, "__dict__", None), dict):
            yield path, value
            stack.extend((f"{path}.{name}", item) for name, item in vars(value).items() if name != "_derived")


def _compare(path: str, stored: Any, found: Any) -> Iterator[Difference]:
    if isinstance(stored, (tuple, list)):
        for index, (one, other) in enumerate(zip(stored, found, strict=True)):
            yield from _compare(f"{path}[{index}]", one, other)
    elif hasattr(stored, "_array"):
        yield from _compare(path, stored._array, found._array)
    elif is_jax_array(stored):
        yield from _compare(path, np.asarray(stored), np.asarray(found))
    elif isinstance(getattr(stored, "__dict__", None), dict):
        for name, value in _results(stored).items():
            yield from _compare(f"{path}.{name}", value, getattr(found, name))
    elif stored is not None:
        one, other = np.asarray(stored), np.asarray(found)
        yield Difference(path, _delta(one, other), ARRAYS if one.ndim else TERMS)


def _delta(stored: np.ndarray, found: np.ndarray) -> float:
    if stored.shape != found.shape:
        return float("inf")
    if stored.dtype.kind not in "biufc":
        return 0.0 if np.array_equal(stored, found) else float("inf")
    if not stored.size or np.array_equal(stored, found, equal_nan=True):
        return 0.0
    finite = np.isfinite(stored)
    if not np.array_equal(finite, np.isfinite(found)):
        return float("inf")
    if not np.array_equal(stored[~finite], found[~finite], equal_nan=True):
        return float("inf")
    stored, found = stored[finite].astype(complex), found[finite].astype(complex)
    return float(np.max(np.abs(stored - found)) / max(1.0, float(np.max(np.abs(stored)))))
