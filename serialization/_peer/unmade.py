"""Objects of PyAutoArray that their constructor makes when something is first asked of them.

Some classes compute in their constructor what follows from its arguments: borders, Fourier transforms of a PSF. An
object that was read has the arguments, and is of a subclass until it is used. Then its class's own code makes it, and
it is an object of that class like any other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

State = dict[str, Any]
Constructor = Callable[[type[Any], State], Any]
_KEY = "_unmade"


class Unmade:
    """The first base of the subclasses."""

    def __getattr__(self, name: str) -> Any:
        # Reached only when normal look-up failed, and not for what Python itself asks of every object.
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(made(self), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(made(self), name, value)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return made(self).__reduce_ex__(protocol)


def leave_unmade(value: Any, cls: type, constructor: Constructor, state: State) -> None:
    """Give an object the arguments of its constructor, which runs at its first use."""
    vars(value).clear()
    vars(value)[_KEY] = (constructor, state)
    object.__setattr__(value, "__class__", subclass_of(cls))  # of a frozen class too


def made(value: Any) -> Any:
    """The object, made now unless it is already; threads that ask at once make equal ones, and get one."""
    cls = type(value)
    if issubclass(cls, Unmade):
        kept = vars(value).get(_KEY)
        if kept is not None:
            constructor, state = kept
            own = vars(constructor(cls.__mro__[2], state))
            vars(value).update(own)
            vars(value).pop(_KEY, None)
        object.__setattr__(value, "__class__", cls.__mro__[2])
    return value


def state_if_unmade(value: Any) -> State | None:
    """The arguments of an object that is not made yet, or None."""
    kept = vars(value).get(_KEY)
    return None if kept is None else dict(kept[1])


@functools.cache
def subclass_of(cls: type) -> type:
    """The subclass of the objects of a class that are not made yet."""
    return type(cls.__name__, (Unmade, cls), {"__module__": cls.__module__, "__qualname__": cls.__qualname__})
