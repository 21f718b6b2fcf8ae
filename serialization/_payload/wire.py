"""The bytes that every payload begins with, the ext codes, and safe unpacking.

WIRE_VERSION is raised when a reader of this version could no longer read what is written, and only if a new critical
key in the header would not do (FORMAT.md, section 3). To raise it: describe the new layout in FORMAT.md and move the
page of the old one to docs; move the reader of the old one to a room of its own beside `_v1`; keep its golden payloads
and its vectors in the tests as they are, and add those of the new one. The first 64 bytes keep their layout in every
version, so that each reader can say what it has found.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import msgpack
import xxhash

from serialization._magic import MAGIC
from serialization._payload.forms import tokens
from serialization.errors import (
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    TruncatedError,
    UnknownCodeError,
)

WIRE_VERSION = 2
WRITER = ("autoarray-portable", "0.3.0")
ALIGNMENT = 64
_beside: Callable[[], str] = str  # what the version of the writer ends with

# Ext codes of the body.
OBJECT, ARRAY, SCALAR, COMPLEX, BIG_INT, FROZENSET = 1, 2, 3, 4, 5, 6

# What the header's `objects` says of an object that is no registered type.
LIST, DICT, SET = -1, -2, -3

# Bits of the flags of an array.
FORTRAN, JAX = 1, 2

_new = tuple.__new__
_DIGEST = b"\xa6digest\xc4\x10"
_WIRE = b"\xa4wire"
_SIZE = b"\xa4size\xcf"
_HEAD = b"\xa4head\xce"
DIGEST_AT = len(MAGIC) + 1 + len(_DIGEST)
DIGEST_BYTES = 16
_PRELUDE = struct.Struct(">8s B 9s 16x 5s B 6s Q 6s I")
PRELUDE_BYTES = _PRELUDE.size
_KEYS_OF_PRELUDE = _DIGEST + _WIRE + _SIZE + _HEAD
_MAP_OF_10 = 0x8A
_TIMESTAMPS = (b"\xd6\xff", b"\xd7\xff", b"\xc7\x0c\xff")
CHANGED = "payload: its digest does not agree with its bytes, which have changed"


def set_beside(beside: Callable[[], str]) -> None:
    """Let a function say what the version of the writer ends with: the library whose objects are written."""
    global _beside
    _beside = beside


def writer() -> tuple[str, str]:
    """What writes payloads here, and its version."""
    name, version = WRITER
    return name, version + _beside()


def align(position: int) -> int:
    """The first multiple of 64 that is not below `position`."""
    return -(-position // ALIGNMENT) * ALIGNMENT


def bytes_of_int(number: int) -> int:
    """The bytes of an integer in the shortest two's complement form."""
    return (number if number >= 0 else ~number).bit_length() // 8 + 1


def ext_of(code: int, data: bytes) -> msgpack.ExtType:
    """An ext of any code: `ExtType` itself takes none below 0, which a payload may hold, and its checks take time."""
    return _new(msgpack.ExtType, (code, data))


def bytes_of_reference(index: int) -> bytes:
    """The number of an object or an array in 1, 2 or 4 bytes, as few as hold it."""
    return index.to_bytes(1 if index < 2**8 else 2 if index < 2**16 else 4, "big")


def pack_prelude(entries: int, size: int, head: int) -> bytearray:
    """The first 64 bytes of a payload whose header has so many entries, with a digest of zeros."""
    out = bytearray(PRELUDE_BYTES)
    _PRELUDE.pack_into(out, 0, MAGIC, 0x80 | entries, _DIGEST, _WIRE, WIRE_VERSION, _SIZE, size, _HEAD, head)
    return out


def seal(head: bytearray | memoryview) -> None:
    """Write the digest of the prelude and the header into them."""
    head[DIGEST_AT : DIGEST_AT + DIGEST_BYTES] = xxhash.xxh3_128_digest(head)


def digest_in(payload: bytes | bytearray | memoryview) -> bytes:
    """The digest that a payload states."""
    return bytes(payload[DIGEST_AT : DIGEST_AT + DIGEST_BYTES])


def digest_agrees(head: memoryview) -> bool:
    """Whether the digest in the first `head` bytes of a payload is theirs, its own 16 bytes taken as zeros."""
    state = xxhash.xxh3_128(head[:DIGEST_AT])
    state.update(bytes(DIGEST_BYTES))
    state.update(head[DIGEST_AT + DIGEST_BYTES :])
    return state.digest() == head[DIGEST_AT : DIGEST_AT + DIGEST_BYTES]


def read_prelude(payload: memoryview) -> tuple[int, int, int]:
    """The wire version, size and header length of a payload of any wire version.

    Raises
    ------
    NotAPayloadError, TruncatedError, CorruptError
        If the first bytes are not those of a payload.
    """
    start = bytes(payload[: len(MAGIC)])
    if not start or not MAGIC.startswith(start):
        first = start.hex(" ") or "nothing"
        raise NotAPayloadError(f"payload: expected it to begin with {MAGIC.hex(' ')} (AASTATE), found {first}")
    if len(payload) < PRELUDE_BYTES:
        raise TruncatedError(f"payload: expected at least {PRELUDE_BYTES} bytes, found {len(payload)}")
    _, entries, digest_key, wire_key, wire, size_key, size, head_key, head = _PRELUDE.unpack_from(payload)
    keys = digest_key + wire_key + size_key + head_key
    is_map = entries == _MAP_OF_10 if wire == WIRE_VERSION else entries & 0xF0 == 0x80
    if keys != _KEYS_OF_PRELUDE or not is_map or not 1 <= wire <= 127:
        raise CorruptError(
            f"header: expected a map with the keys {_KEYS_OF_PRELUDE.hex(' ')} and a wire version of 1 to 127, found "
            f"the byte {entries:02x}, the keys {keys.hex(' ')}, and {wire}"
        )
    return wire, size, head


def measure(payload: memoryview, length: int | None = None) -> tuple[int, int, int]:
    """The wire version, the size and the length of the header of a payload, if its length is right.

    No digest is looked at. `length` is that of the whole payload, where `payload` is only its beginning.

    Raises
    ------
    NewerVersionError
        If the wire version is not known here.
    NotAPayloadError, TruncatedError, CorruptError
        If any byte is missing.
    """
    wire, size, head = read_prelude(payload)
    if wire > WIRE_VERSION:
        raise NewerVersionError(newer_wire(payload, wire, head))
    length = len(payload) if length is None else length
    if length != size:
        kind = TruncatedError if length < size else CorruptError
        raise kind(f"payload: expected {size} bytes, found {length}")
    if not PRELUDE_BYTES <= head <= size or head % ALIGNMENT:
        raise CorruptError(f"header: expected its length to be a multiple of 64 up to {size}, found {head}")
    return wire, size, head


def newer_wire(payload: memoryview, wire: int, head: int) -> str:
    """The message about a wire version that is not known here."""
    return f"payload: expected wire version 1 to {WIRE_VERSION}, found {wire}{next_step(writer_of(payload, head))}"


def writer_of(payload: memoryview, head: int) -> str:
    """Who wrote a payload of any wire version, as far as its header tells."""
    try:
        name, version = (str(part) for part in unpack_map(payload, head)["writer"])
    except Exception:  # whatever a future or a damaged header holds, what was found in it matters more
        return "an unknown writer"
    return f"{name} {version}"


def next_step(written_by: str) -> str:
    """How a message ends about what is not known here: who wrote the payload, and what can read it."""
    return f", written by {written_by}; read it with that release or a newer one"


@contextlib.contextmanager
def bounded_depth() -> Iterator[None]:
    """Raise LimitError where the values of a header are nested too deeply to be looked at, or shown in a message."""
    try:
        yield
    except RecursionError:
        raise LimitError("header: expected values that are nested less deeply") from None


def unpack_map(payload: memoryview, head: int) -> dict[str, Any]:
    """The header map as it stands."""
    packed = bytes(payload[len(MAGIC) : head])
    entries = unpack(packed, _refuse_ext, "header", pairs_hook=_dict_from)
    if has_timestamp(packed):
        _refuse_ext(-1, b"")
    if not isinstance(entries, dict):
        raise CorruptError(f"header: expected a map, found {type(entries).__name__}")
    return entries


def has_timestamp(packed: bytes) -> bool:
    """Whether valid msgpack has an ext type of code -1, which is msgpack's own and never gets to an `ext_hook`."""
    return any(mark in packed for mark in _TIMESTAMPS) and any(token.code == 0xFF for token in tokens(packed))


def unpack(
    data: bytes,
    ext_hook: Callable[[int, bytes], Any],
    what: str,
    *,
    pairs_hook: Callable[[Any], Any] | None = None,
) -> Any:
    """One msgpack object that fills `data`, with tuples for its arrays.

    The walk that skips comes first: it allocates nothing for what an array claims to hold, so that
    the second, which does, only sees claims that bytes stand behind.
    """
    size = len(data)
    try:
        walker = msgpack.Unpacker(max_buffer_size=max(size, 1))
        walker.feed(data)
        walker.skip()
        if walker.tell() != size:
            raise CorruptError(f"{what}: expected one msgpack object of {size} bytes, found one of {walker.tell()}")
        return msgpack.unpackb(
            data,
            use_list=False,
            ext_hook=ext_hook,
            object_pairs_hook=pairs_hook or _refuse_map,
            max_str_len=size,
            max_bin_len=size,
            max_array_len=size,
            max_map_len=size,
            max_ext_len=size,
        )
    except (msgpack.exceptions.StackError, RecursionError):
        raise LimitError(f"{what}: its arrays are nested too deeply") from None
    except (msgpack.exceptions.UnpackException, ValueError) as error:
        if "timestamp" in str(error).lower():  # one of a length that msgpack's own have not
            raise UnknownCodeError(f"{what}: expected no ext code -1, found it: {error}") from None
        raise CorruptError(f"{what}: expected valid msgpack, found {type(error).__name__}: {error}") from None


def _refuse_map(pairs: object) -> NoReturn:
    raise CorruptError("body: expected no map, found one")


def _refuse_ext(code: int, data: bytes) -> NoReturn:
    raise UnknownCodeError(f"header: expected no ext type, found code {code}")


def _dict_from(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    if not all(type(key) is str for key, _ in pairs):
        raise CorruptError("header: expected text as the keys of a map, found others")
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise CorruptError("header: expected distinct keys in a map, found one twice")
    return entries
