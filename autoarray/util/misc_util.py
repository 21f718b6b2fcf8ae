"""Which objects of a collection belong to a class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def has(values: Iterable[Any], cls: type | tuple[type, ...]) -> bool:
    """Whether one of some values is an object of a class; the values themselves are looked at, not what they hold."""
    return any(isinstance(value, cls) for value in values)


def total(values: Iterable[Any], cls: type | tuple[type, ...]) -> int:
    """How many of some values are objects of a class."""
    return sum(isinstance(value, cls) for value in values)


def cls_list_from(
    values: Iterable[Any], cls: type | tuple[type, ...], cls_filtered: type | tuple[type, ...] | None = None
) -> list[Any]:
    """Those of some values that are objects of a class, in their order.

    Parameters
    ----------
    values
        The values, such as those of an object's `__dict__`.
    cls
        The class, or several.
    cls_filtered
        A class whose objects are left out.
    """
    return [
        value
        for value in values
        if isinstance(value, cls) and (cls_filtered is None or not isinstance(value, cls_filtered))
    ]
