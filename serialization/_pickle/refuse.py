"""What the reader of pickles says of what it refuses."""

from __future__ import annotations

from typing import Any

from serialization._pickle.nodes import GlobalReference
from serialization.errors import UnsafePickleError

_ADVICE = (
    "if you trust the file, load it with the packages that wrote it and write the object again with serialization.save"
)


def unsafe(expected: str, found: str, *, advise: bool = False) -> UnsafePickleError:
    """The error about what would run code of the file; `advise` says what to do if the file is trusted."""
    advice = f"; {_ADVICE}" if advise else ""
    return UnsafePickleError(f"expected {expected}, found {found}; nothing of the file was run{advice}")


def describe(value: Any) -> str:
    """A short text for a value of a pickle, however large or deep it is."""
    if type(value) is GlobalReference:
        return str(value)
    if type(value) in (tuple, list) and len(value) <= 8:
        inner = ", ".join(describe(item) if type(item) not in (tuple, list) else type(item).__name__ for item in value)
        return f"({inner})" if type(value) is tuple else f"[{inner}]"
    if type(value) in (bool, int, float, type(None)):
        return f"{value!r:.40}" if type(value) is not int or abs(value) < 2**64 else "a large int"
    if type(value) in (str, bytes):
        return repr(value[:40])
    return type(value).__name__
