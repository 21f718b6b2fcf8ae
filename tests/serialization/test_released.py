"""What earlier releases pickled, saved and cached is what this release reads, bit for bit."""

from __future__ import annotations

import dataclasses
import json
import lzma
import pickle
import pickletools
import shutil
from pathlib import Path

import graphs
import numpy as np
import pytest

import autoarray as aa
import serialization

FOLDERS = sorted(path for path in (Path(__file__).parents[1] / "data" / "released").iterdir() if path.is_dir())
EXPORTED = {
    (folder.name, name): bytes.fromhex(data)
    for folder in FOLDERS
    for name, data in json.loads((folder / "exported.json").read_text()).items()
}
OBJECTS = [path.with_suffix("").with_suffix("") for folder in FOLDERS for path in sorted(folder.glob("*.pickle.xz"))]


def stored(path, suffix):
    return lzma.decompress(path.with_name(path.name + suffix).read_bytes())


def modules_named(data):
    """The modules that a pickle of protocol 5 names."""
    texts, memo, named = [], {}, set()
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name == "MEMOIZE":
            memo[len(memo)] = texts[-1] if texts else None
        elif "UNICODE" in opcode.name:
            texts.append(argument)
        elif opcode.name in ("BINGET", "LONG_BINGET"):
            texts.append(memo[argument])
        elif opcode.name == "STACK_GLOBAL":
            named.add(texts[-2])
        else:
            continue
    return named


def test_there_are_stored_objects():
    counts = {folder.name: sum(path.parent == folder for path in OBJECTS) for folder in FOLDERS}
    assert counts["0.1.0"] == 13
    assert min(counts.values()) >= 13
    for folder in FOLDERS:
        exported = {name for release, name in EXPORTED if release == folder.name}
        assert {"Cache", "CacheStats", "PayloadInfo", "LoadReport", "load", "load_pickle"} <= exported


@pytest.mark.parametrize(("release", "name"), EXPORTED)
def test_exported_objects_load(release, name):
    loaded = pickle.loads(EXPORTED[release, name])
    if callable(loaded):
        assert loaded is getattr(serialization, name)
    else:
        assert type(loaded) is getattr(serialization, name)
        if dataclasses.is_dataclass(loaded):
            assert all(hasattr(loaded, field.name) for field in dataclasses.fields(loaded))


@pytest.mark.parametrize(("release", "name"), EXPORTED)
def test_exported_objects_name_the_package_alone(release, name):
    named = modules_named(pickle.dumps(pickle.loads(EXPORTED[release, name]), protocol=5))
    assert named
    assert not [module for module in named if any(part.startswith("_") for part in module.split("."))]


def test_every_exported_name_says_that_it_is_of_the_package():
    for name in serialization.__all__:
        assert getattr(serialization, name).__module__ in ("serialization", "serialization.errors"), name


@pytest.mark.parametrize("path", OBJECTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_domain_objects_load_bit_for_bit(path):
    from_payload = serialization.loads(stored(path, ".aas.xz"))
    from_pickle = serialization.load_pickle(stored(path, ".pickle.xz"))  # which adds the fields that came later
    graphs.assert_same(from_pickle, from_payload)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_cache_entries_load(folder, tmp_path):
    shutil.copytree(folder / "cache", tmp_path / "cache")
    cache = serialization.Cache(tmp_path / "cache")
    assert cache.get("numbers") == {"pixels": [1, 2, 3]}
    mask = cache.get("mask")
    assert isinstance(mask, aa.Mask2D)
    assert np.array_equal(mask.array, aa.Mask2D.circular(shape_native=(6, 6), pixel_scales=0.1, radius=0.2).array)
    assert cache.stats().entries == 2


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_cache_keeps_and_serves_the_entries_of_an_earlier_wire_version(folder, tmp_path):
    shutil.copytree(folder / "cache", tmp_path / "cache")
    entries = {path.name: path.read_bytes() for path in (tmp_path / "cache").rglob("*.aas")}
    assert {serialization.inspect(data).wire for data in entries.values()} == {1 if folder.name == "0.1.0" else 2}
    cache = serialization.Cache(tmp_path / "cache", compression="zlib")
    cache.put("new", np.zeros(999))
    for arguments in ({}, {"mmap": True}):
        graphs.assert_same(cache.get("numbers", **arguments), {"pixels": [1, 2, 3]})
        graphs.assert_same(cache.get("mask", **arguments), serialization.loads(entries["mask.aas"]))
    assert cache.get_or_compute("numbers", lambda: 1 / 0) == {"pixels": [1, 2, 3]}
    report = cache.verify()
    assert (report.checked, report.intact, report.corrupt, report.unreadable) == (3, 3, (), ())
    assert cache.prune(max_bytes=10**6).evicted == 0
    kept = {path.name: path.read_bytes() for path in (tmp_path / "cache").rglob("*.aas")}
    assert entries.items() < kept.items()
    (new,) = kept.keys() - entries.keys()
    assert serialization.inspect(kept[new]).wire == 2
    # What is put under the name of an old entry takes its place, in the wire version of today.
    cache.put("numbers", [2])
    assert cache.get("numbers") == [2]
    assert cache.stats().entries == 3
