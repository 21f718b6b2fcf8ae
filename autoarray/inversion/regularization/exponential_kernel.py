"""An exponential covariance between all pairs of mesh pixels."""

from __future__ import annotations

import numpy as np

from autoarray._typing import Array, Namespace, Scalar
from autoarray.inversion.regularization._covariance import (
    JITTER,
    AbstractKernel,
    apply_jitter,
    correlation_matrix_from,
)
from autoarray.inversion.regularization.abstract import Smoothable
from autoarray.structures.grids.irregular_2d import Grid2DIrregular


def exp_cov_matrix_from(
    scale: Scalar,
    pixel_points: Array | Grid2DIrregular,
    jitter: Scalar = JITTER,
    jitter_relative: bool = False,
    xp: Namespace = np,
) -> Array:
    """The covariance exp(-r / scale) between points at distance r, plus the jitter.

    Parameters
    ----------
    scale
        The distance over which it falls by a factor e, in arc-seconds.
    pixel_points
        (y, x) coordinates of shape (N, 2), in arc-seconds.
    jitter, jitter_relative
        See `covariance.apply_jitter`.

    Returns
    -------
    array
        Of shape (N, N).
    """
    matrix = correlation_matrix_from(lambda r: xp.exp(-r / scale), pixel_points, xp)
    return apply_jitter(matrix, jitter, jitter_relative, xp)


class ExponentialKernel(AbstractKernel):
    """Smooths all mesh pixels with an exponential covariance (Vernardos & Koopmans 2022).

    Parameters
    ----------
    coefficient, scale, jitter, jitter_relative
        See `AbstractKernel`.
    """

    def covariance_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return exp_cov_matrix_from(
            self.scale, linear_obj.source_plane_mesh_grid, self.jitter_value, self.jitter_relative, xp
        )
