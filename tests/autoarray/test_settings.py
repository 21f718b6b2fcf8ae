"""Every setting of an inversion has its effect, on both backends."""

import numpy as np
import problems
import pytest
from light_profiles import GaussianList

import autoarray as aa


def inversion_from(backend, regularization=None, functions=False, shape=(6, 6), **settings):
    xp = problems.xp_from(backend)
    fit = problems.fit_from(backend, "uniform", shape=shape)
    mapper = fit.inversion.linear_obj_list[0]
    objects = [mapper._with(regularization=regularization or aa.reg.Constant())]
    if functions:
        objects = [GaussianList(fit.dataset.grids.pixelization, [0.1, 0.3], xp=xp), *objects]
    return aa.Inversion(dataset=fit.dataset, linear_obj_list=objects, settings=aa.Settings(**settings), xp=xp)


# Well conditioned, so that what its matrix has besides the inverse covariance, 1e-8 of its mean diagonal, stands out.
KERNEL = aa.reg.GaussianKernel(coefficient=1.3, scale=0.15)


def test_the_regularization_term_from_the_factor_of_the_covariance(backend):
    formed, solved = (
        inversion_from(backend, KERNEL, regularization_term_method=method) for method in ("matmul", "cho_solve")
    )
    np.testing.assert_array_equal(formed.reconstruction, solved.reconstruction)
    s = np.asarray(solved.reconstruction)
    covariance = KERNEL.covariance_matrix_from(inversion_from("numpy").linear_obj_list[0])
    matrix = np.asarray(solved.regularization_matrix)
    assert float(formed.regularization_term) == pytest.approx(s @ matrix @ s, rel=1e-11)
    expected = 1.3 * s @ np.linalg.solve(covariance, s)
    assert float(solved.regularization_term) == pytest.approx(expected, rel=1e-11)
    assert 1e-10 < float(formed.regularization_term) / expected - 1.0 < 1e-6


def test_the_determinant_from_the_factor_of_the_covariance(backend):
    formed, from_factor = (inversion_from(backend, KERNEL, log_det_method=m) for m in ("cholesky", "slogdet"))
    covariance = KERNEL.covariance_matrix_from(inversion_from("numpy").linear_obj_list[0])
    expected = 36 * np.log(1.3) - np.linalg.slogdet(covariance)[1]
    assert float(from_factor.log_det_regularization_matrix_term) == pytest.approx(expected, rel=1e-12)
    assert 1e-10 < float(formed.log_det_regularization_matrix_term) / expected - 1.0 < 1e-5


@pytest.mark.parametrize("settings", [{"regularization_term_method": "cho_solve"}, {"log_det_method": "slogdet"}])
def test_a_scheme_without_a_factor_takes_its_matrix(backend, settings):
    plain, other = inversion_from(backend, functions=True), inversion_from(backend, functions=True, **settings)
    for name in ("regularization_term", "log_det_regularization_matrix_term", "log_det_curvature_reg_matrix_term"):
        # The smallest eigenvalue of the neighbor matrix is 1e-8, which its determinant is known to 1e-8 by.
        assert float(getattr(other, name)) == pytest.approx(float(getattr(plain, name)), rel=1e-8)


def test_a_determinant_that_has_no_factor(backend, xp):
    """Of a matrix that is not positive definite."""
    matrix = np.diag(np.r_[-1.0, np.ones(35)])
    given = aa.reg.Constant()
    given.regularization_matrix_from = lambda linear_obj, xp: xp.asarray(matrix)
    slogdet = inversion_from(backend, given, log_det_method="slogdet")
    assert float(slogdet.log_det_regularization_matrix_term) == pytest.approx(0.0, abs=1e-14)
    cholesky = inversion_from(backend, given, log_det_method="cholesky")
    if xp is np:
        with pytest.raises(aa.exc.InversionException, match="expected a positive definite matrix"):
            _ = cholesky.log_det_regularization_matrix_term
    else:
        assert np.isnan(float(cholesky.log_det_regularization_matrix_term))


def test_what_is_added_to_the_diagonal_of_functions(backend):
    matrices = [
        np.asarray(inversion_from(backend, functions=True, **settings).curvature_matrix)
        for settings in ({}, {"no_regularization_add_to_curvature_diag_value": 0.25})
    ]
    added = np.zeros((38, 38))
    added[[0, 1], [0, 1]] = 0.25 - 1e-3
    np.testing.assert_allclose(matrices[1] - matrices[0], added, atol=1e-12 * np.abs(matrices[0]).max())


def test_the_solver_and_the_edge(backend):
    plain = np.asarray(inversion_from(backend, use_positive_only_solver=False).reconstruction)
    positive = np.asarray(inversion_from(backend).reconstruction)
    whole = np.asarray(inversion_from(backend, use_edge_zeroed_pixels=False).reconstruction)
    edge = aa.mesh.RectangularUniform(shape=(6, 6)).zeroed_pixels_from(pixels=36)
    assert plain.min() < 0.0
    assert (positive[edge] == 0.0).all()
    assert positive.min() == 0.0
    assert whole.min() == 0.0
    assert (whole[edge] > 0.0).any()


def test_the_number_of_iterations(backend):
    # The solver guesses the positive mesh pixels well enough for one iteration, but not the functions.
    inversion = inversion_from(backend, functions=True, nnls_max_iter=1, use_edge_zeroed_pixels=False)
    enough = inversion_from(backend, functions=True, nnls_max_iter=100, use_edge_zeroed_pixels=False)
    assert np.isfinite(np.asarray(enough.reconstruction)).all()
    if backend == "jax":
        assert np.isnan(np.asarray(inversion.reconstruction)).all()
    else:
        with pytest.raises(aa.exc.InversionException, match="no solution after 1 iterations"):
            _ = inversion.reconstruction


def test_the_tolerance(backend):
    """A tolerance of one takes every zero for optimal that the first guess has; a small one does not."""
    loose, tight, default = (
        inversion_from(backend, shape=(14, 14), use_edge_zeroed_pixels=False, **settings)
        for settings in ({"nnls_solver_tol": 1.0}, {"nnls_solver_tol": 1e-14}, {})
    )
    np.testing.assert_allclose(tight.reconstruction, default.reconstruction, rtol=1e-9)
    assert not np.allclose(loose.reconstruction, default.reconstruction, rtol=1e-9, atol=0.0)


def test_mixed_precision(backend):
    matrices = [
        np.asarray(inversion_from(backend, use_mixed_precision=mixed).curvature_matrix) for mixed in (False, True)
    ]
    difference = np.abs(matrices[1] - matrices[0]).max() / np.abs(matrices[0]).max()
    assert 1e-10 < difference < 1e-5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"regularization_term_method": "inverse"},
            r"regularization_term_method: expected one of \('matmul', 'cho_solve'\), found 'inverse'",
        ),
        ({"log_det_method": "lu"}, r"log_det_method: expected one of \('cholesky', 'slogdet'\), found 'lu'"),
    ],
)
def test_unknown_methods(arguments, message):
    with pytest.raises(ValueError, match=message):
        aa.Settings(**arguments)
