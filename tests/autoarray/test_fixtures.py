"""The fixtures for tests of clients. Numbers without a comment are PyAutoArray 2026.10.26.1's, of the same fixtures."""

import inspect

import numpy as np
import pytest

import autoarray as aa
from autoarray import fixtures

NAMES = [name for name in dir(fixtures) if name.startswith("make_")]
INTERFEROMETRY = [name for name in NAMES if any(part in name for part in ("interferometer", "visib", "transformer"))]
IMAGING = [name for name in NAMES if name.startswith(("make_imaging", "make_masked_imaging"))]


def test_all_fixtures_are_there_and_say_what_they_make():
    assert len(NAMES) == 59
    assert [name for name in NAMES if not getattr(fixtures, name).__doc__] == []
    assert [name for name in NAMES if inspect.signature(getattr(fixtures, name)).parameters] == []
    namespace = {}
    exec("from autoarray.fixtures import *", namespace)
    assert set(NAMES) <= namespace.keys()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in INTERFEROMETRY])
def test_a_fixture_makes_something_new_each_time(name):
    make = getattr(fixtures, name)
    assert make() is not make()


@pytest.mark.parametrize("name", INTERFEROMETRY)
def test_a_fixture_of_interferometry(name):
    if not hasattr(aa, "Interferometer"):
        with pytest.raises(AttributeError, match="module 'autoarray' has no attribute"):
            getattr(fixtures, name)()
        return
    assert getattr(fixtures, name)() is not None


def test_masks_and_grids():
    assert fixtures.make_mask_2d_7x7().pixels_in_mask == 9
    assert fixtures.make_mask_2d_7x7_1_pix().native_for_slim.tolist() == [[3, 3]]
    blurring = fixtures.make_blurring_mask_2d_7x7()
    expected = fixtures.make_mask_2d_7x7().derive_mask.blurring_from((3, 3))
    np.testing.assert_array_equal(blurring.array, expected.array)
    assert fixtures.make_blurring_grid_2d_7x7().shape == (16, 2)
    assert fixtures.make_grid_1d_7().array.tolist() == [-1.0, 0.0, 1.0]
    simple = fixtures.make_grid_2d_7x7_simple()
    assert simple.array[:5].tolist() == [[1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
    assert simple.over_sampled.array[:2].tolist() == [[1.375, -1.375], [1.375, -1.125]]
    assert fixtures.make_grid_2d_sub_2_7x7().over_sampled.shape == (36, 2)
    assert fixtures.make_over_sampler_2d_7x7().sub_size.array.tolist() == 9 * [2]


@pytest.mark.parametrize("name", IMAGING)
def test_imaging(name):
    dataset = getattr(fixtures, name)()
    pixels = 9 if "masked" in name or "fit" in name else 49
    data = dataset.dataset.data if "fit" in name else dataset.data
    assert data.array.tolist() == pixels * [1.0]
    if "fit" not in name:
        assert dataset.noise_map.array.tolist() == pixels * [1.0 if "covariance" in name else 2.0]
        assert set(dataset.over_sample_size_lp.array) == {2 if "sub_2" in name else 1}
        kernel = dataset.psf.kernel.native.array
        cross = np.array([[0, 1, 0], [1, 2, 1], [0, 1, 0]]) / 6.0
        np.testing.assert_allclose(kernel, np.pad([[1.0]], 1) if "no_blur" in name else cross, rtol=1e-15)


def test_mappers():
    # The sums of the columns of the mapping matrices.
    sums = {
        "make_rectangular_mapper_7x7_3x3": 9.0,
        "make_delaunay_mapper_9_3x3": 9.0,
        "make_knn_mapper_9_3x3": 8.99999999987793,
    }
    for name, total in sums.items():
        mapper = getattr(fixtures, name)()
        assert mapper.mapping_matrix.shape == (9, 9)
        assert mapper.mapping_matrix.sum() == pytest.approx(total, rel=1e-13)
        assert mapper.adapt_data.array.tolist() == 9 * [1.0]
    assert fixtures.make_delaunay_mapper_9_3x3().source_plane_mesh_grid.array[0].tolist() == [0.6, -0.3]


def test_inversions():
    inversion = fixtures.make_rectangular_inversion_7x7_3x3()
    np.testing.assert_allclose(
        inversion.reconstruction, [0.0, 0.0, 0.0, 0.0, 0.00811552146923938, 0.0, 0.0, 0.0, 0.0], rtol=1e-12
    )
    assert inversion.log_det_curvature_reg_matrix_term == pytest.approx(5.853087469747422, rel=1e-13)
    inversion = fixtures.make_delaunay_inversion_9_3x3()
    expected = [
        1.2587422398025554,
        1.2627003874351543,
        1.2558330823465567,
        1.2595003903072934,
        1.2592341284151172,
        1.2594998168558293,
        1.2617215111490967,
        1.26174225966806,
        1.2613369467044409,
    ]
    np.testing.assert_allclose(inversion.reconstruction, expected, rtol=1e-13)
    assert inversion.log_det_curvature_reg_matrix_term == pytest.approx(9.946282853019055, rel=1e-13)


def test_a_fit():
    fit = fixtures.make_imaging_fit_x1_plane_7x7()
    # Nine residuals of -4 with a noise of 2.
    assert fit.chi_squared == 36.0
    assert fit.log_likelihood == pytest.approx(-0.5 * (36.0 + 9.0 * np.log(2.0 * np.pi * 4.0)), rel=1e-14)


def test_ccds():
    assert fixtures.make_euclid_data().shape == (2086, 2128)
    assert fixtures.make_acs_ccd().shape == (2068, 4144)
    assert fixtures.make_acs_quadrant().shape == (2068, 2072)
    layout = fixtures.make_layout_2d_7x7()
    assert (layout.parallel_overscan, layout.serial_prescan) == ((6, 7, 1, 6), (0, 7, 0, 1))
