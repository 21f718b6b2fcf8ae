"""Which entries of a cache are as they were written, which are not, and which another release can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from serialization._cache import store
from serialization.errors import (
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    SchemaError,
    TruncatedError,
    UnknownTypeError,
)

CORRUPT = (CorruptError, LimitError, NotAPayloadError, TruncatedError)
OF_OTHERS = (NewerVersionError, SchemaError, UnknownTypeError)


def states_of(
    place: Any, entries: Iterable[store.Entry], quarantine: Callable[[str, str], None]
) -> dict[str, list[str]]:
    """The names of the entries that are "intact", "corrupt", "unreadable" here, or "missing" meanwhile.

    `quarantine` is told at once of each that is corrupt, and why.
    """
    found: dict[str, list[str]] = {"intact": [], "corrupt": [], "unreadable": [], "missing": []}
    for entry in entries:
        try:
            state = _state_of(place, entry.name)
            if state == "corrupt":
                state = _state_of(place, entry.name)  # it may have been replaced while it was read
        except FileNotFoundError:
            state = "missing"
        if state == "corrupt":
            quarantine(entry.name, "its bytes are not those that were written")
        found[state].append(entry.name)
    return found


def _state_of(place: Any, name: str) -> str:
    """Whether an entry is intact, corrupt or unreadable; FileNotFoundError if there is none."""
    try:
        info = place.inspect(name)
    except CORRUPT:
        return "corrupt"
    except FileNotFoundError:
        raise
    except OSError:
        return "unreadable"
    if info.intact is False:
        return "corrupt"
    return "unreadable" if info.problems else "intact"
