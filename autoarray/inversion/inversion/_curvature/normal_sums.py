"""Products of mapping matrices with the normal operator, as sums over the entries of their columns (the extra `fast`).

An entry of a column adds the kernel, moved to its pixel, to an image of W times the column. The Hankel kernel is added
likewise with the entry turned by 180 degrees. F = A^T W A is symmetric: columns are sorted by where they begin, and
each is multiplied with the later ones alone, so that W times it is wanted only in the rows that these have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray.operators._fourier.normal import NormalOperator

if TYPE_CHECKING:
    from jaxtyping import Float
    from scipy.sparse import csc_array, csr_array


def unwrapped_from(operator: NormalOperator) -> list[Float[np.ndarray, "2rows-1 2columns-1"]]:
    """The kernels with the difference of zero in the middle; that of sums as a difference of turned pixels."""
    rows, columns = operator.shape
    index = np.ix_(*[np.concatenate((np.arange(1 - n, 0), np.arange(n))) for n in (rows, columns)])
    kernels = [np.ascontiguousarray(operator.toeplitz[index])]
    if operator.hankel is not None:
        kernels.append(np.ascontiguousarray(operator.hankel[: 2 * rows - 1, : 2 * columns - 1]))
    return kernels


def _entries(matrix: csc_array, shape: tuple[int, int]) -> tuple[np.ndarray, ...]:
    rows, columns = np.divmod(matrix.indices.astype(np.int64), shape[1])
    return matrix.indptr.astype(np.int64), rows, columns, np.ascontiguousarray(matrix.data, dtype=float)


def _reach(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """From which to which column each row of the image has entries."""
    left, right = np.full(shape[0], shape[1]), np.zeros(shape[0], dtype=np.int64)
    np.minimum.at(left, rows, columns)
    np.maximum.at(right, rows, columns + 1)
    return np.minimum(left, right).astype(np.int64), right


def curvature_from(
    operator: NormalOperator, matrix: Float[csr_array, "pixels params"]
) -> Float[np.ndarray, "params params"]:
    """The curvature matrix A^T W A, of shape (params, params)."""
    from scipy.sparse import csc_array

    from autoarray.inversion.inversion._curvature import normal_sums_numba

    shape = operator.shape
    by_column: Any = csc_array(matrix)
    by_column.sort_indices()
    pointers, rows, columns, values = _entries(by_column, shape)
    left, right = _reach(rows, columns, shape)
    size = by_column.shape[1]
    empty = np.diff(pointers) == 0
    starts = np.full(size, shape[0])
    ends = np.zeros(size, dtype=np.int64)
    starts[~empty] = rows[pointers[:-1][~empty]]
    ends[~empty] = rows[pointers[1:][~empty] - 1] + 1
    order = np.argsort(starts, kind="stable")
    first = starts[order]
    last = np.maximum.accumulate(ends[order][::-1])[::-1]
    image, result = np.zeros(shape), np.zeros((size, size))
    kernels = unwrapped_from(operator)
    normal_sums_numba.curvature(
        kernels[0], pointers, rows, columns, values, order, first, last, left, right, image, result
    )
    if len(kernels) > 1:
        other = np.zeros((size, size))
        turned = (shape[0] - 1 - rows, shape[1] - 1 - columns)
        normal_sums_numba.curvature_of_two(
            kernels[1], pointers, *turned, rows, columns, values, order, first, last, left, right, image, other
        )
        result += other
    return result


def applied_matrix_from(
    operator: NormalOperator, matrix: Float[csr_array, "pixels params"]
) -> Float[np.ndarray, "pixels params"]:
    """W times a sparse matrix, of the same shape, in the pixels between entries of the matrix; anything elsewhere."""
    from scipy.sparse import csc_array

    from autoarray.inversion.inversion._curvature import normal_sums_numba

    shape = operator.shape
    by_column: Any = csc_array(matrix)
    pointers, rows, columns, values = _entries(by_column, shape)
    left, right = _reach(rows, columns, shape)
    kernels = unwrapped_from(operator)
    result = np.zeros((by_column.shape[1], *shape))
    normal_sums_numba.applied(kernels[0], pointers, rows, columns, values, left, right, result)
    if len(kernels) > 1:
        other = np.zeros_like(result)
        turned = (shape[0] - 1 - rows, shape[1] - 1 - columns)
        normal_sums_numba.applied(kernels[1], pointers, *turned, values, left, right, other)
        result += other
    return result.reshape(len(result), -1).T
