"""Keys whose hashes are equal: a table of them takes time that grows with the square of their number.

The hashes of text and bytes are different in every process, but those of numbers, and of tuples of numbers, can be
chosen. A table of honest keys has at most a few with one hash: of the powers of two among the floats 33 share each.
"""

# pyright: strict

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from serialization.errors import LimitError

MOST_EQUAL = 64
_NOT_CHOSEN = frozenset({str, bytes, bool, type(None)})


def check_hashes(keys: Collection[Any]) -> None:
    """Raise `LimitError` if more than 64 keys of one table have one hash, TypeError if a key has none."""
    if len(keys) > MOST_EQUAL and not _NOT_CHOSEN.issuperset(map(type, keys)):
        most = max(Counter(map(hash, keys)).values())
        if most > MOST_EQUAL:
            raise error_of(most)


def error_of(count: int) -> LimitError:
    """The error about so many keys of one hash."""
    return LimitError(f"expected at most {MOST_EQUAL} keys or elements of one hash, found {count}")


class Tables:
    """The hashes of the keys of tables that are filled step by step."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, int]] = Counter()

    def add(self, table: object, key: object) -> None:
        """Count a key of a table, which must live on; raises as `check_hashes` does."""
        if type(key) not in _NOT_CHOSEN:
            place = id(table), hash(key)
            self._counts[place] += 1
            if self._counts[place] > MOST_EQUAL:
                raise error_of(self._counts[place])
