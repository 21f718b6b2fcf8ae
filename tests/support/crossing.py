"""How a fit goes to another process and to bytes and back, and what may be reachable from it."""

from __future__ import annotations

import pickle

import graph
import matrix
import workers

import serialization
from autoarray._backend import is_jax_array

CODECS = {"pickle": pickle, "msgpack": serialization}


def assert_it_crosses(fit, process, xp, terms=("log_likelihood",)):
    """Assert that an evaluated fit has its results, to the bit, in another process, and after it came back."""
    expected = matrix.results_of(fit)
    assert set(expected["xp"]) == {xp.__name__}
    for name, codec in CODECS.items():
        payload = codec.dumps(fit)
        found, back = process.submit(workers.cell_results, payload, name).result(timeout=300)
        assert found.pop("pid") > 0
        found.pop("jax_imported")
        assert found == expected, name
        for restored in (codec.loads(payload), codec.loads(back)):
            assert matrix.results_of(restored) == expected, name
            for term in terms:
                assert getattr(restored, term) - getattr(fit, term) == 0.0, term


def assert_nothing_foreign(fit, backend):
    """Assert that only data are reachable from a fit, and from what became of it, and of NumPy no array of JAX."""
    for codec in (None, *CODECS.values()):
        each = fit if codec is None else codec.loads(codec.dumps(fit))
        found = list(graph.walk(each))
        assert [path for path, value in found if isinstance(value, graph.FORBIDDEN)] == []
        if backend == "numpy":
            assert [path for path, value in found if is_jax_array(value)] == []
