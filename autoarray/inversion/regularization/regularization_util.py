"""Regularization matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._backend import as_array

# Added to the diagonal: the bare matrix does not see the mean of a reconstruction, and has no determinant.
DIAGONAL_OFFSET = 1e-8


def constant_regularization_matrix_from(coefficient: Any, neighbors: Any, neighbors_sizes: Any, xp: Any = np) -> Any:
    """The matrix of the sum over all pairs of neighbors of (coefficient * difference)^2.

    Parameters
    ----------
    coefficient
        The strength of the smoothing; enters squared.
    neighbors
        The neighbors of each parameter, of shape (params, width), padded with -1.
    neighbors_sizes
        The number of neighbors of each parameter, of shape (params,).

    Returns
    -------
    array
        Of shape (params, params).
    """
    neighbors, sizes = np.asarray(neighbors), np.asarray(neighbors_sizes)
    params = sizes.shape[0]
    rows, columns = np.nonzero(np.arange(neighbors.shape[1]) < sizes[:, None])
    # Where the entries are depends on the mesh alone and is known to NumPy; what they are may be traced by JAX.
    every = np.arange(params)
    index = np.concatenate((rows, every)), np.concatenate((neighbors[rows, columns], every))
    squared = coefficient**2.0
    values = xp.concatenate(
        (-squared * xp.ones(rows.shape[0]), squared * as_array(sizes.astype(float), xp) + DIAGONAL_OFFSET)
    )
    if xp is np:
        matrix = np.zeros((params, params))
        matrix[index] = values
        return matrix
    return xp.zeros((params, params)).at[index].set(values)
