# pyright: strict
"""Packages that only some uses need: the extras of pyproject.toml."""

from __future__ import annotations

import importlib
from types import ModuleType

from serialization._autoarray import distribution


def package_of(extra: str, name: str, purpose: str) -> ModuleType:
    """The package of that name, imported now.

    Parameters
    ----------
    extra
        The extra of `autoarray-portable` that installs it.
    name
        The package, or a module of it.
    purpose
        What needs it, for the message.

    Raises
    ------
    ModuleNotFoundError
        If it can't be imported; the message names the extra.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise ModuleNotFoundError(
            f"{purpose}: expected the package {package}, found {error}; install it with "
            f"`pip install {distribution()}[{extra}]`",
            name=package,
        ) from None
