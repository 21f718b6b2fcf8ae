"""Puts files and folders in place of others, all or none of them, whatever happens meanwhile.

What is put in place is prepared in a folder beside the packages, and what it replaces is moved there. Each move is a
rename, and a journal is written before the first. So whoever finds that folder knows what an interrupted run had
done, and undoes it; once everything is in place the journal says so, and there is only the folder to be removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import time
from collections.abc import Generator, Sequence
from pathlib import Path

FOLDER = ".autoarray-portable-swap"
_JOURNAL = "journal.json"
_LONGEST = 600.0  # seconds that a swap may take; a process of this number is another one after that


class BusyError(RuntimeError):
    """Another process is changing the environment."""


@contextlib.contextmanager
def staging(packages: Path) -> Generator[Path, None, None]:
    """A folder in which a swap is prepared; it is gone when the block ends, and what was moved is back if it fails."""
    folder = packages / FOLDER
    try:
        folder.mkdir()
    except FileExistsError:
        raise BusyError(f"{folder} is there: another process is changing this environment") from None
    try:
        _write(folder, {"moves": [], "done": False})
        yield folder
    except BaseException:
        recover(packages, mine=True)
        raise
    shutil.rmtree(folder)


def perform(folder: Path, out: Sequence[Path], into: Sequence[tuple[Path, Path]]) -> None:
    """Move what is in the way into a folder of `staging`, and what was prepared there into its place.

    Parameters
    ----------
    folder
        The folder of `staging`.
    out
        Files and folders that go.
    into
        What was prepared, and where it belongs.
    """
    old = folder / "old"
    old.mkdir()
    moves = [(path, old / str(index)) for index, path in enumerate(out) if os.path.lexists(path)]
    moves += into
    taken = [str(target) for _, target in into if os.path.lexists(target) and target not in out]
    if taken:
        raise FileExistsError(
            f"{', '.join(taken)}: expected nothing, found a file or folder that no distribution of ours owns"
        )
    _write(folder, {"moves": [[str(source), str(target)] for source, target in moves], "done": False})
    for source, target in moves:
        os.rename(source, target)


def finish(folder: Path) -> None:
    """Note that everything is in place, so that nothing is undone any more."""
    _write(folder, {"moves": [], "done": True})


def recover(packages: Path, mine: bool = False) -> bool:
    """Undo what an interrupted swap had done, and return whether there was one.

    Raises
    ------
    BusyError
        If its process is still running.
    """
    folder = packages / FOLDER
    if not folder.is_dir():
        return False
    journal = json.loads((folder / _JOURNAL).read_text(encoding="utf-8")) if (folder / _JOURNAL).is_file() else {}
    if not mine and _runs(journal, folder.stat().st_mtime):
        raise BusyError(
            f"process {journal['pid']} on {journal['host']} is changing {packages}: wait until it has ended"
        )
    for source, target in reversed(journal.get("moves", [])):
        if os.path.lexists(target) and not os.path.lexists(source):
            os.rename(target, source)
    shutil.rmtree(folder)
    return True


def _write(folder: Path, journal: dict[str, object]) -> None:
    journal |= {"pid": os.getpid(), "host": socket.gethostname()}
    temporary = folder / f"{_JOURNAL}.new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(journal, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, folder / _JOURNAL)


def _runs(journal: dict[str, object], written: float) -> bool:
    """Whether the process that wrote a journal runs; that of another machine is given some time."""
    pid = journal.get("pid")
    if not isinstance(pid, int) or pid == os.getpid() or time.time() - written > _LONGEST:
        return False
    if journal.get("host") != socket.gethostname() or os.name == "nt":  # where signal 0 ends a process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
