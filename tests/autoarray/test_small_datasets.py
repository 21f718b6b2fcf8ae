"""What PYAUTO_SMALL_DATASETS=1 cuts: the shapes are those of PyAutoArray 2026.10.26.1, of the same calls."""

import pytest

import autoarray as aa

SHAPE = (30, 20)
SHAPED = [
    aa.mesh.RectangularUniform,
    aa.mesh.RectangularBilinearAdaptDensity,
    aa.mesh.RectangularBilinearAdaptImage,
    aa.mesh.RectangularRTUAdaptDensity,
    aa.mesh.RectangularRTUAdaptImage,
    aa.image_mesh.Overlay,
]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setenv("PYAUTO_SMALL_DATASETS", "1")


@pytest.mark.parametrize("cls", SHAPED)
def test_meshes_are_cut_unless_they_are_told_not_to(cls, monkeypatch):
    assert cls(shape=SHAPE).shape == SHAPE
    monkeypatch.setenv("PYAUTO_SMALL_DATASETS", "1")
    assert cls(shape=SHAPE).shape == (16, 16)
    assert cls(shape=(30, 5)).shape == (16, 5)
    assert cls(shape=SHAPE, respect_small_datasets=False).shape == SHAPE
    with pytest.raises((aa.exc.MeshException, ValueError), match="respect_small_datasets: expected True or False"):
        cls(shape=SHAPE, respect_small_datasets="no")


@pytest.mark.usefixtures("small")
def test_grids_and_circular_masks_are_cut():
    grid = aa.Grid2D.uniform((100, 80), 0.05, over_sample_size=2)
    assert (grid.shape_native, grid.pixel_scales) == ((16, 16), (0.6, 0.6))
    assert set(grid.over_sample_size.array) == {2}
    assert aa.Grid2D.uniform((10, 100), 0.05).shape_native == (16, 16)
    assert aa.Grid2D.uniform((10, 10), 0.05).pixel_scales == (0.05, 0.05)
    assert aa.Grid2D.uniform((100, 80), 0.05, respect_small_datasets=False).shape_native == (100, 80)
    mask = aa.Mask2D.circular((100, 80), 1.0, 0.05)
    assert (mask.shape_native, mask.pixel_scales, mask.pixels_in_mask) == ((16, 16), (0.6, 0.6), 12)
    assert aa.Mask2D.circular_annular((100, 80), 0.5, 1.0, 0.05).shape_native == (100, 80)


def test_nothing_is_cut_without_it():
    assert aa.Grid2D.uniform((100, 80), 0.05).shape_native == (100, 80)
    assert aa.Mask2D.circular((100, 80), 1.0, 0.05).shape_native == (100, 80)


def test_mappings_zooms_and_edges():
    mapper = aa.fixtures.make_rectangular_mapper_7x7_3x3()
    mappings = aa.inversion.mappings.mappings_from(mapper, [[0, 1], [4]], peak_values=[1.0, 2.0])
    assert [(mapping.pix_indexes.tolist(), mapping.peak_value) for mapping in mappings] == [([0, 1], 1.0), ([4], 2.0)]
    with pytest.raises(aa.exc.InversionException, match=r"peak_values: expected one for each of the 2 groups"):
        aa.inversion.mappings.mappings_from(mapper, [[0, 1], [4]], peak_values=[1.0])
    assert aa.mesh.RectangularUniform((3, 4)).zeroed_pixels.tolist() == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
