import numpy as np
import problems
import pytest

import autoarray as aa
from autoarray.fit import fit_util


def test_terms_of_the_log_evidence(backend):
    fit = problems.fit_from(backend)
    data, noise = fit.data.array, fit.noise_map.array
    model = np.asarray(fit.model_data.array)
    chi_squared = (((data - model) / noise) ** 2).sum()
    normalization = np.log(2.0 * np.pi * noise**2).sum()
    inversion = fit.inversion
    assert float(fit.chi_squared) == pytest.approx(chi_squared, rel=1e-12)
    assert float(fit.noise_normalization) == pytest.approx(normalization, rel=1e-12)
    assert float(fit.log_likelihood) == pytest.approx(-0.5 * (chi_squared + normalization), rel=1e-12)
    assert float(fit.log_likelihood_with_regularization) == pytest.approx(
        -0.5 * (chi_squared + float(inversion.regularization_term) + normalization), rel=1e-12
    )
    expected = -0.5 * (
        chi_squared
        + inversion.regularization_term
        + inversion.log_det_curvature_reg_matrix_term
        - inversion.log_det_regularization_matrix_term
        + normalization
    )
    assert float(fit.log_evidence) == pytest.approx(float(expected), rel=1e-12)
    assert fit.figure_of_merit == fit.log_evidence
    assert float(fit.reduced_chi_squared) == pytest.approx(chi_squared / fit.mask.pixels_in_mask, rel=1e-12)


def test_maps(backend):
    fit = problems.fit_from(backend)
    data, noise, model = fit.data.array, fit.noise_map.array, np.asarray(fit.model_data.array)
    for found, expected in (
        (fit.residual_map, data - model),
        (fit.normalized_residual_map, (data - model) / noise),
        (fit.chi_squared_map, ((data - model) / noise) ** 2),
        (fit.signal_to_noise_map, np.clip(data / noise, 0.0, None)),
        (fit.residual_flux_fraction_map, (data - model) / data),
    ):
        np.testing.assert_allclose(found.array, expected, rtol=1e-12, atol=1e-14)
        assert found.mask is fit.dataset.data.mask


def test_a_fit_without_an_inversion_is_that_of_no_light():
    dataset = problems.dataset_from()
    fit = aa.FitImaging(dataset=dataset)
    assert fit.inversion is None
    assert (fit.model_data.array == 0.0).all()
    assert fit.log_evidence is None
    assert fit.log_likelihood_with_regularization is None
    assert fit.figure_of_merit == fit.log_likelihood


class FitWithLight(aa.FitImaging):
    """Adds a constant light to the inversion."""

    @property
    def blurred_image(self):
        return self.dataset.data * 0.0 + 0.25


class FitOwnInversion(aa.FitImaging):
    """Builds its own inversion."""

    @property
    def inversion(self):
        return problems.fit_from(dataset=self.dataset).inversion


class FitOwnModel(aa.FitImaging):
    """Models the data by itself."""

    @property
    def model_data(self):
        return self.dataset.data


def test_subclasses_override_the_parts():
    dataset = problems.dataset_from()
    inversion = problems.fit_from(dataset=dataset).inversion
    fit = FitWithLight(dataset=dataset, inversion=inversion)
    np.testing.assert_allclose(
        fit.model_data.array, inversion.mapped_reconstructed_operated_data.array + 0.25, rtol=1e-14
    )
    assert FitWithLight(dataset=dataset).model_data.array.tolist() == [0.25] * dataset.mask.pixels_in_mask
    own = FitOwnInversion(dataset=dataset)
    assert own.log_evidence == pytest.approx(aa.FitImaging(dataset=dataset, inversion=inversion).log_evidence)
    assert FitOwnModel(dataset=dataset).chi_squared == 0.0


def test_background_sky(xp):
    dataset = problems.dataset_from()
    fit = aa.FitImaging(dataset=dataset, dataset_model=aa.DatasetModel(background_sky_level=0.5), xp=xp)
    np.testing.assert_allclose(fit.data.array, dataset.data.array - 0.5, rtol=1e-14)
    assert aa.FitImaging(dataset=dataset).data is dataset.data


def test_grids_are_shifted_and_turned(xp):
    dataset = problems.dataset_from()
    model = aa.DatasetModel(grid_offset=(0.1, -0.2), grid_rotation_angle=90.0)
    fit = aa.FitImaging(dataset=dataset, dataset_model=model, xp=xp)
    before = dataset.grids.pixelization
    for found, grid in (
        (fit.grids.pixelization, before),
        (fit.grids.pixelization.over_sampled, before.over_sampled),
        (fit.grids.lp, dataset.grids.lp),
        (fit.grids.blurring, dataset.grids.blurring),
    ):
        y, x = (np.asarray(grid.array) - [0.1, -0.2]).T
        found_y, found_x = np.asarray(found.array).T
        np.testing.assert_allclose(np.hypot(found_y, found_x), np.hypot(y, x), rtol=1e-12)
        np.testing.assert_allclose(np.stack((found_y, found_x)), np.stack((x, -y)), atol=1e-12)
        assert found._xp is xp
    assert fit.grids.border_relocator is dataset.grids.border_relocator


def test_noise_covariance():
    dataset = problems.dataset_from()
    covariance = np.diag(dataset.noise_map.array**2)
    with_covariance = aa.Imaging(
        data=dataset.data, noise_map=dataset.noise_map, psf=dataset.psf, noise_covariance_matrix=covariance
    )
    assert aa.FitImaging(dataset=with_covariance).chi_squared == pytest.approx(
        aa.FitImaging(dataset=dataset).chi_squared, rel=1e-10
    )


def test_masked_quantities(xp):
    mask = np.array([[True, False], [False, False]])
    data = xp.asarray(np.array([[np.inf, 2.0], [3.0, 4.0]]))
    model = xp.asarray(np.array([[1.0, 1.0], [1.0, 0.0]]))
    noise = xp.asarray(np.array([[0.0, 2.0], [2.0, 4.0]]))
    residuals = fit_util.residual_map_with_mask_from(data=data, mask=mask, model_data=model, xp=xp)
    assert np.asarray(residuals).tolist() == [[0.0, 1.0], [2.0, 4.0]]
    arguments = {"residual_map": residuals, "noise_map": noise, "mask": mask, "xp": xp}
    normalized = fit_util.normalized_residual_map_with_mask_from(**arguments)
    assert np.asarray(normalized).tolist() == [[0.0, 0.5], [1.0, 1.0]]
    squared = fit_util.chi_squared_map_with_mask_from(**arguments)
    assert float(fit_util.chi_squared_with_mask_from(chi_squared_map=squared, mask=mask, xp=xp)) == 2.25
    found = fit_util.noise_normalization_with_mask_from(noise_map=noise, mask=mask, xp=xp)
    assert float(found) == pytest.approx(np.log(2 * np.pi * np.array([4.0, 4.0, 16.0])).sum())
    fraction = fit_util.residual_flux_fraction_map_with_mask_from(residual_map=residuals, data=data, mask=mask, xp=xp)
    assert np.asarray(fraction).tolist() == [[0.0, 0.5], [2.0 / 3.0, 1.0]]


def test_use_mask_in_fit_with_native_arrays():
    dataset = problems.dataset_from()

    class NativeFit(aa.FitImaging):
        @property
        def data(self):
            return self.dataset.data.native

        @property
        def noise_map(self):
            return self.dataset.noise_map.native

        @property
        def model_data(self):
            return self.dataset.data.native * 0.5

    native = NativeFit(dataset=dataset, use_mask_in_fit=True)
    chi_squared = ((0.5 * dataset.data.array / dataset.noise_map.array) ** 2).sum()
    assert native.chi_squared == pytest.approx(chi_squared, rel=1e-12)
    assert native.noise_normalization == pytest.approx(aa.FitImaging(dataset=dataset).noise_normalization, rel=1e-12)
    assert (native.residual_map.array[dataset.mask.array] == 0.0).all()


def test_jax_equals_numpy():
    pytest.importorskip("jax")
    for mesh in problems.MESHES:
        on_numpy, on_jax = problems.fit_from("numpy", mesh), problems.fit_from("jax", mesh)
        for name in ("chi_squared", "noise_normalization", "log_likelihood", "log_evidence"):
            assert float(getattr(on_jax, name)) == pytest.approx(getattr(on_numpy, name), rel=1e-9), (mesh, name)
        np.testing.assert_allclose(
            on_jax.inversion.reconstruction,
            on_numpy.inversion.reconstruction,
            atol=1e-8 * on_numpy.inversion.reconstruction.max(),
        )
