"""The light of a lens galaxy is found and taken away, and the lensed source is left."""

import numpy as np
import pytest

import autoarray as aa
from serialization._cli.demo.lens import Lens
from serialization._cli.demo.lens_light import Sersic, subtract_lens_light

LENS = Lens(einstein_radius=1.0)
GALAXY = Sersic(centre=(0.03, -0.02), ellipticity=(0.05, 0.1), effective_radius=0.5, index=2.0)
SIDE, SCALE, NOISE = 61, 0.08, 0.02


@pytest.fixture(scope="module")
def images():
    """The whole image, and the ring that is in it besides the galaxy and the noise."""
    grid = aa.Grid2D.uniform(shape_native=(SIDE, SIDE), pixel_scales=SCALE, over_sample_size=5)
    positions = np.asarray(grid.over_sampled.array)
    galaxy = 2.0 * GALAXY.brightness_from(positions[:, 0], positions[:, 1])
    ring = np.exp(-0.5 * (LENS.source_plane_grid_from(positions) ** 2).sum(axis=1) / 0.05**2)
    psf = aa.Convolver.from_gaussian(shape_native=(9, 9), sigma=0.1, pixel_scales=SCALE, normalize=True)
    simulator = aa.SimulatorImaging(
        exposure_time=1.0, psf=psf, add_poisson_noise_to_data=False, include_poisson_noise_in_noise_map=False
    )
    blurred = [
        simulator.via_image_from(image=grid.over_sampler.binned_array_2d_from(array=light)).data.native.array
        for light in (galaxy, ring)
    ]
    noise = NOISE * np.random.default_rng(0).standard_normal(blurred[0].shape)
    dataset = aa.Imaging(
        data=aa.Array2D.no_mask(values=sum(blurred) + noise, pixel_scales=SCALE),
        noise_map=aa.Array2D.full(fill_value=NOISE, shape_native=blurred[0].shape, pixel_scales=SCALE),
        psf=psf,
    )
    return dataset, blurred[1]


def test_the_galaxy_is_recovered(images):
    _, sersic = subtract_lens_light(images[0], LENS, mask_radius=2.4)

    np.testing.assert_allclose(sersic.centre, GALAXY.centre, atol=0.005)
    np.testing.assert_allclose(sersic.ellipticity, GALAXY.ellipticity, atol=0.01)
    assert sersic.effective_radius == pytest.approx(GALAXY.effective_radius, rel=0.03)
    assert sersic.index == pytest.approx(GALAXY.index, rel=0.05)


def test_the_ring_is_left_and_the_image_given_is_not_changed(images):
    dataset, ring = images
    before = dataset.data.native.array.copy()
    without, _ = subtract_lens_light(dataset, LENS, mask_radius=2.4)
    residuals = (without.data.native.array - ring)[5:-5, 5:-5] / NOISE

    assert (residuals**2).mean() < 1.2
    np.testing.assert_array_equal(dataset.data.native.array, before)
    np.testing.assert_array_equal(without.noise_map.native.array, dataset.noise_map.native.array)


@pytest.mark.parametrize(("ellipticity", "axis_ratio", "degrees"), [((0.0, 0.2), 2 / 3, 45), ((-0.1, 0), 9 / 11, 90)])
def test_ellipticity_as_axis_ratio_and_angle(ellipticity, axis_ratio, degrees):
    sersic = Sersic((0.0, 0.0), ellipticity, 1.0, 4.0)

    assert sersic.axis_ratio == pytest.approx(axis_ratio)
    assert np.degrees(sersic.angle) == pytest.approx(degrees)


def test_the_effective_radius_holds_half_of_the_light():
    sersic = Sersic((0.0, 0.0), (0.0, 0.0), 1.0, 3.0)
    radius = np.linspace(1e-6, 200.0, 2_000_001)
    light = np.cumsum(sersic.brightness_from(radius, 0.0 * radius) * radius)

    assert light[np.searchsorted(radius, 1.0)] / light[-1] == pytest.approx(0.5, abs=1e-3)
