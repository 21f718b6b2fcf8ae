"""A regularization with a given matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._typing import Namespace
from autoarray.inversion.regularization.abstract import AbstractRegularization


class MockRegularization(AbstractRegularization):
    """A regularization whose matrix is what it is given.

    Parameters
    ----------
    regularization_matrix
        What `regularization_matrix_from` returns.
    """

    def __init__(self, regularization_matrix: Any = None) -> None:
        self.regularization_matrix = regularization_matrix

    def regularization_matrix_from(self, linear_obj: Any, xp: Namespace = np) -> Any:
        """The matrix that the double was given."""
        return self.regularization_matrix

    def regularization_matrix_via_neighbors_from(self, neighbors: Any, neighbors_sizes: Any) -> Any:
        """The matrix that the double was given."""
        return self.regularization_matrix
