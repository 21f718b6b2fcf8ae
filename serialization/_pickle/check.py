"""The last look at a graph that was read from a pickle: is all of it data, and how deep is it?"""

from __future__ import annotations

from typing import Any

from serialization._pickle.arrays import DType, Pending
from serialization._pickle.nodes import Foreign, GlobalReference, parts_of, walk
from serialization._pickle.refuse import unsafe
from serialization.errors import CorruptError, LimitError, SerializationError, UnsupportedValueError

MAX_DEPTH = 200
# Attributes that hold a dtype or its class, which today's classes have no use for: they are taken off.
_DTYPES = {
    ("InterferometerSparseOperator", "w_dtype"),
    ("TransformerNUFFT", "dtype"),
    ("TransformerNUFFTPyNUFFT", "dtype"),
}


def check_graph(root: object) -> None:
    """Raise if something is left in the graph that is no data, or if some part is too far from the root.

    Raises
    ------
    UnsafePickleError
        If it holds a reference to a class, a function or a module.
    UnsupportedValueError, CorruptError
        If it holds a dtype, or an array that got no values.
    LimitError
        If the shortest path to a part has more than 200 steps.
    """
    seen: set[int] = set()
    level, depth = [root], 0
    while level:
        below: list[Any] = []
        for value in level:
            if type(value) in (GlobalReference, DType, Pending):
                raise _stray(root, value)
            if type(value) is Foreign:
                for name, attribute in _DTYPES:
                    if value.name == name and type(value.state.get(attribute)) in (DType, GlobalReference):
                        del value.state[attribute]
            parts = parts_of(value)
            if parts is not None and id(value) not in seen:
                seen.add(id(value))
                below.extend(parts)
        level, depth = below, depth + 1
        if depth > MAX_DEPTH:
            raise LimitError(f"expected a graph of at most {MAX_DEPTH} levels, found a deeper one")


def _stray(root: object, value: object) -> SerializationError:
    path = path_of(root, value)
    if type(value) is Pending:
        return CorruptError("expected the values of each array, found an array without", path=path)
    if type(value) is DType:
        return UnsupportedValueError(f"expected data, found the dtype {value.value}", path=path)
    error = unsafe("data", f"a reference to the class, function or module {value}")
    error.path = path
    return error


def path_of(root: object, value: object) -> str | None:
    """The shortest path to a node or container in a graph, or None."""
    return next((path() for path, other in walk(root) if other is value), None)
