"""Arrays, masks and grids from FITS files."""

import numpy as np
import pytest

from autoarray import exc
from autoarray.dataset.plot.imaging_plots import fits_imaging
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.uniform_2d import Grid2D

fits = pytest.importorskip("astropy.io.fits")


@pytest.fixture
def image(tmp_path):
    values = np.arange(6.0).reshape(2, 3)
    primary = fits.PrimaryHDU()
    primary.header["EXPTIME"] = 100.0
    units = fits.HDUList([primary, fits.ImageHDU(values.astype(">f4")), fits.ImageHDU(np.ones((2, 3, 2)))])
    units[1].header["BUNIT"] = "ELECTRONS/S"
    units.append(fits.BinTableHDU.from_columns([fits.Column(name="a", format="D", array=np.ones(3))]))
    path = tmp_path / "image.fits"
    units.writeto(path)
    return path


def test_array(image):
    array = Array2D.from_fits(image, pixel_scales=0.05, hdu=1, origin=(1.0, 2.0))
    assert array.dtype == np.dtype("=f8")
    assert array.array.dtype.isnative
    np.testing.assert_array_equal(array.native.array, np.arange(6.0).reshape(2, 3))
    assert array.origin == (1.0, 2.0)
    assert array.header.exposure_time == 100.0
    assert array.header.header_hdu_obj["BUNIT"] == "ELECTRONS/S"
    assert type(array.header.header_sci_obj) is dict


def test_array_as_it_is_written_and_read(tmp_path):
    array = Array2D.no_mask(np.random.default_rng(1).normal(size=(4, 5)), pixel_scales=0.1)
    path = tmp_path / "again.fits"
    fits.PrimaryHDU(array.native_for_fits.array).writeto(path)
    np.testing.assert_array_equal(Array2D.from_fits(str(path), pixel_scales=0.1).array, array.array)


def test_mask(tmp_path):
    path = tmp_path / "mask.fits"
    fits.PrimaryHDU(np.array([[1, 0, 0], [0, 0, 1]], dtype=np.int16)).writeto(path)
    mask = Mask2D.from_fits(path, pixel_scales=1.0)
    assert mask.array.tolist() == [[True, False, False], [False, False, True]]
    assert Mask2D.from_fits(path, pixel_scales=1.0, invert=True).pixels_in_mask == 2
    assert Mask2D.from_fits(path, pixel_scales=1.0, resized_mask_shape=(4, 5)).shape_native == (4, 5)


def test_grid(tmp_path):
    path = tmp_path / "grid.fits"
    values = np.arange(12.0).reshape(2, 3, 2)
    fits.PrimaryHDU(values).writeto(path)
    np.testing.assert_array_equal(Grid2D.from_fits(path, pixel_scales=1.0).native.array, values)
    with pytest.raises(exc.ArrayException, match=r"expected a 2D image .* found shape \(2, 3, 2\)"):
        Array2D.from_fits(path, pixel_scales=1.0)


@pytest.mark.parametrize(
    ("hdu", "message"),
    [(0, "no data"), (2, r"found shape \(2, 3, 2\)"), (3, "a table"), (9, "expected a header data unit 9, found 4")],
)
def test_units_without_an_image(image, hdu, message):
    with pytest.raises(exc.ArrayException, match=message):
        Array2D.from_fits(image, pixel_scales=1.0, hdu=hdu)
    with pytest.raises(exc.MaskException, match=message):
        Mask2D.from_fits(image, pixel_scales=1.0, hdu=hdu)


def test_files_that_are_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such FITS file"):
        Array2D.from_fits(tmp_path / "missing.fits", pixel_scales=1.0)
    text = tmp_path / "text.fits"
    text.write_text("not a FITS file")
    with pytest.raises(exc.ArrayException, match="expected a FITS file"):
        Array2D.from_fits(text, pixel_scales=1.0)


def test_without_astropy(image, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "astropy.io", None)
    with pytest.raises(ImportError, match=r"autoarray-portable\[fits\]"):
        Array2D.from_fits(image, pixel_scales=1.0)


@pytest.fixture
def dataset():
    import problems

    return problems.dataset_from()


def test_a_dataset_in_one_file(dataset, tmp_path):
    path = tmp_path / "new" / "dataset.fits"
    fits_imaging(dataset, file_path=path)
    with fits.open(path) as units:
        assert [unit.name for unit in units] == ["MASK", "DATA", "PSF", "NOISE_MAP"]
        assert units[1].header["PIXSCAY"] == dataset.pixel_scales[0]
        assert units[1].header["ORIGINX"] == dataset.mask.origin[1]
        np.testing.assert_array_equal(units[0].data, dataset.mask.array)
        np.testing.assert_array_equal(units[2].data, dataset.psf.kernel.native.array)
    for hdu, array in ((1, dataset.data), (3, dataset.noise_map)):
        read = Array2D.from_fits(path, pixel_scales=dataset.pixel_scales, hdu=hdu)
        np.testing.assert_array_equal(read.native.array, array.native.array)
    assert [file.name for file in path.parent.iterdir()] == ["dataset.fits"]


def test_a_dataset_in_files_of_its_own(dataset, tmp_path):
    fits_imaging(dataset, data_path=tmp_path / "data.fits", psf_path=tmp_path / "psf.fits")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data.fits", "psf.fits"]
    found = Array2D.from_fits(tmp_path / "data.fits", pixel_scales=0.1)
    np.testing.assert_array_equal(found.native.array, dataset.data.native.array)


def test_a_file_that_is_there_is_kept(dataset, tmp_path):
    path = tmp_path / "data.fits"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match=r"data\.fits: expected no such file yet"):
        fits_imaging(dataset, data_path=path)
    assert path.read_text() == "mine"
    fits_imaging(dataset, data_path=path, overwrite=True)
    assert Array2D.from_fits(path, pixel_scales=0.1).shape_native == dataset.shape_native


def test_a_file_that_can_not_be_written_leaves_nothing(dataset, tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise OSError("no space left")

    monkeypatch.setattr(fits.HDUList, "writeto", fail)
    with pytest.raises(OSError, match="no space left"):
        fits_imaging(dataset, data_path=tmp_path / "data.fits")
    assert list(tmp_path.iterdir()) == []
