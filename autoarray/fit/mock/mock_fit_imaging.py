"""A fit to imaging data with a given model."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._doubles import stands_in_for
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.dataset.mock.mock_dataset import MockDataset
from autoarray.fit.fit_imaging import FitImaging


@stands_in_for("noise_map")
class MockFitImaging(FitImaging):
    """A `FitImaging` whose model is what it is given, and which takes any dataset.

    Parameters
    ----------
    dataset
        The dataset; a `MockDataset` if None.
    dataset_model
        Offsets of the dataset; none if None.
    use_mask_in_fit
        Leave out masked pixels in the fit.
    noise_map
        The noise map; that of the dataset if None.
    model_data, inversion, blurred_image
        The properties of these names.
    """

    def __init__(
        self,
        dataset: Any = None,
        dataset_model: DatasetModel | None = None,
        use_mask_in_fit: bool = False,
        noise_map: Any = None,
        model_data: Any = None,
        inversion: Any = None,
        blurred_image: Any = None,
    ) -> None:
        self._set_backend(np)
        self.dataset = MockDataset() if dataset is None else dataset
        self.use_mask_in_fit = use_mask_in_fit
        self.dataset_model = DatasetModel() if dataset_model is None else dataset_model
        self._given = {"noise_map": noise_map}
        self._model_data = model_data
        self._inversion = inversion
        self._blurred_image = blurred_image

    @property
    def model_data(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The model that the double was given."""
        return self._model_data

    @property
    def blurred_image(self) -> Any:
        """The image that the double was given."""
        return self._blurred_image
