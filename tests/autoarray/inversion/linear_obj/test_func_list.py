"""Analytic functions next to mappers: the whole inversion, on both backends."""

import pickle

import linear_objects
import numpy as np
import pytest
from linear_objects import CASES, fit_from, functions_from, inversion_from, mapper_from, reference

import autoarray as aa

TERMS = ("chi_squared", "noise_normalization", "log_likelihood", "log_likelihood_with_regularization", "log_evidence")
VALUES = (
    "data_vector",
    "reconstruction",
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
    "mapped_reconstructed_operated_data",
    "reconstruction_noise_map",
)


def plain(value):
    return np.asarray(getattr(value, "array", value))


def deviation(found, expected):
    """The greatest difference relative to the greatest of the expected values; NaN is where NaN is expected."""
    found, expected = plain(found), plain(expected)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    return np.nanmax(np.abs(found - expected)) / np.nanmax(np.abs(expected))


# Compiling takes its time: in JAX mode the cases that differ in more than their settings.
ON_JAX = ("functions_mapper_mapper", "mapper_functions_mapper_signed")


@pytest.mark.parametrize(
    ("name", "backend"), [*((name, "numpy") for name in CASES), *((name, "jax") for name in ON_JAX)]
)
def test_every_term_equals_the_peers(name, backend):
    arrays, _ = reference()
    expected = {key.removeprefix(f"out/{name}/"): arrays[key] for key in arrays if key.startswith(f"out/{name}/")}
    found, images = values_of(name, backend)
    for key in (*VALUES, *TERMS):
        assert deviation(found[key], expected[key]) < 1e-8, key
    assert deviation(found["curvature_matrix_probed"], expected["curvature_matrix_probed"]) < 1e-10
    largest = max(np.abs(expected[f"image_{i}"]).max() for i in range(len(images)))
    for i, image in enumerate(images):
        np.testing.assert_allclose(image, expected[f"image_{i}"], rtol=1e-7, atol=1e-8 * largest)


def values_of(name, backend):
    def computed(centre):
        fit = fit_from(name, backend, centre=centre)
        inversion = fit.inversion
        found = {key: getattr(inversion, key) for key in VALUES} | {key: getattr(fit, key) for key in TERMS}
        found["curvature_matrix_probed"] = inversion.curvature_matrix @ np.cos(1.3 * np.arange(inversion.total_params))
        images = [image.array for image in inversion.mapped_reconstructed_data_dict.values()]
        return {key: getattr(value, "array", value) for key, value in found.items()}, images

    centre = (0.013, -0.021)
    if backend == "numpy":
        return computed(centre)
    return pytest.importorskip("jax").jit(computed)(centre)


def test_functions_after_a_mapper_whose_edge_is_fixed_to_zero():
    # PyAutoArray takes the parameters of mappers to be the last ones, and fixes the wrong ones to zero here.
    before = aa.Inversion(dataset=linear_objects.dataset(), linear_obj_list=[functions_from(), mapper_from(1)])
    after = aa.Inversion(dataset=linear_objects.dataset(), linear_obj_list=[mapper_from(1), functions_from()])
    np.testing.assert_array_equal(after.solve_ids_to_keep[:16], before.solve_ids_to_keep[3:] - 3)
    np.testing.assert_array_equal(after.solve_ids_to_keep[16:], [36, 37, 38])
    np.testing.assert_allclose(after.reconstruction[:36], before.reconstruction[3:], atol=1e-9)
    assert after.regularization_term == pytest.approx(before.regularization_term, rel=1e-9)


def test_the_evidence_integrates_over_the_regularized_parameters():
    inversion = inversion_from("mapper_functions_mapper")
    assert inversion.no_regularization_index_list == [25, 26, 27]
    regularized = np.r_[0:25, 28:64]
    matrix, prior = inversion.curvature_reg_matrix, inversion.regularization_matrix
    np.testing.assert_array_equal(inversion.curvature_reg_matrix_reduced, matrix[np.ix_(regularized, regularized)])
    np.testing.assert_array_equal(inversion.regularization_matrix_reduced, prior[np.ix_(regularized, regularized)])
    np.testing.assert_array_equal(inversion.reconstruction_reduced, inversion.reconstruction[regularized])
    log_det = np.linalg.slogdet(inversion.curvature_reg_matrix_reduced)[1]
    assert inversion.log_det_curvature_reg_matrix_term == pytest.approx(log_det, rel=1e-12)
    added = np.diag(inversion.curvature_matrix) - (
        inversion.operated_mapping_matrix**2 / plain(inversion.noise_map)[:, None] ** 2
    ).sum(axis=0)
    np.testing.assert_allclose(added, np.where(np.isin(np.arange(64), [25, 26, 27]), 1e-3, 0.0), atol=1e-10)


def test_functions_alone(backend, xp):
    functions = functions_from(backend=backend)
    settings = aa.Settings(use_positive_only_solver=False)
    inversion = aa.Inversion(dataset=linear_objects.dataset(), linear_obj_list=[functions], settings=settings, xp=xp)
    design = np.asarray(functions.operated_mapping_matrix_override) / plain(inversion.noise_map)[:, None]
    system = design.T @ design + 1e-3 * np.eye(3)
    expected = np.linalg.solve(system, design.T @ (plain(inversion.data) / plain(inversion.noise_map)))
    np.testing.assert_allclose(inversion.reconstruction, expected, rtol=1e-9)
    assert inversion.regularization_term == inversion.log_det_curvature_reg_matrix_term == 0.0
    assert inversion.log_det_regularization_matrix_term == 0.0
    assert inversion.mapper_indices.size == 0


def test_dictionaries_of_matrices():
    inversion = inversion_from("functions_mapper")
    functions, mapper = inversion.linear_obj_list
    assert list(inversion.linear_func_mapping_matrix_dict) == [functions]
    np.testing.assert_array_equal(inversion.linear_func_mapping_matrix_dict[functions], functions.mapping_matrix)
    convolved = inversion.linear_func_operated_mapping_matrix_dict[functions]
    np.testing.assert_array_equal(convolved, functions.operated_mapping_matrix_override)
    (found,) = inversion.mapper_operated_mapping_matrix_dict.items()
    assert found[0] is mapper
    np.testing.assert_array_equal(found[1], inversion.operated_mapping_matrix[:, 3:])
    weighted = convolved / plain(inversion.noise_map)[:, None] ** 2
    expected = inversion.psf.convolved_mapping_matrix_from(mapping_matrix=weighted, mask=inversion.mask)
    np.testing.assert_allclose(inversion.data_linear_func_matrix_dict[functions], expected, rtol=1e-12)
    assert set(inversion.reconstruction_dict) == {functions, mapper}
    np.testing.assert_array_equal(inversion.regularization_weights_from(0), np.zeros(3))
    assert list(inversion.regularization_weights_mapper_dict) == [mapper]


def test_neighbors_are_those_before_and_after_in_the_list():
    functions = functions_from()
    np.testing.assert_array_equal(functions.neighbors.array, [[1, -1], [0, 2], [1, -1]])
    np.testing.assert_array_equal(functions.neighbors.sizes, [1, 2, 1])
    # PyAutoArray 2026.10.26.1: `aa.reg.Constant(1.0)` on a list of three functions.
    functions.regularization = aa.reg.Constant(coefficient=1.0)
    expected = np.array([[1.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 1.0]]) + 1e-8 * np.eye(3)
    np.testing.assert_allclose(functions.regularization_matrix, expected, rtol=1e-14)


def test_unique_mappings_of_functions():
    unique = functions_from().unique_mappings
    pixels = linear_objects.dataset().mask.pixels_in_mask
    np.testing.assert_array_equal(unique.data_to_pix_unique, np.tile([0, -1, -1, -1], (pixels, 1)))
    np.testing.assert_array_equal(unique.data_weights, np.tile([1.0, 0.0, 0.0, 0.0], (pixels, 1)))
    np.testing.assert_array_equal(unique.pix_lengths, np.ones(pixels))


def test_what_functions_have_not():
    with pytest.raises(NotImplementedError, match="GaussianList has no pixel signals"):
        functions_from().pixel_signals_from(signal_scale=1.0)
    bare = aa.AbstractLinearObjFuncList(grid=linear_objects.dataset().grids.lp, regularization=None)
    with pytest.raises(NotImplementedError, match="does not say how many parameters"):
        bare.params  # noqa: B018
    with pytest.raises(NotImplementedError, match="no mapping matrix"):
        bare.mapping_matrix  # noqa: B018


def test_functions_without_override_need_a_psf_at_the_resolution_of_the_data():
    dataset = linear_objects.dataset()
    fine = aa.Convolver(
        kernel=aa.Array2D.no_mask(values=np.ones((5, 5)) / 25.0, pixel_scales=0.05), convolve_over_sample_size=2
    )
    dataset = aa.Imaging(
        data=dataset.data,
        noise_map=dataset.noise_map,
        psf=fine,
        over_sample_size_lp=2,
        over_sample_size_pixelization=2,
    )
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[functions_from("g"), mapper_from(1)])
    with pytest.raises(aa.exc.InversionException, match=r"GaussianList: expected an operated_mapping_matrix_override"):
        inversion.data_vector  # noqa: B018


def test_gradient_of_the_evidence_with_respect_to_a_profile():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy

    def evidence(parameters):
        functions = {"centre": (parameters[0], -0.021), "axis_ratio": parameters[1]}
        return fit_from("functions_mapper_mapper", "jax", **functions).log_evidence

    at = jnp.array([0.013, 0.8])
    value, gradient = jax.jit(jax.value_and_grad(evidence))(at)
    arrays, _ = reference()
    assert float(value) == pytest.approx(float(arrays["out/functions_mapper_mapper/log_evidence"]), rel=1e-9)

    def on_numpy(centre, axis_ratio):
        return fit_from("functions_mapper_mapper", centre=(centre, -0.021), axis_ratio=axis_ratio).log_evidence

    step = 1e-5
    expected = [
        (on_numpy(0.013 + step, 0.8) - on_numpy(0.013 - step, 0.8)) / (2 * step),
        (on_numpy(0.013, 0.8 + step) - on_numpy(0.013, 0.8 - step)) / (2 * step),
    ]
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-6)


def test_a_fit_with_functions_is_pickled(backend):
    fit = fit_from("functions_mapper", backend)
    evidence = float(fit.log_evidence)
    restored = pickle.loads(pickle.dumps(fit))
    functions, mapper = restored.inversion.linear_obj_list
    assert float(restored.log_evidence) - evidence == 0.0
    assert functions.use_jax == mapper.use_jax == (backend == "jax")
    assert functions.grid.mask is mapper.mask
    np.testing.assert_array_equal(functions.neighbors.sizes, [1, 2, 1])
    np.testing.assert_allclose(
        restored.inversion.curvature_matrix, fit.inversion.curvature_matrix, rtol=1e-12, atol=1e-9
    )


def test_functions_on_another_backend_are_refused():
    pytest.importorskip("jax")
    with pytest.raises(aa.exc.InversionException, match=r"linear_obj_list\[0\]: expected xp=numpy"):
        aa.Inversion(dataset=linear_objects.dataset(), linear_obj_list=[functions_from(backend="jax"), mapper_from(1)])
