"""Imaging datasets: what they share, what they refuse, and what masks, scales and sub sizes make of them."""

import pickle

import numpy as np
import pytest

from autoarray import exc
from autoarray.dataset.grids import GridsInterface
from autoarray.dataset.imaging.dataset import Imaging
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D

SHAPE = (15, 16)


def _array(values, pixel_scales=0.1):
    return Array2D.no_mask(values=np.array(values), pixel_scales=pixel_scales)


@pytest.fixture
def values():
    rng = np.random.default_rng(1)
    return rng.random(SHAPE), rng.random(SHAPE) + 0.5


@pytest.fixture
def psf():
    return Convolver(kernel=_array(np.random.default_rng(2).random((5, 3))))


@pytest.fixture
def dataset(values, psf):
    sizes = _array(np.random.default_rng(3).integers(1, 5, SHAPE))
    return Imaging(
        data=_array(values[0]),
        noise_map=_array(values[1]),
        psf=psf,
        over_sample_size_lp=2,
        over_sample_size_pixelization=sizes,
    )


@pytest.fixture
def mask():
    return Mask2D.circular(shape_native=SHAPE, radius=0.45, pixel_scales=0.1)


def _unmasked(mask):
    return ~np.asarray(mask.array)


def test_masked_dataset_takes_the_unmasked_values_and_shares_one_mask(dataset, values, mask):
    before = {name: id(value) for name, value in vars(dataset).items()}
    masked = dataset.apply_mask(mask)
    np.testing.assert_array_equal(masked.data.array, values[0][_unmasked(mask)])
    np.testing.assert_array_equal(masked.noise_map.array, values[1][_unmasked(mask)])
    sizes = np.asarray(dataset.over_sample_size_pixelization.native.array)
    np.testing.assert_array_equal(masked.over_sample_size_pixelization.array, sizes[_unmasked(mask)])
    np.testing.assert_array_equal(masked.over_sample_size_lp.array, 2)
    grids = masked.grids
    holders = [masked.data, masked.noise_map, masked.over_sample_size_lp, masked.over_sample_size_pixelization]
    holders += [grids, grids.lp, grids.pixelization, grids.over_sample_size_lp, grids.lp.over_sample_size, masked]
    assert all(holder.mask is mask for holder in holders)
    assert grids.over_sample_size_pixelization is masked.over_sample_size_pixelization
    assert grids.psf is masked.psf
    # The first dataset is as it was.
    assert before == {name: id(value) for name, value in vars(dataset).items() if name in before}
    assert dataset.shape_slim == 240


def test_grids_of_a_masked_dataset(dataset, mask, psf):
    masked = dataset.apply_mask(mask)
    assert masked.grid is masked.grids.lp
    assert masked.grids.lp.over_sampled.shape == (4 * mask.pixels_in_mask, 2)
    total = int((np.asarray(masked.over_sample_size_pixelization.array) ** 2).sum())
    assert masked.grids.pixelization.over_sampled.shape == (total, 2)
    blurring = masked.grids.blurring
    assert blurring.mask is masked.psf.state_from(mask).blurring_mask
    assert not np.any(_unmasked(mask) & _unmasked(blurring.mask))
    np.testing.assert_array_equal(blurring.over_sample_size.array, 1)
    assert masked.grids.border_relocator.mask is mask
    assert masked.grids.border_relocator.sub_size is masked.over_sample_size_pixelization


def test_blurring_grid_reaches_beyond_an_image_that_is_not_masked(dataset):
    grid = np.asarray(dataset.grids.blurring.array)
    assert len(grid) == 19 * 18 - 15 * 16
    assert grid[:, 0].max() == pytest.approx(0.9)
    assert grid[:, 1].min() == pytest.approx(-0.85)


def test_a_dataset_without_a_psf_has_no_blurring_grid(values):
    dataset = Imaging(data=_array(values[0]), noise_map=_array(values[1]))
    assert dataset.psf is None
    assert dataset.grids.blurring is None


def test_masks_can_shrink_but_not_grow(dataset, mask, values):
    masked = dataset.apply_mask(mask)
    smaller = Mask2D.circular(shape_native=SHAPE, radius=0.35, pixel_scales=0.1)
    np.testing.assert_array_equal(masked.apply_mask(smaller).data.array, values[0][_unmasked(smaller)])
    larger = Mask2D.circular(shape_native=SHAPE, radius=0.55, pixel_scales=0.1)
    lost = np.count_nonzero(_unmasked(larger) & ~_unmasked(mask))
    with pytest.raises(exc.DatasetException, match=f"found {lost} of {larger.pixels_in_mask} that it has masked"):
        masked.apply_mask(larger)


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (Mask2D.all_false(shape_native=(15, 17), pixel_scales=0.1), r"shape \(15, 16\) of the data, found \(15, 17\)"),
        (Mask2D.all_false(shape_native=SHAPE, pixel_scales=0.2), r"pixel scales \(0.1, 0.1\).*found \(0.2, 0.2\)"),
        (Mask2D(mask=np.ones(SHAPE, dtype=bool), pixel_scales=0.1), r"found none in an array of shape \(15, 16\)"),
    ],
)
def test_masks_that_do_not_fit_are_refused(dataset, mask, message):
    with pytest.raises(exc.DatasetException, match=message):
        dataset.apply_mask(mask)


def test_psf_is_normalized_once_and_the_given_one_is_left_as_it_is(dataset, psf, values, mask):
    total = float(np.sum(psf.kernel.array))
    assert total != pytest.approx(1.0)
    assert dataset.psf.kernel.array.sum() == pytest.approx(1.0, abs=1e-15)
    assert dataset.apply_mask(mask).psf is dataset.psf
    raw = Imaging(data=_array(values[0]), noise_map=_array(values[1]), psf=psf, use_normalized_psf=False)
    assert raw.psf is psf
    assert raw.apply_mask(mask).psf is psf
    assert raw.apply_over_sampling(over_sample_size_lp=3).psf is psf
    assert psf.kernel.array.sum() == total


def test_signal_to_noise_is_never_negative(values):
    dataset = Imaging(data=_array(values[0] - 0.5), noise_map=_array(values[1]))
    expected = np.maximum((values[0] - 0.5) / values[1], 0.0)
    np.testing.assert_allclose(dataset.signal_to_noise_map.native.array, expected)
    assert dataset.signal_to_noise_max == pytest.approx(expected.max())


def test_over_sampling_changes_only_the_sizes_that_are_given(dataset, mask):
    masked = dataset.apply_mask(mask)
    changed = masked.apply_over_sampling(over_sample_size_lp=np.full(mask.pixels_in_mask, 3))
    np.testing.assert_array_equal(changed.over_sample_size_lp.array, 3)
    np.testing.assert_array_equal(masked.over_sample_size_lp.array, 2)
    assert changed.over_sample_size_pixelization is masked.over_sample_size_pixelization
    assert changed.grids.lp.over_sampled.shape == (9 * mask.pixels_in_mask, 2)
    assert changed.mask is mask
    sizes = np.random.default_rng(4).integers(1, 4, SHAPE)
    whole = masked.apply_over_sampling(over_sample_size_pixelization=_array(sizes))
    np.testing.assert_array_equal(whole.over_sample_size_pixelization.array, sizes[_unmasked(mask)])
    with pytest.raises(exc.ArrayException, match="found shape"):
        masked.apply_over_sampling(over_sample_size_lp=[1, 2])


def test_noise_scaling(dataset, values, mask):
    scaled = dataset.apply_noise_scaling(mask)
    inside = _unmasked(mask)
    np.testing.assert_array_equal(scaled.noise_map.native.array, np.where(inside, 1e8, values[1]))
    np.testing.assert_array_equal(scaled.data.native.array, np.where(inside, 0.0, values[0]))
    kept = dataset.apply_noise_scaling(mask, noise_value=5.0, should_zero_data=False)
    np.testing.assert_array_equal(kept.data.native.array, values[0])
    np.testing.assert_array_equal(dataset.noise_map.native.array, values[1])
    assert kept.psf is dataset.psf


def test_noise_scaling_to_a_signal_to_noise():
    data = np.arange(25.0).reshape(5, 5) + 1.0
    data[2, 2] = 1000.0  # inside the edge, so it does not count
    dataset = Imaging(data=_array(data), noise_map=_array(np.ones((5, 5))))
    mask = Mask2D.circular(shape_native=(5, 5), radius=0.15, pixel_scales=0.1)
    scaled = dataset.apply_noise_scaling(mask, signal_to_noise_value=0.5, should_zero_data=False)
    np.testing.assert_allclose(scaled.noise_map.native.array[1:4, 1:4], 13.0 / 0.5)
    np.testing.assert_array_equal(scaled.data.native.array, data)
    negative = Imaging(data=_array(-data), noise_map=_array(np.ones((5, 5))))
    with pytest.raises(exc.DatasetException, match=r"found -26.0, from signal_to_noise_value=0.5"):
        negative.apply_noise_scaling(mask, signal_to_noise_value=0.5)
    with pytest.raises(exc.DatasetException, match=r"expected a positive number, found 0.0"):
        dataset.apply_noise_scaling(mask, noise_value=0.0)


def test_noise_covariance(values, mask):
    covariance = np.diag(values[1].ravel() ** 2) + 0.001
    dataset = Imaging(data=_array(values[0]), noise_covariance_matrix=covariance).apply_mask(mask)
    kept = np.flatnonzero(_unmasked(mask))
    np.testing.assert_array_equal(dataset.noise_covariance_matrix, covariance[np.ix_(kept, kept)])
    np.testing.assert_allclose(dataset.noise_map.array, np.sqrt(covariance.diagonal()[kept]))
    product = dataset.noise_covariance_matrix_inv @ dataset.noise_covariance_matrix
    np.testing.assert_allclose(product, np.eye(len(kept)), atol=1e-12)
    with pytest.raises(exc.DatasetException, match=r"expected shape \(240, 240\).*found \(3, 3\)"):
        Imaging(data=_array(values[0]), noise_map=_array(values[1]), noise_covariance_matrix=np.eye(3))
    singular = Imaging(
        data=_array(values[0]), noise_map=_array(values[1]), noise_covariance_matrix=np.zeros((240, 240))
    )
    with pytest.raises(exc.DatasetException, match="found a singular one"):
        _ = singular.noise_covariance_matrix_inv


def test_trimming_removes_what_a_kernel_reaches_past(dataset, values):
    trimmed = dataset.trimmed_after_convolution_from(kernel_shape=(5, 3))
    assert trimmed.shape_native == (11, 14)
    np.testing.assert_array_equal(trimmed.data.native.array, values[0][2:-2, 1:-1])
    np.testing.assert_array_equal(trimmed.noise_map.native.array, values[1][2:-2, 1:-1])
    sizes = np.asarray(dataset.over_sample_size_pixelization.native.array)
    np.testing.assert_array_equal(trimmed.over_sample_size_pixelization.native.array, sizes[2:-2, 1:-1])
    holders = [trimmed.noise_map, trimmed.over_sample_size_lp, trimmed.grids, trimmed.grids.lp]
    assert all(holder.mask is trimmed.data.mask for holder in holders)
    assert dataset.shape_native == SHAPE


def _with(values, pixel, value):
    changed = values.copy()
    changed[pixel] = value
    return _array(changed)


def test_bad_values_of_unmasked_pixels_are_refused(values, mask):
    data, noise_map = _array(values[0]), _array(values[1])
    for bad in (np.nan, np.inf):
        with pytest.raises(exc.DatasetException, match=r"data: .* in 1 of them, at \(row, column\) \(0, 3\); mask"):
            Imaging(data=_with(values[0], (0, 3), bad), noise_map=noise_map)
        with pytest.raises(exc.DatasetException, match=r"noise_map: expected finite .* \(0, 3\)"):
            Imaging(data=data, noise_map=_with(values[1], (0, 3), bad))
    for bad in (0.0, -2.5):
        with pytest.raises(exc.DatasetException, match=rf"noise_map: expected positive .* {bad}, in 1 of them, at"):
            Imaging(data=data, noise_map=_with(values[1], (0, 3), bad))
    unchecked = Imaging(
        data=_with(values[0], (0, 3), np.nan), noise_map=_with(values[1], (0, 3), 0.0), check_noise_map=False
    )
    assert np.isfinite(unchecked.apply_mask(mask).data.array).all()
    with pytest.raises(exc.DatasetException, match="data: expected finite"):
        unchecked.apply_mask(Mask2D.all_false(shape_native=SHAPE, pixel_scales=0.1))


def test_masked_pixels_may_be_bad(values, mask):
    data, noise_map = values[0].copy(), values[1].copy()
    data[0, 0], noise_map[0, 0] = np.nan, -1.0
    dataset = Imaging(data=Array2D(values=data, mask=mask), noise_map=Array2D(values=noise_map, mask=mask))
    assert np.isfinite(dataset.signal_to_noise_map.array).all()


def test_parts_that_disagree_are_refused(values, mask):
    data, noise_map = _array(values[0]), _array(values[1])
    with pytest.raises(exc.DatasetException, match=r"shape \(15, 16\) of the data, found \(15, 15\)"):
        Imaging(data=data, noise_map=_array(np.ones((15, 15))))
    with pytest.raises(
        exc.DatasetException, match=rf"240 unmasked.*{mask.pixels_in_mask} unmasked pixels, which lacks"
    ):
        Imaging(data=data, noise_map=Array2D(values=values[1], mask=mask))
    with pytest.raises(exc.DatasetException, match=r"noise_map: expected the pixel scales"):
        Imaging(data=data, noise_map=_array(values[1], pixel_scales=0.05))
    with pytest.raises(exc.DatasetException, match="found neither"):
        Imaging(data=data)
    with pytest.raises(exc.DatasetException, match=r"data: expected an Array2D .*found ndarray"):
        Imaging(data=values[0], noise_map=noise_map)
    with pytest.raises(exc.DatasetException, match="psf: expected a Convolver or None, found ndarray"):
        Imaging(data=data, noise_map=noise_map, psf=np.ones((3, 3)))
    empty = Mask2D(mask=np.ones(SHAPE, dtype=bool), pixel_scales=0.1)
    with pytest.raises(exc.DatasetException, match="at least one unmasked pixel"):
        Imaging(data=Array2D(values=values[0], mask=empty), noise_map=Array2D(values=values[1], mask=empty))


def test_a_noise_map_with_more_pixels_than_the_data_is_taken_where_the_data_are(values, mask):
    dataset = Imaging(data=Array2D(values=values[0], mask=mask), noise_map=_array(values[1]))
    assert dataset.noise_map.mask is dataset.data.mask
    np.testing.assert_array_equal(dataset.noise_map.array, values[1][~mask.array])


def test_pixels_that_sub_sizes_lack_are_not_divided(values, mask):
    sizes = Array2D(values=np.full(mask.pixels_in_mask, 4), mask=mask)
    dataset = Imaging(data=_array(values[0]), noise_map=_array(values[1]), over_sample_size_lp=sizes)
    np.testing.assert_array_equal(dataset.over_sample_size_lp.native.array, np.where(mask.array, 1, 4))


def test_a_psf_that_does_not_fit_is_refused(values):
    data, noise_map = _array(values[0]), _array(values[1])
    with pytest.raises(exc.KernelException, match=r"psf: expected at most the \(15, 16\) pixels.*found \(17, 3\)"):
        Imaging(data=data, noise_map=noise_map, psf=Convolver(kernel=_array(np.ones((17, 3)))))
    with pytest.raises(exc.KernelException, match=r"found a sum of 0.0"):
        Imaging(data=data, noise_map=noise_map, psf=Convolver(kernel=_array(np.zeros((3, 3)))))


def test_over_sampled_psf(values, mask):
    psf = Convolver(kernel=_array(np.random.default_rng(5).random((5, 7)), pixel_scales=0.05))
    parts = {"data": _array(values[0]), "noise_map": _array(values[1]), "psf": psf}
    dataset = Imaging(**parts, convolve_over_sample_size_lp=2).apply_mask(mask)
    assert dataset.psf.convolve_over_sample_size == 2
    assert psf.convolve_over_sample_size == 1
    assert dataset.convolve_over_sample_size_lp == 2
    assert dataset.convolve_over_sample_size_pixelization == 1
    np.testing.assert_array_equal(dataset.grids.blurring.over_sample_size.array, 2)
    with pytest.raises(exc.DatasetException, match="found 4 and 2"):
        Imaging(**parts, convolve_over_sample_size_lp=4, convolve_over_sample_size_pixelization=2)
    with pytest.raises(exc.DatasetException, match=r"over_sample_size_lp: expected multiples.*=3, .*found \[4\]"):
        Imaging(**parts, convolve_over_sample_size_lp=3)
    with pytest.raises(exc.DatasetException, match="convolve_over_sample_size_pixelization: expected an integer"):
        Imaging(**parts, convolve_over_sample_size_pixelization=0)


def test_from_fits(tmp_path, values, mask):
    fits = pytest.importorskip("astropy.io.fits")
    kernel = np.random.default_rng(6).random((3, 3))
    paths = {name: tmp_path / f"{name}.fits" for name in ("data", "noise_map", "psf")}
    for name, array in zip(paths, (*values, kernel), strict=True):
        fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(array)]).writeto(paths[name])
    arguments = {
        "pixel_scales": 0.1,
        "data_path": paths["data"],
        "noise_map_path": paths["noise_map"],
        "psf_path": str(paths["psf"]),
    }
    hdus = {"data_hdu": 1, "noise_map_hdu": 1, "psf_hdu": 1}
    dataset = Imaging.from_fits(**arguments, **hdus, over_sample_size_lp=2)
    np.testing.assert_array_equal(dataset.data.native.array, values[0])
    np.testing.assert_array_equal(dataset.noise_map.native.array, values[1])
    np.testing.assert_allclose(dataset.psf.kernel.native.array, kernel / kernel.sum())
    np.testing.assert_array_equal(dataset.over_sample_size_lp.array, 2)
    np.testing.assert_array_equal(dataset.over_sample_size_pixelization.array, 4)
    assert dataset.psf.kernel.mask.pixel_scales == (0.1, 0.1)
    with pytest.raises(Exception, match="HDU"):
        Imaging.from_fits(**arguments)
    arguments["noise_map_path"] = tmp_path / "absent.fits"
    with pytest.raises(FileNotFoundError, match=r"absent\.fits"):
        Imaging.from_fits(**arguments, **hdus)


def test_a_pickled_dataset_is_small_and_keeps_its_sharing(dataset, mask):
    masked = dataset.apply_mask(mask)
    cold = len(pickle.dumps(masked))
    _ = masked.grids.lp.over_sampled, masked.grids.blurring, masked.psf.state_from(mask).matrix
    assert len(pickle.dumps(masked)) < cold + 200
    restored = pickle.loads(pickle.dumps(masked))
    holders = [restored.noise_map, restored.over_sample_size_lp, restored.grids, restored.grids.lp]
    assert all(holder.mask is restored.data.mask for holder in holders)
    assert restored.grids.psf is restored.psf
    np.testing.assert_array_equal(restored.data.array, masked.data.array)
    np.testing.assert_array_equal(restored.grids.blurring.array, masked.grids.blurring.array)


def test_grids_interface_holds_what_it_is_given(dataset):
    grids = GridsInterface(lp=dataset.grids.lp)
    assert grids.lp is dataset.grids.lp
    assert (grids.pixelization, grids.blurring, grids.border_relocator) == (None, None, None)
