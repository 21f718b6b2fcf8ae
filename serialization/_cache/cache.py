"""An on-disk cache of payloads that many processes share; docs/cache.md describes it to its users.

Readers never lock: an entry is a file that appears whole, and one that is gone is a miss. How writers take turns is
told in `_cache/eviction.py`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from serialization._cache import eviction, local, remote, store
from serialization._cache import key as _cache_key
from serialization._cache import locks as _cache_locks
from serialization._cache import options as _cache_options
from serialization._cache import verify as _cache_verify
from serialization._cache.stats import CachePruneReport, CacheStats, CacheVerifyReport
from serialization._display import cut
from serialization._payload import codec, wire
from serialization.errors import UnsupportedValueError

_MOST_NOTED = 10_000
_log = logging.getLogger("serialization")
_logged: set[tuple[str, str]] = set()


class _Missing:
    """The type of what a look-up gives when there is no entry."""


_MISSING = _Missing()


class Cache:
    """Objects on disk by their key, shared by processes, machines and releases.

    An entry that can't be read is a miss: a corrupt, truncated or foreign file is moved to a quarantine; one that
    a newer release wrote is left to it. Nothing is ever unpickled. A cache pickles as its place and its options.

    Parameters
    ----------
    directory
        A folder, or the URL of a store that fsspec knows, such as "s3://bucket/fits". By default a folder of the
        user's. It is made, for the user alone, when something is stored.
    max_bytes
        The most that all entries may hold together; the least recently used go first. None for no limit.
    max_age
        Seconds after which an entry is no longer used, from when it was written. None for ever.
    backend
        What `get` restores objects onto: None as they were written, "numpy" or "jax".
    mmap
        Whether arrays of what `get` returns are read-only views of the file, where it is on this machine. They stay
        valid when the entry is replaced or removed.
    compression
        None, or "zlib" for entries that are smaller, slower, and can't be mapped.
    recency
        Seconds in which only the first use of an entry by this object is noted.
    lock_directory
        Where locks are: by default beside the entries; for the store of a URL, in a folder of this machine.
    storage_options
        What fsspec needs to know of the store.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int | None = _cache_options.DEFAULT_MAX_BYTES,
        max_age: float | None = None,
        backend: str | None = None,
        mmap: bool = False,
        compression: str | None = None,
        recency: float = 60.0,
        lock_directory: str | os.PathLike[str] | None = None,
        storage_options: Mapping[str, Any] | None = None,
    ) -> None:
        codec.check_backend(backend)
        if compression is not None and compression not in wire.COMPRESSIONS:
            raise ValueError(f"compression: expected None or 'zlib', found {compression!r}")
        _cache_options.check_limits(max_bytes, max_age)
        self._options: dict[str, Any] = {
            "directory": _cache_options.address_of(directory),
            "max_bytes": max_bytes,
            "max_age": max_age,
            "backend": backend,
            "mmap": bool(mmap),
            "compression": compression,
            "recency": float(recency),
            "lock_directory": None if lock_directory is None else os.path.abspath(lock_directory),
            "storage_options": dict(storage_options or {}),
        }
        self._start()

    def _start(self) -> None:
        options = self._options
        self._max_bytes: int | None = options["max_bytes"]
        self._backend: str | None = options["backend"]
        self._mmap: bool = options["mmap"]
        self._compression: str | None = options["compression"]
        self._max_age = None if options["max_age"] is None else int(options["max_age"] * 1e9)
        self._recency = int(options["recency"] * 1e9)
        self._counts: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._noted: dict[str, int] = {}
        self._opened: tuple[int, eviction.Room] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return self._options

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._options = state
        self._start()

    def __repr__(self) -> str:
        limit = "None" if self._max_bytes is None else f"{self._max_bytes:_}"
        return cut(f"Cache({cut(repr(self.directory), 150)}, max_bytes={limit})", 199)

    @property
    def directory(self) -> str:
        """The folder or URL of the store."""
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
    def key(*values: Any, **named: Any) -> str:
        """The key of what a value is computed from: datasets, meshes, regularizations, numbers, arrays, text.

        Equal values have equal keys, in every process and release. A key holds the fields of each object, the name
        and schema version of its type, its backend and the dtype of its arrays. It does not hold the release of this
        library, results that were computed from the state, or which objects are shared. It can't hold the code that
        computes: give that a name and a version of its own, as in `cache.key("my fit", 3, dataset, mesh)`.

        Raises
        ------
        UnknownTypeError, UnsupportedValueError, SchemaError, LimitError
            If a payload could not hold one of the values, or one of them contains itself.
        """
        return _cache_key.key_of(values, named)

    def get(self, key: str, default: Any = None, *, mmap: bool | None = None) -> Any:
        """The object of a key, or `default` if there is none that can be read.

        Parameters
        ----------
        key
            The key.
        default
            What to return instead.
        mmap
            Whether to map the file; None as the cache was made.

        Raises
        ------
        BackendUnavailableError, PrecisionLossError, UnsupportedValueError
            If the entry is as it was written, but JAX can't hold it as it is set up here.
        """
        found = self._fetch(store.name_of(key), mmap)
        self._count("misses" if found is _MISSING else "hits")
        return default if found is _MISSING else found

    def put(self, key: str, obj: Any) -> bool:
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
        return self._store(store.name_of(key), codec.dumps(obj, compression=self._compression))

    def get_or_compute(
        self, key: str, function: Callable[[], Any], *, mmap: bool | None = None, timeout: float | None = None
    ) -> Any:
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
            Whether to map the file of an entry; None as the cache was made.
        timeout
            Seconds to wait for another process, after which this one computes too.

        Returns
        -------
        What is stored, or what was computed: that object itself, unless the cache moves objects to another backend.

        Raises
        ------
        Exception
            What `function` raises; nothing is stored then. What `get` and `put` raise, except that an object is
            returned even if the store can't be written to.
        """
        name = store.name_of(key)
        found = self._fetch(name, mmap)
        if found is not _MISSING:
            self._count("hits")
            return found
        with self._room.locks.computing(name, timeout):
            found = self._fetch(name, mmap)  # by whom this one waited for
            if found is not _MISSING:
                self._count("hits")
                return found
            self._count("misses")
            obj = function()
            self._count("computed")
            data = codec.dumps(obj, compression=self._compression)
            try:
                self._store(name, data)
            except OSError as error:
                self._log_once("store", "%s can't be written to: %s", self.directory, error)
        return obj if self._backend is None else codec.loads(data, backend=self._backend)

    def __contains__(self, key: str) -> bool:
        entry = self._place.find(store.name_of(key))
        return entry is not None and not self._is_expired(entry, time.time_ns())

    def delete(self, key: str) -> bool:
        """Remove the entry of a key; whether there was one."""
        return self._place.remove(store.name_of(key))

    def keys(self) -> list[str]:
        """The keys of all entries, sorted."""
        now = time.time_ns()
        return sorted(store.key_in(entry.name) for entry in self._place.scan() if not self._is_expired(entry, now))

    def entries(self) -> list[tuple[str, int, float, float]]:
        """Of each entry the key, the bytes, and when it was written and last used (Unix time), last used first."""
        found = sorted(self._place.scan(), key=lambda entry: (-entry.used, entry.name))
        return [(store.key_in(entry.name), entry.size, entry.written / 1e9, entry.used / 1e9) for entry in found]

    def exists(self) -> bool:
        """Whether anything was ever stored."""
        return self._place.exists()

    def stats(self) -> CacheStats:
        """What the store holds, and what this object did in this process."""
        entries = self._place.scan()
        with self._counting:
            counts = dict(self._counts)
        return CacheStats(
            store=self.directory,
            entries=len(entries),
            bytes=sum(entry.size for entry in entries),
            quarantine=len(self._place.quarantined()),
            max_bytes=self._max_bytes,
            max_age=self.max_age,
            **counts,
        )

    def verify(self, *, progress: Callable[[Iterable[Any]], Iterable[Any]] | None = None) -> CacheVerifyReport:
        """Read every entry, and move those that are corrupt, truncated or foreign to the quarantine.

        `progress` wraps the entries that are gone through, as `tqdm` does.
        """
        entries = sorted(self._place.scan(), key=lambda entry: entry.name)
        items = entries if progress is None else progress(entries)
        found = _cache_verify.states_of(self._place, items, self._quarantine)
        return CacheVerifyReport(
            checked=sum(map(len, found.values())),
            intact=len(found["intact"]),
            missing=len(found["missing"]),
            corrupt=tuple(map(store.key_in, found["corrupt"])),
            unreadable=tuple(map(store.key_in, found["unreadable"])),
        )

    def prune(self, *, max_bytes: int | None = None, max_age: float | None = None) -> CachePruneReport:
        """Remove entries beyond the limits, and what processes that were killed left behind.

        Parameters
        ----------
        max_bytes, max_age
            Limits for this once; by default those of the cache.
        """
        _cache_options.check_limits(max_bytes, max_age)
        if not self._place.exists():
            return CachePruneReport(0, 0, 0, 0, 0, 0, 0)
        limit = self._max_bytes if max_bytes is None else max_bytes
        age = self._max_age if max_age is None else int(max_age * 1e9)
        before, left, expired, evicted = self._room.prune(limit, age)
        total = sum(entry.size for entry in left)
        temporaries = self._place.clean(time.time_ns())
        locks = self._room.locks.clean()
        return CachePruneReport(expired, evicted, before - total, temporaries, locks, len(left), total)

    # What happens to one entry.

    def _fetch(self, name: str, mmap: bool | None) -> Any:
        place = self._place
        if self._max_age is not None:
            entry = place.find(name)
            if entry is not None and self._is_expired(entry, time.time_ns()):
                with contextlib.suppress(OSError):
                    if place.remove(name):
                        self._count("expired")
                return _MISSING
        try:
            found = self._load(name, self._mmap if mmap is None else mmap)
        except FileNotFoundError:
            return _MISSING
        except _cache_verify.OF_OTHERS as error:
            self._count("unreadable")
            self._log_once(name, "%s: %s can't be read by this release: %s", self.directory, store.key_in(name), error)
            return _MISSING
        except _cache_verify.CORRUPT as error:
            self._quarantine(name, str(error))
            return _MISSING
        except OSError as error:
            self._count("unreadable")
            self._log_once(name, "%s: %s can't be read: %s", self.directory, store.key_in(name), error)
            return _MISSING
        now = time.time_ns()
        noted = self._noted.get(name)
        if noted is None or now - noted >= self._recency:
            if len(self._noted) >= _MOST_NOTED:
                self._noted.clear()
            self._noted[name] = now
            place.touch(name, now)
        return found

    def _load(self, name: str, mmap: bool) -> Any:
        try:
            return self._place.load(name, self._backend, mmap)
        except (FileNotFoundError, UnsupportedValueError, *_cache_verify.OF_OTHERS):
            raise
        except (*_cache_verify.CORRUPT, OSError):
            # On a network file system a file that is replaced while it is read can fail, once.
            return self._place.load(name, self._backend, mmap)

    def _quarantine(self, name: str, reason: str) -> None:
        try:
            moved = self._place.quarantine(name)
        except OSError as error:
            moved, reason = False, f"{reason}; it can't be moved: {error}"
        if moved:
            self._count("quarantined")
        key = store.key_in(name)
        self._log_once(name, "%s: %s is a miss and goes to the quarantine: %s", self.directory, key, reason)

    def _store(self, name: str, data: bytes) -> bool:
        if self._max_bytes is not None and len(data) > self._max_bytes:
            self._place.remove(name)
            self._count("refused")
            key = store.key_in(name)
            self._log_once(name, "%s: %s has %d bytes, more than max_bytes", self.directory, key, len(data))
            return False
        self._room.store(name, data)
        self._count("puts")
        return True

    def _is_expired(self, entry: store.Entry, now: int) -> bool:
        return self._max_age is not None and now - entry.written > self._max_age

    # What one object of this class has in one process.

    @property
    def _room(self) -> eviction.Room:
        opened = self._opened
        if opened is None or opened[0] != os.getpid():  # a forked process must not use its parent's connections
            if opened is not None:
                self._start()
            options = self._options
            if "://" in self.directory:
                place: Any = remote.RemoteStore(self.directory, options["storage_options"])
            else:
                place = local.LocalStore(Path(self.directory))
            locks = _cache_locks.Locks(Path(options["lock_directory"] or place.locks), place.make)
            room = eviction.Room(place, locks, self._max_bytes, self._max_age, self._count)
            opened = self._opened = (os.getpid(), room)
        return opened[1]

    @property
    def _place(self) -> Any:
        return self._room.place

    def _count(self, what: str, count: int = 1) -> None:
        if count:
            with self._counting:
                self._counts[what] += count

    def _log_once(self, what: str, message: str, *arguments: Any) -> None:
        if (self.directory, what) not in _logged:
            if len(_logged) >= _MOST_NOTED:
                _logged.clear()
            _logged.add((self.directory, what))
            _log.warning(message, *arguments)
