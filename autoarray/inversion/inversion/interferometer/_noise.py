"""The noise of real and imaginary parts: whether it is the same, and what to do where it is not."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, complex_from, numbers_from
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._warnings import warn
from autoarray.abstract_ndarray import unwrap

# How far the two may differ, relative to the imaginary one, and count as the same (as in PyAutoArray 2026.10.26.1).
SAME = 1e-5


def noise_parts_from(noise_map: ArrayLike, name: str = "noise_map") -> tuple[np.ndarray, np.ndarray]:
    """The standard deviations of the real and of the imaginary parts, from complex numbers or pairs.

    Raises
    ------
    exc.DatasetException
        If one is not a positive finite number.
    """
    values = np.asarray(numbers_from(unwrap(noise_map), name, exc.DatasetException, real=False))
    pair = values.ndim == 2 and values.shape[1] == 2
    parts = (values[:, 0], values[:, 1]) if pair else (np.real(values), np.imag(values))
    for part, kind in zip(parts, ("real", "imaginary"), strict=True):
        if part.size and not (part.min() > 0.0 and part.max() < np.inf):  # neither holds where one is NaN
            wrong = ~(np.isfinite(part) & (part > 0.0))
            first = int(np.flatnonzero(wrong)[0])
            raise exc.DatasetException(
                f"{name}: expected positive finite standard deviations of real and imaginary parts, found "
                f"{part[first]} for the {kind} part of visibility {first} ({np.count_nonzero(wrong)} such)"
            )
    return parts


def noise_map_real_imag_asymmetry_from(noise_map: ArrayLike) -> tuple[float, float]:
    """The median and the greatest relative difference of the noise of imaginary and real parts, over the latter's."""
    of_real, of_imaginary = noise_parts_from(noise_map)
    fraction = np.abs(of_real - of_imaginary) / np.abs(of_imaginary)
    return float(np.median(fraction)), float(fraction.max())


def check_noise_map_real_imag_equal(noise_map: ArrayLike) -> None:
    """Refuse a noise map whose real and imaginary parts differ by more than 1e-5 of themselves.

    Nothing in this package needs them to be the same: an operator has a second kernel where they are not. Codes that
    read `nufft_precision_operator` alone do.

    Raises
    ------
    exc.DatasetException
        If they differ.
    """
    of_real, of_imaginary = noise_parts_from(noise_map)
    if not np.allclose(of_real, of_imaginary, rtol=SAME, atol=0.0):
        _, greatest = noise_map_real_imag_asymmetry_from(noise_map)
        raise exc.DatasetException(
            "noise_map: expected the same standard deviations of the real and the imaginary parts, found ones that "
            f"differ by up to {greatest:.3g} of themselves; pool them with pool_noise_map=True"
        )


def noise_map_pooled_from(noise_map: ArrayLike) -> np.ndarray:
    """A noise map with sqrt((sigma_r^2 + sigma_i^2) / 2) in place of both, of shape (visibilities,)."""
    of_real, of_imaginary = noise_parts_from(noise_map)
    pooled = np.sqrt((of_real**2 + of_imaginary**2) / 2.0)
    return pooled + 1j * pooled


def warn_of_pooling(noise_map: Any) -> bool:
    """Say how much pooling changes noise whose parts differ by more than a scatter of estimates; whether they do."""
    median, greatest = noise_map_real_imag_asymmetry_from(noise_map)
    if median > 0.1:
        warn(
            f"pool_noise_map: the noise of real and imaginary parts differs by {median:.2g} of itself in the median, "
            f"and by up to {greatest:.2g}; pooling changes the fit, and is not needed: an operator takes both",
            exc.DatasetWarning,
        )
    return median > 0.1


def weighted_from(visibilities: Any, weights: tuple[Array, Array], xp: Namespace = np) -> Any:
    """Visibilities of shape (n,), each part times its weight: N^-1 d, of the weights that `weights_from` gives."""
    of_real, of_imaginary = weights
    if of_real is of_imaginary:
        return visibilities * as_array(of_real, xp)
    real, imaginary = (as_array(part, xp) for part in weights)
    return complex_from(visibilities.real * real, visibilities.imag * imaginary, xp)


def weights_from(noise_map: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The inverse variances of the real and of the imaginary parts; one array for both where they are the same."""
    of_real, of_imaginary = noise_parts_from(noise_map)
    weights = np.reciprocal(np.square(of_real, dtype=float))
    if np.array_equal(of_real, of_imaginary):
        return weights, weights
    return weights, np.reciprocal(np.square(of_imaginary, dtype=float))
