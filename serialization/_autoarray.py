"""Which `autoarray` is installed, found out without importing it, and by which wheel this package came.

`serialization` is in two wheels: that of autoarray-portable, with this project's `autoarray`, and one of its own for
environments that have PyAutoArray.
"""

# pyright: strict

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import os
import re
import sys
from importlib.machinery import ModuleSpec
from typing import Literal

from serialization.errors import UnsupportedValueError

Kind = Literal["own", "peer", "none"]

# The releases whose states and conventions are those of the newest schema versions, and the last one that was tested.
FIRST, TESTED = (2026, 10, 4, 1), (2026, 10, 26, 1)
PEER = "PyAutoArray"
_OWN_MODULE = "_state.py"  # which PyAutoArray does not have


_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WHOLE, ALONE = "autoarray-portable", "autoarray-portable-serialization"


def refuse_two_wheels(folder: str = _FOLDER) -> None:
    """Raise if both wheels were installed into one folder: uninstalling either would take the files of the other.

    Raises
    ------
    ImportError
        Which names both, and the commands that leave one.
    """
    found: dict[str, str] = {}
    for entry in os.listdir(folder):
        if entry.startswith("autoarray_portable") and entry.endswith(".dist-info"):
            name, _, version = entry.removesuffix(".dist-info").partition("-")
            found[name.replace("_", "-")] = version
    if found.keys() >= {WHOLE, ALONE}:
        raise ImportError(
            f"{folder} has the package serialization of two distributions, {WHOLE} {found[WHOLE]} and {ALONE} "
            f"{found[ALONE]}; uninstalling either takes the files of the other. To keep the first: python -m pip "
            f"uninstall --yes {ALONE} && python -m pip install --force-reinstall --no-deps {WHOLE}=={found[WHOLE]}. To "
            f"keep the second, beside PyAutoArray: python -m pip uninstall --yes {WHOLE} && python -m pip install "
            f"--force-reinstall --no-deps {ALONE}=={found[ALONE]}"
        )


def distribution() -> str:
    """The distribution whose extras bring what this package needs."""
    return WHOLE if kind_of_autoarray() == "own" else ALONE


def description() -> str:
    """The `autoarray` that is not this project's, for messages."""
    return f"{PEER} {release_of_peer()}" if kind_of_autoarray() == "peer" else "no package autoarray"


def require_own(what: str) -> None:
    """Raise unless `autoarray` is that of this project.

    Raises
    ------
    UnsupportedValueError
        Which says what needs it.
    """
    if kind_of_autoarray() != "own":
        raise UnsupportedValueError(
            f"{what}: expected the package autoarray of {WHOLE}, found {description()}; use an environment that has "
            f"{WHOLE}, which opens what is written here"
        )


@functools.cache
def kind_of_autoarray() -> Kind:
    """Whether `autoarray` is that of this project ("own"), PyAutoArray ("peer"), or is not installed ("none")."""
    spec = _spec()
    if spec is None:
        return "none"
    folders = list(spec.submodule_search_locations or ())
    return "own" if any(os.path.exists(os.path.join(folder, _OWN_MODULE)) for folder in folders) else "peer"


def _spec() -> ModuleSpec | None:
    loaded = sys.modules.get("autoarray")
    if loaded is not None:
        return getattr(loaded, "__spec__", None)
    return importlib.util.find_spec("autoarray")  # of a top package: nothing is imported


def release_of_peer() -> str:
    """The release of the PyAutoArray that is installed."""
    loaded = getattr(sys.modules.get("autoarray"), "__version__", None)
    if isinstance(loaded, str):
        return loaded
    try:
        return importlib.metadata.version("autoarray")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def numbers_of(release: str) -> tuple[int, ...]:
    """A release as numbers, which compare in the order of time; empty if it is not one of dates."""
    return tuple(map(int, release.split("."))) if re.fullmatch(r"\d+(\.\d+){1,3}", release) else ()
