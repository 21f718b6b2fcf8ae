"""Bytes that are no payload of wire version 1: each raises its error, says what it found, and allocates nothing."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import graph
import numpy as np
import pytest
from graphs import assert_same, small
from hypothesis import given
from hypothesis import strategies as st
from malformed_graphs import NEWER, cases_of
from payloads import array_frame_1 as array_frame
from payloads import ext, ref
from payloads import payload_1 as payload
from payloads import resealed_1 as resealed

import serialization
from serialization import (
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    TruncatedError,
    UnknownCodeError,
)

DATA = Path(__file__).parents[2] / "data" / "wire_1"  # written by release 0.1.0
SMALL = (DATA / "small.aas").read_bytes()
NIL = b"\x91\xc0"
OFFSET, FRAME = array_frame(NIL, 8)
ROW = ["<f8", [1], OFFSET, 0]


def with_byte(at, value):
    changed = bytearray(SMALL)
    changed[at] = value
    return bytes(changed)


def one_array(row=ROW, buffers=FRAME + bytes(8), **entries):
    return payload(body=NIL, buffers=buffers, arrays=[row], **entries)


def compressed(data, tail, body=None, **entries):
    stored = entries.pop("stored", b"\xc6" + len(data).to_bytes(4, "big") + data)
    return payload(body=NIL if body is None else body, stored=stored, compression="zlib", tail=tail, **entries)


ZLIB_BOMB = compressed(zlib.compress(NIL), 4 * 10**9 + 64, arrays=[["|u1", [4 * 10**9], 64, 0]])

# Each is (bytes, error, path, the end of the message).
CASES = {
    "nothing": (b"", NotAPayloadError, None, "found nothing"),
    "pickle": (b"\x80\x05N.", NotAPayloadError, None, "(AASTATE), found 80 05 4e 2e"),
    "only the magic string": (SMALL[:8], TruncatedError, None, "expected at least 64 bytes, found 8"),
    "half the header": (SMALL[:100], TruncatedError, None, f"expected {len(SMALL)} bytes, found 100"),
    "all but a byte": (SMALL[:-1], TruncatedError, None, f"expected {len(SMALL)} bytes, found {len(SMALL) - 1}"),
    "a byte more": (SMALL + b"\0", CorruptError, None, f"expected {len(SMALL)} bytes, found {len(SMALL) + 1}"),
    "no map": (with_byte(8, 0x90), CorruptError, None, "65 61 64 ce, and 1"),
    "other key": (
        with_byte(10, ord("D")),
        CorruptError,
        None,
        "a6 44 69 67 65 73 74 c4 10 a4 77 69 72 65 a4 73 69 7a 65 cf a4 68 65 61 64 ce, and 1",
    ),
    "wire version 0": (with_byte(39, 0), CorruptError, None, "64 ce, and 0"),
    "wire version 3": (
        with_byte(39, 3),
        NewerVersionError,
        None,
        "expected wire version 1 to 2, found 3, written by autoarray-portable 0.1.0; read it with that release or a "
        "newer one",
    ),
    "changed digest": (with_byte(20, SMALL[20] ^ 1), CorruptError, None, "which have changed"),
    "changed end": (with_byte(-1, SMALL[-1] ^ 1), CorruptError, None, "which have changed"),
    "length of header": (resealed(with_byte(63, 0x7F)), CorruptError, None, "up to 536, found 383"),
    "unknown entry": (payload(add={"novel": 1}), UnknownCodeError, None, "found 'novel'" + NEWER),
    "order of entries": (resealed(SMALL.replace(b"\xa4root", b"\xa4tail", 1)), CorruptError, None, "found one twice"),
    "compression": (payload(compression="lz4"), UnknownCodeError, None, "to be nil or zlib, found 'lz4'" + NEWER),
    "compression of no name": (payload(compression=3), CorruptError, None, "to be a string or nil, found 3"),
    "tail": (payload(tail=3), CorruptError, None, "to be the 2 bytes after the header, found 3"),
    "tail that is none": (payload(tail=-1), CorruptError, None, "to be a number of bytes, found -1"),
    "body": (payload(add={"body": 99}), CorruptError, None, "to be a number of bytes in the tail, found 99"),
    "dtype": (one_array(["O", [1], OFFSET, 0]), CorruptError, None, "the description of a dtype, found 'O'"),
    "dtype of several": (one_array(["f8,f8", [1], OFFSET, 0]), CorruptError, None, "found 'f8,f8'"),
    "dtype of no bytes": (one_array([[0, []], [2**40], OFFSET, 0]), CorruptError, None, "found (0, ())"),
    "dtype of records": (
        one_array([[8, [["a", "O", 0]]], [1], OFFSET, 0]),
        CorruptError,
        None,
        "found (8, (('a', 'O', 0),))",
    ),
    "field outside": (one_array([[8, [["a", "<f8", 4]]], [1], OFFSET, 0]), CorruptError, None, "(('a', '<f8', 4),))"),
    "dtype of a map": (one_array([{}, [1], OFFSET, 0]), CorruptError, None, "description of a dtype, found {}"),
    "shape": (one_array(["<f8", [-1], OFFSET, 0]), CorruptError, None, "array 0: expected a shape, found (-1,)"),
    "shape of no array": (one_array(["<f8", 1, OFFSET, 0]), CorruptError, None, f"found ('<f8', 1, {OFFSET}, 0)"),
    "shape beyond the file": (one_array(["<f8", [2**20], OFFSET, 0]), CorruptError, None, f"found the offset {OFFSET}"),
    "shape of one more": (one_array(["<f8", [2], OFFSET, 0]), CorruptError, None, f"found the offset {OFFSET}"),
    "shape of one less": (
        one_array(["<f4", [1], OFFSET, 0]),
        CorruptError,
        None,
        "expected it to end at 68, found 72 bytes",
    ),
    "too many dimensions": (one_array(["<f8", [1] * 65, OFFSET, 0]), CorruptError, None, "found 65"),
    "empty but too large": (
        one_array(["<f8", [0, 2**62, 2**62], OFFSET, 0], buffers=FRAME[:-4] + bytes(4)),
        CorruptError,
        None,
        "larger than the maximum possible size.",
    ),
    "more than a bin holds": (
        one_array(["<f8", [2**40], OFFSET, 0]),
        CorruptError,
        None,
        "expected at most 4294967295 bytes, found 8796093022208, shape (1099511627776,)",
    ),
    "offset": (one_array(["<f8", [1], OFFSET + 64, 0]), CorruptError, None, f"found the offset {OFFSET + 64}"),
    "offset of no number": (one_array(["<f8", [1], float(OFFSET), 0]), CorruptError, None, f"{float(OFFSET)}, 0)"),
    "padding": (
        one_array(buffers=FRAME[:-6] + b"\x00" + FRAME[-5:] + bytes(8)),
        CorruptError,
        None,
        "before it, found 00 c6 00 00 00 08",
    ),
    "flag": (
        one_array(["<f8", [1], OFFSET, 4]),
        UnknownCodeError,
        None,
        "array 0: expected flags up to 3, found 4" + NEWER,
    ),
    "row": (one_array(["<f8", [1], OFFSET]), CorruptError, None, f"found ('<f8', (1,), {OFFSET})"),
    "bytes after the arrays": (one_array(buffers=FRAME + bytes(9)), CorruptError, None, f"found {OFFSET + 9} bytes"),
    "no zlib": (compressed(b"abc", 2), CorruptError, None, "Error -3 while decompressing data: incorrect header check"),
    "zlib of more": (
        compressed(zlib.compress(NIL + NIL), 2),
        CorruptError,
        None,
        "2 bytes after decompression, found 3",
    ),
    "zlib of less": (compressed(zlib.compress(NIL[:1]), 2), CorruptError, None, "2 bytes after decompression, found 1"),
    "zlib and more": (compressed(zlib.compress(NIL) + b"a", 2), CorruptError, None, "after decompression, found 2"),
    "zlib cut off": (compressed(zlib.compress(NIL)[:-1], 2), CorruptError, None, "after decompression, found 2"),
    "zlib bomb": (ZLIB_BOMB, LimitError, None, "found a claim of 4000000064"),
    "zlib in no bin": (compressed(b"", 2, stored=b"\xc6\0\0\0\x01"), CorruptError, None, "found c6 00 00 00 01"),
    **cases_of(payload),
}


@pytest.mark.parametrize("name", CASES)
def test_each_error(name):
    data, kind, path, message = CASES[name]
    with pytest.raises(serialization.SerializationError) as error:
        serialization.loads(data)
    assert type(error.value) is kind, error.value
    assert error.value.path == path
    assert str(error.value).endswith(message)


def test_what_0_1_0_wrote_is_read():
    assert_same(serialization.loads(SMALL), small())
    for name in ("arrays", "arrays_zlib"):
        assert_same(serialization.load(DATA / f"{name}.aas"), [np.arange(2.0), {"a": (1, 2.5)}])
    assert_same(serialization.load(DATA / "arrays.aas", mmap=True)[1], {"a": (1, 2.5)})
    with pytest.raises(serialization.NotMappableError):
        serialization.load(DATA / "arrays_zlib.aas", mmap=True)


def test_the_hand_made_payloads_are_read_when_they_are_well_formed():
    assert serialization.loads(payload([1, ref(0)], [[2]])) == (1, [2])
    assert serialization.loads(payload(ref(0), [["k", 1]], objects=[-2])) == {"k": 1}
    assert serialization.loads(one_array()) is None
    assert serialization.loads(compressed(zlib.compress(NIL), 2)) is None
    assert resealed(SMALL) == SMALL


def test_every_changed_byte_raises():
    data = (DATA / "arrays.aas").read_bytes()
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
    data = compressed(zlib.compress(NIL), 10_064, arrays=[["|u1", [10_000], 64, 0]])
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
