"""Arrays in fewer bytes: the compressions of a payload, array by array.

zstd and LZ4 pack the shuffled bytes: the first byte of all items, then the second byte of all, and so on. Numbers of
one image share their exponents, which then stand side by side.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from serialization._extras import package_of
from serialization._payload.memory import aligned_copy, aligned_empty, memory_of
from serialization.errors import CorruptError, UnknownCodeError, UnsupportedValueError

COMPRESSIONS = ("zlib", "shuffle-zstd", "shuffle-lz4")
MOST_EXPANSION = 1032  # what zlib can do at best
_LEVEL_OF_ZLIB = 6
_LEVEL_OF_ZSTD = 3
_SMALLEST = 512  # bytes, below which there is little to save
_MOST_OF_LZ4 = 0x7E000000  # bytes that one block of LZ4 can hold


def check_compression(compression: object) -> None:
    """Raise unless a payload can be compressed so here.

    Raises
    ------
    UnsupportedValueError
        If there is no such compression.
    ModuleNotFoundError
        If it needs a package that is not installed.
    """
    if compression is None:
        return
    if type(compression) is not str or compression not in COMPRESSIONS:
        raise UnsupportedValueError(
            f"compression: expected None, {', '.join(map(repr, COMPRESSIONS))}, found {compression!r:.80}"
        )
    if compression != "zlib":
        _package(compression)


def check_known(index: int, compression: str) -> None:
    """Raise UnknownCodeError if an array is compressed in a way that is not known here."""
    if compression not in COMPRESSIONS:
        raise UnknownCodeError(
            f"array {index}: expected the compression {', '.join(COMPRESSIONS)} or none, found {compression!r:.80}"
        )


def compress(compression: str, dtype: np.dtype, buffer: Any) -> tuple[str, bytes] | None:
    """The compression of an array and its bytes then, or None where it is better left as it is.

    Where zstd would make more of it than readers expect, as of a large array of zeros, zlib is taken.
    """
    data = memoryview(buffer).cast("B")
    size = len(data)
    if size < _SMALLEST or (compression == "shuffle-lz4" and size > _MOST_OF_LZ4):
        return None
    packed = _compress(compression, dtype, data)
    if len(packed) * MOST_EXPANSION < size:
        compression, packed = "zlib", zlib.compress(data, _LEVEL_OF_ZLIB)
    return (compression, packed) if len(packed) < size else None


def _compress(compression: str, dtype: np.dtype, data: memoryview) -> bytes:
    if compression == "zlib":
        return zlib.compress(data, _LEVEL_OF_ZLIB)
    package, shuffled = _package(compression), _shuffle(data, _item(dtype))
    if compression == "shuffle-zstd":
        return package.ZstdCompressor(level=_LEVEL_OF_ZSTD).compress(shuffled)
    return package.compress(shuffled, store_size=False)


def decompress(compression: str, dtype: np.dtype, stored: memoryview, nbytes: int) -> np.ndarray:
    """The bytes of a compressed array, in new memory.

    Raises
    ------
    CorruptError
        If these are not its bytes.
    ModuleNotFoundError
        If a package is needed that is not installed.
    """
    package = None if compression == "zlib" else _package(compression)
    if compression == "zlib":
        data = _inflate(stored, nbytes)
    elif compression == "shuffle-zstd":
        data = _from_zstd(package, stored, nbytes)
    else:
        data = _from_lz4(package, stored, nbytes)
    if len(data) != nbytes:
        raise CorruptError(f"expected {nbytes} bytes after decompression, found {len(data)}")
    item = 1 if compression == "zlib" else _item(dtype)
    return aligned_copy(memoryview(data)) if item == 1 else _unshuffle(data, item)


def _inflate(stored: memoryview, nbytes: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(stored, nbytes + 1)
    except zlib.error as error:
        raise CorruptError(f"expected bytes that zlib compressed, found {error}") from None
    if len(data) == nbytes and (not unpacker.eof or unpacker.unused_data):
        raise CorruptError(f"expected {nbytes} bytes after decompression, found more or no end")
    return data


def _from_zstd(package: Any, stored: memoryview, nbytes: int) -> bytes:
    try:
        claim = package.frame_content_size(stored)
        if claim != nbytes:
            raise CorruptError(f"expected a zstd frame of {nbytes} bytes, found a claim of {claim}")
        return package.ZstdDecompressor().decompress(stored, allow_extra_data=False)
    except package.ZstdError as error:
        raise CorruptError(f"expected bytes that zstd compressed, found {error}") from None


def _from_lz4(package: Any, stored: memoryview, nbytes: int) -> bytes:
    if nbytes > _MOST_OF_LZ4:
        raise CorruptError(f"expected at most {_MOST_OF_LZ4} bytes in a block of LZ4, found a claim of {nbytes}")
    try:
        return package.decompress(stored, uncompressed_size=nbytes)
    except package.LZ4BlockError as error:
        raise CorruptError(f"expected bytes that LZ4 compressed, found {error}") from None


def _item(dtype: np.dtype) -> int:
    """The bytes of what is shuffled as one item: a number, or a character of text."""
    if dtype.kind in "iufmM":
        return dtype.itemsize
    return {"c": dtype.itemsize // 2, "U": 4}.get(dtype.kind, 1)


def _shuffle(data: memoryview, item: int) -> memoryview:
    if item == 1:
        return data
    return memory_of(np.ascontiguousarray(np.frombuffer(data, np.uint8).reshape(-1, item).T).reshape(-1))


def _unshuffle(data: bytes, item: int) -> np.ndarray:
    out = aligned_empty(len(data))
    out.reshape(-1, item)[:] = np.frombuffer(data, np.uint8).reshape(item, -1).T
    return out


def _package(compression: str) -> Any:
    name = {"shuffle-zstd": "zstandard", "shuffle-lz4": "lz4.block"}[compression]
    return package_of("compress", name, f"compression {compression}")
