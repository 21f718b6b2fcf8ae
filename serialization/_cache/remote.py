"""Entries of a cache behind a URL that fsspec knows: object stores, memory, other machines.

Object stores put an object as a whole or not at all, so an entry is put under its name; elsewhere it is written under
a temporary name and moved. They have no time of access either: an empty object under `used/` is written again instead.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xxhash

from serialization._cache import store
from serialization._payload import codec
from serialization._payload.info import PayloadInfo

# What puts an object whole or not at all.
_WHOLE = {"memory", "s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "r2", "oss", "cos", "obs", "hf"}
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "created", "modified", "timeModified")


class RemoteStore:
    """A prefix of an fsspec file system; see `_store` for its layout.

    Parameters
    ----------
    url
        Where, with its protocol.
    options
        What fsspec needs to know of the file system.
    """

    reserves = True  # room is made first, and the entry put there when nobody waits for it any more

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        fsspec = _fsspec()
        self.address = url
        self._fs, root = fsspec.core.url_to_fs(url, **options)
        self._root = root.rstrip("/")
        self._pid = os.getpid()
        protocols = self._fs.protocol
        self._whole = bool(_WHOLE & set([protocols] if isinstance(protocols, str) else protocols))
        self._made = False

    @property
    def locks(self) -> Path:
        """The folder of this machine for the locks of this store."""
        return user_folder() / "locks" / xxhash.xxh3_64(self.address.rstrip("/").encode()).hexdigest()

    def exists(self) -> bool:
        """Whether anything was ever stored."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(f"{self._root}/{store.ENTRIES}"))

    def make(self) -> None:
        """Make the folders, where there are such things."""
        if not self._whole and not self._made:
            for folder in (store.ENTRIES, store.USED):
                self._fs.makedirs(f"{self._root}/{folder}", exist_ok=True)
            self._made = True

    def load(self, name: str, backend: str | None, mmap: bool) -> Any:
        """The object of an entry, which is never mapped; FileNotFoundError if there is none."""
        return codec.loads(self._fs.cat_file(self._path(name)), backend=backend)

    def inspect(self, name: str) -> PayloadInfo:
        """What the entry holds."""
        return codec.inspect(self._fs.cat_file(self._path(name)))

    def find(self, name: str) -> store.Entry | None:
        """What is known of an entry, or None if there is none."""
        path = self._path(name)
        try:
            self._fs.invalidate_cache(self._fs._parent(path))
            info = self._fs.info(path)
        except OSError:
            return None
        written = _time_of(info)
        return store.Entry(name, info["size"] or 0, written, written)

    def scan(self) -> list[store.Entry]:
        """All entries, in no order."""
        used = {path: _time_of(info) for path, info in self._list(store.USED).items()}
        entries = []
        for filename, info in self._list(store.ENTRIES).items():
            if filename.endswith(store.SUFFIX) and not filename.startswith("."):
                name, written = filename[: -len(store.SUFFIX)], _time_of(info)
                entries.append(store.Entry(name, info["size"] or 0, written, max(written, used.get(name, 0))))
        return entries

    def stage(self, name: str, data: bytes, now: int) -> Any:
        """The payload of an entry, written under a temporary name where that is needed."""
        if self._whole:
            return data
        self.make()
        temporary = f"{self._root}/{store.ENTRIES}/{store.temporary_name(name)}"
        try:
            self._fs.pipe_file(temporary, data)
        except BaseException:
            self.discard(temporary)
            raise
        return temporary

    def commit(self, staged: Any, name: str) -> None:
        """Give a staged payload its name; FileNotFoundError if it has been cleaned away meanwhile."""
        if self._whole:
            self._fs.pipe_file(self._path(name), staged)
        else:
            self._fs.mv(staged, self._path(name))

    def discard(self, staged: Any) -> None:
        """Remove a staged payload."""
        if not self._whole:
            with contextlib.suppress(OSError):
                self._fs.rm_file(staged)

    def touch(self, name: str, now: int) -> None:
        """Note that an entry was used."""
        with contextlib.suppress(OSError):  # not ours to change
            self.make()
            self._fs.pipe_file(f"{self._root}/{store.USED}/{name}", b"\n")

    def remove(self, name: str) -> bool:
        """Remove an entry; whether it was there."""
        with contextlib.suppress(OSError):
            self._fs.rm_file(f"{self._root}/{store.USED}/{name}")
        try:
            if not self._fs.exists(self._path(name)):  # some stores remove what is not there
                return False
            self._fs.rm_file(self._path(name))
        except FileNotFoundError:
            return False
        return True

    def quarantine(self, name: str) -> bool:
        """Move an entry aside; whether it was there."""
        target = f"{self._root}/{store.QUARANTINE}/{time.time_ns()}-{name}{store.SUFFIX}"
        try:
            if not self._whole:
                self._fs.makedirs(self._fs._parent(target), exist_ok=True)
            self._fs.mv(self._path(name), target)
        except FileNotFoundError:
            return False
        self._bound_quarantine()
        return True

    def quarantined(self) -> list[str]:
        """The names of the files that were moved aside, oldest first."""
        return sorted(self._list(store.QUARANTINE), key=lambda name: (len(name.partition("-")[0]), name))

    def clean(self, now: int) -> int:
        """Remove what processes that were killed left behind, and return how many files that were."""
        self._bound_quarantine()
        count = 0
        for filename, info in self._list(store.ENTRIES).items():
            if filename.endswith(".tmp") and store.is_abandoned(filename, now - _time_of(info)):
                with contextlib.suppress(OSError):
                    self._fs.rm_file(f"{self._root}/{store.ENTRIES}/{filename}")
                    count += 1
        return count

    def _bound_quarantine(self) -> None:
        for filename in self.quarantined()[: -store.MOST_QUARANTINED]:
            with contextlib.suppress(OSError):
                self._fs.rm_file(f"{self._root}/{store.QUARANTINE}/{filename}")

    def _list(self, folder: str) -> dict[str, Any]:
        """What is in one of the folders, by its name there."""
        path = f"{self._root}/{folder}"
        self._fs.invalidate_cache()
        try:
            found = self._fs.ls(path, detail=True)
        except OSError:
            return {}
        return {info["name"].rpartition("/")[2]: info for info in found if info["type"] == "file"}

    def _path(self, name: str) -> str:
        return f"{self._root}/{store.ENTRIES}/{name}{store.SUFFIX}"


def user_folder() -> Path:
    """The folder of this user for what can be computed again."""
    try:
        import platformdirs
    except ImportError as error:
        raise ModuleNotFoundError(
            f"expected platformdirs for the default folder, found {error}; name a folder, or install it with "
            "`pip install autoarray-portable[cache]`"
        ) from None
    return Path(platformdirs.user_cache_dir("autoarray-portable", appauthor=False))


def _fsspec() -> Any:
    try:
        import fsspec
        import fsspec.core
    except ImportError as error:
        raise ModuleNotFoundError(
            f"expected fsspec for a store behind a URL, found {error}; install it with "
            "`pip install autoarray-portable[cache]`"
        ) from None
    return fsspec


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
