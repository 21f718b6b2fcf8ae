"""A linear object with a given mapping matrix."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.linear_obj.linear_obj import LinearObj


class MockLinearObj(LinearObj):
    """A linear object whose parameters and images are what it is given.

    Parameters
    ----------
    parameters
        The number of parameters.
    grid
        What stands for its grid.
    mapping_matrix, operated_mapping_matrix_override
        The properties of these names.
    regularization
        The scheme that smooths the parameters, or None.
    """

    def __init__(
        self,
        parameters: Any = None,
        grid: Any = None,
        mapping_matrix: Any = None,
        operated_mapping_matrix_override: Any = None,
        regularization: Any = None,
    ) -> None:
        super().__init__(regularization=regularization)
        self.grid = grid
        self._parameters = parameters
        self._mapping_matrix = mapping_matrix
        self._operated_mapping_matrix_override = operated_mapping_matrix_override

    @property
    def params(self) -> Any:
        """The number of parameters that the double was given."""
        return self._parameters

    @property
    def mapping_matrix(self) -> Any:
        """The matrix that the double was given."""
        return self._mapping_matrix

    @property
    def operated_mapping_matrix_override(self) -> Any:
        """The matrix that the double was given."""
        return self._operated_mapping_matrix_override
