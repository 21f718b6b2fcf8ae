"""The canonical form: what a checker refuses that a reader may take."""

from __future__ import annotations

import msgpack
import numpy as np
import pytest
from graphs import small
from payloads import ext, payload, ref, resealed

import serialization
from serialization import CorruptError
from serialization._payload.canonical import check_canonical

PART = ["tests.Part", 1, ["value", "other"], []]
ARRAY = ext(2, b"\0")
SWAPPED = resealed(payload().replace(b"\xa7backend\xa5numpy\xa4root\xa3nil", b"\xa4root\xa3nil\xa7backend\xa5numpy"))


def one_array(row, data):
    return payload(ARRAY, buffers=data, arrays=[row])


# Each is read, and is not canonical.
CASES = {
    "long integer": (payload(body=b"\x91\xcc\x01", root="int"), "shortest form at byte 1, found cc"),
    "signed form of a positive integer": (payload(body=b"\x91\xd1\x00\xff", root="int"), "found d1"),
    "long text": (payload(body=b"\x91\xd9\x01a", root="str"), "found d9"),
    "long array": (payload(body=b"\x91\xdc\x00\x00", root="tuple"), "found dc"),
    "long ext": (payload(body=b"\x91\xc7\x10\x04" + bytes(16), root="complex"), "found c7"),
    "set": (payload(ref(0), [[2, 1]], objects=[-3]), "set: expected elements in the order of their bytes"),
    "frozenset": (payload(ext(6, msgpack.packb([2, 1]))), "frozenset: expected elements in the order of"),
    "long integer in a frozenset": (payload(ext(6, b"\x91\xcc\x01")), "frozenset: expected the shortest form"),
    "multiple of 1 in a scalar": (payload(ext(3, b"\x07<m8[1s]" + bytes(8))), "no multiple of 1 in the unit of a"),
    "multiple of 1": (one_array(["<m8[1s]", [1], 0, 0], bytes(8)), "array 0: expected no multiple of 1"),
    "multiple of 1 in a record": (one_array([[8, [["a", "<m8[1s]", 0]]], [1], 0, 0], bytes(8)), "no multiple of 1"),
    "bool of 2 as a scalar": (payload(ext(3, b"\x03|b1\x02")), "expected 0 or 1 as a bool"),
    "bool of 2": (one_array(["|b1", [2], 0, 0], b"\x01\x02"), "array 0: expected 0 or 1 as a bool"),
    "bool of 2 in a record": (one_array([[2, [["a", "|b1", 1]]], [1], 0, 0], b"\x00\x02"), "expected 0 or 1"),
    "hole of a record": (one_array([[2, [["a", "|b1", 1]]], [1], 0, 0], b"\x01\x00"), "expected zeros in the bytes"),
    "F order of a row": (one_array(["|u1", [1, 4], 1, 0], b"abcd"), "expected C order where both are the same"),
    "F order of nothing": (one_array(["|u1", [3, 0, 2], 1, 0], b""), "expected C order where both are the same"),
    "order of ancillary": (payload(ancillary={"b": 1, "a": 2}), "the keys of ancillary in the order"),
    "order of critical": (SWAPPED, "expected critical to have the order"),
    "order of fields": (
        payload(ref(0), [[1, 2]], objects=[0], types=[["tests.Part", 1, ["other", "value"], []]]),
        "expected the fields value, other in this order",
    ),
    "an island": (payload(1, [[ref(0)]]), "expected object 0 to stand before its record"),
    "depth": (payload(body=b"\x91" * 501 + b"\x01", root="tuple"), "at most 500 deep, found 501"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_read_and_is_not_canonical(name):
    data, message = CASES[name]
    serialization.loads(data)
    with pytest.raises(CorruptError, match=message):
        check_canonical(data)


@pytest.mark.parametrize("compression", [None, "zlib", "shuffle-zstd", "shuffle-lz4"])
def test_what_is_written_is_canonical(compression):
    records = np.zeros(3, np.dtype([("a", "?"), ("b", "<f8")], align=True))
    numbers = [0, 1, -1, 127, 128, -32, -33, -128, -129, 2**15, 2**16, 2**31, 2**32, 2**63, -(2**63), 2**64, -(2**64)]
    texts = ["x" * count for count in (0, 31, 32, 255, 256, 70_000)]
    units = [np.datetime64("2020", "ns"), np.timedelta64(3, "25s")]
    graph = [small(), records, numbers, texts, units, np.asfortranarray(np.ones((20, 40))), {(1, "a"), (), 2.5, None}]
    check_canonical(serialization.dumps(graph, compression=compression, meta={"z": 1, "a": [1, {}]}))
    assert serialization.loads(serialization.dumps(graph))[2] == numbers


def test_version_1_is_not_canonical(request):
    path = request.path.parents[2] / "data" / "wire_1" / "small.aas"
    with pytest.raises(CorruptError, match="expected wire version 2, found 1"):
        check_canonical(path.read_bytes())
