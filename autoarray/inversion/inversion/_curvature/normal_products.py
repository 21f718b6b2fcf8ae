"""Products A^T W B of mapping matrices with the normal operator W of an interferometer, in NumPy mode.

The rows of a matrix are the pixels of the bounding box of the mask, in row-major order. Two ways give the same numbers:

- transforms: W applied to a few columns at a time, by Fourier transforms along the rows that have entries and back
  along those that are wanted,
- sums over the entries of a column (the extra `fast`): an entry adds a part of the kernel, moved, to an image. A column
  of a mapping matrix has some fifty entries, so that this is less work than a transform, and all of it goes through
  memory in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._numerics import compiled
from autoarray.operators._fourier.normal import NormalOperator

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csc_array, csr_array

# Seconds on one core: an addition of a product to an image, and what a point of a padded image takes by transforms.
_SUM, _POINT = 2.5e-10, 1.2e-8
_COLUMNS_AT_ONCE = 16


def product_from(
    operator: NormalOperator, left: Float[csr_array, "pixels left"], right: Float[csr_array, "pixels right"]
) -> Float[np.ndarray, "left right"]:
    """The product left^T W right, of shape (columns of left, columns of right)."""
    from scipy.sparse import csc_array, csr_array

    columns: Any = csc_array(right)
    transposed: Any = csr_array(left.T)
    result = np.empty((transposed.shape[0], columns.shape[1]))
    for start in range(0, columns.shape[1], _COLUMNS_AT_ONCE):
        part = slice(start, start + _COLUMNS_AT_ONCE)
        images = applied_from(operator, columns, part)
        result[:, part] = transposed @ images.reshape(len(images), -1).T
    return result


def applied_from(
    operator: NormalOperator, matrix: Float[csc_array, "pixels params"], part: slice
) -> Float[np.ndarray, "params rows columns"]:
    """W applied to some columns of a matrix, of shape (columns, rows of the box, columns of the box)."""
    images = np.ascontiguousarray(matrix[:, part].toarray().T).reshape(-1, *operator.shape)
    return np.asarray(operator.apply(images))


def applied_matrix_from(
    operator: NormalOperator, matrix: Float[csr_array, "pixels params"]
) -> Float[np.ndarray, "pixels params"]:
    """W times a sparse matrix, of the same shape."""
    from scipy.sparse import csc_array

    if uses_sums(operator, matrix):
        from autoarray.inversion.inversion._curvature import normal_sums

        return normal_sums.applied_matrix_from(operator, matrix)
    columns: Any = csc_array(matrix)
    result = np.empty(columns.shape)
    for start in range(0, columns.shape[1], _COLUMNS_AT_ONCE):
        part = slice(start, start + _COLUMNS_AT_ONCE)
        images = applied_from(operator, columns, part)
        result[:, part] = images.reshape(len(images), -1).T
    return result


def curvature_from(
    operator: NormalOperator, matrix: Float[csr_array, "pixels params"]
) -> Float[np.ndarray, "params params"]:
    """The curvature matrix A^T W A, of shape (params, params)."""
    if uses_sums(operator, matrix):
        from autoarray.inversion.inversion._curvature import normal_sums

        return normal_sums.curvature_from(operator, matrix)
    product = product_from(operator, matrix, matrix)
    return (product + product.T) / 2.0


def uses_sums(operator: NormalOperator, matrix: Float[csr_array, "pixels params"]) -> bool:
    """Whether sums over entries cost less than transforms, and can be compiled."""
    rows, columns = operator.shape
    tall, wide = operator.padded_shape
    kernels = 1 if operator.hankel is None else 2
    by_sums = matrix.nnz * rows * columns * kernels * _SUM
    by_transforms = np.shape(matrix)[1] * tall * wide * _POINT
    return by_sums < by_transforms and compiled.is_available()


def in_box(
    operator: NormalOperator, matrix: Float[csr_array, "data_pixels params"], box: Int[np.ndarray, "data_pixels"]
) -> Float[csr_array, "pixels params"]:
    """A matrix with a row for each unmasked pixel as one with a row for each pixel of the bounding box."""
    from scipy.sparse import csr_array

    rows, columns = operator.shape
    counts = np.zeros(rows * columns + 1, dtype=matrix.indptr.dtype)
    counts[box + 1] = np.diff(matrix.indptr)
    return csr_array((matrix.data, matrix.indices, np.cumsum(counts)), shape=(rows * columns, np.shape(matrix)[1]))


def bordered_from(
    operator: NormalOperator,
    matrix: Float[csr_array, "data_pixels params"],
    box: Int[np.ndarray, "data_pixels"],
    functions: Int[np.ndarray, "functions"],
    images: Float[np.ndarray, "data_pixels functions"] | None,
) -> Float[np.ndarray, "params params"]:
    """The curvature matrix of sparse columns, bordered by those of functions, whose images fill the mask.

    Parameters
    ----------
    matrix
        The sparse columns, with none in the place of functions.
    box
        The index of each unmasked pixel in the bounding box.
    functions
        The parameters that are functions.
    images
        Their images in the unmasked pixels.
    """
    params = np.shape(matrix)[1]
    has_mappers = functions.size < params
    inside = in_box(operator, matrix, box)
    result = curvature_from(operator, inside) if has_mappers else np.zeros((params,) * 2)
    if images is None:
        return result
    frame = np.zeros((images.shape[1], operator.shape[0] * operator.shape[1]))
    frame[:, box] = images.T
    applied = operator.apply(frame.reshape(-1, *operator.shape)).reshape(frame.shape)[:, box]
    columns = matrix.T @ applied.T
    square = images.T @ applied.T
    columns[functions] = (square + square.T) / 2.0
    result[:, functions] = columns
    result[functions] = columns.T
    return result
