# pyright: strict
"""What a store of a cache does, and which store an address names.

`Cache` decides what is written, read and removed; a store does it. `LocalStore` keeps entries in a folder and
`RemoteStore` behind a URL. To keep them elsewhere, write a class with the members of `Store`, and pass an object of it
as `Cache(store=...)`: docs/cache.md tells how, and examples/own_store.py is a whole one.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from serialization._cache.access import Access
from serialization._cache.entry import CacheEntry
from serialization._cache.local import LocalStore
from serialization._cache.remote import RemoteStore
from serialization._payload.info import PayloadInfo


class Store(Protocol):
    """Where a cache keeps its entries. An entry is the payload of one object, under a name.

    A name has 1 to 180 of the characters `a-z`, `0-9`, `-`, `_` and `%`: it can be the name of a file. Times are in ns
    since 1970, sizes in bytes.

    Threads and processes call a store at once, and readers take no lock. So an entry appears whole or not at all, and
    another process may remove it at any time. A store that can't be reached raises OSError: a look-up is a miss then,
    and what was computed is returned without being stored.

    A cache pickles if its store does. A store that holds a connection connects anew in a forked process.
    """

    @property
    @abstractmethod
    def address(self) -> str:
        """What messages, `Cache.directory` and `CacheStats.store` call the store, such as its path or URL."""
        ...

    @property
    @abstractmethod
    def locks(self) -> Path:
        """A folder for locks, which is made when needed; the same one for all processes of a machine."""
        ...

    @property
    @abstractmethod
    def slow_commit(self) -> bool:
        """Whether `commit` sends the payload.

        If it does, other processes need not wait for it: room is reserved for the entry, and `commit` is called after
        they can go on. If it only gives the entry its name, the limit holds at any time.
        """
        ...

    @abstractmethod
    def exists(self) -> bool:
        """Whether anything was ever stored."""
        ...

    @abstractmethod
    def make(self) -> None:
        """Make what holds the entries, such as a folder or a table, unless it is there."""
        ...

    @abstractmethod
    def load(self, name: str, backend: str | None, mmap: bool) -> Any:
        """The object of an entry, as `serialization.loads` makes it of the payload.

        Parameters
        ----------
        name
            The entry.
        backend
            As in `serialization.loads`.
        mmap
            Whether its arrays should be views of a file; a store that has none reads the payload as usual.

        Raises
        ------
        FileNotFoundError
            If there is no such entry.
        SerializationError
            What `serialization.loads` raises.
        """
        ...

    @abstractmethod
    def inspect(self, name: str) -> PayloadInfo:
        """What an entry holds, as `serialization.inspect` tells; this is no use of the entry.

        Raises
        ------
        FileNotFoundError
            If there is no such entry.
        SerializationError
            What `serialization.inspect` raises.
        """
        ...

    @abstractmethod
    def find(self, name: str) -> CacheEntry | None:
        """What is known of an entry, or None if there is none."""
        ...

    @abstractmethod
    def scan(self) -> list[CacheEntry]:
        """What is known of all entries, in any order."""
        ...

    @abstractmethod
    def stage(self, name: str, data: bytes, now: int) -> Any:
        """Take the payload of an entry that is written at the time `now`, so that `commit` has little left to do.

        Returns
        -------
        What `commit` or `discard` needs to find the payload: the path of a temporary file, or the payload itself.
        """
        ...

    @abstractmethod
    def commit(self, staged: Any, name: str) -> None:
        """Let a staged payload be the entry of a name, in place of an older one, at once.

        Raises
        ------
        FileNotFoundError
            If the staged payload is gone, because `clean` took it for one of a killed process; it is staged again.
        """
        ...

    @abstractmethod
    def discard(self, staged: Any) -> None:
        """Remove a staged payload that is not going to be committed; no error if it is gone."""
        ...

    @abstractmethod
    def touch(self, name: str, now: int) -> None:
        """Note that an entry was used at the time `now`; no error if it is gone."""
        ...

    @abstractmethod
    def remove(self, name: str) -> bool:
        """Remove an entry; whether there was one."""
        ...

    @abstractmethod
    def quarantine(self, name: str) -> bool:
        """Move an entry that is corrupt aside, for a person to look at; whether there was one.

        A quarantine keeps the newest few. A store without one removes the entry.
        """
        ...

    @abstractmethod
    def scan_quarantine(self) -> list[CacheEntry]:
        """What is known of the entries that were moved aside, oldest first, under names of their own."""
        ...

    @abstractmethod
    def remove_quarantined(self, name: str) -> bool:
        """Remove what was moved aside under a name that `scan_quarantine` gives; whether there was such a thing."""
        ...

    @abstractmethod
    def scan_staged(self) -> list[CacheEntry]:
        """What is known of staged payloads that the store holds, in any order; each name is what `stage` returned."""
        ...

    @abstractmethod
    def clean(self, now: int) -> int:
        """Remove what killed processes have staged, judged at the time `now`; the number of payloads removed."""
        ...


_MEMBERS = [name for name in vars(Store) if not name.startswith("_")]


def store_from(address: str, options: Mapping[str, object], access: Access) -> LocalStore | RemoteStore:
    """The store that an address names: a URL is fsspec's, anything else a folder.

    Parameters
    ----------
    address
        The absolute path of a folder, or a URL.
    options
        What fsspec needs to know of the file system of a URL.
    access
        Who may write to a folder.

    Raises
    ------
    PermissionError
        If others may write to a folder, or a link is in the place of a folder in it.
    """
    if "://" in address:
        return RemoteStore(address, options)
    return LocalStore(Path(address), access)


def check_store(store: object) -> None:
    """Raise TypeError, which names the members that are missing, unless an object is a store."""
    missing = ", ".join(name for name in _MEMBERS if not hasattr(store, name))
    if isinstance(store, type):
        kind = f"the class {store.__name__}"
    elif missing:
        kind = f"an object of {type(store).__name__} without {missing}"
    else:
        return
    raise TypeError(f"store: expected an object with the members of serialization.Store, found {kind}")
