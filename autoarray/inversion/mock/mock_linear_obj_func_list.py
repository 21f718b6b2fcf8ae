"""A list of functions with given images."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.linear_obj.func_list import AbstractLinearObjFuncList


class MockLinearObjFuncList(AbstractLinearObjFuncList):
    """A list of functions whose number and images are what it is given.

    Parameters
    ----------
    parameters
        The number of functions.
    grid
        What stands for their grid.
    mapping_matrix, operated_mapping_matrix_override
        The properties of these names.
    regularization
        The scheme that smooths the amplitudes, or None.
    """

    def __init__(
        self,
        parameters: Any = None,
        grid: Any = None,
        mapping_matrix: Any = None,
        regularization: Any = None,
        operated_mapping_matrix_override: Any = None,
    ) -> None:
        super().__init__(grid=grid, regularization=regularization)
        self._parameters = parameters
        self._mapping_matrix = mapping_matrix
        self._operated_mapping_matrix_override = operated_mapping_matrix_override

    @property
    def params(self) -> Any:
        """The number of functions that the double was given."""
        return self._parameters

    @property
    def mapping_matrix(self) -> Any:
        """The matrix that the double was given."""
        return self._mapping_matrix

    @property
    def operated_mapping_matrix_override(self) -> Any:
        """The matrix that the double was given."""
        return self._operated_mapping_matrix_override
