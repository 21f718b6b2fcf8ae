"""Where a cache is: a folder, or a URL."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote

from serialization._extras import package_of


def address_of(directory: str | os.PathLike[str] | None) -> str:
    """The folder as an absolute path, or the URL as it is; None for the default folder.

    Raises
    ------
    TypeError
        If it is neither a path nor a URL.
    """
    if directory is None:
        return str(user_folder() / "fits")
    address = os.fspath(directory) if isinstance(directory, os.PathLike) else directory
    if not isinstance(address, str):
        raise TypeError(
            f"directory: expected a path or a URL, found {address!r:.80}; a store of your own goes to `store=`"
        )
    for prefix in ("file://", "local://"):
        if address.startswith(prefix):
            return os.path.abspath(unquote(address[len(prefix) :]))
    return address if "://" in address else os.path.abspath(address)


def user_folder() -> Path:
    """The folder of this user for what can be computed again."""
    platformdirs = package_of("cache", "platformdirs", "the default folder of a cache")
    return Path(platformdirs.user_cache_dir("autoarray-portable", appauthor=False))
