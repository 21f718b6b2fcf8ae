"""NumPy scalars as bytes."""

from __future__ import annotations

import numpy as np

from serialization._payload.dtypes import describe, dtype_from
from serialization.errors import UnsupportedValueError

_MOST_KEPT = 1024
_dtypes: dict[bytes, np.dtype] = {}


def pack_scalar(value: np.generic) -> bytes:
    """A NumPy scalar: `U` and UTF-8, `S` and bytes, or the length of `dtype.str`, that string, and the value.

    Raises
    ------
    UnsupportedValueError
        If a payload can't hold it.
    """
    if isinstance(value, np.str_):
        return b"U" + value.encode()
    if isinstance(value, np.bytes_):
        return b"S" + bytes(value)
    dtype = value.dtype.newbyteorder("<")  # a scalar has no byte order of its own, whichever array it is from
    description = describe(dtype)
    if not isinstance(description, str):
        raise UnsupportedValueError(f"expected a plain NumPy scalar, found a record of {value.dtype}")
    return bytes([len(description)]) + description.encode() + np.asarray(value, dtype).tobytes()


def unpack_scalar(data: bytes, *, any_order: bool = False) -> np.generic:
    """The NumPy scalar that `pack_scalar` packed; raises ValueError if it packed none.

    `any_order` admits scalars in big-endian order, which payloads of wire version 1 may hold.
    """
    end = 1 + data[0] if data else 0
    if end == 1 + ord("U"):  # no `dtype.str` is that long
        return np.str_(data[1:].decode())
    if end == 1 + ord("S"):
        return np.bytes_(data[1:])
    dtype = _dtypes.get(data[:end]) or _dtype_of(data[:end])
    if dtype.itemsize != len(data) - end or (data[1:2] == b">" and not any_order):
        raise ValueError(data)
    return np.ndarray((), dtype, data, end)[()]  # pyright: ignore[reportReturnType]


def _dtype_of(start: bytes) -> np.dtype:
    dtype = dtype_from(start[1:].decode("ascii"))
    if dtype.kind in "US":
        raise ValueError(start)
    if len(_dtypes) >= _MOST_KEPT:
        _dtypes.clear()
    return _dtypes.setdefault(start, dtype)
