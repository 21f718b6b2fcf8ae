"""The locks of a cache: they don't pile up, nobody holds one that another one holds, and nobody waits for ever."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import cache_workers
import pytest

from serialization import Cache
from serialization._cache import file_lock
from serialization._cache.file_lock import FileLock, text_in

SPAWN = multiprocessing.get_context("spawn")
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and links are POSIX's")


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def lock_files(cache):
    return sorted(path.name for path in Path(cache.directory, "locks").iterdir())


def started(target, *arguments):
    process = SPAWN.Process(target=target, args=arguments)
    process.start()
    return process


def kill(process):
    process.kill()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


def test_locks_do_not_pile_up(cache):
    for number in range(300):
        cache.get_or_compute(f"key {number}", lambda number=number: number)
    assert lock_files(cache) == ["total", "total.lock"]
    assert cache.stats().locks == 2


def test_who_computes_has_one_file(cache):
    def compute():
        assert lock_files(cache) == ["outer.lock"]
        return cache.get_or_compute("inner", lambda: lock_files(cache))

    assert cache.get_or_compute("outer", compute) == ["inner.lock", "outer.lock"]
    with pytest.raises(ZeroDivisionError):
        cache.get_or_compute("raises", lambda: 1 / 0)
    assert lock_files(cache) == ["total", "total.lock"]


def test_the_first_entry_of_a_process_removes_the_locks_that_another_release_left(cache):
    folder = Path(cache.directory, "locks")
    folder.mkdir(parents=True, mode=0o700)
    for number in range(500):
        (folder / f"old-{number}.lock").touch(0o600)
    held = FileLock.acquire(str(folder / "old-7.lock"), 0o600)
    assert held is not None
    cache.put("a", 1)
    assert lock_files(cache) == ["old-7.lock", "total", "total.lock"]
    held.release(remove=True)
    assert lock_files(cache) == ["total", "total.lock"]


@posix_only
def test_killed_processes_leave_locks_that_the_next_one_takes_or_removes(cache, tmp_path):
    for key in ("a", "b"):
        process = started(cache_workers.compute_and_stop, cache, key, tmp_path / key)
        cache_workers.wait_for(tmp_path / key)
        kill(process)
    assert lock_files(cache) == ["a.lock", "b.lock"]
    assert cache.stats().locks == 2
    assert cache.get_or_compute("a", lambda: 5) == 5  # which stores the first entry, and removes that of "b"
    assert lock_files(cache) == ["total", "total.lock"]


@posix_only
def test_a_forked_child_does_not_hold_the_lock_of_its_killed_parent(cache, tmp_path):
    process = started(cache_workers.fork_in_compute, cache, "a", tmp_path / "mark")
    cache_workers.wait_for(tmp_path / "mark")
    process.kill()
    child = int((tmp_path / "mark").read_text())
    try:
        with ThreadPoolExecutor(1) as pool:
            computed = pool.submit(cache.get_or_compute, "a", lambda: 5).result(timeout=20)
    finally:
        os.kill(child, signal.SIGKILL)
    assert computed == 5
    process.join(30)


@posix_only
def test_nobody_holds_a_lock_that_another_one_holds(tmp_path):
    path, mark = str(tmp_path / "a.lock"), str(tmp_path / "mark")
    with ProcessPoolExecutor(4, SPAWN) as pool:
        counts = [pool.submit(cache_workers.take_turns, path, mark, 400) for _ in range(4)]
        assert [count.result(timeout=120) for count in counts] == [(400, 0)] * 4
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="tells whether a process is alive")
def test_nobody_computes_what_a_living_process_computes_while_others_are_killed(cache, tmp_path):
    marks, rng = tmp_path / "marks", random.Random(1)
    marks.mkdir()
    seeds = itertools.count()

    def start():
        seed = next(seeds)
        process = started(cache_workers.compute_until_killed, cache, marks, seed)
        return process, seed

    running = [start() for _ in range(3)]
    for _ in range(6):
        process, seed = running.pop(0)
        cache_workers.wait_for(marks / f"done-{seed}", 60)
        time.sleep(rng.uniform(0.0, 0.2))
        kill(process)
        running.append(start())
    for process, seed in running:
        cache_workers.wait_for(marks / f"done-{seed}", 60)
        kill(process)
    assert [path.name for path in marks.glob("both-outer*")] == []
    assert len(lock_files(cache)) <= 2 + 2 * 9  # two of each killed process, at most
    Cache(cache.directory).put("next", 1)
    assert lock_files(cache) == ["total", "total.lock"]


@posix_only
@pytest.mark.parametrize("looks", [True, False])
def test_who_has_locked_a_file_looks_whether_it_is_still_there(tmp_path, monkeypatch, looks):
    path, others = str(tmp_path / "a.lock"), [FileLock.acquire(str(tmp_path / "a.lock"), 0o600)]
    try_lock = file_lock._try_lock

    def try_lock_late(descriptor):
        if len(others) == 1:  # the holder removes the file that has just been opened, and another one makes it anew
            others[0].release(remove=True)
            others.append(None)
            others[1] = FileLock.acquire(path, 0o600)
        return try_lock(descriptor)

    monkeypatch.setattr(file_lock, "_try_lock", try_lock_late)
    if not looks:
        monkeypatch.setattr(file_lock, "_is_at", lambda descriptor, path: True)
    second = FileLock.acquire(path, 0o600)
    assert others[1] is not None
    assert (second is None) == looks
    for lock in (second, others[1]):
        if lock is not None:
            lock.release(remove=False)


def test_a_lock_that_is_dropped_is_free(tmp_path):
    path = str(tmp_path / "a.lock")
    lock = FileLock.acquire(path, 0o600)
    assert lock is not None
    assert FileLock.acquire(path, 0o600) is None
    del lock
    assert os.listdir(tmp_path) == []
    FileLock.acquire(path, 0o600).release(remove=False)
    assert os.listdir(tmp_path) == ["a.lock"]


@posix_only
def test_what_a_person_removes_is_made_anew(cache, tmp_path):
    def compute():
        for name in lock_files(cache):
            Path(cache.directory, "locks", name).unlink()
        return cache.get_or_compute("inner", lambda: 1)

    assert cache.get_or_compute("outer", compute) == 1
    assert lock_files(cache) == ["total", "total.lock"]


# Waiting for one another.


def test_processes_that_wait_for_each_other_go_on(cache, tmp_path):
    with ProcessPoolExecutor(3, SPAWN) as pool:
        futures = [
            pool.submit(cache_workers.compute_crosswise, cache, own, other, tmp_path, tmp_path)
            for own, other in ("ab", "bc", "ca")
        ]
        values = [future.result(timeout=60) for future in futures]
    assert [value[0] for value in values] == ["a", "b", "c"]
    assert any(text.endswith((" by a", " by b", " by c")) for value in values for text in value)
    assert lock_files(cache) == ["total", "total.lock"]


def test_threads_that_wait_for_each_other_go_on(cache, tmp_path):
    other_cache = Cache(tmp_path / "other")  # of the locks of two caches
    both = threading.Barrier(2)

    def ask(first, second):
        def compute():
            both.wait(30)
            return 1 + second.get_or_compute("key", lambda: 10)

        return first.get_or_compute("key", compute)

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(ask, cache, other_cache), pool.submit(ask, other_cache, cache)]
        values = sorted(future.result(timeout=30) for future in futures)
    assert values in ([11, 11], [11, 12])


@posix_only
def test_one_that_waits_for_a_killed_one_gets_its_turn(cache, tmp_path):
    """The killed one held "a", and had written that it waits for "b"."""
    process = started(cache_workers.compute_crosswise, cache, "a", "b", tmp_path, tmp_path)
    cache_workers.wait_for(tmp_path / "a")
    path = Path(cache.directory, "locks", "a.lock")

    def compute():
        (tmp_path / "b").touch()
        while not text_in(str(path)):
            time.sleep(0.01)
        kill(process)
        assert text_in(str(path)).endswith("b.lock")
        return [1, *cache.get_or_compute("a", lambda: [2])]

    assert cache.get_or_compute("b", compute) == [1, 2]
    assert cache.get("a") == [2]
    assert lock_files(cache) == ["total", "total.lock"]


def test_who_waits_while_it_computes_still_computes_once(cache):
    """Only a circle makes a process compute twice: a key inside many others is computed by one of them."""
    count, calls, asked = 6, [], threading.Barrier(6)

    def inner():
        calls.append(1)
        time.sleep(0.3)
        return 7

    def ask(number):
        def outer():
            asked.wait(30)
            return number + cache.get_or_compute("m", inner)

        return cache.get_or_compute("abcxyz"[number], outer)

    with ThreadPoolExecutor(count) as pool:
        assert list(pool.map(ask, range(count))) == [7 + number for number in range(count)]
    assert calls == [1]


def test_what_is_written_says_who_waits_for_whom(cache, tmp_path):
    inside, done = threading.Event(), threading.Event()

    def inner():
        inside.set()
        assert done.wait(30)
        return 1

    outer_path = str(Path(cache.directory, "locks", "outer.lock"))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get_or_compute, "inner", inner)
        assert inside.wait(30)
        second = pool.submit(cache.get_or_compute, "outer", lambda: cache.get_or_compute("inner", lambda: 2))
        while not text_in(outer_path):
            time.sleep(0.01)
        assert text_in(outer_path) == str(Path(cache.directory, "locks", "inner.lock"))
        done.set()
        assert first.result(timeout=30) == second.result(timeout=30) == 1


@posix_only
@pytest.mark.parametrize("kind", ["link", "hard link", "pipe", "folder"])
def test_what_is_no_lock_is_not_written_into(cache, tmp_path, kind, caplog):
    target, locks = tmp_path / "target", Path(cache.directory, "locks")
    target.write_text("a letter to a friend")
    locks.mkdir(parents=True, mode=0o700)
    for name in ("a.lock", "total", "total.lock"):
        {
            "link": lambda path: path.symlink_to(target),
            "hard link": lambda path: path.hardlink_to(target),
            "pipe": os.mkfifo,
            "folder": os.mkdir,
        }[kind](locks / name)
    assert cache.get_or_compute("a", lambda: 1) == 1
    cache.put("b", 2)
    assert (cache.get("a"), cache.get("b")) == (1, 2)
    assert cache.prune(max_bytes=0).evicted == 2
    assert target.read_text() == "a letter to a friend"
    assert "can't be locked" in caplog.text
