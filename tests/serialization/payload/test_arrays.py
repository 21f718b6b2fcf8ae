"""Arrays through a payload: dtype x byte order x memory order x shape x where the memory comes from."""

from __future__ import annotations

import numpy as np
import pytest
from graphs import assert_same_array
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from payloads import array_frame_1, ext, payload_1

import serialization

DTYPES = [
    *("?", "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8"),
    *("<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<c8", ">c8", "<c16", ">c16"),
    *("S1", "S7", "<U1", ">U1", "<U5", ">U5"),
    *("<M8[ns]", ">M8[ns]", "<M8[D]", "<M8[25s]", "<M8", "<m8[us]", ">m8[h]", "<m8"),
]
RECORD = np.dtype({"names": ["y", "x", "id"], "formats": [">f8", "<f4", "S3"], "offsets": [0, 8, 16], "itemsize": 24})
SHAPES = [(), (1,), (0,), (3, 0, 2), (5,), (4, 6), (2, 3, 4), (1, 1), (1, 5)]


def filled(dtype, shape):
    """An array of arbitrary bits that its dtype allows."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape)) * dtype.itemsize
    values = np.random.default_rng(count).integers(0, 256, count, dtype=np.uint8)
    if dtype.kind == "b":
        values &= 1
    if dtype.kind == "U":
        text = np.array(["a\u00e4\U0001f52d"[: 1 + index % 3] for index in range(int(np.prod(shape)))], dtype=dtype)
        return text.reshape(shape)
    return np.ndarray(shape, dtype, values.tobytes()).copy()


def memory_orders(array):
    """The same values in every kind of memory; views of larger or other arrays included."""
    yield "C", np.array(array, order="C")
    yield "F", np.array(array, order="F")
    read_only = np.array(array)
    read_only.flags.writeable = False
    yield "read-only", read_only
    if array.ndim:
        yield "reversed", array[::-1]
        wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        wide[..., ::2] = array
        yield "strided", wide[..., ::2]
        yield "broadcast", np.broadcast_to(array, (3, *array.shape))
        yield "transposed", array.T
    unaligned = np.ndarray(array.shape, array.dtype, b"\0" + array.tobytes(), 1)
    yield "unaligned", unaligned


@pytest.mark.parametrize("dtype", [*DTYPES, RECORD], ids=str)
def test_every_dtype_shape_and_memory_order(dtype):
    cases = [(f"{shape} {order}", array) for shape in SHAPES for order, array in memory_orders(filled(dtype, shape))]
    restored = serialization.loads(serialization.dumps([array for _, array in cases]))
    for (name, array), found in zip(cases, restored, strict=True):
        assert_same_array(array, found, name)
        assert found.flags.writeable
        assert found.flags.aligned
        assert type(found) is np.ndarray


@pytest.mark.parametrize("dtype", [">M8", ">m8", ">M8[s]", ">f8", "|b1"])
def test_empty_arrays_keep_their_byte_order(dtype):
    array = np.ndarray((0, 5), dtype)  # `np.empty` would lose that of dates without a unit
    assert array.dtype.str == dtype
    assert serialization.loads(serialization.dumps(array)).dtype.str == dtype


@pytest.mark.parametrize("order", ["C", "F"])
def test_order_is_kept(order):
    array = np.zeros((3, 4), order=order)
    flags = serialization.loads(serialization.dumps(array)).flags
    assert flags.c_contiguous == (order == "C")
    assert flags.f_contiguous == (order == "F")


def test_an_array_in_no_order_is_written_in_c_order():
    array = np.arange(24).reshape(4, 6)[:, ::2]
    info = serialization.inspect(serialization.dumps(array))
    assert info.arrays[0].order == "C"
    assert info.array_bytes == array.nbytes


def test_a_memmap_comes_back_as_an_array(tmp_path):
    on_disk = np.memmap(tmp_path / "values", np.float32, "w+", shape=(3, 4))
    on_disk[:] = np.arange(12).reshape(3, 4)
    assert_same_array(np.array(on_disk), serialization.loads(serialization.dumps(on_disk)))


def test_values_can_be_changed_without_changing_others():
    data = serialization.dumps([np.zeros(3), np.zeros(3)])
    first, second = serialization.loads(data)
    first[:] = 1
    assert second.tolist() == [0, 0, 0]
    assert serialization.loads(data)[0].tolist() == [0, 0, 0]


def test_what_was_written_has_the_dtype_of_the_array():
    info = serialization.inspect(serialization.dumps([np.zeros((2, 3), ">f4"), np.zeros(2, RECORD)]))
    assert [row.dtype for row in info.arrays] == [">f4", str(RECORD)]
    assert [row.shape for row in info.arrays] == [(2, 3), (2,)]
    assert [row.nbytes for row in info.arrays] == [24, 48]


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (np.array([None, 1]), "found object"),
        (np.zeros(2, "V4"), "found |V4"),
        (np.zeros(2, [("a", "f8", (2,))]), "expected a record of plain fields"),
        (np.zeros(2, [("a", [("b", "f8")])]), "expected a record of plain fields"),
        (np.zeros(2, [("a", "O")]), "found object"),
        (np.zeros(2, [(("title", "a"), "f8")]), "expected a record of plain fields"),
        (np.ma.masked_array([1.0]), "its subclass numpy.ma.MaskedArray"),
        (np.zeros(2).view(np.recarray), "its subclass numpy.rec.recarray"),
        (np.zeros(2, np.longdouble), "found float128"),
        (np.longdouble(1), "found float128"),
        (np.zeros(1, RECORD)[0], "found a record"),
        (np.zeros(2, np.dtypes.StringDType()), "found StringDType"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_arrays_that_a_payload_cannot_hold(array, found):
    with pytest.raises(serialization.UnsupportedValueError) as error:
        serialization.dumps({"key": [array]})
    assert str(error.value).startswith("$['key'][0]: expected ")
    assert found in str(error.value)


plain_dtypes = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes(endianness="<")
    | hnp.integer_dtypes(endianness=">")
    | hnp.floating_dtypes(endianness=">", sizes=(16, 32, 64))
    | hnp.floating_dtypes(endianness="<", sizes=(16, 32, 64))
    | hnp.complex_number_dtypes(endianness="<", sizes=(64, 128))
    | hnp.datetime64_dtypes(endianness=">")
    | hnp.timedelta64_dtypes(endianness="<")
)


@given(hnp.arrays(plain_dtypes, hnp.array_shapes(min_dims=0, min_side=0, max_side=4)), st.sampled_from("CF"))
def test_any_array(array, order):
    array = np.array(array, order=order)
    assert_same_array(array, serialization.loads(serialization.dumps(array)))


ALIGNED = np.dtype([("a", "u1"), ("b", "<f8"), ("c", "<i2")], align=True)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
@pytest.mark.parametrize("select", [None, ["b"], ["c", "a"]])
@pytest.mark.parametrize("layout", ["C", "F", "every other"])
def test_bytes_that_belong_to_no_field_are_not_written(shape, select, layout):
    """Equal arrays give equal bytes, whatever is in the holes of their records, and what is hidden stays so."""
    payloads = set()
    for fill in (0, 0xAA):
        bytes_of = np.full((*shape, 2, ALIGNED.itemsize), fill, np.uint8)
        array = bytes_of.view(ALIGNED)[..., 0]
        if layout != "every other":
            array = np.array(array.view("V24"), order=layout).view(ALIGNED)
        for name in select or ALIGNED.names:
            array[name] = 7
        if select:
            array = array[select]
        data = serialization.dumps(array)
        back = serialization.loads(data)
        assert back.dtype == array.dtype
        assert np.array_equal(back, array)
        payloads.add(data)
        assert fill == 0 or bytes([fill]) * 3 not in data
    assert len(payloads) == 1


def test_released_records_with_bytes_in_their_holes_are_read():
    offset, frame = array_frame_1(b"\x91\xd4\x02\x00", 16)
    row = [[16, [["b", "<f8", 8]]], [1], offset, 0]
    values = b"\xaa" * 8 + np.float64(1.5).tobytes()
    back = serialization.loads(payload_1(ext(2, b"\0"), buffers=frame + values, arrays=[row]))
    assert back["b"] == 1.5
