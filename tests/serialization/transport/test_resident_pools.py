"""Resident data in pools: every kind and every start method, workers and owners that die, and what is left."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import problems
import pytest
import residents
from interrupts import interruptions, maps_of, open_files
from residents import EINSTEIN, log_evidence, report
from threadpoolctl import threadpool_limits

import serialization
from serialization._transport import resident as room
from serialization._transport import segments

ROOT = Path(__file__).parents[3]
LINUX = sys.platform == "linux"
pytestmark = pytest.mark.skipif(not LINUX, reason="looks at maps as Linux shows them")


def named():
    """What could be left behind under a name."""
    found = set()
    for place in ("/dev/shm", tempfile.gettempdir()):
        for folder, folders, files in os.walk(place):  # which passes over folders that others remove meanwhile
            if Path(folder).parent == Path(place):  # segments are no deeper
                folders.clear()
            found |= {os.path.join(folder, name) for name in files if name.startswith(segments._PREFIX)}
    return found


@pytest.fixture(autouse=True)
def nothing_is_left():
    gc.collect()
    before = named(), maps_of(segments._PREFIX)
    yield
    gc.collect()
    assert (named(), maps_of(segments._PREFIX)) == before
    assert room._kept == {}


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """BLAS adds in another order with more threads, which some pools take from their workers."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    with threadpool_limits(1):
        yield


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
@pytest.mark.parametrize("kind", ["executor", "pool"])
def test_every_pool_and_start_method(kind, method):
    script = str(ROOT / "tests" / "support" / "residents.py")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])}
    command = [sys.executable, "-W", "error", script, kind, method]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_a_worker_that_is_killed_is_replaced():
    dataset = problems.dataset_from()
    expected = log_evidence(dataset, EINSTEIN[0])
    context = multiprocessing.get_context("spawn")
    with serialization.resident(dataset) as data:
        pids = set()
        for _ in range(2):
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                found = pool.submit(report, data, EINSTEIN[0]).result(timeout=120)
                assert found["log_evidence"] - expected == 0.0
                pids.add(found["pid"])
                os.kill(found["pid"], signal.SIGKILL)
                with pytest.raises(BrokenProcessPool):
                    pool.submit(report, data, EINSTEIN[0]).result(timeout=120)
        assert len(pids) == 2
        assert log_evidence(data.get(), EINSTEIN[0]) == expected


def test_workers_that_live_for_one_task():
    dataset = problems.dataset_from()
    with (
        serialization.resident(dataset) as data,
        multiprocessing.get_context("forkserver").Pool(1, maxtasksperchild=1) as pool,
    ):
        reports = [pool.apply(report, (data, EINSTEIN[0])) for _ in range(3)]
    assert len({found["pid"] for found in reports}) == 3
    assert {found["log_evidence"] for found in reports} == {log_evidence(dataset, EINSTEIN[0])}


def test_a_worker_takes_no_memory_over_a_thousand_tasks():
    context = multiprocessing.get_context("spawn")
    with (
        serialization.resident(problems.dataset_from().apply_sparse_operator_cpu()) as data,
        ProcessPoolExecutor(1, mp_context=context) as pool,
    ):
        found = list(pool.map(residents.anonymous_kilobytes, [data] * 1000, range(1000)))
    assert len({pid for pid, _ in found}) == 1
    assert found[-1][1] - found[100][1] < 1000


def test_a_worker_of_another_release_says_so():
    """The task fails, and the pool goes on."""
    context = multiprocessing.get_context("spawn")
    with serialization.resident(0) as data, ProcessPoolExecutor(1, mp_context=context) as pool:
        own = data._made_by
        data._made_by = ("autoarray-portable 99.0.0", *own[1:])
        error = pool.submit(residents.error_of, data).result(timeout=120)
        assert type(error) is serialization.NotSharedError
        assert "expected the releases that its owner prepared it with, autoarray-portable 99.0.0" in str(error)
        assert f"found {', '.join(own)}" in str(error)
        data._made_by = own
        assert pool.submit(residents.error_of, data).result(timeout=120) is None


def test_a_worker_keeps_what_it_has_and_others_are_told():
    context = multiprocessing.get_context("spawn")
    data = serialization.resident(np.arange(3))
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(data.call, np.sum).result(timeout=120) == 3
        data.close()
        assert pool.submit(data.call, np.sum).result(timeout=120) == 3
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert type(pool.submit(residents.error_of, data).result(timeout=120)) is serialization.NotSharedError


@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "file"])
def test_an_owner_that_is_killed(in_memory, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(segments, "_in_memory", lambda: in_memory)
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=residents.own, args=(there, in_memory))
    process.start()
    data = here.recv()
    kept = data.get()
    os.kill(process.pid, signal.SIGKILL)
    process.join(timeout=120)
    assert process.exitcode == -signal.SIGKILL
    assert log_evidence(kept, EINSTEIN[0]) == log_evidence(problems.dataset_from(), EINSTEIN[0])
    with serialization.resident(0) as other:  # the file of an owner that has ended goes when the next one is made
        other.get()
    assert room._kept == {}
    with pytest.raises(serialization.NotSharedError):
        data.get()


def test_joblib():
    joblib = pytest.importorskip("joblib")
    dataset = problems.dataset_from()
    expected = [log_evidence(dataset, einstein) for einstein in EINSTEIN]
    with serialization.resident(dataset) as data, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what loky says of workers that were killed
        parallel = joblib.Parallel(n_jobs=2)
        rounds = [parallel(joblib.delayed(report)(data, value) for value in EINSTEIN) for _ in range(2)]
        residents.check(rounds, expected)
        from joblib.externals.loky import get_reusable_executor

        os.kill(rounds[0][0]["pid"], signal.SIGKILL)
        deadline = time.monotonic() + 120
        while True:  # the executor notices, and the next one is new
            try:
                again = joblib.Parallel(n_jobs=2)(joblib.delayed(report)(data, value) for value in EINSTEIN)
                break
            except Exception:
                assert time.monotonic() < deadline
        assert [found["log_evidence"] for found in again] == expected
        get_reusable_executor().shutdown(wait=True)


def test_dask():
    distributed = pytest.importorskip("distributed")
    dataset = problems.dataset_from()
    expected = [log_evidence(dataset, einstein) for einstein in EINSTEIN]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # what distributed's own shutdown leaves open
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, worker_dashboard_address=None
        )
        with cluster, distributed.Client(cluster) as client, serialization.resident(dataset) as data:
            rounds = [client.gather(client.map(report, [data] * len(EINSTEIN), EINSTEIN, pure=False)) for _ in range(2)]
            residents.check(rounds, expected)
            os.kill(rounds[0][0]["pid"], signal.SIGKILL)  # its nanny starts another one
            calls = [client.submit(data.call, log_evidence, value, pure=False) for value in EINSTEIN]
            assert client.gather(calls) == expected
        gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "file"])
def test_an_interrupt_leaves_nothing(tmp_path, monkeypatch, in_memory):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(segments, "_in_memory", lambda: in_memory)

    def make_and_get():
        with serialization.resident([np.arange(20.0)]) as data:
            assert data.get()[0].sum() == 190.0

    def kept_goes():
        """As it does when this process gets its next object."""
        with serialization.resident(0) as other:
            other.get()

    make_and_get()
    gc.collect()
    gc.freeze()
    before = open_files()
    steps = 0
    for steps in interruptions(make_and_get, "_transport/", "serialization/_files.py", "_payload/files.py"):
        kept_goes()
        gc.collect()
        assert room._kept == {}, steps
        assert open_files() == before, steps
        assert maps_of(segments._PREFIX) == 0, steps
        assert not [path for path in tmp_path.rglob("*") if path.is_file()], steps
    gc.unfreeze()
    assert steps > 300
