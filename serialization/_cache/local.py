"""Entries of a cache as files in a folder.

The time of modification of a file is when its entry was written, the time of access when it was last used; both
are set explicitly, so that mount options don't matter. Nothing here locks: a file appears whole, under a name that
no other process has, and one that another process has removed meanwhile is missing.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from serialization._cache import store
from serialization._payload import codec
from serialization._payload.files import sync_folder
from serialization._payload.info import PayloadInfo
from serialization.errors import NotMappableError

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Fits that can be computed again, kept by autoarray-portable. See https://bford.info/cachedir/\n"
)


class LocalStore:
    """A folder of entries; see `_store` for its layout."""

    reserves = False  # room is made and the entry put there in one go

    def __init__(self, root: Path) -> None:
        self.root = root
        self.address = str(root)
        self.locks = root / "locks"
        self._entries = os.path.join(root, store.ENTRIES)

    def exists(self) -> bool:
        """Whether anything was ever stored."""
        return os.path.isdir(self._entries)

    def make(self) -> None:
        """Make the folder, for this user alone."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        self.root.mkdir(mode=0o700, exist_ok=True)
        os.makedirs(self._entries, mode=0o700, exist_ok=True)
        with contextlib.suppress(OSError), open(self.root / "CACHEDIR.TAG", "x", encoding="ascii") as tag:
            tag.write(_TAG)

    def load(self, name: str, backend: str | None, mmap: bool) -> Any:
        """The object of an entry; FileNotFoundError if there is none."""
        path = self._path(name)
        if mmap:
            with contextlib.suppress(NotMappableError):  # compressed, by whoever put it there
                return codec.load(path, backend=backend, mmap=True)
        return codec.load(path, backend=backend)

    def inspect(self, name: str) -> PayloadInfo:
        """What the entry holds; looking is no use of it."""
        path = self._path(name)
        before = os.stat(path)
        info = codec.inspect(path)
        with contextlib.suppress(OSError):
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return info

    def find(self, name: str) -> store.Entry | None:
        """What is known of an entry, or None if there is none."""
        try:
            found = os.stat(self._path(name))
        except OSError:
            return None
        return store.Entry(name, found.st_size, found.st_mtime_ns, found.st_atime_ns)

    def scan(self) -> list[store.Entry]:
        """All entries, in no order."""
        entries = []
        for item in _files(self._entries):
            if item.name.endswith(store.SUFFIX) and not item.name.startswith("."):
                with contextlib.suppress(OSError):  # another process has removed it
                    found = item.stat()
                    name = item.name[: -len(store.SUFFIX)]
                    entries.append(store.Entry(name, found.st_size, found.st_mtime_ns, found.st_atime_ns))
        return entries

    def stage(self, name: str, data: bytes, now: int) -> str:
        """Write the payload of an entry to a temporary file, flush it to the disk, and return its path."""
        temporary = os.path.join(self._entries, store.temporary_name(name))
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(temporary, flags, 0o600)
        except FileNotFoundError:
            self.make()
            descriptor = os.open(temporary, flags, 0o600)
        try:
            with open(descriptor, "wb", buffering=0) as file:
                view, done = memoryview(data), 0
                while done < len(data):
                    done += file.write(view[done:])
                # Without it a name could outlive a power failure that its bytes don't.
                os.fsync(file.fileno())
            os.utime(temporary, ns=(now, now))
        except BaseException:
            self.discard(temporary)
            raise
        return temporary

    def commit(self, staged: str, name: str) -> None:
        """Give a staged payload its name; FileNotFoundError if it has been cleaned away meanwhile."""
        os.replace(staged, self._path(name))
        sync_folder(self._entries)

    def discard(self, staged: str) -> None:
        """Remove a staged payload."""
        with contextlib.suppress(OSError):
            os.unlink(staged)

    def touch(self, name: str, now: int) -> None:
        """Note that an entry was used."""
        path = self._path(name)
        with contextlib.suppress(OSError):  # gone, or not ours to change
            os.utime(path, ns=(now, os.stat(path).st_mtime_ns))

    def remove(self, name: str) -> bool:
        """Remove an entry; whether it was there. Processes that have mapped it keep their map."""
        try:
            os.unlink(self._path(name))
        except FileNotFoundError:
            return False
        return True

    def quarantine(self, name: str) -> bool:
        """Move an entry aside; whether it was there."""
        folder = self.root / store.QUARANTINE
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            os.replace(self._path(name), folder / f"{time.time_ns()}-{name}{store.SUFFIX}")
        except FileNotFoundError:
            return False
        self._bound_quarantine()
        return True

    def quarantined(self) -> list[str]:
        """The names of the files that were moved aside, oldest first."""
        found = [item.name for item in _files(self.root / store.QUARANTINE)]
        return sorted(found, key=lambda name: (len(name.partition("-")[0]), name))

    def clean(self, now: int) -> int:
        """Remove what processes that were killed left behind, and return how many files that were."""
        self._bound_quarantine()
        count = 0
        for item in _files(self._entries):
            with contextlib.suppress(OSError):
                if item.name.endswith(".tmp") and store.is_abandoned(item.name, now - item.stat().st_mtime_ns):
                    os.unlink(item.path)
                    count += 1
        return count

    def _bound_quarantine(self) -> None:
        for name in self.quarantined()[: -store.MOST_QUARANTINED]:
            with contextlib.suppress(OSError):
                os.unlink(self.root / store.QUARANTINE / name)

    def _path(self, name: str) -> str:
        return f"{self._entries}{os.sep}{name}{store.SUFFIX}"


def _files(folder: str | os.PathLike[str]) -> Iterator[os.DirEntry[str]]:
    """What is in a folder, which another process may remove meanwhile."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as items:
        yield from items
