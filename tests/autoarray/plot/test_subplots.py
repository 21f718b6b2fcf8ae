"""Figures of several panels: datasets, fits, mappers and inversions."""

import csv

import linear_objects
import numpy as np
import pytest
from mesh_fits import MESHES, fit_on, mapper_of
from problems import dataset_from

import autoarray as aa
from autoarray import exc
from autoarray.inversion.plot.inversion_plots import save_reconstruction_csv
from autoarray.plot import (
    plot_array,
    subplot_fit_imaging,
    subplot_image_and_mapper,
    subplot_imaging_dataset,
    subplot_imaging_dataset_list,
    subplot_mappings,
    subplot_of_mapper,
)

pytest.importorskip("matplotlib")


def panels_of(fig):
    """The panels that are not colour bars, by their titles."""
    return {ax.get_title(): ax for ax in fig.axes if ax.get_title()}


def shown(panel):
    return panel.images[0].get_array().compressed()


@pytest.fixture(scope="module")
def lights():
    """A fit of light profiles and two mappers."""
    fit = linear_objects.fit_from("functions_mapper_mapper")
    fit.log_evidence  # noqa: B018
    return fit


# ---------------------------------------------------------------------- datasets


def test_the_panels_of_a_dataset(tmp_path):
    dataset = dataset_from()
    fig = subplot_imaging_dataset(dataset, tmp_path, title_prefix="HST", positions=[(0.1, 0.2)])
    panels = panels_of(fig)

    names = ["Data", "Data (log)", "Noise map", "Signal to noise", "PSF", "PSF (log)"]
    assert list(panels) == [f"HST {name}" for name in names]
    np.testing.assert_array_equal(shown(panels["HST Data"]), dataset.data.array)
    np.testing.assert_array_equal(shown(panels["HST Noise map"]), dataset.noise_map.array)
    np.testing.assert_array_equal(shown(panels["HST Signal to noise"]), dataset.signal_to_noise_map.array)
    np.testing.assert_array_equal(shown(panels["HST PSF"]), dataset.psf.kernel.native.array.ravel())
    # Positions are drawn over what is in the sky.
    assert [len(panel.collections) for panel in panels.values()] == [1, 1, 1, 1, 0, 0]
    assert (tmp_path / "dataset.png").exists()


def test_a_dataset_without_psf_and_with_varying_over_sampling():
    dataset = dataset_from(psf=False)
    sizes = 1 + np.arange(dataset.mask.pixels_in_mask) % 4
    dataset = dataset.apply_over_sampling(over_sample_size_lp=aa.Array2D(values=sizes, mask=dataset.mask))
    panels = panels_of(subplot_imaging_dataset(dataset, use_log10=True))

    assert list(panels)[4:] == ["Over-sampling of light profiles"]
    np.testing.assert_array_equal(shown(panels["Over-sampling of light profiles"]), sizes)
    assert type(panels["Data"].images[0].norm).__name__ == "LogNorm"


def test_scaled_noise_does_not_decide_the_colours_of_the_noise_map():
    dataset = dataset_from()
    noise = dataset.noise_map.array.copy()
    noise[:20] = 1e8
    spoiled = dataset._rebuild(noise_map=aa.Array2D(values=noise, mask=dataset.mask))

    image = panels_of(subplot_imaging_dataset(spoiled))["Noise map"].images[0]
    assert image.get_clim()[1] < 5.0
    assert image.colorbar.extend == "max"


def test_several_datasets_have_a_row_each(tmp_path):
    fig = subplot_imaging_dataset_list([dataset_from(), dataset_from(radius=0.5)], tmp_path)

    assert list(panels_of(fig)) == [
        f"{name} {row}" for row in (1, 2) for name in ("Data", "Noise map", "Signal to noise")
    ]
    assert (tmp_path / "dataset_combined.png").exists()
    with pytest.raises(exc.PlottingException, match="expected at least one dataset"):
        subplot_imaging_dataset_list([])


# ---------------------------------------------------------------------- fits


@pytest.mark.parametrize("name", MESHES)
def test_a_fit_on_every_mesh(name):
    fit = fit_on(name)
    panels = panels_of(subplot_fit_imaging(fit, mesh_edges=True, positions=[(0.1, 0.1)]))

    assert list(panels) == ["Data", "Model", "Residuals / noise", "Source reconstruction"]
    np.testing.assert_array_equal(shown(panels["Model"]), fit.model_data.array)
    assert len(panels["Data"].collections) == 1
    source = panels["Source reconstruction"]
    drawn = source.images[0] if source.images else source.collections[0]
    assert drawn.get_clim()[1] == fit.inversion.reconstruction.max()


def test_light_profiles_and_two_mappers_have_panels_of_their_own(lights):
    panels = panels_of(subplot_fit_imaging(lights))
    images = list(lights.inversion.mapped_reconstructed_operated_data_dict.values())

    assert list(panels)[3:] == ["Light profiles", "Lensed source", "Source reconstruction 1", "Source reconstruction 2"]
    np.testing.assert_allclose(shown(panels["Light profiles"]), images[0].array)
    np.testing.assert_allclose(shown(panels["Lensed source"]), images[1].array + images[2].array)
    # One scale for all images of light.
    limits = {panels[name].images[0].get_clim() for name in ("Data", "Model", "Light profiles", "Lensed source")}
    assert len(limits) == 1
    values = lights.inversion.reconstruction_dict
    for number, mapper in enumerate(lights.inversion.linear_obj_list[1:], 1):
        np.testing.assert_array_equal(
            panels[f"Source reconstruction {number}"].collections[0].get_array().ravel(), values[mapper]
        )


def test_residuals_are_symmetric_unless_they_should_not_be():
    fit = fit_on("uniform")
    low, high = panels_of(subplot_fit_imaging(fit))["Residuals / noise"].images[0].get_clim()
    assert low == -high <= -3.0
    plain = panels_of(subplot_fit_imaging(fit, residuals_symmetric_cmap=False, use_log10=True))
    residuals = fit.normalized_residual_map.array
    assert plain["Residuals / noise"].images[0].get_clim() == (residuals.min(), residuals.max())
    assert type(plain["Data"].images[0].norm).__name__ == "LogNorm"


def test_an_array_is_read_from_its_backend_once():
    class Once:
        def __init__(self, data):
            self.mask, self.pixel_scales, self.data, self.reads = data.mask, data.pixel_scales, data, 0

        @property
        def array(self):
            self.reads += 1
            return self.data.array

    array = Once(dataset_from().data)
    plot_array(array, contours=2, mask=array.mask)

    assert array.reads == 1


# ---------------------------------------------------------------------- mappers and inversions


@pytest.mark.parametrize(
    ("name", "backend"), [("adapt_density", "numpy"), ("delaunay", "numpy"), ("adapt_density", "jax")]
)
def test_the_panels_of_a_mapper(name, backend, tmp_path):
    pytest.importorskip("jax")
    inversion = fit_on(name, backend).inversion
    fig = subplot_of_mapper(inversion, output_path=tmp_path)
    panels = panels_of(fig)
    mapper = mapper_of(fit_on(name))

    assert len(panels) == 9
    np.testing.assert_array_equal(shown(panels["Data"]), np.asarray(inversion.data.array))
    residuals = fit_on(name).normalized_residual_map.array
    np.testing.assert_allclose(shown(panels["Residuals / noise"]), residuals, atol=1e-9)
    counts = panels["Image pixels of each mesh pixel"].collections[0].get_array()
    np.testing.assert_allclose(counts.sum(), mapper.mask.pixels_in_mask)
    # The quantities of the source are shown where the source is.
    assert panels["Source errors"].axis() == panels["Source reconstruction"].axis()
    assert (tmp_path / "inversion_0.png").exists()


def test_of_several_objects_each_mapper_can_be_chosen(lights):
    inversion = lights.inversion
    panels = panels_of(subplot_of_mapper(inversion, mapper_index=1))
    mapper = inversion.linear_obj_list[2]
    data = inversion.data_subtracted_dict[mapper]

    np.testing.assert_allclose(shown(panels["Data without other light"]), data.array, atol=1e-12)
    values = panels["Source reconstruction"].collections[0].get_array().ravel()
    np.testing.assert_array_equal(values, inversion.reconstruction_dict[mapper])
    with pytest.raises(exc.InversionException, match="one of the 2 mappers of the inversion, found 2"):
        subplot_of_mapper(inversion, mapper_index=2)


def test_errors_that_are_not_defined_are_said_to_be_so(monkeypatch):
    inversion = fit_on("uniform").inversion

    def singular(self):
        raise exc.InversionException("not positive definite")

    monkeypatch.setattr(type(inversion), "reconstruction_noise_map_dict", property(singular))
    panels = panels_of(subplot_of_mapper(inversion))

    assert "not defined" in panels["Source errors"].texts[0].get_text()
    assert not panels["Source errors"].collections


@pytest.mark.parametrize("name", ["adapt_density", "delaunay", "knn"])
def test_mappings_have_one_number_in_both_planes(name, tmp_path):
    inversion = fit_on(name).inversion
    fig = subplot_mappings(inversion, output_path=tmp_path, pix_indexes=[[12, 13], [17]])
    panels = panels_of(fig)

    assert list(panels) == ["Data", "Reconstructed image", "Source reconstruction", "Source reconstruction (whole)"]
    for panel in (panels["Data"], panels["Source reconstruction (whole)"]):
        assert {text.get_text() for text in panel.texts} == {"1", "2"}
        assert len(panel.patches) == 2
    colors = [[patch.get_facecolor() for patch in panel.patches] for panel in panels.values()]
    assert all(each == colors[0] for each in colors)
    assert (tmp_path / "mappings_0.png").exists()
    assert list(panels_of(subplot_mappings(inversion))) == list(panels)


def test_an_image_next_to_its_mesh(tmp_path):
    fit = fit_on("delaunay")
    mappings = mapper_of(fit).mappings_from([[3, 4]])
    fig = subplot_image_and_mapper(mapper_of(fit), fit.data, tmp_path, regions=mappings, region_labels=["1"])
    image, mesh = fig.axes[0], fig.axes[-1] if fig.axes[-1].get_title() else fig.axes[1]

    np.testing.assert_array_equal(shown(image), fit.data.array)
    assert len(image.patches) == len(mesh.patches) == 1
    assert (tmp_path / "image_and_mapper.png").exists()


def test_the_table_of_a_reconstruction(tmp_path):
    inversion = fit_on("delaunay").inversion
    save_reconstruction_csv(inversion, tmp_path)

    with open(tmp_path / "source_plane_reconstruction_0.csv", newline="") as file:
        header, *rows = csv.reader(file)
    table = np.array(rows, dtype=float)
    assert header == ["y", "x", "reconstruction", "noise_map"]
    np.testing.assert_array_equal(table[:, :2], mapper_of(fit_on("delaunay")).source_plane_mesh_grid.array)
    np.testing.assert_array_equal(table[:, 2], inversion.reconstruction)
    np.testing.assert_array_equal(table[:, 3], inversion.reconstruction_noise_map)
