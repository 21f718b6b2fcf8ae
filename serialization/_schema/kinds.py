"""What the fields of objects hold: kinds, which a state is checked against before anyone is shown the object."""

# pyright: strict

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import Any, Generic

from serialization.errors import SchemaError


@dataclass(frozen=True, slots=True)
class Kind:
    """The values that a field may hold.

    Parameters
    ----------
    text
        What errors call them.
    classes
        Their classes as "module:name". An object of a subclass is one of them too.
    dimensions
        The numbers of dimensions that an array may have; any, if there are none.
    """

    text: str
    classes: frozenset[str]
    dimensions: tuple[int, ...] = ()

    def admits(self, cls: type) -> bool:
        """Whether values of a class, which may be a stand-in for it, are of this kind, whatever their dimensions."""
        return any(f"{base.__module__}:{base.__qualname__}" in self.classes for base in class_of(cls).__mro__)

    def fits(self, value: object) -> bool:
        """Whether a value is of this kind."""
        return self.admits(type(value)) and (not self.dimensions or getattr(value, "ndim", None) in self.dimensions)

    def __or__(self, other: Kind) -> Kind:
        return Kind(f"{self.text} or {other.text}", self.classes | other.classes)


BOOL = Kind("a bool", frozenset({"builtins:bool"}))
NONE = Kind("None", frozenset({"builtins:NoneType"}))


def array(*dimensions: int) -> Kind:
    """The kind of arrays, of NumPy or JAX, with one of these numbers of dimensions, or with any."""
    numbers = " or ".join(map(str, dimensions))
    text = f"an array of {numbers} dimensions" if dimensions else "an array"
    return Kind(text, frozenset({"numpy:ndarray", *_JAX_ARRAYS}), dimensions)


# The class of the arrays of JAX, under the names that its releases give it.
_JAX_ARRAYS = ("jaxlib._jax:ArrayImpl", "jaxlib.xla_extension:ArrayImpl", "jax._src.array:ArrayImpl")


def objects_of(*targets: str) -> Kind:
    """The kind of objects of these classes ("module:name") and of their subclasses."""
    return Kind(" or ".join(target.partition(":")[2] for target in targets), frozenset(targets))


def stand_in_of(cls: type) -> type | None:
    """A class without code of its own, whose objects can be turned into objects of `cls`, with the same state.

    None if there is none: if `cls` lays its objects out in another way than a plain class does.
    """
    if cls not in _stand_ins:
        root = _root_of(cls)
        base: type[Any] = root or object
        metaclass: Any = type(base)
        stand_in: type[Any] = metaclass(cls.__name__, (base,), {})
        _classes[stand_in] = cls  # first: once it is a stand-in, other threads make objects of it
        sizes = [(each.__basicsize__, each.__dictoffset__, each.__weakrefoffset__) for each in (cls, stand_in)]
        fits = (
            root is not None and sizes[0] == sizes[1] and not any(vars(base).get("__slots__") for base in cls.__mro__)
        )
        _stand_ins[cls] = stand_in if fits else None
    return _stand_ins[cls]


def _root_of(cls: type) -> type[Any] | None:
    """The first base whose objects have no instance dictionary, with which the layout of a class begins.

    None if that base has code of its own, which a stand-in must not have.
    """
    base = cls
    while base.__base__ is not None and base.__dictoffset__:
        base = base.__base__
    return base if base in _WITHOUT_CODE else None


_WITHOUT_CODE = (object, list, abc.ABC, Generic)
_stand_ins: dict[type, type | None] = {}
_classes: dict[type, type] = {}


def class_of(cls: type) -> type:
    """The class that a stand-in stands for, or the class itself."""
    return _classes.get(cls, cls)


def misfit(type_name: str, field: str, kind: Kind, value: object) -> SchemaError:
    """The error about a value that is not of the kind of its field."""
    text = class_of(type(value)).__name__
    if kind.dimensions and kind.admits(type(value)):
        text += f" of {getattr(value, 'ndim', 'no')} dimensions"
    return SchemaError(f"expected {field} of {type_name} to be {kind.text}, found {text}")
