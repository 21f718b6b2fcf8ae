"""The models of a batch in threads, and the threads of BLAS meanwhile."""

import os
import threading

import numpy as np
import problems
import pytest

import autoarray as aa
from autoarray._numerics import batch_threads, blas_threads, cholesky
from autoarray._numerics.batch_threads import for_each
from autoarray.inversion.inversion._curvature import tile_sums

WAIT = 60.0  # seconds, which only a failing test waits for


class Controller:
    """As that of threadpoolctl: limits hold for the process, and each gives back what it found."""

    def __init__(self):
        self.threads = 8

    def limit(self, limits, user_api):
        assert user_api == "blas"
        before, self.threads = self.threads, limits
        controller = self

        class Context:
            def restore_original_limits(self):
                controller.threads = before

        return Context()


@pytest.fixture
def controller(monkeypatch):
    found = Controller()
    monkeypatch.setattr(blas_threads, "_controller", lambda: found)
    return found


def test_every_item_is_done_at_once_for_as_many_as_there_are_threads(monkeypatch, controller):
    monkeypatch.setenv(batch_threads.VARIABLE, "3")
    together, done = threading.Barrier(3, timeout=WAIT), []

    def work(item):
        together.wait()
        done.append((item, controller.threads))

    for_each(work, range(6))
    assert sorted(done) == [(item, 1) for item in range(6)]
    assert controller.threads == 8


@pytest.mark.parametrize(("threads", "items"), [("1", 4), ("4", 1), ("4", 0)])
def test_one_thread_or_one_item_stays_in_this_thread(monkeypatch, controller, threads, items):
    monkeypatch.setenv(batch_threads.VARIABLE, threads)
    seen = []
    for_each(lambda item: seen.append((item, threading.get_ident(), controller.threads)), range(items))
    assert seen == [(item, threading.get_ident(), 8) for item in range(items)]


def test_what_a_call_raises_is_raised(monkeypatch, controller):
    monkeypatch.setenv(batch_threads.VARIABLE, "2")

    def work(item):
        if item == 1:
            raise ValueError("item 1")

    with pytest.raises(ValueError, match="item 1"):
        for_each(work, range(4))
    assert controller.threads == 8


def test_batches_at_the_same_time_share_the_limit(controller):
    # The first to begin ends first: what the second one found is not what it must give back.
    first, second = blas_threads.one_blas_thread(), blas_threads.one_blas_thread()
    with first:
        second.__enter__()
    assert controller.threads == 1
    second.__exit__(None, None, None)
    assert controller.threads == 8


def test_a_fork_in_the_middle_of_a_batch_forgets_it(controller):
    with blas_threads.one_blas_thread():
        parent = blas_threads._limit
        blas_threads._forget_the_limit()
        assert blas_threads._limit.calls == 0
        with blas_threads.one_blas_thread():
            pass
        blas_threads._limit = parent
    assert controller.threads == 8


@pytest.mark.parametrize("settings", [{}, {"use_positive_only_solver": False}])
def test_a_fit_multiplies_and_factorizes_with_one_thread(monkeypatch, controller, settings):
    # On two idle cores it takes twice as long with two threads.
    seen = []

    def watch(module, name):
        function = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *args, **more: seen.append(controller.threads) or function(*args, **more)
        )

    watch(tile_sums, "tile_blocks_from")
    watch(cholesky, "factorize_in_place")
    fit = problems.fit_from("numpy", "uniform")
    inversion = aa.Inversion(
        dataset=fit.dataset, linear_obj_list=fit.inversion.linear_obj_list, settings=aa.Settings(**settings)
    )
    assert np.isfinite(aa.FitImaging(dataset=fit.dataset, inversion=inversion).log_evidence)
    assert len(seen) >= 2
    assert set(seen) == {1}
    assert controller.threads == 8


def test_without_threadpoolctl(monkeypatch):
    monkeypatch.setattr(blas_threads, "_controller", lambda: None)
    monkeypatch.setenv(batch_threads.VARIABLE, "2")
    done = []
    for_each(done.append, range(5))
    assert sorted(done) == list(range(5))


def test_threadpoolctl_limits_the_blas_of_an_inversion(monkeypatch):
    threadpoolctl = pytest.importorskip("threadpoolctl")
    import scipy.linalg  # noqa: F401

    def threads():
        return {i["filepath"]: i["num_threads"] for i in threadpoolctl.threadpool_info() if i["user_api"] == "blas"}

    monkeypatch.setenv(batch_threads.VARIABLE, "2")
    before, during = threads(), []
    for_each(lambda _: during.append(threads()), range(2))
    assert all(set(found.values()) <= {1} for found in during)
    assert threads() == before


def test_the_number_of_threads(monkeypatch):
    monkeypatch.setenv(batch_threads.VARIABLE, "5")
    assert batch_threads.threads_at_most() == 5
    monkeypatch.delenv(batch_threads.VARIABLE)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert batch_threads.threads_at_most() == cores
    for wrong in ("0", "-2", "two", "1.5"):
        monkeypatch.setenv(batch_threads.VARIABLE, wrong)
        with pytest.raises(ValueError, match="AUTOARRAY_THREADS: expected a whole number above zero, found"):
            batch_threads.threads_at_most()


def test_the_models_of_a_batch_are_in_threads(monkeypatch):
    jax = pytest.importorskip("jax")
    from autoarray._numerics.host_call import host_call

    monkeypatch.setenv(batch_threads.VARIABLE, "2")
    together = threading.Barrier(2, timeout=WAIT)

    def work(x):
        together.wait()
        return 2.0 * x

    def called(x):
        return host_call(work, jax.ShapeDtypeStruct((3,), np.float64), x)

    x = jax.numpy.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(jax.jit(jax.vmap(called))(x), 2.0 * np.asarray(x))
