"""Payloads that break a rule of the bytes of arrays: A7 to A10."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import xxhash
from assemble import Array, Parts, digest_of, shuffle
from bad_arrays import ITEM, of_arrays
from good import star
from good_arrays import (
    LZ4_RAMP,
    RAMP,
    ZLIB_RAMP,
    ZSTD_RAMP,
    ZSTD_RAMP_WITH_CHECKSUM,
    frame_zstd,
    literal_lz4,
    lz4_array,
    raw_block,
    repeat_block,
    stored_zlib,
    zlib_array,
    zstd_array,
)
from vectors import Vector, writer_named


def of_bytes() -> Iterator[Vector]:
    """A7 to A10."""
    for name in ("", "ZLIB", "gzip", "zstd", "lz4", "shuffle-zlib", "bitshuffle-lz4", "blosc", "none"):
        unknown = Array("<f8", [32], RAMP, compression=name, stored=ZLIB_RAMP)
        vector = Vector(
            f"A7-{name or 'empty'}",
            "A7",
            "I",
            f"No reader of this page knows the compression {name!r}.",
            of_arrays(unknown),
        )
        yield from writer_named(vector)
    yield from _of_digests()
    pairs = [16, [["b", "|b1", 0], ["x", "<f8", 8]]]
    for name, why, bad in [
        (
            "padding",
            "A byte of a record that belongs to no field is not zero.",
            Array(pairs, [1], b"\1\xff" + bytes(14)),
        ),
        (
            "padding-behind",
            "The last byte of a record belongs to no field.",
            Array([9, [["x", "<f8", 0]]], [2], ITEM + b"\0" + ITEM + b"\1"),
        ),
        ("bool-2", "A byte of a bool is 2.", Array("|b1", [3], b"\0\1\2")),
        ("bool-255", "A byte of a bool is 255.", Array("|b1", [1], b"\xff")),
        ("bool-of-record", "A byte of a bool of a record is 2.", Array(pairs, [1], b"\2" + bytes(15))),
    ]:
        yield Vector(f"A9-{name}", "A9", "C", why, of_arrays(bad))
    yield from _of_streams()


def _of_digests() -> Iterator[Vector]:
    right = digest_of(ITEM)
    for name, why, digests in [
        ("no-digests", "There is an array, and no digest.", b""),
        ("15-bytes", "The digest has 15 bytes.", right[:15]),
        ("17-bytes", "There is a byte more than a digest.", right + b"\0"),
        ("two", "There is one array, and two digests.", right * 2),
    ]:
        yield Vector(f"A8-{name}", "A8", "I", why, of_arrays(Array("<f8", [1], ITEM), digests=digests))
    yield Vector("A8-without-array", "A8", "I", "There is a digest, and no array.", Parts(None, digests=right))
    # Of so many bytes that the rest of the header is that of a payload without them.
    yield Vector(
        "A8-four-without-array", "A8", "I", "There are four digests, and no array.", Parts(None, digests=right * 4)
    )
    more = star()
    more.digests = digest_of(more.arrays[0].data) + bytes(64)
    yield Vector("A8-four-more", "A8", "I", "There are four digests more than arrays.", more)
    for name, why, digest in [
        ("changed", "A bit of the digest is another.", bytes([right[0] ^ 1]) + right[1:]),
        ("zeros", "The digest is zeros.", bytes(16)),
        ("little-endian", "The digest has another byte order.", right[::-1]),
        ("seed", "The digest has seed 1.", xxhash.xxh3_128_digest(ITEM, seed=1)),
        ("64-bits", "The digest is the 64-bit one, twice.", xxhash.xxh3_64_digest(ITEM) * 2),
    ]:
        yield _unreadable(f"A8-{name}", "A8", why, Array("<f8", [1], ITEM, digest=digest))
    changed = Array("<f8", [1], ITEM[:-1] + b"\x3e", digest=right)
    yield _unreadable("A8-byte-changed", "A8", "A byte of the array was changed.", changed)
    yield _unreadable(
        "A8-empty", "A8", "The digest of an empty array is not that of no bytes.", Array("<f8", [0], digest=bytes(16))
    )
    of_stored = zlib_array(digest=digest_of(ZLIB_RAMP))
    yield _unreadable("A8-of-stored", "A8", "The digest is that of the compressed bytes.", of_stored)
    shuffled = zstd_array(digest=digest_of(shuffle(RAMP, 8)))
    yield _unreadable("A8-of-shuffled", "A8", "The digest is that of the shuffled bytes.", shuffled)
    plain = zstd_array(stored=frame_zstd(len(RAMP), raw_block(RAMP)))
    yield _unreadable("A8-not-shuffled", "A8", "The bytes were not shuffled.", plain)
    two = [Array("<f8", [1], ITEM), Array("<f8", [1], bytes(8))]
    two[0].digest, two[1].digest = two[1].digest, two[0].digest
    yield Vector("A8-exchanged", "A8", "I", "Two digests are exchanged.", of_arrays(*two), {"array": 0})


def _unreadable(name: str, rule: str, why: str, bad: Array) -> Vector:
    """A payload of an array that is refused when it is read, while the header is not, unless the row tells it all."""
    told = len(bad.data) > 1032 * len(bad.stored)
    return Vector(name, rule, "I", why, of_arrays(bad), {} if told else {"array": 0})


def _of_streams() -> Iterator[Vector]:
    zeros = bytes(2**16)
    adler = ZLIB_RAMP[:-1] + bytes([ZLIB_RAMP[-1] ^ 1])
    for name, why, stored in [
        ("zlib-empty", "The zlib stream has no bytes.", b""),
        ("zlib-no-stream", "The bytes are no zlib stream.", bytes(64)),
        ("zlib-checksum", "The checksum of the zlib stream is another.", adler),
        ("zlib-cut-off", "The zlib stream is cut off.", ZLIB_RAMP[:-8]),
        ("zlib-no-checksum", "The zlib stream has no checksum.", ZLIB_RAMP[:-4]),
        ("zlib-bytes-behind", "A byte follows the zlib stream.", ZLIB_RAMP + b"\0"),
        ("zlib-two-streams", "A second zlib stream follows.", ZLIB_RAMP + stored_zlib(b"")),
        ("zlib-raw", "The stream is deflate's, without zlib's header.", ZLIB_RAMP[2:-4]),
        (
            "zlib-gzip",
            "The stream is gzip's.",
            b"\x1f\x8b\x08" + bytes(7) + ZLIB_RAMP[2:-4] + struct.pack("<II", zlib.crc32(RAMP), len(RAMP)),
        ),
        ("zlib-dictionary", "The zlib stream needs a dictionary.", b"\x78\xbb" + bytes(4) + ZLIB_RAMP[2:]),
        ("zlib-fewer", "It decompresses to a byte less.", stored_zlib(RAMP[:-1])),
        ("zlib-more", "It decompresses to a byte more.", stored_zlib(RAMP + b"\0")),
        ("zlib-nothing", "It decompresses to nothing.", stored_zlib(b"")),
    ]:
        yield _unreadable(f"A10-{name}", "A10", why, zlib_array(stored=stored))
    shuffled = shuffle(RAMP, 8)
    half = len(shuffled) // 2
    no_size = b"\x28\xb5\x2f\xfd\x00\x00" + raw_block(shuffled)
    two_frames = frame_zstd(half, raw_block(shuffled[:half])) + frame_zstd(half, raw_block(shuffled[half:]))
    for name, why, stored in [
        ("zstd-empty", "The zstd frame has no bytes.", b""),
        ("zstd-no-frame", "The bytes are no zstd frame.", bytes(64)),
        ("zstd-cut-off", "The zstd frame is cut off.", ZSTD_RAMP[:-4]),
        ("zstd-checksum", "The checksum of the zstd frame is another.", ZSTD_RAMP_WITH_CHECKSUM[:-1] + b"\0"),
        ("zstd-bytes-behind", "A byte follows the zstd frame.", ZSTD_RAMP + b"\0"),
        ("zstd-two-frames", "The bytes are in two zstd frames.", two_frames),
        ("zstd-frame-behind", "An empty zstd frame follows.", ZSTD_RAMP + frame_zstd(0, raw_block(b""))),
        ("zstd-skippable-behind", "A skippable frame follows.", ZSTD_RAMP + b"\x50\x2a\x4d\x18\0\0\0\0"),
        ("zstd-skippable-before", "A skippable frame stands before.", b"\x50\x2a\x4d\x18\0\0\0\0" + ZSTD_RAMP),
        ("zstd-no-size", "The zstd frame doesn't state the size of its content.", no_size),
        ("zstd-states-less", "The zstd frame states a byte less.", frame_zstd(len(shuffled) - 1, raw_block(shuffled))),
        ("zstd-states-more", "The zstd frame states a byte more.", frame_zstd(len(shuffled) + 1, raw_block(shuffled))),
        ("zstd-fewer", "It decompresses to a byte less.", frame_zstd(len(shuffled) - 1, raw_block(shuffled[:-1]))),
        ("zstd-more", "It decompresses to a byte more.", frame_zstd(len(shuffled) + 1, raw_block(shuffled + b"\0"))),
    ]:
        yield _unreadable(f"A10-{name}", "A10", why, zstd_array(stored=stored))
    most = 13 * 1032
    grows = f"It decompresses to more than 1032 times its bytes: {most + 8} of 13."
    yield _unreadable(
        "A10-zstd-grows", "A10", grows, zstd_array(bytes(most + 8), frame_zstd(most + 8, repeat_block(0, most + 8)))
    )
    grows = "It decompresses to 65,536 bytes of 13."
    yield _unreadable("A10-zstd-grows-far", "A10", grows, zstd_array(zeros, frame_zstd(2**16, repeat_block(0, 2**16))))
    for name, why, stored in [
        ("lz4-empty", "The LZ4 block has no bytes.", b""),
        ("lz4-cut-off", "The LZ4 block is cut off.", LZ4_RAMP[:-4]),
        ("lz4-bytes-behind", "A byte follows the LZ4 block.", LZ4_RAMP + b"\0"),
        ("lz4-size-before", "The size stands before the LZ4 block.", struct.pack("<I", len(RAMP)) + LZ4_RAMP),
        (
            "lz4-frame",
            "The bytes are an LZ4 frame.",
            b"\x04\x22\x4d\x18\x60\x40\x82" + struct.pack("<I", len(LZ4_RAMP)) + LZ4_RAMP + bytes(4),
        ),
        ("lz4-before-begin", "A match begins before the first byte.", b"\x1f\x00\x02\x00" + LZ4_RAMP[4:]),
        ("lz4-fewer", "It decompresses to a byte less.", literal_lz4(shuffled[:-1])),
        ("lz4-more", "It decompresses to a byte more.", literal_lz4(shuffled + b"\0")),
    ]:
        yield _unreadable(f"A10-{name}", "A10", why, lz4_array(stored=stored))


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_bytes()
