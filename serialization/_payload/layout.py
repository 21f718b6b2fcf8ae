"""Where the arrays of a payload are, and whether their bytes are those that were written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xxhash

from serialization._payload import compress
from serialization._payload.dtypes import dtype_from
from serialization._payload.memory import memory_of
from serialization._payload.wire import ALIGNMENT, DIGEST_BYTES, FORTRAN, JAX, align, bounded_depth
from serialization.errors import CorruptError, LimitError, TruncatedError, UnknownCodeError

MOST_DIMENSIONS = 64
_MAX_BYTES = 2**63 - 1
_ZEROS = bytes(ALIGNMENT)
_BLOCK = 2**17  # of which one stays in a processor's cache


@dataclass(frozen=True, slots=True)
class Row:
    """One array: its dtype, shape, order ("C" or "F") and size, whether it was JAX's, and where its bytes are.

    `offset` counts from the end of the header. `stored` is the number of bytes there, which are compressed unless
    `compression` is None.
    """

    dtype: np.dtype
    shape: tuple[int, ...]
    order: Any
    jax: bool
    nbytes: int
    offset: int
    stored: int
    compression: str | None

    @property
    def span(self) -> slice:
        """Where its stored bytes are."""
        return slice(self.offset, self.offset + self.stored)

    def view(self, buffer: Any, start: int = 0) -> np.ndarray:
        """The array of the bytes at `start` of a buffer; one without bytes has its own memory."""
        if not self.nbytes:
            return np.ndarray(self.shape, self.dtype, order=self.order)  # `np.empty` loses the byte order of some dates
        return np.ndarray(self.shape, self.dtype, buffer, start, None, self.order)


class Layout:
    """The arrays of a payload as its header describes them, after that was found to be possible.

    Parameters
    ----------
    rows
        The arrays.

    Attributes
    ----------
    end
        Where the last one ends, counted from the end of the header.
    compressed
        Whether any of them is.
    jax
        Whether each is JAX's.
    """

    __slots__ = ("_gaps", "compressed", "end", "jax", "rows")

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self.rows = rows
        self.end = rows[-1].span.stop if rows else 0
        self.compressed = any(row.compression is not None for row in rows)
        self.jax = tuple(row.jax for row in rows)
        self._gaps: list[slice] = []
        position = 0
        for row in rows:
            if row.offset > position:
                self._gaps.append(slice(position, row.offset))
            position = row.span.stop

    def index_at(self, position: int) -> int | None:
        """The number of the array with the byte at a position behind the header, or None."""
        for index, row in enumerate(self.rows):
            if row.offset <= position < row.span.stop:
                return index
        return None

    def check_gaps(self, stored: memoryview) -> None:
        """Raise CorruptError unless the bytes between the arrays are zeros."""
        between = b"".join([stored[gap] for gap in self._gaps])
        if between.count(0) != len(between):
            gap = next(gap for gap in self._gaps if any(stored[gap]))
            raise CorruptError(f"arrays: expected zeros at {gap.start} to {gap.stop} behind the header, found others")

    def copy(self, stored: memoryview, digests: memoryview, into: np.ndarray) -> list[np.ndarray]:
        """The arrays as views of a new buffer, `into`, or of memory of their own if they are compressed.

        Raises
        ------
        CorruptError
            If an array's digest does not agree, or it does not decompress.
        """
        arrays, target = [], memory_of(into)
        for index, row in enumerate(self.rows):
            if row.compression is not None:
                arrays.append(make(index, row, verified(index, row, stored[row.span], digests), 0))
                continue
            state = xxhash.xxh3_128()
            for start in range(row.offset, row.offset + row.nbytes, _BLOCK):
                part = slice(start, min(start + _BLOCK, row.offset + row.nbytes))
                state.update(stored[part])
                target[part] = stored[part]  # while it is at hand
            _check_digest(index, row, state.digest(), digests)
            arrays.append(make(index, row, into, row.offset))
        return arrays

    def views(self, buffer: np.ndarray, digests: memoryview | None) -> list[np.ndarray]:
        """The arrays as views of a buffer that begins where the header ends.

        Compressed ones get memory of their own. Without `digests`, for which none may be compressed, the bytes are not
        looked at.

        Raises
        ------
        CorruptError
            If an array's digest does not agree, or it does not decompress.
        """
        arrays = []
        stored = memory_of(buffer)
        for index, row in enumerate(self.rows):
            data = None if digests is None else verified(index, row, stored[row.span], digests)
            if row.compression is None:
                arrays.append(make(index, row, buffer, row.offset))
            else:
                arrays.append(make(index, row, data, 0))
        return arrays


def verified(index: int, row: Row, stored: memoryview, digests: memoryview) -> memoryview:
    """The bytes of an array, in new memory if they are compressed.

    Raises
    ------
    CorruptError
        If its digest does not agree, or it does not decompress.
    """
    data = stored if row.compression is None else memory_of(decompressed(index, row, stored))
    _check_digest(index, row, xxhash.xxh3_128_digest(data), digests)
    return data


def decompressed(index: int, row: Row, stored: memoryview) -> np.ndarray:
    """The bytes of a compressed array in new memory; raises CorruptError if there are none."""
    try:
        return compress.decompress(row.compression or "", row.dtype, stored, row.nbytes)
    except CorruptError as error:
        raise CorruptError(f"array {index}: {error.message}") from None
    except UnknownCodeError as error:
        raise UnknownCodeError(f"array {index}: {error.message}") from None


def make(index: int, row: Row, buffer: Any, start: int) -> np.ndarray:
    """The view of an array; raises CorruptError if NumPy can't hold its shape."""
    try:
        return row.view(buffer, start)
    except (ValueError, OverflowError) as error:
        raise CorruptError(f"array {index}: expected a shape that NumPy can hold, found {error}") from None


def digest_of(index: int, digests: memoryview) -> bytes:
    """The digest that the header states for an array."""
    return bytes(digests[index * DIGEST_BYTES : (index + 1) * DIGEST_BYTES])


def _check_digest(index: int, row: Row, digest: bytes, digests: memoryview) -> None:
    """Raise CorruptError unless the digest of an array is the one that the header states."""
    if digest != digest_of(index, digests):
        raise CorruptError(
            f"array {index}, {row.dtype}, shape {row.shape}: its digest does not agree with its bytes, which changed"
        )


@bounded_depth()
def layout_of(rows: Sequence[Any]) -> Layout:
    """The layout that a header describes.

    Parameters
    ----------
    rows
        [dtype description, shape, flags, offset] for each array, and [compression, stored bytes] of a compressed one.

    Raises
    ------
    CorruptError, LimitError, UnknownCodeError
        If there can be no such layout, or a flag or a compression is not known.
    """
    laid_out, position = [], 0
    for index, row in enumerate(rows):
        laid_out.append(_parse_row(index, row))
        offset, expected = laid_out[-1].offset, align(position)
        if offset != expected:
            raise CorruptError(f"array {index}: expected it at {expected} behind the header, found the offset {offset}")
        position = laid_out[-1].span.stop
    return Layout(tuple(laid_out))


def _parse_row(index: int, row: Any) -> Row:
    compression: Any = None
    stored: Any = None
    try:
        description, shape, flags, offset, *packed = row
        dtype = dtype_from(description)
        counts = (*shape, flags, offset)
        if packed:
            compression, stored = packed
            counts = (*counts, stored)
        if type(shape) is not tuple or set(map(type, counts)) != {int} or min(counts) < 0:
            raise TypeError(row)
        if packed and type(compression) is not str:
            raise TypeError(row)
    except (TypeError, ValueError):
        raise CorruptError(
            f"array {index}: expected [dtype, shape, flags, offset] or with [compression, stored] behind it, found "
            f"{row!r:.80}"
        ) from None
    except CorruptError as error:
        raise CorruptError(f"array {index}: {error.message}") from None
    if len(shape) > MOST_DIMENSIONS:
        raise CorruptError(f"array {index}: expected at most {MOST_DIMENSIONS} dimensions, found {len(shape)}")
    if flags & ~(FORTRAN | JAX):
        raise UnknownCodeError(f"array {index}: expected flags up to {FORTRAN | JAX}, found {flags}")
    nbytes = dtype.itemsize * math.prod(shape)
    least = dtype.itemsize * math.prod(filter(None, shape))  # NumPy holds no larger one, even if it is empty
    if least > _MAX_BYTES:
        raise CorruptError(f"array {index}: expected fewer than 2^63 bytes, found {least}, shape {shape}")
    if flags & JAX and (dtype.kind not in "biufc" or dtype.str[0] == ">"):
        raise CorruptError(f"array {index}: expected a dtype that JAX has, found {dtype.str} with flag {JAX}")
    if not packed:
        stored = nbytes
    else:
        compress.check_known(index, compression)
        if nbytes > compress.MOST_EXPANSION * stored:
            raise LimitError(
                f"array {index}: expected at most {compress.MOST_EXPANSION} times {stored} compressed bytes, found a "
                f"claim of {nbytes}"
            )
    order = "F" if flags & FORTRAN else "C"
    return Row(dtype, shape, order, bool(flags & JAX), nbytes, offset, stored, compression)


def check_size(layout: Layout, head: int, size: int) -> None:
    """Raise unless a payload, whose header has `head` bytes, ends where its last array does."""
    end = head + layout.end
    if size != end:
        kind = TruncatedError if size < end else CorruptError
        raise kind(f"payload: expected {end} bytes by its arrays, found {size}")


def lay_out(
    rows: Sequence[list[Any]], buffers: Sequence[Any], sizes: Sequence[int], packed: Sequence[tuple[str, bytes] | None]
) -> tuple[list[Any], int]:
    """Fill the offset into the row of each array, and return the pieces that follow the header, and their size.

    `packed` holds the compression and the bytes of those that are compressed.
    """
    pieces: list[Any] = []
    position = 0
    for row, buffer, nbytes, small in zip(rows, buffers, sizes, packed, strict=True):
        offset = row[3] = align(position)
        if offset > position:
            pieces.append(_ZEROS[: offset - position])
        if small is not None:
            compression, buffer = small
            nbytes = len(buffer)
            row += [compression, nbytes]
        if nbytes:
            pieces.append(buffer)
        position = offset + nbytes
    return pieces, position
