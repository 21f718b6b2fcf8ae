"""The bytes of a payload outside its object graph: magic string, first 64 bytes, digest, safe unpacking.

WIRE_VERSION is raised when a reader of this version could no longer read what is written. To
raise it: describe the new layout in FORMAT.md, keep the reader of the old one beside the new one (the
old one gets its version into its name), add a golden payload of the new version to the tests, and keep
the old golden payload as it is. The first 64 bytes, up to and including `head`, keep their layout in
every version, so that each reader can say what it has found.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any, NoReturn

import msgpack
import xxhash

from serialization._magic import MAGIC
from serialization.errors import (
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    TruncatedError,
    UnknownCodeError,
)

WIRE_VERSION = 1
WRITER = ("autoarray-portable", "0.1.0")
ALIGNMENT = 64
COMPRESSIONS = ("zlib",)

# Ext codes of the body.
OBJECT, ARRAY, SCALAR, COMPLEX, BIG_INT, FROZENSET = 1, 2, 3, 4, 5, 6

# What the header's `objects` says of an object that is no registered type.
LIST, DICT, SET = -1, -2, -3

_DIGEST = b"\xa6digest\xc4\x10"
_WIRE = b"\xa4wire"
_SIZE = b"\xa4size\xcf"
_HEAD = b"\xa4head\xce"
_DIGEST_AT = len(MAGIC) + 1 + len(_DIGEST)
_PRELUDE = struct.Struct(">8s B 9s 16x 5s B 6s Q 6s I")
PRELUDE_BYTES = _PRELUDE.size
_ENTRIES = ("writer", "backend", "root", "compression", "tail", "body", "types", "objects", "arrays")
KEYS = ("digest", "wire", "size", "head", *_ENTRIES, "pad")
_KEYS_OF_PRELUDE = _DIGEST + _WIRE + _SIZE + _HEAD
_MAX_U32 = 2**32 - 1
_BLOCK = 2**17  # of which one stays in a processor's cache


def align(position: int) -> int:
    """The first multiple of 64 that is not below `position`."""
    return -(-position // ALIGNMENT) * ALIGNMENT


def bytes_of_int(number: int) -> int:
    """The bytes of an integer in the shortest two's complement form."""
    return (number if number >= 0 else ~number).bit_length() // 8 + 1


def pack_header(before: dict[str, Any], types: list[bytes], after: dict[str, Any], stored: int) -> bytearray:
    """The payload's bytes up to its tail, with a digest of zeros.

    Parameters
    ----------
    before, types, after
        The header entries from `backend` to `body`, the packed rows of `types`, and the entries behind it.
    stored
        The number of bytes that follow the header in the file.
    """
    packer = msgpack.Packer()
    first: bytes = packer.pack({"writer": WRITER, **before})  # pyright: ignore[reportAssignmentType]
    count: bytes = packer.pack_array_header(len(types))  # pyright: ignore[reportAssignmentType]
    last: bytes = packer.pack(after)  # pyright: ignore[reportAssignmentType] - these stubs have no results
    # Both maps are part of this one, so the byte goes that says how long each of them is.
    packed = b"".join([memoryview(first)[1:], b"\xa5types", count, *types, memoryview(last)[1:], b"\xa3pad\xc4"])
    used = PRELUDE_BYTES + len(packed) + 1
    head = align(used)
    if head > _MAX_U32:
        raise LimitError(f"header: expected at most {_MAX_U32} bytes, found {head}")
    out = bytearray(_PRELUDE.size)
    keys = (MAGIC, 0x80 | len(KEYS), _DIGEST, _WIRE, WIRE_VERSION, _SIZE, head + stored, _HEAD, head)
    _PRELUDE.pack_into(out, 0, *keys)
    out += packed
    out.append(head - used)
    out += bytes(head - used)
    return out


def seal(pieces: list[Any]) -> None:
    """Write the digest of all the pieces of a payload into the first of them."""
    state = xxhash.xxh3_128()
    for piece in pieces:
        state.update(piece)
    pieces[0][_DIGEST_AT : _DIGEST_AT + 16] = state.digest()


def join(pieces: list[Any]) -> bytes:
    """The payload of the pieces, with its digest.

    The bytes are changed after they were joined: reading them again is faster than reading the pieces twice.
    """
    buffer = io.BytesIO(b"".join(pieces))  # holds the only reference to them, so neither step copies
    with buffer.getbuffer() as view:
        view[_DIGEST_AT : _DIGEST_AT + 16] = xxhash.xxh3_128(view).digest()
    return buffer.getvalue()


def digest_in(payload: bytes | bytearray | memoryview) -> bytes:
    """The digest that a payload states."""
    return bytes(payload[_DIGEST_AT : _DIGEST_AT + 16])


def digest_agrees(payload: memoryview, into: memoryview | None = None) -> bool:
    """Whether the digest in the payload is that of its bytes, its own 16 taken as zeros.

    With `into`, each block is copied there when it has been read for the digest anyway.
    """
    state = xxhash.xxh3_128(payload[:_DIGEST_AT])
    state.update(bytes(16))
    start, size = _DIGEST_AT + 16, len(payload)
    if into is None:
        state.update(payload[start:])
    else:
        into[:start] = payload[:start]
        while start < size:
            end = start + _BLOCK
            block = payload[start:end]
            state.update(block)
            into[start:end] = block
            start = end
    return state.digest() == payload[_DIGEST_AT : _DIGEST_AT + 16]


def digest_agrees_of(pieces: list[memoryview]) -> bool:
    """The same of a payload in several pieces, of which the first holds the digest."""
    state = xxhash.xxh3_128(pieces[0][:_DIGEST_AT])
    state.update(bytes(16))
    state.update(pieces[0][_DIGEST_AT + 16 :])
    for piece in pieces[1:]:
        state.update(piece)
    return state.digest() == pieces[0][_DIGEST_AT : _DIGEST_AT + 16]


class RunningDigest:
    """The digest of a payload that arrives in pieces, its own 16 bytes taken as zeros."""

    __slots__ = ("_first", "_state")

    def __init__(self) -> None:
        self._first = b""  # until it holds the digest
        self._state: Any = None

    def update(self, piece: memoryview) -> None:
        """Take the next piece."""
        if self._state is not None:
            self._state.update(piece)
            return
        end = max(_DIGEST_AT + 16 - len(self._first), 0)
        self._first += bytes(piece[:end])
        if len(self._first) == _DIGEST_AT + 16:
            self._state = xxhash.xxh3_128(self._first[:_DIGEST_AT] + bytes(16))
            self._state.update(piece[end:])

    def agrees(self) -> bool:
        """Whether the digest in the payload is that of its bytes."""
        return self._state is not None and self._state.digest() == self._first[_DIGEST_AT:]


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
    if keys != _KEYS_OF_PRELUDE or entries & 0xF0 != 0x80 or not 1 <= wire <= 127:
        raise CorruptError(
            f"header: expected a map with the keys {_KEYS_OF_PRELUDE.hex(' ')} and a wire version of 1 to 127, found "
            f"the byte {entries:02x}, the keys {keys.hex(' ')}, and {wire}"
        )
    return wire, size, head


def measure(payload: memoryview, length: int | None = None) -> tuple[int, int]:
    """The size of a payload and the length of its header, if its length is right; its digest is not looked at.

    `length` is that of the whole payload, where `payload` is only its beginning.

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
    return size, head


def after_digest(payload: memoryview, head: int) -> bytes:
    """The bytes of the header that are the same in every payload of the same structure."""
    return bytes(payload[_DIGEST_AT + 16 : head])


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


def unpack_map(payload: memoryview, head: int) -> dict[str, Any]:
    """The header map as it stands."""
    entries = unpack(bytes(payload[len(MAGIC) : head]), _refuse_ext, "header", pairs_hook=_dict_from)
    if not isinstance(entries, dict):
        raise CorruptError(f"header: expected a map, found {type(entries).__name__}")
    return entries


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
