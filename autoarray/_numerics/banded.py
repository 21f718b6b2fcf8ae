"""Symmetric, positive definite matrices with few diagonals, as those of regularizations on a mesh have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._numerics.lapack import blas_and_lapack
from autoarray._numerics.log_det import log_det_of_factor_from

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

# A matrix of more parameters than diagonals times this is factorized by its band. If that needs another order, which
# takes as long as a fifth of a dense factorization of 1,500 parameters, a wider band and a large matrix are worth it.
_NARROW, _NARROW_IN_ORDER, _LARGE = 8, 4, 512
# A matrix with a larger share of entries that are not zero gets no narrow band.
_SPARSE_SHARE = 0.1


def band_from(matrix: Float[np.ndarray, "params params"]) -> Float[np.ndarray, "diagonals params"] | None:
    """The main diagonal and those below it, of a matrix or of one with its parameters in another order.

    None if there are too many of them.
    """
    size = matrix.shape[0]
    # The first entry of every row of a symmetric matrix tells its band.
    width = int(np.max(np.arange(size) - np.argmax(matrix != 0.0, axis=1), initial=0))
    if width * _NARROW <= size:
        band = np.zeros((width + 1, size))
        for i in range(width + 1):
            band[i, : size - i] = np.diagonal(matrix, -i)
        return band
    # A few rows tell whether the matrix is sparse, without a look at all of it.
    sample = matrix[:: max(1, size // 16)]
    if size < _LARGE or np.count_nonzero(sample) > _SPARSE_SHARE * sample.size:
        return None
    from scipy.sparse import csr_array

    return _reordered_band_from(csr_array(matrix))


def band_of_sparse_from(matrix: csr_array) -> Float[np.ndarray, "diagonals params"] | None:
    """As `band_from`, of a SciPy sparse array."""
    matrix = matrix.copy()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    rows, columns, values = entries_of(matrix)
    size = matrix.indptr.size - 1
    width = int(np.max(rows - columns, initial=0))
    if width * _NARROW <= size:
        return _band_of_entries(rows, columns, values, size, width)
    if size < _LARGE or matrix.nnz > _SPARSE_SHARE * size**2:
        return None
    return _reordered_band_from(matrix)


def entries_of(
    matrix: csr_array,
) -> tuple[Int[np.ndarray, "entries"], Int[np.ndarray, "entries"], Float[np.ndarray, "entries"]]:
    """The row, the column and the value of each entry that a sparse array stores."""
    pointers = np.asarray(matrix.indptr)
    rows = np.repeat(np.arange(pointers.size - 1), np.diff(pointers))
    return rows, np.asarray(matrix.indices), np.asarray(matrix.data)


def log_det_from(band: Float[np.ndarray, "diagonals params"], is_nearly_singular: bool) -> Float[np.ndarray, ""]:
    """The natural logarithm of the determinant of a matrix with these diagonals; see `cholesky.log_det_from`.

    Raises
    ------
    InversionException
        If the matrix is not positive definite.
    """
    from scipy.linalg import LinAlgError, cholesky_banded

    _, lapack = blas_and_lapack()
    size, width = band.shape[1], band.shape[0] - 1
    try:
        factor = cholesky_banded(band, lower=True)
    except (LinAlgError, ValueError) as error:  # the second for values that are not finite
        raise exc.InversionException(
            f"log determinant: expected a positive definite matrix, found a {(size, size)} one without a Cholesky "
            "factor"
        ) from error
    if not is_nearly_singular:
        return 2.0 * np.sum(np.log(factor[0]))
    sums = band[0].copy()
    for i in range(1, width + 1):
        sums[i:] += band[i, : size - i]
        sums[: size - i] += band[i, : size - i]
    solution, _ = lapack.dtbtrs(factor, sums[:, None], uplo="L")
    return log_det_of_factor_from(band, sums, factor[0], solution[-1, 0], np)


def _reordered_band_from(matrix: csr_array) -> Float[np.ndarray, "diagonals params"] | None:
    """The band of a sparse matrix in the order of Cuthill & McKee (1969), reversed; None if it is wide."""
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    size = matrix.indptr.size - 1
    place = np.empty(size, dtype=np.intp)
    place[reverse_cuthill_mckee(matrix, symmetric_mode=True)] = np.arange(size)
    rows, columns, values = entries_of(matrix)
    rows, columns = place[rows], place[columns]
    width = int(np.max(rows - columns, initial=0))
    return None if width * _NARROW_IN_ORDER > size else _band_of_entries(rows, columns, values, size, width)


def _band_of_entries(
    rows: Int[np.ndarray, "entries"],
    columns: Int[np.ndarray, "entries"],
    values: Float[np.ndarray, "entries"],
    size: int,
    width: int,
) -> Float[np.ndarray, "diagonals params"]:
    below = rows >= columns
    band = np.zeros((width + 1, size))
    band[rows[below] - columns[below], columns[below]] = values[below]
    return band
