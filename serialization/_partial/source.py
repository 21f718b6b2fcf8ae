"""The bytes of a payload, in memory or in a file, of which spans are read."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from serialization._payload.memory import aligned_copy, aligned_empty, memory_of

Span = tuple[int, int]


class Source(Protocol):
    """Where a payload is.

    `name` is what messages call it, `size` its length in bytes, or None as long as that is not known. `target` is what
    opens it again, and `near` tells whether reading all of it costs little.
    """

    name: str
    target: Any
    near: bool

    @property
    def size(self) -> int | None:
        """The length of the payload."""
        ...

    def read(self, spans: Sequence[Span]) -> list[np.ndarray]:
        """The bytes of each span [first, end), in new memory that begins at a multiple of 64; fewer at the end."""
        ...

    def close(self) -> None:
        """Give back what is open."""
        ...


class MemorySource:
    """A payload in memory.

    Parameters
    ----------
    data
        An object with a contiguous buffer.
    """

    name = "payload"
    near = True

    def __init__(self, data: Any) -> None:
        self.target = data
        self._data = memoryview(data).cast("B")

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._data)

    def read(self, spans: Sequence[Span]) -> list[np.ndarray]:
        """As `Source.read`."""
        return [aligned_copy(self._data[first:end]) for first, end in spans]

    def close(self) -> None:
        """Let go of the memory."""
        self._data = memoryview(b"")


class FileSource:
    """A payload in a file, which stays open: `save` may replace the file meanwhile.

    Parameters
    ----------
    path
        The file.
    """

    near = True

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name = os.fspath(path)
        self.target = os.path.abspath(path)
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 - until `close`
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """The length of the file."""
        return os.fstat(self._file.fileno()).st_size

    def read(self, spans: Sequence[Span]) -> list[np.ndarray]:
        """As `Source.read`."""
        size = self.size
        return [self._read(min(first, size), min(end, size)) for first, end in spans]

    def _read(self, first: int, end: int) -> np.ndarray:
        buffer = aligned_empty(end - first)
        view, done = memory_of(buffer), 0
        while done < len(view):
            count = self._read_into(view[done:], first + done)
            if not count:
                break
            done += count
        return buffer[:done]

    def _read_into(self, view: memoryview, first: int) -> int:
        if hasattr(os, "preadv"):  # which moves no position that another thread or a forked process shares
            return os.preadv(self._file.fileno(), [view], first)
        with self._lock:
            self._file.seek(first)
            return self._file.readinto(view) or 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def is_url(target: object) -> bool:
    """Whether what is to be opened is a URL."""
    return isinstance(target, str) and "://" in target


def source_of(target: Any, options: dict[str, Any]) -> Source:
    """Where a payload is: a path, a URL or an object with a buffer.

    Raises
    ------
    OSError
        If a file is not there.
    ModuleNotFoundError
        If a package is missing that the URL needs.
    TypeError
        If there are options without a URL.
    """
    if is_url(target):
        from serialization._partial.remote import UrlSource

        return UrlSource(target, options)
    if options:
        names = ", ".join(options)
        raise TypeError(f"open: expected options of a file system, {names}, with a URL alone, found {target!r:.80}")
    return FileSource(target) if isinstance(target, (str, os.PathLike)) else MemorySource(target)
