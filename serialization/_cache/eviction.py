"""Room for the entries of a cache: what is removed before one is added.

Writers take turns for the moment in which they make room and give an entry its name, so that the limit holds at any
time. How many bytes there are is kept in a small file beside the locks, and counted again whenever it says that there
are too many: a process that is killed, or removes files by hand, makes that number at worst too large for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from serialization._cache import locks as _cache_locks
from serialization._cache import store as _store

_MANY = 256  # entries from which on more room is made than is needed, so that they are not counted each time


class Room:
    """The entries of one store under its limits.

    Parameters
    ----------
    place
        The store: a `LocalStore` or a `RemoteStore`.
    locks
        Its locks.
    max_bytes, max_age
        The limits, in bytes and ns, or None.
    count
        Is told how many entries have expired or were evicted.
    """

    def __init__(
        self,
        place: Any,
        locks: _cache_locks.Locks,
        max_bytes: int | None,
        max_age: int | None,
        count: Callable[[str, int], None],
    ) -> None:
        self.place = place
        self.locks = locks
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._count = count
        self._counted = False  # whether this object has counted the bytes once

    def store(self, name: str, data: bytes) -> None:
        """Add an entry, or replace it, when there is room."""
        place = self.place
        for last in (False, False, True):
            now = time.time_ns()
            staged = place.stage(name, data, now)
            try:
                with self.locks.making_room():
                    self._make(name, len(data), now)
                    if not place.reserves:
                        place.commit(staged, name)
                if place.reserves:
                    place.commit(staged, name)
                return
            except FileNotFoundError:  # who cleans has taken it for one of a process that was killed
                place.discard(staged)
                if last:
                    raise
            except BaseException:
                place.discard(staged)
                raise

    def prune(self, limit: int | None, age: int | None) -> tuple[int, list[_store.Entry], int, int]:
        """Remove what is beyond the limits: the bytes before, what is left, how many expired and were evicted."""
        with self.locks.making_room():
            entries = self.place.scan()
            before = sum(entry.size for entry in entries)
            left, expired, evicted = self._evict(entries, limit, age, time.time_ns())
            self.locks.write_total(sum(entry.size for entry in left))
        return before, left, expired, evicted

    def _make(self, name: str, size: int, now: int) -> None:
        """Remove entries until one of `size` bytes can be added; the right to do so is held."""
        limit = self._max_bytes
        old = self.place.find(name)
        before = 0 if old is None else old.size
        total = self.locks.read_total() if self._counted else None
        if total is None or (limit is not None and total - before + size > limit):
            left, before = [entry for entry in self.place.scan() if entry.name != name], 0
            self._counted = True
            if limit is not None and sum(entry.size for entry in left) + size > limit:
                slack = limit // 20 if len(left) >= _MANY else 0
                left, _, _ = self._evict(left, limit - size - slack, self._max_age, now)
            total = sum(entry.size for entry in left)
        # Before the entry is there: if this process is killed in between, the number is too large, not too small.
        self.locks.write_total(total - before + size)

    def _evict(
        self, entries: list[_store.Entry], limit: int | None, age: int | None, now: int
    ) -> tuple[list[_store.Entry], int, int]:
        """Remove what has expired, then the least recently used; what is left, and how many of each were removed."""
        gone: set[str] = set()
        expired = self._remove([entry for entry in entries if age is not None and now - entry.written > age], gone)
        evicted, total = 0, sum(entry.size for entry in entries if entry.name not in gone)
        for entry in sorted(entries, key=lambda entry: (entry.used, entry.name)):
            if limit is None or total <= limit:
                break
            if entry.name not in gone:
                evicted += self._remove([entry], gone)
                total -= entry.size if entry.name in gone else 0
        self._count("expired", expired)
        self._count("evictions", evicted)
        return [entry for entry in entries if entry.name not in gone], expired, evicted

    def _remove(self, entries: list[_store.Entry], gone: set[str]) -> int:
        """Remove entries, note which are gone, and return how many of them this process has removed."""
        count = 0
        for entry in entries:
            try:
                count += self.place.remove(entry.name)  # or another process has
            except OSError:  # such as a file in use, on Windows
                continue
            gone.add(entry.name)
        return count
