"""What the calls of a pickle may make: no more than its own size justifies."""

from __future__ import annotations

from typing import Any

from serialization.errors import LimitError

_FREE, _TIMES = 2**16, 8
_ITEM = 16  # what an item of a container counts for, in bytes
_DEPTH, _FEW = 3, 8


class Budget:
    """The bytes and items that the calls and states of one pickle may copy, in proportion to its size.

    A pickle that takes memoised arguments again, in five bytes a call, has the same bytes copied by each. An honest
    one copies what it holds: an array once, twice where its bytes are written as text.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._left = _FREE + _TIMES * size

    def spend(self, arguments: object) -> None:
        """Count the bytes and items that a call or a state is about to copy.

        Raises
        ------
        LimitError
            If it is more than is left.
        """
        self._left -= _weight(arguments, _DEPTH)
        if self._left < 0:
            raise LimitError(
                f"expected calls that make at most {_FREE} bytes and {_TIMES} times the {self._size} of the pickle, "
                f"found more; an item counts for {_ITEM}"
            )


def _weight(value: Any, depth: int) -> int:
    kind = type(value)
    if kind in (bytes, str):
        return len(value)
    if kind is tuple and depth:
        # The few items of arguments are not copied, but one of them may be the state of an array, with the bytes in it.
        return _ITEM * max(len(value) - _FEW, 0) + sum(_weight(item, depth - 1) for item in value[:_FEW])
    return _ITEM * len(value) if kind in (tuple, list, dict, set, frozenset) else 0
