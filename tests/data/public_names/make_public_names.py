"""Write the public names of PyAutoArray, with their arguments, to `2026.10.26.1.json` beside this script.

Run it with a Python that has PyAutoArray 2026.10.26.1 and its optional dependencies installed, from an empty folder:

    python make_public_names.py

It imports every module and asks `inspect` for the signatures. A name belongs to the module that defines it.
"""

import contextlib
import importlib
import inspect
import json
import pkgutil
import sys
from enum import Enum
from pathlib import Path

import autoarray

TOP_LEVEL = ("autoarray", "autoarray.plot", "autoarray.type", "autoarray.util", "autoarray.mock", "autoarray.fixtures")


def arguments_of(function):
    """The names of the parameters of a function, without the object that a method is called on."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None
    return [name for name in names if name not in ("self", "cls")]


def members_of(cls):
    """The public methods of a class with their arguments, and its properties, None each."""
    members = {}
    for name, value in sorted(vars(cls).items()):
        if name.startswith("_") or issubclass(cls, Enum):
            continue
        function = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        is_function = inspect.isfunction(inspect.unwrap(function)) if callable(function) else False
        members[name] = arguments_of(function) if is_function else None
    return members


def names_of(module):
    """The public classes and functions that a module defines."""
    names = {}
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value):
            names[name] = {"arguments": arguments_of(value.__init__), "members": members_of(value)}
        elif callable(value):
            names[name] = {"arguments": arguments_of(value)}
    return names


def main():
    modules = {}
    for info in pkgutil.walk_packages(autoarray.__path__, "autoarray."):
        if any(part.startswith("_") for part in info.name.split(".")):
            continue
        with contextlib.redirect_stdout(sys.stderr):
            modules[info.name] = names_of(importlib.import_module(info.name))
    short = {
        name: sorted(key for key in dir(importlib.import_module(name)) if not key.startswith("_")) for name in TOP_LEVEL
    }
    content = {"release": autoarray.__version__, "short names": short, "modules": modules}
    path = Path(__file__).with_name("2026.10.26.1.json")
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
