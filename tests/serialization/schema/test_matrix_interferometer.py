"""Every mesh by every route to visibilities, to another process and to bytes and back, on both backends."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import graph
import matrix
import matrix_interferometer as cells
import pytest
import workers

import autoarray as aa
import serialization
from autoarray._backend import is_jax_array

CODECS = {"pickle": pickle, "msgpack": serialization}
FITTED = [(mesh, route) for mesh in matrix.MESHES for route in cells.ROUTES]


@pytest.fixture(scope="module")
def process():
    """A spawned process, which knows nothing but what it is sent."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize(("mesh", "route"), FITTED)
def test_a_fit_crosses_to_another_process_and_back(mesh, route, backend, xp, process):
    if (route, backend) == ("matrix_free", "jax"):
        with pytest.raises(aa.exc.InversionException, match="expected numpy, found jax"):
            cells.new_fit(mesh, route, backend)
        return
    fit = cells.new_fit(mesh, route, backend)
    cells.evaluate(fit)
    expected = matrix.results_of(fit)
    assert {"fit.log_evidence", "fit.log_likelihood", "inversion.reconstruction"} <= expected.keys()
    assert set(expected["xp"]) == {xp.__name__}
    for name, codec in CODECS.items():
        payload = codec.dumps(fit)
        found, back = process.submit(workers.cell_results, payload, name).result(timeout=300)
        assert found.pop("pid") > 0
        found.pop("jax_imported")
        assert found == expected, name
        for restored in (codec.loads(payload), codec.loads(back)):
            assert matrix.results_of(restored) == expected, name
            assert restored.log_evidence - fit.log_evidence == 0.0


@pytest.mark.parametrize(("mesh", "route"), FITTED)
def test_nothing_foreign_is_reachable(mesh, route, backend):
    if (route, backend) == ("matrix_free", "jax"):
        with pytest.raises(aa.exc.InversionException, match="expected numpy, found jax"):
            cells.new_fit(mesh, route, backend)
        return
    fit = cells.new_fit(mesh, route, backend)
    cells.evaluate(fit)
    for codec in (None, *CODECS.values()):
        each = fit if codec is None else codec.loads(codec.dumps(fit))
        found = list(graph.walk(each))
        assert [path for path, value in found if isinstance(value, graph.FORBIDDEN)] == []
        if backend == "numpy":
            assert [path for path, value in found if is_jax_array(value)] == []
