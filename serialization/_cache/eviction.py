# pyright: strict
"""Eviction: what is removed from a store before an entry is added.

Writers take turns for the moment in which they make room and give an entry its name, so that the limit holds at any
time. What the quarantine holds counts as well, and goes first. How many bytes there are is kept in a small file beside
the locks, and counted again, with what others are writing, whenever it says that there are too many: a process that is
killed, or removes files by hand, makes that number at worst too large for a while. The first entry that a process adds
removes what killed processes left behind.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable

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
    tell
        Is told how many entries were "expired", "evictions" or "refused".
    """

    def __init__(
        self,
        store: Store,
        locks: Locks,
        max_bytes: int | None,
        max_age: int | None,
        tell: Callable[[str, int], None],
    ) -> None:
        self.store = store
        self.locks = locks
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._tell = tell
        self._counted = False  # whether this object has counted the bytes once
        self._cleaned = False  # whether it has removed what killed processes left

    def is_expired(self, entry: CacheEntry, now: int) -> bool:
        """Whether an entry is older than the limit at the time `now`."""
        return self._max_age is not None and now - entry.written > self._max_age

    def expire(self, name: str) -> bool:
        """Remove an entry that is older than the limit; whether it is."""
        entry = None if self._max_age is None else self.store.find(name)
        if entry is None or not self.is_expired(entry, time.time_ns()):
            return False
        with contextlib.suppress(OSError):
            self._tell("expired", int(self.store.remove(name)))
        return True

    def put(self, name: str, data: bytes) -> bool:
        """Add an entry, or replace it, when there is room; False, without it, if it alone is larger than the limit."""
        store = self.store
        if self._max_bytes is not None and len(data) > self._max_bytes:
            store.remove(name)
            self._tell("refused", 1)
            return False
        for last in (False, False, True):
            now = time.time_ns()
            staged = store.stage(name, data, now)
            try:
                with self.locks.making_room():
                    self._make_room(name, staged, len(data), now)
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
        if not self._cleaned:
            self._cleaned = True
            with contextlib.suppress(OSError):  # the entry is there
                store.clean(time.time_ns())
            self.locks.clean()
        return True

    def count(self) -> dict[str, int]:
        """What there is, as `CacheStats` names it."""
        entries, aside, staged = self.store.scan(), self.store.scan_quarantine(), self.store.scan_staged()
        return {
            "entries": len(entries),
            "bytes": _bytes_of(entries),
            "quarantine": len(aside),
            "quarantine_bytes": _bytes_of(aside),
            "temporaries": len(staged),
            "temporary_bytes": _bytes_of(staged),
            "locks": self.locks.count(),
        }

    def prune(self, max_bytes: int | None, max_age: int | None) -> CachePruneReport:
        """Remove what is beyond these limits, in bytes and ns, and what killed processes left behind."""
        if not self.store.exists():
            return CachePruneReport(0, 0, 0, 0, 0, 0, 0)
        temporaries = self.store.clean(time.time_ns())
        with self.locks.making_room():
            entries, aside = self.store.scan(), self.store.scan_quarantine()
            before = _bytes_of(entries)
            kept = self._shrink_quarantine(aside, None if max_bytes is None else max_bytes - before)
            limit = None if max_bytes is None else max_bytes - _bytes_of(kept)
            left, expired, evicted = self._evict(entries, limit, max_age, time.time_ns())
            total = _bytes_of(left)
            self.locks.write_total(total + _bytes_of(kept) + _bytes_of(self.store.scan_staged()))
        return CachePruneReport(
            expired=expired,
            evicted=evicted,
            freed=before - total,
            temporaries=temporaries,
            locks=self.locks.clean(),
            entries=len(left),
            bytes=total,
            quarantine=len(aside) - len(kept),
        )

    def _make_room(self, name: str, staged: object, size: int, now: int) -> None:
        """Remove entries until one of `size` bytes, which is staged, can be added; the right to do so is held."""
        limit = self._max_bytes
        old = self.store.find(name)
        before = 0 if old is None else old.size
        total = self.locks.read_total() if self._counted else None
        if total is None or (limit is not None and total - before + size > limit):
            left, before = [entry for entry in self.store.scan() if entry.name != name], 0
            self._counted = True
            other = size + _bytes_of(entry for entry in self.store.scan_staged() if entry.name != staged)
            aside = self.store.scan_quarantine()
            if limit is not None and _bytes_of(left) + _bytes_of(aside) + other > limit:
                aside = self._shrink_quarantine(aside, limit - _bytes_of(left) - other)
                slack = limit // 20 if len(left) >= _MANY else 0
                if _bytes_of(left) + _bytes_of(aside) + other > limit:
                    left, _, _ = self._evict(left, limit - _bytes_of(aside) - other - slack, self._max_age, now)
            total = _bytes_of(left) + _bytes_of(aside) + other - size
        # Before the entry is there: if this process is killed in between, the number is too large, not too small.
        self.locks.write_total(total - before + size)

    def _shrink_quarantine(self, aside: list[CacheEntry], limit: int | None) -> list[CacheEntry]:
        """Remove the oldest of what was moved aside until the rest has at most `limit` bytes; what is left."""
        left, total = list(aside), _bytes_of(aside)
        for entry in aside:
            if limit is None or total <= limit:
                break
            with contextlib.suppress(OSError):
                self.store.remove_quarantined(entry.name)
                left.remove(entry)
                total -= entry.size
        return left

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
        self._tell("expired", expired)
        self._tell("evictions", evicted)
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


def _bytes_of(entries: Iterable[CacheEntry]) -> int:
    return sum(entry.size for entry in entries)
