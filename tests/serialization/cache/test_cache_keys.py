"""Keys from content: what they depend on, and what not."""

from __future__ import annotations

import copy
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import problems
import pytest
from graphs import Computes, Optional, Part, Unregistered, small
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
import serialization
from serialization import Cache
from serialization._payload import wire
from serialization._schema.schema import by_class

key = Cache.key

plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=5)
    | st.binary(max_size=5)
)
hashable = plain | st.tuples(plain, plain) | st.frozensets(st.integers(), max_size=3)
values = st.recursive(
    hashable,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.builds(Part, inner, inner)
    ),
    max_leaves=12,
)


def same(a, b) -> bool:
    """Whether two values are equal in type and bits, whatever the order of dicts and sets."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Part):
        return same(vars(a), vars(b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, float):
        return np.float64(a).tobytes() == np.float64(b).tobytes()
    return a == b


@given(a=values, b=values)
def test_keys_are_equal_where_values_are(a, b):
    assert (key(a) == key(b)) == same(a, b)


@given(a=values)
def test_a_copy_has_the_same_key(a):
    assert key(a) == key(copy.deepcopy(a))
    assert key(a) == key(serialization.loads(serialization.dumps(a)))
    assert key([a, a]) == key([a, copy.deepcopy(a)])  # sharing changes no value


@given(items=st.dictionaries(st.text(max_size=3), plain, min_size=2))
def test_the_order_of_dicts_and_names_does_not_matter(items):
    turned = dict(reversed(items.items()))
    assert key(items) == key(turned)
    assert key(**{f"x{name}": item for name, item in items.items()}) == key(
        **{f"x{name}": item for name, item in turned.items()}
    )


def test_the_key_of_a_version_is_the_same_for_ever():
    # If this fails, every cache of every user is empty.
    literal = [1, 2.5, "text", None, True, b"bytes", 2j, (1, 2), {3}, {"a": np.arange(3.0)}, np.float32(1.5)]
    assert key(literal, Part(1, 2), name="x") == "f835b29d5fdb0ecff40626921056d3dd"


def test_keys_are_names_of_files():
    assert len(key()) == 32
    assert set(key(1)) <= set("0123456789abcdef")


DIFFERENT = [
    0.0,
    -0.0,
    0,
    False,
    None,
    "",
    b"",
    0j,
    (),
    [],
    {},
    set(),
    frozenset(),
    "0",
    np.float64(0),
    np.float32(0),
    np.int64(0),
    np.str_("0"),
    np.zeros(()),
    np.zeros(1),
    np.zeros((1, 1)),
    np.zeros(1, np.float32),
    np.zeros(1, np.int64),
    np.zeros(1, np.uint64),
    np.zeros(1, "M8[s]"),
    np.zeros(1, "M8[ms]"),
    np.zeros(0),
    np.zeros((0, 2)),
    np.zeros(1, "U1"),
    np.zeros(1, [("a", "f8")]),
    np.zeros(1, [("b", "f8")]),
    math.nan,
    math.inf,
    [[]],
    [()],
    {"": None},
    [{""}],
    Part(),
    Part([]),
    Optional(always=1),
    Optional(always=1, sometimes=None),
    Computes(np.zeros(1)),
]


def test_different_values_have_different_keys():
    assert len({key(value) for value in DIFFERENT}) == len(DIFFERENT)
    assert key(1, 2) != key((1, 2))
    assert key(1, 2) != key(2, 1)
    assert key(a=1) != key({"a": 1})
    assert key("ab", "c") != key("a", "bc")


@pytest.mark.parametrize("dtype", ["f8", "i2", "c16", "U3", "M8[s]", [("a", "f4"), ("b", "i8")]])
def test_how_an_array_lies_in_memory_does_not_matter(dtype):
    array = np.arange(24).reshape(4, 6).astype("i8").astype(dtype)
    expected = key(array)
    assert key(np.asfortranarray(array)) == expected
    assert key(np.repeat(array, 2, axis=1)[:, ::2]) == expected
    assert key(array.astype(array.dtype.newbyteorder(">"))) == expected
    assert key(array.T) != expected


def test_the_padding_of_records_does_not_matter():
    dtype = np.dtype({"names": ["a"], "formats": ["f8"], "offsets": [8], "itemsize": 24})
    padded = [np.frombuffer(byte * 48, np.uint8).copy().view(dtype) for byte in (b"\0", b"\1")]
    for array in padded:
        array["a"] = 1.5
    assert key(padded[0]) == key(padded[1])


def test_an_evaluated_fit_has_the_key_of_a_fresh_one():
    fresh, evaluated = problems.fit_from(), problems.evaluated_fit_from()
    expected = key(fresh)
    assert key(evaluated) == expected
    assert key(serialization.loads(serialization.dumps(evaluated))) == expected
    assert key(evaluated) == expected
    assert key(problems.fit_from(coefficient=2.0)) != expected
    assert key(problems.fit_from(mesh="uniform")) != expected


def test_the_parts_of_a_fit():
    dataset, mesh = problems.dataset_from(), aa.mesh.RectangularUniform(shape=(3, 3))
    expected = key(dataset, mesh, aa.reg.Constant(coefficient=1.0))
    assert key(problems.dataset_from(), mesh, aa.reg.Constant(coefficient=1.0)) == expected
    assert key(dataset, mesh, aa.reg.Constant(coefficient=2.0)) != expected
    assert key(dataset, mesh, aa.reg.ConstantSplit(coefficient=1.0)) != expected


def test_the_backend_is_part_of_the_key():
    jnp = pytest.importorskip("jax.numpy")
    assert key(jnp.arange(3)) != key(np.arange(3))
    assert key(Computes(np.arange(3.0))) != key(Computes(np.arange(3.0), xp=jnp))
    assert key(problems.fit_from("jax")) != key(problems.fit_from("numpy"))


def test_the_release_is_not_part_of_the_key_but_the_schema_is(monkeypatch):
    before = key(small())
    monkeypatch.setattr(wire, "WRITER", ("autoarray-portable", "99.0"))
    monkeypatch.setattr("autoarray.__version__", "99.0")
    assert key(small()) == before
    schema = by_class[Part]
    monkeypatch.setattr(schema, "version", schema.version + 1)
    assert key(small()) != before


def test_another_process_has_the_same_key():
    code = (
        "import cache_workers, serialization; print(cache_workers.key_of_fit(serialization.Cache))\n"
        "print(serialization.Cache.key({'b', 'a', 'c'}, frozenset('xyz')))"
    )
    support = Path(__file__).parents[2] / "support"
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": f"{support}:{support.parents[1]}", "PYTHONHASHSEED": seed, "PATH": ""},
        )
        assert done.returncode == 0, done.stderr
        expected = [
            key("fit", 1, problems.fit_from(), 0.5, {"b": 1, "a": {2, 3}}),
            key({"c", "a", "b"}, frozenset("xyz")),
        ]
        assert done.stdout.split() == expected


@pytest.mark.parametrize(
    ("value", "error", "path"),
    [
        (Part([1, len]), serialization.UnsupportedValueError, "[1].value[1]"),
        (Part(Unregistered()), serialization.UnknownTypeError, "[1].value"),
        (np.array([None]), serialization.UnsupportedValueError, "[1]"),
        (np.ma.zeros(3), serialization.UnsupportedValueError, "[1]"),
        (Optional(other=1), serialization.SchemaError, "[1]"),
    ],
)
def test_what_has_no_key(value, error, path):
    with pytest.raises(error) as caught:
        key("first", value)
    assert caught.value.path == f"${path}"


def test_what_contains_itself_has_no_key():
    loop: list = [1]
    loop.append({"again": loop})
    with pytest.raises(serialization.UnsupportedValueError, match="contain themselves"):
        key(loop)
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(serialization.LimitError, match="less deeply"):
        key(deep)
