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


def read_into(path: str | os.PathLike[str], allocate: Callable[[int], Any]) -> Any:
    """The bytes of a file in a buffer that `allocate` makes for their number."""
    with open(path, "rb", buffering=0) as file:
        buffer = allocate(os.fstat(file.fileno()).st_size)
        view, done = memoryview(buffer), 0
        while done < len(view):
            count = file.readinto(view[done:])
            if not count:
                break
            done += count
        return buffer[:done]


def bytes_of(data_or_path: Any) -> memoryview:
    """The bytes of an object with a contiguous buffer, or of the file at a path, which is mapped."""
    is_path = isinstance(data_or_path, (str, os.PathLike))
    return memoryview(map_file(data_or_path) if is_path else data_or_path).cast("B")


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
