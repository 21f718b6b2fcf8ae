"""What made a payload: FORMAT.md, section 8."""

# pyright: strict

from __future__ import annotations

import datetime
import functools
import hashlib
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from serialization._graph.walk import objects_of
from serialization._schema.schema import Source, hooks_of
from serialization.errors import UnsupportedValueError

_GIT_SECONDS = 2.0  # after which a slow repository is left out
# Nothing that a repository names is run, and it is only read.
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")


def check_provenance(provenance: object) -> None:
    """Raise UnsupportedValueError unless it says whether provenance is asked for."""
    if type(provenance) is not bool:
        raise UnsupportedValueError(f"provenance: expected True or False, found {type(provenance).__name__}")


def provenance_of(obj: object) -> dict[str, Any]:
    """The time, the command line, the environment, the commit of the working tree, and the input files of a graph.

    What can't be found out is left out: the commit where the working directory is in no git repository, git is not
    installed or takes more than 2 seconds; the input files where this process read none.
    """
    entries: dict[str, Any] = {
        "time": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": list(map(_text, sys.orig_argv)),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "packages": _packages(),
    }
    if (git := _git()) is not None:
        entries["git"] = git
    if inputs := _inputs(obj):
        entries["inputs"] = inputs
    return entries


@functools.cache
def _packages() -> dict[str, str]:
    """The version of each package; of two of one name, that of the first on the path of modules, which is imported."""
    versions: dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        name: str | None = distribution.metadata["Name"]
        if name:  # a folder that an interrupted installation left has none
            versions.setdefault(_text(name), _text(distribution.version or ""))
    return dict(sorted(versions.items()))


def _git() -> dict[str, Any] | None:
    """The commit of the working directory's repository, and whether no file differs from it, but for ignored ones."""
    try:
        commit = _run_git("rev-parse", "--verify", "HEAD").strip()
        changes = _run_git("status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none")
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "clean": not changes}


def _run_git(*arguments: str) -> str:
    done = subprocess.run(
        [*_GIT, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_GIT_SECONDS,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


def _inputs(obj: object) -> list[dict[str, Any]]:
    return [_input(source) for source in sorted(set(_sources_in(obj)))]


def _sources_in(obj: object) -> Iterator[Source]:
    source_of = hooks_of().source_of
    for _, value in objects_of(obj):
        if (source := source_of(value)) is not None:
            yield source


def _input(source: Source) -> dict[str, Any]:
    """A file as it was read. Its SHA-256 is left out if the file is no longer that one."""
    path, size, mtime_ns = source
    entry: dict[str, Any] = {"path": _text(path), "size": size}
    try:
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            status = os.fstat(file.fileno())
    except OSError:
        return entry
    if (status.st_size, status.st_mtime_ns) == (size, mtime_ns):
        entry["sha256"] = digest
    return entry


def _text(text: str) -> str:
    """A text of the system as UTF-8 can hold it: bytes that are no text are shown as question marks."""
    return text.encode("utf-8", "replace").decode()
