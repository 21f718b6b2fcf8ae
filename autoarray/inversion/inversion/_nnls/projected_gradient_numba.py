"""The kernel of `projected_gradient.py`."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


def _rounded(matrix, scale, least):
    """The upper triangle of a matrix, its rows and columns scaled, in single precision.

    What is smaller than `least` becomes zero: processors take a hundred times as long for the smallest numbers.
    """
    size = scale.size
    rounded = np.empty((size, size), dtype=np.float32)
    for i in range(size):
        row = scale[i]
        for j in range(i, size):
            value = matrix[i, j] * row * scale[j]
            rounded[i, j] = value if abs(value) > least else 0.0
    return rounded


rounded = compile_kernel(_rounded)
