"""Unit conversions and noise estimates."""

import numpy as np
import pytest

from autoarray import exc
from autoarray.dataset import preprocess
from autoarray.structures.arrays.uniform_2d import Array2D


def _array(values):
    return Array2D.no_mask(values=np.array(values), pixel_scales=1.0)


IMAGE = _array([[1.0, 4.0], [-2.0, 16.0]])
TIMES = _array([[1.0, 2.0], [2.0, 1.0]])
NOISE = _array([[1.0, 0.5], [0.2, 0.1]])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (preprocess.array_eps_to_counts(IMAGE, TIMES), [1.0, 8.0, -4.0, 16.0]),
        (preprocess.array_counts_to_eps(IMAGE, TIMES), [1.0, 2.0, -1.0, 16.0]),
        (preprocess.array_eps_to_adus(IMAGE, TIMES, 2.0), [0.5, 4.0, -2.0, 8.0]),
        (preprocess.array_adus_to_eps(IMAGE, TIMES, 2.0), [2.0, 4.0, -2.0, 32.0]),
        (preprocess.array_counts_to_counts_per_second(IMAGE, 2.0), [0.5, 2.0, -1.0, 8.0]),
        # The rest from PyAutoArray 2026.10.26.1.
        (
            preprocess.noise_map_via_data_eps_and_exposure_time_map_from(IMAGE, TIMES),
            [1.0, 1.4142135623730951, 1.0, 4.0],
        ),
        (
            preprocess.noise_map_via_data_eps_exposure_time_map_and_background_noise_map_from(IMAGE, TIMES, NOISE),
            [1.4142135623730951, 1.5, 1.019803902718557, 4.001249804748511],
        ),
        (
            preprocess.noise_map_via_data_eps_exposure_time_map_and_background_variances_from(IMAGE, TIMES, NOISE),
            [1.4142135623730951, 1.5, 1.0488088481701516, 4.012480529547776],
        ),
        (preprocess.noise_map_via_weight_map_from(_array([[1.0, 4.0], [0.0, 16.0]])), [1.0, 0.5, 1e8, 0.25]),
        (preprocess.noise_map_via_inverse_noise_map_from(_array([[1.0, 4.0], [2.0, 16.0]])), [1.0, 0.25, 0.5, 0.0625]),
        (
            preprocess.exposure_time_map_via_exposure_time_and_background_noise_map_from(100.0, NOISE),
            [10.0, 20.0, 50.0, 100.0],
        ),
        (preprocess.noise_map_with_signal_to_noise_limit_from(IMAGE, NOISE, 3.0), [1.0, 4.0 / 3.0, 0.2, 16.0 / 3.0]),
        (
            preprocess.noise_map_with_signal_to_noise_limit_from(
                IMAGE, NOISE, 3.0, noise_limit_mask=np.array([[True, False], [False, True]])
            ),
            [1.0, 4.0 / 3.0, 0.2, 0.1],
        ),
    ],
)
def test_conversions_and_estimates(values, expected):
    assert isinstance(values, Array2D)
    np.testing.assert_allclose(values.array, expected, rtol=1e-14)


def test_edges_are_rings_of_the_outermost_pixels():
    image = _array(np.arange(30.0).reshape(5, 6))
    first = [0, 1, 2, 3, 4, 5, 24, 25, 26, 27, 28, 29, 11, 17, 23, 6, 12, 18]
    np.testing.assert_array_equal(preprocess.edges_from(image, 1), first)
    np.testing.assert_array_equal(preprocess.edges_from(image, 2), [*first, 7, 8, 9, 10, 19, 20, 21, 22, 16, 13])
    assert preprocess.background_sky_level_via_edges_from(image, 1) == 14.5
    noise_map = preprocess.background_noise_map_via_edges_from(image, 1)
    np.testing.assert_allclose(noise_map.native.array, np.full((5, 6), np.std(first)))


def test_resizing_keeps_the_centre():
    larger = preprocess.array_with_new_shape(_array(np.ones((3, 3))), (5, 5))
    np.testing.assert_array_equal(larger.native.array, np.pad(np.ones((3, 3)), 1))


def test_noise_is_drawn_from_its_seed():
    image = _array(np.full((4, 5), 3.0))
    drawn = preprocess.data_eps_with_poisson_noise_added(image, 10.0, seed=5)
    expected = np.random.RandomState(5).poisson(np.full(20, 30.0)) / 10.0
    np.testing.assert_allclose(drawn.array, expected, rtol=1e-14)
    noise = preprocess.poisson_noise_via_data_eps_from(image, 10.0, seed=5)
    np.testing.assert_allclose(noise.array, expected - 3.0, atol=1e-14)
    gaussian = preprocess.gaussian_noise_via_shape_and_sigma_from((3, 4), 2.0, seed=5)
    np.testing.assert_array_equal(gaussian, np.random.RandomState(5).normal(0.0, 2.0, (3, 4)))
    np.testing.assert_allclose(preprocess.data_with_gaussian_noise_added(np.ones((3, 4)), 2.0, seed=5), 1.0 + gaussian)
    uniform = preprocess.array_with_random_uniform_values_added(image, upper_limit=0.1, seed=5)
    assert np.all((uniform.array >= 3.0) & (uniform.array < 3.1))
    assert len(np.unique(uniform.array)) == 20
    with pytest.raises(exc.DatasetException, match=r"a lowest of -30.0"):
        preprocess.poisson_noise_via_data_eps_from(-3.0 * np.ones(4), 10.0)


def test_jax_draws_have_the_same_statistics():
    jnp = pytest.importorskip("jax.numpy")
    counts = preprocess.data_eps_with_poisson_noise_added(jnp.full((100, 100), 3.0), 10.0, seed=5, xp=jnp)
    assert float(counts.mean()) == pytest.approx(3.0, abs=0.03)
    assert float(counts.std()) == pytest.approx(np.sqrt(0.3), rel=0.03)
    again = preprocess.data_eps_with_poisson_noise_added(jnp.full((100, 100), 3.0), 10.0, seed=5, xp=jnp)
    np.testing.assert_array_equal(counts, again)
    noise = preprocess.gaussian_noise_via_shape_and_sigma_from((100, 100), 2.0, seed=-1, xp=jnp)
    assert float(noise.std()) == pytest.approx(2.0, rel=0.05)


# ------------------------------------------------------------------ kernels, complex data, seeds


@pytest.mark.parametrize(
    ("shape", "factor", "expected"),
    [
        ((6, 6), 0.5, (3, 3)),
        ((9, 12), 1.0 / 3.0, (3, 5)),
        ((2, 4), 2.0, (5, 9)),
        ((40, 40), 0.1, (5, 5)),
        ((3, 3), 1.0, (3, 3)),
    ],
)
def test_a_kernel_on_an_odd_number_of_pixels(shape, factor, expected):
    kernel = preprocess.kernel_with_odd_dimensions_from(np.ones(shape), factor)
    np.testing.assert_allclose(kernel, np.full(expected, 1.0 / np.prod(expected)), rtol=1e-12)


def test_a_kernel_is_interpolated_like_by_scikit_image():
    # The first values that PyAutoArray 2026.10.26.1 gives for these kernels, by scikit-image 0.26.
    rng = np.random.default_rng(0)
    cases = {
        ((6, 4), 0.5): [0.13754078848077705, 0.126208002494986, 0.08736705881303954],
        ((6, 9), 0.5): [0.059749873746703874, 0.08278350487881841, 0.09199651921897994],
        ((5, 5), 0.5): [0.07989313922783663, 0.1118139144512075, 0.10646338485750924],
        ((2, 2), 2.0): [0.04215368951818938, 0.049986725768505505, 0.040222935114422514],
        ((5, 5), 1.7): [0.0163055671158914, 0.013174956680686613, 0.004812650438415131],
    }
    for (shape, factor), expected in cases.items():
        kernel = preprocess.kernel_with_odd_dimensions_from(rng.random(shape), factor)
        np.testing.assert_allclose(kernel.ravel()[:3], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("kernel", "factor", "message"),
    [
        (np.ones(3), 0.5, r"kernel: expected an array of shape \(y, x\), found shape \(3,\)"),
        (np.ones((3, 3)), 0.0, r"rescale_factor: expected a finite number above 0, found 0.0"),
        (np.ones((3, 3)), 0.1, r"rescale_factor: expected one that leaves a pixel of a kernel of shape \(3, 3\)"),
        (np.zeros((3, 3)), 1.0, r"kernel: expected values whose sum is not 0"),
    ],
)
def test_what_no_kernel_can_become_is_refused(kernel, factor, message):
    with pytest.raises(exc.KernelException, match=message):
        preprocess.kernel_with_odd_dimensions_from(kernel, factor)


def test_complex_data_gets_noise_in_both_parts():
    noisy = preprocess.data_with_complex_gaussian_noise_added(np.array([1.0 + 2.0j, 3.0j]), 0.5, seed=3)
    # PyAutoArray 2026.10.26.1 draws the same.
    np.testing.assert_allclose(noisy, [1.89431424 + 2.21825493j, 0.04824873 + 2.06825365j], rtol=1e-7)


def test_a_seed_of_numpy():
    state = np.random.get_state()  # noqa: NPY002
    try:
        preprocess.setup_random_seed(1)
        assert np.random.rand() == 0.417022004702574  # noqa: NPY002
        preprocess.setup_random_seed(-1)
        assert np.random.rand() != 0.417022004702574  # noqa: NPY002
    finally:
        np.random.set_state(state)  # noqa: NPY002
    with pytest.raises(exc.DatasetException, match="seed: expected"):
        preprocess.setup_random_seed(-2)
