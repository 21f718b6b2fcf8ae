"""`autoarray-state` and the wire format: files of version 1, canonical bytes, identities, notes and provenance."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import archives
import numpy as np
import pytest
from graphs import assert_same, small
from payloads import payload, ref

import serialization
from serialization.__main__ import CHECK_FAILED, OK, UNUSABLE, main
from serialization._payload.canonical import check_canonical
from serialization._payload.compress import COMPRESSIONS

DATA = Path(__file__).parents[2] / "data"
OLD = [
    *sorted((DATA / "wire_1").glob("*.aas")),
    *sorted((DATA / "released" / "0.1.0").glob("*.aas.xz")),
    *sorted((DATA / "released" / "0.1.0").glob("cache/entries/*.aas")),
    *sorted(payload.path for payload in archives.payloads("autoarray-portable-0.1.0") if ".aas" in payload.file),
]


def bytes_of(path):
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


@pytest.fixture
def file(tmp_path):
    return serialization.save([small(), np.zeros((20, 30))], tmp_path / "graph.aas", meta={"lens": "a", "n": 1})


def convert(file, tmp_path, *arguments):
    assert main(["convert", str(file), "--out", str(tmp_path / "new"), *arguments]) == OK
    return tmp_path / "new" / file.name


def test_there_are_old_files():
    assert len(OLD) > 35
    assert {bytes_of(path)[39] for path in OLD} == {1}


@pytest.mark.parametrize("path", OLD, ids=lambda path: "-".join(path.parts[-3:]))
def test_convert_brings_version_1_to_version_2_bit_for_bit(path, tmp_path):
    old = tmp_path / "old.aas"
    old.write_bytes(bytes_of(path))
    new = convert(old, tmp_path)
    assert old.read_bytes() == bytes_of(path)
    data = new.read_bytes()
    assert data[39] == 2
    first, second = serialization.load(old), serialization.load(new)
    assert_same(first, second)
    assert data == serialization.dumps(first)
    check_canonical(data)


def test_verify_canonical(file, tmp_path, capsys):
    other = tmp_path / "other.aas"
    other.write_bytes(payload(ref(0), [], body=b"\x92\xd4\x01\x00\x91\xcd\x00\x01", objects=[-1], root="list"))
    old = tmp_path / "old.aas"
    old.write_bytes((DATA / "wire_1" / "small.aas").read_bytes())
    assert main(["verify", str(file), str(other), str(old)]) == OK
    assert main(["verify", "--canonical", str(file)]) == OK
    capsys.readouterr()

    assert main(["verify", "--canonical", str(other), str(file), str(old)]) == CHECK_FAILED
    out = capsys.readouterr().out
    assert f"{other}: FAILED: body: expected the shortest form at byte 5, found cd" in out
    assert f"{old}: FAILED: payload: expected wire version 2, found 1" in out
    assert out.count("FAILED:") == 2


def test_verify_canonical_of_a_pickle(tmp_path, capsys):
    (tmp_path / "a.pickle").write_bytes(b"\x80\x05N.")
    assert main(["verify", "--canonical", str(tmp_path / "a.pickle")]) == CHECK_FAILED
    assert "expected an .aas file, found a pickle, which has no canonical form" in capsys.readouterr().out


def test_inspect_identity(file, tmp_path, capsys):
    assert main(["inspect", "--identity", str(file)]) == OK
    assert capsys.readouterr().out == f"{serialization.identity(file)}\n"
    assert main(["inspect", "--identity", "--json", str(file)]) == OK
    assert json.loads(capsys.readouterr().out) == {"file": str(file), "identity": serialization.identity(file)}

    assert main(["inspect", "--identity", str(DATA / "wire_1" / "small.aas")]) == UNUSABLE
    assert "found 1, which has no identity; convert it first" in capsys.readouterr().err
    assert main(["inspect", "--identity", "https://example.org/a.aas"]) == UNUSABLE
    assert "expected a local file, found a URL" in capsys.readouterr().err
    file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    assert main(["inspect", "--identity", str(file)]) == UNUSABLE


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_convert_compresses(compression, file, tmp_path):
    new = convert(file, tmp_path, "--compression", compression)
    info = serialization.inspect(new)
    assert info.compression == compression
    assert info.nbytes < file.stat().st_size
    assert serialization.identity(new) == serialization.identity(file)
    assert_same(serialization.load(new), serialization.load(file))
    (tmp_path / "again").mkdir()
    assert convert(new, tmp_path / "again").read_bytes() == file.read_bytes()


def test_convert_keeps_notes_and_adds_some(file, tmp_path):
    assert serialization.inspect(convert(file, tmp_path)).meta == {"lens": "a", "n": 1}
    new = convert(file, tmp_path, "--force", "--meta", "lens=b", "--meta", "note=x = y")
    assert serialization.inspect(new).meta == {"lens": "b", "n": 1, "note": "x = y"}


@pytest.mark.parametrize("note", ["lens", "=a", ""])
def test_notes_have_a_key(note, file, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["convert", str(file), "--out", str(tmp_path / "new"), "--meta", note])
    assert f"expected KEY=TEXT, found {note!r}" in capsys.readouterr().err


def test_convert_keeps_provenance_or_tells_it_anew(file, tmp_path):
    assert serialization.inspect(convert(file, tmp_path)).provenance == {}
    made = serialization.save(small(), tmp_path / "made.aas", provenance=True)
    before = serialization.inspect(made).provenance
    assert serialization.inspect(convert(made, tmp_path)).provenance == before
    again = serialization.inspect(convert(made, tmp_path, "--force", "--provenance")).provenance
    assert again["packages"] == before["packages"]
    assert again["time"] >= before["time"]


def test_inspect_shows_notes_and_provenance(file, tmp_path, capsys):
    made = serialization.save(small(), tmp_path / "made.aas", provenance=True, meta={"lens": "a\nb", "long": "x" * 999})
    assert main(["inspect", str(made)]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert r"meta          lens = 'a\nb'" in lines
    assert any(line.startswith("provenance    time = '20") for line in lines)
    assert any(line.startswith("provenance    packages = {") for line in lines)
    assert max(map(len, lines)) < 200
    assert main(["inspect", "--json", str(made)]) == OK
    document = json.loads(capsys.readouterr().out)
    assert document["meta"] == {"lens": "a\nb", "long": "x" * 999}
    assert document["provenance"]["packages"]["numpy"] == np.__version__
