"""A fit to visibilities with a given model."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._doubles import stands_in_for
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.dataset.mock.mock_dataset import MockDataset
from autoarray.fit.fit_interferometer import FitInterferometer


@stands_in_for("noise_map")
class MockFitInterferometer(FitInterferometer):
    """A `FitInterferometer` whose model is what it is given, and which takes any dataset.

    Parameters
    ----------
    dataset
        The dataset; a `MockDataset` if None.
    use_mask_in_fit
        Leave out masked pixels in the fit.
    model_data, inversion
        The properties of these names.
    noise_map
        The noise map; that of the dataset if None.
    """

    def __init__(
        self,
        dataset: Any = None,
        use_mask_in_fit: bool = False,
        model_data: Any = None,
        inversion: Any = None,
        noise_map: Any = None,
    ) -> None:
        self._set_backend(np)
        self.dataset = MockDataset() if dataset is None else dataset
        self.use_mask_in_fit = use_mask_in_fit
        self.dataset_model = DatasetModel()
        self._given = {"noise_map": noise_map}
        self._model_data = model_data
        self._inversion = inversion

    @property
    def model_data(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The model that the double was given."""
        return self._model_data

    @property
    def inversion(self) -> Any:
        """The inversion that the double was given."""
        return self._inversion
