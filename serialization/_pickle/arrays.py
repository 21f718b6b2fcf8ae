"""NumPy's and JAX's arrays of a pickle, built here from what the pickle says of them.

A pickle makes an array by calling functions of NumPy. These are the stand-ins for them: they take the
same arguments, check that dtype, shape and bytes agree before anything is allocated, and refuse Python
objects inside arrays.
"""

from __future__ import annotations

import math
import re
from typing import Any, Literal

import numpy as np

from serialization._pickle.nodes import Foreign, GlobalReference, JaxArray
from serialization._pickle.refuse import describe
from serialization.errors import CorruptError, UnsupportedValueError

NDARRAY = ("numpy", "ndarray")
RECONSTRUCT = (("numpy._core.multiarray", "_reconstruct"), ("numpy.core.multiarray", "_reconstruct"))
# Long doubles are missing on purpose: the same name is a different format on another machine.
_CODE = re.compile(r"b1|[iu][1248]|f[248]|c(8|16)|[SU]\d{1,8}")
_CODE_OF_ANY = re.compile(r"[a-zA-Z?]\d{0,9}")
_MAX_DIMENSIONS = 64
_MAX_LENGTH = 2**63
_HAS_OBJECTS = 1  # of the flags of a dtype


class DType:
    """A dtype of the pickle; its byte order comes later, by BUILD."""

    __slots__ = ("value",)

    def __init__(self, value: np.dtype) -> None:
        self.value = value

    def build(self, state: object) -> None:
        """Take the state that NumPy writes for a plain dtype."""
        if type(state) is not tuple or len(state) != 8 or type(state[0]) is not int or type(state[1]) is not str:
            raise UnsupportedValueError(f"expected the state of a plain dtype, found {describe(state)}")
        version, order, subdtype, names, fields, size, _, flags = state
        if not subdtype is names is fields is None:
            raise UnsupportedValueError("expected a plain dtype, found one with fields or a shape of its own")
        if version != 3 or order not in ("<", ">", "|", "=") or type(size) is not int:
            raise CorruptError(f"expected the state of dtype {self.value}, found {describe(state)}")
        if type(flags) is not int or flags & _HAS_OBJECTS:
            raise _python_objects()
        if size not in (-1, self.value.itemsize):
            raise CorruptError(
                f"expected items of {self.value.itemsize} bytes for {self.value}, found {describe(size)}"
            )
        self.value = self.value.newbyteorder(order)


def dtype(code: object, align: object = False, copy: object = True) -> DType:
    """`numpy.dtype`."""
    if type(code) is not str or not _CODE_OF_ANY.fullmatch(code):
        raise UnsupportedValueError(f"expected a dtype named by a code such as 'f8', found {describe(code)}")
    if code.startswith("O"):
        raise _python_objects()
    if not _CODE.fullmatch(code):
        raise UnsupportedValueError(f"expected an array of bool, numbers, text or bytes, found dtype {code!r}")
    return DType(np.dtype(code))


def _python_objects() -> UnsupportedValueError:
    return UnsupportedValueError("expected numbers, text or bytes in an array, found Python objects (dtype object)")


class Pending:
    """An array, or one of a subclass, that has no values yet; `memos` is where the memo holds it."""

    __slots__ = ("cls", "memos")

    def __init__(self, cls: GlobalReference) -> None:
        self.cls = cls
        self.memos: list[int] = []

    def build(self, state: object) -> np.ndarray | Foreign:
        """The array, from the state that NumPy writes for it."""
        array = array_from_state(state)
        return array if self.cls.key == NDARRAY else Foreign(self.cls.module, self.cls.name, {"array": array})


def reconstruct(cls: object, shape: Any, code: object) -> Pending:
    """`numpy._core.multiarray._reconstruct`."""
    plain = type(shape) is tuple and len(shape) == 1 and type(shape[0]) is int and type(code) in (bytes, str)
    if type(cls) is not GlobalReference or not plain or shape[0] != 0 or code not in (b"b", "b"):
        raise CorruptError(f"expected a class, (0,) and b'b', found {describe((cls, shape, code))}")
    return Pending(cls)


def array_from_state(state: object) -> np.ndarray:
    """An array from what `numpy.ndarray.__reduce__` says of it."""
    return _new_array(*_array_arguments(state))


def from_buffer(raw: object, dtype: object, shape: object, order: object, axes: object = None) -> np.ndarray:
    """`numpy._core.numeric._frombuffer`: the contiguous arrays of pickle protocol 5."""
    if type(order) is not str or order not in ("C", "F", "K") or (order == "K") != (axes is not None):
        raise CorruptError(f"expected order 'C' or 'F', or 'K' and the axes, found {describe((order, axes))}")
    if order == "K":  # contiguous, once its axes are put into another order; the shape is that of memory
        array = from_buffer(raw, dtype, shape, "C")
        if type(axes) is not tuple or sorted(_ints(axes)) != [*range(array.ndim)]:
            raise CorruptError(f"expected the axes of an array of {array.shape}, found {describe(axes)}")
        return array.transpose(axes)
    return _new_array(*_array_arguments((1, shape, dtype, order == "F", raw)))


def scalar(dtype: object, raw: object) -> np.generic:
    """`numpy._core.multiarray.scalar`."""
    _, kind, _, values = _array_arguments((1, (), dtype, False, raw))
    try:
        return np.ndarray((), kind, values)[()]  # pyright: ignore[reportReturnType]
    except (ValueError, TypeError, SystemError) as error:
        raise CorruptError(f"expected a scalar of dtype {kind}, found {error}") from None


def jax_array(function: object, arguments: object, state: object, aval: object) -> JaxArray:
    """`jax._src.array._reconstruct_array`, without JAX: the values stay in NumPy."""
    plain = _reconstruct(function, arguments, state)
    if type(plain) is not np.ndarray or type(aval) is not dict:
        raise CorruptError(f"expected the values and type of a JAX array, found {describe((plain, aval))}")
    return JaxArray(plain, aval.get("weak_type") is True)


def dill_array(function: object, arguments: object, state: object, attributes: object = None) -> np.ndarray | Foreign:
    """`dill._dill._create_array`: an array, or one of a subclass with attributes."""
    made = _reconstruct(function, arguments, state)
    if attributes is None or (type(attributes) is dict and not attributes):
        return made
    if type(made) is not Foreign or type(attributes) is not dict or not all(type(key) is str for key in attributes):
        raise CorruptError(f"expected the attributes of a subclass of ndarray, found {describe(attributes)}")
    made.state = {**attributes, **made.state}
    return made


def _reconstruct(function: object, arguments: object, state: object) -> np.ndarray | Foreign:
    if type(function) is not GlobalReference or function.key not in RECONSTRUCT:
        raise CorruptError(f"expected NumPy's _reconstruct, found {describe(function)}")
    if type(arguments) is not tuple or len(arguments) != 3:
        raise CorruptError(f"expected the arguments of _reconstruct, found {describe(arguments)}")
    return reconstruct(*arguments).build(state)


def _array_arguments(state: object) -> tuple[tuple[int, ...], np.dtype, Literal["C", "F"], bytes]:
    """The shape, dtype, order and bytes of an array, after it was checked that they agree."""
    if type(state) is not tuple or len(state) != 5 or type(state[0]) is not int or state[0] != 1:
        raise CorruptError(f"expected the state of an array, found {describe(state)}")
    _, shape, dtype, fortran, raw = state
    if type(fortran) not in (bool, int):
        raise CorruptError(f"expected whether an array is in Fortran order, found {describe(fortran)}")
    if type(dtype) is not DType:
        raise CorruptError(f"expected a dtype, found {describe(dtype)}")
    if type(raw) is not bytes:
        raise UnsupportedValueError(f"expected the bytes of an array of {dtype.value}, found {describe(raw)}")
    if type(shape) is not tuple or len(_ints(shape)) != len(shape) or not all(0 <= n < _MAX_LENGTH for n in shape):
        raise CorruptError(f"expected the shape of an array, found {describe(shape)}")
    if len(shape) > _MAX_DIMENSIONS:
        raise CorruptError(f"expected at most {_MAX_DIMENSIONS} dimensions, found {len(shape)}")
    nbytes = dtype.value.itemsize * math.prod(shape)
    if nbytes != len(raw):
        raise CorruptError(f"expected {nbytes} bytes for {dtype.value} {shape}, found {len(raw)}")
    return shape, dtype.value, "F" if fortran else "C", raw


def _new_array(shape: tuple[int, ...], dtype: np.dtype, order: Literal["C", "F"], raw: bytes) -> np.ndarray:
    try:
        if not raw:
            return np.empty(shape, dtype, order)
        return np.ndarray(shape, dtype, raw, order=order).copy(order)  # writeable, and of its own memory
    except (ValueError, OverflowError, MemoryError) as error:
        raise CorruptError(f"expected a shape that NumPy can hold, found {error}") from None


def _ints(values: tuple[Any, ...]) -> list[int]:
    return [value for value in values if type(value) is int]
