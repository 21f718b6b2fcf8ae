"""The fit of a model to imaging data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._state import derived
from autoarray._typing import Namespace
from autoarray._validation import check_object
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.fit.fit_dataset import FitDataset
from autoarray.mask.mask_2d_util import same_mask
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from autoarray.dataset.imaging.dataset import Imaging
    from autoarray.inversion.inversion.abstract import AbstractInversion


class FitImaging(FitDataset):
    """The fit of an inversion to imaging data.

    A subclass that models more than the inversion overrides `blurred_image` (the convolved light that is not part of
    it), `inversion`, or the whole `model_data`.

    Parameters
    ----------
    dataset
        The masked `Imaging` dataset.
    inversion
        The inversion of the dataset, or None for a model without one.
    dataset_model
        Offsets of the dataset: its background sky, shift and rotation; none if None.
    use_mask_in_fit
        Leave out masked pixels in the fit; needed for datasets that are stored natively (2D) only.
    xp
        `numpy` or `jax.numpy`, the same as the inversion's.

    Raises
    ------
    InversionException
        If the inversion computes with the other library, or its data have other unmasked pixels than the dataset.

    Examples
    --------
    >>> import autoarray as aa
    >>> import simulated  # examples/simulated.py
    >>> dataset = simulated.dataset()
    >>> inversion = simulated.fit_from(dataset).inversion
    >>> fit = aa.FitImaging(dataset=dataset, inversion=inversion)
    >>> fit.residual_map
    Array2D(numpy, float64 (1576,), native 56 x 56 of 0.06")
    >>> bool(fit.log_evidence < fit.log_likelihood)
    True
    """

    def __init__(
        self,
        dataset: Imaging,
        inversion: AbstractInversion | None = None,
        dataset_model: DatasetModel | None = None,
        use_mask_in_fit: bool = False,
        xp: Namespace = np,
    ) -> None:
        super().__init__(dataset=dataset, use_mask_in_fit=use_mask_in_fit, dataset_model=dataset_model, xp=xp)
        if inversion is not None:
            for part in ("use_jax", "mapped_reconstructed_operated_data"):
                expected = "an inversion or None"
                check_object(inversion, part, "FitImaging.inversion", expected, exc.InversionException)
        if inversion is not None and inversion.use_jax != self.use_jax:
            raise exc.InversionException(
                f"FitImaging.inversion: expected xp={self._xp_name} as the fit has, found xp={inversion._xp_name}"
            )
        if inversion is not None:
            self._check_pixels(inversion)
        self._inversion = inversion

    def _check_pixels(self, inversion: AbstractInversion) -> None:
        own, other = self.mask, inversion.mask
        if same_mask(own, other):
            return
        raise exc.InversionException(
            f"FitImaging.inversion: expected an inversion of the {own.pixels_in_mask} unmasked pixels of the fit's "
            f"dataset, of shape {own.shape_native}, found one of {other.pixels_in_mask} pixels of shape "
            f"{other.shape_native}{', elsewhere' if own.pixels_in_mask == other.pixels_in_mask else ''}"
        )

    @property
    def inversion(self) -> Any:
        """The inversion of the dataset, or None."""
        return self._inversion

    @derived
    def data(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - a derived value is read like a property
        """The data without the background sky of the dataset model, in electrons per second."""
        level: Any = self.dataset_model.background_sky_level
        if isinstance(level, (int, float)) and level == 0.0:
            return self.dataset.data
        return self.dataset.data - level

    @property
    def blurred_image(self) -> Any:
        """The convolved light of the model that the inversion does not solve for: none, unless a subclass adds it."""
        return Array2D(values=self._xp.zeros(self.mask.pixels_in_mask), mask=self.mask, xp=self._xp)

    @derived(travels=True)
    def model_data(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - likewise
        """The image of the model: `blurred_image` and the image of the inversion, in electrons per second."""
        if type(self).blurred_image is FitImaging.blurred_image and self.inversion is not None:
            # The inversion's own image, and no sum with zeros, so that a pickle holds it once.
            return self.inversion.mapped_reconstructed_operated_data
        if self.inversion is None:
            return self.blurred_image
        return self.blurred_image + self.inversion.mapped_reconstructed_operated_data
