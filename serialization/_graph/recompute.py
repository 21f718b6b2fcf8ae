"""The stored results of an object graph against the same values, computed again from its state.

One set of limits holds for everything that is compared, whether a payload or an old pickle stored it. A term of the
evidence, or a matrix that follows from the state without solving anything, may differ by 1e-8. An entry of a
solution, or of an image that follows from it, may differ by 1e-6: the evidence is greatest at the solution, so it
hardly feels what another solver changes there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from serialization._adapters import forget_results
from serialization._graph.backend import is_jax_array
from serialization._graph.walk import has_state, objects_of, state_of, stored_of

_TERM, _SOLUTION = 1e-8, 1e-6


def limit_of(*, solution: bool, noise: float = 0.0) -> float:
    """How much a stored value may differ from the recomputed one, relative to the larger of 1 and its largest entry.

    Parameters
    ----------
    solution
        Whether the value is a solution, or follows from one entry by entry.
    noise
        By how much rounding alone can change a term; what counts of it is at most the limit of a solution.
    """
    return _SOLUTION if solution else max(_TERM, min(noise, _SOLUTION))


def deviation(stored: np.ndarray, computed: np.ndarray) -> float:
    """The largest difference of two arrays, relative to the larger of 1 and the largest stored entry.

    It is infinite where the arrays have other shapes, or are not finite in the same places with the same values;
    of what is no number it is 0 or infinite.
    """
    if stored.shape != computed.shape:
        return float("inf")
    if stored.dtype.kind not in "biufc" or computed.dtype.kind not in "biufc":
        return 0.0 if np.array_equal(stored, computed) else float("inf")
    if not stored.size or np.array_equal(stored, computed, equal_nan=True):
        return 0.0
    finite = np.isfinite(stored)
    if not np.array_equal(finite, np.isfinite(computed)):
        return float("inf")
    if not np.array_equal(stored[~finite], computed[~finite], equal_nan=True):
        return float("inf")
    stored, computed = stored[finite].astype(complex), computed[finite].astype(complex)
    return float(np.max(np.abs(stored - computed)) / max(1.0, float(np.max(np.abs(stored)))))


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored value and the same one recomputed: `delta` is relative to the larger of 1 and its largest entry."""

    path: str
    delta: float
    limit: float

    @property
    def passed(self) -> bool:
        """Whether the two agree."""
        return self.delta <= self.limit


def differences_from(stored: object, fresh: object) -> list[Difference]:
    """Compare each stored result of a graph with what a second copy of the graph computes.

    Parameters
    ----------
    stored
        The graph, as it was loaded.
    fresh
        The same graph, loaded again; it loses its stored results.
    """
    pairs = list(zip(objects_of(stored, state_of), objects_of(fresh, state_of), strict=True))
    for _, (_, other) in pairs:
        forget_results(other)
    return [
        difference
        for (path, one), (_, other) in pairs
        for name, value in stored_of(one).items()
        for difference in _compare(f"{path}.{name}", value, getattr(other, name))
    ]


def _compare(path: str, stored: Any, computed: Any) -> Iterator[Difference]:
    if isinstance(stored, (tuple, list)):
        for index, (one, other) in enumerate(zip(stored, computed, strict=True)):
            yield from _compare(f"{path}[{index}]", one, other)
    elif hasattr(stored, "_array"):
        yield from _compare(path, stored._array, computed._array)
    elif is_jax_array(stored):
        yield from _compare(path, np.asarray(stored), np.asarray(computed))
    elif has_state(stored):
        for name, value in stored_of(stored).items():
            yield from _compare(f"{path}.{name}", value, getattr(computed, name))
    elif stored is not None:
        one, other = np.asarray(stored), np.asarray(computed)
        yield Difference(path, deviation(one, other), limit_of(solution=one.ndim > 0))
