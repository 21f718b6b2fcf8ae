"""What a dataset of visibilities measured: amplitudes, signal to noise, and images of the sky without a model."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import complex_from, xp_of
from autoarray._state import derived
from autoarray._typing import Array
from autoarray.dataset.abstract.dataset import AbstractDataset
from autoarray.inversion.inversion.interferometer._measured import weighted_dirty_image_from
from autoarray.inversion.inversion.interferometer._noise import weights_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.visibilities import Visibilities


class AbstractInterferometer(AbstractDataset):
    """The part of an `Interferometer` that follows from its visibilities, or from what they add up to."""

    data: Any  # Visibilities, or None
    noise_map: Any  # VisibilitiesNoiseMap, or None
    uv_wavelengths: Any  # an array of shape (visibilities, 2), or None
    real_space_mask: Mask2D
    transformer: Any
    primary_beam_slim: np.ndarray | None
    sparse_operator: Any  # InterferometerSparseOperator, or None
    sparse_terms: Any  # SparseTerms, or None

    @property
    def is_array_free(self) -> bool:
        """Whether the dataset keeps sums over visibilities in place of them."""
        return self.data is None

    def check_has(self, quantity: str, *parts: str) -> None:
        """Raise a `DatasetException` if the dataset lacks parts that a quantity needs.

        Parameters
        ----------
        quantity
            What was asked for.
        parts
            The names of attributes.
        """
        missing = [part for part in parts if getattr(self, part) is None]
        if missing:
            raise exc.DatasetException(
                f"Interferometer.{quantity}: expected a dataset with visibilities, found one without {missing[0]}, "
                "made by from_stream or from_sparse_terms; make it of arrays if you need this"
            )

    @property
    def mask(self) -> Mask2D:
        """The real-space mask."""
        return self.real_space_mask

    @property
    def primary_beam(self) -> np.ndarray | None:
        """The primary beam in each unmasked pixel, or None."""
        return self.primary_beam_slim

    @property
    def psf(self) -> None:
        """None: the beam of an interferometer is in its frequencies."""
        return None

    @property
    def amplitudes(self) -> Array:
        """The absolute values of the visibilities."""
        self.check_has("amplitudes", "data")
        return self.data.amplitudes

    @property
    def phases(self) -> Array:
        """The arguments of the visibilities in radians."""
        self.check_has("phases", "data")
        return self.data.phases

    @property
    def uv_distances(self) -> np.ndarray:
        """The lengths of the baselines in wavelengths, of shape (visibilities,)."""
        self.check_has("uv_distances", "uv_wavelengths")
        return np.hypot(*self.uv_wavelengths.T)

    @property
    def signal_to_noise_map(self) -> Any:
        """Real and imaginary parts in standard deviations, and zero where they are negative."""
        self.check_has("signal_to_noise_map", "data")
        data, noise = self.data.array, self.noise_map.array
        xp = xp_of(data, noise)
        ratios = (xp.maximum(data.real / noise.real, 0.0), xp.maximum(data.imag / noise.imag, 0.0))
        return self.data.with_new_array(complex_from(*ratios, xp))

    @property
    def signal_to_noise_max(self) -> Any:
        """The largest signal-to-noise of a real or imaginary part."""
        ratio = self.signal_to_noise_map
        return max(ratio.array.real.max(), ratio.array.imag.max())

    # ------------------------------------------------------------------ images

    @property
    def dirty_image(self) -> Array2D:
        """The real part of F^H d, of every visibility with the same weight; not normalized."""
        self.check_has("dirty_image", "data")
        return self.transformer.image_from(visibilities=self.data)

    @property
    def dirty_noise_map(self) -> Array2D:
        """The real part of F^H of the noise map, not normalized."""
        self.check_has("dirty_noise_map", "noise_map")
        return self.transformer.image_from(visibilities=self.noise_map)

    @property
    def dirty_signal_to_noise_map(self) -> Array2D:
        """The real part of F^H of the signal-to-noise map, not normalized."""
        self.check_has("dirty_signal_to_noise_map", "data")
        return self.transformer.image_from(visibilities=self.signal_to_noise_map)

    @derived
    def sum_weights(self) -> float:
        """The sum of the weights 1 / sigma^2 of the real parts."""
        return (
            float(self.sparse_terms.sum_weights) if self.is_array_free else float(weights_from(self.noise_map)[0].sum())
        )

    def _native_of_terms(self, name: str) -> np.ndarray:
        if self.sparse_terms is None:
            raise exc.DatasetException(
                "Interferometer.sparse_terms: expected SparseTerms in a dataset without visibilities, found None"
            )
        return getattr(self.sparse_terms, name)[self.real_space_mask.slim_to_native_tuple]

    @property
    def dirty_image_natural(self) -> Array2D:
        """The dirty image of natural weights, over the sum of those of the real parts."""
        if self.is_array_free:
            values = self._native_of_terms("dirty_image_native")
        else:
            values = np.asarray(self._weighted_dirty_image)
        return Array2D(values=values / self.sum_weights, mask=self.real_space_mask)

    @property
    def dirty_beam(self) -> Array2D:
        """The dirty image of a point source at the centre: the weights of the real parts, over their sum."""
        if self.is_array_free:
            values = self._native_of_terms("dirty_beam_native")
        else:
            weights = Visibilities(weights_from(self.noise_map)[0].astype(complex))
            values = np.asarray(self.transformer.image_from(visibilities=weights).array)
        return Array2D(values=values / self.sum_weights, mask=self.real_space_mask)

    @derived
    def _weighted_dirty_image(self) -> Array:
        """Re(F^H N^-1 d) in each unmasked pixel."""
        if self.sparse_operator is not None:
            return self.sparse_operator.dirty_image
        return weighted_dirty_image_from(self.data, self.noise_map, self.transformer)
