"""Simulate visibilities as an interferometer would measure them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import Backend
from autoarray._display import line
from autoarray._typing import ArrayLike, Namespace
from autoarray._validation import check_instance, check_number, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.dataset import preprocess
from autoarray.dataset.interferometer.dataset import Interferometer
from autoarray.operators.transformer import TransformerDFT, uv_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.visibilities import Visibilities, VisibilitiesNoiseMap


class SimulatorInterferometer(Backend):
    """Frequencies and noise, which make an `Interferometer` dataset of a model image.

    Parameters
    ----------
    uv_wavelengths
        The frequencies (u, v) of each visibility in wavelengths, of shape (visibilities, 2).
    exposure_time
        In seconds; kept, and not used.
    transformer_class
        What transforms the image; the dataset has it too.
    noise_sigma
        The standard deviation of the noise of the real and of the imaginary parts; None for data without noise.
    noise_if_add_noise_false
        What the noise map is where there is no noise.
    noise_seed
        The seed of the draw; -1 for another one each time.
    use_jax
        Whether `via_image_from` computes, and draws, with JAX. Its random numbers differ from NumPy's.
    primary_beam
        The response of the antennas in each pixel, which the image is multiplied with; the dataset has it too.

    Raises
    ------
    exc.DatasetException
        If the frequencies are not finite numbers of shape (visibilities, 2), the exposure time or the noise are not
        positive, or the seed is not a whole number of at least -1.
    """

    _transformer_name: str

    def __init__(
        self,
        uv_wavelengths: ArrayLike,
        exposure_time: float,
        transformer_class: Callable[..., Any] = TransformerDFT,
        noise_sigma: float | None = 0.1,
        noise_if_add_noise_false: float = 0.1,
        noise_seed: int = -1,
        use_jax: bool = False,
        primary_beam: ArrayLike | None = None,
    ) -> None:
        name, error = "SimulatorInterferometer", exc.DatasetException
        for argument, value in (
            ("exposure_time", exposure_time),
            ("noise_sigma", noise_sigma),
            ("noise_if_add_noise_false", noise_if_add_noise_false),
        ):
            if value is not None:
                check_number(value, f"{name}.{argument}", "a positive number", error=error, above=0.0)
        self.uv_wavelengths = uv_from(uv_wavelengths, f"{name}.uv_wavelengths")
        self.exposure_time = exposure_time
        self._transformer_name = _name_of(transformer_class)
        self.noise_sigma = noise_sigma
        self.noise_if_add_noise_false = noise_if_add_noise_false
        self.noise_seed = whole_from(noise_seed, f"{name}.noise_seed", -1, error)
        self.primary_beam = None if primary_beam is None else unwrap(primary_beam)
        xp: Namespace = np
        if use_jax:
            import jax.numpy as xp
        self._set_backend(xp)

    @property
    def transformer_class(self) -> Callable[..., Any]:
        """What transforms the image."""
        import importlib

        module, _, name = self._transformer_name.partition(":")
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return found

    def via_image_from(self, image: Array2D, xp: Namespace | None = None) -> Interferometer:
        """Simulate the dataset of an image, whose mask is its real-space mask.

        Parameters
        ----------
        image
            The image, in the units of the visibilities.
        xp
            The array library; by default that of the simulator.
        """
        check_instance(image, Array2D, "image", "an Array2D", exc.DatasetException)
        xp = self._xp if xp is None else xp
        transformer = self.transformer_class(uv_wavelengths=self.uv_wavelengths, real_space_mask=image.mask)
        if self.primary_beam is not None:
            transformer = transformer.with_primary_beam(self.primary_beam)
        visibilities = transformer.visibilities_from(image=image, xp=xp)
        sigma = self.noise_sigma
        if sigma is not None:
            visibilities = preprocess.data_with_complex_gaussian_noise_added(
                data=visibilities, sigma=sigma, seed=self.noise_seed, xp=xp
            )
        noise = self.noise_if_add_noise_false if sigma is None else sigma
        dataset = Interferometer(
            data=Visibilities(visibilities.array),
            noise_map=VisibilitiesNoiseMap.full(noise, len(self.uv_wavelengths)),
            uv_wavelengths=self.uv_wavelengths,
            real_space_mask=image.mask,
            transformer_class=self.transformer_class,
            raise_error_dft_visibilities_limit=False,
            primary_beam=self.primary_beam,
        )
        if xp is not np:
            # The dataset is what a jitted call of this method returns.
            from autoarray import _pytree

            _pytree.register(Interferometer)
        return dataset

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [line.backend(self), f"{len(state['uv_wavelengths']):,} visibilities", f"noise {state['noise_sigma']}"]


def _name_of(transformer_class: Any) -> str:
    """Where a class is, as "module:class": a state holds no class."""
    name = getattr(transformer_class, "__qualname__", None)
    if name is None or "<" in name:
        raise exc.DatasetException(
            "SimulatorInterferometer.transformer_class: expected a class at the top of a module, such as "
            f"TransformerDFT, found {transformer_class!r}"
        )
    return f"{transformer_class.__module__}:{name}"
