"""Values that lie on no grid."""

import numpy as np
import pytest

from autoarray.structures.arrays.irregular import ArrayIrregular


def test_one_form():
    array = ArrayIrregular([1.0, 2.0, 3.0])
    assert array.slim is array
    assert array.native is array
    assert array.values is array.array
    assert array.in_list == [1.0, 2.0, 3.0]
    assert type(array + 1.0) is ArrayIrregular
    np.testing.assert_array_equal(ArrayIrregular(array).array, array.array)
    assert ArrayIrregular([]).shape == (0,)


def test_a_single_number_has_no_dimension():
    array = ArrayIrregular(2.0)
    assert (array.shape, array.in_list, float(array)) == ((), [2.0], 2.0)
    with pytest.raises(TypeError, match=r"ArrayIrregular: expected a single value.*found shape \(3,\)"):
        float(ArrayIrregular([1.0, 2.0, 3.0]))


def test_in_list_on_jax():
    jnp = pytest.importorskip("jax.numpy")
    assert [float(value) for value in ArrayIrregular(jnp.ones(2)).in_list] == [1.0, 1.0]
