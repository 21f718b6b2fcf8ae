"""How a stored value is compared with the recomputed one, and by how much it may differ."""

from __future__ import annotations

import numpy as np
import pytest

from serialization import Compared
from serialization._graph.recompute import deviation, limit_of

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("stored", "computed", "expected"),
    [
        (2.0, 2.0, 0.0),
        (0.5, 0.6, 0.1),  # relative to 1, not to what is smaller
        ([10.0, 0.0], [10.0, 1.0], 0.1),
        ([1, 2], [1, 4], 1.0),
        ([1j, 2.0], [1j, 2.0], 0.0),
        ([], [], 0.0),
        ([1.0, 2.0], [1.0], INF),
        ([NAN, 1.0], [NAN, 1.5], 0.5),
        ([NAN, 1.0], [0.0, 1.0], INF),
        ([INF, 1.0], [INF, 1.0], 0.0),
        ([INF, 1.0], [-INF, 1.0], INF),
        ([INF, 1.0], [NAN, 1.0], INF),
        ("a", "a", 0.0),
        ("a", "b", INF),
        (1.0, "b", INF),
    ],
)
def test_deviation(stored, computed, expected):
    assert deviation(np.asarray(stored), np.asarray(computed)) == pytest.approx(expected)


def test_one_set_of_limits():
    assert limit_of(solution=False) == 1e-8
    assert limit_of(solution=True) == 1e-6
    assert limit_of(solution=False, noise=1e-9) == 1e-8
    assert limit_of(solution=False, noise=3e-7) == 3e-7
    assert limit_of(solution=False, noise=1.0) == 1e-6


@pytest.mark.parametrize("noise", [0.0, 3e-7, 1.0])
def test_what_an_old_pickle_stored_has_the_same_limits(noise):
    assert Compared("$", "reconstruction", 0.0, noise).limit == limit_of(solution=True, noise=noise)
    assert Compared("$", "regularization_term", 0.0, noise).limit == limit_of(solution=False, noise=noise)
