"""Dicts whose keys are objects that their class hashes: identity, equal bytes, and what is refused."""

from __future__ import annotations

import pytest

import serialization
from serialization import CorruptError, LimitError, UnsupportedValueError


class Numbered:
    """Hashed by a number, and equal by value, as galaxies are."""

    def __init__(self, number, value=None):
        self.number, self.value = number, value

    def __hash__(self):
        return int(self.number)

    def __eq__(self, other):
        return self.value == other.value


class Holder:
    """Hashed by what a dict of it holds."""

    def __init__(self):
        self.table = {}

    def __hash__(self):
        return len(self.table)

    def __eq__(self, other):
        return self is other


class Loose:
    """Equal to each other object while the switch is on."""

    alike = False

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self is other or Loose.alike


class Unlisted(Numbered):
    """Hashed by its class, which nobody registered for that."""


for cls, fields in ((Numbered, ["number", "value"]), (Holder, ["table"]), (Loose, ["name"])):
    serialization.register(cls, name=f"tests.keys.{cls.__name__}", fields=fields, as_key=True)
serialization.register(Unlisted, name="tests.keys.Unlisted", fields=["number", "value"])


def test_a_key_is_the_object_that_stands_elsewhere():
    first, second = Numbered(3, "a"), Numbered(5, "b")
    data = serialization.dumps([{first: 1.0, second: 2.0}, second, first])
    table, other_second, other_first = serialization.loads(data)
    assert list(table) == [other_first, other_second]
    assert next(iter(table)) is other_first
    assert table[other_first] == 1.0
    assert table[other_second] == 2.0
    assert serialization.dumps([table, other_second, other_first]) == data


def test_keys_of_one_hash_are_compared_by_their_state():
    first, second = Numbered(3, [1]), Numbered(3, [2])
    table, one = serialization.loads(serialization.dumps([{first: "first", second: "second"}, second]))
    assert table[one] == "second"
    assert table[Numbered(3, [1])] == "first"


def test_a_table_that_its_key_holds_too():
    key = Numbered(7)
    key.value = {key: "inner"}
    again = serialization.loads(serialization.dumps(key))
    assert again.value[again] == "inner"


def test_keys_below_keys():
    inner = Numbered(1, "inner")
    outer = Numbered(2, ({inner: 0}, "outer"))
    table = serialization.loads(serialization.dumps({outer: inner}))
    ((key, value),) = table.items()
    assert key.value[0][value] == 0


def test_a_hash_that_follows_from_the_table_itself():
    key = Holder()
    table = {key: 1}
    key.table = table
    with pytest.raises(CorruptError, match="hash does not depend on the dict that holds them"):
        serialization.loads(serialization.dumps([table]))


def test_keys_that_their_class_takes_for_equal():
    data = serialization.dumps({Loose("a"): 1, Loose("b"): 2})
    assert len(serialization.loads(data)) == 2
    Loose.alike = True
    try:
        with pytest.raises(CorruptError, match="found two that their class takes for equal") as error:
            serialization.loads(data)
    finally:
        Loose.alike = False
    assert error.value.path == "$"


def test_a_hash_that_fails():
    key = Numbered(1)
    data = serialization.dumps([{key: 1}])
    broken = data.replace(b"\x92\x01\xc0", b"\x92\xc0\xc0")  # the record of the key: its number is nil
    assert broken != data
    with pytest.raises(CorruptError):  # the digest no longer agrees
        serialization.loads(broken)
    table = {key: 1}
    key.number = "no number"
    with pytest.raises(CorruptError, match="their class can hash and compare, found ValueError") as error:
        serialization.loads(serialization.dumps([table]))
    assert error.value.path == "$[0]"


def test_large_keys_of_one_hash_are_not_compared():
    deep = [0]
    for _ in range(20):  # a million values, if each is counted as often as it is reached
        deep = [deep, deep]
    table = {Numbered(1, (deep, 1)): 1}
    other = [0]
    for _ in range(20):
        other = [other, other]
    key = Numbered(2, (other, 2))
    table[key] = 2
    key.number = 1
    with pytest.raises(LimitError, match="keys of one hash that hold at most 65536 values"):
        serialization.loads(serialization.dumps(table))


def test_many_keys_of_one_hash():
    keys = [Numbered(index, index) for index in range(100)]
    table = dict.fromkeys(keys, 0)
    for key in keys:
        key.number = 1
    with pytest.raises(LimitError, match="at most 64 keys or elements of one hash, found 100"):
        serialization.loads(serialization.dumps(table))


def test_a_class_that_is_not_registered_for_it():
    with pytest.raises(UnsupportedValueError, match="register the class with as_key=True") as error:
        serialization.dumps({"table": {Unlisted(1): 1}})
    assert error.value.path.startswith("$['table'][")
