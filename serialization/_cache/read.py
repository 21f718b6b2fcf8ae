# pyright: strict
"""Reading an entry: what the errors of a reader say about it, and a second try."""

from __future__ import annotations

from typing import Any

from serialization._cache.store import Store
from serialization.errors import (
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    SchemaError,
    TruncatedError,
    UnknownTypeError,
    UnsupportedValueError,
)

CORRUPT = (CorruptError, LimitError, NotAPayloadError, TruncatedError)
OF_OTHERS = (NewerVersionError, SchemaError, UnknownTypeError)  # another release or another program can read it


def load(store: Store, name: str, backend: str | None, mmap: bool) -> Any:
    """The object of an entry, read again if that fails.

    On a network file system a file that is replaced while it is read can fail, once.

    Raises
    ------
    FileNotFoundError
        If there is no entry.
    OSError, SerializationError
        If it can't be read: `CORRUPT` and `OF_OTHERS` sort the errors.
    """
    try:
        return store.load(name, backend, mmap)
    except (FileNotFoundError, UnsupportedValueError, *OF_OTHERS):
        raise
    except (*CORRUPT, OSError):
        return store.load(name, backend, mmap)
