"""Cholesky factors of large matrices, and the systems that they solve, by products of blocks.

The triangular routines of OpenBLAS reach a third of the speed of its matrix product. So the matrix is halved again and
again, until most of the operations are products (Gustavson 1997, IBM J. Res. Dev. 41, 737).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics import blas_in_place as blas
from autoarray._numerics.blas_in_place import Blocks

if TYPE_CHECKING:
    from jaxtyping import Float, Int

# The rows of a triangle that is not halved.
_LEAST = 48


def factorize_in_place(matrix: Float[np.ndarray, "params params"]) -> bool:
    """Replace the lower triangle of a matrix by its Cholesky factor, and say whether it has one.

    Parameters
    ----------
    matrix
        A symmetric matrix in Fortran order, of which the lower triangle is read.
    """
    # What is not finite reaches the diagonal, where LAPACK does not always take notice.
    return _factorized(Blocks(matrix), 0, matrix.shape[0]) and bool(np.isfinite(np.diagonal(matrix)).all())


class LowerTriangle:
    """A lower triangular matrix L whose systems are solved.

    Parameters
    ----------
    matrix
        In Fortran order, or the first rows and columns of such a matrix; what lies above the diagonal is not read.
    """

    def __init__(self, matrix: Float[np.ndarray, "size size"]) -> None:
        self._blocks = Blocks(matrix)

    def solved(self, right: Float[np.ndarray, "size"], transpose: bool = False) -> Float[np.ndarray, "size"]:
        """The solution L^-1 r for a vector r, or L^-T r."""
        solution = np.array(right, dtype=float)
        if solution.size:
            blas.solve_vector(self._blocks, solution, transpose)
        return solution

    def solve_in_place(
        self, right: Float[np.ndarray, "size columns"], first: Int[np.ndarray, "columns"] | None = None
    ) -> None:
        """Replace the columns R of a matrix in Fortran order by L^-1 R.

        Parameters
        ----------
        right
            R, of shape (size, columns).
        first
            A row of each column above which it has zeros only, in rising order; the first row of all if None.
        """
        if right.size:
            first = np.zeros(right.shape[1], dtype=int) if first is None else first
            _solve_from_the_left(self._blocks, Blocks(right), 0, right.shape[0], first)


def _factorized(blocks: Blocks, start: int, size: int) -> bool:
    if size <= _LEAST:
        return blas.factorize(size, (blocks, start, start)) == 0
    half = _half_of(size)
    below, rest = start + half, size - half
    if not _factorized(blocks, start, half):
        return False
    _solve_from_the_right(blocks, below, start, rest, half)
    blas.subtract_square(rest, half, (blocks, below, start), (blocks, below, below))
    return _factorized(blocks, below, rest)


def _solve_from_the_right(blocks: Blocks, row: int, start: int, rows: int, size: int) -> None:
    """Replace the block X below a triangle L of the same matrix by X L^-T."""
    if size <= _LEAST:
        blas.solve_triangle(size, rows, (blocks, start, start), (blocks, row, start), from_right=True)
        return
    half = _half_of(size)
    middle, rest = start + half, size - half
    _solve_from_the_right(blocks, row, start, rows, half)
    shape, known, below = (rows, rest, half), (blocks, row, start), (blocks, middle, start)
    blas.add_product(shape, -1.0, known, below, (blocks, row, middle), transpose=True)
    _solve_from_the_right(blocks, row, middle, rows, rest)


def _solve_from_the_left(
    blocks: Blocks, right: Blocks, start: int, size: int, first: Int[np.ndarray, "columns"]
) -> None:
    """Replace a block X of rows by L^-1 X, for the triangle L of these rows; see `LowerTriangle.solve_in_place`."""
    if size <= _LEAST:
        columns = int(np.searchsorted(first, start + size))
        blas.solve_triangle(size, columns, (blocks, start, start), (right, start, 0), from_right=False)
        return
    half = _half_of(size)
    middle, rest = start + half, size - half
    _solve_from_the_left(blocks, right, start, half, first)
    shape, below = (rest, int(np.searchsorted(first, middle)), half), (blocks, middle, start)
    blas.add_product(shape, -1.0, below, (right, start, 0), (right, middle, 0))
    _solve_from_the_left(blocks, right, middle, rest, first)


def _half_of(size: int) -> int:
    """About half of the rows, in whole triangles that are not halved."""
    return _LEAST * (-(-size // _LEAST) // 2)
