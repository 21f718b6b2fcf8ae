# pyright: strict
"""Which entries of a cache are as they were written, which are not, and which another release can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from serialization._cache.entry import CacheEntry, key_in
from serialization._cache.read import CORRUPT
from serialization._cache.stats import CacheVerifyReport
from serialization._cache.store import Store


def verify(store: Store, entries: Iterable[CacheEntry], quarantine: Callable[[str, str], None]) -> CacheVerifyReport:
    """Read entries, and report which of them are intact, corrupt, unreadable here, or missing meanwhile.

    `quarantine` is given the name of each corrupt entry at once, and why it is corrupt.
    """
    names: dict[str, list[str]] = {"intact": [], "corrupt": [], "unreadable": [], "missing": []}
    for entry in entries:
        try:
            state = _state_of(store, entry.name)
            if state == "corrupt":
                state = _state_of(store, entry.name)  # it may have been replaced while it was read
        except FileNotFoundError:
            state = "missing"
        if state == "corrupt":
            quarantine(entry.name, "its bytes are not those that were written")
        names[state].append(entry.name)
    return CacheVerifyReport(
        checked=sum(map(len, names.values())),
        intact=len(names["intact"]),
        missing=len(names["missing"]),
        corrupt=tuple(map(key_in, names["corrupt"])),
        unreadable=tuple(map(key_in, names["unreadable"])),
    )


def _state_of(store: Store, name: str) -> str:
    """Whether an entry is intact, corrupt or unreadable; FileNotFoundError if there is none."""
    try:
        info = store.inspect(name)
    except CORRUPT:
        return "corrupt"
    except FileNotFoundError:
        raise
    except OSError:
        return "unreadable"
    if info.intact is False:
        return "corrupt"
    return "unreadable" if info.problems else "intact"
