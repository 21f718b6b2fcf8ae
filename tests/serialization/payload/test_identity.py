"""The identity of a payload."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from graphs import small

import serialization
from serialization._payload import wire


def graph():
    return [small(), np.arange(1000.0), np.zeros((3, 4), order="F")]


def test_it_is_the_hash_of_the_canonical_form(monkeypatch):
    found = serialization.identity(serialization.dumps(graph()))
    monkeypatch.setattr(wire, "WRITER", ("", ""))
    assert found == "aas:sha256:" + hashlib.sha256(serialization.dumps(graph())).hexdigest()


@pytest.mark.parametrize("compression", ["zlib", "shuffle-zstd", "shuffle-lz4"])
def test_compression_notes_and_the_writer_have_no_part_in_it(compression, monkeypatch, tmp_path):
    plain = serialization.identity(serialization.dumps(graph()))
    monkeypatch.setattr(wire, "WRITER", ("another", "7"))
    path = serialization.save(graph(), tmp_path / "graph.aas", compression=compression, meta={"lens": 1})
    assert serialization.identity(path) == serialization.identity(path.read_bytes()) == plain


def test_another_value_has_another_one():
    values = [1, 1.0, True, "1", b"1", (1,), [1], {1}, frozenset({1}), np.float64(1), np.ones(1), np.ones(1, ">f8")]
    assert len({serialization.identity(serialization.dumps(value)) for value in values}) == len(values)


def test_changed_bytes_have_none():
    data = serialization.dumps(graph())
    for at in (20, 100, len(data) - 1, data.index(bytes(8), 1000)):
        changed = bytearray(data)
        changed[at] ^= 1
        with pytest.raises(serialization.SerializationError):
            serialization.identity(changed)


def test_version_1_has_none():
    path = Path(__file__).parents[2] / "data" / "wire_1" / "small.aas"
    with pytest.raises(serialization.NewerVersionError, match="convert it first"):
        serialization.identity(path)
