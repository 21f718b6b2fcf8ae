"""Arrays and NumPy scalars as bytes: which dtypes a payload holds, and how they are described and laid out.

A dtype is its `dtype.str`, never its name, which would lose the byte order. A structured one is its
item size and its flat fields with their offsets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from serialization._payload.wire import ALIGNMENT
from serialization.errors import CorruptError, LimitError, UnknownCodeError, UnsupportedValueError

FORTRAN, JAX = 1, 2
_MAX_BYTES = 2**32 - 1
_MAX_DIMENSIONS = 64
# Long doubles are missing on purpose: the same name is a different format on another machine.
_DTYPE = re.compile(
    r"\|[biu]1|[<>][iu][248]|[<>]f[248]|[<>]c(8|16)|\|S[1-9]\d{0,8}|[<>]U[1-9]\d{0,8}"
    # A unit of 0 seconds is one of NumPy's too, but the comparison with another one divides by the 0.
    r"|[<>][mM]8(\[([1-9]\d{0,8})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
_NIL = b"\xc0"
_FRAMES = [_NIL * count + b"\xc6" for count in range(ALIGNMENT)]
_descriptions: dict[np.dtype, Any] = {}
_dtypes: dict[str, np.dtype] = {}
_scalar_dtypes: dict[bytes, np.dtype] = {}
_TOLD_BY_EQUALITY = "biufcSU"  # kinds whose equal dtypes are the same; dates of 1000 ms and of 1 s are equal too
_MOST_KEPT = 1024


def describe(dtype: np.dtype) -> Any:
    """What a payload stores for a dtype: a string, or [item size, [name, string, offset] of each field].

    Raises
    ------
    UnsupportedValueError
        If a payload can't hold such values.
    """
    description = _descriptions.get(dtype)
    if description is None:
        description = _description_of(dtype)
        if dtype.kind in _TOLD_BY_EQUALITY:
            if len(_descriptions) >= _MOST_KEPT:
                _descriptions.clear()
            _descriptions[dtype] = description
    return description


def _description_of(dtype: np.dtype) -> Any:
    if dtype.fields is None or dtype.names is None:
        # A dtype from elsewhere, such as bfloat16, calls itself raw bytes; only NumPy's own are named by `str`.
        if not _DTYPE.fullmatch(dtype.str) or type(dtype).__module__ != "numpy.dtypes":
            raise UnsupportedValueError(f"expected bool, numbers, text, bytes, dates or a flat record, found {dtype}")
        return dtype.str
    if not dtype.itemsize:
        raise UnsupportedValueError(f"expected a dtype of at least one byte, found {dtype}")
    fields = []
    for name in dtype.names:
        inner, offset, *title = dtype.fields[name]  # pyright: ignore[reportArgumentType]
        if title or inner.fields is not None or inner.subdtype is not None:
            raise UnsupportedValueError(f"expected a record of plain fields, found {dtype}")
        fields.append([name, _description_of(inner), offset])
    return [dtype.itemsize, fields]


def dtype_from(description: object) -> np.dtype:
    """The dtype that `describe` described.

    Raises
    ------
    CorruptError
        If it describes none.
    """
    # By its text alone: of records, whose numbers are equal where their types are not, none is kept.
    dtype = _dtypes.get(description) if type(description) is str else None
    if dtype is None:
        try:
            dtype = _dtype_from(description)
        except (TypeError, ValueError, OverflowError):
            raise CorruptError(f"expected the description of a dtype, found {description!r:.80}") from None
        if type(description) is str:
            if len(_dtypes) >= _MOST_KEPT:
                _dtypes.clear()
            _dtypes[description] = dtype
    return dtype


def _dtype_from(description: Any) -> np.dtype:
    if isinstance(description, str):
        if not _DTYPE.fullmatch(description):
            raise ValueError(description)
        return np.dtype(description)
    itemsize, fields = description
    if not itemsize:
        raise ValueError(description)
    names, formats, offsets = zip(*fields, strict=True) if fields else ((), (), ())
    if not all(type(text) is str for text in (*names, *formats)):
        raise TypeError(description)
    if not all(type(at) is int and 0 <= at <= _MAX_BYTES for at in (itemsize, *offsets)):
        raise ValueError(description)
    inner = [_dtype_from(text) for text in formats]
    return np.dtype({"names": list(names), "formats": inner, "offsets": list(offsets), "itemsize": itemsize})


def buffer_of(array: np.ndarray) -> tuple[Any, bool, int, Any]:
    """The description of an array's dtype, whether it is written in Fortran order, its size, and its bytes.

    The bytes are not copied unless the array is neither C- nor Fortran-contiguous, or a record has bytes that belong
    to no field: these are written as zeros, since they hold what happened to be in memory.

    Raises
    ------
    UnsupportedValueError, LimitError
        If a payload can't hold it.
    """
    dtype, nbytes = array.dtype, array.nbytes
    description = _descriptions.get(dtype) or describe(dtype)
    if nbytes > _MAX_BYTES:
        raise LimitError(f"expected an array of at most {_MAX_BYTES} bytes, found {nbytes}, shape {array.shape}")
    flags, fortran = array.flags, False
    if not flags.c_contiguous:
        if flags.f_contiguous:
            array, fortran = array.T, True
        elif dtype.fields is not None:
            # A copy of a record leaves its padding to chance; one of raw bytes does not.
            array = np.array(array.view(f"V{array.itemsize}"), order="C")
        else:
            array = np.array(array, order="C")
    holes = _holes(dtype) if dtype.fields is not None else ()
    if holes:
        items = array.reshape(-1).view(np.uint8).reshape(-1, dtype.itemsize).copy()
        for hole in holes:
            items[:, hole] = 0
        array = items.reshape(-1)
    elif dtype.kind not in "fiubc":  # only these are certain to have a buffer of their own; dates, for one, have none
        array = array.reshape(-1).view(np.uint8)
    return description, fortran, nbytes, array


def _holes(dtype: np.dtype) -> list[slice]:
    """The bytes of a record that belong to no field: padding, or fields that a selection of fields hides."""
    holes, end = [], 0
    for inner, offset, *_ in sorted((dtype.fields or {}).values(), key=lambda field: field[1]):
        if offset > end:
            holes.append(slice(end, offset))
        end = max(end, offset + inner.itemsize)
    return [*holes, slice(end, None)] if end < dtype.itemsize else holes


def lay_out(rows: Sequence[list[Any]], sizes: Sequence[int], buffers: Sequence[Any], start: int) -> list[Any]:
    """Fill the offset in the tail into the row of each array, and return the pieces that follow the body.

    Each array is a msgpack bin object behind as many nils as bring its first byte to a multiple of 64.
    """
    pieces, position = [], start
    for row, nbytes, buffer in zip(rows, sizes, buffers, strict=True):
        pad = -(position + 5) % ALIGNMENT
        pieces.append(_frame(pad, nbytes))
        if nbytes:
            pieces.append(buffer)
        row[2] = position + 5 + pad
        position += 5 + pad + nbytes
    return pieces


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the arrays of a payload are: what its header says, after it was checked to be possible.

    Parameters
    ----------
    rows
        (dtype, shape, offset in the tail, order) for each array.
    jax
        Whether each is JAX's.
    gaps
        The stretches of the tail between the arrays.
    frames
        What must stand in the gaps, joined.
    end
        Where the tail ends.
    """

    rows: tuple[tuple[np.dtype, tuple[int, ...], int, str], ...]
    jax: tuple[bool, ...]
    gaps: tuple[slice, ...]
    frames: bytes
    end: int

    @property
    def first(self) -> int:
        """The offset of the first array, or the end."""
        return self.rows[0][2] if self.rows else self.end

    def check(self, tail: memoryview) -> None:
        """Raise CorruptError unless the bytes around the arrays are those of a msgpack stream."""
        if b"".join([tail[gap] for gap in self.gaps]) == self.frames:
            return
        start = 0
        for index, gap in enumerate(self.gaps):
            expected, actual = self.frames[start : start + gap.stop - gap.start], bytes(tail[gap])
            if actual != expected:
                raise CorruptError(
                    f"array {index}: expected nils and the bytes {expected[-5:].hex(' ')} before it, found "
                    f"{actual.lstrip(_NIL).hex(' ')}"
                )
            start += len(expected)

    def views(self, buffer: np.ndarray, start: int) -> list[np.ndarray]:
        """The arrays, all of them views of `buffer`, which begins at `start` of the tail."""
        make, out = np.ndarray, []
        for dtype, shape, offset, order in self.rows:
            try:
                if 0 in shape:  # no byte of the buffer is its own
                    out.append(np.empty(shape, dtype, order=order))  # pyright: ignore[reportCallIssue, reportArgumentType]
                else:
                    out.append(make(shape, dtype, buffer, offset - start, None, order))  # pyright: ignore
            except (ValueError, OverflowError) as error:
                raise CorruptError(f"array {len(out)}: expected a shape that NumPy can hold, found {error}") from None
        return out


def layout_of(rows: Sequence[Any], start: int, size: int) -> Layout:
    """The layout that a header describes.

    Parameters
    ----------
    rows
        [dtype description, shape, offset, flags] for each array.
    start, size
        Where in the tail the body ends, and the tail.

    Raises
    ------
    CorruptError, UnknownCodeError
        If there can be no such layout, or a flag is not known.
    """
    laid_out, jax, gaps, frames, position = [], [], [], [], start
    for index, row in enumerate(rows):
        dtype, shape, offset, flags = parse_row(index, row)
        if shape and min(shape) < 0:
            raise CorruptError(f"array {index}: expected a shape, found {shape!r:.80}")
        if flags & ~(FORTRAN | JAX):
            raise UnknownCodeError(f"array {index}: expected flags up to {FORTRAN | JAX}, found {flags}")
        nbytes = dtype.itemsize * math.prod(shape)
        if nbytes > _MAX_BYTES:
            raise CorruptError(f"array {index}: expected at most {_MAX_BYTES} bytes, found {nbytes}, shape {shape}")
        pad = -(position + 5) % ALIGNMENT
        if offset != position + 5 + pad or offset + nbytes > size:
            raise CorruptError(
                f"array {index}: expected {nbytes} bytes at {position + 5 + pad} of a tail of {size}, found the offset "
                f"{offset!r:.80}"
            )
        gaps.append(slice(position, offset))
        frames.append(_frame(pad, nbytes))
        laid_out.append((dtype, shape, offset, "F" if flags & FORTRAN else "C"))
        jax.append(bool(flags & JAX))
        position = offset + nbytes
    if position != size:
        raise CorruptError(f"tail: expected it to end at {position}, found {size} bytes")
    return Layout(tuple(laid_out), tuple(jax), tuple(gaps), b"".join(frames), size)


def parse_row(index: int, row: Any) -> tuple[np.dtype, tuple[int, ...], int, int]:
    """The dtype, shape, offset and flags in a header's row of an array.

    Raises
    ------
    CorruptError
        If it is no such row; whether the shape and the flags are possible is not looked at.
    """
    try:
        description, shape, offset, flags = row
        dtype = dtype_from(description)
        if type(shape) is not tuple or set(map(type, (*shape, offset, flags))) != {int}:
            raise TypeError(row)
    except (TypeError, ValueError):
        raise CorruptError(f"array {index}: expected [dtype, shape, offset, flags], found {row!r:.80}") from None
    except CorruptError as error:
        raise CorruptError(f"array {index}: {error.message}") from None
    if len(shape) > _MAX_DIMENSIONS:
        raise CorruptError(f"array {index}: expected at most {_MAX_DIMENSIONS} dimensions, found {len(shape)}")
    return dtype, shape, offset, flags


def _frame(pad: int, nbytes: int) -> bytes:
    return _FRAMES[pad] + nbytes.to_bytes(4, "big")


def aligned_copy(data: memoryview) -> np.ndarray:
    """The bytes of `data` in a new writeable buffer that begins at a multiple of 64."""
    size = len(data)
    buffer = aligned_empty(size)
    if size:
        buffer[:] = np.frombuffer(data, np.uint8)
    return buffer


def aligned_empty(size: int) -> np.ndarray:
    """A new buffer of `size` bytes that begins at a multiple of 64."""
    buffer = np.empty(size + ALIGNMENT, np.uint8)
    first = -buffer.__array_interface__["data"][0] % ALIGNMENT
    return buffer[first : first + size]


def pack_scalar(value: np.generic) -> bytes:
    """A NumPy scalar: `U` and UTF-8, `S` and bytes, or the length of `dtype.str`, that string, and the value."""
    if isinstance(value, np.str_):
        return b"U" + value.encode()
    if isinstance(value, np.bytes_):
        return b"S" + bytes(value)
    description = describe(value.dtype)
    if not isinstance(description, str):
        raise UnsupportedValueError(f"expected a plain NumPy scalar, found a record of {value.dtype}")
    return bytes([len(description)]) + description.encode() + value.tobytes()


def unpack_scalar(data: bytes) -> np.generic:
    """The NumPy scalar that `pack_scalar` packed; raises ValueError if it packed none."""
    end = 1 + data[0] if data else 0
    if end == 1 + ord("U"):  # no `dtype.str` is that long
        return np.str_(data[1:].decode())
    if end == 1 + ord("S"):
        return np.bytes_(data[1:])
    dtype = _scalar_dtypes.get(data[:end]) or _scalar_dtype(data[:end])
    if dtype.itemsize != len(data) - end:
        raise ValueError(data)
    return np.ndarray((), dtype, data, end)[()]  # pyright: ignore[reportReturnType]


def _scalar_dtype(start: bytes) -> np.dtype:
    dtype = dtype_from(start[1:].decode("ascii"))
    if dtype.kind in "US":
        raise ValueError(start)
    if len(_scalar_dtypes) >= _MOST_KEPT:
        _scalar_dtypes.clear()
    return _scalar_dtypes.setdefault(start, dtype)
