"""Walks over object graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autoarray._state import DerivedValues

ATOMS = (type(None), bool, int, float, complex, str, bytes, np.generic)


def walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Every object that is reachable from `root` through its state, with its path, each once."""
    seen: set[int] = set()
    stack = [("$", root)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, ATOMS):
            yield path, value
            continue
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield path, value
        stack.extend(children(path, value))


def children(path: str, value: Any) -> list[tuple[str, Any]]:
    """What one object holds, with paths: items of containers, state and derived values of objects."""
    if isinstance(value, dict):
        found = [(f"{path}[{key!r}]", item) for key, item in value.items()]
        return found + [(f"{path}.keys()[{i}]", key) for i, key in enumerate(value)]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [(f"{path}[{i}]", item) for i, item in enumerate(value)]
    if isinstance(value, DerivedValues):
        return [(f"{path}.{name}", item) for name, item in (value.results | value.intermediates).items()]
    if hasattr(value, "__dict__") and not isinstance(value, type):
        return [(f"{path}.{name}", item) for name, item in vars(value).items()]
    return []
