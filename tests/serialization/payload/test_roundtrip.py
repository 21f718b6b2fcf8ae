"""Values, containers, sharing, cycles and order through a payload."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from graphs import Computes, Optional, Part, assert_same, name_of, small
from hypothesis import given
from hypothesis import strategies as st

import serialization

NAN_WITH_PAYLOAD = struct.unpack("d", struct.pack("Q", 0x7FF4DEADBEEF0001))[0]

VALUES = [
    None,
    True,
    False,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    2**64 - 1,
    2**64,
    -(2**63) - 1,
    2**200,
    -(2**127),
    0.0,
    -0.0,
    1.5,
    math.inf,
    -math.inf,
    math.nan,
    NAN_WITH_PAYLOAD,
    complex(-0.0, NAN_WITH_PAYLOAD),
    "",
    "text äöü \U0001f52d",
    "\x00",
    b"",
    b"\x00\xff",
    (),
    (1, (2, ("three",))),
    [],
    [[], [[]]],
    {},
    {"a": 1, 2: "b", (1, "c"): None, None: 1, 2.5: 3, b"k": 0, True: 1},
    set(),
    {1, "a", (2, 3), None, 2.5, frozenset({4})},
    frozenset(),
    frozenset({1, "a", (2, 3 + 1j), 2**90}),
]


@pytest.mark.parametrize("value", VALUES, ids=name_of)
def test_plain_values(value):
    assert_same(value, serialization.loads(serialization.dumps(value)))
    assert_same([value], serialization.loads(serialization.dumps([value])))


@pytest.mark.parametrize(
    "scalar",
    [
        np.float64(1.5),
        np.float64(NAN_WITH_PAYLOAD),
        np.float32(-0.0),
        np.float16(2),
        np.int64(-3),
        np.uint8(255),
        np.bool_(True),
        np.complex64(1 - 2j),
        np.complex128(1 - 2j),
        np.datetime64("2026-05-01T12:00", "ms"),
        np.datetime64("NaT", "s"),
        np.timedelta64(5, "s"),
        np.str_("a\x00"),
        np.str_(""),
        np.bytes_(b"a\x00"),
        np.bytes_(b""),
    ],
    ids=lambda scalar: f"{type(scalar).__name__}-{scalar!r}"[:40],
)
def test_numpy_scalars_keep_their_type_and_bits(scalar):
    restored = serialization.loads(serialization.dumps((scalar,)))[0]
    assert type(restored) is type(scalar)
    assert restored.dtype == scalar.dtype
    assert restored.tobytes() == scalar.tobytes()


def test_objects_keep_state_and_results_but_no_intermediates():
    computes = Computes(np.arange(3.0))
    _ = computes.total, computes.doubled
    restored = serialization.loads(serialization.dumps(computes))
    assert_same(computes, restored)
    assert restored._derived.results == {"total": 3.0}
    assert restored._derived.intermediates == {}
    restored._derived.results["total"] = np.float64(99.0)
    assert restored.total == 99.0  # it is read, not computed
    assert restored.doubled.tolist() == [0.0, 2.0, 4.0]


def test_an_object_without_results_gets_no_container_for_them():
    computes = Computes(np.arange(3.0))
    _ = computes.doubled
    assert "_derived" not in vars(serialization.loads(serialization.dumps(computes)))


def test_writing_does_not_change_the_object():
    root = small()
    before = serialization.loads(serialization.dumps(root))
    assert_same(root, before)
    assert list(vars(root)) == ["value", "other"]


def test_an_optional_field_may_be_absent():
    values = [Optional(always=1), Optional(sometimes=2, always=3)]
    restored = serialization.loads(serialization.dumps(values))
    assert vars(restored[0]) == {"always": 1}
    assert vars(restored[1]) == {"always": 3, "sometimes": 2}


@pytest.mark.parametrize("make", [lambda: Part(), lambda: [1], lambda: {"a": 1}, lambda: {1}, lambda: np.arange(2)])
def test_sharing_survives(make):
    shared = make()
    restored = serialization.loads(serialization.dumps([shared, {"k": shared}, (shared,), Part(shared)]))
    assert restored[0] is restored[1]["k"] is restored[2][0] is restored[3].value


def test_equal_is_not_shared():
    first, second = serialization.loads(serialization.dumps([[1], [1]]))
    assert first == second
    assert first is not second


def test_cycles_survive():
    part = Part()
    part.value = part
    part.other = [part, {"k": None}]
    part.other[1]["k"] = part.other
    restored = serialization.loads(serialization.dumps(part))
    assert restored.value is restored
    assert restored.other[0] is restored
    assert restored.other[1]["k"] is restored.other


def test_a_cycle_through_a_tuple_keeps_what_has_an_identity():
    inner = []
    inner.append((inner, 1))
    restored = serialization.loads(serialization.dumps(inner))
    assert restored[0][0] is restored


def test_tuples_are_values():
    shared = (1, [2])
    first, second = serialization.loads(serialization.dumps([shared, shared]))
    assert first == second
    assert first[1] is second[1]
    one = (0.5, 0.5)
    assert serialization.dumps([one, one]) == serialization.dumps([one, tuple(map(float, (0.5, 0.5)))])


def test_an_object_is_a_key_if_it_is_compared_by_identity():
    key = Part(1)
    restored = serialization.loads(serialization.dumps([key, {key: "value"}]))
    assert restored[1][restored[0]] == "value"


def test_depth_of_lists_and_objects_is_unbounded():
    nested = root = []
    for _ in range(20_000):
        nested.append([])
        nested = nested[0]
    restored = serialization.loads(serialization.dumps(root))
    depth = 0
    while restored:
        restored, depth = restored[0], depth + 1
    assert depth == 20_000


def test_more_objects_and_arrays_than_one_byte_counts():
    root = [[np.array([index]), [index]] for index in range(70_000 // 2)]
    restored = serialization.loads(serialization.dumps(root))
    for index in (0, 127, 128, 255, 256, 32_767, 32_768, 34_999):
        assert restored[index][0].tolist() == restored[index][1] == [index]


def test_tuples_that_grow_without_bound_are_refused():
    nested = ()
    for _ in range(40):
        nested = (nested, nested)
    with pytest.raises(serialization.LimitError, match="nested tuples"):
        serialization.dumps(nested)


@pytest.mark.parametrize("depth", [600, 100_000])
def test_tuples_that_are_nested_too_deeply_are_refused(depth):
    nested = ()
    for _ in range(depth):
        nested = (nested,)
    with pytest.raises(serialization.LimitError):
        serialization.dumps(nested)
    while nested:  # one at a time, for Python itself would recurse
        nested = nested[0]


def test_equal_input_gives_equal_bytes():
    assert serialization.dumps(small()) == serialization.dumps(small())
    assert serialization.dumps({"b", "a", 3, (1, 2)}) == serialization.dumps({(1, 2), 3, "a", "b"})
    restored = serialization.loads(serialization.dumps(small()))
    assert serialization.dumps(restored) == serialization.dumps(small())


def test_order_of_a_dict_is_part_of_its_value():
    assert serialization.dumps({"a": 1, "b": 2}) != serialization.dumps({"b": 2, "a": 1})


def test_order_in_which_results_were_computed_is_not():
    first, second = Part(1), Part(1)
    one, two = Computes(np.arange(2.0), first), Computes(np.arange(2.0), second)
    vars(one).update(dict(reversed(vars(one).items())))
    _ = one.total, two.total
    assert serialization.dumps(one) == serialization.dumps(two)


keys = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.binary()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
)
leaves = keys | st.floats() | st.complex_numbers() | st.frozensets(keys, max_size=3) | st.sets(keys, max_size=3)
nested = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=4)
        | st.builds(Part, inner, inner)
    ),
    max_leaves=20,
)


@given(nested)
def test_nested_values(value):
    data = serialization.dumps(value)
    restored = serialization.loads(data)
    assert_same(value, restored)
    assert serialization.dumps(restored) == data


@given(nested)
def test_nested_values_compressed(value):
    assert_same(value, serialization.loads(serialization.dumps(value, compression="zlib")))
