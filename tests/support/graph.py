"""Walks over object graphs."""

from __future__ import annotations

import threading
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from autoarray._state import DerivedValues, State, derived_names

ATOMS = (type(None), bool, int, float, complex, str, bytes, np.generic)

# What no object's state may reach.
FORBIDDEN = (
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    type(threading.Lock()),
    type(threading.RLock()),
)


def intermediates_of(instance: State) -> dict[str, Any]:
    """The intermediates that an object holds."""
    derived = vars(instance).get("_derived")
    return {} if derived is None else derived.intermediates


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


def everything_of(fit) -> None:
    """Compute every derived value that is reachable, until there are no new objects."""
    # What the dataset has no covariance matrix for, a reverse that has a reverse of its own without end, and what
    # exists in one mode only.
    skipped = {("Imaging", "noise_covariance_matrix_inv"), ("Convolver", "reversed_kernel")}
    if fit.use_jax:
        skipped |= {("Mapper", "mapping_matrix_sparse"), ("InversionImagingMapping", "_ordered_cholesky")}
    else:
        inversions = ("InversionImagingMapping", "InversionImagingSparse")
        skipped |= {(inversion, "_reconstruction_and_log_det") for inversion in inversions}
    done = 0
    while True:
        objects = [value for _, value in walk(fit) if isinstance(value, State)]
        if len(objects) == done:
            return
        done = len(objects)
        for value in objects:
            cls = type(value)
            for name in derived_names(cls, travels=True) | derived_names(cls, travels=False):
                if (cls.__name__, name) not in skipped:
                    getattr(value, name)
