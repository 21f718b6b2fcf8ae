"""Where the arrays of a payload of wire version 1 are: msgpack bins, each behind nils that align it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from serialization._payload.dtypes import dtype_from
from serialization._payload.layout import MOST_DIMENSIONS
from serialization._payload.wire import ALIGNMENT, FORTRAN, JAX, bounded_depth
from serialization.errors import CorruptError, UnknownCodeError

_MAX_BYTES = 2**32 - 1
_NIL = b"\xc0"
_FRAMES = [_NIL * count + b"\xc6" for count in range(ALIGNMENT)]


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
                    out.append(np.ndarray(shape, dtype, order=order))  # pyright: ignore[reportCallIssue, reportArgumentType]
                else:
                    out.append(make(shape, dtype, buffer, offset - start, None, order))  # pyright: ignore
            except (ValueError, OverflowError) as error:
                raise CorruptError(f"array {len(out)}: expected a shape that NumPy can hold, found {error}") from None
        return out


@bounded_depth()
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
    if len(shape) > MOST_DIMENSIONS:
        raise CorruptError(f"array {index}: expected at most {MOST_DIMENSIONS} dimensions, found {len(shape)}")
    return dtype, shape, offset, flags


def _frame(pad: int, nbytes: int) -> bytes:
    return _FRAMES[pad] + nbytes.to_bytes(4, "big")
