"""Types whose instance dictionary is not their fields alone: open ones, cached values, and what is made anew."""

from __future__ import annotations

import functools
import itertools
import pickle
import threading

import numpy as np
import pytest
from pickles import Name, New, Op, assemble, raw

import serialization
from serialization import RegistrationError, SchemaError, TypeEntry, UnknownTypeError, UnsupportedValueError
from serialization._payload.canonical import check_canonical
from serialization._schema import live, registry


class Open:
    """Holds attributes of any name."""

    def __init__(self, **parts):
        self.redshift = 0.5
        self.__dict__.update(parts)


class Cached:
    """Keeps what it computed on itself."""

    count = 0

    def __init__(self, values):
        self.values = values

    @functools.cached_property
    def total(self):
        Cached.count += 1
        return float(np.sum(self.values))

    @functools.cached_property
    def squares(self):
        return self.values**2


class Tokened:
    """Told apart by a number of this process."""

    numbers = itertools.count()

    def __init__(self):
        self.token = next(self.numbers)

    def __hash__(self):
        return self.token

    def __eq__(self, other):
        return self.token == other.token


class Items(list):
    """A list with more to it."""

    def __init__(self, items, name):
        super().__init__(items)
        self.name = name


class Flagged:
    """Says under another name whether it computes with JAX, and which class and library it works with."""

    def __init__(self, use_jax, cls, xp, values):
        self.use_jax, self.cls, self.xp, self.values = use_jax, cls, xp, values


class Ratio(float):
    """A number that is checked when it is made."""


serialization.register(Open, name="tests.loose.Open", fields=["redshift"], is_open=True)
serialization.register(Cached, name="tests.loose.Cached", fields=["values"], cached=["total"])
serialization.register(
    Tokened, name="tests.loose.Tokened", fields=[], renewed={"token": lambda cls: next(cls.numbers)}, as_key=True
)
TypeEntry(name="tests.loose.Items", target=f"{__name__}:Items", fields=("items", "name"), sequence=True).declare()
TypeEntry(
    name="tests.loose.Flagged",
    target=f"{__name__}:Flagged",
    fields=("_use_jax", "cls", "xp", "values"),
    flag="use_jax",
    by_name=("cls", "xp"),
).declare()
TypeEntry(name="tests.loose.Ratio", target=f"{__name__}:Ratio", plain=float).declare()


def test_further_attributes_keep_their_order():
    galaxy = Open(mass=1.0, bulge=[2.0], disk=None)
    data = serialization.dumps(galaxy)
    check_canonical(data)
    again = serialization.loads(data)
    assert vars(again) == vars(galaxy)
    assert list(vars(again)) == ["redshift", "mass", "bulge", "disk"]
    (info,) = serialization.inspect(data).types
    assert info.name == "tests.loose.Open"
    turned = Open(disk=None, bulge=[2.0], mass=1.0)
    assert list(vars(serialization.loads(serialization.dumps(turned)))) == ["redshift", "disk", "bulge", "mass"]


@pytest.mark.parametrize("name", ["__class__", "__hash__", 3])
def test_no_attribute_of_another_kind(name):
    galaxy = Open()
    galaxy.__dict__[name] = 1.0
    with pytest.raises(SchemaError, match=f"expected the fields of tests.loose.Open, .* found also {name}"):
        serialization.dumps(galaxy)


def test_results_travel_and_other_cached_values_do_not():
    value = Cached(np.arange(4.0))
    cold = serialization.dumps(value)
    assert value.total == 6.0
    assert value.squares[3] == 9.0
    data = serialization.dumps(value)
    check_canonical(data)
    before = Cached.count
    again = serialization.loads(data)
    assert list(vars(again)) == ["values", "total"]
    assert again.total == 6.0
    assert Cached.count == before
    assert again.squares[3] == 9.0
    assert list(vars(serialization.loads(cold))) == ["values"]


def test_a_token_is_made_anew():
    first = Tokened()
    data = serialization.dumps({first: "first"})
    one, other = serialization.loads(data), serialization.loads(data)
    tokens = {key.token for table in (one, other, {first: 0}) for key in table}
    assert len(tokens) == 3
    assert one[next(iter(one))] == "first"


def test_a_list_with_more_to_it():
    items = Items([1, Open(), [2]], "three")
    items.append(items)
    data = serialization.dumps(items)
    check_canonical(data)
    again = serialization.loads(data)
    assert type(again) is Items
    assert again.name == "three"
    assert again[0] == 1
    assert again[3] is again
    assert "items" not in vars(again)


def test_a_pickled_list_with_more_to_it():
    items = Items([1, Open(), [2]], "three")
    items.append(items)
    for protocol in range(2, 6):
        again = serialization.load_pickle(pickle.dumps(items, protocol))
        assert type(again) is Items
        assert again.name == "three"
        assert again[0] == 1
        assert type(again[1]) is Open
        assert again[3] is again
        assert "items" not in vars(again)
    assert serialization.load_pickle(pickle.dumps(Items([], "none"))) == []


def test_a_pickle_that_gives_items_to_no_list():
    with pytest.raises(SchemaError, match=r"expected a plain class, found .*Open, to which the file appends items"):
        serialization.load_pickle(assemble([raw(New(Name(__name__, "Open")), 1, Op(b"a"))]))
    with pytest.raises(UnknownTypeError, match=r"expected a registered class, found a\.B"):
        serialization.load_pickle(assemble(raw(New(Name("a", "B")), 1, Op(b"a"))))
    with pytest.raises(SchemaError, match=r"Items without an attribute `items`, found one"):
        serialization.load_pickle(assemble(New(Name(__name__, "Items"), {"name": "a", "items": (1,)})))


def test_a_class_and_a_library_by_name():
    import jax.numpy as jnp

    value = Flagged(True, Open, jnp, jnp.ones(2))
    data = serialization.dumps(value)
    assert serialization.inspect(data).backend == "jax"
    again = serialization.loads(data)
    assert (again.use_jax, again.cls, again.xp) == (True, Open, jnp)
    assert "_use_jax" not in vars(again)
    moved = serialization.loads(data, backend="numpy")
    assert (moved.use_jax, moved.xp, type(moved.values)) == (False, np, np.ndarray)
    back = serialization.loads(serialization.dumps(moved), backend="jax")
    assert (back.use_jax, back.xp) == (True, jnp)
    assert serialization.loads(serialization.dumps(Flagged(False, None, np, 1))).cls is None


@pytest.mark.parametrize("value", [int, "class tests.loose.Open", "module os", "text"])
def test_only_registered_classes_and_backends_are_written_by_name(value):
    with pytest.raises(SchemaError, match=r"cls of tests\.loose\.Flagged to be a registered class, or numpy or jax"):
        serialization.dumps(Flagged(False, value, np, None))
    with pytest.raises(UnsupportedValueError, match="expected data, found <module 'threading'"):
        serialization.dumps(Flagged(False, threading, np, None))


@pytest.mark.parametrize("text", ["class tests.loose.Nothing", "module os", "module numpy.linalg", "text", "class "])
def test_only_registered_classes_and_backends_are_read_by_name(text):
    value = Flagged(False, text, np, None)
    value.__dict__["_use_jax"] = value.__dict__.pop("use_jax")
    with pytest.raises(SchemaError, match=r"cls of tests\.loose\.Flagged to name a registered class, or numpy or jax"):
        live.finish(registry.find("tests.loose.Flagged"), value, None)


def test_what_is_only_a_number_is_written_as_one():
    assert serialization.dumps([Ratio(0.5), Ratio(0.5)]) == serialization.dumps([0.5, 0.5])
    assert type(serialization.loads(serialization.dumps(Ratio(0.5)))) is float


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"fields": ("a",), "cached": ("a",)}, "expected fields that are no cached values, found a"),
        ({"fields": ("a",), "sequence": True}, "expected a field items"),
        ({"fields": ("use_jax",), "flag": "use_jax"}, "expected the flag use_jax as the field _use_jax"),
        ({"fields": ("a",), "by_name": ("b",)}, "expected fields in by_name, found b"),
    ],
)
def test_declarations_that_contradict_themselves(more, text):
    with pytest.raises(RegistrationError, match=text):
        TypeEntry(name="tests.loose.Never", target="tests.loose:Never", **more).declare()
