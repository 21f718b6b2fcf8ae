"""Fits of visibilities: their maps, numbers and images, and what crosses processes."""

import pickle

import jax.numpy as jnp
import numpy as np
import pytest
from interferometer_problem import dataset_of, mapper_of, phases_of

import autoarray as aa
from autoarray.fit.fit_interferometer import dirty_model_image_natural_from


def fit_of(xp=np, mesh="rectangular", dataset=None, **arguments):
    dataset = dataset_of(**arguments) if dataset is None else dataset
    inversion = aa.Inversion(dataset, [mapper_of(dataset, xp, mesh)], xp=xp)
    return aa.FitInterferometer(dataset, xp=xp, inversion=inversion)


def test_maps_treat_real_and_imaginary_parts_each_by_itself():
    fit = fit_of()
    data, noise, model = fit.data.array, fit.noise_map.array, fit.model_data.array
    residuals = data - model
    normalized = residuals.real / noise.real + 1j * residuals.imag / noise.imag
    np.testing.assert_array_equal(fit.residual_map.array, residuals)
    np.testing.assert_allclose(fit.normalized_residual_map.array, normalized)
    np.testing.assert_allclose(fit.chi_squared_map.array, normalized.real**2 + 1j * normalized.imag**2)
    assert fit.chi_squared == pytest.approx((normalized.real**2 + normalized.imag**2).sum())
    assert fit.inversion.fast_chi_squared == pytest.approx(fit.chi_squared, rel=1e-10)
    normalization = np.log(2.0 * np.pi * np.concatenate((noise.real, noise.imag)) ** 2).sum()
    assert fit.noise_normalization == pytest.approx(normalization)
    assert fit.log_likelihood == pytest.approx(-0.5 * (fit.chi_squared + normalization))
    np.testing.assert_array_equal(fit.mask, np.zeros(120, dtype=bool))
    assert fit.figure_of_merit == fit.log_evidence


def test_the_reduced_chi_squared_counts_both_parts():
    """PyAutoArray 2026.10.26.1 divides by the number of visibilities, and finds 2 for a good fit."""
    fit = fit_of()
    assert fit.reduced_chi_squared == pytest.approx(fit.chi_squared / 240.0)
    stream = aa.Interferometer.from_stream(
        [(fit.dataset.uv_wavelengths, fit.data, fit.noise_map)], fit.dataset.real_space_mask
    )
    assert fit_of(dataset=stream).reduced_chi_squared == pytest.approx(fit.reduced_chi_squared, rel=1e-10)


def test_dirty_images_are_the_adjoints_of_maps():
    fit = fit_of()
    phases = phases_of(fit.dataset.real_space_mask, fit.dataset.uv_wavelengths)
    for name, values in (
        ("dirty_image", fit.data),
        ("dirty_noise_map", fit.noise_map),
        ("dirty_signal_to_noise_map", fit.signal_to_noise_map),
        ("dirty_model_image", fit.model_data),
        ("dirty_residual_map", fit.residual_map),
        ("dirty_normalized_residual_map", fit.normalized_residual_map),
        ("dirty_chi_squared_map", fit.chi_squared_map),
    ):
        expected = values.array.real @ np.cos(phases) - values.array.imag @ np.sin(phases)
        np.testing.assert_allclose(getattr(fit, name).array, expected, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("with_operator", [False, True])
def test_the_natural_dirty_image_of_a_model(with_operator):
    dataset = dataset_of()
    dataset = dataset.apply_sparse_operator() if with_operator else dataset
    mask = dataset.real_space_mask
    image = aa.Array2D(values=np.linspace(0.0, 1.0, mask.pixels_in_mask), mask=mask)
    visibilities = dataset.transformer.visibilities_from(image).array
    noise = dataset.noise_map.array
    weighted = aa.Visibilities(visibilities.real / noise.real**2 + 1j * visibilities.imag / noise.imag**2)
    expected = dataset.transformer.image_from(weighted).array / (noise.real**-2).sum()
    np.testing.assert_allclose(dirty_model_image_natural_from(dataset, image).array, expected, atol=1e-10)


@pytest.mark.parametrize("mesh", ["rectangular", "delaunay"])
def test_jax_and_numpy_agree(mesh):
    fits = [fit_of(xp, mesh) for xp in (np, jnp)]
    for name in ("log_evidence", "log_likelihood", "chi_squared"):
        assert float(getattr(fits[1], name)) == pytest.approx(float(getattr(fits[0], name)), rel=1e-9)


@pytest.mark.parametrize("kind", ["plain", "operator", "stream"])
@pytest.mark.parametrize("xp", [np, jnp], ids=["numpy", "jax"])
def test_a_fit_crosses_processes_with_its_numbers(kind, xp):
    import serialization

    dataset = dataset_of()
    if kind == "operator":
        dataset = dataset.apply_sparse_operator()
    if kind == "stream":
        chunk = (dataset.uv_wavelengths, dataset.data, dataset.noise_map)
        dataset = aa.Interferometer.from_stream([chunk], dataset.real_space_mask)
    fit = fit_of(xp, dataset=dataset)
    numbers = float(fit.log_evidence), float(fit.log_likelihood)
    for other in (pickle.loads(pickle.dumps(fit)), serialization.loads(serialization.dumps(fit))):
        assert (float(other.log_evidence), float(other.log_likelihood)) == numbers
        np.testing.assert_array_equal(other.inversion.reconstruction, fit.inversion.reconstruction)
        np.testing.assert_allclose(other.inversion.curvature_matrix, fit.inversion.curvature_matrix, rtol=1e-12)


def test_a_fit_without_an_inversion_says_what_it_lacks():
    fit = aa.FitInterferometer(dataset_of())
    assert fit.log_evidence is None
    with pytest.raises(aa.exc.DatasetException, match="expected an inversion, or a subclass"):
        _ = fit.model_data
    with pytest.raises(aa.exc.InversionException, match="expected xp=numpy"):
        aa.FitInterferometer(dataset_of(), inversion=fit_of(jnp).inversion)


def test_a_high_signal_keeps_its_chi_squared():
    """The data term is 1e8 times the chi squared; their difference keeps nine digits."""
    dataset = dataset_of()
    mapper = mapper_of(dataset, coefficient=1e-3)
    image = aa.Array2D(values=mapper.mapping_matrix @ np.linspace(1e4, 2e4, mapper.params), mask=dataset.mask)
    data = dataset.transformer.visibilities_from(image) + dataset.noise_map
    bright = aa.Interferometer(data, dataset.noise_map, dataset.uv_wavelengths, dataset.real_space_mask)
    settings = aa.Settings(use_edge_zeroed_pixels=False)
    fit = aa.FitInterferometer(bright, inversion=aa.Inversion(bright, [mapper], settings=settings))
    assert fit.inversion._measured.data_term > 1e7 * fit.chi_squared
    assert fit.inversion.fast_chi_squared == pytest.approx(fit.chi_squared, rel=1e-9)


def test_figures_have_their_panels(tmp_path):
    pytest.importorskip("matplotlib")
    from autoarray.plot import (
        subplot_fit_interferometer,
        subplot_fit_interferometer_dirty_images,
        subplot_interferometer_dataset,
        subplot_interferometer_dirty_images,
    )

    fit = fit_of()
    chunk = (fit.dataset.uv_wavelengths, fit.data, fit.noise_map)
    stream = aa.Interferometer.from_stream([chunk], fit.dataset.real_space_mask)
    for figure, panels in (
        (subplot_interferometer_dataset(fit.dataset, output_path=tmp_path, title_prefix="ALMA"), 6),
        (subplot_interferometer_dataset(stream), 3),
        (subplot_interferometer_dirty_images(fit.dataset), 3),
        (subplot_interferometer_dirty_images(stream), 3),
        (subplot_fit_interferometer(fit, output_path=tmp_path), 7),
        (subplot_fit_interferometer(fit_of(dataset=stream)), 4),
        (subplot_fit_interferometer_dirty_images(fit), 3),
    ):
        titles = [ax.get_title() for ax in figure.axes if ax.get_title()]
        assert len(titles) == panels, titles
    assert {path.name for path in tmp_path.iterdir()} == {"dataset.png", "fit.png"}
    with pytest.raises(aa.exc.PlottingException, match="expected an inversion, or a model_image"):
        subplot_fit_interferometer_dirty_images(aa.FitInterferometer(stream))
