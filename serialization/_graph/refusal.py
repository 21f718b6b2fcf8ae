"""The refusal of a value that neither a payload nor a key can hold: what it is, and what to do about it."""

from __future__ import annotations

import types

import numpy as np

from serialization._autoarray import description, kind_of_autoarray
from serialization.errors import SerializationError, UnknownTypeError, UnsupportedValueError

_CODE_LIKE = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)


def refusal_of(value: object, holder: str) -> SerializationError:
    """The error to raise for a value of no known type.

    Parameters
    ----------
    value
        The value.
    holder
        What can't hold it, such as "payload".
    """
    kind = type(value)
    name = type_name(kind)
    if isinstance(value, np.ndarray):
        return UnsupportedValueError(
            f"expected a plain numpy.ndarray, found its subclass {name}, {value.dtype} {value.shape}; "
            "store numpy.asarray of it"
        )
    if isinstance(value, _CODE_LIKE) or not hasattr(value, "__dict__"):
        return UnsupportedValueError(
            f"expected data, found {value!r:.80} ({name}); a {holder} holds None, bool, int, float, complex, "
            "str, bytes, tuple, list, dict, set, frozenset, NumPy and JAX arrays, and objects of registered classes"
        )
    if kind.__module__.partition(".")[0] == "autoarray" and kind_of_autoarray() == "peer":
        return UnknownTypeError(
            f"expected a class of {description()} that {holder}s have a type for, found {name}; they hold fits to "
            "imaging data and what such fits are made of: leave it out, or write what it was made from"
        )
    return UnknownTypeError(
        f"expected a registered type, found {name}; register it with "
        f"serialization.register({kind.__qualname__}, fields=[{', '.join(map(repr, vars(value).copy()))}])"
    )


def type_name(kind: type) -> str:
    """The name of a class with its module, but for those of Python itself."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
