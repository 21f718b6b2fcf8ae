"""`serialization.open`: parts of a payload by their paths."""

from __future__ import annotations

import copy
import lzma
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest
from catalog_cases import fit
from graphs import Computes, Part, assert_same, small

import autoarray as aa
import serialization
from serialization import CorruptError, SchemaError, TruncatedError, UnknownPathError, UnknownTypeError
from serialization._graph.walk import children_of, objects_of
from serialization._payload import wire
from serialization._walk import walk

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def whole():
    return fit()


@pytest.fixture(scope="module")
def data(whole):
    return serialization.dumps(whole, meta={"target": "a lens", "tries": [1, 2]})


@pytest.fixture
def handle(data, tmp_path):
    path = tmp_path / "fit.aas"
    path.write_bytes(data)
    with serialization.open(path) as handle:
        yield handle


def test_arrays_by_their_paths(handle, whole):
    found = handle["inversion.reconstruction"]
    assert found.flags.writeable
    assert found.__array_interface__["data"][0] % 64 == 0
    assert_same(found, whole.inversion.reconstruction)
    assert_same(handle["dataset.data"], whole.dataset.data.array)
    assert_same(handle["$.dataset.data._array"], whole.dataset.data.array)
    assert_same(handle["dataset.data.array"], whole.dataset.data.array)
    assert_same(
        handle["_inversion.linear_obj_list[0].interpolator.data_grid"],
        whole.inversion.linear_obj_list[0].interpolator.data_grid.array,
    )
    assert handle["dataset.data"] is not handle["dataset.data"]


def test_plain_values_by_their_paths(handle, whole):
    assert_same(handle["log_evidence"], whole.log_evidence)
    assert_same(handle["dataset.data.mask.pixel_scales"], whole.dataset.mask.pixel_scales)
    assert handle["dataset.data.mask.pixel_scales[-1]"] == whole.dataset.mask.pixel_scales[1]
    assert handle["dataset.data.header"] is None


@pytest.mark.parametrize("make", [fit, small], ids=["fit", "small"])
def test_every_object_is_what_a_payload_of_it_alone_would_hold(make):
    whole = make()
    with serialization.open(serialization.dumps(whole)) as handle:
        paths = [path for path, _ in objects_of(whole)]
        assert len(paths) > 2
        for path, value in objects_of(whole):
            assert serialization.dumps(handle.load(path)) == serialization.dumps(value), path


def test_everything_of_a_graph_has_the_path_that_messages_name(whole):
    graph = [whole, {"a": {1: (2.5, whole.dataset), "it's": [np.arange(3), b"x"]}, 7: {444}, None: 2**80}]
    with serialization.open(serialization.dumps(graph)) as handle:
        count = 0
        for path, value in walk(graph, children_of):
            if not path().endswith(f"[{value!r}]"):  # a key has the path of its value
                assert serialization.dumps(handle.load(path())) == serialization.dumps(value), path()
                count += 1
        assert count > 60
        assert handle["[1][7][0]"] == 444
        assert handle["[1]['a'][\"it's\"][1]"] == b"x"
        assert handle["[1][None]"] == 2**80
        assert handle["[1]['a'][1][0]"] == 2.5


def test_what_is_shared_in_a_part_is_one_object():
    values, mask = np.arange(3.0), Part("mask")
    inner = Part([mask, values], other=(mask, values))
    mask.other = inner  # a cycle
    with serialization.open(serialization.dumps({"x": [Part(1), inner], "y": values})) as handle:
        part = handle.load("['x'][1]")
        assert part.value[0] is part.other[0]
        assert part.value[1] is part.other[1]
        assert part.value[0].other is part
        pair = handle.load("['x'][1].other")
        assert pair[0].other.other[1] is pair[1]


def test_everything_at_once(handle, data, whole):
    assert_same(handle.load(), serialization.loads(data))
    assert handle.load().log_evidence == whole.log_evidence


def test_backends():
    import jax

    both = {"jax": Computes(jax.numpy.arange(3.0), xp=jax.numpy), "numpy": Computes(np.arange(4.0))}
    with serialization.open(serialization.dumps(both)) as handle:
        assert type(handle["['jax'].values"]) is np.ndarray
        assert isinstance(handle.load("['jax']").values, jax.Array)
        assert isinstance(handle.load("['jax'].values"), jax.Array)
        assert type(handle.load("['jax']", backend="numpy").values) is np.ndarray
        assert type(handle.load("['numpy']").values) is np.ndarray
        assert isinstance(handle.load("['numpy']", backend="jax").values, jax.Array)
        assert handle.load("['numpy']", backend="jax").use_jax
        with pytest.raises(serialization.UnsupportedValueError, match="backend"):
            handle.load(backend="torch")


def test_what_the_header_tells(handle, data):
    info, full = handle.info, serialization.inspect(data)
    assert info.intact is None
    assert full.intact is True
    assert info.arrays == full.arrays
    assert (info.types, info.nbytes, info.body_bytes, info.containers) == (
        full.types, full.nbytes, full.body_bytes, full.containers
    )  # fmt: skip
    assert handle.meta == info.meta == {"target": "a lens", "tries": [1, 2]}
    assert handle.provenance == {}
    assert [place.path for place in handle.tree()] == [place.path for place in full.tree()]


def test_arrays_are_a_mapping(handle):
    arrays = handle.arrays()
    assert len(arrays) == len(handle.info.arrays)
    assert list(arrays) == [row.path for row in handle.info.arrays] == list(handle)
    assert all(arrays[path].path == path for path in arrays)
    assert arrays["dataset.data"] == arrays["$.dataset.data._array"]
    assert "dataset.nothing" not in arrays
    assert "dataset" not in arrays
    assert "dataset" in handle
    assert "dataset.nothing" not in handle
    with pytest.raises(UnknownPathError, match="expected an array, found an object of autoarray"):
        arrays["dataset"]


def test_only_the_array_is_read(data, tmp_path, monkeypatch):
    path = tmp_path / "fit.aas"
    path.write_bytes(data)
    spans = []
    with serialization.open(path) as handle:
        read = handle._source.read
        monkeypatch.setattr(handle._source, "read", lambda asked: spans.extend(asked) or read(asked))
        handle["inversion.reconstruction"]
        row = handle.arrays()["inversion.reconstruction"]
        handle.info, handle.tree(), handle["log_evidence"]
    head = int.from_bytes(data[60:64], "big")
    assert spans == [(head + row.offset, head + row.offset + row.nbytes)]


@pytest.mark.parametrize("compression", ["zlib", "shuffle-zstd", "shuffle-lz4"])
def test_compressed_arrays(compression, whole):
    pytest.importorskip({"shuffle-zstd": "zstandard", "shuffle-lz4": "lz4"}.get(compression, "zlib"))
    data = serialization.dumps(whole, compression=compression)
    with serialization.open(data) as handle:
        assert_same(handle["dataset.data"], whole.dataset.data.array)
        assert_same(handle.load("inversion.linear_obj_list[0]"), whole.inversion.linear_obj_list[0])
        assert handle.info.compression == serialization.inspect(data).compression


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.zeros((0, 3)), np.array(2.5), np.arange(5, dtype=">i4"),
        np.array(["a", "bcd"]), np.array([b"x", b""]), np.array(["2026-01-01"], "M8[s]"),
        np.array([(1, 2.5)], [("a", "i2"), ("b", "f8")]), np.array([1j, np.nan]), np.array([True, False]),
    ],
    ids=str,
)  # fmt: skip
def test_arrays_of_every_kind(array):
    with serialization.open(serialization.dumps([np.arange(9), array, np.arange(2)])) as handle:
        assert_same(handle["[1]"], array)
        assert handle["[1]"].flags.f_contiguous == array.flags.f_contiguous
        assert_same(handle.load(), [np.arange(9), array, np.arange(2)])
    with serialization.open(serialization.dumps(array)) as handle:
        assert_same(handle["$"], array)
        assert_same(handle[""], array)


def test_a_changed_array_does_not_hinder_the_others(data):
    head = int.from_bytes(data[60:64], "big")
    offset = serialization.open(data).arrays()["inversion.reconstruction"].offset
    changed = bytearray(data)
    changed[head + offset] ^= 1
    with serialization.open(bytes(changed)) as handle:
        assert len(handle["dataset.data"])
        for read in (lambda: handle["inversion.reconstruction"], handle.load, lambda: handle.load("inversion")):
            with pytest.raises(CorruptError, match="its digest does not agree") as caught:
                read()
            assert caught.value.path == "$._inversion.reconstruction"


def test_bytes_between_arrays_that_are_read():
    data = bytearray(serialization.dumps([np.arange(3), np.arange(4), np.arange(5)]))
    head = int.from_bytes(data[60:64], "big")
    data[head + 30] = 1
    with serialization.open(bytes(data)) as handle:
        assert len(handle["[0]"]) == 3
        assert len(handle["[1]"]) == 4
        with pytest.raises(CorruptError, match="expected zeros before it"):
            handle.load()


def test_a_file_of_the_wrong_size(data, tmp_path):
    path = tmp_path / "fit.aas"
    for changed, error in ((data[:-1], TruncatedError), (data + b"\0", CorruptError), (data[:50], TruncatedError)):
        path.write_bytes(changed)
        with pytest.raises(error):
            serialization.open(path)


def test_a_file_that_is_cut_while_it_is_open(data, tmp_path):
    path = tmp_path / "fit.aas"
    path.write_bytes(data)
    with serialization.open(path) as handle:
        last = list(handle.arrays())[-1]
        path.write_bytes(data[:-8])
        with pytest.raises(TruncatedError, match="bytes, found") as caught:
            handle[last]
        assert caught.value.path == last


def test_a_file_may_be_replaced_meanwhile(data, tmp_path):
    path = tmp_path / "fit.aas"
    path.write_bytes(data)
    with serialization.open(path) as handle:
        before = handle["dataset.data"]
        serialization.save([1, 2, 3], path)
        assert_same(handle["dataset.data"], before)
        with serialization.open(path) as other:
            assert other.load() == [1, 2, 3]


def test_closed(handle):
    handle.close()
    handle.close()
    assert handle.closed
    assert "closed" in repr(handle)
    assert len(handle.tree().results) > 3
    with pytest.raises(ValueError, match="expected an open payload, found one that was closed"):
        handle["dataset.data"]


def test_it_is_pickled_as_its_path(handle, tmp_path, monkeypatch):
    text = pickle.dumps(handle)
    assert len(text) < 300 + len(str(tmp_path))
    monkeypatch.chdir("/")
    with pickle.loads(text) as other:
        assert_same(other["dataset.data"], handle["dataset.data"])
    with copy.copy(serialization.open(serialization.dumps([1]))) as other:
        assert other.load() == [1]


def test_threads_read_at_once(handle, whole):
    names = ["data", "noise_map"] * 20
    found = {}

    def read(index, name):
        found[index] = handle[f"dataset.{name}"]

    threads = [threading.Thread(target=read, args=item) for item in enumerate(names)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, name in enumerate(names):
        assert_same(found[index], getattr(whole.dataset, name).array)


def test_the_kinds_of_a_part_are_checked(monkeypatch):
    mask = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=1.0)
    mask._array = np.zeros(3, bool)
    monkeypatch.setattr("serialization._payload.encode.find_misfit", lambda *_: None)
    data = serialization.dumps({"good": np.arange(3), "bad": [mask]})
    with serialization.open(data) as handle:
        assert len(handle["['good']"]) == 3
        with pytest.raises(SchemaError, match="to be an array of 2 dimensions") as caught:
            handle.load("['bad']")
        assert caught.value.path == "$['bad'][0]"


def test_a_part_needs_its_own_types_alone(monkeypatch):
    data = serialization.dumps({"known": Part(1), "unknown": Computes(np.arange(3.0))})
    monkeypatch.delitem(serialization._schema.registry._by_name, "tests.Computes")
    with serialization.open(data) as handle:
        assert handle.load("['known']").value == 1
        assert len(handle["['unknown'].values"]) == 3
        assert handle.info.problems == ("tests.Computes is not a registered type",)
        with pytest.raises(UnknownTypeError) as caught:
            handle.load("['unknown']")
        assert caught.value.path == "$['unknown']"


@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_payloads_of_wire_version_1(backend, tmp_path):
    path = tmp_path / "old.aas"
    source = DATA / "archives/autoarray-portable-0.1.0" / backend / "fit_delaunay.aas.xz"
    path.write_bytes(lzma.decompress(source.read_bytes()))
    old = serialization.load(path)
    for target in (path, path.read_bytes()):
        with serialization.open(target) as handle:
            assert handle.info.wire == 1
            assert handle.info.intact is True
            assert serialization.dumps(handle.load()) == serialization.dumps(old)
            assert_same(handle["dataset.data"], np.asarray(old.dataset.data.array))
            assert_same(handle.load("inversion.linear_obj_list[0]"), old.inversion.linear_obj_list[0])
            handle["dataset.data"][:] = 0
            assert handle["dataset.data"].any()
    changed = bytearray(path.read_bytes())
    changed[-5] ^= 1
    with pytest.raises(CorruptError, match="digest"):
        serialization.open(bytes(changed))


def test_a_newer_wire_version_names_its_writer():
    data = bytearray(serialization.dumps([1]))
    data[39] = 3
    with pytest.raises(
        serialization.NewerVersionError, match="expected wire version 1 to 2, found 3, written by autoarray-portable"
    ):
        serialization.open(bytes(data))


def test_it_refuses_a_body_that_breaks_the_rules():
    """Those that the digest does not tell: no writer numbers a list in the second place of a body 2."""
    data = bytearray(serialization.dumps([[1], [2]]))
    head = int.from_bytes(data[60:64], "big")
    at = bytes(data).index(b"\xd4\x01\x01")
    data[at : at + 3] = b"\xd4\x01\x02"
    data[wire.DIGEST_AT : wire.DIGEST_AT + wire.DIGEST_BYTES] = bytes(wire.DIGEST_BYTES)
    wire.seal(memoryview(data)[:head])
    with (
        serialization.open(bytes(data)) as handle,
        pytest.raises(CorruptError, match="numbered in the order of the body"),
    ):
        handle["[0][0]"]
    with serialization.open(bytes(data)) as handle:
        assert "numbered in the order of the body" in handle.info.problems[0]
        assert handle.info.graph is None


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        serialization.open(tmp_path / "none.aas")


def test_repr_is_short(handle):
    assert "autoarray.FitImaging" in repr(handle)
    long = serialization.open(serialization.dumps(Part("x" * 9999)))
    assert len(repr(long)) < 200
