# pyright: strict
"""Entries of a cache as files in a folder.

The time of modification of a file is when its entry was written, the time of access when it was last used; both
are set explicitly, so that mount options don't matter. Nothing here locks: a file appears whole, under a name that
no other process has, and one that another process has removed meanwhile is missing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from serialization._cache.entry import (
    ENTRIES,
    MOST_QUARANTINED,
    QUARANTINE,
    CacheEntry,
    filename_of,
    is_abandoned,
    name_in,
    oldest_first,
    quarantine_filename,
    temporary_name,
)
from serialization._payload import codec
from serialization._payload.files import replace_file, write_file
from serialization._payload.info import PayloadInfo
from serialization._payload.inspect import inspect
from serialization.errors import NotMappableError

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Fits that can be computed again, kept by autoarray-portable. See https://bford.info/cachedir/\n"
)


class LocalStore:
    """A `Store` in a folder; `entry` has its layout."""

    slow_commit = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self.address = str(root)
        self.locks = root / "locks"
        self._entries = os.path.join(root, ENTRIES)

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
        """What an entry holds, while its times stay as they are; FileNotFoundError if there is none."""
        path = self._path(name)
        before = os.stat(path)
        info = inspect(path)
        with contextlib.suppress(OSError):
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return info

    def find(self, name: str) -> CacheEntry | None:
        """What is known of an entry, or None if there is none."""
        try:
            return _entry_of(name, os.stat(self._path(name)))
        except OSError:
            return None

    def scan(self) -> list[CacheEntry]:
        """What is known of all entries, in no order."""
        entries: list[CacheEntry] = []
        for item in _items_of(self._entries):
            if (name := name_in(item.name)) is not None:
                with contextlib.suppress(OSError):  # another process has removed it
                    entries.append(_entry_of(name, item.stat()))
        return entries

    def stage(self, name: str, data: bytes, now: int) -> str:
        """Write a payload to a temporary file, flush it to the disk, and return its path."""
        temporary = os.path.join(self._entries, temporary_name(name))
        try:
            write_file(temporary, [data], mode=0o600)
        except FileNotFoundError:
            self.make()
            write_file(temporary, [data], mode=0o600)
        try:
            os.utime(temporary, ns=(now, now))
        except BaseException:
            self.discard(temporary)
            raise
        return temporary

    def commit(self, staged: str, name: str) -> None:
        """Move a temporary file into the place of an entry; FileNotFoundError if it has been cleaned away meanwhile."""
        replace_file(staged, self._path(name))

    def discard(self, staged: str) -> None:
        """Remove a temporary file."""
        with contextlib.suppress(OSError):
            os.unlink(staged)

    def touch(self, name: str, now: int) -> None:
        """Note that an entry was used."""
        path = self._path(name)
        with contextlib.suppress(OSError):  # gone, or not ours to change
            os.utime(path, ns=(now, os.stat(path).st_mtime_ns))

    def remove(self, name: str) -> bool:
        """Remove an entry; whether there was one. Processes that have mapped it keep their map."""
        try:
            os.unlink(self._path(name))
        except FileNotFoundError:
            return False
        return True

    def quarantine(self, name: str) -> bool:
        """Move an entry aside; whether there was one."""
        folder = self.root / QUARANTINE
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            os.replace(self._path(name), folder / quarantine_filename(name))
        except FileNotFoundError:
            return False
        self._bound_quarantine()
        return True

    def scan_quarantine(self) -> list[str]:
        """The names of the files that were moved aside, oldest first."""
        return oldest_first(item.name for item in _items_of(self.root / QUARANTINE))

    def clean(self, now: int) -> int:
        """Remove what killed processes left behind, and return how many files that were."""
        self._bound_quarantine()
        count = 0
        for item in _items_of(self._entries):
            with contextlib.suppress(OSError):
                if item.name.endswith(".tmp") and is_abandoned(item.name, now - item.stat().st_mtime_ns):
                    os.unlink(item.path)
                    count += 1
        return count

    def _bound_quarantine(self) -> None:
        for filename in self.scan_quarantine()[:-MOST_QUARANTINED]:
            with contextlib.suppress(OSError):
                os.unlink(self.root / QUARANTINE / filename)

    def _path(self, name: str) -> str:
        return f"{self._entries}{os.sep}{filename_of(name)}"


def _entry_of(name: str, status: os.stat_result) -> CacheEntry:
    return CacheEntry(name, status.st_size, status.st_mtime_ns, status.st_atime_ns)


def _items_of(folder: str | os.PathLike[str]) -> Iterator[os.DirEntry[str]]:
    """What is in a folder, which another process may remove meanwhile."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as items:
        yield from items
