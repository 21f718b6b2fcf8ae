"""The comparison of the round-trip tests fails when it should."""

import numpy as np
import pytest
from graphs import Part, assert_same, name_of

NAN = float("nan")
SHARED = [1]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 2),
        (1, 1.0),
        (1, True),
        (0.0, -0.0),
        (0j, complex(0, -0.0)),
        ("a", b"a"),
        (1.0, np.float64(1.0)),
        (np.float64(1), np.float32(1)),
        (np.float64(0.0), np.float64(-0.0)),
        ([1], (1,)),
        ([1], [1, 2]),
        ([1, [2, 3]], [1, [2, 4]]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({1, 2}, {1, 3}),
        (frozenset({1}), frozenset({2})),
        (np.arange(2), np.arange(3)),
        (np.arange(2), np.arange(2.0)),
        (np.arange(2.0), np.arange(2.0).astype(">f8")),
        (np.array([0.0]), np.array([-0.0])),
        (np.zeros((1, 2)), np.zeros((2, 1))),
        (Part(1), Part(2)),
        (Part(1), [1]),
        (Part(Part(1)), Part(Part(2))),
        ([SHARED, SHARED], [[1], [1]]),
        ([[1], [1]], [SHARED, SHARED]),
    ],
    ids=name_of,
)
def test_it_fails(a, b):
    with pytest.raises(AssertionError):
        assert_same(a, b)


def test_it_fails_on_results_that_differ():
    a, b = Part(1), Part(1)
    vars(b)["extra"] = 1
    with pytest.raises(AssertionError):
        assert_same(a, b)


@pytest.mark.parametrize(
    "value", [1, NAN, [NAN, (1, {"a": np.array([NAN])})], Part([SHARED, SHARED]), {1, "a"}], ids=name_of
)
def test_it_passes(value):
    assert_same(value, value)
