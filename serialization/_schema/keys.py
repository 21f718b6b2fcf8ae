"""Dicts whose keys are objects that their class hashes: filled once all objects have their state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from serialization._keys import check_hashes
from serialization.errors import CorruptError, LimitError, SerializationError

_MOST_COMPARED = 2**16
Table = tuple[dict[Any, Any], Sequence[Any], Sequence[Any]]  # a dict that is empty yet, its keys, and their values


class LateKeysError(Exception):
    """Internal: the error about a dict, which is then searched for its path."""

    def __init__(self, error: SerializationError, table: object) -> None:
        super().__init__(error)
        self.error, self.table = error, table


def fill_dicts(tables: Iterable[Table]) -> None:
    """Fill dicts, which runs the `__hash__` of the classes of their keys, and `__eq__` of keys of one hash.

    Raises
    ------
    LateKeysError
        If that fails, if two keys are equal, or if the hash of a key depends on a dict that holds it.
    """
    filled: list[tuple[dict[Any, Any], Sequence[Any], list[int]]] = []
    table: dict[Any, Any] = {}
    try:
        for table, keys, values in tables:
            hashes = list(map(hash, keys))
            check_hashes(keys)
            _check_comparisons(keys, hashes)
            table.update(zip(keys, values, strict=True))
            if len(table) != len(keys):
                raise CorruptError("expected distinct keys, found two that their class takes for equal")
            filled.append((table, keys, hashes))
        for table, keys, hashes in filled:  # noqa: B007 - the error is about it
            if list(map(hash, keys)) != hashes:
                raise CorruptError("expected keys whose hash does not depend on the dict that holds them")
    except SerializationError as error:
        raise LateKeysError(error, table) from None
    except Exception as error:  # whatever code of the classes makes of such a state
        text = f"expected keys that their class can hash and compare, found {type(error).__name__}: {error!s:.200}"
        raise LateKeysError(CorruptError(text), table) from None


def _check_comparisons(keys: Sequence[Any], hashes: list[int]) -> None:
    """Bound what comparing keys of one hash takes: it follows each reference again, wherever that leads."""
    counts = Counter(hashes)
    if len(counts) == len(hashes):
        return
    for key, number in zip(keys, hashes, strict=True):
        if counts[number] > 1 and _is_larger(key, _MOST_COMPARED):
            raise LimitError(f"expected keys of one hash that hold at most {_MOST_COMPARED} values, found larger ones")


def _is_larger(value: Any, limit: int) -> bool:
    """Whether a value holds more than `limit` values, each counted as often as it is reached."""
    stack: list[Any] = [value]
    count = 0
    while stack:
        count += 1
        if count > limit:
            return True
        item: Any = stack.pop()
        table: dict[Any, Any] = item if isinstance(item, dict) else {}
        stack.extend(table.keys())
        stack.extend(table.values())
        items: Iterable[Any] = item if isinstance(item, (list, tuple, set, frozenset)) else ()
        stack.extend(items)
        if hasattr(item, "__dict__") and not isinstance(item, type):
            stack.extend(vars(item).values())
    return False
