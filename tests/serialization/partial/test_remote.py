"""`serialization.open` of URLs: what it asks an HTTP server for, and other file systems."""

from __future__ import annotations

import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from catalog_cases import fit
from graphs import assert_same
from range_server import serving

import serialization
from serialization import CorruptError, NotAPayloadError, NotPartialError, TruncatedError
from serialization._partial import remote
from serialization._partial.remote import shown

pytest.importorskip("aiohttp")
fsspec = pytest.importorskip("fsspec")


@pytest.fixture(scope="module")
def data():
    """Three large arrays and a small one."""
    images = {name: np.arange(40_000.0) + index for index, name in enumerate(("data", "noise_map", "model"))}
    return serialization.dumps({**images, "small": np.arange(3), "name": "target"}, meta={"target": "x"})


def head_of(data):
    return int.from_bytes(data[60:64], "big")


def test_one_array_takes_three_requests_and_no_other_bytes(data):
    with serving(data) as server, serialization.open(server.url) as handle:
        assert np.array_equal(handle["['noise_map']"], np.arange(40_000.0) + 1)
    assert [method for method, _, _ in server.log] == ["GET"] * 3
    assert server.bytes == head_of(data) + 40_000 * 8


def test_the_header_takes_two_requests(data):
    with serving(data) as server, serialization.open(server.url) as handle:
        assert handle.meta == {"target": "x"}
        assert handle.info.nbytes == len(data)
        assert "['model']" in str(handle.tree())
        assert len(handle.arrays()) == 4
        assert handle["['name']"] == "target"
        assert handle.arrays()["['small']"].shape == (3,)
    assert [asked for _, asked, _ in server.log] == ["bytes=0-63", f"bytes=64-{head_of(data) - 1}"]


def test_a_part_takes_its_arrays_alone():
    whole = fit()
    data = serialization.dumps(whole)
    with serving(data) as server, serialization.open(server.url) as handle:
        part = handle.load("inversion.linear_obj_list[0]")
        assert_same(part, whole.inversion.linear_obj_list[0])
        alone = sum(row.nbytes for row in serialization.inspect(serialization.dumps(part)).arrays)
        assert alone <= server.bytes - head_of(data) < alone + 64 * len(handle.arrays())
    assert {method for method, _, _ in server.log} == {"GET"}


def test_everything_takes_three_requests(data):
    with serving(data) as server, serialization.open(server.url) as handle:
        assert serialization.dumps(handle.load(), meta={"target": "x"}) == data
    assert len(server.log) == 3
    assert server.bytes == len(data)


@pytest.mark.parametrize("path", ["$['data']", "$['small']"])
def test_a_changed_byte_of_an_array_is_an_error_with_its_path(data, path):
    with serialization.open(data) as handle:
        place = head_of(data) + handle.arrays()[path].offset + 5
    changed = bytearray(data)
    changed[place] ^= 1
    with serving(bytes(changed)) as server, serialization.open(server.url) as handle:
        with pytest.raises(CorruptError, match="its digest does not agree") as caught:
            handle[path]
        assert caught.value.path == path
        assert len(handle["['model']"]) == 40_000


def test_a_changed_header_is_an_error(data):
    changed = bytearray(data)
    changed[80] ^= 1
    with serving(bytes(changed)) as server, pytest.raises(CorruptError, match="digest"):
        serialization.open(server.url)


@pytest.mark.parametrize("length", [64, 100, 5000])
def test_a_file_that_ends_too_early(data, length):
    with serving(data[:length]) as server, pytest.raises(TruncatedError, match=f"found {length}"):
        serialization.open(server.url)


@pytest.mark.parametrize(
    ("found", "error"), [(b"", NotAPayloadError), (b"\xa7AAS", TruncatedError), (b"x" * 99, NotAPayloadError)]
)
def test_what_is_no_payload(found, error):
    with serving(found) as server, pytest.raises(error):
        serialization.open(server.url)


def test_a_file_that_is_missing(data):
    with (
        serving(data) as server,
        pytest.raises(FileNotFoundError, match=r"/missing: expected a file, found none \(HTTP 404\)"),
    ):
        serialization.open(server.url.replace("/fit.aas", "/missing"))


def test_a_server_that_is_not_there(data):
    with serving(data) as server:
        url = server.url
    with pytest.raises(OSError, match="expected ranges of bytes, found Cannot connect"):
        serialization.open(url)


def test_a_refusal_is_told_without_the_secrets_of_the_url(data):
    with serving(data) as server, pytest.raises(OSError) as caught:
        serialization.open(server.url.replace("/fit.aas", "/forbidden?Signature=secret"))
    assert (
        str(caught.value) == f"{server.url.replace('/fit.aas', '/forbidden')}: expected ranges of bytes, found HTTP 403"
    )


def test_a_server_without_ranges_is_asked_once(data):
    with serving(data, ranges=False) as server, serialization.open(server.url) as handle:
        assert np.array_equal(handle["['model']"], np.arange(40_000.0) + 2)
        assert serialization.dumps(handle.load(), meta=handle.meta) == data
    assert [count for _, _, count in server.log] == [len(data)]


def test_a_server_without_ranges_is_not_asked_for_much(data, monkeypatch):
    monkeypatch.setattr(remote, "MOST_WHOLE", 100_000)
    with serving(data, ranges=False) as server, pytest.raises(NotPartialError) as caught:
        serialization.open(server.url)
    assert str(caught.value) == (
        f"{server.url}: expected a server that hands out ranges of bytes (HTTP 206), found HTTP 200 with more than "
        "100000 bytes; download the file, and open that"
    )


def test_a_payload_of_wire_version_1():
    old = (Path(__file__).parents[2] / "data/released/0.1.0/cache/entries/numbers.aas").read_bytes()
    with serving(old) as server, pytest.raises(NotPartialError, match="expected wire version 2, found 1"):
        serialization.open(server.url)
    assert server.bytes == 64


def test_memory_and_zip(data, tmp_path):
    fsspec.filesystem("memory").pipe_file("/handles/fit.aas", data)
    with zipfile.ZipFile(tmp_path / "fits.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/fit.aas", data)
    for url in (
        "memory://handles/fit.aas",
        f"zip://a/fit.aas::file://{tmp_path}/fits.zip",
        f"file://{tmp_path}/fit.aas",
    ):
        (tmp_path / "fit.aas").write_bytes(data)
        with serialization.open(url) as handle:
            assert np.array_equal(handle["['noise_map']"], np.arange(40_000.0) + 1)
            assert serialization.dumps(handle.load(), meta={"target": "x"}) == data
    with pytest.raises(FileNotFoundError):
        serialization.open("memory://handles/none.aas")


def test_the_end_is_missing_elsewhere(data):
    fsspec.filesystem("memory").pipe_file("/handles/cut.aas", data[:-10])
    with serialization.open("memory://handles/cut.aas") as handle:
        assert len(handle["['data']"]) == 40_000
        with pytest.raises(TruncatedError, match="expected 24 bytes, found 14") as caught:
            handle["['small']"]
        assert caught.value.path == "$['small']"


def test_options_are_those_of_the_file_system(data):
    with serving(data) as server, serialization.open(server.url, headers={"X-Of-Mine": "1"}) as handle:
        again = pickle.loads(pickle.dumps(handle))
        assert again["['name']"] == "target"
        assert again._options == {"headers": {"X-Of-Mine": "1"}}
    with pytest.raises(TypeError, match="expected options of a file system, headers, with a URL alone"):
        serialization.open(data, headers={})


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://user:password@example.org/a/fit.aas?X-Amz-Signature=123", "https://example.org/a/fit.aas"),
        ("zip://a.aas::https://me:se@cret@host/x.zip", "zip://a.aas::https://host/x.zip"),
        ("s3://bucket/fit.aas", "s3://bucket/fit.aas"),
    ],
)
def test_messages_name_a_url_without_secrets(url, text):
    assert shown(url) == text


@pytest.mark.parametrize("package", ["fsspec", "aiohttp"])
def test_a_missing_package_names_the_extra(package):
    code = (
        f"import sys; sys.modules[{package!r}] = sys.modules[{package + '.core'!r}] = None\n"
        "import serialization\n"
        "try: serialization.open('http://127.0.0.1:9/fit.aas')\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.startswith(f"opening http://127.0.0.1:9/fit.aas: expected the package {package}, found ")
    assert "pip install autoarray-portable[remote]" in out


def test_local_files_need_no_fsspec(data, tmp_path):
    (tmp_path / "fit.aas").write_bytes(data)
    code = (
        "import sys, serialization\n"
        f"handle = serialization.open({str(tmp_path / 'fit.aas')!r})\n"
        "handle[\"['small']\"], handle.info\n"
        "print(sorted({'fsspec', 'aiohttp', 'jax', 'autoarray'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
