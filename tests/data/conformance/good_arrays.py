"""Payloads that keep every rule: arrays of each dtype, order, shape and compression."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from assemble import FORTRAN, JAX, Array, Parts, arr, item_size, shuffle
from vectors import Vector, good

UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
DTYPES: dict[str, list[Any]] = {
    "bytes-and-bools": ["|b1", "|i1", "|u1"],
    "integers": [f"{order}{kind}{size}" for order in "<>" for kind in "iu" for size in (2, 4, 8)],
    "floats": [f"{order}f{size}" for order in "<>" for size in (2, 4, 8)],
    "complex": [f"{order}c{size}" for order in "<>" for size in (8, 16)],
    "strings": ["|S1", "|S3", "|S300", "<U1", ">U1", "<U4"],
    "dates": ["<M8", ">M8", *(f"<M8[{unit}]" for unit in UNITS), ">M8[s]", "<M8[25s]", "<M8[999999999ns]"],
    "durations": ["<m8", ">m8", *(f"<m8[{unit}]" for unit in UNITS), ">m8[D]", "<m8[2h]"],
    "records": [
        [12, [["a", "<f8", 0], ["b", ">i4", 8]]],
        [16, [["b", "|b1", 0], ["x", "<f8", 8]]],
        [8, [["late", "<i2", 6], ["early", "<i2", 2]]],
        [4, [["whole", "<u4", 0], ["low", "<u2", 0]]],
        [21, [["é", "|S3", 0], ["when", "<M8[s]", 5], ["text", "<U2", 13]]],
    ],
}


def data_of(dtype: Any, count: int) -> bytes:
    """Bytes of so many items: any, as far as there are any; bools are 0 and 1, text is text, padding is zero."""
    size = item_size(dtype)
    if not isinstance(dtype, str):
        item = bytearray(size)
        for _, inner, offset in dtype[1]:
            item[offset : offset + item_size(inner)] = data_of(inner, 1)
        return bytes(item) * count
    if dtype[1] == "b":
        return (b"\1\0" * count)[:count]
    if dtype[1] == "U":
        order = ">" if dtype[0] == ">" else "<"
        return struct.pack(f"{order}{size // 4}I", 0x1F600, *[0] * (size // 4 - 1)) * count
    return bytes((7 * place + 1) % 256 for place in range(size * count))


def array(dtype: Any, *shape: int, flags: int = 0, **more: Any) -> Array:
    """An array of a dtype and a shape."""
    count = 1
    for length in shape:
        count *= length
    return Array(dtype, list(shape), data_of(dtype, count), flags, **more)


def one(name: str, why: str, *arrays: Array, **more: Any) -> Vector:
    """A payload of one array as the root, or of a tuple of several."""
    value = arr(0) if len(arrays) == 1 else [arr(index) for index in range(len(arrays))]
    root = "array" if len(arrays) == 1 else "tuple"
    return good(name, why, Parts(value, arrays=list(arrays), root=root, **more))


def of_dtypes() -> Iterator[Vector]:
    """Arrays of each dtype."""
    for name, dtypes in DTYPES.items():
        yield one(f"dtypes-{name}", f"Arrays of each dtype: {name}.", *(array(dtype, 2) for dtype in dtypes))
    nan = bytes.fromhex("010000000000f07f 000000000000f8ff efbeadde0000fc7f")
    yield one("nan-payloads", "NaN keep all their bits, a signalling one too.", Array("<f8", [3], nan))


def of_shapes() -> Iterator[Vector]:
    """Orders, shapes and places."""
    yield one("shape-none", "An array of no dimensions has one item.", array("<f8"))
    yield one("shape-2x3", "An array in C order.", array("<i2", 2, 3))
    yield one(
        "shape-2x3-fortran", "An array in Fortran order: the first index is fastest.", array("<i2", 2, 3, flags=FORTRAN)
    )
    yield one("shape-2x3x2-fortran", "Three dimensions in Fortran order.", array("|u1", 2, 3, 2, flags=FORTRAN))
    yield one(
        "shape-empty",
        "Empty arrays have no bytes, and stand at the end of the one before.",
        array("<f8", 0),
        array("<f8", 3, 0, 2),
    )
    yield one("shape-64-dimensions", "The most dimensions.", array("<i2", *[1] * 63, 2))
    yield one(
        "places", "Each array begins at a multiple of 64.", *(array("|u1", size) for size in (1, 63, 64, 65, 128, 0, 1))
    )
    yield one(
        "place-of-an-empty-end",
        "An empty last array stands at the next multiple of 64, where the payload ends.",
        array("|u1", 8),
        array("<f8", 0),
    )
    yield good(
        "arrays-257",
        "A reference to array 256 has two bytes.",
        Parts([arr(index) for index in range(257)], arrays=[Array("|u1", [0]) for _ in range(257)], root="tuple"),
    )
    yield good(
        "array-shared",
        "An array that stands twice, also inside a tuple, is written once.",
        Parts([arr(0), [arr(0)]], arrays=[array("<f8", 1)], root="tuple"),
    )
    yield good(
        "arrays-equal",
        "Two arrays of equal bytes are two arrays.",
        Parts([arr(0), arr(1)], arrays=[array("<f8", 1), array("<f8", 1)], root="tuple"),
    )
    jax = ("<f4", "<i4", "|b1", "<c8")
    yield one("jax", "Arrays that were JAX's.", *(array(dtype, 2, flags=JAX) for dtype in jax), backend="jax")
    yield one("jax-fortran", "Both flags.", array("<f4", 2, 2, flags=JAX | FORTRAN), backend="jax")


# A ramp of floats, and what libraries made of it: zlib of its bytes, zstandard 0.25 (with and without a checksum) and
# lz4 4.4 of its shuffled bytes.
RAMP = b"".join(struct.pack("<d", 1.0 + number / 64) for number in range(32))
ZLIB_RAMP = bytes.fromhex(
    "78da2dc9b91184001003416506a129b40d891f97baab1ea78d497e6dcb9f95e530bbcf7298c36739cce9b31ce6f2590e73fb2c87797c96c3bc"
    "3ecb79970f64e83251"
)
_FRAME = (
    "0000950100640200004080c0f0f0f0f0f1f1f1f1f2f2f2f2f3f3f3f3f4f4f4f4f5f5f5f5f6f6f6f6f7f7f7f73f0300c1356fc70c0e05b0"
)
ZSTD_RAMP = bytes.fromhex("28b52ffd60" + _FRAME)
ZSTD_RAMP_WITH_CHECKSUM = bytes.fromhex("28b52ffd64" + _FRAME + "be3e0c8c")
LZ4_RAMP = bytes.fromhex(
    "1f0001008d3f4080c0040009ff12f0f0f0f0f1f1f1f1f2f2f2f2f3f3f3f3f4f4f4f4f5f5f5f5f6f6f6f6f7f7f7f73f010007503f3f3f3f3f"
)


def stored_zlib(data: bytes) -> bytes:
    """A zlib stream of one block that is stored as it is."""
    block = b"\x01" + struct.pack("<HH", len(data), len(data) ^ 0xFFFF) + data
    return b"\x78\x01" + block + zlib.adler32(data).to_bytes(4, "big")


def frame_zstd(content: int, *blocks: bytes) -> bytes:
    """A zstd frame that states the size of its content in 4 bytes."""
    return b"\x28\xb5\x2f\xfd\xa0" + content.to_bytes(4, "little") + b"".join(blocks)


def raw_block(data: bytes, *, last: bool = True) -> bytes:
    """A block of a zstd frame that holds bytes as they are."""
    return (len(data) << 3 | last).to_bytes(3, "little") + data


def repeat_block(byte: int, count: int, *, last: bool = True) -> bytes:
    """A block of a zstd frame that repeats a byte; at most 128 KiB."""
    return (count << 3 | 2 | last).to_bytes(3, "little") + bytes([byte])


def literal_lz4(data: bytes) -> bytes:
    """An LZ4 block of literals alone."""
    if len(data) < 15:
        return bytes([len(data) << 4]) + data
    rest = len(data) - 15
    return b"\xf0" + b"\xff" * (rest // 255) + bytes([rest % 255]) + data


def zlib_array(data: bytes = RAMP, stored: bytes = ZLIB_RAMP, **more: Any) -> Array:
    """An array of float64 that zlib compressed."""
    return Array("<f8", [len(data) // 8], data, compression="zlib", stored=stored, **more)


def zstd_array(data: bytes = RAMP, stored: bytes = ZSTD_RAMP, **more: Any) -> Array:
    """An array of float64 that was shuffled and compressed by zstd."""
    return Array("<f8", [len(data) // 8], data, compression="shuffle-zstd", stored=stored, **more)


def lz4_array(data: bytes = RAMP, stored: bytes = LZ4_RAMP, **more: Any) -> Array:
    """An array of float64 that was shuffled and compressed by LZ4."""
    return Array("<f8", [len(data) // 8], data, compression="shuffle-lz4", stored=stored, **more)


def of_compressions() -> Iterator[Vector]:
    """Each compression, and what each dtype's items are when they are shuffled."""
    yield one("zlib", "A zlib stream.", zlib_array())
    yield one(
        "zlib-stored",
        "A zlib stream of a stored block, larger than the array.",
        zlib_array(RAMP[:16], stored_zlib(RAMP[:16])),
    )
    yield one("zlib-empty", "An empty array may be compressed too.", zlib_array(b"", stored_zlib(b"")))
    yield one("zlib-not-all", "Compression is chosen for each array.", zlib_array(), array("<f8", 4), zlib_array())
    yield one(
        "zlib-flags",
        "A compressed array in Fortran order that was JAX's.",
        Array("<f8", [4, 8], RAMP, FORTRAN | JAX, "zlib", ZLIB_RAMP),
        backend="jax",
    )
    yield one("shuffle-zstd", "A zstd frame of shuffled bytes.", zstd_array())
    yield one("shuffle-zstd-checksum", "A zstd frame with a checksum.", zstd_array(stored=ZSTD_RAMP_WITH_CHECKSUM))
    ones = b"\1" * 8192
    yield one(
        "shuffle-zstd-blocks",
        "A zstd frame of several blocks.",
        zstd_array(ones, frame_zstd(8192, raw_block(b"\1" * 4, last=False), repeat_block(1, 8188))),
    )
    most = 13 * 1032
    yield one(
        "shuffle-zstd-1032",
        "As much as compressed bytes may grow: 1032 times their number.",
        zstd_array(b"\1" * most, frame_zstd(most, repeat_block(1, most))),
    )
    yield one("shuffle-lz4", "An LZ4 block of shuffled bytes.", lz4_array())
    yield one(
        "shuffle-lz4-literals", "An LZ4 block of literals.", lz4_array(RAMP[:32], literal_lz4(shuffle(RAMP[:32], 8)))
    )
    items = [("<c8", 4), (">c16", 8), ("<U3", 4), (">f4", 4), ("<M8[s]", 8), ("|S3", 1), ("|b1", 1), ("|u1", 1)]
    items.append(([6, [["a", "<i2", 0], ["b", "<i4", 2]]], 1))
    arrays = []
    for dtype, size in items:
        data = data_of(dtype, 3)
        stored = frame_zstd(len(data), raw_block(shuffle(data, size)))
        arrays.append(Array(dtype, [3], data, compression="shuffle-zstd", stored=stored))
    yield one(
        "shuffle-items",
        "What is an item when it is shuffled: a part of a complex number, a character, a byte.",
        *arrays,
    )
    data = data_of("<i2", 6)
    yield one(
        "shuffle-fortran",
        "The bytes of an array in Fortran order are shuffled as they are stored.",
        Array("<i2", [2, 3], data, FORTRAN, "shuffle-lz4", literal_lz4(shuffle(data, 2))),
    )


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_dtypes()
    yield from of_shapes()
    yield from of_compressions()
