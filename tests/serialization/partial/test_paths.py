"""How paths are read, and what is said where there is nothing."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from graphs import Computes, Part

import serialization
from serialization import UnknownPathError

GRAPH = Part(
    {"data": [np.arange(3), (1.5, "x")], 2: Computes(np.ones(2)), (1, "a"): None, "it's": b"", 1.0: "one"}, other=[]
)

OF_THE_DICT = "expected a step of a dict, ['data'], [2], [(1, 'a')], [\"it's\"], [1.0]"
NO_VALUE = "expected an array or a plain value"
NO_PATH = "expected a path such as inversion.linear_obj_list[0] or ['key'].data"


@pytest.fixture(scope="module")
def handle():
    return serialization.open(serialization.dumps(GRAPH))


@pytest.mark.parametrize(
    "path",
    [
        "value['data'][1][0]", "$.value['data'][1][0]", ".value['data'][1][0]", '$.value["data"][1][0]',
        " value['data'][-1][-2] ", "value['data'][01][0]",
    ],
)  # fmt: skip
def test_one_place_by_several_paths(handle, path):
    assert handle[path] == 1.5


@pytest.mark.parametrize(
    ("path", "value"),
    [("value[(1, 'a')]", None), ("value[1.0]", "one"), ('value["it\'s"]', b""), ("value['it\\'s']", b"")],
)
def test_keys(handle, path, value):
    assert handle[path] == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("valeu", "$: expected a step of an object of tests.Part, .value, .other, found .valeu; did you mean .value?"),
        ("value.data", f"$.value: {OF_THE_DICT}, found .data; did you mean ['data']?"),
        ("value[1]", f"$.value: {OF_THE_DICT}, found [1]"),
        ("value['data'][2]", "$.value['data']: expected a step of a list, [0], [1], found [2]"),
        ("value['data'][-3]", "$.value['data']: expected a step of a list, [0], [1], found [-3]"),
        ("value['data'][0].x", "$.value['data'][0]: expected no step from an array, found .x"),
        ("value['data'][1][0][0]", "$.value['data'][1][0]: expected no step from a float, found [0]"),
        ("other[0]", "$.other: expected no step from a list, found [0]"),
        ("['other']", "$: expected a step of an object of tests.Part, .value, .other, found ['other']; did you mean .other?"),  # noqa: E501
        ("value", f"$.value: {NO_VALUE}, found a dict; get it by load('$.value')"),
        ("value['data']", f"$.value['data']: {NO_VALUE}, found a list; get it by load(\"$.value['data']\")"),
        ("value..data", f"{NO_PATH}, found 'value..data'"),
        ("value['data", f"{NO_PATH}, found \"value['data\""),
        ("value]", f"{NO_PATH}, found 'value]'"),
        ("value[2]values", f"{NO_PATH}, found 'value[2]values'"),
    ],
)  # fmt: skip
def test_what_there_is_instead(handle, path, message):
    with pytest.raises(UnknownPathError) as caught:
        handle[path]
    assert str(caught.value) == message
    assert isinstance(caught.value, KeyError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == message


def test_long_lists_of_steps_are_cut():
    with serialization.open(serialization.dumps({"list": [0] * 50, **{f"key {n}": n for n in range(50)}})) as handle:
        with pytest.raises(UnknownPathError, match=r"expected a step of a list, \[0\] to \[49\], found \[50\]$"):
            handle["['list'][50]"]
        with pytest.raises(UnknownPathError, match=r"'key 10'\] and 39 more, found \['key 1x'\]; did you mean"):
            handle["['key 1x']"]


def test_a_name_with_and_without_its_underscore():
    serialization.register(_Both, name="tests.Both", fields=["_a", "a", "_b"])
    both = _Both()
    both.__dict__.update(_a=1, a=2, _b=3)
    with serialization.open(serialization.dumps(both)) as handle:
        assert (handle["_a"], handle["a"], handle["b"], handle["_b"]) == (1, 2, 3, 3)


class _Both:
    pass


@pytest.mark.parametrize(
    "path", ["[" * 5000, "[" + "(" * 5000 + "]", "['a" * 5000, "." * 5000, "[1" + "0" * 5000 + "]", "a" * 10**6]
)
def test_hostile_paths_are_refused_quickly(handle, path):
    with pytest.raises(UnknownPathError) as caught:
        handle[path]
    assert len(str(caught.value)) < 500


def test_no_path():
    with (
        serialization.open(serialization.dumps([1])) as handle,
        pytest.raises(TypeError, match="expected text, found int"),
    ):
        handle[0]
