"""The neighbors of a mesh by their public name, which pickles of PyAutoArray and of release 0.1.0 ask for too."""

from __future__ import annotations

import pickle

import archives
import numpy as np
import pytest

import serialization
from autoarray import exc
from autoarray.inversion.linear_obj import _neighbors
from autoarray.inversion.linear_obj.neighbors import Neighbors

# Those that have neighbors, and that need no class but those of this project.
PAYLOADS = [
    one
    for one in archives.payloads()
    if one.is_warm and "dill" not in one.file and one.entry["kind"] == "chain" and "delaunay" in one.file
]


def neighbors():
    return Neighbors(arr=np.array([[1, 2], [0, -1], [0, -1]]), sizes=np.array([2, 1, 1]))


@pytest.mark.parametrize("payload", PAYLOADS, ids=str)
def test_a_pickle_of_pyautoarray_says_how_to_read_it(payload):
    with pytest.raises(
        exc.StateException, match=r"Neighbors: expected .* Read that file with serialization\.load_pickle"
    ):
        pickle.loads(payload.data())


def test_there_are_payloads():
    assert len({one.release for one in PAYLOADS}) > 2


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("load", [pickle.loads, serialization.load_pickle], ids=["pickle", "load_pickle"])
def test_a_pickle_of_release_0_1_0_is_read(load, protocol):
    """Its class had the public name; these protocols write a name as it is, without its length."""
    data = pickle.dumps(neighbors(), protocol=protocol)
    former = data.replace(b"linear_obj._neighbors\n", b"linear_obj.neighbors\n")
    assert len(former) == len(data) - 1
    restored = load(former)
    assert type(restored) is _neighbors.Neighbors
    np.testing.assert_array_equal(restored.array, neighbors().array)
    np.testing.assert_array_equal(restored.sizes, neighbors().sizes)


@pytest.mark.parametrize("load", [pickle.loads, serialization.load_pickle], ids=["pickle", "load_pickle"])
def test_a_pickle_of_this_release_is_read(load):
    restored = load(pickle.dumps(neighbors()))
    np.testing.assert_array_equal(restored.array, neighbors().array)
    np.testing.assert_array_equal(restored.sizes, neighbors().sizes)


def test_the_name_stands_for_the_class():
    assert type(neighbors()) is _neighbors.Neighbors
    assert isinstance(neighbors(), Neighbors)
    assert not isinstance(np.zeros(3), Neighbors)
    assert issubclass(_neighbors.Neighbors, Neighbors)
    assert issubclass(Neighbors, Neighbors)
    assert not issubclass(np.ndarray, Neighbors)
    assert Neighbors.__doc__ == _neighbors.Neighbors.__doc__


def test_a_class_of_a_user_derives_from_the_class():
    class Ring(Neighbors):
        def __init__(self, pixels: int) -> None:
            index = np.arange(pixels)
            super().__init__(np.column_stack(((index + 1) % pixels, index - 1)) % pixels, np.full(pixels, 2))

    ring = Ring(4)
    assert isinstance(ring, Neighbors)
    assert issubclass(Ring, Neighbors)
    assert Ring.__bases__ == (_neighbors.Neighbors,)
    assert ring.array.tolist() == [[1, 3], [2, 0], [3, 1], [0, 2]]
