"""The parts of a dataset that an inversion reads, for inversions of something other than the dataset's own data."""

from __future__ import annotations

from typing import Any

from autoarray._display import line, table
from autoarray._state import State


class DatasetInterface(State):
    """A dataset for an inversion, such as one whose data has the light of a lens subtracted.

    Parameters
    ----------
    data, noise_map
        The masked data and its standard deviations.
    grids
        The grids of the dataset.
    psf
        The point spread function, or None.
    sparse_operator
        The `ImagingSparseOperator` of the dataset, or None.
    noise_covariance_matrix
        The covariance of the noise, of shape (data_pixels, data_pixels), or None.
    """

    def __init__(
        self,
        data: Any,
        noise_map: Any,
        grids: Any = None,
        psf: Any = None,
        sparse_operator: Any = None,
        noise_covariance_matrix: Any = None,
    ) -> None:
        self.data = data
        self.noise_map = noise_map
        self.grids = grids
        self.psf = psf
        self.sparse_operator = sparse_operator
        self.noise_covariance_matrix = noise_covariance_matrix

    @property
    def mask(self) -> Any:
        """The mask of the data."""
        return self.data.mask

    def _repr_parts(self) -> list[str]:
        return line.dataset(self)

    def _html_rows(self) -> list[tuple[str, str]]:
        return table.dataset(self)

    def _repr_html_(self) -> str:
        return table.table_of(self)
