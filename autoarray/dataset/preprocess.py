"""Unit conversions, noise estimates and random noise for images.

Images and maps are `Array2D` objects, plain arrays or numbers; the result is of the image's kind.
"""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, complex_from, numbers_from
from autoarray._typing import Array, ArrayLike, Namespace, Scalar
from autoarray._validation import check_number, check_object, whole_from
from autoarray.abstract_ndarray import AbstractNDArray, unwrap
from autoarray.dataset._kernels import kernel_rescaled_from

if TYPE_CHECKING:
    from autoarray.structures.arrays.uniform_2d import Array2D


def _plain(values: ArrayLike) -> Any:
    """The array of an image or a map, or the number that it is; an error for what holds no real numbers."""
    plain = unwrap(values)
    array = numbers_from(plain, "values", exc.DatasetException)
    return plain if isinstance(plain, numbers.Number) else array


def _map_of(image: ArrayLike, values: ArrayLike) -> Any:
    """The array of a map for each pixel of an image, or the number for all of them."""
    plain, shape = _plain(values), np.shape(_plain(image))
    if np.ndim(plain) and shape and np.shape(plain) != shape:
        raise exc.DatasetException(f"map: expected a number or the shape {shape} of the image, found {np.shape(plain)}")
    return plain


def _like(image: ArrayLike, values: Array) -> Any:
    """Values as the kind of array that `image` is."""
    return image.with_new_array(values) if isinstance(image, AbstractNDArray) else values


def array_with_new_shape(array: Array2D, new_shape: tuple[int, int]) -> Any:
    """An `Array2D` that is trimmed, or padded with zeros, around its centre to another shape."""
    return array.resized_from(new_shape=new_shape)


def array_eps_to_counts(array_eps: ArrayLike, exposure_time_map: ArrayLike) -> Any:
    """Counts from electrons per second and the exposure time in seconds."""
    return _like(array_eps, _plain(array_eps) * _map_of(array_eps, exposure_time_map))


def array_counts_to_eps(array_counts: ArrayLike, exposure_time_map: ArrayLike) -> Any:
    """Electrons per second from counts and the exposure time in seconds."""
    return _like(array_counts, _plain(array_counts) / _map_of(array_counts, exposure_time_map))


def array_eps_to_adus(array_eps: ArrayLike, exposure_time_map: ArrayLike, gain: Scalar) -> Any:
    """Analogue-to-digital units from electrons per second, exposure time in seconds, and electrons per unit."""
    return _like(array_eps, _plain(array_eps) * _map_of(array_eps, exposure_time_map) / gain)


def array_adus_to_eps(array_adus: ArrayLike, exposure_time_map: ArrayLike, gain: Scalar) -> Any:
    """Electrons per second from analogue-to-digital units, exposure time in seconds, and electrons per unit."""
    return _like(array_adus, _plain(array_adus) * gain / _map_of(array_adus, exposure_time_map))


def array_counts_to_counts_per_second(array_counts: ArrayLike, exposure_time: Scalar) -> Any:
    """Counts per second from counts and the exposure time in seconds."""
    return _like(array_counts, _plain(array_counts) / exposure_time)


def array_with_random_uniform_values_added(array: ArrayLike, upper_limit: float = 0.001, seed: int = -1) -> Any:
    """An array plus values that are drawn uniformly between zero and a limit."""
    check_number(upper_limit, "upper_limit", error=exc.DatasetException)
    values = _plain(array)
    return _like(array, values + upper_limit * _random_from(seed).random_sample(np.shape(values)))


def noise_map_via_data_eps_and_exposure_time_map_from(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, xp: Namespace = np
) -> Any:
    """The Poisson noise of an image in electrons per second."""
    data, times = as_array(_plain(data_eps), xp), as_array(_map_of(data_eps, exposure_time_map), xp)
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
    data, times = np.asarray(_plain(data_eps)), np.asarray(_map_of(data_eps, exposure_time_map))
    return _like(data_eps, np.sqrt(np.abs(data) / times + np.asarray(_map_of(data_eps, background_noise_map)) ** 2.0))


def noise_map_via_data_eps_exposure_time_map_and_background_variances_from(
    data_eps: ArrayLike, exposure_time_map: ArrayLike, background_variances: ArrayLike
) -> Any:
    """The same, from the variances of the background's counts in one second of exposure."""
    data, times = np.asarray(_plain(data_eps)), np.asarray(_map_of(data_eps, exposure_time_map))
    return _like(data_eps, np.sqrt((np.abs(data) + np.asarray(_map_of(data_eps, background_variances))) / times))


def edges_from(image: Array2D, no_edges: int) -> np.ndarray:
    """The values of the outermost pixels of an `Array2D`, a number of rings of them, in one dimension.

    Each ring is the top row, the bottom row, and the rest of the left and of the right column.
    """
    check_object(image, "native", "image", "an Array2D", exc.DatasetException)
    no_edges = whole_from(no_edges, "no_edges", 1, exc.DatasetException)
    native = np.asarray(image.native.array)
    if 2 * no_edges > min(native.shape):
        raise exc.DatasetException(
            f"no_edges: expected at most {min(native.shape) // 2} rings of an image of shape {native.shape}, found "
            f"{no_edges}"
        )
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
    seed = _seed_from(seed)
    return np.random.RandomState(None if seed == -1 else seed)


def _seed_from(seed: int) -> int:
    check_number(seed, "seed", "a whole number from -1 to 2**32 - 1", error=exc.DatasetException, most=2**32 - 1)
    return whole_from(seed, "seed", -1, exc.DatasetException)


def _jax_key_from(seed: int) -> Any:
    import jax

    seed = _seed_from(seed)
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
    data, times = as_array(_plain(data_eps), xp), as_array(_map_of(data_eps, exposure_time_map), xp)
    expected = data * times
    if xp is np:
        if not np.all(expected >= 0.0):
            raise exc.DatasetException(
                f"data_eps: expected at least zero counts in each pixel to draw Poisson noise from, found a lowest of "
                f"{np.min(expected)}; add a background sky"
            )
        if not np.all(expected < 9.2e18):
            raise exc.DatasetException(
                f"data_eps: expected at most 9.2e18 counts in each pixel, which int64 holds, found {np.max(expected)}"
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
    check_number(sigma, "sigma", "a finite number of at least 0", error=exc.DatasetException, least=0.0)
    if xp is np:
        return _random_from(seed).normal(0.0, sigma, shape)
    import jax

    return sigma * jax.random.normal(_jax_key_from(seed), shape)


def data_with_gaussian_noise_added(data: ArrayLike, sigma: float, seed: int = -1, xp: Namespace = np) -> Any:
    """Data with one draw of Gaussian noise."""
    values = as_array(_plain(data), xp)
    return _like(data, values + gaussian_noise_via_shape_and_sigma_from(values.shape, sigma, seed=seed, xp=xp))


def setup_random_seed(seed: int) -> None:
    """Seed the random numbers of NumPy that every script of a process draws from; -1 is a new seed at each call.

    The functions of this module draw from streams of their own, which this does not change.
    """
    seed = _seed_from(seed)
    np.random.seed(None if seed == -1 else seed)  # noqa: NPY002  # it is the global generator that is meant


def kernel_with_odd_dimensions_from(kernel: ArrayLike, rescale_factor: float, normalize: bool = True) -> np.ndarray:
    """A kernel on more or fewer pixels, an odd number of them along each axis.

    The values are interpolated linearly, once to the rescaled number of pixels, rounded, and once more to one pixel
    more along axes of which that is even. Outside of the kernel they are zero.

    Parameters
    ----------
    kernel
        The kernel, of shape (y, x).
    rescale_factor
        How many pixels along an axis there are for one of the kernel.
    normalize
        Whether the result is divided by its sum.

    Raises
    ------
    exc.KernelException
        If the kernel is not 2D, the factor is not positive, or leaves no pixel, or the sum is 0.
    """
    values = np.asarray(numbers_from(unwrap(kernel), "kernel", exc.KernelException), dtype=float)
    return kernel_rescaled_from(values, rescale_factor, normalize)


def noise_map_with_signal_to_noise_limit_from(
    data: Array2D, noise_map: ArrayLike, signal_to_noise_limit: float, noise_limit_mask: ArrayLike | None = None
) -> Any:
    """The noise map, raised where the data would exceed a signal-to-noise.

    Parameters
    ----------
    noise_limit_mask
        Native, True in pixels whose noise is left as it is.
    """
    check_number(
        signal_to_noise_limit, "signal_to_noise_limit", "a positive number", error=exc.DatasetException, above=0.0
    )
    values, noise = np.asarray(_plain(data)), np.asarray(_map_of(data, noise_map))
    raised = np.where(values / noise > signal_to_noise_limit, np.abs(values) / signal_to_noise_limit, noise)
    if noise_limit_mask is not None:
        limit_mask = np.asarray(_plain(noise_limit_mask), dtype=bool)
        if limit_mask.shape != values.shape:
            limit_mask = limit_mask[~np.asarray(data.mask.array)]
        raised = np.where(limit_mask, noise, raised)
    return _like(noise_map, raised)


def data_with_complex_gaussian_noise_added(data: ArrayLike, sigma: float, seed: int = -1, xp: Namespace = np) -> Any:
    """Visibilities with noise of a standard deviation added to the real and to the imaginary part of each.

    Parameters
    ----------
    data
        Complex numbers of shape (visibilities,), as `Visibilities` or an array.
    sigma
        The standard deviation of either part.
    seed
        The seed of the draw; -1 for another one each time.
    """
    values = as_array(unwrap(data), xp)
    drawn = gaussian_noise_via_shape_and_sigma_from(shape=(values.shape[0], 2), sigma=sigma, seed=seed, xp=xp)
    return _like(data, values + complex_from(drawn[:, 0], drawn[:, 1], xp))


def visibilities_noise_map_with_signal_to_noise_limit_from(
    data: ArrayLike, noise_map: ArrayLike, signal_to_noise_limit: float
) -> Any:
    """A noise map of visibilities that is raised where the signal-to-noise of a part is above a limit.

    Real and imaginary parts are treated each by itself.

    Parameters
    ----------
    data, noise_map
        `Visibilities` and `VisibilitiesNoiseMap`, or complex arrays, of shape (visibilities,).
    signal_to_noise_limit
        The greatest ratio of the absolute value of a part and its noise.
    """
    check_number(
        signal_to_noise_limit, "signal_to_noise_limit", "a positive number", error=exc.DatasetException, above=0.0
    )
    values, noise = np.asarray(unwrap(data)), np.asarray(unwrap(noise_map))
    if values.shape != noise.shape:
        raise exc.DatasetException(f"noise_map: expected the shape {values.shape} of the data, found {noise.shape}")
    raised = [
        np.maximum(sigma, np.abs(part) / signal_to_noise_limit)
        for part, sigma in ((np.real(values), np.real(noise)), (np.imag(values), np.imag(noise)))
    ]
    return _like(noise_map, raised[0] + 1j * raised[1])
