"""Sub-grids, the rules for their sizes, and the averages over them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling import over_sample_util as util
from autoarray.operators.over_sampling.decorator import over_sample
from autoarray.operators.over_sampling.over_sampler import OverSampler
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


@pytest.fixture
def mask():
    return Mask2D(
        mask=[[True, False, True], [False, False, False], [True, True, True]],
        pixel_scales=(1.0, 2.0),
        origin=(0.5, 1.0),
    )


def _random_mask(seed):
    masked = np.random.default_rng(seed).random((7, 6)) > 0.5
    masked[3, 2] = False
    return Mask2D(mask=masked, pixel_scales=(0.1, 0.2), origin=(0.3, -0.2))


def test_adaptive_sub_grid(mask):
    sampler = OverSampler(mask=mask, sub_size=Array2D(values=[1, 2, 3, 1], mask=mask))
    # From PyAutoArray 2026.10.26.1.
    expected = [
        [1.5, 1.0],
        [0.75, -1.5],
        [0.75, -0.5],
        [0.25, -1.5],
        [0.25, -0.5],
        [5 / 6, 1 / 3],
        [5 / 6, 1.0],
        [5 / 6, 5 / 3],
        [0.5, 1 / 3],
        [0.5, 1.0],
        [0.5, 5 / 3],
        [1 / 6, 1 / 3],
        [1 / 6, 1.0],
        [1 / 6, 5 / 3],
        [0.5, 3.0],
    ]
    np.testing.assert_allclose(sampler.uniform_over_sampled.array, expected, rtol=1e-14)
    assert sampler.sub_total == 15
    assert sampler.sub_is_uniform is False
    np.testing.assert_array_equal(sampler.slim_for_sub_slim, [0, 1, 1, 1, 1, *[2] * 9, 3])
    np.testing.assert_array_equal(sampler.sub_length.array, [1, 4, 9, 1])
    np.testing.assert_array_equal(sampler.start_indices, [0, 1, 5, 14])
    np.testing.assert_array_equal(sampler.split_indices, [1, 5, 14, 15])
    np.testing.assert_allclose(sampler.sub_fraction.array, [1, 1 / 4, 1 / 9, 1])
    np.testing.assert_allclose(sampler.sub_pixel_areas, [2.0, *[0.5] * 4, *[2 / 9] * 9, 2.0])
    assert sampler.sub_size.mask is mask
    assert sampler.sub_length.mask is mask


@given(seed=st.integers(0, 200), size=st.one_of(st.integers(1, 5), st.none()))
def test_sub_grid_is_centred_on_its_pixel_and_fills_it(seed, size):
    mask = _random_mask(seed)
    pixels = mask.pixels_in_mask
    sizes = np.random.default_rng(seed).integers(1, 6, pixels) if size is None else np.full(pixels, size)
    sampler = OverSampler(mask=mask, sub_size=size if size is not None else Array2D(values=sizes, mask=mask))
    grid = np.asarray(sampler.uniform_over_sampled.array)
    assert grid.shape == (sampler.sub_total, 2) == ((sizes**2).sum(), 2)
    centres = util.grid_2d_slim_over_sampled_via_mask_from(mask, mask.pixel_scales, 1, mask.origin)
    np.testing.assert_allclose(sampler.sub_pixel_areas.sum(), pixels * 0.02)
    for pixel, (start, stop) in enumerate(zip(sampler.start_indices, sampler.split_indices, strict=True)):
        block = grid[start:stop].reshape(sizes[pixel], sizes[pixel], 2)
        np.testing.assert_allclose(block.mean((0, 1)), centres[pixel], atol=1e-12)
        assert np.all(np.diff(block[:, 0, 0]) < 0)  # rows run from the top
        assert np.all(np.diff(block[0, :, 1]) > 0)
        np.testing.assert_allclose(np.diff(block[0, :, 1]), 0.2 / sizes[pixel])
    means = sampler.binned_array_2d_from(grid[:, 0])
    np.testing.assert_allclose(means.array, centres[:, 0], atol=1e-12)
    assert means.mask is mask


@pytest.mark.parametrize("sub_size", [3, [1, 2, 3, 1]])
def test_jax_bins_as_numpy_does(mask, sub_size):
    jnp = pytest.importorskip("jax.numpy")
    import jax

    sampler = OverSampler(mask=mask, sub_size=sub_size)
    values = np.random.default_rng(1).random(sampler.sub_total)
    expected = sampler.binned_array_2d_from(values)
    result = jax.jit(lambda v: sampler.binned_array_2d_from(v, xp=jnp).array)(values)
    np.testing.assert_allclose(result, expected.array, rtol=1e-14)
    assert sampler.binned_array_2d_from(jnp.asarray(values), xp=jnp).use_jax
    assert isinstance(sampler.binned_array_2d_from(jnp.asarray(values)).array, np.ndarray)


def test_values_of_another_length_are_not_binned(mask):
    with pytest.raises(exc.ArrayException, match=r"each of the 16 sub-pixels.*found shape \(15,\)"):
        OverSampler(mask=mask, sub_size=2).binned_array_2d_from(np.zeros(15))


@pytest.mark.parametrize("sizes", [2, 2.0, np.int32(2), np.full((3, 3), 2), np.full(4, 2.0), [2, 2, 2, 2]])
def test_sub_sizes_become_integers_on_the_given_mask(mask, sizes):
    converted = util.over_sample_size_convert_to_array_2d_from(sizes, mask)
    np.testing.assert_array_equal(converted.array, [2, 2, 2, 2])
    assert converted.array.dtype == np.int64
    assert converted.mask is mask
    assert util.over_sample_size_convert_to_array_2d_from(converted, mask) is converted


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ([1, 2, 3], exc.ArrayException, r"shape \(4,\) or \(3, 3\).*4 unmasked pixels, found shape \(3,\)"),
        (0, exc.GridException, "integers of at least 1, found"),
        ([1, 2, -1, 1], exc.GridException, "found .-1"),
        ([1, 2, 2.5, 1], exc.GridException, "found .2.5"),
        ([1, 2, np.nan, 1], exc.GridException, "found .nan"),
        ("2", exc.GridException, "found <U1"),
    ],
)
def test_unusable_sub_sizes_are_refused(mask, sizes, error, message):
    with pytest.raises(error, match=message):
        OverSampler(mask=mask, sub_size=sizes)


def test_a_pixel_of_size_zero_has_no_sub_pixels(mask):
    grid = util.grid_2d_slim_over_sampled_via_mask_from(mask.array, mask.pixel_scales, np.array([1, 0, 2, 1]))
    assert grid.shape == (6, 2)
    assert util.total_sub_pixels_2d_from([1, 0, 2, 1]) == 6


def test_radial_bins(mask):
    sizes = util.sub_size_radial_bins_from(np.array([0.0, 0.5, 0.7, 1.0, 2.0, 3.0]), [8, 4, 2], [0.5, 1.0, 2.5])
    np.testing.assert_array_equal(sizes, [8, 8, 4, 4, 2, 2])
    grid = Grid2D.from_mask(mask)
    around_mask = util.over_sample_size_via_radial_bins_from(grid, sub_size_list=[8, 4, 2], radial_list=[0.5, 1.5])
    np.testing.assert_array_equal(around_mask.array, [8, 2, 8, 2])
    around_two = util.over_sample_size_via_radial_bins_from(
        grid, sub_size_list=[8, 4, 2], radial_list=[0.5, 1.5], centre_list=[(0.5, 1.0), (0.5, 3.0)]
    )
    np.testing.assert_array_equal(around_two.array, [4, 2, 8, 8])
    assert around_two.mask is mask


def test_sizes_from_signal_to_noise(mask):
    data = Array2D(values=[1.0, 2.0, 3.0, 4.0], mask=mask)
    noise_map = Array2D(values=[1.0, 1.0, 1.0, 0.5], mask=mask)
    np.testing.assert_array_equal(util.over_sample_size_via_snr_from(data, 3.0).array, [2, 2, 2, 4])
    np.testing.assert_array_equal(util.over_sample_size_via_adapt_from(data, noise_map, 2.0, 1, 8).array, [1, 1, 8, 8])
    # The maximum is 8, so a cut of 10 becomes 4.
    np.testing.assert_array_equal(util.over_sample_size_via_adapt_from(data, noise_map, 10.0).array, [2, 2, 2, 4])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_upscaled_mask_has_the_sub_grid_as_pixels(size):
    mask = _random_mask(3)
    fine = util.mask_2d_upscaled_from(mask, size)
    order = util.sub_slim_to_fine_slim_from(mask, size)
    assert fine.pixel_scales == pytest.approx((0.1 / size, 0.2 / size))
    centres = util.grid_2d_slim_over_sampled_via_mask_from(fine, fine.pixel_scales, 1, fine.origin)
    sub = util.grid_2d_slim_over_sampled_via_mask_from(mask, mask.pixel_scales, size, mask.origin)
    np.testing.assert_allclose(centres[order], sub, atol=1e-12)
    np.testing.assert_array_equal(np.sort(order), np.arange(order.size))


def test_adaptive_values_are_averaged_in_the_pixels_of_a_finer_psf():
    sizes = np.array([2, 4, 2])
    segments = util.convolve_bin_segment_ids_from(sizes, 2)
    np.testing.assert_array_equal(segments, [0, 1, 2, 3, *[4, 4, 5, 5] * 2, *[6, 6, 7, 7] * 2, 8, 9, 10, 11])
    values = np.random.default_rng(2).random((24, 3))
    means = util.binned_to_convolve_size_from(values, sizes, 2)
    np.testing.assert_allclose(means[5], values[[6, 7, 10, 11]].mean(axis=0))
    assert util.binned_to_convolve_size_from(values, np.full(6, 2), 2) is values
    jnp = pytest.importorskip("jax.numpy")
    np.testing.assert_allclose(util.binned_to_convolve_size_from(jnp.asarray(values), sizes, 2, xp=jnp), means)
    with pytest.raises(exc.GridException, match=r"multiples of convolve_over_sample_size=2.*found \[3\]"):
        util.convolve_bin_segment_ids_from(np.array([2, 3]), 2)
    with pytest.raises(exc.GridException, match=r"each of the 24 sub-pixels, found shape \(23, 3\)"):
        util.binned_to_convolve_size_from(values[:-1], sizes, 2)


class _Profile:
    @over_sample
    def squared_radius(self, grid, xp=np, factor=1.0):
        return factor * xp.sum(grid.array**2, axis=1)


def test_decorated_function_is_averaged_in_pixels(mask):
    grid = Grid2D.from_mask(mask, over_sample_size=Array2D(values=[1, 2, 3, 1], mask=mask))
    result = _Profile().squared_radius(grid)
    # From PyAutoArray 2026.10.26.1.
    np.testing.assert_allclose(result.array, [3.25, 1.5625, 1.62037037037037, 9.25], rtol=1e-14)
    assert result.mask is mask
    jnp = pytest.importorskip("jax.numpy")
    traced = _Profile().squared_radius(grid, jnp, factor=2.0)
    assert traced.use_jax
    np.testing.assert_allclose(traced.array, 2.0 * result.array, rtol=1e-14)


def test_decorated_function_of_irregular_coordinates_is_not_averaged():
    result = _Profile().squared_radius(Grid2DIrregular([(0.0, 1.0), (1.0, 2.0)]))
    assert isinstance(result, ArrayIrregular)
    np.testing.assert_array_equal(result.array, [1.0, 5.0])
    with pytest.raises(TypeError, match=r"expected a Grid2D, a Grid2DIrregular or a Grid1D.*found numpy.ndarray"):
        _Profile().squared_radius(np.ones((3, 2)))
