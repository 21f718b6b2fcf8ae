"""Encoded values as msgpack, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np

from serialization._graph.paths import RefusedError
from serialization._payload import wire
from serialization._payload.scalars import pack_scalar
from serialization.errors import LimitError, UnsupportedValueError

packb: Callable[[Any], bytes] = msgpack.packb  # pyright: ignore[reportAssignmentType] - its stub has no result


def ext_of_scalar(value: np.generic) -> msgpack.ExtType:
    """A NumPy scalar; raises `RefusedError` if a payload can't hold it."""
    try:
        return msgpack.ExtType(wire.SCALAR, pack_scalar(value))
    except UnsupportedValueError as error:
        raise RefusedError(error, value) from None
    except UnicodeEncodeError:
        raise RefusedError(_bad_text(), value) from None


def ext_of_int(value: int) -> msgpack.ExtType:
    """An integer of more than 64 bits."""
    return msgpack.ExtType(wire.BIG_INT, value.to_bytes(wire.bytes_of_int(value), "big", signed=True))


def pack(records: list[Any]) -> bytes:
    """Encoded values as msgpack; raises `RefusedError` or `LimitError` if it can't hold them."""
    try:
        return packb(records)
    except UnicodeEncodeError as error:
        text = error.object
        raise RefusedError(_bad_text(), _first_same(records, text)) from None
    except ValueError as error:
        raise LimitError(f"expected values that msgpack can hold, found {error}") from None


def _first_same(records: list[Any], text: str) -> Any:
    stack: list[Any] = [records]
    while stack:
        value = stack.pop()
        if type(value) is list:
            stack.extend(value)
        elif type(value) is str and value == text:
            return value
    return text


def _bad_text() -> UnsupportedValueError:
    return UnsupportedValueError("expected text that UTF-8 can hold, found a lone surrogate")
