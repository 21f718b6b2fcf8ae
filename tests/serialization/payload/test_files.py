"""Files: whole or not there, mapped or copied, compressed or not."""

from __future__ import annotations

import os
import pathlib

import numpy as np
import pytest
from graphs import assert_same, small

import serialization
from serialization._payload import files
from serialization._payload.memory import aligned_empty


def test_save_and_load(tmp_path):
    path = serialization.save(small(), tmp_path / "small.aas")
    assert path == tmp_path / "small.aas"
    assert path.read_bytes() == serialization.dumps(small())
    assert_same(small(), serialization.load(path))
    assert os.listdir(tmp_path) == ["small.aas"]


def test_a_path_may_be_a_string_of_any_suffix(tmp_path):
    path = serialization.save([1], str(tmp_path / "name"))
    assert isinstance(path, pathlib.Path)
    assert serialization.load(str(path)) == [1]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_keeps_the_old_file_and_leaves_nothing(tmp_path, monkeypatch, step):
    path = serialization.save([1], tmp_path / "file.aas")

    def fail(*args):
        raise OSError("disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(os, step, fail)
        with pytest.raises(OSError, match="disk is full"):
            serialization.save([2], path)
    assert os.listdir(tmp_path) == ["file.aas"]
    assert serialization.load(path) == [1]


def test_a_value_that_cannot_be_written_touches_no_file(tmp_path):
    path = serialization.save([1], tmp_path / "file.aas")
    with pytest.raises(serialization.UnsupportedValueError):
        serialization.save([len], path)
    assert os.listdir(tmp_path) == ["file.aas"]
    assert serialization.load(path) == [1]


def test_the_folder_is_flushed_after_the_file(tmp_path, monkeypatch):
    flushed = []
    real = os.fsync

    def fsync(descriptor):
        flushed.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    path = serialization.save([1], tmp_path / "file.aas")
    assert flushed == [path.stat().st_ino, tmp_path.stat().st_ino]


def test_permissions_are_those_of_any_new_file(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    path = serialization.save([1], tmp_path / "file.aas")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_missing_file_or_folder_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        serialization.load(tmp_path / "missing.aas")
    with pytest.raises(FileNotFoundError):
        serialization.save([1], tmp_path / "missing" / "file.aas")


@pytest.mark.parametrize("mmap", [False, True])
def test_an_empty_file_is_no_payload(tmp_path, mmap):
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(serialization.NotAPayloadError, match="found nothing"):
        serialization.load(tmp_path / "empty", mmap=mmap)


@pytest.mark.parametrize("mmap", [False, True])
def test_a_damaged_file_raises(tmp_path, mmap):
    path = serialization.save([np.zeros(100)], tmp_path / "file.aas")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(serialization.CorruptError):
        serialization.load(path, mmap=mmap)


def test_mapped_arrays_are_views_of_the_file(tmp_path):
    arrays = [np.arange(1000.0), np.arange(12).reshape(3, 4).T, np.zeros((0, 2)), np.array(5, ">i4")]
    path = serialization.save(arrays, tmp_path / "file.aas")
    restored = serialization.load(path, mmap=True)
    assert_same(arrays, restored)
    full = [array for array in restored if array.size]
    assert len(full) == 3
    for array in full:
        assert not array.flags.owndata
        assert not array.flags.writeable
        assert array.ctypes.data % 64 == 0
        with pytest.raises(ValueError):
            array[...] = 0


def test_a_mapped_file_may_be_replaced_meanwhile(tmp_path):
    path = serialization.save([np.zeros(1000)], tmp_path / "file.aas")
    (restored,) = serialization.load(path, mmap=True)
    serialization.save([np.ones(1000)], path)
    assert restored.sum() == 0.0
    path.unlink()
    assert restored.sum() == 0.0


def test_copies_are_aligned_and_writeable(tmp_path):
    arrays = [np.arange(5, dtype="i1"), np.arange(3.0)]
    path = serialization.save(arrays, tmp_path / "file.aas")
    for restored in (serialization.load(path), serialization.loads(path.read_bytes())):
        for array in restored:
            assert array.ctypes.data % 64 == 0
            assert array.flags.writeable


def test_compression(tmp_path):
    root = [small(), np.zeros(100_000), np.zeros((0, 3)), "text"]
    path = serialization.save(root, tmp_path / "file.aas", compression="zlib")
    assert path.stat().st_size < 3000
    restored = serialization.load(path)
    assert_same(root, restored)
    assert restored[1].flags.writeable
    assert serialization.dumps(root, compression="zlib") == path.read_bytes()
    with pytest.raises(serialization.NotMappableError, match=r"file\.aas: expected an uncompressed payload"):
        serialization.load(path, mmap=True)


def test_unknown_compression():
    with pytest.raises(serialization.UnsupportedValueError, match=r"expected None, 'zlib', .*, found 'gzip'"):
        serialization.dumps(1, compression="gzip")


@pytest.mark.parametrize("convert", [bytes, bytearray, memoryview, lambda data: np.frombuffer(data, np.uint8)])
def test_any_buffer_is_read(convert):
    data = serialization.dumps(small())
    assert_same(small(), serialization.loads(convert(data)))


def test_reading_does_not_depend_on_the_buffer_afterwards():
    data = bytearray(serialization.dumps([np.arange(3.0), b"bytes"]))
    restored = serialization.loads(data)
    data[:] = bytes(len(data))
    assert restored[0].tolist() == [0.0, 1.0, 2.0]
    assert restored[1] == b"bytes"


def test_a_file_is_read_in_as_many_reads_as_it_takes(tmp_path, monkeypatch):
    import io

    path = serialization.save([np.arange(1000.0)], tmp_path / "file.aas")
    real = io.FileIO.readinto

    class Slow(io.FileIO):
        def readinto(self, buffer):
            return real(self, memoryview(buffer)[:1000])

    monkeypatch.setattr("builtins.open", lambda path, mode, buffering=-1: Slow(path, "r"))
    assert bytes(files.read_into(path, aligned_empty)) == serialization.dumps([np.arange(1000.0)])
