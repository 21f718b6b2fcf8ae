"""Values that are well-formed and were chosen to do harm: each is an error, before it is compared or shown."""

from __future__ import annotations

import pickle
import subprocess
import sys

import msgpack
import numpy as np
import pytest
from payloads import array_frame, ext, payload, ref

import serialization
from serialization import CorruptError, UnsupportedValueError
from serialization._transport.frames import from_frames

NIL = b"\x91\xc0"
OFFSET, FRAME = array_frame(NIL, 8)
UNITS = ["<m8[0s]", ">m8[0D]", "<M8[0ns]", "<m8[00s]", "<m8[01s]"]


def scalar(dtype, value=bytes(8)):
    return ext(3, bytes([len(dtype)]) + dtype.encode() + value)


def frozenset_of(*values):
    return ext(6, msgpack.packb(values))


@pytest.mark.parametrize("dtype", UNITS)
def test_a_unit_of_nothing_is_no_dtype(dtype):
    row, record = [dtype, [1], OFFSET, 0], [[8, [["a", dtype, 0]]], [1], OFFSET, 0]
    for data in (
        payload(scalar(dtype)),
        payload(frozenset_of(scalar(dtype))),
        payload(ref(0), [[scalar(dtype), 1]], objects=[-2]),
        payload(ref(0), [[scalar(dtype)]], objects=[-3]),
        payload(body=NIL, buffers=FRAME + bytes(8), arrays=[row]),
        payload(body=NIL, buffers=FRAME + bytes(8), arrays=[record]),
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
    pytest.importorskip("filelock")
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
