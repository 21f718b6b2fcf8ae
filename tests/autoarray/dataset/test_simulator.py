"""Simulated images: their noise, its definition, and its seed."""

import numpy as np
import pytest
from scipy.signal import convolve2d

from autoarray import exc
from autoarray.dataset.imaging.simulator import SimulatorImaging
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D

KERNEL = np.random.default_rng(1).random((3, 5))


@pytest.fixture
def image():
    return Array2D.no_mask(values=np.random.default_rng(2).random((15, 16)) * 5.0, pixel_scales=0.1)


@pytest.fixture
def psf():
    return Convolver(kernel=Array2D.no_mask(values=KERNEL.copy(), pixel_scales=0.1))


def _blurred(image, kernel):
    return convolve2d(np.asarray(image.native.array), kernel, mode="same")


@pytest.mark.parametrize("real_space", [True, False])
def test_counts_are_drawn_with_the_sky_which_is_then_subtracted(image, psf, real_space):
    simulator = SimulatorImaging(
        exposure_time=100.0, background_sky_level=0.3, psf=psf, noise_seed=3, use_real_space_convolution=real_space
    )
    dataset = simulator.via_image_from(image)
    expected = _blurred(image, KERNEL / KERNEL.sum()) + 0.3
    drawn = np.random.RandomState(3).poisson(expected * 100.0) / 100.0
    np.testing.assert_allclose(dataset.data.native.array, drawn - 0.3, atol=1e-13)
    np.testing.assert_allclose(dataset.noise_map.native.array, np.sqrt(drawn * 100.0) / 100.0, rtol=1e-13)
    np.testing.assert_allclose(dataset.psf.kernel.native.array, KERNEL / KERNEL.sum())
    with_sky = SimulatorImaging(
        exposure_time=100.0, background_sky_level=0.3, psf=psf, noise_seed=3, subtract_background_sky=False
    )
    np.testing.assert_allclose(with_sky.via_image_from(image).data.native.array, drawn, atol=1e-13)
    assert psf.kernel.array.sum() == KERNEL.sum()


def test_noise_is_optional_in_the_data_and_in_the_noise_map(image):
    exact = SimulatorImaging(exposure_time=100.0, add_poisson_noise_to_data=False, noise_seed=1).via_image_from(image)
    np.testing.assert_array_equal(exact.data.array, image.array)
    assert np.any(exact.noise_map.array != np.sqrt(image.array * 100.0) / 100.0)  # that of drawn counts
    flat = SimulatorImaging(exposure_time=100.0, include_poisson_noise_in_noise_map=False).via_image_from(image)
    np.testing.assert_array_equal(flat.noise_map.array, 0.1)
    assert np.any(flat.data.array != image.array)


def test_noise_is_unbiased_and_has_the_variance_of_its_counts():
    image = Array2D.no_mask(values=np.full((100, 100), 4.0), pixel_scales=0.1)
    dataset = SimulatorImaging(exposure_time=50.0, noise_seed=5).via_image_from(image)
    sigma = np.sqrt(4.0 / 50.0)
    assert dataset.data.array.mean() == pytest.approx(4.0, abs=4 * sigma / 100.0)
    assert dataset.data.array.std() == pytest.approx(sigma, rel=0.03)


def test_seed(image):
    def drawn(seed):
        return SimulatorImaging(exposure_time=10.0, noise_seed=seed).via_image_from(image).data.array

    state = np.random.get_state()[1].copy()  # noqa: NPY002
    np.testing.assert_array_equal(drawn(4), drawn(4))
    assert np.any(drawn(4) != drawn(5))
    assert np.any(drawn(-1) != drawn(-1))
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


def test_psf_can_be_left_out_or_unnormalized(image, psf):
    without = SimulatorImaging(exposure_time=10.0, add_poisson_noise_to_data=False).via_image_from(image)
    np.testing.assert_array_equal(without.data.array, image.array)
    np.testing.assert_array_equal(without.psf.kernel.array, [0, 0, 0, 0, 1, 0, 0, 0, 0])
    raw = SimulatorImaging(exposure_time=10.0, psf=psf, normalize_psf=False, add_poisson_noise_to_data=False)
    dataset = raw.via_image_from(image)
    np.testing.assert_allclose(dataset.data.native.array, _blurred(image, KERNEL), rtol=1e-13)
    np.testing.assert_array_equal(dataset.psf.kernel.native.array, KERNEL)
    ready = SimulatorImaging(exposure_time=10.0, psf=psf, add_poisson_noise_to_data=False)
    np.testing.assert_array_equal(ready.via_image_from(image, image_is_convolved=True).data.array, image.array)


def test_mask_and_sub_sizes_are_those_that_are_given(image):
    mask = Mask2D.circular(shape_native=(15, 16), radius=0.4, pixel_scales=0.1)
    masked = Array2D(values=image.native.array, mask=mask)
    dataset = SimulatorImaging(exposure_time=10.0, noise_seed=1).via_image_from(masked, over_sample_size=2)
    assert dataset.mask is mask
    np.testing.assert_array_equal(dataset.over_sample_size_lp.array, 2)
    np.testing.assert_array_equal(dataset.over_sample_size_pixelization.array, 4)


def test_images_and_exposures_without_counts_are_refused(image):
    with pytest.raises(exc.DatasetException, match=r"at least zero counts .* a lowest of -"):
        SimulatorImaging(exposure_time=10.0).via_image_from(image - 3.0)
    with pytest.raises(exc.DatasetException, match=r"exposure_time: expected a positive number, found 0.0"):
        SimulatorImaging(exposure_time=0.0)
    dark = Array2D.no_mask(values=np.zeros((15, 16)), pixel_scales=0.1)
    dataset = SimulatorImaging(exposure_time=10.0).via_image_from(dark)
    with pytest.raises(exc.DatasetException, match="noise_map: expected positive values"):
        dataset.apply_mask(Mask2D.all_false(shape_native=(15, 16), pixel_scales=0.1))


def test_jax_simulates_the_same_expected_image(image, psf):
    jax = pytest.importorskip("jax")
    import jax.numpy as jnp

    kwargs = {"exposure_time": 100.0, "background_sky_level": 0.3, "psf": psf, "noise_seed": 3}
    exact = SimulatorImaging(**kwargs, add_poisson_noise_to_data=False)
    on_jax = SimulatorImaging(**kwargs, add_poisson_noise_to_data=False, use_jax=True)
    assert on_jax.use_jax
    np.testing.assert_allclose(
        on_jax.via_image_from(image).data.array, exact.via_image_from(image).data.array, rtol=0, atol=1e-12
    )
    noisy = SimulatorImaging(**kwargs, use_jax=True).via_image_from(image)
    assert isinstance(noisy.data.array, jax.Array)
    counts = (np.asarray(noisy.data.array) + 0.3) * 100.0
    np.testing.assert_allclose(counts, np.round(counts), atol=1e-9)

    def simulate(values):
        return SimulatorImaging(**kwargs, use_jax=True).via_image_from(Array2D(values, mask=image.mask, xp=jnp))

    jitted = jax.jit(simulate)(jnp.asarray(image.array))
    np.testing.assert_allclose(jitted.data.array, noisy.data.array, atol=1e-12)
    assert jitted.mask is not None
