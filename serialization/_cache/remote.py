"""Entries of a cache behind a URL that fsspec knows: object stores, memory, other machines.

Object stores put an object as a whole or not at all, so an entry is put under its name; elsewhere it is written under
a temporary name and moved. They have no time of access either: an empty object under `used/` is written again instead.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xxhash

from serialization._cache import address
from serialization._cache.entry import (
    ENTRIES,
    MOST_QUARANTINED,
    QUARANTINE,
    USED,
    CacheEntry,
    filename_of,
    is_abandoned,
    name_in,
    oldest_first,
    quarantine_filename,
    temporary_name,
)
from serialization._extras import package_of
from serialization._payload import codec
from serialization._payload.info import PayloadInfo
from serialization._payload.inspect import inspect

# The protocols of stores that put an object whole or not at all.
_WHOLE = {"memory", "s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "r2", "oss", "cos", "obs", "hf"}
# What file systems call the time of writing.
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "created", "modified", "timeModified")


class RemoteStore:
    """A `Store` below a URL, on a file system of fsspec; `entry` has its layout.

    Parameters
    ----------
    url
        The URL, with its protocol.
    options
        What fsspec needs to know of the file system.
    """

    slow_commit = True

    def __init__(self, url: str, options: Mapping[str, object]) -> None:
        url_to_fs = package_of("cache", "fsspec.core", "a store behind a URL").url_to_fs
        self.address = url
        self._fs, root = url_to_fs(url, **options)
        self._root = root.rstrip("/")
        protocols = self._fs.protocol
        self._whole = bool(_WHOLE & set([protocols] if isinstance(protocols, str) else protocols))
        self._made = False

    @property
    def locks(self) -> Path:
        """The folder of this machine for the locks of this store."""
        return address.user_folder() / "locks" / xxhash.xxh3_64(self.address.rstrip("/").encode()).hexdigest()

    def exists(self) -> bool:
        """Whether anything was ever stored."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(f"{self._root}/{ENTRIES}"))

    def make(self) -> None:
        """Make the folders, where there are such things."""
        if not self._whole and not self._made:
            for folder in (ENTRIES, USED):
                self._fs.makedirs(f"{self._root}/{folder}", exist_ok=True)
            self._made = True

    def load(self, name: str, backend: str | None, mmap: bool) -> Any:
        """The object of an entry, which is never mapped; FileNotFoundError if there is none."""
        return codec.loads(self._fs.cat_file(self._path(name)), backend=backend)

    def inspect(self, name: str) -> PayloadInfo:
        """What an entry holds; FileNotFoundError if there is none."""
        return inspect(self._fs.cat_file(self._path(name)))

    def find(self, name: str) -> CacheEntry | None:
        """What is known of an entry, or None if there is none."""
        path = self._path(name)
        try:
            self._fs.invalidate_cache(self._fs._parent(path))
            info = self._fs.info(path)
        except OSError:
            return None
        written = _time_of(info)
        return CacheEntry(name, info["size"] or 0, written, written)

    def scan(self) -> list[CacheEntry]:
        """What is known of all entries, in no order."""
        used = {path: _time_of(info) for path, info in self._list(USED).items()}
        entries: list[CacheEntry] = []
        for filename, info in self._list(ENTRIES).items():
            if (name := name_in(filename)) is not None:
                written = _time_of(info)
                entries.append(CacheEntry(name, info["size"] or 0, written, max(written, used.get(name, 0))))
        return entries

    def stage(self, name: str, data: bytes, now: int) -> bytes | str:
        """The payload, or the temporary name under which it was written where objects are not put whole."""
        if self._whole:
            return data
        self.make()
        temporary = f"{self._root}/{ENTRIES}/{temporary_name(name)}"
        try:
            self._fs.pipe_file(temporary, data)
        except BaseException:
            self.discard(temporary)
            raise
        return temporary

    def commit(self, staged: bytes | str, name: str) -> None:
        """Put a payload under the name of an entry, or move it there; FileNotFoundError if it has been cleaned away."""
        if self._whole:
            self._fs.pipe_file(self._path(name), staged)
        else:
            self._fs.mv(staged, self._path(name))

    def discard(self, staged: bytes | str) -> None:
        """Remove what was written under a temporary name."""
        if not self._whole:
            with contextlib.suppress(OSError):
                self._fs.rm_file(staged)

    def touch(self, name: str, now: int) -> None:
        """Note that an entry was used."""
        with contextlib.suppress(OSError):  # not ours to change
            self.make()
            self._fs.pipe_file(f"{self._root}/{USED}/{name}", b"\n")

    def remove(self, name: str) -> bool:
        """Remove an entry; whether there was one."""
        with contextlib.suppress(OSError):
            self._fs.rm_file(f"{self._root}/{USED}/{name}")
        try:
            if not self._fs.exists(self._path(name)):  # some stores remove what is not there
                return False
            self._fs.rm_file(self._path(name))
        except FileNotFoundError:
            return False
        return True

    def quarantine(self, name: str) -> bool:
        """Move an entry aside; whether there was one."""
        target = f"{self._root}/{QUARANTINE}/{quarantine_filename(name)}"
        try:
            if not self._whole:
                self._fs.makedirs(self._fs._parent(target), exist_ok=True)
            self._fs.mv(self._path(name), target)
        except FileNotFoundError:
            return False
        self._bound_quarantine()
        return True

    def scan_quarantine(self) -> list[str]:
        """The names of the files that were moved aside, oldest first."""
        return oldest_first(self._list(QUARANTINE))

    def clean(self, now: int) -> int:
        """Remove what killed processes left behind, and return how many files that were."""
        self._bound_quarantine()
        count = 0
        for filename, info in self._list(ENTRIES).items():
            if filename.endswith(".tmp") and is_abandoned(filename, now - _time_of(info)):
                with contextlib.suppress(OSError):
                    self._fs.rm_file(f"{self._root}/{ENTRIES}/{filename}")
                    count += 1
        return count

    def _bound_quarantine(self) -> None:
        for filename in self.scan_quarantine()[:-MOST_QUARANTINED]:
            with contextlib.suppress(OSError):
                self._fs.rm_file(f"{self._root}/{QUARANTINE}/{filename}")

    def _list(self, folder: str) -> dict[str, Any]:
        """What is in one of the folders, by its name there."""
        path = f"{self._root}/{folder}"
        self._fs.invalidate_cache()
        try:
            items = self._fs.ls(path, detail=True)
        except OSError:
            return {}
        return {info["name"].rpartition("/")[2]: info for info in items if info["type"] == "file"}

    def _path(self, name: str) -> str:
        return f"{self._root}/{ENTRIES}/{filename_of(name)}"


def _time_of(info: Mapping[str, Any]) -> int:
    """When a file was written, in ns; 0 if its file system does not tell."""
    for key in _TIMES:
        value = info.get(key)
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        if isinstance(value, (int, float)):
            return int(value * 1e9)
    return 0
