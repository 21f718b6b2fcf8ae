"""A fit in another process: by queue and by executor, under spawn and forkserver, and back."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import problems
import pytest
import workers

METHODS = ["spawn", "forkserver"]


@pytest.fixture(scope="module")
def fit(backend):
    return problems.evaluated_fit_from(backend)


def assert_arrived(fit, results: dict, returned) -> None:
    name = "jax.numpy" if fit.use_jax else "numpy"
    assert results["pid"] != multiprocessing.current_process().pid
    assert (results["xp"], results["geometry_xp"]) == (name, name)
    assert results["jax_imported"] == fit.use_jax
    for found in (results["log_likelihood"], float(returned.log_likelihood)):
        assert found - float(fit.log_likelihood) == 0.0
    for found in (results["log_evidence"], float(returned.log_evidence)):
        assert found - float(fit.log_evidence) == 0.0
    assert returned._xp is fit._xp


@pytest.mark.parametrize("method", METHODS)
def test_process_and_queue(fit, method):
    context = multiprocessing.get_context(method)
    there, back = context.Queue(), context.Queue()
    process = context.Process(target=workers.put_results, args=(there, back))
    process.start()
    there.put(fit)
    results, returned = back.get(timeout=120)
    process.join(timeout=120)
    assert process.exitcode == 0
    assert_arrived(fit, results, returned)


@pytest.mark.parametrize("method", METHODS)
def test_executor(fit, method):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as executor:
        results, returned = executor.submit(workers.results_and_fit, fit).result(timeout=120)
    assert_arrived(fit, results, returned)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_worker_with_another_number_of_blas_threads(fit, threads, monkeypatch):
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, threads)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        results, returned = executor.submit(workers.results_and_fit, fit).result(timeout=120)
    assert results["threads"] == threads
    assert_arrived(fit, results, returned)


@pytest.mark.parametrize("method", METHODS)
def test_pool(fit, method):
    with multiprocessing.get_context(method).Pool(2) as pool:
        arrived = pool.map(workers.results_and_fit, [fit] * 3, chunksize=1)
        pool.close()
        pool.join()
    assert len(arrived) == 3
    for results, returned in arrived:
        assert_arrived(fit, results, returned)
