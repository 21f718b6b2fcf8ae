"""Refuses to work on a folder `autoarray` that is a mixture, before any of it is imported."""

from __future__ import annotations

import importlib
import os

BESIDE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "autoarray")


def refuse_a_mixture(package: str = BESIDE) -> None:
    """Raise the error of `autoarray._mixed` if files of two distributions, or remains of one, lie beside this package.

    It looks for three files. What lies there is imported only if something is wrong, to say what: PyAutoArray alone
    is well beside `serialization`.

    Raises
    ------
    ImportError
        As `autoarray` does.
    """
    ours = os.path.exists(os.path.join(package, "_mixed.py"))
    if ours and (
        os.path.exists(os.path.join(package, "exc.py")) or not os.path.exists(os.path.join(package, "__init__.py"))
    ):
        importlib.import_module("autoarray.exc")
