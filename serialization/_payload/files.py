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
    write_file(temporary, pieces)
    try:
        replace_file(temporary, target)
    except BaseException:
        _remove(temporary)
        raise
    return target


def write_file(path: str | os.PathLike[str], pieces: Iterable[Any], *, mode: int = 0o666) -> None:
    """Write a new file and flush it to the disk; if that fails, there is none.

    `mode` says who may read and write it, less what the process's umask takes away.
    """

    def opener(path: str, flags: int) -> int:
        return os.open(path, flags, mode)

    try:
        with open(path, "xb", opener=opener) as file:
            file.writelines(pieces)
            file.flush()
            # Without it a name could outlive a power failure that its bytes don't.
            os.fsync(file.fileno())
    except FileExistsError:  # another process's
        raise
    except BaseException:
        _remove(path)
        raise


def replace_file(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    """Give a file another name in its folder, in place of what has it, and flush the names to the disk."""
    os.replace(source, target)
    sync_folder(os.path.dirname(target) or os.curdir)


def _remove(path: str | os.PathLike[str]) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


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


def map_file(path: str | os.PathLike[str], *, touch: bool = True) -> mmap.mmap | bytes:
    """The bytes of a file, read from the disk as they are used; all at once where `touch` says that all will be."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:  # an empty file can't be mapped
            return b""
        return map_descriptor(file.fileno(), touch=touch)


def map_descriptor(descriptor: int, *, touch: bool = True) -> mmap.mmap:
    """The bytes of an open file, read-only; `touch` reads them from the disk now."""
    if touch and sys.platform == "linux":
        return mmap.mmap(descriptor, 0, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE, prot=mmap.PROT_READ)
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
