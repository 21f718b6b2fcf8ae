"""Functions of plain 2D arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray.structures.arrays import array_2d_util

sizes = st.integers(1, 8)


@given(sizes, sizes, sizes, sizes)
def test_resizing_keeps_the_central_pixel(height, width, new_height, new_width):
    array = np.arange(1.0, height * width + 1.0).reshape(height, width)
    resized = array_2d_util.resized_array_2d_from(array, (new_height, new_width), pad_value=-1.0)
    assert resized.shape == (new_height, new_width)
    assert resized[new_height // 2, new_width // 2] == array[height // 2, width // 2]
    inside = resized[resized > 0.0]
    assert inside.size == min(height, new_height) * min(width, new_width)
    assert np.isin(inside, array).all()
    assert ((resized > 0.0) | (resized == -1.0)).all()


def test_resizing_around_a_pixel():
    array = np.arange(25.0).reshape(5, 5)
    np.testing.assert_array_equal(
        array_2d_util.resized_array_2d_from(array, (3, 3), origin=(0, 4)),
        [[0.0, 0.0, 0.0], [3.0, 4.0, 0.0], [8.0, 9.0, 0.0]],
    )


def test_windows_past_the_array_are_zero():
    array = np.arange(1.0, 7.0).reshape(2, 3)
    np.testing.assert_array_equal(
        array_2d_util.extracted_array_2d_from(array, -1, 2, 1, 4), [[0, 0, 0], [2, 3, 0], [5, 6, 0]]
    )
    assert not array_2d_util.extracted_array_2d_from(array, 5, 7, -3, -1).any()


@given(sizes, sizes)
def test_flat_and_native_indexes_are_inverse(height, width):
    flat = np.arange(height * width)
    native = array_2d_util.index_2d_for_index_slim_from(flat, (height, width))
    np.testing.assert_array_equal(native, np.argwhere(np.ones((height, width))))
    np.testing.assert_array_equal(array_2d_util.index_slim_for_index_2d_from(native, (height, width)), flat)


def test_slim_and_native_of_plain_arrays():
    mask = np.array([[True, False], [False, False]])
    native = np.array([[1, 2], [3, 4]])
    slim = array_2d_util.array_2d_slim_from(native, mask)
    assert slim.tolist() == [2, 3, 4]
    restored = array_2d_util.array_2d_native_from(slim, mask)
    assert restored.tolist() == [[0, 2], [3, 4]]
    assert restored.dtype == native.dtype
    indexes = np.array([[1, 1], [0, 0]])
    assert array_2d_util.array_2d_via_indexes_from([5.0, 6.0], (2, 2), indexes).tolist() == [[6.0, 0.0], [0.0, 5.0]]


def test_resizing_on_jax():
    jnp = pytest.importorskip("jax.numpy")
    array = np.arange(12.0).reshape(3, 4)
    for shape in ((5, 2), (1, 7)):
        np.testing.assert_array_equal(
            array_2d_util.resized_array_2d_from(jnp.asarray(array), shape),
            array_2d_util.resized_array_2d_from(array, shape),
        )
