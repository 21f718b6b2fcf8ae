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
    # The structure depends on the mesh alone: it is laid out in NumPy and scaled once.
    structure = np.zeros((params, params))
    rows, columns = np.nonzero(np.arange(neighbors.shape[1]) < sizes[:, None])
    structure[rows, neighbors[rows, columns]] = -1.0
    structure[np.arange(params), np.arange(params)] = sizes
    offset = np.zeros((params, params))
    np.fill_diagonal(offset, DIAGONAL_OFFSET)
    return coefficient**2.0 * as_array(structure, xp) + as_array(offset, xp)
