"""New memory for arrays that begins at a multiple of 64, as they do in a payload."""

from __future__ import annotations

import numpy as np

from serialization._payload.wire import ALIGNMENT


def aligned_empty(size: int) -> np.ndarray:
    """A new buffer of `size` bytes that begins at a multiple of 64."""
    buffer = np.empty(size + ALIGNMENT, np.uint8)
    first = -buffer.__array_interface__["data"][0] % ALIGNMENT
    return buffer[first : first + size]


def memory_of(buffer: np.ndarray) -> memoryview:
    """The bytes of a contiguous array of bytes."""
    return memoryview(buffer) if len(buffer) else memoryview(b"")  # pyright: ignore[reportArgumentType] - its stubs lack it


def aligned_copy(data: memoryview) -> np.ndarray:
    """The bytes of `data` in a new writeable buffer that begins at a multiple of 64."""
    size = len(data)
    buffer = aligned_empty(size)
    if size:
        buffer[:] = np.frombuffer(data, np.uint8)
    return buffer
