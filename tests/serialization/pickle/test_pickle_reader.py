"""Pickles as inert graphs: plain data and arrays come back as they were, objects as `Foreign`."""

from __future__ import annotations

import collections
import pathlib
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pickles import NDARRAY, RECONSTRUCT, Call, Name, New, Op, array, array_state, assemble, raw

import autoarray
from serialization import (
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    SerializationError,
    TruncatedError,
    UnsafePickleError,
    UnsupportedValueError,
)
from serialization._pickle.check import MAX_DEPTH
from serialization._pickle.nodes import Foreign, JaxArray, ModuleReference, children
from serialization._pickle.reader import read_pickle

PROTOCOLS = range(6)
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary()
)
KEYS = st.text() | st.integers(-(2**63), 2**63) | st.booleans() | st.tuples(st.text(), st.integers(0, 9))
PLAIN = st.recursive(
    ATOMS | st.sets(KEYS) | st.frozensets(KEYS),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


class Plain:
    def __init__(self, **state):
        self.__dict__.update(state)


class Slots:
    __slots__ = ("here",)

    def __init__(self, here):
        self.here = here


class SlotsAndMore(Slots):
    pass


class Sub(np.ndarray):
    pass


class Listed(list):
    pass


class Sized:
    def __new__(cls, size):
        return object.__new__(cls)

    def __getnewargs__(self):
        return (3,)


class OddState:
    def __getstate__(self):
        return [1, 2]

    def __setstate__(self, state):
        pass


def same(found, expected):
    """Whether two values are equal, and of equal types all the way down."""
    if type(found) is not type(expected) or found != expected:
        return False
    if isinstance(expected, (list, tuple)):
        return all(map(same, found, expected))
    if isinstance(expected, dict):
        return all(same(found[key], value) for key, value in expected.items())
    return True


@given(value=PLAIN, protocol=st.sampled_from(PROTOCOLS))
def test_plain_data_comes_back(value, protocol):
    assert same(read_pickle(pickle.dumps(value, protocol)), value)


def test_the_comparison_sees_types():
    assert not same([1], [True])
    assert not same({"a": (1,)}, {"a": (1.0,)})


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_sharing_and_cycles(protocol):
    shared = [1]
    value = {"a": shared, "b": (shared, shared)}
    value["self"] = value
    found = read_pickle(pickle.dumps(value, protocol))
    assert found["self"] is found
    assert found["a"] is found["b"][0] is found["b"][1]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_tuple_in_a_cycle(protocol):
    inner = []
    value = (inner, 1)
    inner.append(value)
    found = read_pickle(pickle.dumps(value, protocol))
    assert type(found) is tuple
    assert found[0][0] is found


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("value", [bytearray(b"abc"), bytearray()])
def test_a_bytearray_is_bytes(protocol, value):
    assert read_pickle(pickle.dumps([value], protocol)) == [bytes(value)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("value", [range(3), range(2), range(7, -5, -2), range(2**60)])
def test_a_range_stays_a_name(protocol, value):
    """Plans of pynufft hold one, which no type of today has; it is never counted out."""
    bounds = (value.start, value.stop, value.step)
    found = read_pickle(pickle.dumps([value], protocol))[0]
    assert (found.target, found.state) == ("builtins:range", {"bounds": bounds})


@pytest.mark.parametrize(("text", "bounds"), [("range(0, 2)", (0, 2)), ("range(7, -5, -2)", (7, -5, -2))])
def test_a_range_of_dill_is_read_from_its_text(text, bounds):
    found = read_pickle(assemble(Call(Name("dill._dill", "_eval_repr"), (text,))))
    assert (found.target, found.state) == ("builtins:range", {"bounds": bounds})


ARRAYS = {
    "vector": np.arange(3.0),
    "big endian": np.arange(3, dtype=">f8"),
    "0-d": np.array(3),
    "empty": np.zeros((0, 3), "c8"),
    "bool": np.array([[True, False]]),
    "fortran": np.asfortranarray(np.arange(6, dtype="i2").reshape(2, 3)),
    "strided": np.arange(12, dtype="u4").reshape(3, 4)[:, ::2],
    "transposed": np.arange(24, dtype="u1").reshape(2, 3, 4).transpose(1, 2, 0),
    "text": np.array(["a", "xyz"]),
    "big endian text": np.array(["ä", "xyz"], dtype=">U3"),
    "bytes": np.array([b"a", b"xyz"]),
    "half": np.array([1, np.nan], "f2"),
    "complex": np.array([1 + 2j]),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_come_back(name, protocol):
    value = ARRAYS[name]
    found, again = read_pickle(pickle.dumps((value, value), protocol))
    assert type(found) is np.ndarray
    assert again is found
    assert (found.dtype, found.shape) == (value.dtype, value.shape)
    assert found.tobytes() == value.tobytes()
    expected = pickle.loads(pickle.dumps(value, protocol)).flags
    assert (found.flags.c_contiguous, found.flags.f_contiguous) == (expected.c_contiguous, expected.f_contiguous)
    assert found.flags.writeable


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("value", [np.float64(0.1), np.float32(1), np.bool_(True), np.int64(-3), np.str_("ä")])
def test_scalars_come_back(value, protocol):
    found = read_pickle(pickle.dumps(value, protocol))
    assert type(found) is type(value)
    assert found == value


@pytest.mark.parametrize("protocol", [2, 3])
def test_the_names_of_numpy_1(protocol):
    value = {"array": np.arange(4.0), "scalar": np.float64(2)}
    old = pickle.dumps(value, protocol).replace(b"numpy._core", b"numpy.core")
    assert b"numpy.core.multiarray" in old
    found = read_pickle(old)
    assert found["array"].tolist() == [0, 1, 2, 3]
    assert found["scalar"] == 2


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_object_is_its_class_by_name_and_its_state(protocol):
    inner = Plain(values=np.arange(2.0))
    value = Plain(inner=inner, again=[inner])
    value.self = value
    found = read_pickle(pickle.dumps(value, protocol))
    assert type(found) is Foreign
    assert (found.module, found.name) == (Plain.__module__, "Plain")
    assert found.target == f"{Plain.__module__}:Plain"
    assert list(found.state) == ["inner", "again", "self"]
    assert found.state["self"] is found
    assert found.state["inner"] is found.state["again"][0]
    assert found.state["inner"].state["values"].tolist() == [0, 1]
    assert type(read_pickle(pickle.dumps(Plain(), protocol))) is Foreign


@pytest.mark.parametrize("protocol", range(2, 6))
def test_slots_are_state(protocol):
    value = SlotsAndMore(1)
    value.more = 2
    assert read_pickle(pickle.dumps(value, protocol)).state == {"here": 1, "more": 2}
    assert read_pickle(pickle.dumps(Slots(3), protocol)).state == {"here": 3}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_array_of_a_subclass(protocol):
    found = read_pickle(pickle.dumps(np.arange(3).view(Sub), protocol))
    assert (type(found), found.name) == (Foreign, "Sub")
    assert found.state["array"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("module", ["pathlib", "pathlib._local"])
def test_paths_are_their_parts(protocol, module):
    found = read_pickle(assemble(Call(Name(module, "PosixPath"), ("/", "a", "b")), protocol))
    assert (found.module, found.name, found.state) == ("pathlib", "PosixPath", {"parts": ("/", "a", "b")})
    real = read_pickle(pickle.dumps(pathlib.PurePosixPath("/a/b"), protocol))
    assert (real.module, real.name) == ("pathlib", "PurePosixPath")
    assert "/".join(real.state["parts"]).replace("//", "/") == "/a/b"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_jax_arrays_without_jax(protocol):
    function = Name("jax._src.array", "_reconstruct_array")
    call = Call(function, (RECONSTRUCT, (NDARRAY, (0,), b"b"), array_state(), {"weak_type": True, "named_shape": {}}))
    found, again = read_pickle(assemble([call, call], protocol))
    assert type(found) is JaxArray
    assert found is again
    assert found.weak_type
    assert found.values.tolist() == [0, 0]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_dill_and_cloudpickle_without_them(protocol):
    create = Name("dill._dill", "_create_array")
    neighbors = Name("autoarray.inversion.linear_obj.neighbors", "Neighbors")
    plain = Call(create, (RECONSTRUCT, (NDARRAY, (0,), b"b"), array_state(), None))
    sub = Call(create, (RECONSTRUCT, (neighbors, (0,), b"b"), array_state(), {"sizes": plain}))
    modules = [
        Call(Name("dill._dill", "_import_module"), ("jax.numpy",)),
        Call(Name("cloudpickle.cloudpickle", "subimport"), ("numpy",)),
    ]
    found = read_pickle(assemble([plain, sub, *modules], protocol))
    assert found[0].tolist() == [0, 0]
    assert found[1].target == "autoarray.inversion.linear_obj.neighbors:Neighbors"
    assert found[1].state["sizes"] is found[0]
    assert found[1].state["array"].shape == (2,)
    assert [(type(module), module.name) for module in found[2:]] == [
        (ModuleReference, "jax.numpy"),
        (ModuleReference, "numpy"),
    ]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_object_of_autoarray(protocol):
    mask = autoarray.Mask2D.all_false(shape_native=(3, 3), pixel_scales=1.0)
    found = read_pickle(pickle.dumps(autoarray.Array2D(values=np.ones(9), mask=mask), protocol))
    assert found.target == "autoarray.structures.arrays.uniform_2d:Array2D"
    assert found.state["mask"].state["pixel_scales"] == (1.0, 1.0)
    assert [step for step, _ in children(found)] == [f".{name}" for name in found.state]


def test_other_buffers():
    data = pickle.dumps([1, "a"])
    assert read_pickle(bytearray(data)) == read_pickle(memoryview(data)) == read_pickle(np.frombuffer(data, "u1"))


def test_reading_imports_nothing():
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from pickles import Call, Name, New, array, assemble\n"
        "from serialization._pickle.reader import read_pickle\n"
        "subimport = Call(Name('cloudpickle.cloudpickle', 'subimport'), ('jax.numpy',))\n"
        "mesh = New(Name('autoarray.inversion.mesh.mesh.delaunay', 'Delaunay'), {'pixels': 1})\n"
        "data = assemble([New(Name('wave', 'Wave_read'), {'mesh': mesh}), array(), subimport])\n"
        "before = set(sys.modules)\n"
        "read_pickle(data)\n"
        "print(sorted(set(sys.modules) - before))"
    )
    here = pathlib.Path(__file__).parents
    done = subprocess.run(
        [sys.executable, "-c", code, str(here[3]), str(here[2] / "support")], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


UNREADABLE = {
    "nothing": (b"", NotAPayloadError, "byte 0: expected a pickle, found"),
    "text": (b"some text", NotAPayloadError, "byte 0: expected a pickle, found other data"),
    "aas": (b"\xa7AASTATE", NotAPayloadError, "found an .aas payload; load it with serialization.load"),
    "gzip": (b"\x1f\x8b\x08", NotAPayloadError, "found data compressed by gzip; decompress it first"),
    "half": (pickle.dumps([1, 2])[:-1], TruncatedError, "pickle exhausted before seeing STOP"),
    "a short string": (b"\x80\x04X\x09\x00\x00\x00ab", TruncatedError, "byte 2: expected a whole pickle, found"),
    "unknown opcode": (b"\x80\x04\xff.", CorruptError, "byte 2: expected a whole pickle, found"),
    "two": (pickle.dumps(1) * 2, CorruptError, "found 5 bytes after it; split a file of several pickles first"),
    "protocol 6": (b"\x80\x06N.", NewerVersionError, "byte 0: expected pickle protocol 0 to 5, found 6"),
    "no value": (b"\x80\x04.", CorruptError, "expected one value at the end of a pickle, found 0"),
    "two values": (b"\x80\x04NN.", CorruptError, "expected one value at the end of a pickle, found 2"),
    "an open mark": (b"\x80\x04(N.", CorruptError, "expected one value at the end of a pickle, found 1"),
    "no mark": (b"\x80\x04Nt.", CorruptError, "byte 3: expected a mark on the stack, found none"),
    "an empty stack": (b"\x80\x04\x85.", CorruptError, "byte 2: expected the operands of TUPLE1, found others"),
    "below the mark": (b"\x80\x04N(\x85.", CorruptError, "byte 4: expected the operands of TUPLE1"),
    "no such memo": (b"\x80\x04h\x07.", CorruptError, "byte 2: expected the operands of BINGET, found others"),
    "append to none": (b"\x80\x04NNa.", CorruptError, "byte 4: expected a list, found None"),
    "set of none": (b"\x80\x04N(N\x90.", CorruptError, "expected a set, found None"),
    "odd items": (b"\x80\x04}(Nu.", CorruptError, "expected a value for each key, found a key without"),
    "unhashable": (b"\x80\x04}]Ns.", UnsupportedValueError, "a plain value as key or element of a set, found []"),
    "no frame": (
        b"\x80\x04\x95" + bytes([255] * 7) + b"\x0fN.",
        TruncatedError,
        "byte 2: expected a frame of 1152",
    ),
    "too deep": (pickle.dumps(nested(MAX_DEPTH + 1)), LimitError, "expected a graph of at most 200 levels"),
    "persistent": (b"\x80\x04Pname\n.", UnsupportedValueError, "byte 2: expected a pickle that is whole by itself"),
    "persistent 2": (b"\x80\x04NQ.", UnsupportedValueError, "byte 3: expected a pickle that is whole by itself"),
    "out of band": (b"\x80\x05\x97.", UnsupportedValueError, "found an out-of-band buffer"),
    "python 2": (b"S'abc'\n.", UnsupportedValueError, "expected a pickle of Python 3, found the opcode STRING"),
    "items of a path": (
        assemble(raw(Call(Name("pathlib", "PosixPath"), ("a",)), 1, Op(b"a"))),
        UnsupportedValueError,
        "expected a plain class, found pathlib.PosixPath, which holds items as a list",
    ),
    "items after the state": (
        assemble(raw(New(Name("a", "B"), {"a": 1}), 1, Op(b"a"))),
        UnsupportedValueError,
        "expected a plain class, found a.B, which holds items as a list",
    ),
    "items of a dict": (
        assemble(raw(New(Name("a", "B")), 1, 2, Op(b"s"))),
        UnsupportedValueError,
        "expected a plain class, found a.B, which holds items as a dict",
    ),
    "ordered dict": (pickle.dumps(collections.OrderedDict()), UnsafePickleError, "found collections.OrderedDict"),
    "arguments": (pickle.dumps(Sized(3)), UnsafePickleError, f"found {__name__}.Sized of (3)"),
    "odd state": (pickle.dumps(OddState()), UnsupportedValueError, "as a dict, found [1, 2]"),
    "state of text": (assemble(New(Name("a", "B"), "text")), UnsupportedValueError, "attributes of a.B as a dict"),
    "two states": (assemble(array())[:-1] + b"Nb.", CorruptError, "expected an object that has no state yet"),
    "no values": (assemble(Call(RECONSTRUCT, (NDARRAY, (0,), b"b"))), CorruptError, "found an array without"),
    "a dtype": (assemble({"a": [Call(Name("numpy", "dtype"), ("f8",))]}), UnsupportedValueError, "$['a'][0]"),
}


@pytest.mark.parametrize("protocol", range(2, 6))
def test_what_is_appended_to_an_object_is_kept_apart(protocol):
    """Whether its class may be a list is for the registry to say."""
    value = Listed([1, [2]])
    value.append(value)
    value.name = "three"
    found = read_pickle(pickle.dumps([value, value[1]], protocol))
    assert type(found[0]) is Foreign
    assert found[0].items == [1, found[1], found[0]]
    assert found[0].state == {"name": "three"}
    assert [step for step, _ in children(found[0])] == [".name", "[0]", "[1]", "[2]"]
    assert read_pickle(pickle.dumps(Listed(), protocol)).items is None


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read(name):
    data, kind, message = UNREADABLE[name]
    with pytest.raises(SerializationError) as error:
        read_pickle(data)
    assert type(error.value) is kind, repr(error.value)
    assert message in str(error.value)


def test_the_deepest_graph():
    assert read_pickle(pickle.dumps(nested(MAX_DEPTH - 1)))


def test_every_truncation_is_an_error():
    data = pickle.dumps({"a": np.arange(3.0), "b": [Plain(x=1), {1, 2}]}, 4)
    assert read_pickle(data)
    for end in range(len(data)):
        with pytest.raises((TruncatedError, NotAPayloadError)):
            read_pickle(data[:end])


BAD_ARRAYS = {
    "too few bytes": (array((3,)), CorruptError, "expected 24 bytes for float64 (3,), found 16"),
    "too many bytes": (array((1,)), CorruptError, "expected 8 bytes for float64 (1,), found 16"),
    "negative": (array((-2, -1)), CorruptError, "expected the shape of an array"),
    "bool": (array((True, 2)), CorruptError, "expected the shape of an array"),
    "no tuple": (array([2]), CorruptError, "expected the shape of an array"),
    "huge": (array((2**62, 2**62)), CorruptError, "expected 170141183460469231731687303715884105728 bytes"),
    "larger than an index": (array((2**63, 0), values=b""), CorruptError, "expected the shape of an array"),
    "empty and huge": (array((0, 2**62, 2**62), values=b""), CorruptError, "a shape that NumPy can hold"),
    "many dimensions": (array((1,) * 65, "u1", b"a"), CorruptError, "at most 64 dimensions, found 65"),
    "objects": (array((1,), "O8", [None]), UnsupportedValueError, "found Python objects (dtype object)"),
    "objects in numbers": (array((1,), "f8", [None]), UnsupportedValueError, "expected the bytes of an array"),
    "void": (array((1,), "V8", bytes(8)), UnsupportedValueError, "bool, numbers, text or bytes, found dtype 'V8'"),
    "long double": (array((1,), "f16", bytes(16)), UnsupportedValueError, "found dtype 'f16'"),
    "no dtype": (array((1,), 8, bytes(8)), CorruptError, "expected a dtype, found 8"),
    "a list of fields": (
        array((1,), Call(Name("numpy", "dtype"), ([("a", "O")],))),
        UnsupportedValueError,
        "by a code",
    ),
    "comma": (array((1,), Call(Name("numpy", "dtype"), ("f8,O",))), UnsupportedValueError, "named by a code such as"),
    "a class": (array((1,), Call(Name("numpy", "dtype"), (NDARRAY,))), UnsupportedValueError, "found numpy.ndarray"),
    "fields by state": (
        array(code=Call(Name("numpy", "dtype"), ("f8",), (3, "|", None, ("a",), {"a": 0}, 8, 8, 0))),
        UnsupportedValueError,
        "found one with fields",
    ),
    "size by state": (
        array(code=Call(Name("numpy", "dtype"), ("f8",), (3, "<", None, None, None, 2**40, 8, 0))),
        CorruptError,
        "expected items of 8 bytes",
    ),
    "objects by state": (
        array(code=Call(Name("numpy", "dtype"), ("f8",), (3, "<", None, None, None, -1, -1, 63))),
        UnsupportedValueError,
        "found Python objects",
    ),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_arrays_that_cannot_be(name):
    value, kind, message = BAD_ARRAYS[name]
    state = value.state
    calls = [
        value,
        Call(Name("dill._dill", "_create_array"), (*(RECONSTRUCT, value.arguments, state), None)),
        Call(Name("jax._src.array", "_reconstruct_array"), (RECONSTRUCT, value.arguments, state, {})),
        Call(Name("numpy._core.numeric", "_frombuffer"), (state[4], state[2], state[1], "C")),
        Call(RECONSTRUCT, (Name("a", "Sub"), (0,), b"b"), state),
    ]
    for call in calls:
        with pytest.raises(SerializationError) as error:
            read_pickle(assemble(call))
        assert type(error.value) is kind, repr(error.value)
        assert message in str(error.value)
        assert error.value.path.startswith("byte ")


@pytest.mark.parametrize(
    "arguments", [("K", None), ("K", (0, 0)), ("K", (0,)), ("K", [1, 0]), ("A", None), ("C", (0, 1)), (b"C", None)]
)
def test_orders_that_cannot_be(arguments):
    call = Call(Name("numpy._core.numeric", "_frombuffer"), (bytes(16), array_state()[2], (2, 1), *arguments))
    with pytest.raises(CorruptError):
        read_pickle(assemble(call))


def test_a_large_array_is_copied_but_twice():
    import tracemalloc

    data = pickle.dumps(np.zeros(500_000), 5)
    tracemalloc.start()
    try:
        read_pickle(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3.5 * len(data)
