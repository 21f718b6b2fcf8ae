"""Solutions and determinants of F + H of an inversion of visibilities by products with vectors alone.

F = A^T W A is applied by two sparse products and Fourier transforms. The sparse matrix M = W_0 A^T A + H,
with the mean eigenvalue W_0 of W, is factorized by its band and preconditions all that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._numerics.banded import entries_of
from autoarray.inversion.inversion._curvature.normal_products import in_box
from autoarray.operators._fourier.normal import NormalOperator

# Exchanges after which the solver changes one parameter at a time, so that it ends (Kim & Park 2011).
_PATIENCE = 10


class MatrixFreeOperator:
    """F + H of one mapper, by its products.

    Parameters
    ----------
    normal
        W.
    matrix
        A times the primary beam, a SciPy sparse array of shape (pixels in the mask, params).
    box
        The index of each unmasked pixel in the bounding box of the mask.
    regularization_matrix
        H, a SciPy sparse array of shape (params, params).
    """

    def __init__(self, normal: NormalOperator, matrix: Any, box: np.ndarray, regularization_matrix: Any) -> None:
        from scipy.sparse import csr_array

        self.normal = normal
        self.matrix = in_box(normal, csr_array(matrix), box)
        self.transposed = csr_array(self.matrix.T)
        self.regularization_matrix = csr_array(regularization_matrix)

    @property
    def params(self) -> int:
        """The number of parameters."""
        return self.matrix.shape[1]

    def curvature_product(self, values: np.ndarray) -> np.ndarray:
        """F times a vector of shape (params,)."""
        image = (self.matrix @ values).reshape(self.normal.shape)
        return self.transposed @ self.normal.apply(image).ravel()

    def product(self, values: np.ndarray) -> np.ndarray:
        """(F + H) times a vector of shape (params,)."""
        return self.curvature_product(values) + self.regularization_matrix @ values

    def preconditioner(self) -> Any:
        """M, a SciPy sparse array of shape (params, params)."""
        return self.transposed @ self.matrix * float(self.normal.toeplitz[0, 0]) + self.regularization_matrix


class BandedFactor:
    """The Cholesky factor of a sparse matrix whose parameters are put in an order of a narrow band."""

    def __init__(self, matrix: Any) -> None:
        from scipy.linalg import LinAlgError, cholesky_banded
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import reverse_cuthill_mckee

        matrix = csr_array(matrix)
        self.order = np.asarray(reverse_cuthill_mckee(matrix, symmetric_mode=True), dtype=np.intp)
        place = np.empty_like(self.order)
        place[self.order] = np.arange(self.order.size)
        rows, columns, values = entries_of(matrix)
        rows, columns = place[rows], place[columns]
        below = rows >= columns
        band = np.zeros((int(np.max(rows - columns, initial=0)) + 1, self.order.size))
        np.add.at(band, (rows[below] - columns[below], columns[below]), values[below])
        try:
            self.band = cholesky_banded(band, lower=True)
        except (LinAlgError, ValueError) as error:
            raise exc.InversionException(
                "matrix_free: expected a positive definite matrix of curvature and regularization, found a "
                f"{matrix.shape} one without a Cholesky factor"
            ) from error

    @property
    def log_det(self) -> float:
        """The logarithm of the determinant."""
        return 2.0 * float(np.log(self.band[0]).sum())

    def solve(self, values: np.ndarray) -> np.ndarray:
        """The inverse matrix times a vector."""
        from scipy.linalg import cho_solve_banded

        found = np.empty_like(values)
        found[self.order] = cho_solve_banded((self.band, True), values[self.order])
        return found

    def half(self, values: np.ndarray, transposed: bool) -> np.ndarray:
        """The inverse of the factor, or of its transpose, times a vector in the order of the band."""
        from autoarray._numerics.lapack import blas_and_lapack

        _, lapack = blas_and_lapack()
        found, _ = lapack.dtbtrs(self.band, values[:, None], uplo="L", trans="T" if transposed else "N")
        return found[:, 0]


def conjugate_gradients(
    product: Callable[[np.ndarray], np.ndarray],
    solve: Callable[[np.ndarray], np.ndarray],
    right: np.ndarray,
    start: np.ndarray,
    tolerance: float,
    most: int,
) -> np.ndarray:
    """The solution of a symmetric positive definite system (Hestenes & Stiefel 1952), preconditioned.

    Raises
    ------
    exc.InversionException
        If the residual does not fall below the tolerance, relative to the right-hand side.
    """
    found = start.copy()
    residual = right - product(found)
    aim = tolerance * float(np.linalg.norm(right))
    direction = solve(residual)
    rho = float(residual @ direction)
    for _ in range(most):
        if float(np.linalg.norm(residual)) <= aim:
            return found
        applied = product(direction)
        length = rho / float(direction @ applied)
        found += length * direction
        residual -= length * applied
        preconditioned = solve(residual)
        previous, rho = rho, float(residual @ preconditioned)
        direction = preconditioned + rho / previous * direction
    if float(np.linalg.norm(residual)) <= aim:
        return found
    raise exc.InversionException(
        f"matrix_free: expected a residual of at most {tolerance:g} of the data vector after {most} steps, found "
        f"{float(np.linalg.norm(residual)) / float(np.linalg.norm(right)):g}"
    )


def solution_from(
    operator: MatrixFreeOperator,
    factor: BandedFactor,
    data_vector: np.ndarray,
    allowed: np.ndarray,
    positive: bool,
    tolerance: float,
    most: int,
) -> np.ndarray:
    """The parameters that minimize s^T (F + H) s / 2 - s^T D, those that are not allowed being zero.

    With a bound at zero, blocks of parameters are exchanged between those that are solved for and those at the bound
    until no sign is wrong (block principal pivoting, Kim & Park 2011).
    """

    def solved(free: np.ndarray, start: np.ndarray) -> np.ndarray:
        def product(values: np.ndarray) -> np.ndarray:
            return np.where(free, operator.product(np.where(free, values, 0.0)), 0.0)

        def solve(values: np.ndarray) -> np.ndarray:
            return np.where(free, factor.solve(np.where(free, values, 0.0)), 0.0)

        right, start = np.where(free, data_vector, 0.0), np.where(free, start, 0.0)
        return conjugate_gradients(product, solve, right, start, tolerance, most)

    free = allowed.copy()
    found = solved(free, np.zeros(operator.params))
    if not positive:
        return found
    fewest, patience = operator.params + 1, _PATIENCE
    scale = 10.0 * tolerance * float(np.abs(data_vector).max(initial=1e-300))
    for _ in range(100 * _PATIENCE):
        gradient = operator.product(found) - data_vector
        wrong = np.where(free, found < 0.0, gradient < -scale) & allowed
        count = int(wrong.sum())
        if not count:
            return found
        if count < fewest:
            fewest, patience = count, _PATIENCE
        elif patience:
            patience -= 1
        else:
            last = int(np.flatnonzero(wrong)[-1])
            wrong = np.zeros_like(wrong)
            wrong[last] = True
        free = free ^ wrong
        found = solved(free, np.maximum(found, 0.0))
    raise exc.InversionException("matrix_free: expected a positive-only solution, found none after 1,000 exchanges")


def log_det_from(operator: MatrixFreeOperator, factor: BandedFactor, probes: int, steps: int, seed: int) -> float:
    """An estimate of ln det(F + H): that of M, and the trace of ln(M^-1/2 (F + H) M^-1/2) by random vectors.

    Stochastic Lanczos quadrature (Ubaru, Chen & Saad 2017). Its error falls with the square root of the probes.
    """
    from scipy.linalg import eigh_tridiagonal

    rng = np.random.default_rng(seed)
    size, order = operator.params, factor.order

    def product(values: np.ndarray) -> np.ndarray:
        full = np.empty(size)
        full[order] = factor.half(values, transposed=True)
        return factor.half(operator.product(full)[order], transposed=False)

    total = 0.0
    for _ in range(probes):
        basis = [rng.choice([-1.0, 1.0], size) / np.sqrt(size)]
        diagonal, beside = [], []
        for step in range(min(steps, size)):
            applied = product(basis[-1])
            diagonal.append(float(basis[-1] @ applied))
            for vector in basis:  # orthogonal to all before, so that no eigenvalue comes twice
                applied -= (vector @ applied) * vector
            length = float(np.linalg.norm(applied))
            if length < 1e-12 or step + 1 == min(steps, size):
                break
            beside.append(length)
            basis.append(applied / length)
        values, vectors = eigh_tridiagonal(np.array(diagonal), np.array(beside))
        total += size * float(vectors[0] ** 2 @ np.log(np.maximum(values, 1e-300)))
    return factor.log_det + total / probes
