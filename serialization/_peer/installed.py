"""Which `autoarray` is installed, found out without importing it."""

# pyright: strict

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import sys
from importlib.machinery import ModuleSpec
from typing import Literal

Kind = Literal["own", "peer", "none"]

# The releases whose states and conventions are those of the newest schema versions, and the last one that was tested.
FIRST, TESTED = (2026, 10, 4, 1), (2026, 10, 26, 1)
PEER = "PyAutoArray"
_OWN_MODULE = "_state.py"  # which PyAutoArray does not have


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
