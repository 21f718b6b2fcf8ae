"""The logarithm of a determinant from the band of a matrix: sparse and dense, and in another order."""

import numpy as np
import pytest
from scipy.sparse import csr_array, diags_array

from autoarray import exc
from autoarray._numerics import banded
from autoarray._numerics.cholesky import log_det_from, log_det_of_sparse_from


def chain_of(size: int) -> np.ndarray:
    """The neighbor regularization of a row of pixels, which is nearly singular."""
    matrix = np.eye(size, k=1) + np.eye(size, k=-1)
    return np.diag(matrix.sum(axis=1) + 1e-8) - matrix


@pytest.mark.parametrize("size", [1, 5, 40, 600])
@pytest.mark.parametrize("is_nearly_singular", [True, False])
def test_sparse_matrix_has_the_determinant_of_the_dense_one(size, is_nearly_singular):
    matrix = chain_of(size)
    found = log_det_of_sparse_from(csr_array(matrix), is_nearly_singular)
    assert found == pytest.approx(log_det_from(matrix, is_nearly_singular=is_nearly_singular), rel=1e-13)


def test_shuffled_parameters_have_a_band_again():
    rng = np.random.default_rng(0)
    order = rng.permutation(600)
    matrix = (chain_of(600) + np.eye(600))[np.ix_(order, order)]
    sparse = csr_array(matrix)
    # Entries that are stored and zero, and columns in no order, change nothing.
    sparse.data[rng.integers(0, sparse.nnz, 5)] *= 1.0
    stored = sparse + diags_array(np.zeros(600))
    band = banded.band_of_sparse_from(stored)
    assert band is not None
    assert band.shape[0] < 10
    np.testing.assert_array_equal(band, banded.band_from(matrix))
    assert log_det_of_sparse_from(sparse) == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-12)


def test_full_matrix_has_no_band():
    matrix = 700.0 * np.eye(600) + np.ones((600, 600))
    assert banded.band_from(matrix) is None
    assert banded.band_of_sparse_from(csr_array(matrix)) is None
    assert log_det_of_sparse_from(csr_array(matrix)) == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-12)


@pytest.mark.parametrize("value", [-1.0, np.nan])
def test_matrix_without_a_factor_is_an_error(value):
    matrix = chain_of(40)
    matrix[20, 20] = value
    with pytest.raises(exc.InversionException, match=r"log determinant"):
        log_det_of_sparse_from(csr_array(matrix))
