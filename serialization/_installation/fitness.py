"""Whether an environment is fit for a drop-in; the messages say what to do where it isn't."""

from __future__ import annotations

import os

from serialization._installation import record
from serialization._installation.environment import Distribution, Environment, UnfitError
from serialization._installation.state import DROP_IN, EDITABLE, MIXED, NOTHING, PORTABLE, PYAUTOARRAY, RELEASE, State

# What this project asks of an interpreter.
_OLDEST = (3, 11)
_PACKAGES = ("autoarray", "serialization")


def owned(distribution: Distribution) -> list[str]:
    """The names in the folder of packages that belong to a distribution."""
    return sorted({row.path.split("/")[0] for row in record.rows_of(distribution.folder)} - {".."})


def packages_for(environment: Environment, state: State) -> tuple[str, ...]:
    """Both packages, but `serialization` only where no other distribution of this project has put it already."""
    there = environment.packages / "serialization"
    theirs = state.distribution
    if not there.exists() or (state.kind == DROP_IN and theirs and "serialization" in owned(theirs)):
        return _PACKAGES
    if (there / "_mixed.py").is_file():
        return _PACKAGES[:1]
    raise UnfitError(
        f"{there}: expected nothing, or the package of autoarray-portable; found another package of this name"
    )


def check_fit(environment: Environment, state: State) -> None:
    """Refuse what a drop-in can't be put into."""
    if environment.version < _OLDEST:
        raise UnfitError(
            f"{environment.python}: expected Python {'.'.join(map(str, _OLDEST))} or newer, found "
            f"{'.'.join(map(str, environment.version))}"
        )
    if not os.access(environment.packages, os.W_OK):
        raise UnfitError(f"{environment.packages}: this user can't write there")
    if state.kind not in (PYAUTOARRAY, DROP_IN):
        raise UnfitError(why_not(environment, state))
    if not state.clients:
        raise UnfitError(
            f"{environment.packages}: expected PyAutoLens or PyAutoGalaxy, which use PyAutoArray; found neither. To "
            f"use autoarray-portable by itself: {environment.python} -m pip uninstall autoarray, then pip install "
            f"autoarray-portable"
        )
    if state.release != RELEASE:
        raise UnfitError(
            f"{environment.packages}: expected PyAutoArray {RELEASE}, whose names and numbers this project has; found "
            f"{state.release}. Install that one first: {environment.python} -m pip install autolens=={RELEASE} "
            f"autogalaxy=={RELEASE} autofit=={RELEASE} autonerves=={RELEASE} autoarray=={RELEASE}"
        )
    if state.problems:
        raise UnfitError(f"{'; '.join(state.problems)}. To mend it: {' && '.join(state.mend)}")
    expected = environment.packages / "autoarray" / "__init__.py"
    found = environment.autoarray
    if found is None or found.resolve() != expected.resolve():
        raise UnfitError(f"{environment.python}: expected `import autoarray` to find {expected}, found {found}")
    assert state.distribution is not None
    outside = [name for name in owned(state.distribution) if not _may_go(name, state)]
    outside += [row.path for row in record.rows_of(state.distribution.folder) if row.path.startswith("..")] * (
        state.kind == PYAUTOARRAY
    )
    if outside:
        raise UnfitError(f"{state.distribution.folder}: RECORD lists more than one package: {', '.join(outside)}")


def _may_go(name: str, state: State) -> bool:
    assert state.distribution is not None
    return name in ("autoarray", state.distribution.folder.name) or (state.kind == DROP_IN and name == "serialization")


def why_not(environment: Environment, state: State) -> str:
    """Why an environment in a state can't be changed as was asked, and what to do about it."""
    if state.kind == NOTHING:
        return f"{environment.packages}: expected PyAutoArray, found none"
    if state.kind == PORTABLE:
        return (
            f"{environment.packages}: autoarray-portable is installed here by itself, not in place of PyAutoArray. For "
            f"PyAutoLens: {environment.python} -m pip uninstall autoarray-portable, then pip install "
            f"autolens=={RELEASE}"
        )
    if state.kind == EDITABLE:
        return (
            f"{environment.packages}: PyAutoArray is a checkout here (an editable installation), which nothing is "
            f"put in place of. Install its release {RELEASE} first"
        )
    kind = "a mixture" if state.kind == MIXED else "not whole"
    return f"the installation is {kind}: {'; '.join(state.problems)}. To mend it: {' && '.join(state.mend)}"
