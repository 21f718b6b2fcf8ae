# pyright: strict
"""Turns of the processes of one cache: of those that compute the same key, and of those that make room.

Reading needs none. Where a folder can't be locked, processes compute the same thing twice, and the limit is held less
closely; every value is right all the same.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from types import ModuleType
from typing import Any

from serialization._cache.log import warn_once
from serialization._extras import package_of

_TOTAL = "total"


class Held(threading.local):
    """The names of the locks that this thread holds."""

    def __init__(self) -> None:
        self.names: set[str] = set()


_held = Held()


class Locks:
    """The locks of one store.

    Parameters
    ----------
    folder
        Their folder, which is made when it is needed.
    prepare
        Makes what the folder is in.
    """

    def __init__(self, folder: Path, prepare: Callable[[], None]) -> None:
        self.folder = folder
        self._prepare = prepare

    @contextlib.contextmanager
    def computing(self, name: str, timeout: float | None) -> Generator[bool, None, None]:
        """Hold the right to compute one entry; False if it was not given within `timeout` seconds.

        Raises
        ------
        RuntimeError
            If this thread has it already.
        """
        identity = str(self.folder / name)
        if identity in _held.names:
            raise RuntimeError(f"{name}: expected a function that does not ask for its own key, found that it does")
        _held.names.add(identity)
        try:
            with self._lock(f"{name}.lock", 0.01, -1.0 if timeout is None else timeout) as held:
                yield held
        finally:
            _held.names.discard(identity)

    @contextlib.contextmanager
    def making_room(self) -> Generator[bool, None, None]:
        """Hold the right to remove entries and to add one, which takes a moment; False if it was not given."""
        with self._lock(f"{_TOTAL}.lock", 0.001, 60.0) as held:
            yield held

    @contextlib.contextmanager
    def _lock(self, filename: str, poll: float, timeout: float) -> Generator[bool, None, None]:
        filelock = _filelock()
        lock: Any = None
        try:
            if not self.folder.is_dir():
                self._prepare()
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = filelock.FileLock(self.folder / filename, mode=0o600)
            lock.acquire(timeout=timeout, poll_interval=poll)
        except filelock.Timeout:
            lock = None
        except (OSError, NotImplementedError) as error:
            lock = None
            message = "%s can't be locked (%s), so that work may be done twice"
            warn_once(str(self.folder), "lock", message, self.folder, error)
        try:
            yield lock is not None
        finally:
            if lock is not None:
                lock.release()

    def read_total(self) -> int | None:
        """The bytes of all entries as they were counted last, or None if that is not known."""
        try:
            return int((self.folder / _TOTAL).read_bytes())
        except (OSError, ValueError):
            return None

    def write_total(self, total: int) -> None:
        """Note the bytes of all entries, while the right to make room is held."""
        with contextlib.suppress(OSError):
            # A fixed width: what a killed process leaves is the old number or the new one.
            descriptor = os.open(self.folder / _TOTAL, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, b"%020d" % max(total, 0))
            finally:
                os.close(descriptor)

    def clean(self) -> int:
        """Remove the locks that nobody holds, and return how many those were."""
        filelock = _filelock()
        count = 0
        for path in sorted(self.folder.glob("*.lock")):
            if path.name == f"{_TOTAL}.lock" or str(path.with_suffix("")) in _held.names:
                continue
            lock = filelock.FileLock(path, mode=0o600)
            with contextlib.suppress(OSError, NotImplementedError):  # held, among others
                lock.acquire(timeout=0)
                try:
                    # While it is held: who has opened the same file meanwhile finds it removed, and opens a new one.
                    path.unlink(missing_ok=True)
                    count += 1
                finally:
                    lock.release()
        return count


def _filelock() -> ModuleType:
    return package_of("cache", "filelock", "writing into a cache")
