"""A cache that many processes share: real ones, some of which are killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import cache_workers
import numpy as np
import problems
import pytest

from serialization import Cache

ROOT = Path(__file__).parents[3]
METHODS = [method for method in ("spawn", "forkserver") if method in multiprocessing.get_all_start_methods()]


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.mark.parametrize("method", METHODS)
def test_a_cache_is_sent_to_another_process(cache, method):
    fit = problems.evaluated_fit_from()
    key = cache.key(problems.fit_from())
    cache.put(key, fit)
    with ProcessPoolExecutor(1, multiprocessing.get_context(method)) as pool:
        found, pid, has_jax = pool.submit(cache_workers.read_fit, cache, key).result(timeout=60)
    assert found == fit.log_evidence
    assert pid != os.getpid()
    assert not has_jax


@pytest.mark.parametrize("method", METHODS)
def test_processes_that_ask_at_once_compute_once(cache, tmp_path, method):
    count = 3
    with ProcessPoolExecutor(count, multiprocessing.get_context(method)) as pool:
        futures = [
            pool.submit(cache_workers.compute_slowly, cache, "key", tmp_path, index, count) for index in range(count)
        ]
        by = [future.result(timeout=60) for future in futures]
    assert len(list(tmp_path.glob("computes-*"))) == 1
    assert len(set(by)) == 1


def test_threads_that_ask_at_once_compute_once(cache):
    count, calls, asked = 4, [], threading.Barrier(4)

    def ask(_):
        asked.wait(30)
        return cache.get_or_compute("key", lambda: calls.append(1) or [1.5])

    with ThreadPoolExecutor(count) as pool:
        assert list(pool.map(ask, range(count))) == [[1.5]] * count
    assert calls == [1]
    assert cache.stats().hits == count - 1


def killed(target, *arguments, mark: Path) -> None:
    """Start a process, wait until it has said how far it is, and kill it there."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=(*arguments, mark))
    process.start()
    try:
        cache_workers.wait_for(mark)
    finally:
        process.kill()
        process.join(30)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("stage", ["fsync", "utime", "replace"])
def test_a_process_killed_in_put_leaves_no_entry(cache, tmp_path, stage):
    cache.put("old", [1])
    killed(cache_workers.put_and_stop, cache, "old", stage, mark=tmp_path / "mark")
    folder = Path(cache.directory, "entries")
    assert len(list(folder.glob(".old.*.tmp"))) == 1
    assert cache.keys() == ["old"]
    assert cache.get("old") == [1]
    assert cache.stats().quarantined == 0
    cache.put("other", 2)  # its lock is free, if it had one
    assert cache.prune().temporaries == 1
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["old.aas", "other.aas"]
    assert cache.verify().intact == 2


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_if_who_computes_is_killed_the_next_one_computes(cache, tmp_path):
    killed(cache_workers.compute_and_stop, cache, "key", mark=tmp_path / "mark")
    assert cache.get_or_compute("key", lambda: 5) == 5


def test_who_does_not_want_to_wait_computes(cache):
    inside, done = threading.Event(), threading.Event()

    def slow():
        inside.set()
        assert done.wait(30)
        return 1

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(cache.get_or_compute, "key", slow)
        assert inside.wait(30)
        assert cache.get_or_compute("key", lambda: 2, timeout=0.01) == 2
        done.set()
        assert first.result(timeout=30) == 1


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="nothing forks here")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_forked_process_counts_for_itself(cache):
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(cache_workers.fork_and_count, cache).result(timeout=60) == (b"1 0", 1, 0)


def test_mixed_operations_of_many_processes(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import cache_stress

    found = cache_stress.stress(processes=4, operations=250)
    assert found["problems"] == []
    assert found["stats"]["evictions"] > 50
    assert found["counts"]["computed"] > cache_stress.KEYS
    assert found["most"] <= found["limit"]
    assert found["computed_once"] == cache_stress.KEYS


def test_the_stress_finds_what_is_wrong(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT))
    import collections

    from benchmarks import cache_stress

    with pytest.raises(AssertionError, match="key 2"):
        cache_stress.check(cache_stress.value_of(1, 5), 2)
    wrong = cache_stress.value_of(1, 5)
    wrong["values"] = wrong["values"] + np.eye(1, wrong["values"].size)[0]
    with pytest.raises(AssertionError, match="key 1"):
        cache_stress.check(wrong, 1)
    found: collections.Counter = collections.Counter()
    (tmp_path / "computing-3").touch()
    cache_stress.Computation(3, 1, tmp_path, found)()
    assert found["computed twice at once"] == 1
