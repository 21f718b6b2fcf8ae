"""What this project needs and an environment with PyAutoLens may lack: what a drop-in brings, and takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from serialization._installation.environment import Environment, UnfitError, canonical, release_of
from serialization._installation.state import note_of


def bring(environment: Environment, requirements: list[str]) -> list[str]:
    """Install what is missing of what this project needs, and return the names of that."""
    wanted: dict[str, str] = {}
    for text in requirements:
        match = re.fullmatch(r"([\w.-]+)\s*>=\s*([\w.]+)", text)
        if match is None:
            raise UnfitError(f"expected a requirement such as numpy>=2.0, found {text!r}")
        found = environment.distributions.get(canonical(match[1]))
        if found is None:
            wanted[canonical(match[1])] = text
        elif release_of(found.version) < release_of(match[2]):
            raise UnfitError(
                f"{environment.packages}: expected {text}, found {found.version}. Upgrade it first: "
                f"{environment.python} -m pip install '{text}'"
            )
    if wanted:
        # What other distributions ask of the same ones: autofit allows no new xxhash.
        limits = [text for text, name in _needs_of(environment) if name in wanted]
        environment.pip("install", "--no-deps", *wanted.values(), *limits)
    return sorted(wanted)


def brought_by(environment: Environment) -> list[str]:
    """The distributions that the drop-in of an environment had pip install, by its note."""
    names = note_of(environment)["brought"]
    return [str(name) for name in names] if isinstance(names, list) else []


def unused_of(environment: Environment, names: list[str]) -> list[str]:
    """Those of some distributions that are there, and that no other one requires without an extra."""
    needed = {name for _, name in _needs_of(environment)}
    return [name for name in names if name in environment.distributions and name not in needed]


def _needs_of(environment: Environment) -> Iterator[tuple[str, str]]:
    """What the distributions require without an extra, and the name of each."""
    for distribution in environment.distributions.values():
        for text in distribution.requires:
            match = re.match(r"[\w.-]+", text)
            if match and "extra" not in text.partition(";")[2]:
                yield text, canonical(match[0])
