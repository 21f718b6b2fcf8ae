# pyright: strict
"""Eviction: what is removed from a store before an entry is added.

Writers take turns for the moment in which they make room and give an entry its name, so that the limit holds at any
time. How many bytes there are is kept in a small file beside the locks, and counted again whenever it says that there
are too many: a process that is killed, or removes files by hand, makes that number at worst too large for a while.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from serialization._cache.entry import CacheEntry
from serialization._cache.locks import Locks
from serialization._cache.stats import CachePruneReport
from serialization._cache.store import Store

DEFAULT_MAX_BYTES = 10 * 2**30
_MANY = 256  # entries from which on more room is made than is needed, so that they are not counted each time


def check_limits(max_bytes: int | None, max_age: float | None) -> None:
    """Raise ValueError unless both are None or not negative."""
    whole = isinstance(max_bytes, int) and not isinstance(max_bytes, bool)
    if max_bytes is not None and (not whole or max_bytes < 0):
        raise ValueError(f"max_bytes: expected None or a number of bytes, found {max_bytes!r}")
    if max_age is not None and not max_age >= 0:
        raise ValueError(f"max_age: expected None or a number of seconds, found {max_age!r}")


class BoundedStore:
    """A store that is kept within limits.

    Parameters
    ----------
    store
        The store.
    locks
        Its locks.
    max_bytes, max_age
        The limits, in bytes and ns, or None.
    count
        Is told how many entries were "expired", "evictions" or "refused".
    """

    def __init__(
        self,
        store: Store,
        locks: Locks,
        max_bytes: int | None,
        max_age: int | None,
        count: Callable[[str, int], None],
    ) -> None:
        self.store = store
        self.locks = locks
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._count = count
        self._counted = False  # whether this object has counted the bytes once

    def is_expired(self, entry: CacheEntry, now: int) -> bool:
        """Whether an entry is older than the limit at the time `now`."""
        return self._max_age is not None and now - entry.written > self._max_age

    def expire(self, name: str) -> bool:
        """Remove an entry that is older than the limit; whether it is."""
        entry = None if self._max_age is None else self.store.find(name)
        if entry is None or not self.is_expired(entry, time.time_ns()):
            return False
        with contextlib.suppress(OSError):
            self._count("expired", int(self.store.remove(name)))
        return True

    def put(self, name: str, data: bytes) -> bool:
        """Add an entry, or replace it, when there is room; False, without it, if it alone is larger than the limit."""
        store = self.store
        if self._max_bytes is not None and len(data) > self._max_bytes:
            store.remove(name)
            self._count("refused", 1)
            return False
        for last in (False, False, True):
            now = time.time_ns()
            staged = store.stage(name, data, now)
            try:
                with self.locks.making_room():
                    self._make_room(name, len(data), now)
                    if not store.slow_commit:
                        store.commit(staged, name)
                if store.slow_commit:
                    store.commit(staged, name)
                break
            except FileNotFoundError:  # `clean` of another process took it for one of a killed process
                store.discard(staged)
                if last:
                    raise
            except BaseException:
                store.discard(staged)
                raise
        return True

    def prune(self, max_bytes: int | None, max_age: int | None) -> CachePruneReport:
        """Remove what is beyond these limits, in bytes and ns, and what killed processes left behind."""
        if not self.store.exists():
            return CachePruneReport(0, 0, 0, 0, 0, 0, 0)
        with self.locks.making_room():
            entries = self.store.scan()
            before = sum(entry.size for entry in entries)
            left, expired, evicted = self._evict(entries, max_bytes, max_age, time.time_ns())
            total = sum(entry.size for entry in left)
            self.locks.write_total(total)
        temporaries = self.store.clean(time.time_ns())
        return CachePruneReport(expired, evicted, before - total, temporaries, self.locks.clean(), len(left), total)

    def _make_room(self, name: str, size: int, now: int) -> None:
        """Remove entries until one of `size` bytes can be added; the right to do so is held."""
        limit = self._max_bytes
        old = self.store.find(name)
        before = 0 if old is None else old.size
        total = self.locks.read_total() if self._counted else None
        if total is None or (limit is not None and total - before + size > limit):
            left, before = [entry for entry in self.store.scan() if entry.name != name], 0
            self._counted = True
            if limit is not None and sum(entry.size for entry in left) + size > limit:
                slack = limit // 20 if len(left) >= _MANY else 0
                left, _, _ = self._evict(left, limit - size - slack, self._max_age, now)
            total = sum(entry.size for entry in left)
        # Before the entry is there: if this process is killed in between, the number is too large, not too small.
        self.locks.write_total(total - before + size)

    def _evict(
        self, entries: list[CacheEntry], limit: int | None, age: int | None, now: int
    ) -> tuple[list[CacheEntry], int, int]:
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

    def _remove(self, entries: list[CacheEntry], gone: set[str]) -> int:
        """Remove entries, note which are gone, and return how many of them this process has removed."""
        count = 0
        for entry in entries:
            try:
                count += self.store.remove(entry.name)  # or another process has
            except OSError:  # such as a file in use, on Windows
                continue
            gone.add(entry.name)
        return count
