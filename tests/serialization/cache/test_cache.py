"""One process and its cache: what comes back, what is a miss, and what has to go."""

from __future__ import annotations

import logging
import os
import pathlib
import pickle
import re
import shutil
import stat
import sys
import types
import uuid

import numpy as np
import pytest
from graphs import Part, assert_same, small
from hypothesis import given, settings
from hypothesis import strategies as st

import serialization
from serialization import Cache
from serialization._cache import address, entry
from serialization._cache.local import LocalStore
from serialization._schema import registry

ROOT = pathlib.Path(__file__).parents[3]
fsspec = pytest.importorskip("fsspec")
posix_only = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")


def scripts_of_the_page():
    """The scripts of the page about the cache: the one that it begins with, and a store of a user's own."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "cache.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(params=["local", "file url", "memory", "fsspec file", "own store", "store of the page"])
def where(request, tmp_path, monkeypatch):
    """A folder, its URL, memory, a folder that is taken for a remote store, or a store of a user's own."""
    if request.param == "local":
        yield {"directory": tmp_path / "cache"}
    elif request.param == "file url":
        yield {"directory": (tmp_path / "cache").as_uri()}
    elif request.param == "memory":
        url = f"memory://{uuid.uuid4().hex}/cache"
        yield {"directory": url}
        fsspec.filesystem("memory").store.clear()
    elif request.param == "own store":
        monkeypatch.syspath_prepend(str(ROOT / "examples"))
        from own_store import SQLiteStore

        yield {"store": SQLiteStore(tmp_path / "cache.sqlite")}
    elif request.param == "store of the page":
        module = types.ModuleType("page")
        monkeypatch.setitem(sys.modules, "page", module)
        exec(scripts_of_the_page()[1], vars(module))
        yield {"store": module.DictStore()}
    else:
        monkeypatch.setattr("serialization._cache.cache.address_of", str)  # not made a path of
        yield {"directory": (tmp_path / "cache").as_uri()}


@pytest.fixture
def cache(where, tmp_path):
    return Cache(**where, lock_directory=tmp_path / "locks")


@pytest.fixture
def local(tmp_path):
    return Cache(tmp_path / "cache", recency=0.0)


def path_of(cache, key):
    name = entry.name_of(key)
    return os.path.join(cache.directory, "entries", entry.prefix_of(name), f"{name}.aas")


def test_what_was_put_comes_back(cache):
    assert cache.get("a") is None
    assert cache.get("a", 5) == 5
    assert cache.put("a", small()) is True
    assert_same(small(), cache.get("a"))
    cache.put("a", [1])
    assert cache.get("a") == [1]
    assert "a" in cache
    assert "b" not in cache
    stats = cache.stats()
    assert (stats.entries, stats.hits, stats.misses, stats.puts) == (1, 2, 2, 2)
    assert stats.bytes == len(serialization.dumps([1]))


def test_delete_and_keys(cache):
    for key in ("b", "A", "a b/c.ü", "con", "%41"):
        cache.put(key, key)
    assert cache.keys() == sorted(["b", "A", "a b/c.ü", "con", "%41"])
    keys = cache.keys()
    assert all(cache.get(key) == key for key in keys)
    assert cache.delete("A") is True
    assert cache.delete("A") is False
    assert "A" not in cache
    assert "con" in cache


def test_none_is_a_value(cache):
    calls = []
    assert cache.get_or_compute("none", lambda: calls.append(1)) is None
    assert cache.get_or_compute("none", lambda: calls.append(1)) is None
    assert calls == [1]
    assert cache.get("none", "default") is None


def test_computed_once(cache):
    value = small()
    assert cache.get_or_compute("a", lambda: value) is value
    assert_same(value, cache.get_or_compute("a", lambda: pytest.fail("was stored")))
    assert cache.stats().computed == 1


def test_a_function_that_raises_stores_nothing(cache):
    with pytest.raises(ZeroDivisionError):
        cache.get_or_compute("a", lambda: 1 / 0)
    with pytest.raises(serialization.UnsupportedValueError):
        cache.get_or_compute("a", lambda: len)
    with pytest.raises(serialization.UnsupportedValueError):
        cache.put("a", [len])
    assert cache.keys() == []
    assert cache.get_or_compute("a", lambda: 2) == 2


def test_a_function_may_use_the_cache_but_not_ask_for_its_own_key(cache):
    assert cache.get_or_compute("a", lambda: cache.get_or_compute("b", lambda: 1) + 1) == 2
    with pytest.raises(RuntimeError, match="own key"):
        cache.get_or_compute("c", lambda: cache.get_or_compute("c", lambda: 1))


def test_a_cache_pickles_as_its_options(cache):
    cache.put("a", 1)
    other = pickle.loads(pickle.dumps(cache))
    assert other.get("a") == 1
    assert (other.directory, other.max_bytes) == (cache.directory, cache.max_bytes)
    assert other.stats().puts == 0
    assert cache.stats().puts == 1
    stats = pickle.loads(pickle.dumps(cache.stats()))
    assert stats.as_dict()["entries"] == 1


def test_damage_is_a_miss_and_is_quarantined(cache, caplog):
    store = cache._store
    for key in "abcd":
        cache.put(key, np.arange(100.0))
    cache.put("good", 1)
    data = serialization.dumps(np.arange(100.0))
    changed = bytearray(data)
    changed[-1] ^= 1
    damaged = {"a": bytes(changed), "b": data[:-9], "c": b"", "d": b"\x80\x04N."}
    for key, content in damaged.items():
        store.commit(store.stage(key, content, 1), key)
    with caplog.at_level(logging.WARNING, logger="serialization"):
        for key in damaged:
            assert cache.get(key) is None
            assert cache.get_or_compute(key, lambda: 3) == 3
            store.commit(store.stage(key, damaged[key], 1), key)
            assert cache.get(key) is None
    assert cache.stats().quarantined == 8
    assert cache.stats().quarantine == 8
    assert len(caplog.records) == 4  # each once
    assert all("quarantine" in record.getMessage() for record in caplog.records)
    assert cache.keys() == ["good"]
    for index in range(20):
        store.commit(store.stage("a", b"%d" % index, 1), "a")
        assert cache.get("a") is None
    assert cache.stats().quarantine == entry.MOST_QUARANTINED
    newest = store.scan_quarantine()[-1]
    assert newest.name.endswith("-a.aas")


def test_an_entry_of_another_release_is_a_miss_and_stays(cache, monkeypatch, caplog):
    newer = bytearray(serialization.dumps([1]))
    newer[39] = 99  # the wire version
    store = cache._store
    store.commit(store.stage("newer", bytes(newer), 1), "newer")
    cache.put("unknown", Part(1))
    monkeypatch.delitem(registry._by_name, "tests.Part")
    monkeypatch.setattr("serialization._payload.codec._plans", {})
    with caplog.at_level(logging.WARNING, logger="serialization"):
        for _ in range(2):
            assert cache.get("newer") is None
            assert cache.get("unknown") is None
    stats = cache.stats()
    assert (stats.unreadable, stats.quarantined, stats.misses, stats.entries) == (4, 0, 4, 2)
    assert len(caplog.records) == 2
    report = cache.verify()
    assert (report.checked, report.intact, report.corrupt) == (2, 0, ())
    assert report.unreadable == ("newer", "unknown")


def test_verify_finds_damage(cache):
    store = cache._store
    for key in ("a", "b", "c"):
        cache.put(key, np.arange(50.0))
    store.commit(store.stage("b", serialization.dumps([1])[:-1], 1), "b")
    report = cache.verify(progress=list)
    assert (report.checked, report.intact, report.corrupt) == (3, 2, ("b",))
    assert cache.keys() == ["a", "c"]
    assert cache.verify().as_dict() == {"checked": 2, "intact": 2, "missing": 0, "corrupt": (), "unreadable": ()}


def test_the_limit_holds_and_the_oldest_go(where, tmp_path):
    size = len(serialization.dumps(np.zeros(100)))
    cache = Cache(**where, max_bytes=3 * size, lock_directory=tmp_path / "locks")
    for index in range(7):
        cache.put(f"{index}", np.full(100, float(index)))
        assert cache.stats().bytes <= 3 * size
    assert cache.keys() == ["4", "5", "6"]
    assert cache.stats().evictions == 4
    assert cache.put("large", np.zeros(1000)) is False
    assert cache.put("6", np.zeros(1000)) is False  # and what was there is not the value any more
    assert cache.keys() == ["4", "5"]
    assert cache.stats().refused == 2
    report = cache.prune(max_bytes=size)
    assert (report.evicted, report.freed, report.entries, report.bytes) == (1, size, 1, size)
    assert cache.keys() == ["5"]


def test_the_age_holds(where, tmp_path):
    cache = Cache(**where, max_age=1e4, lock_directory=tmp_path / "locks")
    cache.put("a", 1)
    assert cache.get("a") == 1
    strict = Cache(**where, max_age=0, lock_directory=tmp_path / "locks")
    assert "a" not in strict
    assert strict.keys() == []
    assert cache.prune().expired == 0
    assert cache.prune(max_age=0).expired == 1
    assert cache.keys() == []
    strict.put("b", 2)
    assert strict.get("b") is None
    assert strict.stats().expired == 1


def test_values_arrive_on_the_backend_that_is_asked_for(cache, where):
    jnp = pytest.importorskip("jax.numpy")
    options = {"lock_directory": cache._options["lock_directory"]}
    cache.put("a", {"x": jnp.arange(3.0)})
    there = Cache(**where, backend="numpy", **options)
    assert type(there.get("a")["x"]) is np.ndarray
    assert type(there.get_or_compute("b", lambda: {"x": jnp.arange(3.0)})["x"]) is np.ndarray
    assert not isinstance(cache.get("b")["x"], np.ndarray)


def test_compressed_entries_are_read_by_any_cache(cache, where, tmp_path):
    packed = Cache(**where, compression="zlib", mmap=True, lock_directory=tmp_path / "locks")
    packed.put("a", np.zeros(10_000))
    assert packed.stats().bytes < 1000
    assert np.array_equal(packed.get("a"), np.zeros(10_000))
    assert np.array_equal(cache.get("a", mmap=True), np.zeros(10_000))


# What only a folder of this machine has.


def test_a_payload_is_an_ordinary_file(local):
    fit = small()
    local.put("a", fit)
    assert_same(fit, serialization.load(path_of(local, "a")))
    assert not list(pathlib.Path(local.directory).rglob("*.tmp"))


@posix_only
def test_only_the_user_can_read_it(tmp_path):
    old = os.umask(0o022)
    try:
        cache = Cache(tmp_path / "new" / "cache")
        assert not (tmp_path / "new").exists()
        cache.get_or_compute("a", lambda: 1)
    finally:
        os.umask(old)
    assert stat.S_IMODE(os.stat(cache.directory).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(path_of(cache, "a")).st_mode) == 0o600


def test_the_default_folder_is_the_users(monkeypatch, tmp_path):
    pytest.importorskip("platformdirs")
    monkeypatch.setattr(address, "user_folder", lambda: tmp_path / "user")
    assert Cache().directory == str(tmp_path / "user" / "fits")
    assert not (tmp_path / "user").exists()


@pytest.mark.skipif(os.name != "posix", reason="an open file can't be removed elsewhere")
@pytest.mark.parametrize("how", ["delete", "put", "evict", "prune", "quarantine", "remove all"])
def test_a_mapped_entry_outlives_its_file(tmp_path, how):
    values = np.arange(10_000.0)
    cache = Cache(tmp_path / "cache", mmap=True, max_bytes=100_000)
    cache.put("a", {"x": values})
    mapped = cache.get("a")["x"]
    assert not mapped.flags.writeable
    assert cache.get("a", mmap=False)["x"].flags.writeable
    {
        "delete": lambda: cache.delete("a"),
        "put": lambda: cache.put("a", {"x": -values}),
        "evict": lambda: cache.put("b", values),
        "prune": lambda: cache.prune(max_bytes=0),
        "quarantine": lambda: cache._store.quarantine("a"),
        "remove all": lambda: shutil.rmtree(tmp_path / "cache"),
    }[how]()
    assert np.array_equal(mapped, values)
    after = cache.get("a")
    if how == "put":
        assert np.array_equal(after["x"], -values)
    else:
        assert after is None


def test_a_hit_counts_as_use(local):
    for key in "abc":
        local.put(key, 1)
    assert local.get("a") == 1
    assert [key for key, *_ in local.entries()] == ["a", "c", "b"]
    local.verify()  # which is none
    assert "b" in local
    assert [key for key, *_ in local.entries()] == ["a", "c", "b"]


def test_use_is_noted_once_in_a_while(tmp_path, monkeypatch):
    noted = []
    monkeypatch.setattr(LocalStore, "touch", lambda self, name, now: noted.append(name))
    cache = Cache(tmp_path, recency=3600)
    cache.put("a", 1)
    cache.put("b", 1)
    for key in "aaba":
        cache.get(key)
    assert noted == ["a", "b"]
    Cache(tmp_path, recency=3600).get("a")
    assert noted == ["a", "b", "a"]


def test_entries_that_vanish_are_misses(local, monkeypatch):
    local.put("a", 1)
    known = local._store.find("a")
    monkeypatch.setattr(local._store, "scan", lambda: [known, serialization.CacheEntry("gone", 10, 1, 1)])
    assert local.verify().missing == 1
    assert local.prune(max_bytes=0).evicted == 1
    shutil.rmtree(local.directory)
    assert local.get("a") is None
    assert local.stats().entries == 2  # of the patched scan
    monkeypatch.undo()
    assert local.stats().entries == 0
    assert local.prune().entries == 0
    local.put("a", 2)
    assert local.get("a") == 2


@posix_only
def test_temporary_files_of_dead_processes_are_removed(local):
    local.put("a", 1)
    folder, of_the_entry = os.path.join(local.directory, "entries"), entry.prefix_of("a")
    own = entry.temporary_name("b")
    dead = own.replace(f"-{os.getpid()}-", "-4999999-")
    elsewhere = own.replace(f".{entry._host()}-", ".another-host-")
    for name in (own, dead, elsewhere, ".mine.tmp"):
        open(os.path.join(folder, name), "wb").close()
    assert local.prune().temporaries == 1
    assert set(os.listdir(folder)) == {of_the_entry, own, elsewhere, ".mine.tmp"}
    assert os.listdir(os.path.join(folder, of_the_entry)) == ["a.aas"]
    os.utime(os.path.join(folder, elsewhere), (1, 1))
    assert local.prune().temporaries == 1


def test_a_value_is_returned_even_if_it_can_not_be_stored(local, monkeypatch, caplog):
    def fail(*args):
        raise OSError(28, "disk is full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk is full"):
        local.put("a", 1)
    with caplog.at_level(logging.WARNING, logger="serialization"):
        assert local.get_or_compute("a", lambda: 5) == 5
        assert local.get_or_compute("a", lambda: 6) == 6
    assert len(caplog.records) == 1
    assert os.listdir(os.path.join(local.directory, "entries")) == []


def test_no_lock_means_no_failure(tmp_path, caplog):
    (tmp_path / "locks").write_text("not a folder")
    cache = Cache(tmp_path / "cache", lock_directory=tmp_path / "locks", max_bytes=1000)
    with caplog.at_level(logging.WARNING, logger="serialization"):
        for index in range(9):
            assert cache.get_or_compute(f"{index}", lambda index=index: [index]) == [index]
    assert cache.stats().bytes <= 1000
    assert len(caplog.records) == 1
    assert "locked" in caplog.text


def test_a_folder_in_the_place_of_an_entry_is_a_miss(local):
    local.put("b", 1)
    os.makedirs(path_of(local, "a"))
    assert local.get("a") is None
    assert local.verify().unreadable == ("a",)
    assert local.stats().unreadable == 1


@pytest.mark.parametrize("package", ["platformdirs", "fsspec"])
def test_a_missing_extra_is_named(package, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    where = {"platformdirs": None, "fsspec": "memory://x"}[package]
    with pytest.raises(ModuleNotFoundError, match=r"autoarray-portable\[cache\]"):
        Cache(where).put("a", 1)


@pytest.mark.parametrize("options", [{"max_bytes": -1}, {"max_bytes": 1.5}, {"max_bytes": True}, {"max_age": -1}])
def test_bad_limits(tmp_path, options):
    with pytest.raises(ValueError, match="expected None or"):
        Cache(tmp_path, **options)


def test_bad_arguments(tmp_path):
    with pytest.raises(serialization.UnsupportedValueError, match="backend"):
        Cache(tmp_path, backend="torch")
    with pytest.raises(ValueError, match="compression"):
        Cache(tmp_path, compression="lzma")
    with pytest.raises(TypeError, match="directory"):
        Cache(b"bytes")
    cache = Cache(tmp_path)
    with pytest.raises(TypeError, match="expected a string"):
        cache.get(5)
    for key in ("", "x" * 181, "ü" * 31):
        with pytest.raises(ValueError, match="expected 1 to 180"):
            cache.get(key)
    assert "storage" not in repr(cache)


@given(key=st.text(min_size=1, max_size=14))
def test_names_of_keys(key):
    name = entry.name_of(key)
    assert entry.key_in(name) == key
    assert name == name.lower()
    assert not set(name) & set('./\\:*?"<>| ')


KEYS = "abcdefgh"


@settings(max_examples=60)
@given(
    limit=st.integers(1, 5),
    steps=st.lists(st.tuples(st.sampled_from(["get", "put", "compute", "delete"]), st.sampled_from(KEYS)), max_size=30),
)
def test_one_process_is_a_dict_of_the_least_recently_used(tmp_path_factory, limit, steps):
    size = len(serialization.dumps([0, "a"]))
    cache = Cache(tmp_path_factory.mktemp("lru"), max_bytes=limit * size, recency=0.0)
    model: dict[str, list] = {}  # the last used last
    evictions = 0
    for number, (step, key) in enumerate(steps):
        value = [number, key]
        known = model.get(key)
        if step == "delete":
            assert cache.delete(key) == (model.pop(key, None) is not None)
            continue
        if step == "get":
            assert cache.get(key) == known
        elif step == "compute":
            assert cache.get_or_compute(key, lambda value=value: value) == (known or value)
        else:
            cache.put(key, value)
        if step == "put" or (step == "compute" and known is None):
            model.pop(key, None)
            model[key] = value
            while len(model) > limit:
                model.pop(next(iter(model)))
                evictions += 1
        elif known is not None:
            model[key] = model.pop(key)
        assert [key for key, *_ in cache.entries()] == list(model)[::-1]
    assert cache.stats().evictions == evictions


def test_the_page_about_the_cache(tmp_path, monkeypatch):
    import problems

    import autoarray as aa

    code = scripts_of_the_page()[0]
    dataset = problems.dataset_from()
    mesh, regularization = aa.mesh.RectangularUniform(shape=(4, 4)), aa.reg.Constant(coefficient=2.0)
    names = {"dataset": dataset, "mesh": mesh, "regularization": regularization}
    monkeypatch.chdir(tmp_path)
    made = []
    for _ in range(2):
        exec(code, names | {"make_fit": lambda *parts: made.append(parts) or {"fit": parts}})
    assert made == [(dataset, mesh, regularization)]
    assert len(Cache("fits").keys()) == 1
