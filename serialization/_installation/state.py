"""What an environment has for `autoarray`, and what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from serialization._installation import record
from serialization._installation.environment import Distribution, Environment

# The release of PyAutoArray whose names, arguments and numbers this project has.
RELEASE = "2026.10.26.1"
LOCAL = "+portable."
NOTE = "_drop_in.json"
KEPT = "replaced.tar.gz"
CLIENTS = ("autolens", "autogalaxy")
OURS = "autoarray-portable"

PYAUTOARRAY, DROP_IN, PORTABLE, MIXED, EDITABLE, NOTHING, UNKNOWN = (
    "PyAutoArray",
    "drop-in",
    "autoarray-portable",
    "mixed",
    "editable",
    "nothing",
    "unknown",
)


@dataclass(frozen=True)
class State:
    """What an environment has for `autoarray`.

    Attributes
    ----------
    kind
        "PyAutoArray", "drop-in", "autoarray-portable" (by itself), "mixed", "editable" (a checkout of PyAutoArray),
        "nothing" or "unknown" (a folder that no distribution owns).
    distribution
        The distribution `autoarray`, if there is one.
    portable
        The distribution `autoarray-portable`, if there is one.
    clients
        The versions of autolens and autogalaxy, by their names.
    problems
        What is wrong, in sentences.
    mend
        The commands that mend it.
    """

    kind: str
    distribution: Distribution | None = None
    portable: Distribution | None = None
    clients: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()

    @property
    def release(self) -> str | None:
        """The release of PyAutoArray that is there, or that was before the drop-in."""
        return self.distribution.version.partition(LOCAL)[0] if self.distribution else None


def state_of(environment: Environment) -> State:
    """Look at an environment."""
    found = environment.distributions
    theirs, ours = found.get("autoarray"), found.get(OURS)
    clients = {name: found[name].version for name in CLIENTS if name in found}
    kind, problems, mend = _judge(environment, theirs, ours)
    return State(kind, theirs, ours, clients, tuple(problems), tuple(mend))


def _judge(
    environment: Environment, theirs: Distribution | None, ours: Distribution | None
) -> tuple[str, list[str], list[str]]:
    package = environment.packages / "autoarray"
    again = f"{environment.python} -m pip install --force-reinstall --no-deps"
    back = f"{again} autoarray=={theirs.version.partition(LOCAL)[0] if theirs else RELEASE}"
    remove = f"{environment.python} -m pip uninstall --yes"
    if theirs is not None and theirs.is_editable:
        return EDITABLE, [], []
    dropped = theirs is not None and LOCAL in theirs.version
    # A checkout of this project: its files are elsewhere, and Python finds those of the folder of packages first.
    elsewhere = ours is not None and ours.is_editable
    if (package / "exc.py").exists() and (package / "exc" / "__init__.py").exists():
        problem = f"{package} holds files of two distributions, PyAutoArray and autoarray-portable"
        return MIXED, [problem], [f"{remove} {OURS} autoarray", back]
    if theirs is not None and ours is not None and (dropped or not elsewhere):
        problem = f"{package} belongs to two distributions, {_named(theirs)} and {_named(ours)}"
        return MIXED, [problem], [f"{remove} {OURS} autoarray", back]
    if theirs is None and ours is None:
        if not package.exists():
            return NOTHING, [], []
        return UNKNOWN, [f"{package} is there, and no distribution owns it"], [f"remove {package}", back]
    owner = theirs if theirs is not None else ours
    assert owner is not None
    kind = PORTABLE if theirs is None else DROP_IN if dropped else PYAUTOARRAY
    if kind == PORTABLE and elsewhere:
        return kind, [], []
    return kind, *_whole(environment, owner, back if kind != PORTABLE else f"{again} {OURS}=={owner.version}")


def _whole(environment: Environment, owner: Distribution, mend: str) -> tuple[list[str], list[str]]:
    """Whether the files that RECORD lists are there, and no others."""
    rows = record.rows_of(owner.folder)
    problems = []
    if not rows:
        problems.append(f"{owner.folder} has no RECORD, so that nobody knows which files are its own")
    lost = list(record.missing(environment.packages, rows))
    if lost:
        problems.append(f"{len(lost)} files of {_named(owner)} are missing, such as {lost[0]}")
    strange = list(record.unlisted(environment.packages, "autoarray", rows)) if rows else []
    if strange:
        problems.append(f"no distribution owns {len(strange)} files, such as {environment.packages / strange[0]}")
    return problems, [mend] if problems else []


def note_of(environment: Environment) -> dict[str, object]:
    """What a drop-in noted of itself."""
    return json.loads((environment.packages / "autoarray" / NOTE).read_text(encoding="utf-8"))


def kept_of(distribution: Distribution) -> Path | None:
    """The archive of the files that a drop-in replaced, if it is there and as it was written."""
    path = distribution.folder / KEPT
    name = f"{distribution.folder.name}/{KEPT}"
    digests = [row.digest for row in record.rows_of(distribution.folder) if row.path == name]
    return path if path.is_file() and digests == [record.digest_of(path)] else None


def _named(distribution: Distribution) -> str:
    return f"{distribution.name} {distribution.version}"
