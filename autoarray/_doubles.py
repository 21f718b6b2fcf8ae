"""What the doubles of tests are made with: values that stand in for what a class computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

C = TypeVar("C", bound=type)


def stands_in_for(*names: str) -> Callable[[C], C]:
    """Decorate a double whose values stand in for properties of its base.

    The double keeps what it is given in the dictionary `_given`. A property for which it has None is the base's own.

    Parameters
    ----------
    names
        The properties.
    """

    def decorate(cls: C) -> C:
        for name in names:
            setattr(cls, name, _property(cls, name))
        return cls

    return decorate


def without_checks(cls: type, **state: Any) -> Any:
    """An object of a class with a state that its constructor might refuse, such as data that are no arrays."""
    instance = object.__new__(cls)
    instance.__dict__.update(state)
    return instance


def _property(cls: Any, name: str) -> property:
    def get(self: Any) -> Any:
        value = self._given[name]
        if value is not None:
            return value
        base = super(cls, self)
        if not hasattr(cls.__mro__[1], name):
            raise NotImplementedError(f"{type(self).__name__}.{name}: expected a value given to the double, found None")
        return getattr(base, name)

    get.__doc__ = f"The `{name}` that the double was given, or what its base computes."
    return property(get)
