"""All classes of autogalaxy and autolens, with the state that an object of each holds.

A profile has the same attributes whatever its arguments are: they are varied here to show it.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import warnings
from collections.abc import Iterator

PACKAGES = ("autogalaxy", "autolens")
# What a model sets on the objects that it makes.
MARKS = frozenset({"id", "label", "item_number"})


@functools.cache
def classes() -> dict[str, type]:
    """Each class that a module of the packages defines, by "module:class"."""
    found: dict[str, type] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for package in map(importlib.import_module, PACKAGES):
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                for value in vars(importlib.import_module(module.name)).values():
                    if inspect.isclass(value) and value.__module__.partition(".")[0] in PACKAGES:
                        found.setdefault(f"{value.__module__}:{value.__qualname__}", value)
    return dict(sorted(found.items()))


def instances(cls: type) -> Iterator[object]:
    """Objects of a class, as its constructor makes them: one by the defaults, and one for each argument changed."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    named = [each for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    needed = {each.name: 1.0 for each in named if each.default is each.empty}
    yield cls(**needed)
    for each in named:
        if isinstance(each.default, float):
            changed = 1.1 * each.default + 0.01
        elif isinstance(each.default, tuple):
            changed = tuple(item + 0.05 for item in each.default)
        else:
            continue
        try:
            yield cls(**{**needed, each.name: changed})
        except Exception:
            continue


@functools.cache
def profiles() -> dict[str, tuple[type, tuple[str, ...]]]:
    """The profiles of both packages that can be made of numbers, each with the attributes that it always has."""
    found = {}
    for target, cls in classes().items():
        if not target.startswith("autogalaxy.profiles.") or ".mock" in target or inspect.isabstract(cls):
            continue
        try:
            states = [tuple(vars(each)) for each in instances(cls)]
        except Exception:
            continue
        if any(set(state) != set(states[0]) for state in states):
            raise AssertionError(f"{target}: expected the same attributes whatever the arguments, found {states}")
        if states[0]:
            found[target] = cls, tuple(name for name in states[0] if name != "pytree_token")
    return found
