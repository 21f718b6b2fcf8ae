# pyright: strict
"""Turns of the processes of one cache: of those that compute the same key, and of those that make room.

Reading needs none. Where a folder can't be locked, processes compute the same thing twice, and the limit is held less
closely; every value is right all the same.

Waiting never becomes a deadlock. Who makes room waits for nobody. Who computes one key may wait for another one: its
function may use the cache. It then writes the lock that it waits for into the files of all locks that it holds. Before
each look at that lock it follows what the holders wrote. If the holder of that lock waits, over any number of others,
for a lock of its own, none of them could ever go on, and it computes without the lock. In a deadlock nobody changes
what is written, so that whoever is last to write sees the whole circle. What a killed process wrote is wiped by the
next holder of that lock; until then it can at worst make a process compute what another one computes too.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

from serialization._cache.access import Access
from serialization._cache.file_lock import FileLock, text_in
from serialization._cache.log import warn_once

_TOTAL, _SUFFIX = "total", ".lock"
_MOST_WAITING = 1000  # who wait for one another, before it is taken for a circle


class Held(threading.local):
    """What this thread computes, as paths of locks, and the locks of it that it holds."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.locks: list[FileLock] = []


_held = Held()


class Locks:
    """The locks of one store.

    Parameters
    ----------
    folder
        Their folder, which is made when it is needed.
    prepare
        Makes what the folder is in.
    access
        Who may write to it.

    Raises
    ------
    PermissionError
        If others may, or a link is in its place.
    """

    def __init__(self, folder: Path, prepare: Callable[[], None], access: Access) -> None:
        self.folder = folder
        self._prepare = prepare
        self._access = access
        self._total = str(folder / _TOTAL)
        access.check_if_there(folder)

    @contextlib.contextmanager
    def computing(self, name: str, timeout: float | None) -> Generator[bool, None, None]:
        """Hold the right to compute one entry; False if it was not given within `timeout` seconds, or never would be.

        Raises
        ------
        RuntimeError
            If this thread has it already.
        """
        path = str(self.folder / f"{name}{_SUFFIX}")
        if path in _held.paths:
            raise RuntimeError(f"{name}: expected a function that does not ask for its own key, found that it does")
        _held.paths.add(path)
        try:
            with self._lock(path, 0.01, timeout, remove=True) as lock:
                if lock is not None:
                    _held.locks.append(lock)
                try:
                    yield lock is not None
                finally:
                    if lock is not None:
                        _held.locks.remove(lock)
        finally:
            _held.paths.discard(path)

    @contextlib.contextmanager
    def making_room(self) -> Generator[bool, None, None]:
        """Hold the right to remove entries and to add one, which takes a moment; False if it was not given."""
        with self._lock(f"{self._total}{_SUFFIX}", 0.001, 60.0, remove=False) as lock:
            yield lock is not None

    @contextlib.contextmanager
    def _lock(
        self, path: str, poll: float, timeout: float | None, *, remove: bool
    ) -> Generator[FileLock | None, None, None]:
        lock: FileLock | None = None
        try:
            self._make()
            lock = self._wait(path, poll, timeout)
        except OSError as error:
            message = "%s can't be locked (%s), so that work may be done twice"
            warn_once(str(self.folder), "lock", message, self.folder, error)
        try:
            yield lock
        finally:
            if lock is not None:
                lock.release(remove=remove)

    def _make(self) -> None:
        """Make the folder unless it is there."""
        try:
            self._access.check(self.folder)
        except FileNotFoundError:
            self._prepare()
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._access.make(self.folder)

    def _wait(self, path: str, poll: float, timeout: float | None) -> FileLock | None:
        """The lock of a path, or None when the time is over, or waiting would be a deadlock."""
        lock = FileLock.acquire(path, self._access.file_mode)
        if lock is not None:
            return lock
        end = None if timeout is None else time.monotonic() + timeout
        try:
            for own in _held.locks:
                own.write(path)
            while lock is None and (end is None or time.monotonic() < end) and not _waits_for_this_thread(path):
                time.sleep(poll)
                lock = FileLock.acquire(path, self._access.file_mode)
        except BaseException:
            if lock is not None:
                lock.release(remove=True)
            raise
        finally:
            for own in _held.locks:
                own.write("")
        return lock

    def read_total(self) -> int | None:
        """The bytes of all files as they were counted last, or None if that is not known."""
        try:
            return int(text_in(self._total))
        except ValueError:
            return None

    def write_total(self, total: int) -> None:
        """Note the bytes of all files, while the right to make room is held."""
        with contextlib.suppress(OSError):
            self._access.check(self.folder)
            # A new file that takes the name: nothing is written into what a link, or another name, leads to.
            temporary = f"{self._total}.tmp"
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self._access.file_mode)
            try:
                if self._access.shared_with_group:
                    os.chmod(temporary, self._access.file_mode)  # whatever the umask took away
                os.write(descriptor, b"%020d" % max(total, 0))
            finally:
                os.close(descriptor)
            os.replace(temporary, self._total)

    def count(self) -> int:
        """How many files there are."""
        try:
            self._access.check(self.folder)
            return len(os.listdir(self.folder))
        except (FileNotFoundError, NotADirectoryError):
            return 0

    def clean(self) -> int:
        """Remove the files of locks that nobody holds, which killed processes leave, and return how many those were."""
        count = 0
        with contextlib.suppress(OSError):
            self._access.check(self.folder)
            for filename in sorted(os.listdir(self.folder)):
                path = str(self.folder / filename)
                if not filename.endswith(_SUFFIX) or path == f"{self._total}{_SUFFIX}":
                    continue
                with contextlib.suppress(OSError):
                    lock = FileLock.acquire(path, self._access.file_mode)
                    if lock is not None:
                        lock.release(remove=True)
                        count += 1
        return count


def _waits_for_this_thread(path: str) -> bool:
    """Whether the holder of a lock waits, over any number of others, for one that this thread holds."""
    own = {lock.path for lock in _held.locks}
    if not own:
        return False
    for _ in range(_MOST_WAITING):
        path = text_in(path)
        if path in own or not path:
            return bool(path)
    return True
