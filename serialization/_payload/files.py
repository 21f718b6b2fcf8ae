"""Files that are written whole or not at all, and read once."""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_FIRST_PIECES, _SMALL_PIECE, _LARGE_PIECE = 2**13, 2**15, 2**17


def atomic_write(path: str | os.PathLike[str], pieces: Iterable[Any]) -> Path:
    """Write `pieces` to a temporary file beside `path`, flush it to the disk, and move it into place."""
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
    sync_folder(target.parent)
    return target


def sync_folder(path: str | os.PathLike[str]) -> None:
    """Flush the names in a folder to the disk."""
    if os.name == "posix":  # elsewhere a folder can't be opened
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_into(
    path: str | os.PathLike[str], allocate: Callable[[int], Any], seen: Callable[[memoryview], None] | None = None
) -> Any:
    """The bytes of a file in a buffer that `allocate` makes for their number; `seen` is given each piece of them.

    They are read in small pieces at first: asked for all at once, the system fetches all of them from the disk before
    it hands out any, rather than the next ones while a piece is looked at.
    """
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        buffer = allocate(size)
        view, done, piece = memoryview(buffer), 0, _FIRST_PIECES
        while done < size:
            count = file.readinto(view[done : done + piece])
            if not count:
                break
            if seen is not None:
                seen(view[done : done + count])
            done += count
            if done >= 8 * _FIRST_PIECES:
                piece = min(max(_SMALL_PIECE, done // 16), _LARGE_PIECE)
        return buffer[:done]


def map_file(path: str | os.PathLike[str]) -> Any:
    """The bytes of a file, read from the disk as they are used."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:  # an empty file can't be mapped
            return b""
        if sys.platform == "linux":  # the digest reads every page at once anyway
            return mmap.mmap(file.fileno(), 0, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE, prot=mmap.PROT_READ)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
