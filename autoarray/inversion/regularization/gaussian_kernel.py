"""A Gaussian covariance between all pairs of mesh pixels."""

from __future__ import annotations

import numpy as np

from autoarray._backend import as_array
from autoarray._typing import Array, Namespace, Scalar
from autoarray.inversion.regularization._covariance import (
    JITTER,
    AbstractKernel,
    apply_jitter,
    correlation_matrix_from,
)
from autoarray.inversion.regularization.abstract import Smoothable
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

# The share of the mean diagonal of H that is added to it. A Gaussian covariance is the closest to singular.
DIAGONAL_SHARE = 1e-8


def gauss_cov_matrix_from(
    scale: Scalar,
    pixel_points: Array | Grid2DIrregular,
    jitter: Scalar = JITTER,
    jitter_relative: bool = False,
    xp: Namespace = np,
) -> Array:
    """The covariance exp(-r^2 / (2 scale^2)) between points at distance r, plus the jitter.

    Parameters
    ----------
    scale
        The standard deviation of the Gaussian, in arc-seconds.
    pixel_points
        (y, x) coordinates of shape (N, 2), in arc-seconds.
    jitter, jitter_relative
        See `covariance.apply_jitter`.

    Returns
    -------
    array
        Of shape (N, N).
    """
    matrix = correlation_matrix_from(lambda r: xp.exp(-0.5 * (r / scale) ** 2), pixel_points, xp)
    return apply_jitter(matrix, jitter, jitter_relative, xp)


class GaussianKernel(AbstractKernel):
    """Smooths all mesh pixels with a Gaussian covariance (Vernardos & Koopmans 2022).

    The matrix has 1e-8 of its mean diagonal added to its diagonal; the terms that are computed without the matrix
    have not.

    Parameters
    ----------
    coefficient, scale, jitter, jitter_relative
        See `AbstractKernel`; the scale is the standard deviation of the Gaussian.
    """

    def covariance_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return gauss_cov_matrix_from(
            self.scale, linear_obj.source_plane_mesh_grid, self.jitter_value, self.jitter_relative, xp
        )

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        matrix = super().regularization_matrix_from(linear_obj, xp=xp)
        added = DIAGONAL_SHARE * xp.mean(xp.diag(matrix))
        return matrix + added * as_array(np.eye(matrix.shape[0]), xp)
