"""What `load(mmap=True, verify="header")` promises, and what `verify_arrays` finds later."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import problems
import pytest
from graphs import Computes, Part, assert_same
from payloads import payload, resealed

import serialization
from serialization import CorruptError, verify_arrays

WIRE_1 = Path(__file__).parents[2] / "data" / "wire_1"


def graph():
    image = np.arange(600.0).reshape(20, 30)
    return Part(
        {"image": image, "again": image}, [np.asfortranarray(image + 0.5), np.arange(5, dtype=">i2"), np.zeros(0)]
    )


@pytest.fixture
def file(tmp_path):
    return serialization.save(graph(), tmp_path / "graph.aas")


def place_of(path, index):
    """Where in a file the bytes of an array are."""
    return int.from_bytes(path.read_bytes()[60:64], "big") + serialization.inspect(path).arrays[index].offset


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def header_only(path, **arguments):
    return serialization.load(path, mmap=True, verify="header", **arguments)


def test_the_graph_is_the_same(file):
    loaded = header_only(file)
    assert_same(loaded, graph())
    assert loaded.value["image"] is loaded.value["again"]
    for array in (loaded.value["image"], *loaded.other[:2]):
        assert not array.flags.writeable
        assert not array.flags.owndata
        assert array.__array_interface__["data"][0] % 64 == 0


def test_each_array_is_verified_once(file):
    loaded = header_only(file)
    assert verify_arrays(loaded) == 3  # one of the four has no bytes
    assert verify_arrays(loaded) == 0
    assert verify_arrays(header_only(file).other) == 2
    assert verify_arrays(header_only(file).value["image"]) == 1


@pytest.mark.parametrize(("index", "path"), [(0, r"\$.value\['image'\]"), (1, r"\$.other\[0\]"), (2, r"\$.other\[1\]")])
def test_changed_bytes_of_an_array_are_found_by_their_path(file, index, path):
    flip(file, place_of(file, index) + 3)
    loaded = header_only(file)
    with pytest.raises(CorruptError, match=rf"{path}: array {index}, .*its digest does not agree"):
        verify_arrays(loaded)
    with pytest.raises(CorruptError, match=f"array {index}"):
        serialization.load(file, mmap=True)


def test_an_array_that_was_verified_before_the_others_counts(file):
    flip(file, place_of(file, 2))
    loaded = header_only(file)
    assert verify_arrays(loaded.value) == 1
    assert verify_arrays(loaded.other[0]) == 1
    with pytest.raises(CorruptError, match="array 2"):
        verify_arrays(loaded)


def test_a_changed_header_is_found_at_once(file):
    # Structure, plain values, shapes, places and digests: all that stands before the arrays.
    first = place_of(file, 0)
    for at in (20, 76, 130, first // 2, first - 1):
        damaged = bytearray(file.read_bytes())
        damaged[at] ^= 1
        (file.parent / "damaged.aas").write_bytes(damaged)
        with pytest.raises(serialization.SerializationError):
            header_only(file.parent / "damaged.aas")


def test_a_file_that_was_cut_is_found_at_once(file):
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(serialization.TruncatedError):
        header_only(file)


def test_views_lead_to_the_array_below_them(file):
    flip(file, place_of(file, 0) + 8)
    image = header_only(file).value["image"]
    for view in (image[3:], image[3:][2:, ::2], image[::-1], image.T, image.reshape(-1)[5:], image.view(np.uint8)):
        with pytest.raises(CorruptError, match=r"^\$: array 0"):
            verify_arrays(view)
    assert verify_arrays([image[3:0], image.copy(), image + 1]) == 0


def test_arrays_of_other_origin_are_left_alone(file, tmp_path):
    own = np.memmap(tmp_path / "own", np.float64, "w+", shape=(4,))
    others = [np.arange(3), own, own[1:], np.float64(1), [np.zeros((2, 2)).T], serialization.load(file), None]
    assert verify_arrays(others) == 0
    assert verify_arrays(serialization.load(file, mmap=True)) == 0  # verified when it was loaded
    assert verify_arrays([others, header_only(file)]) == 3
    assert verify_arrays(pickle.loads(pickle.dumps(header_only(file)))) == 0


def test_arrays_of_two_files(file, tmp_path):
    other = shutil.copy(file, tmp_path / "other.aas")
    flip(other, place_of(other, 1))
    assert verify_arrays(header_only(file)) == 3
    with pytest.raises(CorruptError, match=r"^\$\[1\].other\[0\]: array 1"):
        verify_arrays([header_only(file), header_only(other)])


def test_arrays_outlive_the_graph_and_the_name_of_the_file(file):
    image = header_only(file).value["image"]
    file.unlink()
    gc.collect()
    assert verify_arrays(image) == 1
    assert np.array_equal(image, graph().value["image"])


def test_version_1_is_verified_as_a_whole(tmp_path):
    loaded = header_only(WIRE_1 / "arrays.aas")
    assert_same(loaded, serialization.load(WIRE_1 / "arrays.aas"))
    assert verify_arrays(loaded) == 0
    damaged = Path(shutil.copy(WIRE_1 / "arrays.aas", tmp_path / "damaged.aas"))
    flip(damaged, damaged.stat().st_size - 1)
    with pytest.raises(CorruptError, match="digest"):
        header_only(damaged)


def test_arrays_of_jax_are_copied_and_so_verified(tmp_path):
    jnp = pytest.importorskip("jax.numpy")
    path = serialization.save([np.arange(9.0), jnp.arange(700.0)], tmp_path / "mixed.aas")
    loaded = header_only(path)
    assert verify_arrays(loaded) == 0
    assert verify_arrays(header_only(path, backend="numpy")) == 2  # which copies nothing
    flip(path, place_of(path, 1))
    with pytest.raises(CorruptError, match="array 1"):
        header_only(path)
    plain = serialization.save(Computes(np.arange(9.0)), tmp_path / "plain.aas")
    flip(plain, place_of(plain, 0))
    with pytest.raises(CorruptError, match="array 0"):
        header_only(plain, backend="jax")


def test_an_evaluated_fit(tmp_path):
    fit = problems.evaluated_fit_from("numpy", "adapt_density")
    path = serialization.save(fit, tmp_path / "fit.aas")
    loaded = header_only(path)
    assert loaded.log_evidence == fit.log_evidence
    arrays = serialization.inspect(path).arrays
    assert verify_arrays(loaded) == sum(array.nbytes > 0 for array in arrays)


def test_the_arrays_of_a_large_file_are_not_read(tmp_path):
    # A header, and a hole of 5 GB behind it.
    size, path = 5 * 10**9, tmp_path / "hole.aas"
    body, rows = b"\x92\xd4\x01\x00\x91\xd4\x02\x00", [["<f8", [size // 8], 0, 0]]
    head = bytearray(payload(records=[None], body=body, root="list", arrays=rows, digests=bytes(16)))
    head[46:54] = (len(head) + size).to_bytes(8, "big")
    path.write_bytes(resealed(bytes(head)))
    try:
        os.truncate(path, len(head) + size)
    except OSError:
        pytest.skip("the file system has no files of 5 GB with holes")
    if path.stat().st_blocks * 512 > 2**20:
        pytest.skip("the file system has no files with holes")
    (zeros,) = header_only(path)
    assert zeros.shape == (size // 8,)
    assert zeros[-1] == 0.0


@pytest.mark.parametrize("arguments", [{"verify": "none", "mmap": True}, {"verify": "header"}, {"verify": None}])
def test_other_arguments_are_refused(file, arguments):
    with pytest.raises(ValueError, match="verify: expected"):
        serialization.load(file, **arguments)


def test_compressed_arrays_are_not_mapped(tmp_path):
    path = serialization.save(np.zeros(10_000), tmp_path / "zeros.aas", compression="zlib")
    with pytest.raises(serialization.NotMappableError):
        header_only(path)
