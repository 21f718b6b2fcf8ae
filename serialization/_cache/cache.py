# pyright: strict
"""`Cache`: an on-disk cache of payloads that many processes share; docs/cache.md describes it to its users.

Readers take no lock: an entry appears whole, and one that is gone is a miss. `eviction` says how writers take turns,
`store` where entries are kept.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NotRequired, TypedDict, TypeVar

from serialization._cache.access import Access
from serialization._cache.address import address_of
from serialization._cache.entry import CacheEntry, key_in, name_of
from serialization._cache.eviction import DEFAULT_MAX_BYTES, BoundedStore, check_limits
from serialization._cache.key import key_of
from serialization._cache.locks import Locks
from serialization._cache.log import warn_once
from serialization._cache.read import CORRUPT, OF_OTHERS, load
from serialization._cache.stats import CachePruneReport, CacheStats, CacheVerifyReport, Counts
from serialization._cache.store import Store, check_store, store_from
from serialization._cache.verify import verify
from serialization._display import cut
from serialization._graph.backend import check_backend
from serialization._payload import codec
from serialization._payload.compress import check_compression
from serialization.errors import UnsupportedValueError

_MOST_NOTED = 10_000
_MISSING = object()  # what a look-up gives when there is no entry
_Value = TypeVar("_Value")


class _Options(TypedDict):
    """The arguments of a cache, which are what it pickles as; 0.1.0 knew neither `store` nor `shared_with_group`."""

    directory: str
    max_bytes: int | None
    max_age: float | None
    backend: str | None
    mmap: bool
    compression: str | None
    recency: float
    lock_directory: str | None
    storage_options: dict[str, object]
    store: NotRequired[Store]
    shared_with_group: NotRequired[bool]


class Cache:
    """Objects on disk by their key, shared by processes, machines and releases.

    An entry that can't be read is a miss: a corrupt, truncated or foreign file moves to a quarantine; an entry that
    a newer release wrote stays. Nothing is ever unpickled. A cache pickles as its arguments.

    Parameters
    ----------
    directory
        A folder, or a URL that fsspec knows, such as "s3://bucket/fits"; by default a folder of the user's own. A
        folder is made, for this user alone, when the first entry is stored. Links in it are not followed.
    max_bytes
        The limit of all entries and the quarantine; the least recently used are evicted first. None for no limit.
    max_age
        Seconds after which an entry is a miss, from when it was written. None for no limit.
    backend
        The backend that objects are restored onto: "numpy", "jax", or None for that of the writer.
    mmap
        Whether restored arrays are read-only views of the file, where there is one on this machine. They stay valid
        when the entry is replaced or removed.
    compression
        None or "zlib"; a compressed entry is smaller, slower, and can't be mapped.
    recency
        Seconds within which this object notes the use of an entry at most once.
    lock_directory
        The folder for locks: by default beside the entries; for a URL, a folder of this machine.
    shared_with_group
        Whether the owner of the folder and the members of its group use it too, and you trust them. By default a
        folder that others may write to is refused, and so is one of another user than you and root.
    storage_options
        What fsspec needs to know of the file system of a URL.
    store
        A store of your own instead of a directory: an object with the members of `serialization.Store`. The cache
        pickles if the store does.

    Raises
    ------
    TypeError
        If the directory is no path, or the store lacks members, which the message names.
    ValueError
        If a limit is negative, or the compression unknown.
    UnsupportedValueError
        If the backend is unknown.
    PermissionError
        When it is used first, if others may write to the folder, or a link is in the place of a folder in it.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int | None = DEFAULT_MAX_BYTES,
        max_age: float | None = None,
        backend: str | None = None,
        mmap: bool = False,
        compression: str | None = None,
        recency: float = 60.0,
        lock_directory: str | os.PathLike[str] | None = None,
        shared_with_group: bool = False,
        storage_options: Mapping[str, object] | None = None,
        store: Store | None = None,
    ) -> None:
        check_backend(backend)
        try:
            check_compression(compression)
        except UnsupportedValueError as error:
            raise ValueError(error.message) from None
        check_limits(max_bytes, max_age)
        if store is not None:
            check_store(store)
            if directory is not None or storage_options is not None:
                raise TypeError("expected a store, or a directory with its storage_options, found both")
        self._options: _Options = {
            "directory": address_of(directory) if store is None else str(store.address),
            "max_bytes": max_bytes,
            "max_age": max_age,
            "backend": backend,
            "mmap": bool(mmap),
            "compression": compression,
            "recency": float(recency),
            "lock_directory": None if lock_directory is None else os.path.abspath(lock_directory),
            "storage_options": dict(storage_options or {}),
            "shared_with_group": bool(shared_with_group),
        }
        if store is not None:
            self._options["store"] = store
        self._start()

    def _start(self) -> None:
        options = self._options
        self._max_bytes = options["max_bytes"]
        self._backend = options["backend"]
        self._mmap = options["mmap"]
        self._compression = options["compression"]
        self._max_age = None if options["max_age"] is None else int(options["max_age"] * 1e9)
        self._recency = int(options["recency"] * 1e9)
        self._counts = Counts()
        self._noted: dict[str, int] = {}
        self._opened: tuple[int, BoundedStore] | None = None

    def __getstate__(self) -> _Options:
        return self._options

    def __setstate__(self, state: _Options) -> None:
        self._options = state
        self._start()

    def __repr__(self) -> str:
        limit = "None" if self._max_bytes is None else f"{self._max_bytes:_}"
        return cut(f"Cache({cut(repr(self.directory), 150)}, max_bytes={limit})", 199)

    @property
    def directory(self) -> str:
        """The folder or URL of the store, or the address of one of your own."""
        return self._options["directory"]

    @property
    def max_bytes(self) -> int | None:
        """The most that all entries may hold together."""
        return self._max_bytes

    @property
    def max_age(self) -> float | None:
        """The seconds after which an entry is no longer used."""
        return self._options["max_age"]

    @staticmethod
    def key(*values: object, **named: object) -> str:
        """The key of what an object is computed from: datasets, meshes, regularizations, numbers, arrays, text.

        Equal values have equal keys, in every process and release. A key holds the fields of each object, the name
        and schema version of its type, its backend and the dtype of its arrays. It does not hold the release of this
        library, results that were computed from the state, or which objects are shared. It can't see your code: add a
        name and a version number that you raise yourself, as in `cache.key("my fit", 3, dataset, mesh)`.

        Raises
        ------
        UnknownTypeError, UnsupportedValueError, SchemaError, LimitError
            If a payload could not hold one of the values, or one of them contains itself.
        """
        return key_of(values, named)

    def get(self, key: str, default: object = None, *, mmap: bool | None = None) -> Any:
        """The object of a key, or `default` if there is none that can be read.

        Parameters
        ----------
        key
            The key.
        default
            What to return instead.
        mmap
            Whether to map the file; None for the option of the cache.

        Raises
        ------
        BackendUnavailableError, PrecisionLossError, UnsupportedValueError
            If the entry is intact, but JAX can't hold it as JAX is set up here.
        """
        value = self._fetch(name_of(key), mmap)
        self._counts.add("misses" if value is _MISSING else "hits")
        return default if value is _MISSING else value

    def put(self, key: str, obj: object) -> bool:
        """Store the object of a key, in place of an older one.

        Returns
        -------
        Whether it was stored: not if it alone is larger than `max_bytes`; an older one is then removed.

        Raises
        ------
        UnsupportedValueError, UnknownTypeError, SchemaError, LimitError
            If the object can't be written.
        OSError
            If the store can't be written to.
        """
        return self._put(name_of(key), codec.dumps(obj, compression=self._compression))

    def get_or_compute(
        self, key: str, function: Callable[[], _Value], *, mmap: bool | None = None, timeout: float | None = None
    ) -> _Value:
        """The object of a key, computed by `function()` and stored if there is none.

        Of the processes and threads of a machine that ask for a key at once, one computes and the others wait for
        it. If it dies, or its function raises, the next one computes.

        Parameters
        ----------
        key
            The key.
        function
            Returns the object. It may use the cache, but not ask for this key.
        mmap
            Whether to map the file of an entry; None for the option of the cache.
        timeout
            Seconds to wait for another process, after which this one computes too.

        Returns
        -------
        The stored object, or the computed one itself, unless the cache restores objects onto a backend of its own.

        Raises
        ------
        Exception
            What `function` raises; nothing is stored then. What `get` and `put` raise, except that an object is
            returned even if the store can't be written to.
        """
        name = name_of(key)
        value = self._fetch(name, mmap)
        if value is not _MISSING:
            self._counts.add("hits")
            return value
        with self._bounded_store.locks.computing(name, timeout):
            value = self._fetch(name, mmap)  # stored by the process that this one waited for
            if value is not _MISSING:
                self._counts.add("hits")
                return value
            self._counts.add("misses")
            obj = function()
            self._counts.add("computed")
            data = codec.dumps(obj, compression=self._compression)
            try:
                self._put(name, data)
            except OSError as error:
                self._warn_once("store", "can't be written to: %s", error)
        return obj if self._backend is None else codec.loads(data, backend=self._backend)

    def __contains__(self, key: str) -> bool:
        entry = self._store.find(name_of(key))
        return entry is not None and not self._bounded_store.is_expired(entry, time.time_ns())

    def delete(self, key: str) -> bool:
        """Remove the entry of a key; whether there was one."""
        return self._store.remove(name_of(key))

    def keys(self) -> list[str]:
        """The keys of all entries, sorted."""
        bounded, now = self._bounded_store, time.time_ns()
        return sorted(key_in(entry.name) for entry in self._store.scan() if not bounded.is_expired(entry, now))

    def entries(self) -> list[tuple[str, int, float, float]]:
        """Of each entry the key, the bytes, and when it was written and last used (Unix time), last used first."""
        entries = sorted(self._store.scan(), key=lambda entry: (-entry.used, entry.name))
        return [(key_in(entry.name), entry.size, entry.written / 1e9, entry.used / 1e9) for entry in entries]

    def exists(self) -> bool:
        """Whether anything was ever stored."""
        return self._store.exists()

    def stats(self) -> CacheStats:
        """What the store holds, and what this object did in this process."""
        counts = self._bounded_store.count() | self._counts.as_dict()
        return CacheStats(store=self.directory, max_bytes=self._max_bytes, max_age=self.max_age, **counts)

    def verify(
        self, *, progress: Callable[[Iterable[CacheEntry]], Iterable[CacheEntry]] | None = None
    ) -> CacheVerifyReport:
        """Read every entry, and move those that are corrupt, truncated or foreign to the quarantine.

        `progress` wraps the entries that are gone through, as `tqdm` does.
        """
        entries = sorted(self._store.scan(), key=lambda entry: entry.name)
        return verify(self._store, entries if progress is None else progress(entries), self._quarantine)

    def prune(self, *, max_bytes: int | None = None, max_age: float | None = None) -> CachePruneReport:
        """Remove entries beyond the limits, and what killed processes left behind.

        Parameters
        ----------
        max_bytes, max_age
            Limits for this once; by default those of the cache.
        """
        check_limits(max_bytes, max_age)
        return self._bounded_store.prune(
            self._max_bytes if max_bytes is None else max_bytes,
            self._max_age if max_age is None else int(max_age * 1e9),
        )

    # What happens to one entry.

    def _fetch(self, name: str, mmap: bool | None) -> Any:
        bounded = self._bounded_store
        try:
            if bounded.expire(name):
                return _MISSING
            value = load(bounded.store, name, self._backend, self._mmap if mmap is None else mmap)
        except FileNotFoundError:
            return _MISSING
        except OF_OTHERS as error:
            self._counts.add("unreadable")
            self._warn_once(name, "%s can't be read by this release: %s", key_in(name), error)
            return _MISSING
        except CORRUPT as error:
            self._quarantine(name, str(error))
            return _MISSING
        except OSError as error:
            self._counts.add("unreadable")
            self._warn_once(name, "%s can't be read: %s", key_in(name), error)
            return _MISSING
        self._note_use(name)
        return value

    def _note_use(self, name: str) -> None:
        now, noted = time.time_ns(), self._noted.get(name)
        if noted is None or now - noted >= self._recency:
            if len(self._noted) >= _MOST_NOTED:
                self._noted.clear()
            self._noted[name] = now
            with contextlib.suppress(OSError):  # the look-up has its value
                self._store.touch(name, now)

    def _quarantine(self, name: str, reason: str) -> None:
        try:
            moved = self._store.quarantine(name)
        except OSError as error:
            moved, reason = False, f"{reason}; it can't be moved: {error}"
        self._counts.add("quarantined", int(moved))
        self._warn_once(name, "%s is a miss and goes to the quarantine: %s", key_in(name), reason)

    def _put(self, name: str, data: bytes) -> bool:
        if stored := self._bounded_store.put(name, data):
            self._counts.add("puts")
        else:
            self._warn_once(name, "%s has %d bytes, more than max_bytes", key_in(name), len(data))
        return stored

    def _warn_once(self, subject: str, message: str, *arguments: object) -> None:
        warn_once(self.directory, subject, f"%s: {message}", self.directory, *arguments)

    # What one object of this class has in one process.

    @property
    def _bounded_store(self) -> BoundedStore:
        opened = self._opened
        if opened is None or opened[0] != os.getpid():  # a forked process must not use its parent's connections
            if opened is not None:
                self._start()
            options = self._options
            store, access = options.get("store"), Access(options.get("shared_with_group", False))
            if store is None:
                store = store_from(options["directory"], options["storage_options"], access)
            folder = options["lock_directory"]
            locks = Locks(store.locks if folder is None else Path(os.path.realpath(folder)), store.make, access)
            bounded = BoundedStore(store, locks, self._max_bytes, self._max_age, self._counts.add)
            opened = self._opened = (os.getpid(), bounded)
        return opened[1]

    @property
    def _store(self) -> Store:
        return self._bounded_store.store
