"""Cholesky factors by blocks, and their triangular systems: against NumPy, for sizes around those of the blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoarray import exc
from autoarray._numerics import blas_in_place
from autoarray._numerics.cholesky import cholesky_from, cholesky_of_part
from autoarray._numerics.triangular import LowerTriangle, factorize_in_place

SIZES = st.sampled_from([0, 1, 2, 47, 48, 49, 95, 96, 97, 145, 200])


def matrix_of(size: int, seed: int) -> np.ndarray:
    columns = np.random.default_rng(seed).normal(size=(size, size + 3))
    return columns @ columns.T + np.eye(size)


@settings(deadline=None, max_examples=25)
@given(size=SIZES, seed=st.integers(0, 1000))
def test_factor_is_that_of_numpy(size, seed):
    matrix = matrix_of(size, seed)
    factor = np.asfortranarray(matrix)
    assert factorize_in_place(factor)
    np.testing.assert_allclose(np.tril(factor), np.linalg.cholesky(matrix), rtol=1e-10, atol=1e-12)
    # What lies above the diagonal stays as it was.
    np.testing.assert_array_equal(np.triu(factor, 1), np.triu(matrix, 1))


@settings(deadline=None, max_examples=25)
@given(size=SIZES, seed=st.integers(0, 1000), share=st.floats(0.0, 1.0))
def test_factor_of_some_parameters_in_any_order(size, seed, share):
    matrix = matrix_of(size, seed)
    index = np.random.default_rng(seed).permutation(size)[: int(share * size)]
    expected = np.linalg.cholesky(matrix[np.ix_(index, index)])
    np.testing.assert_allclose(np.tril(cholesky_of_part(matrix, index)), expected, rtol=1e-10, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(size=SIZES, part=st.floats(0.0, 1.0), columns=st.integers(0, 70), seed=st.integers(0, 1000))
def test_systems_of_the_first_rows_of_a_factor(size, part, columns, seed):
    whole = np.asfortranarray(np.linalg.cholesky(matrix_of(size, seed)))
    whole[np.triu_indices(size, 1)] = np.nan  # is not read
    rows = int(part * size)
    triangle, lower = LowerTriangle(whole[:rows, :rows]), np.tril(whole[:rows, :rows])
    rng = np.random.default_rng(seed)
    vector = rng.normal(size=rows)
    np.testing.assert_allclose(lower @ triangle.solved(vector), vector, atol=1e-10)
    np.testing.assert_allclose(lower.T @ triangle.solved(vector, transpose=True), vector, atol=1e-10)
    # Columns that begin with zeros, in rising order of their number.
    first = np.sort(rng.integers(0, max(rows, 1), columns))
    right = np.asfortranarray(np.where(np.arange(rows)[:, None] >= first, rng.normal(size=(rows, columns)), 0.0))
    for hint in (None, first):
        solution = right.copy(order="F")
        triangle.solve_in_place(solution, hint)
        np.testing.assert_allclose(lower @ solution, right, atol=1e-10)


@pytest.mark.parametrize("where", [0, 60, 149])
@pytest.mark.parametrize("value", [-1.0, 0.0, np.nan, np.inf, -np.inf])
def test_matrix_without_a_factor(where, value):
    matrix = matrix_of(150, 0)
    matrix[where, where] = value
    assert not factorize_in_place(np.asfortranarray(matrix))
    with pytest.raises(exc.InversionException, match=r"positive definite|finite"):
        cholesky_from(matrix)


def test_nan_off_the_diagonal_has_no_factor():
    matrix = matrix_of(150, 0)
    matrix[120, 3] = matrix[3, 120] = np.nan
    with pytest.raises(exc.InversionException, match=r"2 NaN or infinite"):
        cholesky_of_part(matrix, np.arange(150))


@pytest.mark.parametrize("matrix", [np.ones((3, 4)), np.ones((3, 3), dtype=np.float32, order="F")])
def test_blocks_of_another_order_or_type_are_refused(matrix):
    with pytest.raises(ValueError, match=r"float64 matrix in Fortran order"):
        blas_in_place.Blocks(matrix)
