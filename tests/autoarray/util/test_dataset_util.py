"""Small datasets for tests of scripts: what is cut, and which folders are made again."""

from __future__ import annotations

import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.util import dataset_util


@pytest.fixture(params=[None, "1"], ids=["full", "small"])
def is_small(request, monkeypatch):
    monkeypatch.delenv("PYAUTO_SMALL_DATASETS", raising=False)
    if request.param:
        monkeypatch.setenv("PYAUTO_SMALL_DATASETS", request.param)
    return request.param is not None


def test_sizes_are_cut_if_datasets_are_to_be_small(is_small):
    assert dataset_util.cap_catalogue_size_for_small_datasets(1000) == (25 if is_small else 1000)
    assert dataset_util.cap_catalogue_size_for_small_datasets(3) == 3
    assert dataset_util.cap_mesh_shape_for_small_datasets((40, 3)) == ((16, 3) if is_small else (40, 3))
    assert dataset_util.cap_mesh_shape_for_small_datasets((40, 3), respect_small_datasets=False) == (40, 3)


# PyAutoArray 2026.10.26.1: the first values of np.arange(51 * 37) of shape (51, 37) after the cut.
def test_an_array_is_cut_around_its_centre(is_small):
    array = aa.Array2D.no_mask(np.arange(51.0 * 37.0).reshape(51, 37), pixel_scales=(0.05, 0.1))
    cut, pixel_scales = dataset_util.cap_array_2d_for_small_datasets(array, (0.05, 0.1))
    if is_small:
        assert (cut.shape_native, pixel_scales, cut.pixel_scales) == ((16, 16), 0.6, (0.6, 0.6))
        np.testing.assert_array_equal(cut.native.array[:2, :2], [[639.0, 640.0], [676.0, 677.0]])
    else:
        assert cut is array
        assert pixel_scales == (0.05, 0.1)
    with pytest.raises(exc.ArrayException, match="array_2d: expected an Array2D, found"):
        dataset_util.cap_array_2d_for_small_datasets(np.ones((2, 2)), 0.1)


class TestShouldSimulate:
    @pytest.fixture(autouse=True)
    def fits(self):
        self.fits = pytest.importorskip("astropy.io.fits")

    def write(self, path, shape, header=None):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.fits.PrimaryHDU(np.ones(shape), self.fits.Header(header or {})).writeto(path)
        return path.parent

    def test_there_is_none(self, tmp_path, is_small):
        assert dataset_util.should_simulate(tmp_path / "none")

    # PyAutoArray 2026.10.26.1: which of these it keeps (True) at full size, and for small datasets.
    @pytest.mark.parametrize(
        ("name", "shape", "header", "kept"),
        [
            ("data.fits", (100, 100), {"SMALLDAT": False}, (True, False)),
            ("data.fits", (16, 16), {"SMALLDAT": False}, (True, False)),
            ("data.fits", (16, 16), {"SMALLDAT": True, "SMALLSHP": "16x16"}, (False, True)),
            ("data.fits", (15, 15), {"SMALLDAT": True, "SMALLSHP": "16x16"}, (False, True)),
            ("data.fits", (100, 100), {"SMALLDAT": True, "SMALLSHP": "16x16"}, (True, False)),
            ("data.fits", (16, 16), None, (False, False)),
            ("data.fits", (100, 100), None, (True, False)),
            ("data.fits", (3, 16, 16), None, (True, False)),
            ("image.fits", (16, 16), {"SMALLDAT": True, "SMALLSHP": "16x16"}, (True, False)),
            ("vis_data.fits", (16, 16), {"SMALLDAT": True, "SMALLSHP": "16x16"}, (True, True)),
        ],
    )
    def test_a_dataset_of_the_other_size_is_deleted(self, tmp_path, is_small, name, shape, header, kept):
        folder = self.write(tmp_path / "lens" / name, shape, header)
        assert dataset_util.should_simulate(str(folder)) is not kept[is_small]
        assert folder.exists() is kept[is_small]

    def test_the_folder_of_the_script_is_never_deleted(self, tmp_path, is_small, monkeypatch):
        folder = self.write(tmp_path / "data.fits", (16, 16))
        monkeypatch.chdir(folder)
        with pytest.raises(exc.DatasetException, match="which holds the folder in which this script runs"):
            dataset_util.should_simulate(folder)
        assert folder.exists()

    def test_what_this_library_writes_says_how_it_was_made(self, tmp_path, is_small):
        from autoarray.dataset.plot.imaging_plots import fits_imaging

        whole = aa.Array2D.ones(shape_native=(16, 16), pixel_scales=0.1)
        fits_imaging(aa.Imaging(data=whole, noise_map=whole), data_path=tmp_path / "lens" / "data.fits")
        assert not dataset_util.should_simulate(tmp_path / "lens")
