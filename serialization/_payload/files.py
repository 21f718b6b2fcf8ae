"""Files that are written whole or not at all, and read once."""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from serialization._files import NEW_FILE, open_file, replacing, sync_folder, write_pieces

_FIRST_PIECES, _SMALL_PIECE, _LARGE_PIECE = 2**13, 2**15, 2**17


def atomic_write(path: str | os.PathLike[str], pieces: Iterable[Any]) -> Path:
    """Write `pieces` to a temporary file beside `path`, flush it to the disk, and move it into place."""
    target = Path(path)
    with replacing(target) as file:
        write_pieces(file.fileno(), pieces)
    return target


def write_file(path: str | os.PathLike[str], pieces: Iterable[Any], *, mode: int = 0o666) -> None:
    """Write a new file and flush it to the disk; if that fails, there is none, and the error names it.

    `mode` says who may read and write it, less what the process's umask takes away.
    """
    try:
        with open_file(path, NEW_FILE, "wb", mode) as file:
            write_pieces(file.fileno(), pieces)
            # Without it a name could outlive a power failure that its bytes don't.
            os.fsync(file.fileno())
    except FileExistsError:  # another process's
        raise
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(path)
        if isinstance(error, OSError) and error.errno and error.filename is None:
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
        raise


def replace_file(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    """Give a file another name in its folder, in place of what has it, and flush the names to the disk."""
    os.replace(source, target)
    sync_folder(os.path.dirname(target) or os.curdir)


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


def map_file(path: str | os.PathLike[str]) -> mmap.mmap | bytes:
    """The bytes of a file, read from the disk as they are used."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:  # an empty file can't be mapped
            return b""
        return map_descriptor(file.fileno())


def map_descriptor(descriptor: int) -> mmap.mmap:
    """The bytes of an open file, read-only."""
    if sys.platform == "linux":  # the digest reads every page at once anyway
        return mmap.mmap(descriptor, 0, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE, prot=mmap.PROT_READ)
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
