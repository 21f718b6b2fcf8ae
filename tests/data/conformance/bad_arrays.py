"""Payloads that break a rule of the rows and places of arrays: A1 to A6."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from assemble import FORTRAN, JAX, Array, Parts, arr, digest_of
from good_arrays import (
    RAMP,
    ZLIB_RAMP,
    array,
)
from vectors import Vector, writer_named

ITEM = struct.pack("<d", 0.5)


def of_row(row: Any, tail: bytes = b"", **more: Any) -> Parts:
    """A payload of one array, whose row and bytes are given."""
    return Parts(arr(0), arrays=[row], tail=tail, root="array", digests=digest_of(tail), **more)


def of_arrays(*arrays: Array, **more: Any) -> Parts:
    """A payload of a tuple of arrays."""
    return Parts([arr(index) for index in range(len(arrays))], arrays=list(arrays), root="tuple", **more)


# ------------------------------------------------------------------ rows


def of_rows() -> Iterator[Vector]:
    """A1 to A3."""
    for name, row in {
        "nil": None,
        "empty": [],
        "three": ["<f8", [1], 0],
        "five": ["<f8", [1], 0, 0, "zlib"],
        "seven": ["<f8", [1], 0, 0, "zlib", 8, 0],
        "dtype-nil": [None, [1], 0, 0],
        "dtype-bin": [b"<f8", [1], 0, 0],
        "dtype-integer": [8, [1], 0, 0],
        "shape-nil": ["<f8", None, 0, 0],
        "shape-integer": ["<f8", 1, 0, 0],
        "shape-negative": ["<f8", [-1], 0, 0],
        "shape-float": ["<f8", [1.0], 0, 0],
        "shape-bool": ["<f8", [True], 0, 0],
        "shape-text": ["<f8", ["1"], 0, 0],
        "shape-65-dimensions": ["<f8", [1] * 65, 0, 0],
        "flags-negative": ["<f8", [1], -1, 0],
        "flags-bool": ["<f8", [1], True, 0],
        "flags-float": ["<f8", [1], 0.0, 0],
        "flags-nil": ["<f8", [1], None, 0],
        "offset-negative": ["<f8", [1], 0, -64],
        "offset-bool": ["<f8", [1], 0, False],
        "offset-float": ["<f8", [1], 0, 0.0],
        "compression-nil": ["<f8", [1], 0, 0, None, 8],
        "compression-bin": ["<f8", [1], 0, 0, b"zlib", 8],
        "compression-integer": ["<f8", [1], 0, 0, 1, 8],
        "stored-negative": ["<f8", [1], 0, 0, "zlib", -1],
        "stored-nil": ["<f8", [1], 0, 0, "zlib", None],
        "stored-float": ["<f8", [1], 0, 0, "zlib", 8.0],
    }.items():
        yield Vector(f"A1-{name}", "A1", "I", f"A row of arrays is not as it should be: {name}.", of_row(row, ITEM))
    yield from _of_dtypes()
    for name, dtype, shape in [
        ("2-63", "|u1", [2**63]),
        ("2-64", "<f8", [2**61]),
        ("wraps-to-8", "<f8", [2**32, 2**32, 2**61 + 1]),
        ("wraps-to-0", "<f8", [2**32, 2**32]),
        ("most", "<f8", [2**64 - 1]),
        ("empty-but-large", "<f8", [0, 2**62, 2**62]),
        ("empty-but-most", "|u1", [2**64 - 1, 0]),
    ]:
        yield Vector(
            f"A3-{name}", "A3", "I", "The shape is of 2^63 bytes or more, zeros left out.", of_row([dtype, shape, 0, 0])
        )


def _of_dtypes() -> Iterator[Vector]:
    strings = [
        "",
        "f8",
        "=f8",
        "|f8",
        ">b1",
        "<b1",
        "|b2",
        "<i1",
        ">u1",
        "|i2",
        "<i3",
        "<i16",
        "<f1",
        "<f16",
        "<f12",
        "<c4",
    ]
    strings += [
        "<c32",
        "|S",
        "|S0",
        "<S3",
        "|S03",
        "|S1234567890",
        "<U",
        "<U0",
        "|U4",
        "<U04",
        "|V8",
        "|O",
        "<O8",
        "|M8",
    ]
    strings += [
        "<M4",
        "<M8[]",
        "<M8[0s]",
        "<M8[05s]",
        "<M8[-1s]",
        "<M8[B]",
        "<M8[generic]",
        "<M8[S]",
        "<M8[1234567890s]",
    ]
    strings += [
        "<M8[s",
        "<M8s",
        "<m8[s/2]",
        "<f8 ",
        " <f8",
        "<f8\n",
        "<f8\0",
        "<F8",
        "<float64",
        "<f8,<f8",
        "(2,)<f8",
        "2<f8",
    ]
    strings += ["|S\u0663", "<f\uff18", "float64", "bfloat16", "<T16"]
    for string in strings:
        name = string.encode("unicode_escape").decode().replace(" ", "_") or "empty"
        yield Vector(f"A2-{name}", "A2", "I", "A string is no dtype of this page.", of_row([string, [0], 0, 0]))
    fields = [["a", "<f8", 0]]
    for name, why, dtype in [
        ("no-fields", "A record has no fields.", [8, []]),
        ("no-size", "A record has no size.", [fields]),
        ("three", "A record has three parts.", [8, fields, 1]),
        ("size-0", "A record has no bytes.", [0, []]),
        ("size-negative", "A record has a negative size.", [-8, fields]),
        ("size-2-31", "A record is too large.", [2**31, fields]),
        ("size-bool", "The size of a record is a bool.", [True, [["a", "|u1", 0]]]),
        ("size-float", "The size of a record is a float.", [8.0, fields]),
        ("size-nil", "The size of a record is nil.", [None, fields]),
        ("fields-nil", "The fields of a record are nil.", [8, None]),
        ("field-text", "A field is a string.", [8, ["a"]]),
        ("field-of-two", "A field has two parts.", [8, [["a", "<f8"]]]),
        ("field-of-four", "A field has four parts.", [8, [["a", "<f8", 0, "title"]]]),
        ("name-integer", "The name of a field is an integer.", [8, [[1, "<f8", 0]]]),
        ("name-bin", "The name of a field is a bin.", [8, [[b"a", "<f8", 0]]]),
        ("name-twice", "A name stands twice.", [16, [["a", "<f8", 0], ["a", "<f8", 8]]]),
        ("dtype", "The dtype of a field is none.", [8, [["a", "|O", 0]]]),
        ("nested", "A field is a record.", [8, [["a", [8, fields], 0]]]),
        ("offset-negative", "A field begins before its record.", [8, [["a", "<f8", -1]]]),
        ("offset-bool", "The offset of a field is a bool.", [8, [["a", "<f4", True]]]),
        ("offset-float", "The offset of a field is a float.", [8, [["a", "<f8", 0.0]]]),
        ("field-outside", "A field ends behind its record.", [8, [["a", "<f8", 1]]]),
        ("field-larger", "A field is larger than its record.", [4, fields]),
        ("offset-wraps", "A field ends behind 2^64.", [8, [["a", "<f8", 2**64 - 8]]]),
    ]:
        yield Vector(f"A2-record-{name}", "A2", "I", why, of_row([dtype, [0], 0, 0]))
    for name, dtype in {"text": "<U999999999", "text-record": [2**31 - 1, [["a", "<U999999999", 0]]]}.items():
        yield Vector(f"A2-large-{name}", "A2", "I", "An item has more than 2^31 - 1 bytes.", of_row([dtype, [0], 0, 0]))
    once = "The multiple 1 of a unit is written."
    yield Vector("A2-unit-1", "A2", "C", once, of_arrays(Array("<M8[1s]", [1], bytes(8))))
    yield Vector("A2-unit-1-record", "A2", "C", once, of_arrays(Array([8, [["a", "<m8[1D]", 0]]], [1], bytes(8))))


# ------------------------------------------------------------------ places


def of_places() -> Iterator[Vector]:
    """A4 to A6."""
    first = ["<f8", [1], 0, 0]
    for name, why, rows, tail in [
        ("first-64", "The first array begins at 64.", [["<f8", [1], 0, 64]], bytes(64) + ITEM),
        ("first-8", "The first array begins at 8.", [["<f8", [1], 0, 8]], bytes(8) + ITEM),
        ("first-most", "The first array begins at 2^64 - 8.", [["<f8", [1], 0, 2**64 - 8]], ITEM),
        ("not-aligned", "The second array follows the first at once.", [first, ["<f8", [1], 0, 8]], ITEM * 2),
        ("aligned-to-16", "The second array begins at 16.", [first, ["<f8", [1], 0, 16]], ITEM + bytes(8) + ITEM),
        ("too-far", "The second array begins at 128.", [first, ["<f8", [1], 0, 128]], ITEM + bytes(120) + ITEM),
        ("overlap", "Both arrays begin at 0.", [first, first], ITEM),
        ("empty-at-0", "An empty array begins before the end of the one before.", [first, ["<f8", [0], 0, 0]], ITEM),
        (
            "order",
            "The rows are not in the order of their places.",
            [["<f8", [1], 0, 64], first],
            ITEM + bytes(56) + ITEM,
        ),
        ("bytes-behind", "Bytes follow the last array.", [first], ITEM + bytes(8)),
        ("padding-behind", "Padding follows the last array.", [first], ITEM + bytes(56)),
        ("too-few", "The last array ends behind the payload.", [["<f8", [2], 0, 0]], ITEM),
        ("far-too-few", "The array has 2^40 bytes, and the payload has 8.", [["<f8", [2**37], 0, 0]], ITEM),
        ("no-padding-before-empty", "An empty last array stands behind the end.", [first, ["<f8", [0], 0, 64]], ITEM),
        ("no-bytes", "An array has no bytes.", [first], b""),
        ("no-arrays", "Bytes follow the header, and there is no array.", [], ITEM),
        (
            "stored-less",
            "`stored` is a byte less than there is.",
            [["<f8", [32], 0, 0, "zlib", len(ZLIB_RAMP) - 1]],
            ZLIB_RAMP,
        ),
        (
            "stored-more",
            "`stored` is a byte more than there is.",
            [["<f8", [32], 0, 0, "zlib", len(ZLIB_RAMP) + 1]],
            ZLIB_RAMP,
        ),
        ("stored-most", "`stored` is 2^64 - 1.", [["<f8", [32], 0, 0, "zlib", 2**64 - 1]], ZLIB_RAMP),
    ]:
        data = RAMP if tail == ZLIB_RAMP else ITEM
        digests = b"".join(digest_of(data if 0 not in row[1] else b"") for row in rows)
        value = [arr(index) for index in range(len(rows))]
        yield Vector(f"A4-{name}", "A4", "I", why, Parts(value, arrays=rows, tail=tail, digests=digests, root="tuple"))
    rows = [["<f8", [1], 0, 0], ["<f8", [1], 0, 64]]
    for at in (8, 63):
        tail = bytearray(ITEM + bytes(56) + ITEM)
        tail[at] = 1
        parts = Parts([arr(0), arr(1)], arrays=rows, tail=bytes(tail), digests=digest_of(ITEM) * 2, root="tuple")
        yield Vector(
            f"A5-byte-{at}", "A5", "L, seen", f"Byte {at} behind the header, between two arrays, is not zero.", parts
        )
    parts = Parts(
        [arr(0), arr(1)],
        arrays=[rows[0], ["<f8", [0], 0, 64]],
        tail=ITEM + bytes(55) + b"\1",
        digests=digest_of(ITEM) + digest_of(b""),
        root="tuple",
    )
    yield Vector("A5-before-empty", "A5", "L, seen", "A byte before an empty last array is not zero.", parts)
    nils = ITEM + b"\xc0" * 51 + b"\xc6\0\0\0\x08" + ITEM
    parts = Parts([arr(0), arr(1)], arrays=rows, tail=nils, digests=digest_of(ITEM) * 2, root="tuple")
    yield Vector("A5-of-version-1", "A5", "L, seen", "The padding is that of wire version 1.", parts)
    for flags in (4, 5, 8, 128, 256, 2**64 - 1):
        yield from writer_named(
            Vector(
                f"A6-flags-{flags}",
                "A6",
                "I",
                f"No reader of this page knows the flags {flags}.",
                of_arrays(Array("<f8", [1], ITEM, flags)),
            )
        )
    for name, dtype in {"bytes": "|S8", "text": "<U2", "dates": "<M8[s]", "big-endian": ">f8"}.items():
        array_of_jax = of_arrays(Array(dtype, [1], ITEM, JAX), backend="jax")
        yield Vector(f"A6-jax-{name}", "A6", "I", f"JAX has no arrays of {dtype}.", array_of_jax)
    record = of_arrays(Array([8, [["a", "<f8", 0]]], [1], ITEM, JAX), backend="jax")
    yield Vector("A6-jax-record", "A6", "I", "JAX has no arrays of records.", record)
    for name, shape in {
        "none": [],
        "one": [3],
        "row": [1, 3],
        "column": [3, 1],
        "ones": [1, 1],
        "one-of-three": [1, 3, 1],
        "empty": [2, 0, 3],
        "empty-one": [0],
    }.items():
        both = array("|u1", *shape, flags=FORTRAN)
        yield Vector(f"A6-both-{name}", "A6", "C", f"An array of shape {shape} is in both orders.", of_arrays(both))
    both = array("<f4", 3, flags=FORTRAN | JAX)
    yield Vector("A6-both-jax", "A6", "C", "An array of JAX is in both orders.", of_arrays(both, backend="jax"))


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_rows()
    yield from of_places()
