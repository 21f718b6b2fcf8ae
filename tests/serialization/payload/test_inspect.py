"""`inspect`: the header of any payload, without building anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xxhash
from graphs import assert_same, small
from payloads import ext, payload, ref, resealed

import serialization
from serialization import ArrayInfo, TypeInfo
from serialization._payload import wire
from serialization._payload.info import readable_bytes
from tests.fuzz.parts import put_together, taken_apart

SMALL = serialization.dumps(small())


def test_what_it_tells():
    info = serialization.inspect(SMALL)
    assert (info.wire, info.writer) == (2, wire.WRITER)
    assert (info.backend, info.root, info.compression) == ("numpy", "tests.Part", None)
    assert info.nbytes == len(SMALL)
    assert info.intact is True
    assert info.problems == ()
    assert info.types == (
        TypeInfo("tests.Part", 1, ("value", "other"), (), 2),
        TypeInfo("tests.Computes", 1, ("values", "inside", "_use_jax"), ("total",), 1),
    )
    assert info.schema_versions == {"tests.Part": 1, "tests.Computes": 1}
    assert [str(row) for row in info.arrays] == ["<f8 (3,) C, 24 B"]
    assert info.array_bytes == 24
    assert info.containers == {"list": 2, "dict": 1, "set": 1}
    assert repr(info) == (
        f"<PayloadInfo tests.Part, {len(SMALL)} B, wire 2, autoarray-portable {wire.WRITER[1]}, numpy, 7 objects, "
        "1 arrays>"
    )


def test_of_files_and_buffers(tmp_path):
    path = serialization.save(small(), tmp_path / "small.aas")
    for source in (path, str(path), SMALL, bytearray(SMALL)):
        assert serialization.inspect(source) == serialization.inspect(SMALL)


def test_of_a_compressed_payload():
    plain, packed = (
        serialization.inspect(serialization.dumps(np.zeros((300, 2)), compression=how)) for how in (None, "zlib")
    )
    assert (plain.compression, packed.compression) == (None, "zlib")
    digest = xxhash.xxh3_128_hexdigest(bytes(4800))
    assert plain.arrays == (ArrayInfo(0, "<f8", (300, 2), "C", 0, 4800, False, None, 4800, digest, "$"),)
    (row,) = packed.arrays
    assert row == ArrayInfo(0, "<f8", (300, 2), "C", 0, 4800, False, "zlib", row.stored, digest, "$")
    assert row.stored < 100
    assert packed.intact is True


def test_notes_are_shown():
    meta = {"lens": "SLACS J0252", "tried": 3, "sampler": {"nlive": 200, "f": [0.5, None, True, b"x"]}}
    info = serialization.inspect(serialization.dumps(small(), meta=meta))
    assert info.meta == meta
    assert serialization.inspect(SMALL).meta == {}


def test_what_is_ancillary_is_never_an_error():
    info = serialization.inspect(payload(ancillary={"novel": {"a": [1, {"b": None}]}, "meta": 7}))
    assert (info.meta, info.problems) == ({}, ())
    assert serialization.loads(payload(ancillary={"novel": 1, "meta": 7})) is None


@pytest.mark.parametrize("how", [None, "zlib"])
def test_of_version_1(how):
    path = Path(__file__).parents[2] / "data" / "wire_1" / ("arrays_zlib.aas" if how else "arrays.aas")
    info = serialization.inspect(path)
    assert (info.wire, info.writer, info.compression) == (1, ("autoarray-portable", "0.1.0"), how)
    assert (info.intact, info.root, info.meta) == (True, "list", {})
    assert info.arrays == (ArrayInfo(0, "<f8", (2,), "C", 64, 16, False, path="$[0]"),)


def test_of_changed_bytes():
    data = SMALL[:-1] + bytes([SMALL[-1] ^ 1])
    info = serialization.inspect(data)
    assert info.intact is False
    assert info.problems == ("its digest does not agree with its bytes",)
    assert info.root == "tests.Part"


def test_of_arrays_that_the_root_does_not_lead_to():
    # The second list refers to itself and to the first array, and nothing else does.
    data = payload(
        ref(0),
        [[ext(2, b"\1")], [ref(1), ext(2, b"\0")]],
        body=b"\x93\xd4\x01\x00\x91\xd4\x02\x00\x92\xd4\x01\x01\xd4\x02\x01",
        arrays=[["<f8", [1], 0, 0], ["<f8", [1], 0, 64]],
        buffers=bytes(72),
    )
    info = serialization.inspect(data)
    assert [array.path for array in info.arrays] == ["$[0]", None]
    assert (info.intact, info.problems) == (True, ())
    assert str(info.tree()).count("float64") == 1
    assert info._repr_html_()
    with serialization.open(data) as handle:
        assert list(handle.arrays()) == ["$[0]"]
        assert len(handle.arrays()) == 1
    assert_same(serialization.loads(data), [np.zeros(1)])


def test_of_what_is_not_registered_here():
    types = [["other.Type", 1, ["a"], []], ["tests.Part", 7, ["b"], ["r"]]]
    info = serialization.inspect(payload(ref(0), [[ref(1)], [2, 3]], objects=[0, 1], types=types, root="other.Type"))
    assert info.problems == (
        "other.Type is not a registered type",
        "tests.Part has schema version 7, newer than 1",
    )
    assert info.types[1] == TypeInfo("tests.Part", 7, ("b",), ("r",), 1)
    assert repr(info).endswith("2 objects, 0 arrays, 2 problems>")


def test_of_a_newer_wire_version():
    changed = bytearray(SMALL)
    changed[39] = 3
    info = serialization.inspect(resealed(bytes(changed)))
    assert info.wire == 3
    assert info.writer == wire.WRITER
    assert info.root == "tests.Part"
    assert info.schema_versions == {"tests.Part": 1, "tests.Computes": 1}
    assert info.intact is None
    assert info.problems == (
        "payload: expected wire version 1 to 2, found 3, written by autoarray-portable "
        f"{wire.WRITER[1]}; read it with that release or a newer one",
    )


def test_of_a_newer_wire_version_whose_header_is_not_understood():
    changed = bytearray(SMALL)
    changed[39] = 3
    changed[64:] = b"\xc1" * len(changed[64:])
    info = serialization.inspect(bytes(changed))
    assert (info.wire, info.writer, info.root, info.types) == (3, None, None, ())
    assert "written by an unknown writer" in info.problems[0]
    assert repr(info) == f"<PayloadInfo ?, {len(SMALL)} B, wire 3, unknown writer, ?, 0 objects, 0 arrays, 1 problem>"


def test_of_an_unknown_header_entry():
    info = serialization.inspect(payload(add={"novel": 1}))
    assert info.writer == ("some-writer", "9.9")
    assert info.intact is True
    assert "found 'novel'" in info.problems[0]


@pytest.mark.parametrize("data", [b"", b"not a payload", SMALL[:40]])
def test_of_no_payload(data):
    with pytest.raises(serialization.SerializationError):
        serialization.inspect(data)


@pytest.mark.parametrize("count", [400, 1010])
def test_notes_that_are_nested_deeply_are_shown_or_left_out(count):
    parts = taken_apart(SMALL).copy()
    parts.entries["ancillary"] = b"\x82\xa4meta\x81\xa1a" + b"\x91" * count + b"\x07\xaaprovenance\x81\xa1b\x01"
    data = put_together(parts)
    info = serialization.inspect(data)
    assert (info.intact, info.problems, info.provenance) == (True, (), {"b": 1})
    assert list(info.meta) in ([], ["a"])
    assert info._repr_html_()
    assert_same(serialization.loads(data), small())


def test_a_key_that_is_nested_too_deeply_is_a_problem():
    body = b"\x92\xd4\x01\x00\x92" + b"\x91" * 1010 + b"\xc0\xc0"
    data = payload(body=body, objects=[-2], root="dict")
    info = serialization.inspect(data)
    assert (info.intact, info.problems) == (True, ("body: expected arrays that are nested less deeply",))
    assert info._repr_html_()
    with pytest.raises(serialization.LimitError, match="nested less deeply"):
        serialization.loads(data)
    with serialization.open(data) as handle, pytest.raises(serialization.LimitError, match="nested less deeply"):
        handle.tree()


@pytest.mark.parametrize("dtype", ["<U2", ">U2"])
def test_text_that_is_none_is_not_shown(dtype):
    """NumPy raises a SystemError for it."""
    for data, shown in ((np.array("ab", dtype).tobytes(), "'ab'"), (b"\xff" * 8, "array")):
        info = serialization.inspect(payload(ext(2, b"\0"), buffers=data, arrays=[[dtype, [], 0, 0]]))
        assert info.intact is True
        assert shown in str(info.tree())
        with serialization.open(payload(ext(2, b"\0"), buffers=data, arrays=[[dtype, [], 0, 0]])) as handle:
            assert handle["$"].tobytes() == data


def test_a_tuple_that_is_nested_deeply_is_named():
    nested = None
    for _ in range(1011):
        nested = (nested,)
    try:
        whole = repr(nested)  # as Python 3.12 and newer do
    except RecursionError:
        whole = None
    body = b"\x92\xd4\x01\x00\x91" + b"\x91" * 1010 + b"\xc0"
    info = serialization.inspect(payload(body=body, objects=[-1], root="list"))
    assert info.intact is True
    for text in (str(info.tree()), info._repr_html_()):
        assert ("tuple that is nested too deeply" in text) is (whole is None)
        assert whole is None or whole[:20] in text


@pytest.mark.parametrize("row", [1, ["O", [1], 64, 0], ["<f8", ["a"], 64, 0], ["<f8", [1], 64]])
def test_of_array_rows_that_are_none(row):
    with pytest.raises(serialization.CorruptError):
        serialization.inspect(payload(arrays=[row]))


def test_it_imports_and_builds_nothing(tmp_path):
    path = serialization.save(small(), tmp_path / "small.aas")
    code = (
        "import sys, serialization\n"
        f"info = serialization.inspect({str(path)!r})\n"
        "assert info.root == 'tests.Part', info\n"
        "assert 'autoarray' not in sys.modules\n"
        "assert 'jax' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (2_345_678, "2.3 MB"), (10**9, "1.0 GB"), (10**16, "10000.0 TB")],
)
def test_readable_bytes(count, text):
    assert readable_bytes(count) == text
