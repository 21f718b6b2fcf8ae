"""An interrupt between any two steps leaves no file, no descriptor and no map behind."""

from __future__ import annotations

import gc
import os
import sys

import numpy as np
import pytest
from interrupts import interruptions, maps_of, open_files

import serialization

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors and maps as Linux shows them"),
    # What an interrupted function held is closed with its last reference, which the interpreter remarks.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
VALUE = [np.arange(20.0), "text"]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nothing is flushed to the disk, and all classes are known."""
    monkeypatch.setattr(os, "fsync", int)
    serialization.loads(serialization.dumps(VALUE))
    gc.collect()
    gc.freeze()  # what is there already need not be looked through after each step
    yield
    gc.unfreeze()


def is_value(restored):
    return len(restored) == 2 and restored[0].tolist() == VALUE[0].tolist() and restored[1:] == VALUE[1:]


@pytest.mark.parametrize("old", [None, ["old"]], ids=["new", "replaced"])
def test_save(tmp_path, old):
    path = tmp_path / "file.aas"
    before = open_files()
    steps = complete = 0

    def save():
        path.unlink(missing_ok=True)
        if old is not None:
            path.write_bytes(payload)
        serialization.save(VALUE, path)

    payload = serialization.dumps(old)
    for steps in interruptions(save, "serialization/_"):
        assert os.listdir(tmp_path) in (["file.aas"], [] if old is None else ["file.aas"]), steps
        assert open_files() == before, steps
        if path.exists():
            restored = serialization.load(path)
            complete += is_value(restored)
            assert restored == old or is_value(restored), steps
    assert steps > 300
    assert 0 < complete < steps
    assert is_value(serialization.load(path))
    assert open_files() == before


def test_save_beside_what_a_killed_writer_left(tmp_path):
    """The descriptors of the files that are looked at."""
    from serialization import _files

    left = tmp_path / _files._temporary_name()
    before = open_files()
    steps = removed = 0

    def save():
        _files._next_search.clear()
        left.touch()
        serialization.save(VALUE, tmp_path / "file.aas")

    for steps in interruptions(save, "serialization/_files.py"):
        assert set(os.listdir(tmp_path)) <= {"file.aas", left.name}, steps
        assert open_files() == before, steps
        removed += not left.exists()
    assert 0 < removed < steps
    assert os.listdir(tmp_path) == ["file.aas"]


def test_write_file(tmp_path):
    from serialization._payload.files import write_file

    path = tmp_path / "file"
    before = open_files()
    steps = 0
    complete = 0

    def write():
        path.unlink(missing_ok=True)
        write_file(path, [b"bytes"], mode=0o600)

    for steps in interruptions(write, "serialization/_files.py", "_payload/files.py"):
        assert open_files() == before, steps
        if path.exists():  # the interrupt came behind the last step that could fail
            complete += path.read_bytes() == b"bytes"
            assert complete
    assert steps > 50
    assert complete < 5
    assert path.read_bytes() == b"bytes"


@pytest.mark.parametrize("mmap", [False, True])
def test_load(tmp_path, mmap):
    path = serialization.save(VALUE, tmp_path / "file.aas")
    before = open_files()
    steps = 0
    for steps in interruptions(lambda: serialization.load(path, mmap=mmap), "serialization/_"):
        assert open_files() == before, steps
        assert maps_of(str(path)) == 0, steps
    assert steps > 300


def test_inspect(tmp_path):
    path = serialization.save(VALUE, tmp_path / "file.aas")
    before = open_files()
    steps = 0
    for steps in interruptions(lambda: serialization.inspect(path), "serialization/_"):
        assert open_files() == before, steps
        assert maps_of(str(path)) == 0, steps
    assert steps > 300


def test_the_steps_are_those_of_the_files_that_are_named():
    done = []

    def action():
        done.append(len(done))
        done.append(len(done))

    steps = list(interruptions(action, "payload/test_interrupts.py"))
    assert len(steps) > 10
    assert list(interruptions(action, "no such file")) == []
    assert done
