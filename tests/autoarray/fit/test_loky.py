"""Fits through joblib and loky: as arguments, as results, and with the arrays that joblib maps from files."""

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import problems
import pytest
import workers
from graph import walk
from graphs import assert_same

import serialization

joblib = pytest.importorskip("joblib")
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", autouse=True)
def no_workers_are_left():
    yield
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)


@pytest.fixture(scope="module")
def fits(backend):
    found = [problems.evaluated_fit_from(einstein=radius) for radius in (0.33, 0.36)]
    return [serialization.loads(serialization.dumps(fit), backend=backend) for fit in found]


@pytest.mark.parametrize("max_nbytes", [None, "1K"])
def test_fits_as_arguments_and_results(fits, max_nbytes, tmp_path):
    parallel = joblib.Parallel(n_jobs=2, backend="loky", max_nbytes=max_nbytes, temp_folder=tmp_path)
    arrived = parallel(joblib.delayed(workers.mapped_and_fit)(fit) for fit in fits)
    for fit, (results, mapped, returned) in zip(fits, arrived, strict=True):
        assert results["pid"] != os.getpid()
        assert results["log_evidence"] == float(fit.log_evidence)
        assert results["log_likelihood"] == float(fit.log_likelihood)
        assert results["jax_imported"] == fit.use_jax
        # what joblib mapped were read-only views of its files, which nothing of a fit minds
        assert bool(mapped) == (max_nbytes is not None)
        assert serialization.dumps(returned) == serialization.dumps(fit)


def test_a_fit_of_mapped_arrays_computes_the_same(tmp_path):
    """Everything can still be asked of it: the results, once they have been forgotten, come out bit for bit."""
    fit = problems.evaluated_fit_from()
    parallel = joblib.Parallel(n_jobs=2, backend="loky", max_nbytes=1, mmap_mode="r", temp_folder=tmp_path)
    ((again, mapped),) = parallel([joblib.delayed(workers.evaluated_again)(problems.fit_from())])
    assert len(mapped) > 5
    assert not any(writeable for writeable in mapped)
    assert again == {name: float(getattr(fit, name)) for name in again}


def test_a_fit_with_mapped_arrays_can_be_written(tmp_path):
    """By msgpack and by pickle, as a fit with plain arrays: the files of joblib go away."""
    fit = problems.evaluated_fit_from()
    path = tmp_path / "array"
    np.save(path, fit.dataset.data.array)
    mapped = copy.deepcopy(fit)
    mapped.dataset.data.__dict__["_array"] = np.load(f"{path}.npy", mmap_mode="r")
    assert any(isinstance(value, np.memmap) for _, value in walk(mapped))
    assert serialization.dumps(mapped) == serialization.dumps(fit)
    assert_same(serialization.loads(serialization.dumps(mapped)), serialization.loads(serialization.dumps(fit)))
    assert float(pickle.loads(pickle.dumps(mapped)).log_evidence) == float(fit.log_evidence)


def test_shared_memory_for_workers_of_loky(fits):
    with serialization.share(fits[0]) as shared:
        parallel = joblib.Parallel(n_jobs=2, backend="loky")
        found = parallel(joblib.delayed(workers.results_of_shared)(shared) for _ in range(4))
    assert {results["log_evidence"] for results in found} == {float(fits[0].log_evidence)}
    assert os.getpid() not in {results["pid"] for results in found}


def test_nothing_is_said_on_standard_error():
    code = (
        "import joblib, problems, workers\n"
        "fits = [problems.evaluated_fit_from() for _ in range(2)]\n"
        "found = joblib.Parallel(2, max_nbytes='1K')(joblib.delayed(workers.results_of)(fit) for fit in fits)\n"
        "print({results['log_evidence'] for results in found} == {fits[0].log_evidence})\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
