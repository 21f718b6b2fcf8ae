# pyright: strict
"""Entries of a cache as files in a folder.

The time of modification of a file is when its entry was written, the time of access when it was last used; both
are set explicitly, so that mount options don't matter. Nothing here locks: a file appears whole, under a name that
no other process has, and one that another process has removed meanwhile is missing.

The address may be a link; it is resolved once. No link below it is followed. It is enough to look first and to open
then: nobody else may write to these folders, so nobody else puts a link there in between.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from serialization._cache.access import Access
from serialization._cache.entry import (
    ENTRIES,
    MOST_QUARANTINED,
    QUARANTINE,
    CacheEntry,
    filename_of,
    is_abandoned,
    is_prefix,
    is_temporary,
    name_in,
    oldest_first,
    prefix_of,
    quarantine_filename,
    temporary_name,
)
from serialization._files import sync_folder
from serialization._folders import kind_of
from serialization._payload import codec
from serialization._payload.files import replace_file, write_file
from serialization._payload.info import PayloadInfo
from serialization._payload.inspect import inspect
from serialization.errors import NotMappableError

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Fits that can be computed again, kept by autoarray-portable. See https://bford.info/cachedir/\n"
)
_FOLLOW = os.utime not in os.supports_follow_symlinks  # where there is no choice
_Result = TypeVar("_Result")


class LocalStore:
    """A `Store` in a folder; `entry` has its layout.

    Parameters
    ----------
    root
        The folder, or a link to it.
    access
        Who may write to it.

    Raises
    ------
    PermissionError
        If others may, or a link is in the place of a folder in it.
    """

    slow_commit = False

    def __init__(self, root: Path, access: Access) -> None:
        self.root = Path(os.path.realpath(root))
        self.address = str(root)
        self.locks = self.root / "locks"
        self._entries = os.path.join(self.root, ENTRIES)
        self._quarantine = os.path.join(self.root, QUARANTINE)
        self._access = access
        access.check_if_there(self.root, self._entries, self._quarantine)

    def exists(self) -> bool:
        """Whether anything was ever stored."""
        return os.path.isdir(self._entries)

    def make(self) -> None:
        """Make the folder, for this user alone, or for the group too."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        self._access.make(self.root)
        self._access.make(self._entries)
        with contextlib.suppress(OSError), open(self.root / "CACHEDIR.TAG", "x", encoding="ascii") as tag:
            tag.write(_TAG)

    def load(self, name: str, backend: str | None, mmap: bool) -> Any:
        """The object of an entry; FileNotFoundError if there is none."""

        def read(path: str) -> Any:
            if mmap:
                with contextlib.suppress(NotMappableError):  # compressed, by whoever put it there
                    return codec.load(path, backend=backend, mmap=True)
            return codec.load(path, backend=backend)

        return self._use(name, read)

    def inspect(self, name: str) -> PayloadInfo:
        """What an entry holds, while its times stay as they are; FileNotFoundError if there is none."""

        def read(path: str) -> PayloadInfo:
            before = os.lstat(path)
            info = inspect(path)
            with contextlib.suppress(OSError):
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns), follow_symlinks=_FOLLOW)
            return info

        return self._use(name, read)

    def find(self, name: str) -> CacheEntry | None:
        """What is known of an entry, or None if there is none."""
        try:
            return _entry_of(name, self._use(name, os.lstat))
        except OSError:
            return None

    def scan(self) -> list[CacheEntry]:
        """What is known of all entries, in no order."""
        entries: dict[str, CacheEntry] = {}
        for item in self._items_in_entries():
            if (name := name_in(item.name)) is not None:
                with contextlib.suppress(OSError):  # another process has removed it
                    entry, other = _entry_of(name, item.stat(follow_symlinks=False)), entries.get(name)
                    if other is None or other.written < entry.written:
                        entries[name] = entry
        return list(entries.values())

    def stage(self, name: str, data: bytes, now: int) -> str:
        """Write a payload to a temporary file, flush it to the disk, and return its path."""
        temporary = os.path.join(self._entries, temporary_name(name))
        try:
            self._write(temporary, data)
        except FileNotFoundError:
            self.make()
            self._write(temporary, data)
        try:
            if self._access.shared_with_group:
                os.chmod(temporary, self._access.file_mode)  # whatever the umask took away
            os.utime(temporary, ns=(now, now))
        except BaseException:
            self.discard(temporary)
            raise
        return temporary

    def commit(self, staged: str, name: str) -> None:
        """Move a temporary file into the place of an entry; FileNotFoundError if it has been cleaned away meanwhile."""
        self._access.check(self._entries)
        flat, path = self._paths(name)
        if self._access.make(os.path.dirname(path)):
            sync_folder(self._entries)
        replace_file(staged, path)
        # Only now: if this process is killed before, the newer one of the two is valid.
        with contextlib.suppress(OSError):
            os.unlink(flat)

    def discard(self, staged: str) -> None:
        """Remove a temporary file."""
        with contextlib.suppress(OSError):
            os.unlink(staged)

    def touch(self, name: str, now: int) -> None:
        """Note that an entry was used."""

        def note(path: str) -> None:
            os.utime(path, ns=(now, os.lstat(path).st_mtime_ns), follow_symlinks=_FOLLOW)

        with contextlib.suppress(OSError):  # gone, or not ours to change
            self._use(name, note)

    def remove(self, name: str) -> bool:
        """Remove an entry; whether there was one. Processes that have mapped it keep their map."""
        return self._take(name, os.unlink)

    def quarantine(self, name: str) -> bool:
        """Move an entry aside; whether there was one."""

        def move(path: str) -> None:
            os.replace(path, os.path.join(self._quarantine, quarantine_filename(name)))

        with contextlib.suppress(FileNotFoundError):
            self._access.make(self._quarantine)
        moved = self._take(name, move)
        self._bound_quarantine()
        return moved

    def scan_quarantine(self) -> list[CacheEntry]:
        """What is known of the files that were moved aside, oldest first."""
        files: dict[str, CacheEntry] = {}
        for item in self._items_of(self._quarantine):
            with contextlib.suppress(OSError):
                files[item.name] = _entry_of(item.name, item.stat(follow_symlinks=False))
        return [files[filename] for filename in oldest_first(files)]

    def remove_quarantined(self, name: str) -> bool:
        """Remove a file that was moved aside; whether there was one."""
        try:
            self._access.check(self._quarantine)
            os.unlink(os.path.join(self._quarantine, name))
        except FileNotFoundError:
            return False
        return True

    def scan_staged(self) -> list[CacheEntry]:
        """What is known of the temporary files, in no order."""
        files: list[CacheEntry] = []
        for item in self._items_of(self._entries):
            if is_temporary(item.name):
                with contextlib.suppress(OSError):
                    files.append(_entry_of(item.path, item.stat(follow_symlinks=False)))
        return files

    def clean(self, now: int) -> int:
        """Remove what killed processes left behind, and return how many files that were."""
        self._bound_quarantine()
        count = 0
        for item in self._items_of(self._entries):
            with contextlib.suppress(OSError):
                if is_abandoned(item.name, now - item.stat(follow_symlinks=False).st_mtime_ns):
                    os.unlink(item.path)
                    count += 1
                elif (name := name_in(item.name)) is not None and len(paths := self._by_age(name)) > 1:
                    os.unlink(paths[0])
                    count += 1
        return count

    # Where the files are.

    def _paths(self, name: str) -> tuple[str, str]:
        """The path of an entry of 0.1.0, which had no sub-folders, and that of a newer one."""
        filename = filename_of(name)
        return (
            f"{self._entries}{os.sep}{filename}",
            f"{self._entries}{os.sep}{prefix_of(name)}{os.sep}{filename}",
        )

    def _by_age(self, name: str) -> list[str]:
        """The paths that there are of an entry, none, one or two of them; the last one is valid."""
        written: dict[str, int] = {}
        for path in self._paths(name):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                written[path] = os.lstat(path).st_mtime_ns
        return sorted(written, key=lambda path: written[path])

    def _use(self, name: str, use: Callable[[str], _Result]) -> _Result:
        """What a function returns for the path of the file of an entry; FileNotFoundError if there is none."""
        self._access.check(self._entries)
        flat, path = self._paths(name)
        if os.path.lexists(flat) and self._by_age(name)[-1:] == [flat]:
            with contextlib.suppress(FileNotFoundError):  # it has been written again meanwhile
                return use(_regular(flat))
        self._access.check(os.path.dirname(path))
        return use(_regular(path))

    def _take(self, name: str, take: Callable[[str], object]) -> bool:
        """Give the path of an entry to a function that takes it away; whether there was one."""
        try:
            self._access.check(self._entries)
            self._access.check(os.path.dirname(self._paths(name)[1]))
        except FileNotFoundError:
            pass
        paths = self._by_age(name)
        for path in paths[:-1]:  # first, so that it is never taken for the entry
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        try:
            take(paths[-1])
        except (FileNotFoundError, IndexError):
            return False
        return True

    def _write(self, path: str, data: bytes) -> None:
        self._access.check(self._entries)
        write_file(path, [data], mode=self._access.file_mode)

    def _items_in_entries(self) -> Iterator[os.DirEntry[str]]:
        """What is in the folder of entries and in its sub-folders."""
        for item in self._items_of(self._entries):
            if is_prefix(item.name) and not item.is_file(follow_symlinks=False):
                yield from self._items_of(item.path)
            else:
                yield item

    def _items_of(self, folder: str) -> Iterator[os.DirEntry[str]]:
        """What is in a folder, which another process may remove meanwhile."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            self._access.check(folder)
            with os.scandir(folder) as items:
                yield from items

    def _bound_quarantine(self) -> None:
        for entry in self.scan_quarantine()[:-MOST_QUARANTINED]:
            with contextlib.suppress(OSError):
                self.remove_quarantined(entry.name)


def _entry_of(name: str, status: os.stat_result) -> CacheEntry:
    return CacheEntry(name, status.st_size, status.st_mtime_ns, status.st_atime_ns)


def _regular(path: str) -> str:
    """A path that names a file itself."""
    mode = os.lstat(path).st_mode
    if not stat.S_ISREG(mode):
        kind = kind_of(mode)
        raise PermissionError(f"{path}: expected a file, found {kind}{', which is not followed' * (kind == 'a link')}")
    return path
