"""What the decorators give a function of a grid, and what they make of its result, on both backends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray import exc
from autoarray.structures.decorators.to_array import ArrayMaker
from autoarray.structures.decorators.to_grid import GridMaker
from autoarray.structures.decorators.to_vector_yx import VectorYXMaker

MASK = aa.Mask2D([[True, False, False], [False, False, False], [True, True, False]], pixel_scales=1.0)


def grid_2d(xp=np):
    return aa.Grid2D.from_mask(MASK, over_sample_size=2, xp=xp)


def irregular(xp=np):
    return aa.Grid2DIrregular([(1.0, 2.0), (3.0, 4.0)], xp=xp)


class Profile:
    """Counts how it is called; its frame of reference is shifted by (1.0, 0.0), and turned by a right angle."""

    def __init__(self):
        self.calls = []

    def _seen(self, grid, xp, extra):
        self.calls.append((type(grid).__name__, grid.is_transformed, xp.__name__, extra))

    @aa.decorators.to_array
    def radii(self, grid, xp=np, *extra, **more):
        self._seen(grid, xp, (*extra, *more.items()))
        return xp.sum(grid.array**2, axis=-1)

    @aa.decorators.to_array
    def components(self, grid, xp=np):
        return [grid.array[:, 0], grid.array[:, 1]]

    @aa.decorators.to_grid
    def doubled(self, grid, xp=np):
        return 2.0 * grid.array

    @aa.decorators.to_vector_yx
    def deflections(self, grid, xp=np):
        return xp.stack([grid.array[:, 1], grid.array[:, 0]], axis=1)

    @aa.decorators.to_grid
    def transformed_to_reference_frame_grid_from(self, grid, xp=np, **kwargs):
        return grid.array - xp.asarray([1.0, 0.0])

    def rotated_grid_from_reference_frame_from(self, grid, xp=np):
        return grid @ xp.asarray([[0.0, 1.0], [-1.0, 0.0]])

    @aa.over_sample
    @aa.decorators.to_array
    @aa.decorators.transform
    def image(self, grid, xp=np):
        self._seen(grid, xp, ())
        return xp.exp(-self.radii(grid, xp).array)

    @aa.decorators.to_vector_yx
    @aa.decorators.transform(rotate_back=True)
    def turned(self, grid, xp=np):
        return grid.array

    @aa.decorators.to_array
    @aa.decorators.transform
    def outer(self, grid, xp=np):
        return self.inner(grid, xp)

    @aa.decorators.to_array
    @aa.decorators.transform
    def inner(self, grid, xp=np):
        self._seen(grid, xp, ())
        return grid.array[:, 0]


def same_state(found, expected):
    """Whether two structures have the same state, to the bit."""
    first, second = (
        {name: value for name, value in vars(item).items() if name != "_derived"} for item in (found, expected)
    )
    assert type(found) is type(expected)
    assert first.keys() == second.keys()
    np.testing.assert_array_equal(first.pop("_array"), second.pop("_array"), strict=True)
    for name, value in first.items():
        assert value is second[name] or value == second[name], name


def test_a_result_has_the_state_that_the_constructor_of_its_structure_gives():
    profile, grid, points = Profile(), grid_2d(), irregular()
    same_state(profile.radii(grid), aa.Array2D((grid.array**2).sum(axis=1), mask=MASK))
    same_state(profile.radii(points), aa.ArrayIrregular((points.array**2).sum(axis=1)))
    same_state(profile.doubled(grid), aa.Grid2D(2.0 * grid.array, mask=MASK, over_sample_size=2))
    same_state(profile.doubled(points), aa.Grid2DIrregular(2.0 * points.array))
    same_state(profile.deflections(grid), aa.VectorYX2D(grid.array[:, ::-1], grid=grid, mask=MASK))
    same_state(profile.deflections(points), aa.VectorYX2DIrregular(points.array[:, ::-1], grid=points))


def test_arguments_reach_the_function_by_position_and_by_name():
    profile = Profile()
    profile.radii(grid=grid_2d(), xp=np)
    profile.radii(irregular(), np, 1, b=2)
    assert profile.calls == [
        ("Grid2D", False, "numpy", ()),
        ("Grid2DIrregular", False, "numpy", (1, ("b", 2))),
    ]


def test_a_list_of_results_is_a_list_of_structures():
    y, x = Profile().components(grid_2d())
    assert type(y) is type(x) is aa.Array2D
    np.testing.assert_array_equal(np.stack([y, x], axis=1), grid_2d().array)


def test_a_result_for_another_kind_of_grid_stays_as_it_is():
    function = aa.decorators.to_array(lambda obj, grid, xp: grid)
    plain = np.ones((2, 2))
    assert function(None, plain) is plain
    assert function(None, None) is None


@pytest.mark.parametrize("values", [np.arange(6), np.arange(6, dtype=np.float32), (0.0,) * 6, np.ones((3, 3))])
def test_values_that_need_a_conversion_get_it(values):
    array = aa.decorators.to_array(lambda obj, grid, xp: values)(None, grid_2d())
    same_state(array, aa.Array2D(values, mask=MASK))


@pytest.mark.parametrize(
    ("decorate", "error", "message"),
    [
        (aa.decorators.to_array, exc.ArrayException, r"6 unmasked pixels.*found values of shape \(4,\)"),
        (aa.decorators.to_grid, exc.GridException, r"found shape \(4,\)"),
        (aa.decorators.to_vector_yx, exc.VectorYXException, r"of shape \(6, 2\) or \(3, 3, 2\), found shape \(4,\)"),
    ],
)
def test_a_result_of_another_shape_is_refused(decorate, error, message):
    with pytest.raises(error, match=message):
        decorate(lambda obj, grid, xp: np.ones(4))(None, grid_2d())


def test_sub_pixels_that_the_function_moved_stay_with_its_grid():
    moved = aa.Grid2D(grid_2d().array, mask=MASK, over_sample_size=1, over_sampled=np.full((6, 2), 7.0))
    result = aa.decorators.to_grid(lambda obj, grid, xp: [moved])(None, grid_2d())[0]
    same_state(result, moved)
    assert result is not moved


def test_coordinates_are_transformed_once_when_one_method_calls_another():
    profile, points = Profile(), irregular()
    np.testing.assert_array_equal(profile.outer(points).array, [0.0, 2.0])
    assert profile.calls == [("Grid2DIrregular", True, "numpy", ())]
    assert not points.is_transformed


def test_a_frame_that_is_that_of_the_image_leaves_the_grid_of_the_caller_as_it_is():
    class Centred(Profile):
        def transformed_to_reference_frame_grid_from(self, grid, xp=np):
            return grid

    points = irregular()
    Centred().inner(points)
    assert not points.is_transformed


def test_vectors_are_turned_back():
    np.testing.assert_array_equal(Profile().turned(irregular()).array, [[-2.0, 0.0], [-4.0, 2.0]])


def test_a_plain_array_can_not_say_that_it_was_transformed():
    function = aa.decorators.transform(lambda obj, grid, xp: grid)
    with pytest.raises(exc.GridException, match=r"reference frame of a Profile, found \[\[1"):
        function(Profile(), np.ones((2, 2)))


def test_an_image_is_the_mean_over_sub_pixels():
    profile, grid = Profile(), grid_2d()
    values = np.exp(-(((grid.over_sampled.array - [1.0, 0.0]) ** 2).sum(axis=1)))
    image = profile.image(grid)
    np.testing.assert_allclose(image.array, values.reshape(6, 4).mean(axis=1), rtol=1e-15)
    assert image.mask is MASK
    unbinned = profile.image(grid, binned=False)
    assert type(unbinned) is aa.ArrayIrregular
    np.testing.assert_allclose(unbinned.array, values, rtol=1e-15)


@given(size=st.sampled_from([1, 2, 3]))
def test_the_mean_of_equal_values_is_that_value(size):
    grid = aa.Grid2D.from_mask(MASK, over_sample_size=size)
    constant = aa.over_sample(lambda obj, grid, xp: np.full(grid.shape[0], 0.1))(None, grid)
    np.testing.assert_allclose(constant.array, 0.1, rtol=1e-15)


@pytest.mark.parametrize("maker", [ArrayMaker, GridMaker, VectorYXMaker])
@pytest.mark.parametrize("make_grid", [grid_2d, irregular])
def test_a_maker_gives_what_its_decorator_gives(maker, make_grid):
    decorators = {
        ArrayMaker: aa.decorators.to_array,
        GridMaker: aa.decorators.to_grid,
        VectorYXMaker: aa.decorators.to_vector_yx,
    }
    grid = make_grid()

    def func(obj, grid, xp, factor):
        return factor * (grid.array[:, 0] if maker is ArrayMaker else grid.array)

    made = maker(func=func, obj=None, grid=grid, xp=np, factor=2.0)
    same_state(made.result, decorators[maker](func)(None, grid, factor=2.0))
    assert isinstance(made.evaluate_func, np.ndarray)
    if make_grid is grid_2d:
        assert made.mask is MASK
        np.testing.assert_array_equal(made.over_sample_size.array, 2)


class TestJax:
    @pytest.fixture(autouse=True)
    def jax(self):
        return pytest.importorskip("jax")

    @pytest.mark.parametrize("make_grid", [grid_2d, irregular])
    def test_a_grid_on_jax_is_computed_with_jax_whatever_the_caller_passes(self, make_grid):
        import jax.numpy as jnp

        profile = Profile()
        for arguments in ({}, {"xp": np}, {"xp": jnp}):
            array = profile.image(make_grid(jnp), **arguments)
            assert array.use_jax
            np.testing.assert_allclose(array.array, profile.image(make_grid()).array, rtol=1e-14)
        assert {name for _, _, name, _ in profile.calls[1::2]} == {"jax.numpy", "numpy"}

    def test_numpy_coordinates_are_computed_with_jax_if_the_caller_says_so(self):
        import jax.numpy as jnp

        for structure in (Profile().radii(grid_2d(), xp=jnp), Profile().deflections(irregular(), xp=jnp)):
            assert structure.use_jax

    def test_a_traced_grid_needs_xp(self, jax):
        import jax.numpy as jnp

        profile = Profile()

        def image(values, **arguments):
            return profile.image(aa.Grid2DIrregular(values, xp=jnp), **arguments)

        values = jnp.asarray(irregular().array)
        compiled = jax.jit(lambda values: image(values, xp=jnp))(values)
        np.testing.assert_allclose(compiled.array, profile.image(irregular()).array, rtol=1e-14)
        with pytest.raises(ValueError, match=r"Profile.image: expected xp=jax.numpy for a grid that JAX is tracing"):
            jax.jit(image)(values)
