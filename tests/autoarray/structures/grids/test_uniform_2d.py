"""Grids of a mask's pixels and sub-pixels."""

import pickle

import numpy as np
import pytest

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling.over_sampler import OverSampler
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids import grid_2d_util
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

PIXELS = [[1.0, 1.0], [1.0, 3.0], [0.0, -1.0], [0.0, 1.0]]


@pytest.fixture
def mask() -> Mask2D:
    return Mask2D([[True, False, False], [False, False, True]], pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))


@pytest.fixture
def grid(mask: Mask2D) -> Grid2D:
    return Grid2D.from_mask(mask, over_sample_size=2)


def test_forms(grid, mask):
    np.testing.assert_array_equal(grid.array, PIXELS)
    assert grid.native.shape == (2, 3, 2)
    np.testing.assert_array_equal(grid.native.array[mask.array], 0.0)
    np.testing.assert_array_equal(grid.native.slim.array, PIXELS)
    stored = Grid2D(values=grid.native.array, mask=mask, store_native=True)
    np.testing.assert_array_equal(stored.array, grid.native.array)
    assert stored.mask is mask
    assert type(grid + 1.0) is Grid2D
    assert type(grid[:, 0]) is np.ndarray


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones((3, 2)), r"4 unmasked pixels of a mask of shape \(2, 3\), found values of shape \(3, 2\)"),
        (np.ones((2, 2, 2)), r"mask's shape \(2, 3\), found values of shape \(2, 2, 2\)"),
        (np.ones(4), r"found shape \(4,\)"),
        (np.ones((4, 3)), r"found shape \(4, 3\)"),
    ],
)
def test_values_that_do_not_fit_the_mask(mask, values, message):
    with pytest.raises(exc.GridException, match=message):
        Grid2D(values=values, mask=mask)


class TestOverSampling:
    def test_one_size(self, grid):
        assert grid.over_sample_size.array.tolist() == [2, 2, 2, 2]
        assert type(grid.over_sampled) is Grid2DIrregular
        np.testing.assert_allclose(grid.over_sampled.array[:4], [[1.25, 0.5], [1.25, 1.5], [0.75, 0.5], [0.75, 1.5]])
        assert grid.over_sampled is grid.over_sampled
        binned = grid.over_sampler.binned_array_2d_from(grid.over_sampled.array[:, 1])
        np.testing.assert_allclose(binned.array, grid.array[:, 1])

    @pytest.mark.parametrize("kind", [np.array, list, "array"])
    def test_a_size_for_each_pixel(self, mask, kind):
        sizes = Array2D([1, 2, 1, 2], mask=mask) if kind == "array" else kind([1, 2, 1, 2])
        grid = Grid2D.from_mask(mask, over_sample_size=sizes)
        assert grid.over_sampled.shape == (10, 2)
        np.testing.assert_array_equal(grid.over_sampled.array[0], grid.array[0])
        assert grid.over_sample_size.mask is mask

    def test_traced_sub_pixels(self, grid, mask):
        traced = Grid2D(values=grid.array * 2.0, mask=mask, over_sample_size=2, over_sampled=grid.over_sampled * 2.0)
        np.testing.assert_array_equal(traced.over_sampled.array, grid.over_sampled.array * 2.0)
        same = Grid2D(grid.array, mask, over_sampled=grid.over_sampled.array, over_sampler=OverSampler(mask, 2))
        np.testing.assert_array_equal(same.over_sampled.array, grid.over_sampled.array)
        with pytest.raises(exc.GridException, match=r"expected the 16 sub-pixels.*found 5"):
            Grid2D(values=grid.array, mask=mask, over_sample_size=2, over_sampled=np.ones((5, 2)))

    def test_other_sizes(self, grid):
        other = grid.apply_over_sampling(np.array([1, 2, 3, 1]))
        assert other.over_sampled.shape == (15, 2)
        assert grid.over_sampled.shape == (16, 2)
        np.testing.assert_array_equal(other.array, grid.array)

    def test_state_is_small(self, mask):
        grid = Grid2D.from_mask(mask, over_sample_size=8)
        size = len(pickle.dumps(grid))
        assert grid.over_sampled.shape == (256, 2)
        assert len(pickle.dumps(grid)) < size + 200


def test_moving(grid, mask):
    moved = grid.subtracted_from((1.0, 0.5))
    np.testing.assert_allclose(moved.array, grid.array - [1.0, 0.5])
    np.testing.assert_allclose(moved.over_sampled.array, grid.over_sampled.array - [1.0, 0.5])
    assert moved.mask.origin == (-0.5, 0.5)
    assert moved.over_sample_size.mask is moved.mask
    assert moved.is_uniform
    assert grid.subtracted_from((0.0, 0.0)).mask is mask
    turned = grid.subtracted_and_rotated_from((1.0, 0.5), angle=90.0)
    np.testing.assert_allclose(turned.array, np.stack((moved.array[:, 1], -moved.array[:, 0]), axis=-1), atol=1e-15)
    expected = moved.over_sampled.array
    np.testing.assert_allclose(
        turned.over_sampled.array, np.stack((expected[:, 1], -expected[:, 0]), axis=-1), atol=1e-15
    )
    assert not turned.is_uniform
    assert not turned.native.is_uniform
    np.testing.assert_allclose(grid.native.subtracted_from((1.0, 0.5)).array, moved.native.array)


def test_deflections_leave_the_sub_pixels(grid, mask):
    deflections = Grid2D(values=np.ones((4, 2)), mask=mask)
    traced = grid.grid_2d_via_deflection_grid_from(deflections)
    np.testing.assert_array_equal(traced.array, grid.array - 1.0)
    np.testing.assert_array_equal(traced.over_sampled.array, grid.over_sampled.array)


def test_flips_and_units(grid):
    np.testing.assert_array_equal(grid.flipped.array, grid.array[:, ::-1])
    np.testing.assert_array_equal(grid.flipped.over_sampled.array, grid.over_sampled.array[:, ::-1])
    np.testing.assert_allclose(grid.in_radians.array, np.radians(grid.array / 3600.0))
    np.testing.assert_allclose(grid.in_radians.over_sampled.array, np.radians(grid.over_sampled.array / 3600.0))


def test_extents_and_distances(grid, mask):
    assert grid.scaled_maxima == (1.0, 3.0)
    assert grid.scaled_minima == (0.0, -1.0)
    assert grid.shape_native_scaled_interior == (1.0, 4.0)
    np.testing.assert_allclose(grid.extent_with_buffer_from(0.1), [-1.1, 3.1, -0.1, 1.1])
    squared = grid.squared_distances_to_coordinate_from((1.0, 1.0))
    assert squared.mask is mask
    assert squared.array.tolist() == [0.0, 4.0, 5.0, 1.0]
    np.testing.assert_allclose(grid.distances_to_coordinate_from((1.0, 1.0)).array, np.sqrt([0.0, 4.0, 5.0, 1.0]))
    assert grid.native.squared_distances_to_coordinate_from((1.0, 1.0)).store_native


def test_removing_pixels_close_to_coordinates(grid):
    # A pixel at exactly the distance stays.
    assert grid.grid_with_coordinates_within_distance_removed_from((0.0, 1.0), 1.0).shape == (3, 2)
    left = grid.grid_with_coordinates_within_distance_removed_from([(0.0, 1.0)], 1.1)
    np.testing.assert_array_equal(left.array, grid.array[[1, 2]])
    assert left.mask.pixels_in_mask == 2
    assert left.over_sample_size.array.tolist() == [2, 2]
    traced = grid.subtracted_from((0.5, 0.0)).grid_with_coordinates_within_distance_removed_from((-0.5, 1.0), 1.1)
    np.testing.assert_allclose(traced.over_sampled.array, left.over_sampled.array - [0.5, 0.0])


class TestConstructors:
    def test_uniform(self, mask):
        grid = Grid2D.uniform((2, 3), pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))
        np.testing.assert_array_equal(grid.array, mask.derive_grid.all_false.array)
        assert grid.over_sample_size.array.tolist() == [4] * 6
        assert grid.is_uniform

    def test_no_mask(self):
        native = np.arange(12.0).reshape(2, 3, 2)
        for grid in (
            Grid2D.no_mask(native, 1.0),
            Grid2D.no_mask(native.reshape(6, 2), 1.0, shape_native=(2, 3)),
            Grid2D.from_yx_2d(native[..., 0], native[..., 1], 1.0),
            Grid2D.from_yx_1d(native[..., 0].ravel(), native[..., 1].ravel(), (2, 3), 1.0),
        ):
            np.testing.assert_array_equal(grid.native.array, native)
        with pytest.raises(exc.GridException, match="shape_native"):
            Grid2D.no_mask(native.reshape(6, 2), 1.0)
        with pytest.raises(exc.GridException, match="two numbers"):
            Grid2D.no_mask(native.reshape(6, 2), 1.0, shape_native=(6,))
        with pytest.raises(exc.GridException, match="9 unmasked pixels"):
            Grid2D.no_mask(native.reshape(6, 2), 1.0, shape_native=(3, 3))

    def test_extent(self):
        grid = Grid2D.from_extent((0.0, 1.0, 2.0, 3.0), (2, 3))
        np.testing.assert_allclose(grid.array[[0, -1]], [[3.0, 0.0], [2.0, 1.0]])
        assert grid.pixel_scales == (1.0, 0.5)
        with pytest.raises(exc.GridException, match="at least two pixels"):
            Grid2D.from_extent((0.0, 1.0, 2.0, 3.0), (1, 3))

    def test_bounding_box(self):
        inside = Grid2D.bounding_box([0.0, 1.0, -2.0, 2.0], (4, 4))
        np.testing.assert_allclose(inside.geometry.extent, (-2.0, 2.0, 0.0, 1.0))
        on_edges = Grid2D.bounding_box([0.0, 1.0, -2.0, 2.0], (3, 3), buffer_around_corners=True)
        np.testing.assert_allclose(on_edges.array[[0, -1]], [[1.0, -2.0], [0.0, 2.0]], atol=1e-15)
        with pytest.raises(exc.GridException, match="more than 1 pixel"):
            Grid2D.bounding_box([0.0, 1.0, -2.0, 2.0], (1, 3), buffer_around_corners=True)

    def test_blurring_grid(self):
        mask = Mask2D.circular((7, 7), radius=1.1, pixel_scales=1.0)
        grid = Grid2D.blurring_grid_from(mask, (3, 3), over_sample_size=2)
        assert grid.shape == (16, 2)
        assert grid.over_sampled.shape == (64, 2)
        via_kernel = Grid2D.from_mask(mask).blurring_grid_via_kernel_shape_from((3, 3))
        np.testing.assert_array_equal(via_kernel.array, grid.array)
        assert via_kernel.over_sample_size.array.tolist() == [1] * 16
        # A mask that is too small is padded.
        assert Grid2D.uniform((5, 5), 1.0).blurring_grid_via_kernel_shape_from((3, 3)).shape == (24, 2)


def test_padding_for_a_kernel(grid, mask):
    padded = grid.padded_grid_from((3, 3))
    assert padded.shape_native == (4, 5)
    assert padded.mask.is_all_false
    sizes = padded.over_sample_size.native.array
    assert sizes.sum() == 20 + 4
    np.testing.assert_array_equal(sizes[1:3, 1:4], np.where(mask.array, 1, 2))
    trimmed = padded.trimmed_after_convolution_from((3, 3))
    np.testing.assert_allclose(trimmed.array, mask.derive_grid.all_false.array, atol=1e-15)


def test_radial_projections(grid):
    points = grid.grid_2d_radial_projected_from(centre=(0.5, 1.0))
    np.testing.assert_allclose(points.array, [[0.5, 1.0], [0.5, 3.0]], atol=1.1e-6)
    assert grid.grid_2d_radial_projected_shape_slim_from(centre=(0.5, 1.0)) == 2
    down = grid.grid_2d_radial_projected_from(centre=(0.5, 1.0), angle=90.0, shape_slim=3)
    np.testing.assert_allclose(down.array, [[0.5, 1.0], [-1.5, 1.0], [-3.5, 1.0]], atol=2e-6)
    assert grid.grid_2d_radial_projected_from((0.5, 1.0), remove_projected_centre=True).shape == (1, 2)


class TestUtil:
    def test_native_grids(self, mask, grid):
        values = grid_2d_util.grid_2d_via_mask_from(mask.array, (1.0, 2.0), (0.5, 1.0))
        np.testing.assert_array_equal(values, grid.native.array)
        np.testing.assert_array_equal(grid_2d_util.grid_2d_slim_from(values, mask.array), grid.array)
        np.testing.assert_array_equal(grid_2d_util.convert_grid_2d_to_native(grid.array, mask), values)
        full = grid_2d_util.grid_2d_via_shape_native_from((2, 3), 1.0)
        assert full.shape == (2, 3, 2)
        np.testing.assert_array_equal(
            full.reshape(-1, 2), grid_2d_util.grid_2d_slim_via_shape_native_not_mask_from((2, 3), (1.0, 1.0))
        )

    def test_counts_and_radii(self):
        points = np.array([[0.0, 1.0], [0.5, 0.5], [0.6, 0.4], [9.0, 9.0]])
        counts = grid_2d_util.grid_pixels_in_mask_pixels_from(points, (2, 3), (1.0, 1.0), (0.0, 0.0))
        assert counts.tolist() == [[0.0, 1.0, 1.0], [0.0, 0.0, 1.0]]
        assert grid_2d_util.grid_2d_of_points_within_radius(1.0, (0.0, 0.0), points).tolist() == [
            [0.5, 0.5],
            [0.6, 0.4],
        ]
        assert grid_2d_util.grid_2d_centre_from(points) == (4.5, 4.7)


class TestJax:
    @pytest.fixture
    def jax(self):
        return pytest.importorskip("jax")

    def test_flag_and_arrays_agree(self, jax, mask):
        grid = Grid2D.from_mask(mask, over_sample_size=2, xp=jax.numpy)
        assert grid.use_jax
        assert grid.over_sampled.use_jax
        assert isinstance(grid.over_sampled.array, jax.Array)
        assert isinstance(grid.over_sample_size.array, np.ndarray)
        back = grid.subtracted_from((1.0, 0.0)).with_new_array(np.ones((4, 2)))
        assert not back.use_jax
        assert not back.over_sampled.use_jax

    def test_grids_cross_jit_without_a_second_trace(self, jax, mask, grid):
        traces = []

        @jax.jit
        def traced(image, factor):
            traces.append(1)
            source = Grid2D(
                values=image.array * factor,
                mask=image.mask,
                over_sample_size=image.over_sample_size,
                over_sampled=image.over_sampled.array * factor,
            )
            return source, source.native.slim, source.subtracted_and_rotated_from((factor, 0.5), 20.0)

        for factor in (2.0, 3.0):
            again = Mask2D(mask.array.copy(), pixel_scales=(1.0, 2.0), origin=(0.5, 1.0))
            results = traced(Grid2D.from_mask(again, over_sample_size=2, xp=jax.numpy), factor)
            expected = Grid2D(grid.array * factor, mask, over_sample_size=2, over_sampled=grid.over_sampled * factor)
            turned = expected.subtracted_and_rotated_from((factor, 0.5), 20.0)
            for result, other in zip(results, (expected, expected, turned), strict=True):
                assert type(result) is Grid2D
                assert result.use_jax
                np.testing.assert_allclose(result.array, other.array, atol=1e-14)
                np.testing.assert_allclose(result.over_sampled.array, other.over_sampled.array, atol=1e-14)
            # A traced offset can't move a mask, which is static.
            assert results[2].mask.origin == (0.5, 1.0)
        assert traces == [1]

    def test_a_static_offset_moves_the_mask_under_jit(self, jax, grid):
        moved = jax.jit(lambda: grid.subtracted_from((1.0, 0.5), xp=jax.numpy))()
        assert moved.mask.origin == (-0.5, 0.5)
        np.testing.assert_allclose(moved.array, grid.subtracted_from((1.0, 0.5)).array)

    def test_gradients_and_batches(self, jax, grid):
        slope = jax.grad(lambda angle: grid.subtracted_and_rotated_from((0.1, 0.2), angle, xp=jax.numpy).array.sum())
        step = 1e-6
        numbers = [grid.subtracted_and_rotated_from((0.1, 0.2), 30.0 + d).array.sum() for d in (step, -step)]
        np.testing.assert_allclose(slope(30.0), (numbers[0] - numbers[1]) / (2.0 * step), rtol=1e-6)
        batch = jax.vmap(lambda y: grid.subtracted_from((y, 0.0)).array)(jax.numpy.arange(3.0))
        np.testing.assert_allclose(batch[2], grid.array - [2.0, 0.0])

    def test_pickle(self, jax, mask):
        grid = Grid2D.from_mask(mask, over_sample_size=2, xp=jax.numpy)
        _ = grid.over_sampled
        restored = pickle.loads(pickle.dumps(grid))
        assert restored._xp is jax.numpy
        np.testing.assert_array_equal(restored.array, grid.array)
