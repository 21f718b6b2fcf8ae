"""The warning of a mask that the PSF reaches past the edge of the image from: what it says, when, and how often."""

import pickle
import warnings

import numpy as np
import pytest

from autoarray import exc
from autoarray.dataset.imaging._prepared import prepare
from autoarray.dataset.imaging.dataset import Imaging
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver, ConvolverState
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.uniform_2d import Grid2D

SHAPE = (15, 17)


def _ones(shape, pixel_scales=0.1):
    return Array2D.no_mask(values=np.ones(shape), pixel_scales=pixel_scales)


def _dataset(kernel=(7, 5), size=1, **arguments):
    psf = Convolver(kernel=_ones(kernel, 0.1 / size), convolve_over_sample_size=size)
    return Imaging(data=_ones(SHAPE), noise_map=_ones(SHAPE), psf=psf, convolve_over_sample_size_lp=size, **arguments)


def _mask(radius=0.65, centre=(0.0, 0.0)):
    return Mask2D.circular(shape_native=SHAPE, radius=radius, pixel_scales=0.1, centre=centre)


def _warnings_of(function, *arguments, **named):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*arguments, **named)
    return result, caught


def test_the_mask_gives_it_once_and_says_what_to_do():
    dataset, mask = _dataset(), _mask()  # 1 and 2 pixels from the edge, where the PSF reaches 3 and 2
    masked, caught = _warnings_of(dataset.apply_mask, mask)
    (found,) = caught
    assert found.category is exc.DatasetWarning
    assert found.filename == __file__
    assert str(found.message) == (
        "Mask padded from (15, 17) to (19, 17), as the PSF of (7, 5) pixels reaches 2 pixels past the edge of the "
        "image: light that no data tell of is blurred into unmasked pixels; mask more pixels at the edge, or use a "
        "larger image, or trim the PSF to (3, 5) pixels"
    )
    assert masked.grids.blurring.mask.shape_native == (19, 17)


def test_what_it_advises_ends_it():
    dataset = _dataset(kernel=(3, 5))
    dataset.apply_mask(_mask())
    _dataset().apply_mask(_mask(radius=0.45))
    with pytest.warns(exc.DatasetWarning, match="Mask padded"):
        dataset.apply_mask(_mask(radius=0.3, centre=(0.0, 0.5)))


def test_a_psf_that_is_sampled_more_finely_is_measured_in_pixels_of_the_image():
    with pytest.warns(exc.DatasetWarning, match=r"PSF of \(5, 5\) pixels reaches 1 pixels .* to \(3, 5\) pixels"):
        _dataset(kernel=(9, 9), size=2).apply_mask(_mask())


def test_an_image_without_masked_pixels_gives_none():
    dataset = _dataset(psf_setup_state=True)
    dataset.apply_mask(Mask2D.all_false(shape_native=SHAPE, pixel_scales=0.1))
    assert dataset.grids.blurring.mask.shape_native == (21, 21)


def test_a_dataset_that_is_made_with_its_mask_gives_it_where_the_psf_is_set_up():
    parts = [_ones(SHAPE).apply_mask(_mask()) for _ in range(2)]
    psf = Convolver(kernel=_ones((7, 5)))
    Imaging(*parts, psf=psf)
    dataset, caught = _warnings_of(Imaging, *parts, psf=psf, psf_setup_state=True)
    assert [each.category for each in caught] == [exc.DatasetWarning]
    assert dataset.shape_slim == _mask().pixels_in_mask


def test_nothing_that_is_made_of_a_masked_dataset_gives_it_again():
    masked, _ = _warnings_of(_dataset().apply_mask, _mask())

    blurred = []

    def derive():
        again = pickle.loads(pickle.dumps(masked))
        for dataset in (masked, again):
            scaled = dataset.apply_over_sampling(over_sample_size_lp=2).apply_noise_scaling(_mask(radius=0.2))
            for each in (dataset, scaled, scaled.apply_sparse_operator()):
                prepare(each)
                assert each.grids.blurring.mask.shape_native == (19, 17)
                ones = [Array2D(values=np.ones(len(grid)), mask=grid.mask) for grid in (each.grid, each.grids.blurring)]
                blurred.append(each.psf.convolved_image_from(*ones).array)

    _, caught = _warnings_of(derive)
    assert not caught
    assert len(blurred) == 6
    np.testing.assert_allclose(blurred, 1.0)


def test_convolvers_and_grids_pad_without_a_word():
    mask, kernel = _mask(), _ones((7, 5))
    found = (
        ConvolverState(kernel=kernel, mask=mask).blurring_mask,
        Grid2D.blurring_grid_from(mask, kernel.shape_native).mask,
        mask.derive_mask.blurring_from(kernel.shape_native, allow_padding=True),
        Convolver(kernel=kernel).state_from(mask).blurring_mask,
    )
    assert [each.shape_native for each in found] == [(19, 17)] * 4
