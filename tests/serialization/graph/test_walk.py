"""What a live graph holds, in which order, and under which paths."""

from __future__ import annotations

import types

import numpy as np
import pytest
from graphs import Part

from autoarray._state import DerivedValues
from serialization._graph import walk
from serialization._graph.paths import path_of


class Key:
    """Compared by identity."""


def paths_of(root, children=None):
    return [path for path, _ in walk.objects_of(root, children)]


def test_each_object_is_met_once_by_its_shortest_path():
    shared = Part(1)
    loop = Part([Part([shared]), shared])
    loop.again = loop
    assert paths_of({"a": loop}) == ["$['a']", "$['a'].value[0]", "$['a'].value[1]"]
    assert path_of({"a": loop}, lambda value: value is shared) == "$['a'].value[1]"


def test_keys_and_elements_are_met():
    key, element = Key(), Key()
    keyed = {key: 1, "set": frozenset({element})}
    assert [value for _, value in walk.objects_of(keyed)] == [key, element]


def test_stored_results_follow_the_state():
    part, result = Part(Key()), Key()
    part._derived = DerivedValues()
    part._derived.results = {"total": (result,)}
    part._derived.intermediates = {"matrix": Key()}
    assert paths_of(part) == ["$", "$.value", "$.total[0]"]
    assert paths_of(part, walk.state_of) == ["$", "$.value"]


@pytest.mark.parametrize("leaf", [np.arange(3), np.float64(1.0), Key, types, len, Part(1).__init__, "text", None, 3])
def test_arrays_and_code_hold_nothing(leaf):
    assert list(walk.children_of(leaf)) == []
    assert not walk.has_state(leaf)


def test_arrays_of_jax_hold_nothing():
    jnp = pytest.importorskip("jax.numpy")
    assert list(walk.children_of(jnp.arange(3))) == []


def test_arrays_in_containers_are_found_and_those_of_objects_are_not():
    first, second, other = np.arange(3), np.arange(2.0), Part(np.zeros(1))
    loop = [first, {"key": (second, other)}]
    loop.append(loop)
    arrays = list(walk.arrays_in([loop, loop, other]))
    assert [id(array) for array in arrays] == [id(first), id(second)]
