"""A mesh of a user's own, whose geometry says no more than what its cells and neighbors are."""

import pickle

import numpy as np
import problems
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.inversion.linear_obj.neighbors import Neighbors
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh_geometry import cells
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry


class StripGeometry(AbstractMeshGeometry):
    """Strips along y, one next to the other along x, of which the first is a triangle."""

    @property
    def neighbors(self):
        index = np.arange(self.pixels)
        arr = np.stack((index - 1, np.where(index < self.pixels - 1, index + 1, -1)), axis=1)
        arr = -np.sort(-arr, axis=1)
        return Neighbors(arr=arr, sizes=(arr >= 0).sum(axis=1))

    def cells(self, extent=None):
        width = 2.0 / self.pixels
        left = -1.0 + width * np.arange(self.pixels)
        strips = [np.array([(1.0, x), (1.0, x + width), (-1.0, x + width), (-1.0, x)]) for x in left]
        strips[0] = strips[0][1:]
        return strips if extent is None else [cells.clip(strip, extent) for strip in strips]


class StripInterpolator(AbstractInterpolator):
    """Each coordinate is in one strip."""

    geometry_cls = StripGeometry

    def interpolate(self):
        xp, pixels = self._xp, self.mesh.pixels
        x = self.data_grid.over_sampled.array[:, 1]
        strip = xp.clip(xp.floor((x + 1.0) / 2.0 * pixels), 0, pixels - 1).astype(int)
        return strip[:, None], xp.ones_like(strip), xp.ones_like(x)[:, None]


class Strips(aa.AbstractMesh):
    """As many strips as are asked for, between -1 and 1 arc-seconds."""

    supports_split_regularization = False
    interpolator_cls = StripInterpolator

    def __init__(self, pixels):
        self.pixels = pixels

    def interpolator_from(
        self, source_plane_data_grid, source_plane_mesh_grid=None, border_relocator=None, adapt_data=None, xp=np
    ):
        data_grid = self.relocated_grid_from(border_relocator, source_plane_data_grid, xp=xp)
        x = -1.0 + 2.0 * (np.arange(self.pixels) + 0.5) / self.pixels
        mesh_grid = aa.Grid2DIrregular(xp.asarray(np.stack((0.0 * x, x), axis=1)), xp=xp)
        return self.interpolator_cls(self, mesh_grid, data_grid, adapt_data, xp=xp)


def fit_on_strips(backend="numpy"):
    xp, dataset = problems.xp_from(backend), problems.dataset_from()
    pixelization = aa.Pixelization(mesh=Strips(pixels=9), regularization=aa.reg.Constant())
    interpolator = pixelization.mesh.interpolator_from(
        source_plane_data_grid=problems.traced_from(dataset, xp=xp), adapt_data=problems.adapt_data_from(dataset), xp=xp
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=pixelization.regularization, xp=xp)
    return aa.FitImaging(dataset=dataset, inversion=aa.Inversion(dataset, [mapper], xp=xp), xp=xp)


@pytest.fixture(scope="module")
def fit():
    return fit_on_strips()


@pytest.fixture
def geometry(fit):
    return fit.inversion.linear_obj_list[0].mesh_geometry


def test_it_fits_the_same_on_both_backends(fit):
    pytest.importorskip("jax")
    on_jax = fit_on_strips("jax")

    assert np.isfinite(fit.log_evidence)
    np.testing.assert_allclose(float(on_jax.log_evidence), fit.log_evidence, rtol=1e-10)


def test_it_comes_back_from_a_pickle(fit):
    carried = pickle.loads(pickle.dumps(fit))
    (mapper,) = carried.inversion.linear_obj_list

    assert carried.log_evidence == fit.log_evidence
    assert type(mapper.mesh_geometry) is StripGeometry
    assert mapper.mesh_geometry is mapper.interpolator.mesh_geometry


def test_other_members_of_the_geometry_follow_from_the_cells(geometry):
    assert geometry.pixels == 9
    assert geometry.corners() is None
    assert geometry.cell_extent() == pytest.approx((-1.0, 1.0, -1.0, 1.0))
    assert geometry.bounded_cells().tolist() == [True] * 9
    assert geometry.styles == ("cells",)
    # The border between two strips is one line: a triangle, eight strips of three more sides each.
    assert len(geometry.edges()) == 3 + 8 * 3
    np.testing.assert_allclose(
        cells.polygon_areas_from(geometry.cells((-1.0, 1.0, -0.5, 0.5)))[1:], 2.0 / 9.0, rtol=1e-12
    )


def test_outlines_of_regions_are_those_of_the_cells(fit, geometry):
    (mapping,) = fit.inversion.linear_obj_list[0].mappings_from([[0, 4]])

    for contour, polygon in zip(mapping.source_contours, (geometry.cells()[0], geometry.cells()[4]), strict=True):
        np.testing.assert_array_equal(contour[:-1], polygon)
        np.testing.assert_array_equal(contour[-1], polygon[0])


def test_it_is_drawn(fit, geometry, tmp_path):
    pytest.importorskip("matplotlib")
    from autoarray.inversion.plot.inversion_plots import subplot_mappings, subplot_of_mapper
    from autoarray.plot import plot_inversion_reconstruction, plot_mesh

    values = np.arange(1.0, 10.0)
    panel = plot_inversion_reconstruction(values, geometry, mesh_edges=True, zoom_to_brightest=False).axes[0]
    polygons, lines = panel.collections
    np.testing.assert_array_equal(polygons.get_array(), values)
    np.testing.assert_array_equal(polygons.get_paths()[3].vertices[:4, ::-1], geometry.cells()[3])
    assert len(lines.get_segments()) == len(geometry.edges())
    assert plot_mesh(geometry).axes[0].get_xlim() == (-1.04, 1.04)
    for subplot in (subplot_of_mapper, subplot_mappings):
        subplot(fit.inversion, output_path=tmp_path, output_filename=subplot.__name__)
        assert (tmp_path / f"{subplot.__name__}_0.png").stat().st_size > 5000


def test_what_it_does_not_have_is_said(geometry):
    pytest.importorskip("matplotlib")
    from autoarray.plot import plot_inversion_reconstruction

    with pytest.raises(exc.PlottingException, match="expected 9 values for a mesh of 9 pixels, found shape"):
        plot_inversion_reconstruction(np.ones(8), geometry)
    with pytest.raises(exc.PlottingException, match="style: expected 'cells' for a mesh, found 'interpolated'"):
        plot_inversion_reconstruction(np.ones(9), geometry, style="interpolated")
    with pytest.raises(exc.MeshException, match="StripGeometry: expected a mesh of the style 'interpolated', found"):
        geometry.contains(np.zeros((1, 2)))
    with pytest.raises(NotImplementedError, match="has neither `corners` nor `cells`"):
        AbstractMeshGeometry(geometry.mesh, geometry.mesh_grid, geometry.data_grid).cells()


def test_cells_of_rows_and_columns_are_cut_off_at_an_extent():
    interpolator = problems.fit_from(mesh="uniform", shape=(4, 4)).inversion.linear_obj_list[0].interpolator
    geometry = interpolator.mesh_geometry
    x0, x1, y0, y1 = geometry.cell_extent()
    half = (x0, (x0 + x1) / 2.0, y0, y1)

    areas = cells.polygon_areas_from(geometry.cells(half))

    np.testing.assert_allclose(areas.sum(), (x1 - x0) * (y1 - y0) / 2.0)
    assert (areas.reshape(4, 4)[:, 2:] == 0.0).all()


def test_a_transform_is_shared_by_interpolator_and_geometry(monkeypatch):
    from autoarray.inversion.mesh._transform.cdf import CDF

    made = []
    constructor = CDF.__init__
    monkeypatch.setattr(
        CDF, "__init__", lambda self, *args, **kwargs: made.append(1) or constructor(self, *args, **kwargs)
    )
    interpolator = problems.fit_from(mesh="rtu_density").inversion.linear_obj_list[0].interpolator
    interpolator.mappings, interpolator.mesh_geometry.areas_transformed, interpolator.mesh_geometry.edges_transformed  # noqa: B018

    assert len(made) == 1
