"""The FITS files that headers came from, known for as long as the headers live and the process does.

They are no state: an object that is pickled or saved does not hold where its numbers came from. `serialization` writes
them beside an object where it is asked for its provenance.
"""

# pyright: strict

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import NamedTuple

from autoarray.structures.header import Header


class Source(NamedTuple):
    """A file as it was when it was read: its absolute path, its size in bytes, and its time of change in ns."""

    path: str
    size: int
    mtime_ns: int


_sources: weakref.WeakKeyDictionary[Header, Source] = weakref.WeakKeyDictionary()


def note_source(header: Header, file_path: Path | str) -> None:
    """Remember which file a header came from."""
    status = os.stat(file_path)
    _sources[header] = Source(os.path.abspath(file_path), status.st_size, status.st_mtime_ns)


def source_of(value: object) -> Source | None:
    """The file that an object came from, if it is a header that this process read."""
    return _sources.get(value) if isinstance(value, Header) else None
