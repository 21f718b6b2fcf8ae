# pyright: strict
"""An entry of a cache: what is known of it, and its names as a key and as a file.

The stores of folders and URLs have these files:

    CACHEDIR.TAG                      tells back-up programs to leave the folder out (local stores)
    entries/<prefix>/<key>.aas        one payload for each key
    entries/<key>.aas                 the same, as 0.1.0 wrote it; of two files of a key the newer one counts
    entries/.<key>.<host>-<pid>-<random>.tmp   being written
    used/<prefix>/<key>               when it was last used (stores without a time of access); used/<key> of 0.1.0
    quarantine/<time>-<key>.aas       what could not be read, the newest few
    locks/<key>.lock                  while the key is computed; locks/ of other stores is a folder of this machine
    locks/total, locks/total.lock     the bytes as they were counted last, and the lock of who makes room

A prefix is two hexadecimal digits of the hash of a name, so that no folder holds many entries. In names of files a key
is percent-encoded: lower-case letters, digits, `-` and `_` stand for themselves, so that no two keys differ only in
case.
"""

from __future__ import annotations

import functools
import os
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

import xxhash

SUFFIX = ".aas"
ENTRIES, USED, QUARANTINE = "entries", "used", "quarantine"
MOST_QUARANTINED = 16
ABANDONED_AFTER = 3600 * 10**9  # a temporary file of a process that can't be asked whether it lives
_LONGEST = 180
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_")
_PREFIX = re.compile(r"[0-9a-f]{2}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")
_TEMPORARY = re.compile(r"\..+\.(?P<host>[a-z0-9_%-]+)-(?P<pid>\d+)-[0-9a-f]{12}\.tmp")


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What a store knows of one entry.

    Parameters
    ----------
    name
        Its name.
    size
        The size of its payload in bytes.
    written, used
        When it was written and when it was last used, in ns since 1970.
    """

    name: str
    size: int
    written: int
    used: int


@functools.lru_cache(4096)
def name_of(key: str) -> str:
    """The name of the entry of a key.

    Raises
    ------
    TypeError, ValueError
        If the key is no string, empty, or too long for the name of a file.
    """
    if not isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not have types
        raise TypeError(f"key: expected a string, such as Cache.key returns, found {type(key).__name__}")
    data = key.encode("utf-8", "surrogatepass")
    name = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in data)
    if _RESERVED.fullmatch(name):  # devices of Windows
        name = f"%{data[0]:02x}{name[1:]}"
    if not 0 < len(name) <= _LONGEST:
        raise ValueError(f"key: expected 1 to {_LONGEST} characters once percent-encoded, found {len(name)}")
    return name


def key_in(name: str) -> str:
    """The key of an entry of that name."""
    return unquote(name, errors="surrogatepass")


def filename_of(name: str) -> str:
    """The name of the file of an entry."""
    return f"{name}{SUFFIX}"


def prefix_of(name: str) -> str:
    """The name of the sub-folder of an entry."""
    return f"{xxhash.xxh3_64_intdigest(name.encode()) >> 56:02x}"


def is_prefix(filename: str) -> bool:
    """Whether a name is that of a sub-folder."""
    return _PREFIX.fullmatch(filename) is not None


def name_in(filename: str) -> str | None:
    """The name of the entry that a file holds, or None if it holds none."""
    is_entry = filename.endswith(SUFFIX) and not filename.startswith(".")
    return filename[: -len(SUFFIX)] if is_entry else None


def quarantine_filename(name: str) -> str:
    """The name that the file of an entry gets in the quarantine: it begins with the time of the move."""
    return f"{time.time_ns()}-{filename_of(name)}"


def oldest_first(filenames: Iterable[str]) -> list[str]:
    """The names of files in a quarantine in the order of their time, which need not have the same number of digits."""
    return sorted(filenames, key=lambda filename: (len(filename.partition("-")[0]), filename))


def temporary_name(name: str) -> str:
    """The name of a new temporary file, which tells who writes it."""
    return f".{name}.{_host()}-{os.getpid()}-{secrets.token_hex(6)}.tmp"


def is_temporary(filename: str) -> bool:
    """Whether a name is that of a temporary file."""
    return _TEMPORARY.fullmatch(filename) is not None


def is_abandoned(filename: str, age: int) -> bool:
    """Whether the process that wrote a temporary file has ended, or, if that can't be told, must have."""
    writer = _TEMPORARY.fullmatch(filename)
    if writer is None:
        return False
    if writer["host"] == _host() and os.name == "posix":
        try:
            os.kill(int(writer["pid"]), 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass
    return age > ABANDONED_AFTER


@functools.cache
def _host() -> str:
    import socket  # only writers need it

    return name_of(socket.gethostname()[:32].lower() or "host").replace("%2e", "_")
