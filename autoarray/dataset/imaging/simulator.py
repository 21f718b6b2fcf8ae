"""Simulate an image as a telescope would see it."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array
from autoarray._display import line
from autoarray._typing import Namespace
from autoarray._validation import check_instance, check_number, whole_from
from autoarray.dataset import preprocess
from autoarray.dataset.imaging.dataset import Imaging
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D


class SimulatorImaging(Backend):
    """A telescope and an exposure, which make an `Imaging` dataset of a model image.

    The image is blurred by the PSF, with no light from beyond its edges; the sky is added; each
    pixel's counts are drawn from a Poisson distribution whose mean are its expected counts; the noise
    map is the square root of the (drawn) counts, sky included; and the sky is subtracted. A pixel
    without any counts has a noise of zero, which `Imaging.apply_mask` refuses: give a sky.

    Parameters
    ----------
    exposure_time
        In seconds; images are in electrons per second.
    background_sky_level
        The sky in electrons per second and pixel.
    subtract_background_sky
        Whether the sky is subtracted from the data at last.
    psf
        The PSF, or None for an image that is not blurred (the PSF of the simulator and of the dataset is then a
        3 x 3 kernel that leaves images as they are).
    use_real_space_convolution
        Whether to convolve without Fourier transforms. Both add zeros around the image, so neither wraps it.
    normalize_psf
        Whether the PSF is divided by its sum.
    add_poisson_noise_to_data
        Whether the data have noise.
    include_poisson_noise_in_noise_map
        Whether the noise map is that of the drawn counts. If not, it is constant.
    noise_if_add_noise_false
        The constant.
    noise_seed
        The seed of the draw; -1 for another one each time.
    use_jax
        Whether `via_image_from` computes, and draws, with JAX. Its random numbers differ from NumPy's.

    Raises
    ------
    exc.DatasetException
        If the exposure time is not positive, or the constant noise is not, the sky is not finite, or the seed not a
        whole number of at least -1.
    """

    def __init__(
        self,
        exposure_time: float,
        background_sky_level: float = 0.0,
        subtract_background_sky: bool = True,
        psf: Convolver | None = None,
        use_real_space_convolution: bool = True,
        normalize_psf: bool = True,
        add_poisson_noise_to_data: bool = True,
        include_poisson_noise_in_noise_map: bool = True,
        noise_if_add_noise_false: float = 0.1,
        noise_seed: int = -1,
        use_jax: bool = False,
    ) -> None:
        for name, value in (("exposure_time", exposure_time), ("noise_if_add_noise_false", noise_if_add_noise_false)):
            check_number(value, name, "a positive number", error=exc.DatasetException, above=0.0)
        check_number(background_sky_level, "background_sky_level", error=exc.DatasetException)
        check_instance(psf, Convolver, "psf", "a Convolver or None", exc.DatasetException, optional=True)
        noise_seed = whole_from(noise_seed, "noise_seed", -1, exc.DatasetException)
        self.exposure_time = exposure_time
        self.background_sky_level = background_sky_level
        self.subtract_background_sky = subtract_background_sky
        # Under the name of the property, which shows a kernel where there is none.
        self.__dict__["psf"] = psf.normalized if psf is not None and normalize_psf else psf
        self.use_real_space_convolution = use_real_space_convolution
        self.normalize_psf = normalize_psf
        self.add_poisson_noise_to_data = add_poisson_noise_to_data
        self.include_poisson_noise_in_noise_map = include_poisson_noise_in_noise_map
        self.noise_if_add_noise_false = noise_if_add_noise_false
        self.noise_seed = noise_seed
        xp: Namespace = np
        if use_jax:
            import jax.numpy as xp
        self._set_backend(xp)

    @property
    def psf(self) -> Convolver:
        """The PSF; without one, a 3 x 3 kernel of pixels of 1.0 arc-seconds that leaves images as they are."""
        return self.__dict__["psf"] or Convolver.no_blur(pixel_scales=1.0)

    def via_image_from(
        self,
        image: Array2D,
        over_sample_size: int | Array2D | None = None,
        image_is_convolved: bool = False,
        xp: Namespace | None = None,
    ) -> Imaging:
        """Simulate the dataset of an image in electrons per second.

        Parameters
        ----------
        image
            The image before it is blurred. If it is masked, the dataset has its mask.
        over_sample_size
            The sub sizes `over_sample_size_lp` of the dataset.
        image_is_convolved
            Whether the image is blurred already.
        xp
            The array library; by default that of the simulator.

        Raises
        ------
        exc.DatasetException
            If the expected counts of a pixel are negative.
        """
        check_instance(image, Array2D, "image", "an Array2D", exc.DatasetException)
        xp = self._xp if xp is None else xp
        own: Convolver | None = self.__dict__["psf"]
        psf = own or Convolver.no_blur(pixel_scales=image.mask.pixel_scales)
        blurred = image
        if own is not None and not image_is_convolved:
            blurred = self._convolve(psf, image, xp)
        expected = as_array(blurred.slim.array, xp) + self.background_sky_level

        drawn = expected
        if self.add_poisson_noise_to_data or self.include_poisson_noise_in_noise_map:
            drawn = preprocess.data_eps_with_poisson_noise_added(
                data_eps=expected, exposure_time_map=self.exposure_time, seed=self.noise_seed, xp=xp
            )
        data = drawn if self.add_poisson_noise_to_data else expected
        if self.include_poisson_noise_in_noise_map:
            noise_map = preprocess.noise_map_via_data_eps_and_exposure_time_map_from(drawn, self.exposure_time, xp=xp)
        else:
            noise_map = xp.full(data.shape, self.noise_if_add_noise_false, dtype=data.dtype)
        if self.subtract_background_sky:
            data = data - self.background_sky_level

        dataset = Imaging(
            data=Array2D(values=data, mask=image.mask, xp=xp),
            noise_map=Array2D(values=noise_map, mask=image.mask, xp=xp),
            psf=psf,
            use_normalized_psf=self.normalize_psf,
            check_noise_map=False,
        )
        if over_sample_size is not None:
            dataset = dataset.apply_over_sampling(over_sample_size_lp=over_sample_size)
        if xp is not np:
            # The dataset is what a jitted call of this method returns.
            from autoarray import _pytree

            _pytree.register(Imaging)
        return dataset

    def _convolve(self, psf: Convolver, image: Array2D, xp: Namespace) -> Array2D:
        if not self.use_real_space_convolution:
            psf = psf._with(_use_fft=True)
        elif xp is not np:
            return psf.convolved_image_via_real_space_from(image=image, blurring_image=None, xp=xp)
        return psf.convolved_image_from(image=image, blurring_image=None, xp=xp)

    def _repr_parts(self) -> list[str]:
        return line.parts_of_fields(self, changed_only=True)
