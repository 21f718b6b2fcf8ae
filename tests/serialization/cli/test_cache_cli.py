"""`autoarray-state cache`: what it prints, what it removes, and how it fails."""

from __future__ import annotations

import json
import os
from argparse import ArgumentTypeError

import numpy as np
import pytest

import serialization
from serialization.__main__ import CHECK_FAILED, OK, UNUSABLE, main
from serialization._cache import address, entry
from serialization._cli.cache import age_from, size_from


@pytest.fixture
def cache(tmp_path):
    cache = serialization.Cache(tmp_path / "cache", recency=0.0)
    for count in (1, 10, 100):
        cache.put(f"fit {count}", np.zeros(count))
    cache.get("fit 1")
    return cache


def run(capsys, *arguments):
    code = main(["cache", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_ls(cache, capsys):
    code, out, _ = run(capsys, "ls", "--directory", cache.directory)
    assert code == OK
    rows = [line.split() for line in out.splitlines()[2:]]
    assert [row[:2] for row in rows] == [["fit", "1"], ["fit", "100"], ["fit", "10"]]
    assert rows[0][-2:] == ["s", "ago"]


def test_ls_as_json(cache, capsys):
    code, out, _ = run(capsys, "ls", "--json", "--directory", cache.directory)
    entries = json.loads(out)
    assert code == OK
    assert [entry["key"] for entry in entries] == ["fit 1", "fit 100", "fit 10"]
    assert sum(entry["bytes"] for entry in entries) == cache.stats().bytes
    assert entries[0]["used"] > entries[0]["written"]


def test_stats(cache, capsys):
    code, out, _ = run(capsys, "stats", "--json", "--directory", cache.directory)
    assert code == OK
    assert json.loads(out) == {
        "store": cache.directory,
        "entries": 3,
        "bytes": cache.stats().bytes,
        "quarantine": 0,
        "quarantine_bytes": 0,
        "temporaries": 0,
        "temporary_bytes": 0,
        "locks": 2,
    }
    code, out, _ = run(capsys, "stats", "--directory", cache.directory)
    assert ["entries", "3"] in [line.split() for line in out.splitlines()]


def test_verify(cache, capsys):
    assert run(capsys, "verify", "--directory", cache.directory)[0] == OK
    path = os.path.join(cache.directory, "entries", entry.prefix_of("fit%2010"), "fit%2010.aas")
    os.truncate(path, 100)
    code, out, _ = run(capsys, "verify", "--directory", cache.directory)
    assert code == CHECK_FAILED
    assert "fit 10: FAILED" in out
    code, out, _ = run(capsys, "verify", "--json", "--directory", cache.directory)
    assert code == OK
    assert json.loads(out) == {"checked": 2, "intact": 2, "missing": 0, "corrupt": [], "unreadable": []}


def test_prune(cache, capsys):
    size = cache._store.find("fit%201").size
    code, out, _ = run(capsys, "prune", "--json", "--max-bytes", f"{size}B", "--directory", cache.directory)
    assert code == OK
    found = json.loads(out)
    assert (found["evicted"], found["entries"], found["bytes"]) == (2, 1, size)
    assert cache.keys() == ["fit 1"]
    assert run(capsys, "prune", "--directory", cache.directory)[0] == OK
    assert cache.keys() == ["fit 1"]
    code, out, _ = run(capsys, "prune", "--max-age", "0s", "--directory", cache.directory)
    assert ["expired", "1"] in [line.split() for line in out.splitlines()]
    assert cache.keys() == []


def test_the_default_folder_need_not_be_there(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(address, "user_folder", lambda: tmp_path / "user")
    assert run(capsys, "ls", "--json")[:2] == (OK, "[]\n")
    assert run(capsys, "prune")[0] == OK
    assert not (tmp_path / "user").exists()


@pytest.mark.parametrize("action", ["ls", "stats", "verify", "prune"])
def test_a_folder_that_is_no_cache(action, capsys, tmp_path):
    code, out, err = run(capsys, action, "--directory", str(tmp_path))
    assert (code, out) == (UNUSABLE, "")
    assert err.count("\n") == 1
    assert "expected a cache" in err
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "size"), [("0", 0), ("1000", 1000), ("10kB", 10_000), ("1.5 GiB", 1610612736), ("2m", 2_000_000)]
)
def test_sizes(text, size):
    assert size_from(text) == size


@pytest.mark.parametrize(("text", "age"), [("90", 90.0), ("1.5h", 5400.0), ("30 d", 2592000.0), ("2W", 1209600.0)])
def test_ages(text, age):
    assert age_from(text) == age


@pytest.mark.parametrize(
    ("function", "text"), [(size_from, "5 parsecs"), (size_from, "-1"), (size_from, "3iB"), (age_from, "soon")]
)
def test_what_is_no_size_or_age(function, text):
    with pytest.raises(ArgumentTypeError, match="expected"):
        function(text)
