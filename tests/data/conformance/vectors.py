"""What a vector is, and the types that vectors name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assemble import Parts

# What a reader of the vectors has to register. An object of `vector.Circle` of version 1 holds twice the radius.
REGISTRY: dict[str, dict[str, Any]] = {
    "vector.Empty": {"version": 1, "fields": [], "optional": [], "results": []},
    "vector.Star": {"version": 1, "fields": ["name", "position"], "optional": [], "results": []},
    "vector.Pair": {"version": 1, "fields": ["first", "second"], "optional": [], "results": []},
    "vector.Note": {"version": 1, "fields": ["text"], "optional": ["author", "place"], "results": []},
    "vector.Flag": {"version": 1, "fields": ["inside", "_use_jax"], "optional": [], "results": []},
    "vector.Sum": {"version": 1, "fields": ["values"], "optional": [], "results": ["mean", "total"]},
    "vector.Circle": {
        "version": 2,
        "fields": ["radius"],
        "optional": [],
        "results": [],
        "older": {"1": {"fields": ["diameter"], "optional": []}},
    },
}
STAR, PAIR, FLAG, EMPTY = (
    [name, 1, REGISTRY[name]["fields"], []] for name in ("vector.Star", "vector.Pair", "vector.Flag", "vector.Empty")
)

ACCEPT, REFUSE, EITHER = "accept", "refuse", "either"
# What the inspector, the loader and the canonical checker say where a rule of a letter is broken.
_OUTCOMES = {
    "I": (REFUSE, REFUSE, REFUSE),
    "L": (ACCEPT, REFUSE, REFUSE),
    "L, seen": (EITHER, REFUSE, REFUSE),  # an inspector that looks may refuse it
    "C": (ACCEPT, ACCEPT, REFUSE),
    "": (ACCEPT, ACCEPT, ACCEPT),
    "may": (ACCEPT, EITHER, EITHER),  # a loader may refuse it
    "may, C": (ACCEPT, EITHER, REFUSE),  # likewise, and it is not canonical
}


@dataclass
class Vector:
    """One payload and what each program has to say of it.

    Parameters
    ----------
    name, rule, why
        A name, the rule that it breaks or None, and what is wrong, or what it shows.
    letter
        Who refuses it: "I", "L" or "C" as on the page, "" if nobody does, or another key of `_OUTCOMES`.
    payload
        Its bytes, or the parts that make them.
    more
        Further entries: `array`, the number of the array that is refused where the header is not; `names_writer`, where
        the refusal has to name the writer.
    graph
        Whether the file tells its graph, which is too deep for JSON otherwise.
    """

    name: str
    rule: str | None
    letter: str
    why: str
    payload: Parts | bytes
    more: dict[str, Any] = field(default_factory=dict)
    graph: bool = True

    def bytes(self) -> bytes:
        return self.payload.payload() if isinstance(self.payload, Parts) else self.payload

    def outcomes(self) -> dict[str, str]:
        return dict(zip(("inspector", "loader", "canonical"), _OUTCOMES[self.letter], strict=True))


def writer_named(*vectors: Vector) -> list[Vector]:
    """Vectors whose refusal has to name the writer."""
    for vector in vectors:
        vector.more["names_writer"] = True
    return list(vectors)


def good(name: str, why: str, parts: Parts, letter: str = "", **more: Any) -> Vector:
    """A payload that keeps every rule."""
    return Vector(name, None, letter, why, parts, **more)
