# pyright: strict
"""Memory of this machine that another process maps, and that no death of a process leaves behind.

On Linux a segment is an anonymous file in memory, sealed, so that nobody can change it once it is written, and reached
through its owner's entry in /proc. It has no name that could be left over: the system frees it with the last process
that holds or maps it, however that ends. Elsewhere it is a file that its owner keeps locked; one whose owner was
killed is removed by the next process that makes one.

`multiprocessing.shared_memory` is not used: its segments have names that a killed process leaves behind, and up to
Python 3.12 whoever attaches one registers it with a tracker that removes it when *that* process ends.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
from collections.abc import Sequence
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from serialization._files import open_file, write_pieces
from serialization._folders import NO_ACCESS, check_folder
from serialization._payload.files import map_descriptor
from serialization.errors import NotSharedError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PREFIX = "autoarray-state-"
_posix = os.name == "posix"


class Address(NamedTuple):
    """Where a segment is: of the kind "memory" an open file of a process, by its path in /proc, else a "file"."""

    kind: str
    path: str
    name: str


class Segment(NamedTuple):
    """A segment in the process that made it: its address, the open file that keeps it, and that process."""

    address: Address
    file: FileIO
    owner: int


def create(pieces: Sequence[ReadableBuffer]) -> Segment:
    """A new segment of the bytes of all pieces.

    Raises
    ------
    OSError
        If there is no room for it.
    """
    name = _PREFIX + secrets.token_hex(8)
    return _create_in_memory(name, pieces) if _in_memory() else _create_file(name, pieces)


def release(segment: Segment) -> None:
    """Let go of a segment: nobody can map it any more. What is mapped stays valid."""
    if segment.address.kind == "file" and segment.owner == os.getpid():  # a forked child is no owner
        if _posix:
            _remove(segment.address.path)
            segment.file.close()
        else:  # where an open file can't be removed; one that is still mapped is removed later
            segment.file.close()
            _remove(segment.address.path)
    else:
        segment.file.close()


def map_segment(address: Address) -> mmap.mmap:
    """The bytes of a segment, read-only.

    Raises
    ------
    NotSharedError
        If it is not there.
    """
    try:
        if not is_there(address):
            raise FileNotFoundError(address.path)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        file = open_file(address.path, flags, "rb")
    except OSError as error:
        raise NotSharedError(
            f"{address.name}: expected memory that a process of this user on this machine shares, found "
            f"{type(error).__name__}: its owner has closed it, dropped it or ended, or runs elsewhere; "
            "keep the handle open until the receiver has loaded it"
        ) from None
    with file:
        return map_descriptor(file.fileno())


def is_there(address: Address) -> bool:
    """Whether the owner of a segment lives and has not released it."""
    if address.kind == "file":
        return os.path.exists(address.path)
    try:
        # The number may be another file's by now.
        return os.readlink(address.path).startswith(f"/memfd:{address.name} ")
    except OSError:
        return False


def _in_memory() -> bool:
    return hasattr(os, "memfd_create") and os.path.exists("/proc/self/fd")


def _create_in_memory(name: str, pieces: Sequence[ReadableBuffer]) -> Segment:
    import fcntl

    # No step of Python is between the system's call and the object, so that an interrupt loses no descriptor.
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    file = next(map(FileIO, map(os.memfd_create, [name], [flags]), ["rb+"]))
    try:
        write_pieces(file.fileno(), pieces)
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(file.fileno(), fcntl.F_ADD_SEALS, seals)
    except BaseException:
        file.close()
        raise
    return Segment(Address("memory", f"/proc/{os.getpid()}/fd/{file.fileno()}", name), file, os.getpid())


def _create_file(name: str, pieces: Sequence[ReadableBuffer]) -> Segment:
    folder = _folder()
    _sweep(folder)
    path = str(folder / name)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        file = open_file(path, flags, "rb+", 0o600)
        while not (_is_free(file) and os.path.exists(path)):  # a sweep came before the lock
            file.close()
            _remove(path)
            file = open_file(path, flags, "rb+", 0o600)
        write_pieces(file.fileno(), pieces)
        return Segment(Address("file", path, name), file, os.getpid())
    except BaseException:
        _remove(path)
        raise


def _folder() -> Path:
    """The folder of this user's segments, which nobody else may read or write."""
    import tempfile

    user = os.getuid() if _posix else "user"  # pyright: ignore[reportAttributeAccessIssue]
    folder = Path(tempfile.gettempdir()) / f"{_PREFIX}{user}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    check_folder(folder, NO_ACCESS)
    return folder


def _sweep(folder: Path) -> None:
    """Remove the segments whose owners have ended without doing so."""
    for path in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if not _posix:
                path.unlink()  # refused as long as it is open
                continue
            with open_file(path, os.O_RDONLY, "rb") as file:
                if _is_free(file):
                    path.unlink()


def _is_free(file: FileIO) -> bool:
    """Whether no process holds the lock of a file, which is this one's now; it ends with the process."""
    if not _posix:
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
