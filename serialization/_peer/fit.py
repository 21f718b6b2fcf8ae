"""The fit of an inversion to imaging data, as an object of PyAutoArray.

PyAutoArray's own `FitImaging` is abstract: PyAutoLens and PyAutoGalaxy say what is fitted. This subclass is what this
project's `FitImaging` becomes there. It is imported when one is read or made, and not before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autoarray as aa


class FitImaging(aa.FitImaging):
    """The fit of an inversion to imaging data.

    Parameters
    ----------
    dataset
        The masked `Imaging` dataset.
    inversion
        The inversion of the dataset, or None for a model without one.
    dataset_model
        Offsets of the dataset; none if None.
    use_mask_in_fit
        As in PyAutoArray.
    xp
        `numpy` or `jax.numpy`, the same as the inversion's.
    """

    def __init__(
        self,
        dataset: Any,
        inversion: Any = None,
        dataset_model: Any = None,
        use_mask_in_fit: bool = False,
        xp: Any = np,
    ) -> None:
        super().__init__(dataset=dataset, use_mask_in_fit=use_mask_in_fit, dataset_model=dataset_model, xp=xp)
        self._inversion = inversion

    @property
    def inversion(self) -> Any:
        """The inversion of the dataset, or None."""
        return self._inversion

    @property
    def blurred_image(self) -> Any:
        """The convolved light of the model that the inversion does not solve for: none."""
        values = self._xp.zeros(self.dataset.mask.pixels_in_mask)
        return aa.Array2D(values=values, mask=self.dataset.mask)

    @property
    def model_data(self) -> Any:
        """The image of the model: that of the inversion, or none."""
        return self.blurred_image if self.inversion is None else self.inversion.mapped_reconstructed_operated_data
