# pyright: strict
"""Files that appear whole or not at all.

A file is written under a temporary name in its folder, flushed to the disk, and moved into place. Its writer holds a
lock of it meanwhile, which ends with the process, however that ends. So the next writer in the folder knows which
temporary files belong to nobody, and removes them.

An interrupt may come between any two steps of the interpreter. Nothing is left then, because a file that is open
belongs to an object from the moment it is opened, and its name is known before it is made.

Both packages have this module, because neither needs the other here; a test compares the two.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import io
import os
import re
import secrets
import stat
import time
import zlib
from collections import deque
from collections.abc import Generator, Iterable
from itertools import islice
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows, where an open file can't be removed
    fcntl = None

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# The machine, so that locks that a shared file system keeps to one machine do no harm.
_TEMPORARY = re.compile(r"\.autoarray-([0-9a-f]{8})-[0-9a-f]{16}\.tmp")
_SILENCE = 86_400.0  # seconds after which a file of another machine that nobody has locked is abandoned
_PAUSE = 50  # times as long as a folder took to search, it is not searched again by this process
_MOST_FOLDERS = 128  # whose last search is known
_MOST_PIECES = 512  # in one call; systems allow 1,024
_MOST_BYTES = 2**30  # in one call; macOS refuses 2**31
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
_next_search: dict[str, float] = {}


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[io.BufferedWriter[io.FileIO], None, None]:
    """A new file that takes the place of `path` when the block ends without error, and is removed otherwise.

    The end of a link is replaced, and the link stays. A new file has the permissions that the umask leaves, and one
    that replaces another has the permissions of that one, and its owner and group where the system allows it.

    Raises
    ------
    OSError
        If the file can't be written, or `path` is something else than a file; it names `path`. What was there stays.
    """
    target, old = _target_of(path)
    folder = os.path.dirname(target) or os.curdir
    temporary = ""
    try:
        while True:
            temporary = os.path.join(folder, _temporary_name())
            raw = open_file(temporary, NEW_FILE, "wb", 0o666 if old is None else 0o600)
            if _claim(raw, temporary):
                break
            raw.close()
            _remove(temporary)
        with io.BufferedWriter(raw) as file:
            if old is not None:
                _take_permissions(raw.fileno(), old)
            _sweep(folder, temporary, raw.fileno())
            yield file
            file.flush()
            # Without it a name could outlive a power failure that its bytes don't.
            os.fsync(raw.fileno())
            if fcntl is None:  # where an open file can't be moved
                raw.close()
            # While it is locked, so that nobody takes it for an abandoned one.
            os.replace(temporary, target)
    except BaseException as error:
        _remove(temporary)
        if isinstance(error, OSError) and error.errno and error.filename in (None, temporary):
            kept = "the file is not written" if old is None else "the file is not written, and the old one stays"
            raise OSError(error.errno, f"{error.strerror} ({kept})", os.fspath(path)) from error
        raise
    sync_folder(folder)


def write_pieces(descriptor: int, pieces: Iterable[ReadableBuffer]) -> None:
    """Write the bytes of all pieces to an open file."""
    views = [memoryview(piece).cast("B") for piece in pieces if memoryview(piece).nbytes]
    while views:
        if hasattr(os, "writev"):
            batch: list[memoryview] = []
            room = _MOST_BYTES
            for view in islice(views, _MOST_PIECES):
                batch.append(view[:room])
                room -= len(batch[-1])
                if not room:
                    break
            written = os.writev(descriptor, batch)
        else:
            written = os.write(descriptor, views[0])
        while views and written >= len(views[0]):
            written -= len(views.pop(0))
        if written:
            views[0] = views[0][written:]


def open_file(path: str | os.PathLike[str], flags: int, kind: str, mode: int = 0o666) -> io.FileIO:
    """An open file, which is closed with its last reference.

    Nothing can interrupt what happens between the system's call and the object: no step of Python is in between.
    """
    return next(map(io.FileIO, map(os.open, [path], [flags], [mode]), [kind]))


def sync_folder(path: str | os.PathLike[str]) -> None:
    """Flush the names in a folder to the disk, where the system can."""
    if os.name != "posix":  # where a folder can't be opened
        return
    # Whoever comes first takes the number out of `rest`, so that it is closed once, wherever an interrupt comes.
    descriptors: list[int] = []
    rest = iter(descriptors)
    try:
        try:
            descriptors.extend(map(os.open, [path], [os.O_RDONLY]))
            os.fsync(descriptors[0])
        finally:
            deque(map(os.close, rest), 0)
    except OSError as error:
        # A folder that may be written to and not read, and file systems that can't flush names.
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENOTSUP):
            hint = "the file is in place, but may not outlive a power failure"
            raise OSError(error.errno, f"{error.strerror} ({hint})", os.fspath(path)) from error
    finally:
        deque(map(os.close, rest), 0)


def _target_of(path: str | os.PathLike[str]) -> tuple[str, os.stat_result | None]:
    """Where the file of a path is, behind its links, and what is there."""
    name = os.fspath(path)
    try:
        old = os.stat(name)
    except FileNotFoundError:
        old = None
    if old is not None and not stat.S_ISREG(old.st_mode):
        kind = _KINDS.get(stat.S_IFMT(old.st_mode), "something else")
        number = errno.EISDIR if stat.S_ISDIR(old.st_mode) else errno.EINVAL
        raise OSError(number, f"expected a file, or nothing yet, found {kind}", name)
    return os.path.realpath(name) if os.path.islink(name) else name, old


def _take_permissions(descriptor: int, old: os.stat_result) -> None:
    """Give a new file the owner, the group and the permissions of an old one, and nobody more rights than before."""
    if not hasattr(os, "fchmod"):
        return
    mode = stat.S_IMODE(old.st_mode) & 0o777
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except OSError:
            try:
                os.fchown(descriptor, -1, old.st_gid)
            except OSError:  # another group now, and the members of the old one are among the others
                shared = mode >> 3 & mode & 0o007
                mode = mode & 0o700 | shared << 3 | shared
    with contextlib.suppress(OSError):  # file systems without permissions
        os.fchmod(descriptor, mode)


def _temporary_name() -> str:
    return f".autoarray-{_machine()}-{secrets.token_hex(8)}.tmp"


@functools.cache
def _machine() -> str:
    """A number of this machine since its last start, within which locks are sure to be seen."""
    try:
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            identity = file.read()
    except OSError:
        identity = os.uname().nodename.encode() if hasattr(os, "uname") else b""
    return f"{zlib.crc32(identity):08x}"


def _claim(file: io.FileIO, path: str) -> bool:
    """Lock a new temporary file; False if another process took it for an abandoned one before."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks, on which nobody else locks it either
        return True
    return os.path.exists(path)


def _sweep(folder: str, own: str, descriptor: int) -> None:
    """Remove the temporary files of killed writers; `own` and `descriptor` are those of the living one that asks.

    A folder of many files takes long to search, so that searches take this process at most 2% of its time.
    """
    place = folder if os.path.isabs(folder) else os.path.join(os.getcwd(), folder)
    start = time.monotonic()
    if start < _next_search.get(place, 0.0):
        return
    with contextlib.suppress(OSError):  # a folder that may not be read
        for name in os.listdir(folder):
            match = name.endswith(".tmp") and _TEMPORARY.fullmatch(name)
            if match and name != os.path.basename(own):
                with contextlib.suppress(OSError):
                    _remove_abandoned(os.path.join(folder, name), match[1] == _machine(), descriptor)
    end = time.monotonic()
    if len(_next_search) >= _MOST_FOLDERS:
        _next_search.clear()
    _next_search[place] = end + _PAUSE * (end - start)


def _remove_abandoned(path: str, ours: bool, descriptor: int) -> None:
    """Remove a temporary file unless its writer may live; OSError if it does.

    `descriptor` is that of a new file, whose time is the one by the clock of the file system.
    """
    now = os.fstat(descriptor).st_mtime
    if fcntl is None:  # an open file can't be removed, so that it must not be opened here
        if now - os.lstat(path).st_mtime > _SILENCE:
            os.unlink(path)
        return
    flags = os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        file = open_file(path, os.O_RDWR | flags, "rb")  # network file systems lock no file that is only read
    except PermissionError:  # it was to replace a file that nobody may write to
        file = open_file(path, os.O_RDONLY | flags, "rb")
    with file:
        status = os.fstat(file.fileno())
        # Some file systems that machines share keep locks to one of them.
        if stat.S_ISREG(status.st_mode) and (ours or now - status.st_mtime > _SILENCE):
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(path)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
