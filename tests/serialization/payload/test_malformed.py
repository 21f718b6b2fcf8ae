"""Bytes that are not a payload of ours: each raises its error, says what it found, and allocates nothing for it."""

from __future__ import annotations

import math
import struct
import tracemalloc
import zlib

import graph
import lz4.block
import msgpack
import numpy as np
import pytest
import xxhash
import zstandard
from graphs import assert_same, small
from hypothesis import given
from hypothesis import strategies as st
from malformed_graphs import COMPUTES, NEWER, PART, cases_of
from payloads import ext, payload, ref, resealed

import serialization
from serialization import (
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    TruncatedError,
    UnknownCodeError,
)
from tests.fuzz.parts import ENTRIES, put_together, taken_apart

SMALL = serialization.dumps(small())
NIL = b"\x91\xc0"
ROW = ["<f8", [1], 0, 0]


def with_byte(at, value):
    changed = bytearray(SMALL)
    changed[at] = value
    return bytes(changed)


def with_head(length):
    return SMALL[:60] + length.to_bytes(4, "big") + SMALL[64:]


def one_array(row=ROW, buffers=bytes(8), **entries):
    return payload(body=b"\x91\xd4\x02\x00", root="array", buffers=buffers, arrays=[row], **entries)


def compressed(data, nbytes, name="zlib", *, of=None):
    """One array of bytes, packed as `data`."""
    row = ["|u1", [nbytes], 0, 0, name, len(data)]
    return one_array(row, data, digests=xxhash.xxh3_128_digest(bytes(nbytes) if of is None else of))


def two_arrays(between=bytes(56), second=64):
    rows = [["|u1", [8], 0, 0], ["|u1", [8], 0, second]]
    body = b"\x91\x92\xd4\x02\x00\xd4\x02\x01"
    return payload(body=body, root="tuple", buffers=bytes(8) + between + bytes(8), arrays=rows)


ZLIB_BOMB = compressed(zlib.compress(b"1"), 4 * 10**9, of=b"")
HEAD = int.from_bytes(SMALL[60:64], "big")

# Each is (bytes, error, path, the end of the message).
CASES = {
    "nothing": (b"", NotAPayloadError, None, "found nothing"),
    "pickle": (b"\x80\x05N.", NotAPayloadError, None, "(AASTATE), found 80 05 4e 2e"),
    "only the magic string": (SMALL[:8], TruncatedError, None, "expected at least 64 bytes, found 8"),
    "half the header": (SMALL[:100], TruncatedError, None, f"expected {len(SMALL)} bytes, found 100"),
    "all but a byte": (SMALL[:-1], TruncatedError, None, f"expected {len(SMALL)} bytes, found {len(SMALL) - 1}"),
    "a byte more": (SMALL + b"\0", CorruptError, None, f"expected {len(SMALL)} bytes, found {len(SMALL) + 1}"),
    "no map": (with_byte(8, 0x90), CorruptError, None, "65 61 64 ce, and 2"),
    "other key": (
        with_byte(10, ord("D")),
        CorruptError,
        None,
        "a6 44 69 67 65 73 74 c4 10 a4 77 69 72 65 a4 73 69 7a 65 cf a4 68 65 61 64 ce, and 2",
    ),
    "wire version 0": (with_byte(39, 0), CorruptError, None, "64 ce, and 0"),
    "wire version 3": (
        with_byte(39, 3),
        NewerVersionError,
        None,
        "expected wire version 1 to 2, found 3, written by autoarray-portable 0.3.0; read it with that release or "
        "a newer one",
    ),
    "changed digest": (with_byte(20, SMALL[20] ^ 1), CorruptError, None, "which have changed"),
    "changed end of the header": (with_byte(HEAD - 1, SMALL[HEAD - 1] ^ 1), CorruptError, None, "which have changed"),
    "changed end": (with_byte(-1, SMALL[-1] ^ 1), CorruptError, None, "agree with its bytes, which changed"),
    "length of header": (resealed(with_head(383)), CorruptError, None, f"up to {len(SMALL)}, found 383"),
    "header of nothing": (resealed(with_head(64)), CorruptError, None, "found nothing"),
    "place of the body": (
        resealed(SMALL.replace(b"\xa4body", b"\xa4bodi", 1)),
        CorruptError,
        None,
        "62 6f 64 69 c6 00 00 00 88",
    ),
    "body beyond the header": (resealed(with_byte(71, 1)), CorruptError, None, "found a4 62 6f 64 79 c6 00 01 00 88"),
    "place of the digests": (
        resealed(SMALL.replace(b"\xa7digests\xc6", b"\xa7digests\xc5", 1)),
        CorruptError,
        None,
        None,
    ),
    "digests": (payload(digests=bytes(16)), CorruptError, None, "16 bytes for each of 0 arrays, found 16 bytes"),
    "entry": (resealed(SMALL.replace(b"\xa6writer", b"\xa6writes", 1)), CorruptError, None, "'ancillary', 'pad'"),
    "entry twice": (resealed(SMALL.replace(b"\xa6writer", b"\xa4wire\x02\xc0", 1)), CorruptError, None, None),
    "unknown critical entry": (payload(add={"novel": 1}), UnknownCodeError, None, "found 'novel'" + NEWER),
    "critical entry missing": (
        resealed(payload().replace(b"\xa7objects\x90", b"\xa7objectz\x90", 1)),
        UnknownCodeError,
        None,
        "found 'objectz'" + NEWER,
    ),
    "no critical map": (
        resealed(payload().replace(b"\x85\xa7backend", b"\x9a\xa7backend", 1)),
        CorruptError,
        None,
        None,
    ),
    "ancillary of no map": (payload(ancillary=[]), CorruptError, None, "expected ancillary to be a map, found ()"),
    "ext in ancillary": (
        payload(ancillary={"meta": ext(1, b"")}),
        UnknownCodeError,
        None,
        "no ext type, found code 1" + NEWER.replace("some-writer 9.9", "an unknown writer"),
    ),
    "number as a key": (
        payload(ancillary={1: 2}),
        CorruptError,
        None,
        "int is not allowed for map key when strict_map_key=True",
    ),
    "pad that is too long": (payload(pad=bytes(64 + -len(payload(pad=b"")) % 64)), CorruptError, None, None),
    "pad of no zeros": (resealed(with_byte(HEAD - 1, 1)), CorruptError, None, None),
    "another backend": (payload(backend="jax"), CorruptError, None, "expected backend to be numpy, found jax"),
    "another root": (payload(root="list"), CorruptError, None, "expected root to be nil, found 'list'"),
    "dtype": (one_array(["O", [1], 0, 0]), CorruptError, None, "the description of a dtype, found 'O'"),
    "dtype of several": (one_array(["f8,f8", [1], 0, 0]), CorruptError, None, "found 'f8,f8'"),
    "dtype of no bytes": (one_array([[0, []], [2**40], 0, 0]), CorruptError, None, "found (0, ())"),
    "dtype of records": (
        one_array([[8, [["a", "O", 0]]], [1], 0, 0]),
        CorruptError,
        None,
        "found (8, (('a', 'O', 0),))",
    ),
    "field outside": (one_array([[8, [["a", "<f8", 4]]], [1], 0, 0]), CorruptError, None, "(('a', '<f8', 4),))"),
    "dtype of a map": (one_array([{}, [1], 0, 0]), CorruptError, None, "description of a dtype, found {}"),
    "shape": (one_array(["<f8", [-1], 0, 0]), CorruptError, None, "found ('<f8', (-1,), 0, 0)"),
    "shape of no array": (one_array(["<f8", 1, 0, 0]), CorruptError, None, "found ('<f8', 1, 0, 0)"),
    "shape beyond the file": (one_array(["<f8", [2**20], 0, 0]), TruncatedError, None, None),
    "shape of one less": (one_array(["<f4", [1], 0, 0]), CorruptError, None, "bytes by its arrays, found 264"),
    "too many dimensions": (one_array(["<f8", [1] * 65, 0, 0]), CorruptError, None, "found 65"),
    "empty but too large": (
        one_array(["<f8", [0, 2**62, 2**62], 0, 0], buffers=b""),
        CorruptError,
        None,
        "shape (0, 4611686018427387904, 4611686018427387904)",
    ),
    "as many as none": (one_array(["<f8", [2**64 - 1, 0], 0, 0], buffers=b""), CorruptError, None, None),
    "fields that are none": (one_array([[8, None], [1], 0, 0]), CorruptError, None, "found (8, None)"),
    "flag of JAX on bytes": (one_array(["|S8", [1], 2, 0], backend="jax"), CorruptError, None, "found |S8 with flag 2"),
    "flag of JAX on big-endian numbers": (one_array([">f8", [1], 2, 0], backend="jax"), CorruptError, None, None),
    "timestamp in ancillary": (
        payload(ancillary={"a": [{"b": msgpack.Timestamp(1)}]}),
        UnknownCodeError,
        None,
        "no ext type, found code -1" + NEWER.replace("some-writer 9.9", "an unknown writer"),
    ),
    "more than 63 bits": (
        one_array(["<f8", [2**60], 0, 0]),
        CorruptError,
        None,
        "expected fewer than 2^63 bytes, found 9223372036854775808, shape (1152921504606846976,)",
    ),
    "offset": (
        one_array(["<f8", [1], 0, 64]),
        CorruptError,
        None,
        "expected it at 0 behind the header, found the offset 64",
    ),
    "second offset": (
        two_arrays(second=128),
        CorruptError,
        None,
        "array 1: expected it at 64 behind the header, found the offset 128",
    ),
    "offset of no number": (one_array(["<f8", [1], 0, 0.0]), CorruptError, None, "('<f8', (1,), 0, 0.0)"),
    "between two arrays": (
        two_arrays(b"a" + bytes(55)),
        CorruptError,
        None,
        "expected zeros at 8 to 64 behind the header, found others",
    ),
    "flag": (one_array(["<f8", [1], 4, 0]), UnknownCodeError, None, "array 0: expected flags up to 3, found 4" + NEWER),
    "flag of JAX": (one_array(["<f8", [1], 2, 0]), CorruptError, None, "expected backend to be jax, found numpy"),
    "row": (one_array(["<f8", [1], 0], digests=bytes(16)), CorruptError, None, "found ('<f8', (1,), 0)"),
    "bytes after the arrays": (one_array(buffers=bytes(9)), CorruptError, None, "bytes by its arrays, found 265"),
    "array of no use": (
        payload(arrays=[ROW], buffers=bytes(8)),
        CorruptError,
        None,
        "expected arrays to be numbered in the order of the body, found []",
    ),
    "numbers of arrays": (
        payload(
            body=b"\x91\x92\xd4\x02\x01\xd4\x02\x00",
            root="tuple",
            buffers=bytes(72),
            arrays=[ROW, ["<f8", [1], 0, 64]],
        ),
        CorruptError,
        None,
        "expected arrays to be numbered in the order of the body, found [1, 0]",
    ),
    "numbers of objects": (payload([ref(1), ref(0)], [[], []]), CorruptError, None, "of the body, found [1, 0]"),
    "object of no use": (payload(1, [[]]), CorruptError, None, "of the body, found []"),
    "type of no use": (payload(types=[PART]), CorruptError, None, "in which objects name them, found the order []"),
    "types in another order": (
        payload([ref(0), ref(1)], [[1, 2], [1, 2, False, 3]], types=[COMPUTES, PART], objects=[1, 0]),
        CorruptError,
        None,
        "in which objects name them, found the order [1, 0]",
    ),
    "type twice": (
        payload([ref(0), ref(1)], [[1, 2], [1, 2]], types=[PART, PART], objects=[0, 1]),
        CorruptError,
        None,
        "expected distinct rows of types, found one twice",
    ),
    "float of 32 bits": (
        payload(body=b"\x91\xca\x3f\x80\x00\x00", root="float"),
        CorruptError,
        None,
        "found one of 32 bits",
    ),
    "float of 32 bits among elements": (payload([ext(6, b"\x91\xca\x3f\x80\x00\x00")]), CorruptError, "$[0]", None),
    "scalar in big-endian order": (
        payload([ext(3, b"\x03>f8" + bytes(8))]),
        CorruptError,
        "$[0]",
        "found 03 3e 66 38" + 8 * " 00",
    ),
    "a NaN twice in a set": (
        payload(ref(0), [[math.nan, math.nan]], objects=[-3]),
        CorruptError,
        "$",
        "expected distinct keys or elements, found one twice",
    ),
    "a NaN twice in a dict": (
        payload(ref(0), [[(math.nan,), 1, (math.nan,), 2]], objects=[-2]),
        CorruptError,
        "$",
        "expected distinct keys or elements, found one twice",
    ),
    "compression": (compressed(b"abc", 2, "lzma"), UnknownCodeError, None, "or none, found 'lzma'" + NEWER),
    "compression of no name": (compressed(b"abc", 2, 3), CorruptError, None, "found ('|u1', (2,), 0, 0, 3, 3)"),
    "no zlib": (compressed(b"abc", 2), CorruptError, None, "Error -3 while decompressing data: incorrect header check"),
    "zlib of more": (
        compressed(zlib.compress(bytes(3)), 2),
        CorruptError,
        None,
        "2 bytes after decompression, found 3",
    ),
    "zlib of less": (compressed(zlib.compress(b"1"), 2), CorruptError, None, "2 bytes after decompression, found 1"),
    "zlib and more": (compressed(zlib.compress(bytes(2)) + b"a", 2), CorruptError, None, "found more or no end"),
    "zlib cut off": (compressed(zlib.compress(bytes(2))[:-1], 2), CorruptError, None, "found more or no end"),
    "zlib of others": (compressed(zlib.compress(b"12"), 2), CorruptError, None, "agree with its bytes, which changed"),
    "zlib bomb": (ZLIB_BOMB, LimitError, None, "found a claim of 4000000000"),
    "no zstd": (compressed(b"abc", 2, "shuffle-zstd"), CorruptError, None, None),
    "zstd of more": (
        compressed(zstandard.compress(bytes(3)), 2, "shuffle-zstd"),
        CorruptError,
        None,
        "found a claim of 3",
    ),
    "zstd and more": (compressed(zstandard.compress(bytes(2)) + b"a", 2, "shuffle-zstd"), CorruptError, None, None),
    "zstd of no size": (
        compressed(zstandard.ZstdCompressor(write_content_size=False).compress(bytes(2)), 2, "shuffle-zstd"),
        CorruptError,
        None,
        "found a claim of -1",
    ),
    "no LZ4": (compressed(b"abc", 2, "shuffle-lz4"), CorruptError, None, None),
    "LZ4 of more": (
        compressed(lz4.block.compress(bytes(3), store_size=False), 2, "shuffle-lz4"),
        CorruptError,
        None,
        None,
    ),
    "LZ4 of less": (
        compressed(lz4.block.compress(bytes(1), store_size=False), 2, "shuffle-lz4"),
        CorruptError,
        None,
        "2 bytes after decompression, found 1",
    ),
    **cases_of(payload),
}


@pytest.mark.parametrize("name", CASES)
def test_each_error(name):
    data, kind, path, message = CASES[name]
    with pytest.raises(serialization.SerializationError) as error:
        serialization.loads(data)
    assert type(error.value) is kind, error.value
    assert error.value.path == path
    assert message is None or str(error.value).endswith(message)


def test_the_hand_made_payloads_are_read_when_they_are_well_formed():
    assert serialization.loads(payload([1, ref(0)], [[2]])) == (1, [2])
    assert serialization.loads(payload(ref(0), [["k", 1]], objects=[-2])) == {"k": 1}
    assert_same(serialization.loads(one_array()), np.zeros(1))
    for data in (zlib.compress(bytes(2)), zstandard.compress(bytes(2)), lz4.block.compress(bytes(2), store_size=False)):
        name = {0x78: "zlib", 0x28: "shuffle-zstd"}.get(data[0], "shuffle-lz4")
        assert_same(serialization.loads(compressed(data, 2, name)), np.zeros(2, np.uint8))
    first, second = serialization.loads(two_arrays())
    assert_same((first, second), (np.zeros(8, np.uint8), np.zeros(8, np.uint8)))
    assert resealed(SMALL) == SMALL


def test_as_many_digests_as_arrays_whatever_was_read_before():
    good = one_array()
    for _ in range(2):
        with pytest.raises(CorruptError, match="16 bytes for each of 1 arrays, found 32 bytes"):
            serialization.loads(one_array(digests=bytes(32)))
        assert serialization.loads(good).shape == (1,)


@pytest.mark.parametrize("wire", [1, 2])
def test_as_many_entries_as_are_counted_whatever_was_read_before(wire):
    parts = taken_apart(SMALL)
    good = parts.copy() if wire == 2 else parts.of_version_1()
    for count in (-1, 1):
        for _ in range(2):
            bad = good.copy()
            bad.claims["add"] = count
            with pytest.raises(CorruptError, match="header: expected"):
                serialization.loads(put_together(bad))
            assert_same(serialization.loads(put_together(good)), small())


@pytest.mark.parametrize("wire", [1, 2])
@pytest.mark.parametrize("entry", [*ENTRIES, "arrays", "dtype", "shape"])
def test_headers_that_are_too_deep_to_be_shown_are_refused(wire, entry):
    deep = b"\x91" * 1000 + b"\xc0"
    parts = taken_apart(SMALL).copy()
    parts = parts if wire == 2 else parts.of_version_1()
    if entry in ENTRIES:
        parts.entries[entry] = deep
    else:
        parts.rows = b"\x91" + {"arrays": deep, "dtype": b"\x94" + deep + b"\x90\0\0"}.get(
            entry, b"\x94\xa3<f8\x91" + deep + b"\0\0"
        )
    data = put_together(parts)
    for read in (serialization.loads, serialization.inspect):
        with pytest.raises(serialization.SerializationError, match=r"header: |array 0: "):
            read(data)
    with pytest.raises(serialization.SerializationError):
        serialization.identity(data)


def test_every_changed_byte_raises():
    data = serialization.dumps([np.arange(2.0), {"a": (1, 2.5)}, np.arange(3)])
    for at in range(len(data)):
        for flip in (0x01, 0x80, 0xFF):
            changed = bytearray(data)
            changed[at] ^= flip
            with pytest.raises(serialization.SerializationError):
                serialization.loads(changed)


def test_every_truncation_raises():
    for size in range(len(SMALL)):
        with pytest.raises(serialization.SerializationError):
            serialization.loads(SMALL[:size])


def is_data(data):
    """Whether bytes are a payload: what is read is data, the same each time, and the rest is refused by our errors."""
    try:
        value = serialization.loads(data)
    except serialization.SerializationError:
        return False
    assert [path for path, held in graph.walk(value) if isinstance(held, graph.FORBIDDEN)] == []
    assert_same(value, serialization.loads(data))
    return True


def test_every_changed_bit_with_a_digest_that_agrees_is_an_error_or_data():
    changed = [with_byte(at, SMALL[at] ^ 1 << bit) for at in range(len(SMALL)) for bit in range(8)]
    assert {is_data(resealed(each)) for each in changed} == {True, False}


@given(st.binary(max_size=200))
def test_any_body_is_an_error_or_data(body):
    is_data(payload(body=b"\x91" + body))


ATOMS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9)
ATOMS |= st.binary(max_size=9) | st.builds(ext, st.integers(0, 9), st.binary(max_size=3))
ATOMS |= st.builds(ref, st.integers(0, 3))
VALUES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
)


@given(VALUES, st.lists(st.tuples(VALUES, st.integers(-6, 1)), max_size=3))
def test_any_values_are_an_error_or_data(root, records):
    is_data(payload(root, [record for record, _ in records], objects=[kind for _, kind in records]))


@given(st.binary(max_size=300))
def test_any_bytes_raise(data):
    for prefix in (b"", SMALL[:8], SMALL[:64]):
        with pytest.raises(serialization.SerializationError):
            serialization.loads(prefix + data)


@pytest.mark.parametrize(
    "body",
    [
        b"\x91\xdd\xff\xff\xff\xff",
        b"\xdd" + struct.pack(">I", 200_000) + b"\xc0" * 10,
        (b"\xdd" + struct.pack(">I", 200_000)) * 1000 + b"\xc0" * 200_000,
    ],
    ids=["five bytes", "short", "nested"],
)
def test_claims_without_bytes_allocate_nothing(body):
    data = payload(body=body)
    tracemalloc.start()
    try:
        with pytest.raises(serialization.SerializationError):
            serialization.loads(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000 + 10 * len(data)


def test_a_claim_of_much_decompressed_data_allocates_little():
    data = compressed(zlib.compress(NIL), 10_000)
    tracemalloc.start()
    try:
        with pytest.raises(CorruptError):
            serialization.loads(data)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_types_are_not_imported_before_the_digest_was_verified(monkeypatch):
    from serialization._schema import registry

    def fail(*args):
        raise AssertionError("a type was looked up")

    monkeypatch.setattr(registry, "schema_named", fail)
    with pytest.raises(CorruptError):
        serialization.loads(with_byte(-1, SMALL[-1] ^ 1))
