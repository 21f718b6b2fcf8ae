"""A store of a user's own: that of examples/own_store.py, those of the page, and what is no store."""

from __future__ import annotations

import multiprocessing
import pickle
import re
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cache_workers
import pytest
from graphs import assert_same, small

import serialization
from serialization import Cache
from serialization._cache.access import Access
from serialization._cache.local import LocalStore
from serialization._cache.remote import RemoteStore
from serialization._cache.store import check_store, store_from

ROOT = Path(__file__).parents[3]
METHODS = "exists make load inspect find scan stage commit discard touch remove quarantine scan_quarantine"
METHODS += " remove_quarantined scan_staged clean"


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    from own_store import SQLiteStore

    return SQLiteStore(tmp_path / "fits.sqlite")


def test_the_cache_is_called_as_its_store(store):
    cache = Cache(store=store)
    assert cache.directory == cache.stats().store == store.address
    assert repr(cache).startswith(f"Cache('{store.address}', max_bytes=")
    assert not cache.exists()
    assert cache.keys() == []
    assert not Path(store.address).exists()  # a look-up makes nothing
    cache.put("a", 1)
    assert cache.exists()


def test_it_pickles_with_its_store(store):
    cache = Cache(store=store, max_age=50.0)
    cache.put("a", small())
    data = pickle.dumps(cache)
    assert b"serialization._" not in data
    there = pickle.loads(data)
    assert_same(small(), there.get("a"))
    assert (there.directory, there.max_age) == (store.address, 50.0)
    store.lock = threading.Lock()
    with pytest.raises(TypeError, match="lock"):
        pickle.dumps(cache)


def test_an_entry_pickles_under_the_name_of_the_package():
    entry = serialization.CacheEntry("a", 10, 1, 2)
    data = pickle.dumps(entry)
    assert b"serialization._" not in data
    assert pickle.loads(data) == entry


def test_processes_that_ask_at_once_compute_once(store, tmp_path):
    count, cache = 3, Cache(store=store)
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        futures = [
            pool.submit(cache_workers.compute_slowly, cache, "key", tmp_path, index, count) for index in range(count)
        ]
        by = {future.result(timeout=60) for future in futures}
    assert len(list(tmp_path.glob("computes-*"))) == 1
    assert len(by) == 1
    assert cache.keys() == ["key"]


def test_a_store_that_can_not_be_reached_costs_the_entry_alone(store, tmp_path):
    store.address = str(tmp_path / "missing" / "fits.sqlite")
    cache = Cache(store=store)
    assert cache.get("a") is None
    assert cache.get_or_compute("a", lambda: 5) == 5
    with pytest.raises(OSError, match="unable to open"):
        cache.put("a", 5)
    (tmp_path / "other.sqlite").write_bytes(b"not a database of SQLite" * 100)
    store.address = str(tmp_path / "other.sqlite")
    assert cache.get("a") is None
    assert cache.get_or_compute("a", lambda: 6) == 6


def test_a_look_up_does_not_raise_what_its_store_raises(store):
    def fail(*arguments):
        raise OSError("the network is down")

    cache, aged = Cache(store=store, recency=0.0), Cache(store=store, max_age=100.0)
    cache.put("a", 5)
    store.touch = fail
    assert cache.get("a") == 5
    store.find = fail
    assert cache.get("a") == 5
    assert aged.get("a") is None
    assert aged.get_or_compute("a", lambda: 6) == 6
    assert aged.stats().unreadable == 3


@pytest.mark.parametrize("name", [*METHODS.split(), "address", "locks", "slow_commit"])
def test_a_missing_member_is_named(name):
    members = {member: None for member in [*METHODS.split(), "address", "locks", "slow_commit"] if member != name}
    with pytest.raises(TypeError, match=rf"expected an object .*serialization\.Store, found .* of Own without {name}$"):
        Cache(store=type("Own", (), members)())


def test_the_protocol_has_these_members_and_ours_have_them(tmp_path):
    with pytest.raises(TypeError) as caught:
        check_store(object())
    assert str(caught.value).endswith(f"without address, locks, slow_commit, {', '.join(METHODS.split())}")
    pytest.importorskip("fsspec")
    for address, kind in ((str(tmp_path), LocalStore), ("memory://x", RemoteStore)):
        own = store_from(address, {}, Access())
        assert type(own) is kind
        check_store(own)


def test_what_is_no_store(store, tmp_path):
    with pytest.raises(TypeError, match=r"found the class SQLiteStore$"):
        Cache(store=type(store))
    with pytest.raises(TypeError, match="goes to `store=`"):
        Cache(store)
    for other in ({"directory": tmp_path}, {"storage_options": {"anon": True}}):
        with pytest.raises(TypeError, match="found both"):
            Cache(store=store, **other)


def test_the_page_has_the_members_of_a_store():
    section = (ROOT / "docs" / "cache.md").read_text(encoding="utf-8").partition("\n## A store of your own\n")[2]
    rows = re.findall(r"^\| (`.+`) \| ", section.partition("\n## ")[0], re.MULTILINE)
    named = re.findall(r"`(\w+)", " ".join(rows))
    assert sorted(named) == sorted([*METHODS.split(), "address", "locks", "slow_commit"])
    assert serialization.Store.__doc__
