"""Pickles that are meant to cost time or memory, and random ones: an error or data, soon, and for little memory."""

from __future__ import annotations

import pickle
import struct
import sys
import tracemalloc

import collisions
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pickles import NDARRAY, RECONSTRUCT, Call, Name, New, Op, array, array_state, assemble, dtype, is_inert, raw, text

import autoarray
from serialization import (
    CorruptError,
    LimitError,
    SerializationError,
    TruncatedError,
    UnsafePickleError,
    UnsupportedValueError,
)
from serialization._legacy.inspect import inspect_pickle
from serialization._pickle.allowed import CALLS
from serialization._pickle.reader import read_pickle

PROTOCOLS = range(6)
FIRED = []


def fire(*arguments):
    """What a payload calls, if anything does."""
    FIRED.append(arguments)


FIRE = Name(__name__, "fire")


@pytest.fixture(autouse=True)
def canary():
    FIRED.clear()
    yield
    assert not FIRED


def test_every_stand_in_refuses_hostile_arguments():
    """Arguments of every kind: each stand-in returns data or raises one of our errors."""
    hostile = [
        NDARRAY, FIRE, None, True, -1, 2**100, 1e308, "", "f8", "O", "K", "latin1", "numpy", b"", bytes(8), (), (1,),
        (-1,), (2**62,), [], {}, [FIRE], {"a": FIRE}, dtype("f8"), array(), New(Name("a", "B")), {"weak_type": 1},
        np.float64(1),
    ]  # fmt: skip
    for function in CALLS:
        for count in range(1, 6):
            assert _harmless(assemble(Call(Name(*function), (FIRE,) * count))), (function, count)
        for count in range(3):
            for value in hostile:
                _harmless(assemble(Call(Name(*function), (value,) * count)))
        for first, second in zip(hostile, hostile[1:] + hostile[:1], strict=True):
            for extra in range(2, 5):
                _harmless(assemble(Call(Name(*function), (first, *[second] * (extra - 1)))))


def _harmless(data):
    """The error of a pickle, or None of one that is data."""
    try:
        value = read_pickle(data)
    except SerializationError as error:
        refusal = error
    else:
        assert is_inert(value)
        return None
    assert str(refusal)
    return refusal


RECONSTRUCTED = RECONSTRUCT, (NDARRAY, (0,), b"b")
PAIRS = collisions.pairs(2000)


def again(make, arguments, count):
    """A list of what comes of the same arguments, out of the memo, again and again in a few bytes each."""
    function, state = (make, None) if isinstance(make, tuple) else (None, arguments)
    saved = assemble(Name(*function) if function else Name("a", "B"), protocol=2)[2:-1] + b"r\x00\x00\x10\x000"
    saved += assemble(state or arguments, protocol=2)[2:-1] + b"r\x01\x00\x10\x000"
    get = b"j\x00\x00\x10\x00", b"j\x01\x00\x10\x00"
    each = get[0] + get[1] + b"R" if function else get[0] + b")\x81" + get[1] + b"b"
    return b"\x80\x04" + saved + b"](" + each * count + b"e."


BOMBS = {
    "deep lists": (b"\x80\x04" + b"]" * 100_000 + b"a" * 99_999 + b".", SerializationError),
    "deep tuples": (b"\x80\x04N" + b"\x85" * 100_000 + b".", SerializationError),
    "deep tuple as a key": (b"\x80\x04}N" + b"\x85" * 100_000 + b"Ns.", UnsupportedValueError),
    "doubled tuples as a key": (b"\x80\x04}N" + b"2\x86" * 200 + b"Ns.", UnsupportedValueError),
    "doubled tuples in a set": (b"\x80\x04\x8f(N" + b"2\x86" * 200 + b"\x90.", UnsupportedValueError),
    "doubled tuples in a frozenset": (b"\x80\x04(N" + b"2\x86" * 200 + b"\x91.", UnsupportedValueError),
    "doubled tuples in a call": (
        b"\x80\x04cbuiltins\nset\n]N" + b"2\x86" * 200 + b"a\x85R.",
        UnsupportedValueError,
    ),
    "doubled tuples as arguments": (b"\x80\x04cos\nsystem\nN" + b"2\x86" * 200 + b"R.", UnsafePickleError),
    "deep states": (
        b"\x80\x04" + b"ca\nB\n)\x81}\x8c\x01a" * 20_000 + b"N" + b"sb" * 20_000 + b".",
        SerializationError,
    ),
    "long paths": (
        assemble(
            New(Name("a", "B"), {"a" * 100_000: New(Name("a", "B"), {"b": [[] for _ in range(20_000)] + [FIRE]})})
        ),
        UnsafePickleError,
    ),
    "open marks": (b"\x80\x04" + b"(" * 100_000 + b".", CorruptError),
    "LONG4": (b"\x80\x04\x8b\xff\xff\xff\x7f\x01.", TruncatedError),
    "negative LONG4": (b"\x80\x04\x8b\xff\xff\xff\xff\x01.", CorruptError),
    "BINBYTES": (b"\x80\x04B\xff\xff\xff\xffa.", TruncatedError),
    "BINBYTES8": (b"\x80\x04\x8e" + struct.pack("<Q", 2**40) + b"a.", TruncatedError),
    "BINBYTES8 beyond": (b"\x80\x04\x8e" + b"\xff" * 8 + b"a.", SerializationError),
    "BINUNICODE8": (b"\x80\x04\x8d" + struct.pack("<Q", 2**62) + b"a.", TruncatedError),
    "BYTEARRAY8": (b"\x80\x05\x96" + struct.pack("<Q", 2**62) + b"a.", TruncatedError),
    "FRAME": (b"\x80\x04\x95" + struct.pack("<Q", 2**62) + b"N.", TruncatedError),
    "memo index": (b"\x80\x04Nr\xff\xff\xff\x7fj\xff\xff\xff\x7f\x86\x85a.", CorruptError),
    "memo index in text": (b"Np" + b"9" * 5000 + b"\n.", SerializationError),
    "digits": (b"L" + b"9" * 10_000 + b"L\n.", SerializationError),
    "large shape": (assemble(array((2**40,), "u1", b"")), CorruptError),
    "overflowing shape": (assemble(array((2**32, 2**32), "u1", b"")), CorruptError),
    "large dimension": (assemble(array((2**5000, 0), "u1", b"")), CorruptError),
    "large item": (assemble(array((1,), "U99999999", b"")), CorruptError),
    "larger item": (assemble(array((1,), "U999999999", b"")), SerializationError),
    "pairs of one hash as keys": (assemble(dict.fromkeys(PAIRS)), LimitError),
    "pairs of one hash, one by one": (
        assemble(raw(Op(b"}"), *(part for pair in PAIRS for part in (pair, None, Op(b"s"))))),
        LimitError,
    ),
    "pairs of one hash in a set": (assemble(set(PAIRS)), LimitError),
    "pairs of one hash in a frozenset": (assemble(frozenset(PAIRS)), LimitError),
    "pairs of one hash in a call": (assemble(Call(Name("builtins", "set"), (PAIRS,))), LimitError),
    "one buffer, many arrays": (
        again(("numpy._core.numeric", "_frombuffer"), (bytes(100_000), dtype("u1"), (100_000,), "C"), 2000),
        LimitError,
    ),
    "one text, much bytes": (again(("_codecs", "encode"), ("a" * 100_000, "latin1"), 2000), LimitError),
    "one list, many sets": (again(("builtins", "set"), (list(range(20_000)),), 2000), LimitError),
    "one dict, many states": (again("BUILD", {f"a{index}": index for index in range(5000)}, 2000), LimitError),
    "one state, many arrays": (
        again(("dill._dill", "_create_array"), (*RECONSTRUCTED, array_state((10**5,), "u1", bytes(10**5))), 2000),
        LimitError,
    ),
    "one text, many keys": (
        assemble(
            {"a" * 100_000: 1, **{(index, long): 0 for long in ["b" * 100_000] for index in range(500)}, "f": FIRE}
        ),
        UnsafePickleError,
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_neither_time_nor_memory(name):
    data, kind = BOMBS[name]
    tracemalloc.start()
    try:
        with pytest.raises(kind):
            read_pickle(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000 + 400 * len(data)
    # The calls of functions, of Python and of C, stand for the time: as many as bytes, times a small number.
    assert calls_of(lambda: _harmless(data)) < 10_000 + 20 * len(data)


def calls_of(function):
    """The number of functions that a function calls, and these in their turn."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls


def small_payload(protocol):
    mask = autoarray.Mask2D.all_false(shape_native=(2, 2), pixel_scales=1.0)
    return pickle.dumps(autoarray.Array2D(values=np.arange(4.0), mask=mask), protocol)


SMALL = {protocol: small_payload(protocol) for protocol in PROTOCOLS}
ALLOWED = 2_000_000


def check_bounded(data):
    tracemalloc.start()
    try:
        _harmless(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < ALLOWED


@given(
    protocol=st.sampled_from(PROTOCOLS),
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 255)), min_size=1, max_size=4),
)
@settings(max_examples=300, deadline=None)
def test_flipped_bytes_are_an_error_or_data(protocol, flips):
    changed = bytearray(SMALL[protocol])
    for at, mask in flips:
        changed[at % len(changed)] ^= mask
    check_bounded(bytes(changed))


GLOBALS = [f"c{module}\n{name}\n".encode() for module, name in CALLS]
PIECES = [
    *GLOBALS, b"cnumpy\nndarray\n", b"cbuiltins\nobject\n", b"ca\nB\n", b"cos\nsystem\n",
    *(bytes([code]) for code in b"(.012NQR]}abdeltsu)\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94"),
    b"K\x00", b"K\x01", b"J\xff\xff\xff\xff", b"h\x00", b"h\x01", b"q\x00", b"G" + bytes(8), b"C\x08" + bytes(8),
    b"C\x01b",
    text("f8"), text("<"), text("a"), text("C"), text("latin1"), b"\x8b\x09\x00\x00\x00" + bytes([0] * 8 + [1]),
    assemble(dtype("f8"))[2:-1], assemble(array())[2:-1], assemble(array_state())[2:-1],
    assemble(New(Name("a", "B")))[2:-1],
]  # fmt: skip


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40), protocol=st.sampled_from(PROTOCOLS))
@example(pieces=[b"cnumpy._core.multiarray\n_reconstruct\n", b"cnumpy\nndarray\n", b"K\x00", b"\x85"], protocol=2)
@settings(max_examples=400, deadline=None)
def test_any_program_is_an_error_or_data(pieces, protocol):
    check_bounded(b"\x80" + bytes([protocol]) + b"".join(piece.replace(b"\x95", b"") for piece in pieces) + b".")


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_an_error_or_data(data):
    check_bounded(data)


def test_honest_pickles_are_far_from_the_limit():
    """Of each kind that is made by calls: small ones, whose arguments are most of them, and large ones."""
    arrays = [np.arange(count) for count in range(300)]
    for value in (
        arrays,
        [np.float64(index) for index in range(3000)],
        [{index, -index} for index in range(3000)],
        set(range(100_000)),
        [complex(index) for index in range(3000)],
        [bytes([index % 256]) * 40 for index in range(3000)],
        [small_mask(index) for index in range(100)],
    ):
        for protocol in PROTOCOLS:
            assert is_inert(read_pickle(pickle.dumps(value, protocol)))


def small_mask(index):
    return autoarray.Mask2D.all_false(shape_native=(index + 1, 2), pixel_scales=1.0)


def test_looking_into_a_pickle_takes_memory_in_proportion():
    """The paths of arrays far down would be far longer than the pickle."""
    node = again(("numpy._core.numeric", "_frombuffer"), (bytes(8), dtype("u1"), (8,), "C"), 2000)[2:-1]
    data = b"\x80\x04" + b"".join(b"ca\nB\n)\x81}" + text("a" * 79) for _ in range(150)) + node + b"sb" * 150 + b"."
    tracemalloc.start()
    try:
        info = inspect_pickle(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(info.arrays) == 2000
    assert max(len(array.path) for array in info.arrays) <= 400
    assert peak < 3_000_000 + 100 * len(data)
