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
    is_temporary,
    name_in,
    oldest_first,
    prefix_of,
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
        return codec.loads(self._read(name), backend=backend)

    def inspect(self, name: str) -> PayloadInfo:
        """What an entry holds; FileNotFoundError if there is none."""
        return inspect(self._read(name))

    def find(self, name: str) -> CacheEntry | None:
        """What is known of an entry, or None if there is none."""
        for path in self._paths(name):
            with contextlib.suppress(OSError):
                self._fs.invalidate_cache(self._fs._parent(path))
                return _entry_of(name, self._fs.info(path))
        return None

    def scan(self) -> list[CacheEntry]:
        """What is known of all entries, in no order."""
        used: dict[str, int] = {}
        for (_, filename), info in self._list(USED).items():
            used[filename] = max(_time_of(info), used.get(filename, 0))
        entries: dict[str, CacheEntry] = {}
        # Those of 0.1.0, in no sub-folder, come first: a newer one replaces them.
        for (folder, filename), info in sorted(self._list(ENTRIES).items(), key=lambda item: item[0]):
            name = name_in(filename)
            if name is not None and folder in ("", prefix_of(name)):
                entry = _entry_of(name, info)
                entries[name] = CacheEntry(name, entry.size, entry.written, max(entry.written, used.get(name, 0)))
        return list(entries.values())

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
        path, flat = self._paths(name)
        if self._whole:
            self._fs.pipe_file(path, staged)
        else:
            self._fs.makedirs(self._fs._parent(path), exist_ok=True)
            self._fs.mv(staged, path)
        self._remove(flat)

    def discard(self, staged: bytes | str) -> None:
        """Remove what was written under a temporary name."""
        if not self._whole:
            with contextlib.suppress(OSError):
                self._fs.rm_file(staged)

    def touch(self, name: str, now: int) -> None:
        """Note that an entry was used."""
        path = f"{self._root}/{USED}/{prefix_of(name)}/{name}"
        with contextlib.suppress(OSError):  # not ours to change
            if not self._whole:
                self._fs.makedirs(self._fs._parent(path), exist_ok=True)
            self._fs.pipe_file(path, b"\n")

    def remove(self, name: str) -> bool:
        """Remove an entry; whether there was one."""
        path, flat = self._paths(name)
        self._forget_use(name)
        older = self._remove(flat)  # first, so that it is never taken for the entry
        return self._remove(path) or older

    def quarantine(self, name: str) -> bool:
        """Move an entry aside; whether there was one."""
        path, flat = self._paths(name)
        target = f"{self._root}/{QUARANTINE}/{quarantine_filename(name)}"
        try:
            if not self._whole:
                self._fs.makedirs(self._fs._parent(target), exist_ok=True)
            if self._fs.exists(path):
                self._remove(flat)
                self._fs.mv(path, target)
            else:
                self._fs.mv(flat, target)
        except FileNotFoundError:
            return False
        self._forget_use(name)
        self._bound_quarantine()
        return True

    def scan_quarantine(self) -> list[CacheEntry]:
        """What is known of the files that were moved aside, oldest first."""
        infos = {filename: info for (folder, filename), info in self._list(QUARANTINE).items() if not folder}
        return [_entry_of(filename, infos[filename]) for filename in oldest_first(infos)]

    def remove_quarantined(self, name: str) -> bool:
        """Remove a file that was moved aside; whether there was one."""
        return self._remove(f"{self._root}/{QUARANTINE}/{name}")

    def scan_staged(self) -> list[CacheEntry]:
        """What is known of the temporary files, in no order; none where objects are put whole."""
        if self._whole:
            return []
        return [
            _entry_of(f"{self._root}/{ENTRIES}/{filename}", info)
            for (folder, filename), info in self._list(ENTRIES).items()
            if not folder and is_temporary(filename)
        ]

    def clean(self, now: int) -> int:
        """Remove what killed processes left behind, and return how many files that were."""
        self._bound_quarantine()
        count = 0
        for entry in self.scan_staged():
            if is_abandoned(entry.name.rpartition("/")[2], now - entry.written):
                with contextlib.suppress(OSError):
                    count += self._remove(entry.name)
        return count

    def _bound_quarantine(self) -> None:
        for entry in self.scan_quarantine()[:-MOST_QUARANTINED]:
            with contextlib.suppress(OSError):
                self._remove(f"{self._root}/{QUARANTINE}/{entry.name}")

    def _forget_use(self, name: str) -> None:
        for path in (f"{self._root}/{USED}/{prefix_of(name)}/{name}", f"{self._root}/{USED}/{name}"):
            with contextlib.suppress(OSError):
                self._fs.rm_file(path)

    def _read(self, name: str) -> bytes:
        path, flat = self._paths(name)
        try:
            return self._fs.cat_file(path)
        except FileNotFoundError:
            return self._fs.cat_file(flat)

    def _remove(self, path: str) -> bool:
        """Remove a file; whether there was one."""
        try:
            if not self._fs.exists(path):  # some stores remove what is not there
                return False
            self._fs.rm_file(path)
        except FileNotFoundError:
            return False
        return True

    def _list(self, folder: str) -> dict[tuple[str, str], Any]:
        """What is in one of the folders and in its sub-folders, by the name of the sub-folder, or "", and its own."""
        path = f"{self._root}/{folder}"
        self._fs.invalidate_cache()
        try:
            infos = self._fs.find(path, detail=True)
        except OSError:
            return {}
        files: dict[tuple[str, str], Any] = {}
        for info in infos.values():
            *folders, filename = info["name"].rpartition(f"/{folder}/")[2].split("/")
            if len(folders) < 2 and info["type"] == "file":
                files["".join(folders), filename] = info
        return files

    def _paths(self, name: str) -> tuple[str, str]:
        """The path of an entry, and that of one of 0.1.0, which had no sub-folders."""
        filename = filename_of(name)
        return f"{self._root}/{ENTRIES}/{prefix_of(name)}/{filename}", f"{self._root}/{ENTRIES}/{filename}"


def _entry_of(name: str, info: Mapping[str, Any]) -> CacheEntry:
    written = _time_of(info)
    return CacheEntry(name, info["size"] or 0, written, written)


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
