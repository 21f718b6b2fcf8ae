"""What `load_pickle` tells of a pickle besides its object."""

# pyright: strict

from __future__ import annotations

import dataclasses

from serialization._display import cut, pairs_table
from serialization._graph.recompute import limit_of

_SHORT = 199


class LegacyWarning(UserWarning):
    """A pickle does not tell by which convention its numbers were computed, and one was taken."""


@dataclasses.dataclass(frozen=True, slots=True)
class Convention:
    """A convention that the state of an object does not tell.

    Parameters
    ----------
    path
        Where the object is.
    name, value
        The convention, such as `row_weights`, and what was taken.
    reason
        What it was taken from.
    decided
        False if nothing told, and a default was taken.
    """

    path: str
    name: str
    value: str
    reason: str
    decided: bool

    def __str__(self) -> str:
        return f"{self.path}: {self.name} taken as {self.value!r}: {self.reason}"

    def __repr__(self) -> str:
        return cut(f"Convention({cut(self.path, 80)}, {self.name}={self.value!r}, decided={self.decided})", _SHORT)


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """A stored result against the same one recomputed.

    Parameters
    ----------
    path, name
        The object, and the name of the result.
    delta
        The difference, relative to the larger of 1 and the largest entry of the result.
    noise
        By how much rounding alone can change the log determinant of a matrix that is nearly singular; else 0.
    """

    path: str
    name: str
    delta: float
    noise: float = 0.0

    @property
    def limit(self) -> float:
        """How much it may differ: a solution more than what depends on it, which is stationary there."""
        return limit_of(solution=self.name == "reconstruction", noise=self.noise)

    def __repr__(self) -> str:
        return cut(
            f"Compared({cut(self.path, 80)}.{self.name}, delta={self.delta:.2e}, limit={self.limit:.0e})", _SHORT
        )


@dataclasses.dataclass(slots=True)
class LoadReport:
    """What was found in a pickle; an empty one is given to `load_pickle`, which fills it in.

    Parameters
    ----------
    releases
        The first and last release that can have written it.
    backend
        "numpy" or "jax": what it was written on.
    schemas
        The schema versions of the objects, of each type the lowest and the highest.
    conventions
        What the states do not tell, and what was taken.
    left_out
        Of each class the attributes that were not taken: cached values, and what is computed again.
    compared
        With `verify`, each stored result that was recomputed.
    """

    releases: tuple[str, str] | None = None
    backend: str | None = None
    schemas: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict[str, tuple[int, int]])
    conventions: list[Convention] = dataclasses.field(default_factory=list[Convention])
    left_out: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict[str, tuple[str, ...]])
    compared: list[Compared] = dataclasses.field(default_factory=list[Compared])

    def __repr__(self) -> str:
        releases = " to ".join(dict.fromkeys(self.releases)) if self.releases else "unknown"
        parts = [f"releases={releases}", f"backend={self.backend or 'unknown'}", f"types={len(self.schemas)}"]
        if self.conventions:
            guessed = sum(1 for convention in self.conventions if not convention.decided)
            parts.append(f"conventions={len(self.conventions)} ({guessed} by default)")
        if self.compared:
            delta = max(compared.delta for compared in self.compared)
            parts.append(f"compared={len(self.compared)} (largest delta {delta:.1e})")
        return cut(f"LoadReport({', '.join(parts)})", _SHORT)

    def _repr_html_(self) -> str:
        rows = [
            ("written by", " to ".join(dict.fromkeys(self.releases)) if self.releases else "unknown"),
            ("backend", self.backend or "unknown"),
            *(("convention", str(convention)) for convention in self.conventions),
            *((f"left out of {name}", ", ".join(names)) for name, names in self.left_out.items()),
            *((f"{one.path}.{one.name}", f"delta {one.delta:.2e}, limit {one.limit:.0e}") for one in self.compared),
        ]
        more = [("", f"and {len(rows) - 40} more")] if len(rows) > 40 else []
        return pairs_table("LoadReport", rows[:40] + more)
