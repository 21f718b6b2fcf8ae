"""Operators, reductions and copies of data structures, on both backends."""

import copy
import operator
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray import exc
from autoarray.abstract_ndarray import (
    AbstractNDArray,
    register_instance_pytree,
    to_new_array,
    unwrap,
    unwrap_array,
)
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.uniform_2d import Grid2D


@pytest.fixture
def mask() -> Mask2D:
    return Mask2D([[True, False, False], [False, False, True]], pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))


@pytest.fixture
def array(mask: Mask2D) -> Array2D:
    return Array2D(values=[1.0, 2.0, 3.0, 4.0], mask=mask)


OPERATORS = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
]


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("other", [2.0, np.float64(1.5), np.array([4.0, 3.0, 2.0, 1.0])])
def test_arithmetic_keeps_class_and_mask(array, op, other):
    result = op(array, other)
    assert type(result) is Array2D
    assert result.mask is array.mask
    np.testing.assert_array_equal(result.array, op(array.array, other))


@pytest.mark.parametrize("op", OPERATORS)
def test_reflected_arithmetic_with_a_number(array, op):
    result = op(2.0, array)
    assert type(result) is Array2D
    np.testing.assert_array_equal(result.array, op(2.0, array.array))


@pytest.mark.parametrize("op", OPERATORS)
def test_arithmetic_between_structures_takes_the_class_of_the_first(array, op):
    other = ArrayIrregular([4.0, 3.0, 2.0, 1.0])
    assert type(op(array, other)) is Array2D
    assert type(op(other, array)) is ArrayIrregular
    np.testing.assert_array_equal(op(other, array).array, op(other.array, array.array))


@pytest.mark.parametrize("op", [operator.and_, operator.or_, operator.xor])
def test_logic_of_masks(mask, op):
    other = Mask2D.all_false((2, 3), pixel_scales=1.0)
    np.testing.assert_array_equal(op(mask, other).array, op(mask.array, other.array))
    np.testing.assert_array_equal(op(mask.array, other), op(mask.array, other.array))


@pytest.mark.parametrize("op", [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge])
def test_comparisons_are_elementwise_plain_arrays(array, op):
    result = op(array, np.array([1.0, 5.0, 3.0, 0.0]))
    assert type(result) is np.ndarray
    np.testing.assert_array_equal(result, op(array.array, np.array([1.0, 5.0, 3.0, 0.0])))


def test_unary_operators(array, mask):
    np.testing.assert_array_equal((-array).array, [-1.0, -2.0, -3.0, -4.0])
    np.testing.assert_array_equal(abs(-array).array, [1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(~mask, ~mask.array)
    assert type(mask.invert()) is Mask2D
    np.testing.assert_array_equal(mask.invert().array, ~mask.array)
    quotient, remainder = divmod(array, 2.0)
    np.testing.assert_array_equal(quotient * 2.0 + remainder, array.array)
    np.testing.assert_array_equal(divmod(5.0, array)[0], divmod(5.0, array.array)[0])


def test_reductions_give_plain_scalars(array):
    assert (array.sum(), array.min(), array.max()) == (10.0, 1.0, 4.0)
    assert type(array.sum()) is np.float64
    assert array.native.sum(axis=0).tolist() == [3.0, 5.0, 2.0]
    assert array.mean() == 2.5  # an attribute of the plain array
    assert not (array - 1.0).all()


def test_shape_and_type(array):
    assert (array.shape, array.size, array.ndim, array.dtype) == ((4,), 4, 1, np.dtype(float))
    assert len(array) == 4
    assert list(array) == [1.0, 2.0, 3.0, 4.0]
    assert 3.0 in array
    assert 7.0 not in array
    assert type(array.astype(int)) is Array2D
    assert array.astype(int).dtype == np.dtype(int)
    assert array.reshape((2, 2)).shape == (2, 2)
    np.testing.assert_array_equal(array.sqrt().array, np.sqrt(array.array))
    assert (array + 2.0j).imag.array.tolist() == [2.0] * 4
    assert (array + 2.0j).real.array.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_indexing_keeps_the_class_for_a_run_of_entries_only(array):
    assert type(array[0:2]) is Array2D
    assert type(array[0]) is np.float64
    assert type(array[array > 1.0]) is np.ndarray
    assert array[array > 1.0].tolist() == [2.0, 3.0, 4.0]


def test_setting_an_entry_forgets_what_was_derived(mask):
    assert mask.pixels_in_mask == 4
    mask[0, 0] = False
    assert mask.pixels_in_mask == 5


def test_numpy_reads_the_values(array):
    assert type(np.asarray(array)) is np.ndarray
    assert np.shares_memory(np.asarray(array), array.array)
    assert not np.shares_memory(np.array(array), array.array)
    assert type(np.sqrt(array)) is np.ndarray
    assert np.array(array, dtype=np.float32).dtype == np.float32


def test_copies_have_their_own_values(array):
    for other in (array.copy(), copy.copy(array), copy.deepcopy(array)):
        assert type(other) is Array2D
        other[0] = 9.0
    assert array[0] == 1.0
    assert copy.copy(array).mask is array.mask


def test_structures_are_told_apart_by_identity(array):
    assert {array: 1}[array] == 1
    assert hash(array) != hash(array.copy())


def test_repr_names_the_class(array):
    assert repr(array) == 'Array2D(numpy, [1., 2., 3., 4.], native 2 x 3 of (1.0, 2.0)")'


def test_is_transformed_survives_arithmetic(array):
    assert array.is_transformed is False
    array.is_transformed = True
    assert (array + 1.0).is_transformed is True


def test_unknown_attributes(array):
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = array.nonsense


def test_state_of_another_library_raises_at_first_use(array):
    state = {name: value for name, value in vars(array).items() if name != "_use_jax"} | {"use_jax": False}
    foreign = object.__new__(Array2D)
    foreign.__dict__.update(state)
    for use in (lambda: foreign.array, lambda: foreign + 1.0, lambda: foreign.native, lambda: foreign.use_jax):
        with pytest.raises(exc.StateException, match="load_pickle"):
            use()


def test_a_structure_without_a_native_form_says_so():
    class Plain(AbstractNDArray):
        pass

    assert Plain(np.ones(3)).sum() == 3.0
    with pytest.raises(AttributeError, match="Plain has no native form"):
        _ = Plain(np.ones(3)).native


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_unwrapped_is_the_inverse_of_construction(values):
    assert unwrap(ArrayIrregular(values)).tolist() == values
    assert unwrap(values) is values


def test_decorators_of_methods(array, mask):
    class Scaled(Array2D):
        @to_new_array
        @unwrap_array
        def scaled_by(self, other):
            """Values times others."""
            assert not isinstance(other, AbstractNDArray)
            return self.array * other

    scaled = Scaled(array.array, mask=mask).scaled_by(array)
    assert type(scaled) is Scaled
    assert scaled.array.tolist() == [1.0, 4.0, 9.0, 16.0]
    assert Scaled.scaled_by.__doc__ == "Values times others."


def test_pickle_keeps_state_and_drops_intermediates(mask):
    grid = Grid2D.from_mask(mask, over_sample_size=2)
    size = len(pickle.dumps(grid))
    _ = grid.over_sampled, mask.native_for_slim, grid.over_sampler
    assert len(pickle.dumps(grid)) < size + 200
    restored = pickle.loads(pickle.dumps(grid))
    np.testing.assert_array_equal(restored.over_sampled.array, grid.over_sampled.array)
    assert not restored.use_jax


class TestJax:
    """The same objects on JAX."""

    @pytest.fixture
    def jnp(self):
        return pytest.importorskip("jax.numpy")

    @pytest.fixture
    def traced(self, mask, jnp) -> Array2D:
        return Array2D(values=[1.0, 2.0, 3.0, 4.0], mask=mask, xp=jnp)

    @pytest.mark.parametrize("op", OPERATORS)
    def test_arithmetic_stays_on_jax(self, traced, jnp, op):
        numbers = np.array([4.0, 3.0, 2.0, 1.0])
        for result in (op(traced, 2.0), op(2.0, traced), op(traced, numbers), op(numbers, traced)):
            assert type(result) is Array2D
            assert result.use_jax
            assert result._xp is jnp
        assert type(op(jnp.asarray(numbers), traced)) is Array2D
        np.testing.assert_allclose(op(numbers, traced).array, op(numbers, np.asarray(traced)), rtol=1e-14)

    def test_the_flag_follows_the_array(self, array, jnp):
        moved = array.with_new_array(jnp.ones(4))
        assert moved.use_jax
        assert not array.use_jax
        assert not moved.with_new_array(np.ones(4)).use_jax
        assert (array + jnp.ones(4)).use_jax
        assert ArrayIrregular(jnp.ones(3)).use_jax

    def test_scalars_and_entries(self, traced, jnp):
        assert float(traced[0]) == 1.0
        assert not isinstance(traced[0], Array2D)
        traced[0] = 5.0
        assert float(traced.max()) == 5.0

    def test_user_classes_cross_the_boundary(self, jnp):
        import jax

        class Model:
            def __init__(self, centre, name):
                self.centre, self.name = centre, name

        register_instance_pytree(Model, no_flatten=("name",))
        register_instance_pytree(Model, no_flatten=("name",))
        traces = []

        @jax.jit
        def moved(model):
            traces.append(model.name)
            return Model(model.centre + 1.0, model.name)

        for centre in (1.0, 2.0):
            result = moved(Model(jnp.asarray(centre), "lens"))
            assert float(result.centre) == centre + 1.0
            assert result.name == "lens"
        assert traces == ["lens"]
        register_instance_pytree(Array2D)
