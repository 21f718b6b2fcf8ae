"""A point spread function that returns one given matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._typing import Namespace


class MockPSF:
    """A point spread function whose convolution of any mapping matrix is a given one.

    Parameters
    ----------
    operated_mapping_matrix
        What `convolved_mapping_matrix_from` returns.
    """

    def __init__(self, operated_mapping_matrix: Any = None) -> None:
        self.operated_mapping_matrix = operated_mapping_matrix
        self.convolve_over_sample_size = 1

    def convolved_mapping_matrix_from(
        self, mapping_matrix: Any, mask: Any, use_mixed_precision: bool = False, xp: Namespace = np
    ) -> Any:
        """The matrix that the double was given, whatever the arguments are."""
        return self.operated_mapping_matrix
