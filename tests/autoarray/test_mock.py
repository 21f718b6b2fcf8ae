"""The doubles for tests of clients. Numbers without a comment are PyAutoArray 2026.10.26.1's, of the same calls."""

import pickle

import numpy as np
import pytest

import autoarray as aa
from autoarray import fixtures
from autoarray.structures.mock import mock_decorators
from autoarray.structures.mock.mock_grid import MockGeometry


def test_the_doubles_have_their_short_name():
    assert aa.m is aa.mock
    namespace = {}
    exec("from autoarray.mock import *", namespace)
    assert {"MockDataset", "MockMapper", "MockTransformProfile"} <= namespace.keys()
    assert set(aa.m.__all__) <= set(dir(aa.m))


def test_a_dataset_of_grids():
    dataset = aa.m.MockDataset()
    assert dataset.grids.pixelization.array.tolist() == [[1.0, 1.0]]
    assert (dataset.grids.lp, dataset.psf, dataset.mask) == (None, None, None)
    assert aa.m.MockDataset(grids=1, psf=2, mask=3).mask == 3


def test_a_fit_of_what_it_is_given():
    fit = aa.m.MockFitImaging()
    assert (fit.model_data, fit.inversion, fit.blurred_image, fit.mask) == (None, None, None, None)
    assert fit.dataset_model.grid_offset == (0.0, 0.0)
    assert isinstance(fit, aa.FitImaging)
    dataset = fixtures.make_masked_imaging_7x7()
    fit = aa.m.MockFitImaging(dataset=dataset, blurred_image=4, inversion=5)
    assert (fit.blurred_image, fit.inversion, fit.noise_map) == (4, 5, dataset.noise_map)
    assert aa.m.MockFitImaging(dataset=dataset, noise_map=3).noise_map == 3
    assert aa.m.MockFitImaging(use_mask_in_fit=True).use_mask_in_fit


def test_a_subclass_of_a_double_may_add_to_it():
    class MockFit(aa.m.MockFitImaging):
        def __init__(self, grid):
            super().__init__(noise_map=2)
            self.grid = grid

    assert (MockFit(grid=7).grid, MockFit(grid=7).noise_map) == (7, 2)
    assert pickle.loads(pickle.dumps(aa.m.MockFitImaging(noise_map=2))).noise_map == 2


def test_linear_objects():
    linear_obj = aa.m.MockLinearObj(
        parameters=3, grid=1, mapping_matrix=2, operated_mapping_matrix_override=4, regularization=None
    )
    assert (linear_obj.params, linear_obj.grid, linear_obj.mapping_matrix) == (3, 1, 2)
    assert linear_obj.operated_mapping_matrix_override == 4
    functions = aa.m.MockLinearObjFuncList(parameters=3, grid=1, mapping_matrix=2)
    assert (functions.params, functions.mapping_matrix, functions.operated_mapping_matrix_override) == (3, 2, None)
    assert functions.neighbors.array.tolist() == [[1, -1], [0, 2], [1, -1]]


def test_a_mapper_has_what_it_is_given_and_else_what_its_interpolator_has():
    mapper = aa.m.MockMapper(source_plane_mesh_grid=np.zeros((4, 2)), pixel_signals=5)
    assert (mapper.params, mapper.pixels, mapper.mapping_matrix, mapper.pixel_signals_from(1.0)) == (4, 4, None, 5)
    mapper = aa.m.MockMapper(parameters=9, mesh=1, mesh_geometry=2, source_plane_data_grid=4, over_sampler=7)
    assert (mapper.params, mapper.mesh, mapper.mesh_geometry) == (9, 1, 2)
    assert (mapper.source_plane_data_grid, mapper.over_sampler) == (4, 7)
    real = fixtures.make_rectangular_mapper_7x7_3x3()
    mapper = aa.m.MockMapper(interpolator=real.interpolator)
    assert mapper.mesh is real.mesh
    np.testing.assert_array_equal(mapper.pixel_signals_from(0.5), real.pixel_signals_from(0.5))


def test_an_interpolator_and_a_mesh():
    interpolator = aa.m.MockInterpolator(mappings=1, sizes=2, weights=3)
    assert (interpolator.mappings, interpolator.sizes, interpolator.weights) == (1, 2, 3)
    mesh = aa.m.MockMesh(image_plane_mesh_grid=5)
    assert mesh.image_plane_mesh_grid_from(mask=None, adapt_data=None) == 5
    mapper = mesh.interpolator_from(source_plane_data_grid=1, source_plane_mesh_grid=2)
    assert (mapper.mesh, mapper.source_plane_data_grid, mapper.source_plane_mesh_grid) == (mesh, 1, 2)
    image_mesh = aa.m.MockImageMesh(image_plane_mesh_grid=5)
    assert (image_mesh.image_plane_mesh_grid_from(mask=None), image_mesh.uses_adapt_images) == (5, False)


def test_a_pixelization():
    pixelization = aa.m.MockPixelization(mapper=8, image_plane_mesh_grid=5)
    assert (pixelization.mesh, pixelization.regularization) == (None, None)
    assert (pixelization.interpolator_from(1, 2, 3), pixelization.image_plane_mesh_grid_from(1, 2)) == (8, 5)
    assert aa.m.MockPixelization(mesh=aa.m.MockMesh(6)).image_plane_mesh_grid_from(1, 2) == 6
    regularization = aa.m.MockRegularization(regularization_matrix=5)
    assert regularization.regularization_matrix_from(linear_obj=None) == 5
    assert regularization.regularization_matrix_via_neighbors_from(1, 2) == 5


def test_an_inversion_of_what_it_is_given():
    names = {
        "operated_mapping_matrix": 1,
        "data_vector": 2,
        "curvature_matrix": 3,
        "regularization_matrix": 4,
        "curvature_reg_matrix": 5,
        "reconstruction": 6,
        "reconstruction_dict": 7,
        "mapped_reconstructed_data_dict": 8,
        "mapped_reconstructed_operated_data_dict": 9,
        "reconstruction_noise_map": 10,
        "reconstruction_noise_map_dict": 11,
        "regularization_term": 12,
        "log_det_curvature_reg_matrix_term": 13,
        "log_det_regularization_matrix_term": 14,
        "fast_chi_squared": 15,
        "mapper_operated_mapping_matrix_dict": 16,
    }
    inversion = aa.m.MockInversion(**names, data=17, data_vector_mapper=18, curvature_matrix_mapper_diag=19)
    assert {name: getattr(inversion, name) for name in names} == names
    assert (inversion.data, inversion.noise_map, inversion.linear_obj_list) == (17, None, [])
    assert (inversion._data_vector_mapper, inversion._curvature_matrix_mapper_diag) == (18, 19)
    assert isinstance(inversion, aa.AbstractInversion)
    with pytest.raises(NotImplementedError, match=r"MockInversion\.fast_chi_squared: expected a value given to the do"):
        _ = aa.m.MockInversion().fast_chi_squared


def test_an_inversion_computes_the_rest():
    regularization = aa.m.MockRegularization(np.eye(2))
    linear_objs = [aa.m.MockLinearObj(parameters=2, regularization=regularization) for _ in range(2)]
    inversion = aa.m.MockInversion(
        linear_obj_list=linear_objs,
        reconstruction=np.array([1.0, 2.0, 3.0, 4.0]),
        curvature_reg_matrix=np.diag([1.0, 2.0, 3.0, 4.0]),
        regularization_matrix=2.0 * np.eye(4),
    )
    assert [values.tolist() for values in inversion.reconstruction_dict.values()] == [[1.0, 2.0], [3.0, 4.0]]
    assert inversion.regularization_term == 60.0
    assert inversion.log_det_curvature_reg_matrix_term == pytest.approx(3.1780538303479453, rel=1e-14)
    assert inversion.log_det_regularization_matrix_term == pytest.approx(2.7725887222397816, rel=1e-14)
    assert aa.m.MockInversion().regularization_term == 0.0
    # PyAutoArray's double solves nothing from these; the solution of [[3, 1], [1, 4]] s = [1, 2].
    inversion = aa.m.MockInversion(
        linear_obj_list=linear_objs[:1],
        curvature_matrix=np.array([[2.0, 1.0], [1.0, 3.0]]),
        data_vector=np.array([1.0, 2.0]),
    )
    np.testing.assert_allclose(inversion.reconstruction, [2.0 / 11.0, 5.0 / 11.0], rtol=1e-14)


def test_an_inversion_of_imaging():
    inversion = aa.m.MockInversionImaging(
        mask=1, data=2, noise_map=3, psf=4, operated_mapping_matrix=5, data_linear_func_matrix_dict=7
    )
    assert (inversion.mask, inversion.data, inversion.noise_map, inversion.psf) == (1, 2, 3, 4)
    assert (inversion.operated_mapping_matrix, inversion.data_linear_func_matrix_dict) == (5, 7)
    mapper = fixtures.make_rectangular_mapper_7x7_3x3()
    inversion = aa.m.MockInversionImaging(
        mask=mapper.mask,
        psf=aa.m.MockPSF(operated_mapping_matrix=np.ones((2, 2))),
        linear_obj_list=[mapper, aa.m.MockLinearObj(operated_mapping_matrix_override=np.zeros((2, 1)))],
    )
    assert inversion.operated_mapping_matrix.tolist() == [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]]


def test_masks_grids_and_a_psf():
    assert aa.m.MockMask(native_for_slim=4).derive_indexes.native_for_slim == 4
    assert aa.m.MockPSF(4).convolved_mapping_matrix_from(mapping_matrix=1, mask=2) == 4
    assert aa.m.MockPSF().convolve_over_sample_size == 1
    grid = aa.m.MockGrid2DMesh(grid=np.zeros((3, 2)), extent=(0.0, 1.0, 2.0, 3.0))
    assert (grid.pixels, grid.extent, grid.geometry.extent) == (3, (0.0, 1.0, 2.0, 3.0), (0.0, 1.0, 2.0, 3.0))
    assert grid.native is grid.slim is grid.mesh_grid
    assert MockGeometry((0, 1, 2, 3)).extent == (0, 1, 2, 3)
    mesh_grid = aa.m.MockMeshGrid(neighbors=np.array([[1], [0]]), neighbors_sizes=np.ones(2))
    assert mesh_grid.neighbors.array.tolist() == [[1], [0]]
    assert aa.m.MockMeshGrid().neighbors is None


GRID = fixtures.make_grid_2d_7x7()
IRREGULAR = aa.Grid2DIrregular([(1.0, 1.0), (2.0, 3.0)])


@pytest.mark.parametrize(
    ("name", "slim", "irregular"),
    [
        ("ndarray_1d_from", aa.Array2D, aa.ArrayIrregular),
        ("ndarray_1d_no_oversample_from", aa.Array2D, aa.ArrayIrregular),
        ("ndarray_2d_from", aa.Grid2D, aa.Grid2DIrregular),
        ("ndarray_2d_raw_from", aa.Grid2D, aa.Grid2DIrregular),
        ("ndarray_yx_2d_from", aa.VectorYX2D, aa.VectorYX2DIrregular),
    ],
)
def test_a_profile_of_ones_and_coordinates(name, slim, irregular):
    function = getattr(aa.m.MockGrid2DLikeObj(), name)
    for grid, kind in ((GRID, slim), (IRREGULAR, irregular)):
        values = function(grid)
        assert type(values) is kind
        expected = np.ones(grid.shape[0]) if name.startswith("ndarray_1d") else 2.0 * grid.array
        np.testing.assert_array_equal(values.array, expected)


def test_lists_of_a_profile():
    profile = aa.m.MockGrid2DLikeObj()
    for name, kind in (
        ("ndarray_1d_list_from", aa.Array2D),
        ("ndarray_2d_list_from", aa.Grid2D),
        ("ndarray_yx_2d_list_from", aa.VectorYX2D),
    ):
        first, second = getattr(profile, name)(GRID)
        assert type(first) is type(second) is kind
        np.testing.assert_array_equal(second.array, 2.0 * first.array)


def test_a_profile_with_a_frame_of_its_own():
    profile = aa.m.MockTransformProfile()
    assert profile.scalar_from(IRREGULAR).tolist() == [-1.0, 2.0]
    assert profile.vector_from(IRREGULAR).array.tolist() == [[0.0, 2.0], [-2.0, -2.0]]
    assert aa.m.MockGrid1DLikeObj(centre=(1.0, 2.0)).angle == 0.0


def test_functions_of_profiles():
    grid = np.array([[1.0, 1.0], [2.0, 3.0]])
    profile = mock_decorators
    np.testing.assert_allclose(profile.radial_grid_from(grid), [1.41421356, 3.60555128], rtol=1e-8)
    np.testing.assert_allclose(profile.ndarray_1d_from(None, grid), [2.25975280e-03, 6.66129957e-06], rtol=1e-8)
    np.testing.assert_allclose(
        profile.ndarray_2d_from(None, grid), [[1.41421356, 1.41421356], [1.10940039, 1.66410059]], rtol=1e-8
    )
    assert profile.ndarray_2d_yx_from(None, grid).tolist() == [[2.0, 2.0], [4.0, 6.0]]
    assert profile.ndarray_1d_zeros_from(None, grid).shape == (5, 5)
    assert len(profile.ndarray_1d_list_from(None, grid)) == len(profile.ndarray_2d_list_from(None, grid)) == 1
    cos, sin = profile.angle_to_profile_grid_from(np.array([1.0, 2.0]))
    np.testing.assert_allclose([cos, sin], [[0.54030231, -0.41614684], [0.84147098, 0.90929743]], rtol=1e-7)
