import numpy as np
import problems
import pytest

import autoarray as aa
from autoarray._state import is_derived
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.linear_obj.linear_obj import LinearObj


class Sheet(LinearObj):
    """A constant image and a gradient, without regularization."""

    def __init__(self, pixels: int, xp=np) -> None:
        super().__init__(regularization=None, xp=xp)
        self.pixels = pixels

    @property
    def params(self) -> int:
        return 2

    @property
    def mapping_matrix(self):
        return self._xp.stack((self._xp.ones(self.pixels), self._xp.linspace(-1.0, 1.0, self.pixels)), axis=1)


def inversion_from(backend="numpy", **kwargs):
    return problems.fit_from(backend, **kwargs).inversion


@pytest.mark.parametrize("mesh", problems.MESHES)
@pytest.mark.parametrize("psf", [True, False])
def test_linear_system_equals_the_dense_one(backend, mesh, psf):
    dataset = problems.dataset_from(psf=psf)
    inversion = inversion_from(backend, mesh=mesh, dataset=dataset)
    matrix = np.asarray(inversion.operated_mapping_matrix)
    data, noise = dataset.data.array, dataset.noise_map.array
    np.testing.assert_allclose(inversion.data_vector, matrix.T @ (data / noise**2), rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(
        inversion.curvature_matrix, (matrix / noise[:, None]).T @ (matrix / noise[:, None]), rtol=1e-10, atol=1e-9
    )
    if not psf:
        np.testing.assert_array_equal(matrix, inversion.mapping_matrix)
    for terms in (inversion.log_det_curvature_reg_matrix_term, inversion.log_det_regularization_matrix_term):
        assert np.isfinite(terms)
    total = np.asarray(inversion.curvature_reg_matrix)
    assert float(inversion.log_det_curvature_reg_matrix_term) == pytest.approx(np.linalg.slogdet(total)[1], rel=1e-10)


def with_functions(**kwargs):
    mapper = inversion_from(**kwargs).linear_obj_list[0]
    return [mapper, Sheet(mapper.mask.pixels_in_mask)]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("objects_from", [with_functions, lambda **kwargs: inversion_from(**kwargs).linear_obj_list])
def test_curvature_matrix_is_not_kept_unless_asked_for_and_never_changed(is_first, objects_from):
    dataset = problems.dataset_from()
    objects = objects_from(dataset=dataset)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=objects)
    before = inversion.curvature_matrix.copy() if is_first else None
    total = inversion.curvature_reg_matrix
    assert is_derived(inversion, "curvature_matrix") == is_first
    matrix = inversion.curvature_matrix
    if before is not None:
        np.testing.assert_array_equal(matrix, before)
    np.testing.assert_allclose(total, matrix + inversion.regularization_matrix, rtol=1e-14, atol=1e-13)
    assert inversion.curvature_matrix is matrix


def test_curvature_matrix_of_a_subclass_or_a_preload_is_taken():
    class Doubled(InversionImagingMapping):
        @property
        def curvature_matrix(self):
            return 2.0 * super().curvature_matrix

    dataset = problems.dataset_from()
    objects = inversion_from(dataset=dataset).linear_obj_list
    plain = aa.Inversion(dataset=dataset, linear_obj_list=objects)
    twice = 2.0 * plain.curvature_matrix
    expected = twice + plain.regularization_matrix
    doubled = Doubled(dataset=dataset, linear_obj_list=objects)
    np.testing.assert_allclose(doubled.curvature_reg_matrix, expected, rtol=1e-14, atol=1e-13)
    preloads = aa.AbstractPreloads(curvature_matrix=twice.copy())
    preloaded = aa.Inversion(dataset=dataset, linear_obj_list=objects, preloads=preloads)
    np.testing.assert_allclose(preloaded.curvature_reg_matrix, expected, rtol=1e-14, atol=1e-13)
    np.testing.assert_array_equal(preloads.curvature_matrix, twice)


def test_positive_only_solution(backend):
    inversion = inversion_from(backend)
    s = np.asarray(inversion.reconstruction)
    keep = inversion.solve_ids_to_keep
    edge = np.setdiff1d(np.arange(64), keep)
    assert len(keep) == 36
    assert (s >= 0.0).all()
    assert (s[edge] == 0.0).all()
    gradient = np.asarray(inversion.curvature_reg_matrix) @ s - np.asarray(inversion.data_vector)
    scale = 1e-9 * np.abs(inversion.data_vector).max()
    assert (gradient[keep] > -scale).all()
    assert np.abs(gradient[s > 0.0]).max() < scale
    np.testing.assert_array_equal(inversion.reconstruction_reduced, s)


def test_settings_choose_what_is_solved(backend):
    plain = inversion_from(backend, settings=aa.Settings(use_positive_only_solver=False))
    assert plain.solve_ids_to_keep is None
    expected = np.linalg.solve(np.asarray(plain.curvature_reg_matrix), np.asarray(plain.data_vector))
    np.testing.assert_allclose(plain.reconstruction, expected, rtol=1e-7, atol=1e-9)
    assert (np.asarray(plain.reconstruction) < 0.0).any()
    whole = inversion_from(backend, settings=aa.Settings(use_edge_zeroed_pixels=False))
    assert whole.solve_ids_to_keep is None
    assert whole.reconstruction.shape == (64,)
    slogdet = inversion_from(backend, settings=aa.Settings(log_det_method="slogdet"))
    assert float(slogdet.log_det_curvature_reg_matrix_term) == pytest.approx(
        float(inversion_from(backend).log_det_curvature_reg_matrix_term), rel=1e-12
    )


def test_images(backend):
    inversion = inversion_from(backend)
    s = np.asarray(inversion.reconstruction)
    for image, matrix in (
        (inversion.mapped_reconstructed_data, inversion.mapping_matrix),
        (inversion.mapped_reconstructed_operated_data, inversion.operated_mapping_matrix),
    ):
        assert isinstance(image, aa.Array2D)
        assert image.use_jax == (backend == "jax")
        assert image.mask is inversion.mask
        np.testing.assert_allclose(image.array, np.asarray(matrix) @ s, atol=1e-12)


def test_errors_of_the_reconstruction(backend):
    inversion = inversion_from(backend)
    keep = inversion.solve_ids_to_keep
    covariance = np.asarray(inversion.reconstruction_covariance_matrix)
    assert (covariance[np.ix_(keep, keep)] == covariance[np.ix_(keep, keep)].T).all()
    reduced = np.asarray(inversion.curvature_reg_matrix)[np.ix_(keep, keep)]
    np.testing.assert_allclose(covariance[np.ix_(keep, keep)] @ reduced, np.eye(len(keep)), atol=1e-8)
    edge = np.setdiff1d(np.arange(64), keep)
    assert np.isnan(covariance[edge]).all()
    assert np.isnan(covariance[:, edge]).all()
    noise = np.asarray(inversion.reconstruction_noise_map)
    np.testing.assert_allclose(noise[keep], np.sqrt(np.diag(np.linalg.inv(reduced))), rtol=1e-8)
    assert np.isnan(noise[edge]).all()


def test_two_mappers_and_an_object_without_regularization(backend, xp):
    dataset = problems.dataset_from()
    mappers = [
        problems.fit_from(backend, mesh, shape=shape, dataset=dataset).inversion.linear_obj_list[0]
        for mesh, shape in (("uniform", (5, 5)), ("adapt_density", (6, 6)))
    ]
    sheet = Sheet(dataset.mask.pixels_in_mask, xp=xp)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mappers[0], sheet, mappers[1]], xp=xp)
    assert inversion.total_params == 25 + 2 + 36
    assert inversion.no_regularization_index_list == [25, 26]
    assert inversion.param_range_list_from(aa.Mapper) == [[0, 25], [27, 63]]
    assert (inversion.total(aa.Mapper), inversion.has(aa.reg.Constant), inversion.has(Sheet)) == (2, True, True)
    assert not inversion.all_linear_obj_have_regularization
    assert inversion.mapper_indices.tolist() == [*range(25), *range(27, 63)]
    keep = inversion.solve_ids_to_keep
    assert len(keep) == 9 + 2 + 16
    matrix = np.asarray(inversion.operated_mapping_matrix) / dataset.noise_map.array[:, None]
    raised = np.zeros(63)
    raised[[25, 26]] = 1e-3
    np.testing.assert_allclose(inversion.curvature_matrix, matrix.T @ matrix + np.diag(raised), rtol=1e-9, atol=1e-8)
    total, regularized = np.asarray(inversion.curvature_reg_matrix), inversion.mapper_indices
    assert float(inversion.log_det_curvature_reg_matrix_term) == pytest.approx(
        # The data can't tell the means of the two sources apart: the matrix is close to singular.
        np.linalg.slogdet(total[np.ix_(regularized, regularized)])[1],
        rel=1e-6,
    )
    parts = inversion.reconstruction_dict
    assert [len(parts[obj]) for obj in inversion.linear_obj_list] == [25, 2, 36]
    images = inversion.mapped_reconstructed_operated_data_dict
    np.testing.assert_allclose(
        sum(np.asarray(image.array) for image in images.values()),
        inversion.mapped_reconstructed_operated_data.array,
        atol=1e-12,
    )
    np.testing.assert_allclose(
        inversion.data_subtracted_dict[sheet].array,
        dataset.data.array - images[mappers[0]].array - images[mappers[1]].array,
        atol=1e-12,
    )
    weights = inversion.regularization_weights_mapper_dict
    assert set(weights) == set(mappers)
    assert np.asarray(inversion.regularization_weights_from(index=1)).tolist() == [0.0, 0.0]


def test_an_inversion_without_regularization_has_no_evidence_terms(xp):
    dataset = problems.dataset_from()
    sheet = Sheet(dataset.mask.pixels_in_mask, xp=xp)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[sheet], xp=xp)
    assert inversion.regularization_term == 0.0
    assert inversion.log_det_regularization_matrix_term == 0.0
    assert inversion.log_det_curvature_reg_matrix_term == 0.0
    assert float(inversion.reconstruction[0]) > 0.0


def test_brightest_pixels(backend):
    inversion = inversion_from(backend)
    s = np.asarray(inversion.reconstruction)
    assert inversion.max_pixel_list_from(total_pixels=3) == [np.argsort(s)[::-1][:3].tolist()]
    peaks = inversion.max_pixel_list_from(total_pixels=64, filter_neighbors=True)[0]
    neighbors = inversion.linear_obj_list[0].neighbors
    assert peaks[0] == s.argmax()
    for peak in peaks:
        around = neighbors.array[peak][: neighbors.sizes[peak]]
        assert (s[peak] >= s[around]).all()
    centre = inversion.max_pixel_centre()
    np.testing.assert_array_equal(
        centre.array[0], np.asarray(inversion.linear_obj_list[0].source_plane_mesh_grid.array)[s.argmax()]
    )
    with pytest.raises(aa.exc.InversionException, match="mapper_index: expected 0 to 0, found 1"):
        inversion.max_pixel_centre(mapper_index=1)


def test_a_warm_start_is_not_needed_for_equal_results():
    first, second = inversion_from(), inversion_from()
    assert (first.reconstruction == second.reconstruction).all()
    assert first.regularization_term == second.regularization_term


def test_bad_input():
    dataset = problems.dataset_from()
    mapper = problems.fit_from(dataset=dataset).inversion.linear_obj_list[0]
    with pytest.raises(aa.exc.InversionException, match="expected at least one linear object, found none"):
        aa.Inversion(dataset=dataset, linear_obj_list=[])
    smaller = problems.dataset_from(radius=0.5)
    with pytest.raises(
        aa.exc.InversionException,
        match=rf"expected a mapper on the {smaller.mask.pixels_in_mask} unmasked pixels of the data, found one on "
        rf"{dataset.mask.pixels_in_mask}",
    ):
        aa.Inversion(dataset=smaller, linear_obj_list=[mapper])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"log_det_method": "lu"}, r"log_det_method: expected one of \('cholesky', 'slogdet'\), found 'lu'"),
        ({"nnls_solver_tol": 0.0}, r"nnls_solver_tol: expected a positive number, found 0\.0"),
        ({"nnls_max_iter": 0}, "nnls_max_iter: expected a whole number of at least 1, found 0"),
    ],
)
def test_bad_settings(arguments, message):
    with pytest.raises(ValueError, match=message):
        aa.Settings(**arguments)


def test_settings_store_what_they_took():
    settings = aa.Settings()
    assert (settings.use_positive_only_solver, settings.use_edge_zeroed_pixels, settings.use_border_relocator) == (
        True,
        True,
        False,
    )
    assert settings.log_det_method == "cholesky"
    assert repr(settings) == "Settings()"
