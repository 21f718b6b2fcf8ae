"""What `load_pickle` tells of a pickle besides its object."""

from __future__ import annotations

import dataclasses


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


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """A stored result against the same one recomputed; `delta` is relative to the larger of 1 and its largest entry.

    `noise` is by how much rounding alone can change it, of the log determinant of a matrix that is nearly singular.
    """

    path: str
    name: str
    delta: float
    noise: float = 0.0

    @property
    def limit(self) -> float:
        """How much it may differ: a solution more than what depends on it, which is stationary there."""
        return max(1e-6 if self.name == "reconstruction" else 1e-8, min(self.noise, 1e-6))


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
    schemas: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)
    conventions: list[Convention] = dataclasses.field(default_factory=list)
    left_out: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    compared: list[Compared] = dataclasses.field(default_factory=list)
