"""The quantities of a fit, from plain arrays or structures.

The functions `..._with_mask_from` take native arrays and leave out what is masked (True).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autoarray._backend import as_array, complex_from, xp_of
from autoarray._typing import Array, Namespace, Scalar, Values
from autoarray.abstract_ndarray import AbstractNDArray


def to_new_array(func: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of keyword arguments return a structure like its first argument, or an array if that is one."""

    @wraps(func)
    def wrapper(**kwargs: Any) -> Any:
        return _like(func(**kwargs), next(iter(kwargs.values()), None))

    return wrapper


def residual_map_from(*, data: Values, model_data: Values) -> Any:
    """The data minus the model."""
    return data - model_data


def normalized_residual_map_from(*, residual_map: Values, noise_map: Values) -> Any:
    """The residuals in standard deviations."""
    return residual_map / noise_map


def chi_squared_map_from(*, residual_map: Values, noise_map: Values) -> Any:
    """The squared residuals in standard deviations."""
    return (residual_map / noise_map) ** 2.0


def chi_squared_from(*, chi_squared_map: Values, xp: Namespace = np) -> Any:
    """The sum of the chi-squared map."""
    return xp.sum(_plain(chi_squared_map, xp))


def noise_normalization_from(*, noise_map: Values, xp: Namespace = np) -> Any:
    """The sum over the data of ln(2 pi sigma^2)."""
    return xp.sum(xp.log(2.0 * np.pi * _plain(noise_map, xp) ** 2.0))


def normalized_residual_map_complex_from(*, residual_map: Values, noise_map: Values) -> Any:
    """Complex residuals in standard deviations, the real and the imaginary parts each in their own."""
    residuals, noise = _complex_parts(residual_map), _complex_parts(noise_map)
    return _like(_complex(residuals[0] / noise[0], residuals[1] / noise[1]), residual_map)


def chi_squared_map_complex_from(*, residual_map: Values, noise_map: Values) -> Any:
    """The squared residuals in standard deviations, of the real part + i that of the imaginary part."""
    residuals, noise = _complex_parts(residual_map), _complex_parts(noise_map)
    return _like(_complex((residuals[0] / noise[0]) ** 2.0, (residuals[1] / noise[1]) ** 2.0), residual_map)


def chi_squared_complex_from(*, chi_squared_map: Values, xp: Namespace = np) -> Any:
    """The sum of a complex chi-squared map, over real and imaginary parts."""
    values = _plain(chi_squared_map, xp)
    return xp.sum(values.real) + xp.sum(values.imag)


def noise_normalization_complex_from(*, noise_map: Values, xp: Namespace = np) -> Any:
    """The sum of ln(2 pi sigma^2) over the real and the imaginary parts of a noise map sigma_r + i sigma_i."""
    values = _plain(noise_map, xp)
    return sum(xp.sum(xp.log(2.0 * np.pi * part**2.0)) for part in (values.real, values.imag))


def residual_map_with_mask_from(*, data: Values, mask: Values, model_data: Values, xp: Namespace = np) -> Any:
    """The data minus the model; 0 where masked."""
    return _zero_masked(data - model_data, mask, xp)


def normalized_residual_map_with_mask_from(
    *, residual_map: Values, noise_map: Values, mask: Values, xp: Namespace = np
) -> Any:
    """The residuals in standard deviations; 0 where masked."""
    return _ratio(residual_map, noise_map, mask, xp)


def chi_squared_map_with_mask_from(*, residual_map: Values, noise_map: Values, mask: Values, xp: Namespace = np) -> Any:
    """The squared residuals in standard deviations; 0 where masked."""
    return _ratio(residual_map, noise_map, mask, xp) ** 2.0


def chi_squared_with_mask_from(*, chi_squared_map: Values, mask: Values, xp: Namespace = np) -> Any:
    """The sum of the chi-squared map where it is not masked."""
    return xp.sum(_plain(_zero_masked(chi_squared_map, mask, xp), xp))


def chi_squared_with_mask_fast_from(
    *, data: Values, mask: Values, model_data: Values, noise_map: Values, xp: Namespace = np
) -> Any:
    """The sum of the squared residuals in standard deviations where they are not masked, without maps in between."""
    masked = np.asarray(_plain(mask, np), dtype=bool)
    residuals = (_plain(data, xp) - _plain(model_data, xp)) / xp.where(masked, 1.0, _plain(noise_map, xp))
    return xp.sum(xp.where(masked, 0.0, residuals**2.0))


def noise_normalization_with_mask_from(*, noise_map: Values, mask: Values, xp: Namespace = np) -> Any:
    """The sum of ln(2 pi sigma^2) where the data is not masked."""
    masked = np.asarray(_plain(mask, np), dtype=bool)
    # Masked noise may be zero: it is replaced before the logarithm, so that no derivative is infinite.
    noise = xp.where(masked, 1.0, _plain(noise_map, xp))
    return xp.sum(xp.where(masked, 0.0, xp.log(2.0 * np.pi * noise**2.0)))


def chi_squared_with_noise_covariance_from(*, residual_map: Values, noise_covariance_matrix_inv: Array) -> Any:
    """The residuals r as r^T C^-1 r, with the covariance matrix C of the noise."""
    residuals: Any = getattr(residual_map, "array", residual_map)
    return residuals @ (noise_covariance_matrix_inv @ residuals)


def residual_flux_fraction_map_from(*, residual_map: Values, data: Values, xp: Namespace = np) -> Any:
    """The residuals as a fraction of the data; 0 where the data is 0."""
    return _ratio(residual_map, data, _plain(data, np) == 0.0, xp)


def residual_flux_fraction_map_with_mask_from(
    *, residual_map: Values, data: Values, mask: Values, xp: Namespace = np
) -> Any:
    """The residuals as a fraction of the data; 0 where masked."""
    return _ratio(residual_map, data, mask, xp)


def log_likelihood_from(*, chi_squared: Scalar, noise_normalization: Scalar) -> Any:
    """The log likelihood of the data: -(chi squared + noise normalization) / 2."""
    return -0.5 * (chi_squared + noise_normalization)


def log_likelihood_with_regularization_from(
    *, chi_squared: Scalar, regularization_term: Scalar, noise_normalization: Scalar
) -> Any:
    """The log likelihood with the regularization term of an inversion."""
    return -0.5 * (chi_squared + regularization_term + noise_normalization)


def log_evidence_from(
    *,
    chi_squared: Scalar,
    regularization_term: Scalar,
    log_curvature_regularization_term: Scalar,
    log_regularization_term: Scalar,
    noise_normalization: Scalar,
) -> Any:
    """The log Bayesian evidence of an inversion (Suyu et al. 2006, eq. 19; Nightingale & Dye 2015).

    It is -(chi^2 + s^T H s + ln det(F + H) - ln det H + sum ln(2 pi sigma^2)) / 2.
    """
    return -0.5 * (
        chi_squared
        + regularization_term
        + log_curvature_regularization_term
        - log_regularization_term
        + noise_normalization
    )


def _plain(values: Values, xp: Namespace) -> Any:
    return as_array(getattr(values, "array", values), xp)


def _complex(real: Array, imaginary: Array) -> Any:
    return complex_from(real, imaginary, xp_of(real, imaginary))


def _complex_parts(structure: Values) -> tuple[Any, Any]:
    values: Any = getattr(structure, "array", structure)
    return values.real, values.imag


def _like(values: Array, structure: object) -> Any:
    return structure.with_new_array(values) if isinstance(structure, AbstractNDArray) else values


def _zero_masked(structure: Values, mask: Values, xp: Namespace) -> Any:
    masked = np.asarray(_plain(mask, np), dtype=bool)
    return _like(xp.where(masked, 0.0, _plain(structure, xp)), structure)


def _ratio(numerator: Values, denominator: Values, mask: Values, xp: Namespace) -> Any:
    masked = np.asarray(_plain(mask, np), dtype=bool)
    ratio = _plain(numerator, xp) / xp.where(masked, 1.0, _plain(denominator, xp))
    return _like(xp.where(masked, 0.0, ratio), numerator)
