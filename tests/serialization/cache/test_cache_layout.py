"""Where the files of a cache are: sub-folders, the flat folders of 0.1.0, and what counts for the limit."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import uuid
from pathlib import Path

import cache_workers
import numpy as np
import pytest

import serialization
from serialization import Cache
from serialization._cache import entry, local

ROOT = Path(__file__).parents[3]
fsspec = pytest.importorskip("fsspec")


@pytest.fixture(params=["local", "memory", "fsspec file"])
def flat(request, tmp_path, monkeypatch):
    """A cache, and a function that puts an entry as 0.1.0 did, with the time when it was written."""
    if request.param == "memory":
        url = f"memory://{uuid.uuid4().hex}/cache"
        files = fsspec.filesystem("memory")
        root = url.removeprefix("memory:/")
    else:
        if request.param == "fsspec file":
            monkeypatch.setattr("serialization._cache.cache.address_of", str)  # not made a path of
        url = (tmp_path / "cache").as_uri() if request.param == "fsspec file" else str(tmp_path / "cache")
        files, root = fsspec.filesystem("file"), str(tmp_path / "cache")
        (tmp_path / "cache" / "entries").mkdir(parents=True, mode=0o700)
        (tmp_path / "cache").chmod(0o700)
    cache = Cache(url, lock_directory=tmp_path / "locks", recency=0.0)

    def put(name, value, written=None):
        path = f"{root}/entries/{name}.aas"
        files.pipe_file(path, value if isinstance(value, bytes) else serialization.dumps(value))
        if written is not None and request.param != "memory":
            os.utime(path, ns=(written, written))

    yield cache, put, lambda: sorted(path.removeprefix(root) for path in files.find(root))
    if request.param == "memory":
        files.store.clear()


def in_its_folder(name):
    return f"/entries/{entry.prefix_of(name)}/{name}.aas"


def test_a_folder_holds_few_entries(tmp_path):
    cache = Cache(tmp_path / "cache")
    for number in range(600):
        cache.put(f"key {number}", number)
    entries = tmp_path / "cache" / "entries"
    assert all(entry.is_prefix(path.name) and path.is_dir() for path in entries.iterdir())
    assert max(len(list(folder.iterdir())) for folder in entries.iterdir()) < 15
    assert len(cache.keys()) == cache.stats().entries == cache.verify().intact == 600
    assert cache.prune(max_bytes=0).evicted == 600


def test_the_folder_of_a_name_never_changes():
    assert {name: entry.prefix_of(name) for name in ("a", "fit%2010", "0" * 64)} == {
        "a": "e6",
        "fit%2010": "0b",
        "0" * 64: "ef",
    }


def test_flat_entries_are_read_counted_and_verified(flat):
    cache, put, files = flat
    put("old", [1])
    put("corrupt", serialization.dumps([2])[:-1])
    cache.put("new", [3])
    assert cache.get("old") == [1]
    assert cache.get("old", mmap=True) == [1]
    assert cache.get_or_compute("old", lambda: 5) == [1]
    assert "old" in cache
    assert cache.keys() == ["corrupt", "new", "old"]
    assert cache.stats().entries == 3
    assert cache.verify().corrupt == ("corrupt",)
    assert cache.stats().quarantine == 1
    assert "/entries/old.aas" in files()  # a look-up leaves it where it is
    assert cache.delete("old") is True
    assert cache.get("old") is None
    assert cache.prune(max_bytes=0).evicted == 1


def test_flat_entries_are_evicted(flat):
    cache, put, _ = flat
    for name in "abcd":
        put(name, np.zeros(10), written=1)
    size = cache.stats().bytes // 4
    small = Cache(cache.directory, max_bytes=3 * size, lock_directory=cache._options["lock_directory"])
    small.put("e", np.zeros(10))
    assert (small.stats().entries, small.stats().evictions) == (3, 2)
    assert small.get("e") is not None


def test_an_entry_that_is_written_again_moves(flat):
    cache, put, files = flat
    put("a", [1])
    put("b", [1])
    cache.put("a", [2])
    assert [path for path in files() if path.endswith(("a.aas", "b.aas"))] == ["/entries/b.aas", in_its_folder("a")]
    assert (cache.get("a"), cache.get("b")) == ([2], [1])
    assert cache.stats().entries == 2


def test_two_copies_are_one_entry(flat):
    """As a process leaves them that is killed while an entry moves."""
    cache, put, files = flat
    for name in "abcd":
        cache.put(name, ["new"])
        put(name, ["old copy"], written=1)
    assert cache.get("a") == ["new"]
    assert cache.keys() == ["a", "b", "c", "d"]
    assert cache.stats().bytes == 4 * len(serialization.dumps(["new"]))
    assert cache.verify().checked == 4
    assert cache.delete("a") is True
    assert cache.get("a") is None
    cache._store.quarantine("b")
    assert cache.get("b") is None
    cache.put("c", ["newer"])
    assert [path for path in files() if path.endswith("c.aas")] == [in_its_folder("c")]
    assert cache.get("c") == ["newer"]
    assert cache.keys() == ["c", "d"]


def test_the_older_copy_is_cleaned_away(tmp_path):
    cache = Cache(tmp_path / "cache")
    cache.put("a", ["new"])
    cache.put("b", ["old"])
    data = serialization.dumps([0])
    folder = tmp_path / "cache" / "entries"
    (folder / "a.aas").write_bytes(data)
    os.utime(folder / "a.aas", (1, 1))
    (folder / "b.aas").write_bytes(data)  # by a process of 0.1.0, later
    assert cache.get("b") == [0]
    assert cache.stats().entries == 2
    assert cache.prune().temporaries == 2
    assert sorted(path.name for path in folder.rglob("*.aas")) == ["a.aas", "b.aas"]
    assert (cache.get("a"), cache.get("b")) == (["new"], [0])
    assert (folder / "b.aas").exists()


def test_the_folder_of_a_release_moves_gently(tmp_path):
    shutil.copytree(ROOT / "tests" / "data" / "released" / "0.1.0" / "cache", tmp_path / "cache")
    cache = Cache(tmp_path / "cache", recency=0.0)
    assert cache.get("numbers") == {"pixels": [1, 2, 3]}
    cache.put("numbers", {"pixels": [4]})
    assert sorted(path.name for path in (tmp_path / "cache" / "entries").iterdir()) == sorted(
        ["mask.aas", entry.prefix_of("numbers")]
    )
    assert cache.get("numbers") == {"pixels": [4]}
    assert (cache.verify().intact, cache.stats().entries) == (2, 2)
    assert cache.prune(max_bytes=0).evicted == 2


@pytest.mark.parametrize("how", ["get", "find"])
def test_an_entry_that_moves_while_it_is_looked_up_is_found(tmp_path, monkeypatch, how):
    cache = Cache(tmp_path / "cache")
    cache.put("b", 0)
    flat, path = cache._store._paths("a")
    Path(flat).write_bytes(serialization.dumps([1]))
    regular, moved = local._regular, []

    def move_first(looked_at):
        if looked_at == flat and not moved:
            moved.append(looked_at)
            Cache(tmp_path / "cache").put("a", [2])
        return regular(looked_at)

    monkeypatch.setattr(local, "_regular", move_first)
    if how == "get":
        assert cache.get("a") == [2]
    else:
        assert "a" in cache
    assert moved == [flat]
    assert (os.path.exists(flat), os.path.exists(path)) == (False, True)


# What counts.


def bytes_in(folder):
    """The bytes of all files but the tag and the number of bytes."""
    paths = [path for path in Path(folder).rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in paths if path.name not in ("CACHEDIR.TAG", "total"))


def test_the_quarantine_counts_and_goes_first(tmp_path):
    value, root = np.zeros(1000), tmp_path / "cache"
    size = len(serialization.dumps(value))
    cache = Cache(root, max_bytes=5 * size)
    for name in "abcde":
        cache.put(name, value)
    for name in "abc":
        path = next(root.rglob(f"{name}.aas"))
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        assert cache.get(name) is None
    stats = cache.stats()
    assert (stats.entries, stats.quarantine, stats.bytes, stats.quarantine_bytes) == (2, 3, 2 * size, 3 * size)
    for number in range(3):
        cache.put(f"{number}", value)
        stats = cache.stats()
        assert (stats.entries, stats.quarantine, stats.evictions) == (3 + number, 2 - number, 0)
        assert bytes_in(root) <= 5 * size
    cache.put("last", value)
    assert (cache.stats().evictions, bytes_in(root)) == (1, 5 * size)
    os.truncate(next(root.rglob("last.aas")), size - 1)
    assert cache.get("last") is None
    report = cache.prune(max_bytes=4 * size)
    assert (report.quarantine, report.evicted, report.freed, report.bytes) == (1, 0, 0, 4 * size)
    assert bytes_in(root) == 4 * size


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_what_a_killed_writer_leaves_is_counted_and_goes_with_the_next_entry(tmp_path):
    cache, mark = Cache(tmp_path / "cache"), tmp_path / "mark"
    process = multiprocessing.get_context("spawn").Process(
        target=cache_workers.put_and_stop, args=(cache, "a", "utime", mark)
    )
    process.start()
    cache_workers.wait_for(mark)
    stats = cache.stats()
    assert (stats.entries, stats.temporaries) == (0, 1)
    assert stats.temporary_bytes == bytes_in(tmp_path / "cache") > 8e5
    cache.put("b", 1)
    assert cache.stats().temporaries == 1  # its writer lives
    process.kill()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    Cache(tmp_path / "cache").put("c", 1)
    stats = cache.stats()
    assert (stats.entries, stats.temporaries, stats.temporary_bytes) == (2, 0, 0)
    assert bytes_in(tmp_path / "cache") == stats.bytes


def test_what_others_are_writing_counts(tmp_path):
    value = np.zeros(1000)
    size = len(serialization.dumps(value))
    cache = Cache(tmp_path / "cache", max_bytes=4 * size)
    for name in "abcd":
        cache.put(name, value)
    staged = cache._store.stage("e", serialization.dumps(value), 1)
    cache.put("f", value)
    assert (cache.stats().entries, cache.stats().temporaries) == (3, 1)
    assert bytes_in(tmp_path / "cache") == 4 * size
    cache._store.discard(staged)
