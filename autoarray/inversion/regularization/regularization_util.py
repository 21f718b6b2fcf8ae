"""Regularization matrices: sums of squared differences between the parameters of a linear object."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._backend import as_array
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._triangulation.split_points import split_points_from

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "neighbor_pairs_from",
    "neighbor_regularization_matrix_from",
    "neighbor_regularization_matrix_sparse_from",
    "pixel_splitted_regularization_matrix_from",
    "pixel_splitted_regularization_matrix_sparse_from",
    "reg_split_from",
    "split_points_from",
]

# The functions of single schemes, which PyAutoArray has here too, by their modules, which import this one.
_OF_SCHEMES = {
    "adapt_regularization_weights_from": "adapt",
    "brightness_zeroth_regularization_matrix_from": "brightness_zeroth",
    "brightness_zeroth_regularization_weights_from": "brightness_zeroth",
    "constant_regularization_matrix_from": "constant",
    "constant_zeroth_regularization_matrix_from": "constant_zeroth",
    "exp_cov_matrix_from": "exponential_kernel",
    "gauss_cov_matrix_from": "gaussian_kernel",
    "matern_kernel": "matern_kernel",
    "weighted_regularization_matrix_from": "adapt",
    "zeroth_regularization_matrix_from": "zeroth",
}

# Added to the diagonal: the bare matrix does not see the mean of a reconstruction, and has no determinant.
DIAGONAL_OFFSET = 1e-8


def __getattr__(name: str) -> Any:
    if name in _OF_SCHEMES:
        return getattr(import_module(f"autoarray.inversion.regularization.{_OF_SCHEMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def neighbor_pairs_from(neighbors: Array, sizes: Array | None = None, xp: Namespace = np) -> tuple[Array, Array]:
    """Padded neighbors as directed pairs: two arrays of indexes of one length.

    Parameters
    ----------
    neighbors
        The neighbors of each parameter, of shape (params, width), padded with -1.
    sizes
        The number of neighbors of each parameter, of shape (params,); counted if None.

    Returns
    -------
    tuple
        The first and the second parameter of each pair; where the values are traced by JAX, entries that are not in
        use are `params` in both.
    """
    params, width = neighbors.shape
    used = neighbors >= 0 if sizes is None else np.arange(width) < sizes[:, None]
    if xp is np:
        rows, columns = np.nonzero(used)
        return rows, neighbors[rows, columns]
    rows = xp.broadcast_to(xp.arange(params)[:, None], neighbors.shape)
    return xp.where(used, rows, params).ravel(), xp.where(used, neighbors, params).ravel()


def neighbor_regularization_matrix_from(
    rows: Array, columns: Array, strengths: Array, params: int, xp: Namespace = np
) -> Array:
    """The matrix of the sum over directed pairs of strength * difference^2 / 2, plus the diagonal offset.

    Parameters
    ----------
    rows, columns
        The first and the second parameter of each pair; each pair stands there in both directions.
    strengths
        One number for each pair, the same for both directions, of shape (pairs,), or one for all.
    params
        The number of parameters.

    Returns
    -------
    array
        Of shape (params, params).
    """
    if xp is np:
        return neighbor_regularization_matrix_sparse_from(rows, columns, strengths, params).toarray()
    strengths = xp.broadcast_to(xp.asarray(strengths), rows.shape)
    matrix = as_array(DIAGONAL_OFFSET * np.eye(params), xp)
    return matrix.at[rows, columns].add(-strengths, mode="drop").at[rows, rows].add(strengths, mode="drop")


def neighbor_regularization_matrix_sparse_from(rows: Array, columns: Array, strengths: Array, params: int) -> csr_array:
    """`neighbor_regularization_matrix_from` as a SciPy sparse array (NumPy mode).

    Parameters
    ----------
    rows, columns, strengths, params
        As in `neighbor_regularization_matrix_from`.
    """
    from scipy.sparse import csr_array

    strengths, own = np.broadcast_to(strengths, np.shape(rows)), np.arange(params)
    diagonal = np.bincount(rows, strengths, minlength=params) + DIAGONAL_OFFSET
    index = np.concatenate((rows, own)), np.concatenate((columns, own))
    return csr_array((np.concatenate((-strengths, diagonal)), index), shape=(params, params))


def reg_split_from(
    splitted_mappings: Array, splitted_sizes: Array, splitted_weights: Array, xp: Namespace = np
) -> tuple[Array, Array, Array]:
    """The differences between each parameter and what is interpolated at its four split points.

    Parameters
    ----------
    splitted_mappings, splitted_sizes, splitted_weights
        The parameters that each split point is interpolated from, of shape (4 * params, width), how many of them are
        in use, and their weights.

    Returns
    -------
    tuple
        The same for the difference: every weight with the other sign, and the parameter itself with a weight of one
        more. A column is added to hold it; the arguments are left as they are.
    """
    points, width = splitted_mappings.shape
    own = as_array(np.repeat(np.arange(points // 4), 4), xp).astype(splitted_mappings.dtype)[:, None]
    padding = ((0, 0), (0, 1))
    mappings = xp.pad(splitted_mappings, padding, constant_values=-1)
    weights = xp.pad(splitted_weights, padding)
    column = as_array(np.arange(width + 1), xp)
    sizes = splitted_sizes[:, None]
    is_own = (column < sizes) & (mappings == own)
    is_first = is_own & (xp.cumsum(is_own, axis=1) == 1)
    is_absent = ~xp.any(is_own, axis=1, keepdims=True)
    is_added = is_absent & (column == sizes)
    weights = xp.where(column < sizes, -weights, 0.0) + xp.where(is_first | is_added, 1.0, 0.0)
    mappings = xp.where(is_added, own, xp.where(column < sizes, mappings, -1))
    return mappings, splitted_sizes + is_absent[:, 0].astype(splitted_sizes.dtype), weights


def pixel_splitted_regularization_matrix_from(
    regularization_weights: Array,
    splitted_mappings: Array,
    splitted_sizes: Array,
    splitted_weights: Array,
    xp: Namespace = np,
) -> Array:
    """The matrix of the sum over all split points of (weight * difference)^2, plus the diagonal offset.

    Parameters
    ----------
    regularization_weights
        How strongly each parameter is smoothed, of shape (params,); enters squared.
    splitted_mappings, splitted_sizes, splitted_weights
        The differences, as `reg_split_from` returns them.

    Returns
    -------
    array
        Of shape (params, params).
    """
    split = splitted_mappings, splitted_sizes, splitted_weights
    if xp is np:
        return pixel_splitted_regularization_matrix_sparse_from(regularization_weights, *split).toarray()
    params = regularization_weights.shape[0]
    used, scaled = _scaled_differences_from(regularization_weights, *split, xp)
    columns = xp.where(used, splitted_mappings, params)
    matrix = as_array(DIAGONAL_OFFSET * np.eye(params), xp)
    products = scaled[:, :, None] * scaled[:, None, :]
    return matrix.at[columns[:, :, None], columns[:, None, :]].add(products, mode="drop")


def pixel_splitted_regularization_matrix_sparse_from(
    regularization_weights: Array,
    splitted_mappings: Array,
    splitted_sizes: Array,
    splitted_weights: Array,
) -> csr_array:
    """`pixel_splitted_regularization_matrix_from` as a SciPy sparse array (NumPy mode).

    Parameters
    ----------
    regularization_weights, splitted_mappings, splitted_sizes, splitted_weights
        As in `pixel_splitted_regularization_matrix_from`.
    """
    from scipy.sparse import csr_array, eye_array

    params = regularization_weights.shape[0]
    used, scaled = _scaled_differences_from(
        regularization_weights, splitted_mappings, splitted_sizes, splitted_weights, np
    )
    rows, columns = np.nonzero(used)
    entries = (scaled[rows, columns], (rows, splitted_mappings[rows, columns]))
    differences = csr_array(entries, shape=(4 * params, params))
    return differences.T.tocsr() @ differences + DIAGONAL_OFFSET * eye_array(params, format="csr")


def _scaled_differences_from(
    regularization_weights: Array,
    splitted_mappings: Array,
    splitted_sizes: Array,
    splitted_weights: Array,
    xp: Namespace,
) -> tuple[Array, Array]:
    """Which entries of the differences are in use, and their weights times those of the regularization."""
    used = as_array(np.arange(splitted_mappings.shape[1]), xp) < splitted_sizes[:, None]
    return used, xp.where(used, splitted_weights, 0.0) * xp.repeat(regularization_weights, 4)[:, None]
