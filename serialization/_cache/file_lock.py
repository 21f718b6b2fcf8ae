# pyright: strict
"""A lock that a process holds on a file: it ends with the process, and the file goes when the lock is released.

A file that stays would be one for every key that was ever computed. Removing it is safe because of two rules. Who has
got the lock of a file looks whether the path still names that file, and begins again if not. Only who holds the lock of
the file that a path names removes it. Suppose that two processes hold the lock of one path. Each has looked after it
had locked, and saw the path name its file. One file has one holder, so those are two files, and between the two looks
the path went from the first file to the second. So the first one was removed, but not by its holder, who alone may do
that. (A person who empties the folder does it all the same, and two processes then compute the same value.)

A killed process leaves its file without a lock. The next process that asks for the same path takes that file.

The library filelock is not used, because its releases differ in whether they remove the file, whether they look again,
and whether they follow a link.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import weakref
from typing import ClassVar

from serialization._folders import kind_of

_posix = os.name == "posix"
_LOCKED_BYTE = 2**30  # behind all text: Windows lets nobody read a byte that is locked
_LONGEST_TEXT = 2**13


class FileLock:
    """The lock of a file, from `acquire` to `release`, or until it is dropped, as by an interrupt."""

    _held: ClassVar[weakref.WeakSet[FileLock]] = weakref.WeakSet()

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor
        FileLock._held.add(self)

    @classmethod
    def acquire(cls, path: str, mode: int) -> FileLock | None:
        """The lock of the file of a path, which is made with a mode; None if it is held by someone.

        Raises
        ------
        OSError
            If there can be no such file, it is a link or no regular file, or its file system knows no locks.
        """
        while True:
            descriptor, lock = _open(path, os.O_RDWR | os.O_CREAT, mode), None
            try:
                if not _try_lock(descriptor):
                    return None
                if _is_at(descriptor, path):
                    if os.fstat(descriptor).st_size:  # of a process that was killed
                        os.ftruncate(descriptor, 0)
                    lock = cls(path, descriptor)
                    return lock
            finally:
                if lock is None:
                    os.close(descriptor)

    def write(self, text: str) -> None:
        """Let the file hold a text about its holder, if its file system has room for that."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.write(self._descriptor, text.encode("utf-8", "surrogateescape"))

    def release(self, *, remove: bool) -> None:
        """Let go of the lock; the file is removed, or stays for the next one."""
        FileLock._held.discard(self)
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:  # in a forked process, which does not hold it
            return
        try:
            if remove and _posix and _is_at(descriptor, self.path):
                _remove(self.path)
            _unlock(descriptor)
        finally:
            os.close(descriptor)
            if (
                remove and not _posix
            ):  # where an open file can't be removed: this fails if another process has opened it
                _remove(self.path)

    def __del__(self) -> None:
        self.release(remove=True)

    @classmethod
    def forget(cls) -> None:
        """Close what a forked process has of its parent's locks, which would hold them on after the parent's end."""
        for lock in list(cls._held):
            if lock._descriptor is not None:
                with contextlib.suppress(OSError):
                    os.close(lock._descriptor)
                lock._descriptor = None
        cls._held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=FileLock.forget)


def text_in(path: str) -> str:
    """The text that the holder of the lock of a file wrote; empty if there is none."""
    try:
        descriptor = _open(path, os.O_RDONLY, 0)
    except OSError:
        return ""
    try:
        return os.read(descriptor, _LONGEST_TEXT).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
    finally:
        os.close(descriptor)


def _open(path: str, flags: int, mode: int) -> int:
    """Open a regular file that has no other name."""
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"):
        flags |= getattr(os, name, 0)
    if not hasattr(os, "O_NOFOLLOW") and os.path.islink(path):
        raise PermissionError(f"{path}: expected a file, found a link, which is not followed")
    try:
        descriptor = os.open(path, flags, mode)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise PermissionError(f"{path}: expected a file, found a link, which is not followed") from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PermissionError(f"{path}: expected a file, found {kind_of(status.st_mode)}")
        if status.st_nlink > 1:
            raise PermissionError(f"{path}: expected a file of its own, found one that has another name too")
        if flags & os.O_CREAT and _posix and stat.S_IMODE(status.st_mode) != mode and status.st_uid == os.geteuid():
            os.fchmod(descriptor, mode)  # whatever the umask took away
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _is_at(descriptor: int, path: str) -> bool:
    """Whether a path names the file of a descriptor."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


if _posix:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # the latter on some network file systems
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # for the copies of forked processes too

else:
    import msvcrt  # pyright: ignore

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # pyright: ignore
        except PermissionError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # pyright: ignore


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
