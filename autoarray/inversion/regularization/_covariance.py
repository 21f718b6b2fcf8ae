"""Regularizations whose matrix is the inverse of a covariance between all pairs of mesh pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autoarray._backend import as_array
from autoarray._numerics import cholesky
from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_flag, check_number, check_power
from autoarray.inversion.regularization.abstract import (
    AbstractRegularization,
    Smoothable,
)
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

# What is added to the diagonal of a covariance unless the caller says otherwise.
JITTER = 1e-8


def correlation_matrix_from(
    correlation: Callable[[Any], Any], pixel_points: Array | Grid2DIrregular, xp: Namespace = np
) -> Array:
    """A function of the distance, for all pairs of points.

    Distances are differences of coordinates, so that the matrix is exactly symmetric and one on its diagonal.

    Parameters
    ----------
    correlation
        The function, which is 1 at distance 0.
    pixel_points
        (y, x) coordinates of shape (N, 2).

    Returns
    -------
    array
        Of shape (N, N).
    """
    points = as_array(getattr(pixel_points, "array", pixel_points), xp)
    if xp is np:
        from scipy.spatial.distance import pdist, squareform

        matrix = squareform(correlation(pdist(points)))
        np.fill_diagonal(matrix, 1.0)
        return matrix
    y, x = points.T
    squared = (y[:, None] - y) ** 2 + (x[:, None] - x) ** 2
    apart = squared > 0.0
    # The derivative of a root at zero is infinite; points that coincide stay where they are.
    return xp.where(apart, correlation(xp.sqrt(xp.where(apart, squared, 1.0))), 1.0)


def apply_jitter(covariance_matrix: Array, jitter: Scalar, jitter_relative: bool = False, xp: Namespace = np) -> Array:
    """A covariance with more on its diagonal, which bounds its condition.

    Parameters
    ----------
    covariance_matrix
        Of shape (N, N).
    jitter
        What is added.
    jitter_relative
        Add that share of each diagonal entry rather than the same to all. For a covariance whose variances differ by
        orders of magnitude, as adaptive weights make them, only this leaves the small ones as they are.
    """
    if jitter_relative:
        return covariance_matrix + xp.diag(jitter * xp.diag(covariance_matrix))
    return covariance_matrix + jitter * as_array(np.eye(covariance_matrix.shape[0]), xp)


def inv_via_cholesky(C: Array, xp: Namespace = np) -> Array:
    """The inverse of a covariance, exactly symmetric; see `cholesky.inverse_from` for the errors.

    Its relative error is the rounding of float64 times the condition of the covariance, 1e-8 for a jitter of 1e-8.
    """
    return cholesky.inverse_from(C, xp)


def quadratic_form_via_cholesky(C: Array, s: Array, xp: Namespace = np) -> Array:
    """The number s^T C^-1 s, from the factor of the covariance rather than from its inverse."""
    return s @ cholesky.solve(C, s, xp)


class AbstractKernel(AbstractRegularization):
    """A Gaussian process prior: the regularization matrix is H = coefficient * C^-1 (Vernardos & Koopmans 2022).

    C is the covariance of every mesh pixel with every other, a function of their distance. It is close to singular
    where pixels are closer than its scale; the jitter on its diagonal is what makes it invertible, and an evidence
    from its explicit inverse has a noise of about 1e-8 of the regularization terms. The two methods below
    take both terms from one factor of C instead, without that noise.

    Parameters
    ----------
    coefficient
        What the inverse covariance is multiplied with; not squared, other than in `Constant`.
    scale
        The distance over which pixels are correlated, in arc-seconds.
    jitter
        What is added to the diagonal of the covariance; 1e-8 for None.
    jitter_relative
        Whether that is a share of each diagonal entry.

    Raises
    ------
    ValueError
        If the coefficient is negative or so large that no matrix holds it, the scale not positive, the jitter negative,
        or one of them no finite number.
    """

    def __init__(
        self, coefficient: float = 1.0, scale: float = 1.0, jitter: float | None = None, jitter_relative: bool = False
    ) -> None:
        name = type(self).__name__
        check_power(coefficient, f"{name}.coefficient", 1.0)
        check_number(scale, f"{name}.scale", "a positive, finite number", above=0.0)
        if jitter is not None:
            check_number(jitter, f"{name}.jitter", "a finite number that is not negative", least=0.0)
        check_flag(jitter_relative, f"{name}.jitter_relative")
        self.coefficient = coefficient
        self.scale = scale
        self.jitter = jitter
        self.jitter_relative = jitter_relative

    @property
    def jitter_value(self) -> float:
        """What is added to the diagonal of the covariance."""
        return JITTER if self.jitter is None else self.jitter

    def _strength(self) -> Scalar:
        """What the inverse covariance is multiplied with."""
        return self.coefficient

    def covariance_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        """The covariance C with its jitter, of shape (params, params)."""
        raise NotImplementedError(f"{type(self).__name__} has no covariance matrix")

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return self.coefficient * xp.ones(linear_obj.params)

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return self._strength() * inv_via_cholesky(self.covariance_matrix_from(linear_obj, xp=xp), xp=xp)

    def log_det_regularization_matrix_term_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        """ln det H = params * ln(coefficient) - ln det C, from the factor of the covariance."""
        log_det = cholesky.log_det_from(self.covariance_matrix_from(linear_obj, xp=xp), xp=xp)
        return linear_obj.params * xp.log(self._strength()) - log_det

    def regularization_term_from(self, linear_obj: Smoothable, reconstruction: Array, xp: Namespace = np) -> Array:
        """s^T H s = coefficient * s^T C^-1 s, from the factor of the covariance."""
        covariance = self.covariance_matrix_from(linear_obj, xp=xp)
        return self._strength() * quadratic_form_via_cholesky(covariance, reconstruction, xp=xp)
