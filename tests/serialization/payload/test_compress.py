"""Compression by array: every dtype bit for bit, what is left alone, and what is refused."""

from __future__ import annotations

import sys
import zlib

import numpy as np
import pytest
from graphs import assert_same, assert_same_array, small
from hypothesis import given
from hypothesis import strategies as st

import serialization
from serialization import NotMappableError, UnsupportedValueError
from serialization._payload.compress import COMPRESSIONS, MOST_EXPANSION, _shuffle, _unshuffle, compress

DTYPES = [
    *("|b1", "|i1", "|u1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<u2", ">u4", "<u8", "<f2", ">f2", "<f4", ">f4"),
    *("<f8", ">f8", "<c8", ">c8", "<c16", ">c16", "|S1", "|S7", "<U1", ">U3", "<M8[s]", ">M8[25us]", "<m8[ns]", "<m8"),
]
RECORD = np.dtype({"names": ["a", "b", "c"], "formats": ["<f4", ">i8", "|b1"], "offsets": [0, 8, 16], "itemsize": 20})


def array_of(dtype, shape=(40, 30)):
    """Numbers that repeat, and so get smaller."""
    values = np.arange(np.prod(shape)).reshape(shape) % 50
    if dtype[1] == "S":
        return values.astype("S2").astype(dtype)
    return values.astype(dtype)


def rows_of(data):
    return [(array.compression, array.stored) for array in serialization.inspect(data).arrays]


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_comes_back_bit_for_bit(dtype, compression):
    array = array_of(dtype)
    data = serialization.dumps(array, compression=compression)
    ((name, stored),) = rows_of(data)
    assert name == compression
    assert stored < array.nbytes
    loaded = serialization.loads(data)
    assert_same_array(loaded, array)
    assert loaded.flags.writeable
    assert loaded.__array_interface__["data"][0] % 64 == 0


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_records_orders_and_odd_bits(compression):
    record = np.zeros(500, RECORD)
    record["a"], record["b"] = np.arange(500), -7
    image = array_of("<f8")
    nans = np.full(300, np.nan)
    nans.view(np.uint64)[::3] += 1  # other bits of a NaN
    values = [record, np.asfortranarray(image), image[::2, ::3], image.T, nans, image.reshape(5, 8, 30)[:, ::-1]]
    data = serialization.dumps(values, compression=compression)
    assert [name for name, _ in rows_of(data)] == [compression] * 6
    assert_same(serialization.loads(data), values)


@given(st.binary(max_size=600), st.sampled_from([1, 2, 4, 8]))
def test_what_is_shuffled_comes_back(data, item):
    data = data[: len(data) // item * item]
    shuffled = bytes(_shuffle(memoryview(data), item))
    assert shuffled == b"".join(data[byte::item] for byte in range(item))
    if item > 1:
        assert _unshuffle(shuffled, item).tobytes() == data


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("size", [0, 1, 63, 64])
def test_small_arrays_are_left_alone(compression, size):
    plain, packed = (serialization.dumps([np.zeros(size)] * 2, compression=how) for how in (None, compression))
    assert (packed == plain) is (size < 64)
    assert rows_of(packed)[0][0] == (compression if size == 64 else None)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_arrays_that_would_get_larger_are_left_alone(compression):
    noise = np.random.default_rng(3).integers(0, 256, 4000, dtype=np.uint8)
    assert serialization.dumps(noise, compression=compression) == serialization.dumps(noise)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("size", [2_000, 100_000, 3_000_000])
def test_zeros_keep_the_bound_of_what_bytes_may_expand_to(compression, size):
    zeros = np.zeros(size)
    data = serialization.dumps(zeros, compression=compression)
    ((_, stored),) = rows_of(data)
    assert zeros.nbytes <= MOST_EXPANSION * stored
    assert stored < zeros.nbytes / 100
    assert np.array_equal(serialization.loads(data), zeros)


def test_zeros_are_packed_by_zlib_where_zstd_packs_them_too_well():
    name, stored = compress("shuffle-zstd", np.dtype(float), np.zeros(10**6))
    assert name == "zlib"
    assert zlib.decompress(stored) == bytes(8 * 10**6)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_compressed_file_is_not_mapped(compression, tmp_path):
    path = serialization.save([np.arange(9), np.zeros(999)], tmp_path / "a.aas", compression=compression)
    with pytest.raises(NotMappableError, match="expected an uncompressed payload to map"):
        serialization.load(path, mmap=True)
    assert_same(serialization.load(path), [np.arange(9), np.zeros(999)])
    # A file without an array that is large enough has none that is compressed.
    path = serialization.save(small(), tmp_path / "b.aas", compression=compression)
    assert_same(serialization.load(path, mmap=True), small())


@pytest.mark.parametrize("compression", ["zstd", "", "ZLIB", 1, True, b"zlib", ["zlib"]])
def test_other_compressions_are_refused(compression):
    with pytest.raises(
        UnsupportedValueError, match="compression: expected None, 'zlib', 'shuffle-zstd', 'shuffle-lz4'"
    ):
        serialization.dumps(1, compression=compression)


@pytest.mark.parametrize(("compression", "package"), [("shuffle-zstd", "zstandard"), ("shuffle-lz4", "lz4")])
def test_a_package_that_is_missing_is_named_with_its_extra(compression, package, monkeypatch, tmp_path):
    data = serialization.dumps(np.zeros(999), compression=compression)
    changed = bytearray(serialization.dumps([np.zeros(999), np.arange(9)], compression=compression))
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.setitem(sys.modules, name, None)  # which makes an import fail
    path = tmp_path / "a.aas"
    for call in (
        lambda: serialization.dumps(1, compression=compression),
        lambda: serialization.save(1, path, compression=compression),
        lambda: serialization.loads(data),
    ):
        with pytest.raises(
            ModuleNotFoundError, match=rf"expected the package {package}, .*autoarray-portable\[compress\]"
        ):
            call()
    assert not path.exists()
    info = serialization.inspect(data)
    assert (info.compression, info.intact, info.problems) == (compression, None, ())
    changed[-1] ^= 1  # of the array that is not compressed
    assert serialization.inspect(changed).intact is False
    assert np.array_equal(serialization.loads(serialization.dumps(np.zeros(999), compression="zlib")), np.zeros(999))
