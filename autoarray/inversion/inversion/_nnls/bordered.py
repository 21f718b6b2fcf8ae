"""A factorized set of parameters with a border: those that are not in the set, and changes of the set.

The parameters of the set are taken out of the problem, which leaves their Schur complement on the border: a small
problem. A parameter that joins the set is one more of the border, without a bound; one that leaves the set is held at
zero by a Lagrange multiplier. Neither needs a new factor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics.cholesky import cholesky_of_part, not_positive_definite
from autoarray._numerics.lapack import blas_and_lapack
from autoarray._numerics.triangular import LowerTriangle
from autoarray.inversion.inversion._nnls import active_set

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

# What it takes to copy an element of the matrix for a factorization, in its floating point operations.
_COPY = 60.0


class BorderedSystem:
    """The system of a set of parameters, and the columns of its border.

    Parameters
    ----------
    matrix, vector
        Q, positive definite, of shape (params, params), and q, of shape (params,).
    chosen
        The parameters of the set, as bools of shape (params,).
    border
        The parameters of the border, none of which is in the set, as bools of shape (params,).
    factor
        The factor that `cholesky_from` returns of the rows and columns of the set; computed if None.

    Raises
    ------
    InversionException
        If the matrix of the set, or its Schur complement on the border, is not positive definite.
    """

    def __init__(
        self,
        matrix: Float[np.ndarray, "params params"],
        vector: Float[np.ndarray, "params"],
        chosen: Bool[np.ndarray, "params"],
        border: Bool[np.ndarray, "params"],
        factor: Float[np.ndarray, "chosen chosen"] | None = None,
    ) -> None:
        _, lapack = blas_and_lapack()
        self._matrix, self._vector, self._chosen = matrix, vector, chosen
        self._index = np.flatnonzero(chosen)
        self._triangle = LowerTriangle(cholesky_of_part(matrix, self._index) if factor is None else factor)
        self._half_solution = self._triangle.solved(vector[self._index])
        # Of each column: its parameter, and whether it holds this parameter at zero.
        self._members, self._holds = np.flatnonzero(border), np.zeros(int(border.sum()), dtype=bool)
        self._few = self._members.size
        # The columns, and behind them room for those to come.
        self._columns = self._space = np.empty((self._index.size, 0), order="F")
        self._columns = self._columns_of(self._members)
        self._schur = matrix[np.ix_(self._members, self._members)] - self._columns.T @ self._columns
        self._right = vector[self._members] - self._columns.T @ self._half_solution
        if self._few and lapack.dpotrf(self._schur.T, lower=1, clean=0)[1] != 0:
            raise not_positive_definite(matrix)
        self._few_positive = np.zeros(self._few, dtype=bool)

    def changes_to(self, passive: Bool[np.ndarray, "params"]) -> Int[np.ndarray, "changed"]:
        """The parameters that have to join or to leave the set."""
        return np.flatnonzero(passive ^ self._chosen)

    def is_cheaper_anew(self, passive: Bool[np.ndarray, "params"]) -> bool:
        """Whether a new factor for these parameters takes fewer operations than the changes to them."""
        positive, changed = int(passive.sum()), self.changes_to(passive)
        anew = positive**3 / 3.0 + positive**2 * (self._few + _COPY)
        new, rows = np.setdiff1d(changed, self._members).size, self._index.size
        total = self._members.size + new
        return anew < new * (rows**2 + 2.0 * total * rows) + 2.0 / 3.0 * changed.size**3

    def solution_for(
        self, passive: Bool[np.ndarray, "params"], tolerance: float, max_iterations: int
    ) -> Float[np.ndarray, "params"]:
        """The minimum over some parameters, of any sign, and over those of the border that are not negative.

        Parameters
        ----------
        passive
            The parameters, none of the border among them, as bools of shape (params,); all others are zero.

        Raises
        ------
        InversionException
            If the iteration for the border does not end.
        """
        changed = self.changes_to(passive)
        self._append(np.setdiff1d(changed, self._members))
        few, used = self._few, self._few + np.flatnonzero(np.isin(self._members[self._few :], changed))
        values = np.zeros(self._members.size)
        # The equations of the changes are indefinite, for multipliers are among them.
        coupled = np.column_stack((self._schur[used, :few], self._right[used]))
        reduced = np.linalg.solve(self._schur[np.ix_(used, used)], coupled) if used.size else coupled
        if few:
            schur = self._schur[:few, :few] - coupled[:, :few].T @ reduced[:, :few]
            right = self._right[:few] - coupled[:, :few].T @ reduced[:, few]
            values[:few] = active_set.solve(
                (schur + schur.T) / 2.0, right, self._few_positive, tolerance, max_iterations
            )
            self._few_positive = values[:few] > 0.0
        values[used] = reduced[:, few] - reduced[:, :few] @ values[:few]
        x = np.zeros_like(self._vector)
        x[self._index] = self._triangle.solved(self._half_solution - self._columns @ values, transpose=True)
        x[self._members[used]] = 0.0  # exactly, where it is held there
        x[self._members[~self._holds]] = values[~self._holds]
        return x

    def _append(self, parameters: Int[np.ndarray, "new"]) -> None:
        """Add the columns of parameters that join or leave the set."""
        if not parameters.size:
            return
        # Those that leave come last, and begin with zeros.
        parameters = parameters[np.argsort(self._chosen[parameters], kind="stable")]
        new, holds = self._columns_of(parameters), self._chosen[parameters]
        old = self._members.size
        self._members = np.concatenate((self._members, parameters))
        self._holds = np.concatenate((self._holds, holds))
        self._columns = self._space[:, : self._members.size]
        block = np.where(self._holds[:, None] | holds, 0.0, self._matrix[np.ix_(self._members, parameters)])
        block -= self._columns.T @ new
        self._schur = np.block([[self._schur, block[:old]], [block[:old].T, block[old:]]])
        right = np.where(holds, 0.0, self._vector[parameters]) - new.T @ self._half_solution
        self._right = np.concatenate((self._right, right))

    def _columns_of(self, parameters: Int[np.ndarray, "new"]) -> Float[np.ndarray, "chosen new"]:
        """L^-1 with the matrix's columns of parameters outside of the set, and then with unit vectors of those in it.

        They are written behind the columns that there are.
        """
        rows, old = self._index.size, self._columns.shape[1]
        total = old + parameters.size
        if total > self._space.shape[1]:
            space = np.empty((rows, 2 * total), order="F")
            space[:, :old] = self._space[:, :old]
            self._space = space
        columns = self._space[:, old:total]
        joining = int(np.count_nonzero(~self._chosen[parameters]))
        columns[:, :joining] = self._matrix.take(parameters[:joining], 0).take(self._index, 1).T
        columns[:, joining:] = 0.0
        first = np.searchsorted(self._index, parameters[joining:])
        columns[first, np.arange(joining, parameters.size)] = 1.0
        self._triangle.solve_in_place(columns, np.concatenate((np.zeros(joining, dtype=int), first)))
        return columns
