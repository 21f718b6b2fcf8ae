"""Unit conversions, noise estimates and random noise for images.

Images and maps are `Array2D` objects, plain arrays or numbers; the result is of the image's kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._typing import Array, ArrayLike, Namespace, Scalar
from autoarray.abstract_ndarray import AbstractNDArray

if TYPE_CHECKING:
    from autoarray.structures.arrays.uniform_2d import Array2D


def _plain(values: ArrayLike) -> Any:
    return getattr(values, "array", values)


def _like(image: ArrayLike, values: Array) -> Any:
    """Values as the kind of array that `image` is."""
    return image.with_new_array(values) if isinstance(image, AbstractNDArray) else values


def array_with_new_shape(array: Array2D, new_shape: tuple[int, int]) -> Any:
    """An `Array2D` that is trimmed, or padded with zeros, around its centre to another shape."""
    return array.resized_from(new_shape=new_shape)


def array_eps_to_counts(array_eps: ArrayLike, exposure_time_map: ArrayLike) -> Any:
    """Counts from electrons per second and the exposure time in seconds."""
    return _like(array_eps, _plain(array_eps) * _plain(exposure_time_map))


def array_counts_to_eps(array_counts: ArrayLike, exposure_time_map: ArrayLike) -> Any:
    """Electrons per second from counts and the exposure time in seconds."""
    return _like(array_counts, _plain(array_counts) / _plain(exposure_time_map))


def array_eps_to_adus(array_eps: ArrayLike, exposure_time_map: ArrayLike, gain: Scalar) -> Any:
    """Analogue-to-digital units from electrons per second, exposure time in seconds, and electrons per unit."""
    return _like(array_eps, _plain(array_eps) * _plain(exposure_time_map) / gain)


def array_adus_to_eps(array_adus: ArrayLike, exposure_time_map: ArrayLike, gain: Scalar) -> Any:
    """Electrons per second from analogue-to-digital units, exposure time in seconds, and electrons per unit."""
    return _like(array_adus, _plain(array_adus) * gain / _plain(exposure_time_map))


def array_counts_to_counts_per_second(array_counts: ArrayLike, exposure_time: Scalar) -> Any:
    """Counts per second from counts and the exposure time in seconds."""
    return _like(array_counts, _plain(array_counts) / exposure_time)


def array_with_random_uniform_values_added(array: ArrayLike, upper_limit: float = 0.001, seed: int = -1) -> Any:
    """An array plus values that are drawn uniformly between zero and a limit."""
    values = _plain(array)
    return _like(array, values + upper_limit * _random_from(seed).random_sample(np.shape(values)))


def noise_map_via_data_eps_and_exposure_time_map_from(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, xp: Namespace = np
) -> Any:
    """The Poisson noise of an image in electrons per second."""
    data, times = as_array(_plain(data_eps), xp), as_array(_plain(exposure_time_map), xp)
    return _like(data_eps, xp.abs(data * times) ** 0.5 / times)


def noise_map_via_weight_map_from(weight_map: ArrayLike) -> Any:
    """The noise 1 / sqrt(weight), as of MultiDrizzle; at most 1e8, which is the noise of a weight of zero."""
    weights = np.asarray(_plain(weight_map), dtype=float)
    with np.errstate(divide="ignore"):
        return _like(weight_map, np.minimum(1.0 / np.sqrt(weights), 1.0e8))


def noise_map_via_inverse_noise_map_from(inverse_noise_map: ArrayLike) -> Any:
    """The noise 1 / inverse noise."""
    return _like(inverse_noise_map, 1.0 / np.asarray(_plain(inverse_noise_map), dtype=float))


def noise_map_via_data_eps_exposure_time_map_and_background_noise_map_from(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, background_noise_map: ArrayLike
) -> Any:
    """The noise of a background-subtracted image: its Poisson noise and that of the background, in quadrature."""
    data, times = np.asarray(_plain(data_eps)), np.asarray(_plain(exposure_time_map))
    return _like(data_eps, np.sqrt(np.abs(data) / times + np.asarray(_plain(background_noise_map)) ** 2.0))


def noise_map_via_data_eps_exposure_time_map_and_background_variances_from(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, background_variances: ArrayLike
) -> Any:
    """The same, from the variances of the background's counts in one second of exposure."""
    data, times = np.asarray(_plain(data_eps)), np.asarray(_plain(exposure_time_map))
    return _like(data_eps, np.sqrt((np.abs(data) + np.asarray(_plain(background_variances))) / times))


def edges_from(image: Array2D, no_edges: int) -> np.ndarray:
    """The values of the outermost pixels of an `Array2D`, a number of rings of them, in one dimension.

    Each ring is the top row, the bottom row, and the rest of the left and of the right column.
    """
    native = np.asarray(image.native.array)
    rings: list[np.ndarray] = []
    for ring in range(no_edges):
        inner = native[ring : native.shape[0] - ring, ring : native.shape[1] - ring]
        rings += [inner[0], inner[-1], inner[1:-1, -1], inner[1:-1, 0]]
    return np.concatenate(rings)


def background_sky_level_via_edges_from(image: Array2D, no_edges: int) -> float:
    """The median of the outermost pixels."""
    return float(np.median(edges_from(image, no_edges)))


def background_noise_map_via_edges_from(image: Array2D, no_edges: int) -> Any:
    """The standard deviation of the outermost pixels, as the noise of each pixel."""
    sigma = float(np.std(edges_from(image, no_edges)))
    return image.with_new_array(np.full(image.shape, sigma))


def exposure_time_map_via_exposure_time_and_background_noise_map_from(
    exposure_time: float, background_noise_map: ArrayLike
) -> Any:
    """The exposure time of each pixel, if that alone makes the background noise vary.

    The pixel of the lowest noise has the whole exposure time, the others a fraction that falls with their noise.
    """
    noise = np.asarray(_plain(background_noise_map))
    return _like(background_noise_map, exposure_time * np.min(noise) / noise)


def _random_from(seed: int) -> np.random.RandomState:
    """A stream of random numbers of its own; -1 is a new one at each call.

    The legacy generator, whose streams are fixed for good: a seed gives the same image in every release of NumPy.
    """
    return np.random.RandomState(None if seed == -1 else seed)


def _jax_key_from(seed: int) -> Any:
    import jax

    return jax.random.PRNGKey(int(np.random.SeedSequence().generate_state(1)[0]) if seed == -1 else seed)


def poisson_noise_via_data_eps_from(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, seed: int = -1, xp: Namespace = np
) -> Any:
    """One draw of the Poisson noise of an image in electrons per second: drawn counts less expected, per second.

    Raises
    ------
    exc.DatasetException
        If the expected counts of a pixel are negative or NaN.
    """
    data, times = as_array(_plain(data_eps), xp), as_array(_plain(exposure_time_map), xp)
    expected = data * times
    if xp is np:
        if not np.all(expected >= 0.0):
            raise exc.DatasetException(
                f"data_eps: expected at least zero counts in each pixel to draw Poisson noise from, found a lowest of "
                f"{np.min(expected)}; add a background sky"
            )
        counts = cast("np.ndarray", _random_from(seed).poisson(expected))
    else:
        import jax

        drawn: Any = jax.random.poisson(_jax_key_from(seed), expected)
        counts = drawn.astype(expected.dtype)
    return _like(data_eps, counts / times - data)


def data_eps_with_poisson_noise_added(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, seed: int = -1, xp: Namespace = np
) -> Any:
    """An image in electrons per second with one draw of its Poisson noise."""
    noise = poisson_noise_via_data_eps_from(data_eps, exposure_time_map, seed=seed, xp=xp)
    return _like(data_eps, as_array(_plain(data_eps), xp) + _plain(noise))


def gaussian_noise_via_shape_and_sigma_from(
    shape: tuple[int, ...], sigma: float, seed: int = -1, xp: Namespace = np
) -> Any:
    """One draw of Gaussian noise of zero mean."""
    if xp is np:
        return _random_from(seed).normal(0.0, sigma, shape)
    import jax

    return sigma * jax.random.normal(_jax_key_from(seed), shape)


def data_with_gaussian_noise_added(data: ArrayLike, sigma: float, seed: int = -1, xp: Namespace = np) -> Any:
    """Data with one draw of Gaussian noise."""
    values = as_array(_plain(data), xp)
    return _like(data, values + gaussian_noise_via_shape_and_sigma_from(values.shape, sigma, seed=seed, xp=xp))


def noise_map_with_signal_to_noise_limit_from(
    data: Array2D, noise_map: ArrayLike, signal_to_noise_limit: float, noise_limit_mask: ArrayLike | None = None
) -> Any:
    """The noise map, raised where the data would exceed a signal-to-noise.

    Parameters
    ----------
    noise_limit_mask
        Native, True in pixels whose noise is left as it is.
    """
    values, noise = np.asarray(_plain(data)), np.asarray(_plain(noise_map))
    raised = np.where(values / noise > signal_to_noise_limit, np.abs(values) / signal_to_noise_limit, noise)
    if noise_limit_mask is not None:
        limit_mask = np.asarray(_plain(noise_limit_mask), dtype=bool)
        if limit_mask.shape != values.shape:
            limit_mask = limit_mask[~np.asarray(data.mask.array)]
        raised = np.where(limit_mask, noise, raised)
    return _like(noise_map, raised)
