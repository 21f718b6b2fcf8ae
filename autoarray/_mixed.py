"""Refuses an installation in which two distributions have written files into one folder `autoarray`.

PyAutoArray (the distribution `autoarray`) and this project (`autoarray-portable`) have packages of one name. pip
installs one over the other without a word, and neither works then. This runs with the first import of `autoarray.exc`,
and looks for three files at most, unless it has something to say.
"""

from __future__ import annotations

import os

PACKAGE = os.path.dirname(os.path.abspath(__file__))
# What lies in `autoarray` where this project was put in place of PyAutoArray by `autoarray-state drop-in`.
DROP_IN = "_drop_in.json"
# What PyAutoArray has and this project has not: there, it is a package.
THEIRS = "exc.py"


def refuse_a_mixture(package: str = PACKAGE) -> None:
    """Raise if a folder has files of two distributions, or what is left after one of them was uninstalled.

    Parameters
    ----------
    package
        The folder `autoarray`.

    Raises
    ------
    ImportError
        If the folder is mixed; the message names both distributions and the commands that mend it.
    """
    if os.path.exists(os.path.join(package, THEIRS)):
        raise ImportError(_both(package))
    if not os.path.exists(os.path.join(package, "__init__.py")):
        raise ImportError(_remains(package))
    if os.path.exists(os.path.join(package, DROP_IN)):
        # Here `autoarray` is this project too, and nothing tells the files of the two apart.
        found = _installed(package)
        if "autoarray-portable" in found:
            raise ImportError(_twice(package, found))


def _both(package: str) -> str:
    found = _installed(package)
    ours, theirs = found.get("autoarray-portable"), found.get("autoarray")
    return (
        f"{package} holds files of two distributions: {_named('autoarray', theirs)}, which is PyAutoArray, and "
        f"{_named('autoarray-portable', ours)}. Each has overwritten files of the other, and neither works. "
        f"To keep PyAutoArray: python -m pip uninstall --yes autoarray-portable && python -m pip install "
        f"--force-reinstall --no-deps {_pinned('autoarray', theirs)}. "
        f"To keep autoarray-portable: python -m pip uninstall --yes autoarray && python -m pip install "
        f"--force-reinstall --no-deps {_pinned('autoarray-portable', ours)}. "
        f"To use autoarray-portable with PyAutoLens: keep PyAutoArray, then run `autoarray-state drop-in` from another "
        f"environment."
    )


def _remains(package: str) -> str:
    ours = _installed(package).get("autoarray-portable")
    return (
        f"{package} has no __init__.py: it holds what is left of {_named('autoarray-portable', ours)} after the "
        f"distribution autoarray (PyAutoArray) was installed over it and uninstalled. To mend it: python -m pip "
        f"install --force-reinstall --no-deps {_pinned('autoarray-portable', ours)}"
    )


def _twice(package: str, found: dict[str, str]) -> str:
    ours, dropped = found["autoarray-portable"], found.get("autoarray")
    return (
        f"{package} belongs to two distributions: {_named('autoarray', dropped)}, which autoarray-state put in place "
        f"of PyAutoArray, and {_named('autoarray-portable', ours)}. Uninstalling or upgrading either breaks the other. "
        f"To mend it: python -m pip uninstall --yes autoarray-portable autoarray && python -m pip install autoarray=="
        f"{(dropped or '2026.10.26.1').partition('+')[0]}, then run `autoarray-state drop-in` from another environment."
    )


def _installed(package: str) -> dict[str, str]:
    """The versions of the two distributions by their names, as the folders beside the package say."""
    found = {}
    for entry in os.listdir(os.path.dirname(package)):
        name, _, version = entry.removesuffix(".dist-info").partition("-")
        name = name.replace("_", "-").lower()
        if entry.endswith(".dist-info") and name in ("autoarray", "autoarray-portable"):
            found[name] = version
    return found


def _named(name: str, version: str | None) -> str:
    return f"{name} {version}" if version else f"{name} (of an unknown version)"


def _pinned(name: str, version: str | None) -> str:
    return f"{name}=={version}" if version else name
