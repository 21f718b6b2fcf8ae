"""Figures of a reconstruction and of a fit: the right numbers on the right cells."""

import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.plot import plot_array, plot_inversion_reconstruction, subplot_fit_imaging
from autoarray.plot.inversion import zoomed_extent_from

pytest.importorskip("matplotlib")

MESHES = {"uniform": aa.mesh.RectangularUniform, "adaptive": aa.mesh.RectangularBilinearAdaptDensity}


def fit_on(mesh: str, shape=(5, 7)) -> aa.FitImaging:
    rng = np.random.default_rng(3)
    mask = aa.Mask2D.circular(shape_native=(16, 16), pixel_scales=0.1, radius=0.6)
    dataset = aa.Imaging(
        data=aa.Array2D.no_mask(values=1.0 + rng.random((16, 16)), pixel_scales=0.1),
        noise_map=aa.Array2D.full(fill_value=0.3, shape_native=(16, 16), pixel_scales=0.1),
        psf=aa.Convolver.from_gaussian(shape_native=(3, 3), sigma=0.05, pixel_scales=0.1, normalize=True),
        over_sample_size_pixelization=2,
    ).apply_mask(mask=mask)
    grid = dataset.grids.pixelization
    source_plane_grid = aa.Grid2D(
        values=grid.array**3,
        mask=mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=grid.over_sampled.array**3),
    )
    interpolator = MESHES[mesh](shape=shape).interpolator_from(source_plane_data_grid=source_plane_grid)
    mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=1.0))
    return aa.FitImaging(dataset=dataset, inversion=aa.Inversion(dataset=dataset, linear_obj_list=[mapper]))


@pytest.fixture(scope="module", params=["uniform", "adaptive"])
def fit(request):
    return fit_on(request.param)


def test_the_four_panels_show_the_fit(fit, tmp_path):
    fig = subplot_fit_imaging(fit, output_path=tmp_path, output_filename="a_fit", title="A fit", data_title="Image")
    data, model, residuals, source = fig.axes[:4]

    assert [panel.get_title() for panel in fig.axes[:4]] == [
        "Image",
        "Model",
        "Residuals / noise",
        "Source reconstruction",
    ]
    assert fig.get_suptitle() == "A fit"
    for panel, array in ((data, fit.data), (model, fit.model_data), (residuals, fit.normalized_residual_map)):
        shown = panel.images[0].get_array()
        np.testing.assert_array_equal(shown.mask, fit.mask.array)
        np.testing.assert_array_equal(shown.compressed(), array.slim.array)
    assert data.images[0].get_clim() == model.images[0].get_clim()
    low, high = residuals.images[0].get_clim()
    assert low == -high
    np.testing.assert_array_equal(source.collections[0].get_array().ravel(), fit.inversion.reconstruction)
    assert (tmp_path / "a_fit.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_panels_of_an_image_show_its_unmasked_part(fit):
    panel = plot_array(fit.data).axes[0]

    # The circle of radius 0.6 and one more pixel of 0.1 on each side.
    np.testing.assert_allclose(panel.get_xlim(), (-0.7, 0.7), atol=0.051)
    np.testing.assert_allclose(panel.get_ylim(), (-0.7, 0.7), atol=0.051)


def test_cells_tile_the_traced_positions(fit):
    geometry = fit.inversion.linear_obj_list[0].mesh_geometry
    edges_y, edges_x = geometry.cell_edges()
    # A uniform mesh is laid over the sub-pixels; an adaptive one follows the density of the pixels.
    grid = geometry.data_grid
    positions = (grid.over_sampled if isinstance(geometry.mesh, aa.mesh.RectangularUniform) else grid).array

    assert (edges_y.size, edges_x.size) == (6, 8)
    assert (np.diff(edges_y) <= 0.0).all()
    assert (np.diff(edges_x) >= 0.0).all()
    for edges, axis in ((edges_y, 0), (edges_x, 1)):
        np.testing.assert_allclose(
            [edges.min(), edges.max()], [positions[:, axis].min(), positions[:, axis].max()], atol=1e-6
        )


def test_cells_of_a_uniform_mesh_are_equal_and_those_of_an_adaptive_one_are_not():
    uniform, adaptive = (fit_on(name).inversion.linear_obj_list[0].mesh_geometry for name in ("uniform", "adaptive"))
    widths = np.diff(uniform.cell_edges()[1])

    np.testing.assert_allclose(widths, widths[0], rtol=1e-9)
    assert np.ptp(np.diff(adaptive.cell_edges()[1])) > 0.05
    np.testing.assert_allclose(
        np.abs(np.outer(*(np.diff(edges) for edges in adaptive.cell_edges()))).ravel(), adaptive.areas_transformed
    )


def test_a_fit_without_an_inversion_has_three_panels(fit):
    class Model(aa.FitImaging):
        @property
        def blurred_image(self):
            return self.dataset.data

    fig = subplot_fit_imaging(Model(dataset=fit.dataset))

    assert [panel.get_title() for panel in fig.axes[:3]] == ["Data", "Model", "Residuals / noise"]
    assert len(fig.axes) == 6


def test_a_fit_on_jax_is_drawn_like_one_on_numpy(fit, tmp_path):
    pytest.importorskip("jax")
    import serialization

    on_jax = serialization.loads(serialization.dumps(fit), backend="jax")
    subplot_fit_imaging(fit, output_path=tmp_path, output_filename="numpy")
    subplot_fit_imaging(on_jax, output_path=tmp_path, output_filename="jax")

    assert (tmp_path / "numpy.png").read_bytes() == (tmp_path / "jax.png").read_bytes()


def test_a_wrong_number_of_values_is_refused(fit):
    mapper = fit.inversion.linear_obj_list[0]

    with pytest.raises(
        exc.PlottingException, match=r"expected 35 values for a mesh of shape \(5, 7\), found shape \(34,\)"
    ):
        plot_inversion_reconstruction(np.zeros(34), mapper)


def test_zoom_ignores_a_faint_cell_far_away():
    values = np.zeros((20, 20))
    values[9:12, 4:6] = 1.0
    values[0, 19] = 0.06
    edges_y, edges_x = np.linspace(10.0, -10.0, 21), np.linspace(-10.0, 10.0, 21)
    extent = zoomed_extent_from(values, edges_y, edges_x)

    # Three rows and a margin of one cell on each side, made square and a little wider.
    np.testing.assert_allclose(extent, (-5.0 - 2.55, -5.0 + 2.55, -0.5 - 2.55, -0.5 + 2.55))


@pytest.mark.parametrize(("values", "zoom"), [(np.zeros((4, 4)), True), (np.eye(4), False)])
def test_without_a_bright_cell_or_zoom_all_is_shown(values, zoom):
    edges = np.linspace(-2.0, 2.0, 5)

    np.testing.assert_allclose(zoomed_extent_from(values, edges[::-1], edges, zoom), (-2.04, 2.04, -2.04, 2.04))
