"""Values that are well-formed and were chosen to do harm: each is an error, before it is compared or shown."""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys

import collisions
import graphs
import msgpack
import numpy as np
import pytest
from payloads import ext, payload, ref

import serialization
from serialization import CorruptError, LimitError, SchemaError, UnsupportedValueError
from serialization._transport.frames import from_frames

NIL = b"\x91\xc0"
COMPUTES = ["tests.Computes", 1, ["values", "inside", "_use_jax"], []]
UNITS = ["<m8[0s]", ">m8[0D]", "<M8[0ns]", "<m8[00s]", "<m8[01s]"]


class Equal:
    """An object that is equal to others."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(self.value)


serialization.register(Equal, name="tests.Equal", fields=["value"])


class Migrates:
    """An object whose first version held another."""


serialization.register(
    Migrates,
    name="tests.Migrates",
    version=2,
    fields=["first"],
    migrations={1: serialization.Migration(("old",), lambda state: {"first": state["old"].first})},
)


def one_array(row):
    return payload(ext(2, b"\0"), buffers=bytes(8), arrays=[row])


def scalar(dtype, value=bytes(8)):
    return ext(3, bytes([len(dtype)]) + dtype.encode() + value)


def frozenset_of(*values):
    return ext(6, msgpack.packb(values))


@pytest.mark.parametrize("dtype", UNITS)
def test_a_unit_of_nothing_is_no_dtype(dtype):
    row, record = [dtype, [1], 0, 0], [[8, [["a", dtype, 0]]], [1], 0, 0]
    for data in (
        payload(scalar(dtype)),
        payload(frozenset_of(scalar(dtype))),
        payload(ref(0), [[scalar(dtype), 1]], objects=[-2]),
        payload(ref(0), [[scalar(dtype)]], objects=[-3]),
        one_array(row),
        one_array(record),
    ):
        for read in (serialization.loads, lambda data: from_frames([memoryview(data)])):
            with pytest.raises(CorruptError):
                read(data)


def test_units_of_nothing_beside_others_end_no_process():
    """NumPy divides by the multiple of a unit when it compares two; in a process of its own, which that would end."""
    script = (
        "import sys, serialization\n"
        "for data in sys.argv[1:]:\n"
        "    try:\n"
        "        serialization.loads(bytes.fromhex(data))\n"
        "    except serialization.CorruptError:\n"
        "        print('refused')\n"
    )
    pairs = [("<m8[0s]", "<m8[D]"), ("<m8[0s]", "<m8[0D]"), ("<m8[999999999W]", "<m8[999999998as]")]
    bodies = [[scalar(dtype) for dtype in pair] for pair in pairs]
    data = [payload(frozenset_of(*pair)) for pair in bodies]
    data += [payload(ref(0), [pair], objects=[-3]) for pair in bodies]
    data += [payload(ref(0), [[pair[0], 1, pair[1], 2]], objects=[-2]) for pair in bodies]

    result = subprocess.run(
        [sys.executable, "-c", script, *(each.hex() for each in data)], capture_output=True, text=True
    )

    assert (result.returncode, result.stdout.split(), result.stderr) == (0, ["refused"] * len(data), "")


@pytest.mark.parametrize("dtype", ["<m8[0s]", "<M8[0s]"])
def test_a_unit_of_nothing_is_not_written(dtype, tmp_path):
    array = np.zeros(2, dtype)
    record = np.zeros(2, [("a", "<f8"), ("b", dtype)])
    for value in (array, array[0], frozenset({array[0]}), {array[0]: 1}, record):
        with pytest.raises(UnsupportedValueError, match="dates"):
            serialization.dumps([value])
        with pytest.raises(UnsupportedValueError):
            serialization.share(value)
        with pytest.raises(UnsupportedValueError):
            serialization.Cache.key(value)
        with pytest.raises(UnsupportedValueError):
            serialization.load_pickle(pickle.dumps(value))


def test_a_planted_unit_of_nothing_is_a_miss(tmp_path):
    cache = serialization.Cache(tmp_path / "cache")
    data = payload(frozenset_of(scalar("<m8[0s]")))
    for key in "ab":
        cache._store.commit(cache._store.stage(key, data, 1), key)

    assert cache.verify().checked == 2
    assert cache.get("a") is cache.get("b") is None
    assert cache.stats().quarantined == 2


def test_units_that_are_equal_keep_their_names():
    for dtype in ("<m8[1000us]", "<m8[ms]", "<m8[1000us]"):  # of which NumPy says that the first is equal to the second
        assert serialization.loads(serialization.dumps(np.zeros(3, dtype))).dtype.str == dtype


def record(itemsize=8, offset=0, name="a"):
    return [itemsize, [[name, "<f8", offset]]]


ESCAPES = {
    "item size of 2^63": one_array([record(itemsize=2**63), [1], 0, 0]),
    "offset of 2^63": one_array([record(offset=2**63), [1], 0, 0]),
    "name that is a number": one_array([record(name=7), [1], 0, 0]),
    "a million dimensions": one_array(["<f8", [2**63] * 10**6, 0, 0]),
    "unknown type in a body that is a number": payload(
        body=b"\xd1\x00\x05", objects=[0], types=[["none", 1, ["a"], []]]
    ),
    "migration of another state": payload(ref(0), [[5]], objects=[0], types=[["tests.Migrates", 1, ["old"], []]]),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_each_is_an_error_of_ours(name):
    with pytest.raises(serialization.SerializationError):
        serialization.loads(ESCAPES[name])
    with contextlib.suppress(serialization.SerializationError):
        assert serialization.inspect(ESCAPES[name]).nbytes == len(ESCAPES[name])


def test_a_flag_that_can_be_counted_is_not_asked():
    """The truth of an object is its length, which another object of the payload may be."""
    for flag in (ref(1), ext(2, b"\0"), (1,), 1, 0.0, "yes", None):
        records = [[ref(1), ext(2, b"\0"), flag], []]
        data = payload(
            ref(0),
            records,
            buffers=bytes(3),
            objects=[0, -1],
            types=[COMPUTES],
            arrays=[["|u1", [3], 0, 0]],
        )
        for backend in (None, "numpy"):
            with pytest.raises(SchemaError, match=r"expected _use_jax of tests\.Computes to be a bool, found "):
                serialization.loads(data, backend=backend)


@pytest.mark.parametrize("types", [7, None, "text", [1], [["a", "b"]], {"a": 1}])
def test_inspect_describes_an_unknown_entry_beside_any_types(types):
    info = serialization.inspect(payload(types=types, add={"novel": 1}))
    assert info.types == ()
    assert "found 'novel'" in info.problems[0]


def test_deep_tuples_are_an_error_at_any_depth_of_the_caller():
    def call(depth):
        return call(depth - 1) if depth else serialization.loads(data)

    data = payload(body=b"\x92" + b"\x91" * 480 + b"\xd7\xff" + bytes(8) + b"\xc0", objects=[-1])
    with pytest.raises(serialization.SerializationError):
        call(sys.getrecursionlimit() - 300)


def test_numbers_of_another_type_are_refused_whatever_was_read_before():
    good = one_array([record(), [1], 0, 0])
    for _ in range(2):
        for row in (
            [record(itemsize=8.0), [1], 0, 0],
            [record(offset=False), [1], 0, 0],
            [record(offset=-0.0), [1], 0, 0],
            [record(), [True], 0, 0],
            [record(), [1], 0, 0.0],
            [record(), [1], False, 0],
        ):
            with pytest.raises(CorruptError):
                serialization.loads(one_array(row))
            with pytest.raises(CorruptError):
                serialization.inspect(one_array(row))
        assert serialization.loads(good).shape == (1,)


@pytest.mark.parametrize("keys", [collisions.pairs(8000), collisions.big_integers(8000)], ids=["pairs", "big integers"])
def test_keys_of_one_hash_cost_no_time(keys):
    packed = [key if type(key) is tuple else ext(5, key.to_bytes(key.bit_length() // 8 + 1, "big")) for key in keys]
    for make, error in (
        (lambda keys: payload(ref(0), [keys], objects=[-3]), LimitError),
        (lambda keys: payload(ref(0), [[item for key in keys for item in (key, 1)]], objects=[-2]), LimitError),
        (lambda keys: payload(frozenset_of(*keys)), CorruptError),
    ):
        assert len(serialization.loads(make(packed[:64]))) == 64
        with pytest.raises(error):
            serialization.loads(make(packed))


def test_keys_of_many_hashes_are_read():
    for keys in (
        range(-5000, 5000),
        [2.0**power for power in range(-1074, 1024)],
        [(y, x) for y in range(70) for x in range(70)],
        [complex(y, x) for y in range(70) for x in range(70)],
    ):
        assert serialization.loads(serialization.dumps(set(keys))) == set(keys)


def test_objects_are_keys_by_identity_alone():
    rows = [["tests.Equal", 1, ["value"], []]]
    for record, objects in (
        ([ref(1), 1], [-2, 0]),
        ([(ref(1),), 1], [-2, 0]),
        ([ref(1)], [-3, 0]),
        ([((1, ref(1)),)], [-3, 0]),
    ):
        with pytest.raises(CorruptError, match=r"expected plain values .*, found Equal"):
            serialization.loads(payload(ref(0), [record, [1]], objects=objects, types=rows))
    part = graphs.Part(1)
    (key,) = serialization.loads(serialization.dumps({part: 2}))
    assert (type(key), key.value) == (graphs.Part, 1)
