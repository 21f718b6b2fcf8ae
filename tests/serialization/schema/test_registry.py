"""Registration, schema versions and migrations."""

from __future__ import annotations

import dataclasses

import pytest
import registries
from graphs import Optional, Part
from payloads import payload, ref

import serialization
from autoarray._state import State, derived
from serialization import Migration, RegistrationError
from serialization._schema import catalog, registry


@pytest.fixture(autouse=True)
def restored_registry():
    """What a test registers is forgotten after it."""
    with registries.restored():
        yield


class Thing(State):
    def __init__(self, width=1.0, height=2.0):
        self.width = width
        self.height = height

    @derived(travels=True)
    def area(self):
        return self.width * self.height


def first_to_second(state):
    size = state.pop("size")
    return {**state, "width": size, "height": size}


def second_to_third(state):
    state["width"] *= 10
    state["_derived"] = {"area": state["_derived"].pop("surface")} if state["_derived"] else {}
    return state


MIGRATIONS = {
    1: Migration(("size",), first_to_second, optional=("note",)),
    2: Migration(("width", "height"), second_to_third, optional=("note",)),
}


def register_third():
    serialization.register(
        Thing, name="tests.Thing", version=3, fields=["width", "height"], optional=["note"], migrations=MIGRATIONS
    )


def thing_of(version, fields, record, results=()):
    types = [["tests.Thing", version, list(fields), list(results)]]
    return payload([ref(0)], [[*record]], objects=[0], types=types)


def test_register_as_call_and_as_decorator():
    assert serialization.register(Thing, fields=["width", "height"]) is Thing
    restored = serialization.loads(serialization.dumps(Thing(3.0)))
    assert vars(restored) == {"width": 3.0, "height": 2.0}
    assert serialization.inspect(serialization.dumps(Thing())).root == f"{Thing.__module__.partition('.')[0]}.Thing"

    @serialization.register(name="tests.Decorated", version=1, fields=["value"])
    class Decorated:
        pass

    assert Decorated.__name__ == "Decorated"
    instance = Decorated()
    instance.value = 1
    assert type(serialization.loads(serialization.dumps([instance]))[0]) is Decorated


def test_fields_of_a_dataclass():
    @serialization.register(name="tests.Data")
    @dataclasses.dataclass(frozen=True)
    class Data:
        first: int
        second: str = "b"

    assert serialization.loads(serialization.dumps(Data(1))) == Data(1)


def test_no_constructor_runs():
    class Loud(State):
        def __init__(self):
            raise AssertionError("constructed")

        def __setattr__(self, name, value):
            raise AssertionError("set")

    serialization.register(Loud, name="tests.Loud", fields=["value"])
    loud = object.__new__(Loud)
    loud.__dict__["value"] = 1
    assert serialization.loads(serialization.dumps(loud)).value == 1


class Slots:
    __slots__ = ("value",)


class SlotsAndDict:
    __slots__ = ("__dict__", "value")


class OwnNew:
    def __new__(cls):
        return super().__new__(cls)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Part, {"fields": []}), "graphs:Part: expected a class that is free, found it registered as tests.Part"),
        (
            (Thing, {"name": "tests.Part", "fields": []}),
            "tests.Part: expected a name that is free, found it registered",
        ),
        ((Thing, {}), "registry:Thing: expected fields=[...], found none"),
        ((Thing, {"fields": ["a", "a"]}), "expected distinct fields without _derived, found a, a"),
        ((Thing, {"fields": ["_derived"]}), "expected distinct fields without _derived, found _derived"),
        ((Thing, {"fields": ["a"], "optional": ["a"]}), "expected distinct fields without _derived, found a, a"),
        ((Thing, {"fields": ["a"], "version": 0}), "at least 1 and a migration from each older one, found version 0"),
        ((Thing, {"fields": ["a"], "version": 2}), "found version 2 and migrations from []"),
        (
            (Thing, {"fields": ["a"], "version": 3, "migrations": {2: MIGRATIONS[2]}}),
            "found version 3 and migrations from [2]",
        ),
        ((3, {"fields": ["a"]}), "expected a class, found 3"),
        ((Slots, {"fields": ["value"]}), "in its instance dictionary, found slots value"),
        ((SlotsAndDict, {"fields": ["value"]}), "in its instance dictionary, found slots value"),
        ((OwnNew, {"fields": []}), "found another place, or a constructor __new__ of its own"),
        ((type("Listed", (list,), {}), {"fields": []}), "found another place, or a constructor __new__ of its own"),
        ((ValueError, {"fields": []}), "found another place, or a constructor __new__ of its own"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_registration_errors(arguments, message):
    cls, options = arguments
    with pytest.raises(RegistrationError) as error:
        serialization.register(cls, **options)
    assert message in str(error.value)


def test_the_catalogue_is_registered_once():
    with pytest.raises(
        RegistrationError, match=r"autoarray\.Mask2D: expected a name that is free, found it registered"
    ):
        catalog.declare_all()


def test_what_pickles_call_a_class_is_one_type():
    here = Thing.__module__
    with pytest.raises(RegistrationError, match=r"mask_2d:Mask2D: expected a name that is free, found it taken by"):
        serialization.register(Thing, name="tests.Thing", fields=[], pickled_as=["autoarray.mask.mask_2d:Mask2D"])
    serialization.register(Thing, name="tests.Thing", fields=[], pickled_as=[f"{here}:Thing", f"{here}:Data"])
    data = type("Data", (State,), {"__module__": here, "__qualname__": "Data"})
    with pytest.raises(RegistrationError, match=r":Data: expected a name that is free, found it taken by tests\.Thing"):
        serialization.register(data, name="tests.Data", fields=[])


def test_nothing_is_registered_by_a_registration_that_failed():
    with pytest.raises(RegistrationError):
        serialization.register(Thing, name="tests.Thing", fields=["a"], version=2)
    serialization.register(Thing, name="tests.Thing", fields=["width", "height"])


def test_the_present_version_is_written():
    register_third()
    assert serialization.inspect(serialization.dumps(Thing())).schema_versions == {"tests.Thing": 3}


def test_migrations_run_in_sequence():
    register_third()
    (first,) = serialization.loads(thing_of(1, ["size"], [2.0]))
    assert vars(first) == {"width": 20.0, "height": 2.0}
    (noted,) = serialization.loads(thing_of(1, ["size", "note"], [2.0, "n"]))
    assert vars(noted) == {"width": 20.0, "height": 2.0, "note": "n"}
    (second,) = serialization.loads(thing_of(2, ["width", "height"], [1.0, 5.0]))
    assert vars(second) == {"width": 10.0, "height": 5.0}
    (third,) = serialization.loads(thing_of(3, ["width", "height"], [1.0, 5.0]))
    assert vars(third) == {"width": 1.0, "height": 5.0}


def test_migrations_are_given_the_stored_results():
    register_third()
    (second,) = serialization.loads(thing_of(2, ["width", "height"], [1.0, 5.0, 7.0], ["surface"]))
    assert second.area == 7.0
    assert set(vars(second)) == {"width", "height", "_derived"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            (1, ["length"], [1]),
            "the fields of tests.Thing, schema version 1 (size and optionally note), found no size and also length",
        ),
        ((2, ["width"], [1]), "schema version 2 (width, height and optionally note), found no height"),
        (
            (3, ["size"], [1]),
            "schema version 3 (width, height and optionally note), found no width, height and also size",
        ),
        ((4, ["size"], [1]), "expected schema version 1 to 3 of tests.Thing, found 4, written by some-writer 9.9"),
        ((3, ["width", "height"], [1, 2, 3], ["surface"]), "expected results that tests.Thing declares, found surface"),
    ],
)
def test_each_version_has_its_own_fields(data, message):
    register_third()
    with pytest.raises(serialization.SerializationError) as error:
        serialization.loads(thing_of(*data))
    assert message in str(error.value)
    assert error.value.path == "$[0]"


def test_a_migration_that_leaves_other_fields_raises():
    serialization.register(
        Thing, name="tests.Thing", version=2, fields=["width"], migrations={1: Migration(("a",), lambda state: state)}
    )
    with pytest.raises(serialization.SchemaError, match=r"schema version 2 \(width\), found no width and also a"):
        serialization.loads(thing_of(1, ["a"], [1]))


def test_an_object_that_is_shared_is_migrated_once():
    register_third()
    types = [["tests.Thing", 1, ["size"], []]]
    first, second = serialization.loads(payload([ref(0), ref(0)], [[2.0]], objects=[0], types=types))
    assert first is second
    assert first.width == 20.0


def test_released_migrations_are_of_registered_types():
    for entry in catalog.TYPES:
        schema = registry.find(entry.name)
        assert schema is not None
        assert sorted(entry.migrations) == sorted(schema.migrations) == list(range(entry.since, schema.version))


def test_a_class_of_the_same_name_is_another_class():
    other = type("Part", (State,), {"__module__": Part.__module__, "__qualname__": Part.__qualname__})
    with pytest.raises(serialization.UnknownTypeError):
        serialization.dumps(object.__new__(other))


def test_a_class_that_is_gone_is_named():
    registry.declare("tests.Gone", "graphs:Gone", ["a"])
    types = [["tests.Gone", 1, ["a"], []]]
    with pytest.raises(serialization.UnknownTypeError, match=r"the class of tests\.Gone at graphs:Gone"):
        serialization.loads(payload(ref(0), [[1]], objects=[0], types=types))


def test_fields_are_written_in_the_order_of_the_schema():
    data = serialization.dumps([Optional(sometimes=1, always=2)])
    assert serialization.inspect(data).types[0].fields == ("always", "sometimes")
