"""What the arguments of a cache may be."""

from __future__ import annotations

import os
from urllib.parse import unquote

from serialization._cache import remote

DEFAULT_MAX_BYTES = 10 * 2**30


def address_of(directory: str | os.PathLike[str] | None) -> str:
    """The folder as an absolute path, or the URL as it is."""
    if directory is None:
        return str(remote.user_folder() / "fits")
    found = os.fspath(directory)
    if not isinstance(found, str):
        raise TypeError(f"directory: expected a path or a URL, found {found!r}")
    for prefix in ("file://", "local://"):
        if found.startswith(prefix):
            return os.path.abspath(unquote(found[len(prefix) :]))
    return found if "://" in found else os.path.abspath(found)


def check_limits(max_bytes: int | None, max_age: float | None) -> None:
    """Raise ValueError unless both are None or not negative."""
    if max_bytes is not None and (isinstance(max_bytes, bool) or not isinstance(max_bytes, int) or max_bytes < 0):
        raise ValueError(f"max_bytes: expected None or a number of bytes, found {max_bytes!r}")
    if max_age is not None and not max_age >= 0:
        raise ValueError(f"max_age: expected None or a number of seconds, found {max_age!r}")
