"""The decorator of functions that numba compiles where it can."""

from __future__ import annotations

import numpy as np
import pytest

from autoarray import numba_util
from autoarray._numerics import compiled


def total(values):
    result = 0.0
    for value in values:
        result += value
    return result


@pytest.fixture(params=["1", "0"], ids=["numba", "plain"])
def is_compiled(request, monkeypatch):
    if request.param == "1":
        pytest.importorskip("numba")
    monkeypatch.setenv(compiled.VARIABLE, request.param)
    compiled.is_available.cache_clear()
    yield request.param == "1"
    compiled.is_available.cache_clear()


@pytest.mark.parametrize(
    "decorate", [numba_util.jit, numba_util.jit(), numba_util.jit(cache=False, fastmath=True, nopython=True)]
)
def test_a_function_gives_what_it_gives_undecorated(is_compiled, decorate):
    values = np.arange(5.0)
    decorated = decorate(total)
    assert decorated(values) == decorated(values=values) == total(values) == 10.0
    assert decorated.__name__ == "total"
