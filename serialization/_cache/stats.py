# pyright: strict
"""What a cache tells of itself."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from typing import Any

from serialization._display import cut
from serialization._records import restore


class Counts:
    """How often each thing happened, counted by several threads."""

    def __init__(self) -> None:
        self._counter: Counter[str] = Counter()
        self._counting = threading.Lock()

    def add(self, name: str, count: int = 1) -> None:
        """Count that something happened."""
        if count:
            with self._counting:
                self._counter[name] += count

    def as_dict(self) -> dict[str, int]:
        """The number of times by name."""
        with self._counting:
            return dict(self._counter)


@dataclasses.dataclass(frozen=True, slots=True)
class CacheStats:
    """What a store holds, and what one `Cache` object did in its process.

    Parameters
    ----------
    store
        The folder or URL of the store, or the address of one of your own.
    entries, bytes
        How many entries it holds, and their size; of all processes.
    quarantine, quarantine_bytes
        How many files its quarantine holds, and their size, which counts for `max_bytes` too.
    temporaries, temporary_bytes
        How many entries are being written, or were when their process was killed, and their size so far.
    locks
        How many files the folder of its locks holds: two, and one for each key that is computed.
    max_bytes, max_age
        The limits, in bytes and seconds, or None.
    hits, misses
        How often a look-up gave an entry, or none.
    computed
        How often `get_or_compute` computed.
    puts
        How many entries were written.
    refused
        How many were not, because one alone is larger than `max_bytes`.
    evictions, expired
        How many were removed for `max_bytes`, and for `max_age`.
    quarantined
        How many were corrupt, truncated or foreign, and were moved to the quarantine.
    unreadable
        How many misses were entries that another release or another registry can read, and which were left.
    """

    store: str
    entries: int
    bytes: int
    quarantine: int
    max_bytes: int | None
    max_age: float | None
    hits: int = 0
    misses: int = 0
    computed: int = 0
    puts: int = 0
    refused: int = 0
    evictions: int = 0
    expired: int = 0
    quarantined: int = 0
    unreadable: int = 0
    quarantine_bytes: int = 0
    temporaries: int = 0
    temporary_bytes: int = 0
    locks: int = 0

    __setstate__ = restore

    def __repr__(self) -> str:
        parts = [
            f"{name}={value}" for name, value in self.as_dict().items() if value not in (0, None) and name != "store"
        ]
        return cut(f"CacheStats({', '.join([cut(repr(self.store), 80), *parts])})", 199)

    def as_dict(self) -> dict[str, Any]:
        """The same as a dict of plain values."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True, slots=True)
class CacheVerifyReport:
    """What `Cache.verify` found.

    Parameters
    ----------
    checked
        How many entries were read.
    intact
        How many of them are intact.
    missing
        How many entries other processes removed meanwhile.
    corrupt
        The keys of the corrupt entries, which are in the quarantine now.
    unreadable
        The keys of the entries that another release, or a program that registers their types, can read.
    """

    checked: int
    intact: int
    missing: int
    corrupt: tuple[str, ...]
    unreadable: tuple[str, ...]

    def __repr__(self) -> str:
        counts = f"corrupt={len(self.corrupt)}, unreadable={len(self.unreadable)}"
        return f"CacheVerifyReport(checked={self.checked}, intact={self.intact}, missing={self.missing}, {counts})"

    def as_dict(self) -> dict[str, Any]:
        """The same as a dict of plain values."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True, slots=True)
class CachePruneReport:
    """What `Cache.prune` removed, and what is left.

    Parameters
    ----------
    expired, evicted
        How many entries were older than `max_age`, and how many had to go for `max_bytes`.
    freed
        The bytes of both.
    temporaries, locks
        How many files that killed processes had half written, or not yet removed, and how many locks that nobody held.
    entries, bytes
        How many entries are left, and their size.
    quarantine
        How many files of the quarantine had to go for `max_bytes`.
    """

    expired: int
    evicted: int
    freed: int
    temporaries: int
    locks: int
    entries: int
    bytes: int
    quarantine: int = 0

    __setstate__ = restore

    def as_dict(self) -> dict[str, Any]:
        """The same as a dict of plain values."""
        return dataclasses.asdict(self)
