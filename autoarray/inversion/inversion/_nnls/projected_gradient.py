"""A guess of which parameters of a positive-only reconstruction are positive, by steps along its projected gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._numerics import compiled
from autoarray._numerics.blas_threads import one_blas_thread
from autoarray._numerics.lapack import blas_and_lapack
from autoarray.inversion.inversion._nnls import active_set

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

_MIN_STEPS, _MAX_STEPS = 20, 40
# Then the steps end when one changes this share of the guess, or less: an exchange of the solver costs less than more.
_CHANGED_SHARE = 0.01
_FIRST_STEP = 0.1
# Single precision is not used for smaller entries of a matrix with ones on its diagonal.
_LEAST_ENTRY = 1e-12


@one_blas_thread()
def guess_from(
    matrix: Float[np.ndarray, "params params"],
    vector: Float[np.ndarray, "params"],
    allowed: Bool[np.ndarray, "params"],
    border: Bool[np.ndarray, "params"],
    tolerance: float,
    max_iterations: int,
) -> Bool[np.ndarray, "params"]:
    """Which of the allowed parameters outside the border are positive, as bools of shape (params,).

    The steps have the lengths of Barzilai & Borwein (1988), both of them in turn (Dai & Fletcher 2005), in units of the
    inverse diagonal. They need one product of the matrix with a vector each, and no factorization. The parameters of
    the border, for which the gradient is of little use, are at their exact minimum after every step.

    Parameters
    ----------
    matrix, vector
        Q, positive definite, of shape (params, params), and q, of shape (params,).
    allowed
        Which parameters are solved for, as bools of shape (params,).
    border
        Which parameters are few and can all but replace each other, as bools of shape (params,).
    """
    inner = allowed & ~border
    few = np.flatnonzero(border & allowed)
    diagonal = np.diagonal(matrix)
    if not (diagonal[allowed] > 0.0).all():  # there is no solution, as the factorization will say
        return inner
    scale = np.where(inner, 1.0 / np.where(inner, diagonal, 1.0), 0.0)
    few_matrix, few_columns = matrix[np.ix_(few, few)], matrix.take(few, 0).T
    few_positive = np.zeros(few.size, dtype=bool)
    product_with = _product_of(matrix, np.where(allowed, diagonal, 0.0))

    def gradient_at(x: Float[np.ndarray, "params"]) -> Float[np.ndarray, "params"]:
        nonlocal few_positive
        gradient = product_with(x) - vector
        if few.size:
            right = vector[few] - x @ few_columns
            values = active_set.solve(few_matrix, right, few_positive, tolerance, max_iterations)
            few_positive = values > 0.0
            gradient += few_columns @ values
        return gradient

    x, positive, step = np.zeros_like(vector), np.zeros_like(inner), _FIRST_STEP
    try:
        gradient = gradient_at(x)
        for i in range(_MAX_STEPS):
            x_then = np.maximum(x - step * scale * gradient, 0.0)
            gradient_then = gradient_at(x_then)
            moved, turned = x_then - x, gradient_then - gradient
            product = moved @ turned
            if not product > 0.0:
                break
            step = product / (turned @ (turned * scale)) if i % 2 else (moved @ (moved * diagonal)) / product
            x, gradient = x_then, gradient_then
            before, positive = positive, x > 0.0
            if i + 1 >= _MIN_STEPS and np.count_nonzero(positive ^ before) <= _CHANGED_SHARE * inner.sum():
                break
    except exc.InversionException:  # any guess will do, and the solver raises the error if there is one
        return inner
    return positive


def _product_of(
    matrix: Float[np.ndarray, "params params"], diagonal: Float[np.ndarray, "params"]
) -> Callable[[Float[np.ndarray, "params"]], Float[np.ndarray, "params"]]:
    """The function that multiplies a matrix with vectors that are zero where `diagonal` is.

    The product takes as long as it takes to read the matrix. So it is computed in single precision, where that is quick
    to make.
    """
    blas, _ = blas_and_lapack()

    if not compiled.is_available():
        return lambda x: blas.dsymv(1.0, matrix.T, x)
    from autoarray.inversion.inversion._nnls import projected_gradient_numba

    root = np.sqrt(diagonal)
    scale = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0.0)
    rounded = projected_gradient_numba.rounded(np.ascontiguousarray(matrix, dtype=float), scale, _LEAST_ENTRY)

    def product(x: Float[np.ndarray, "params"]) -> Float[np.ndarray, "params"]:
        scaled = root * x
        # Single precision holds no number above 1e38.
        greatest = np.max(np.abs(scaled), initial=0.0) or 1.0
        return greatest * root * blas.ssymv(1.0, rounded.T, (scaled / greatest).astype(np.float32), lower=1)

    return product
