"""The correlations as PyAutoArray 2026.10.26.1 rounds them, for comparisons with its numbers.

It takes distances from |x|^2 + |y|^2 - 2 x y, which cancels to about 1e-8 where it should give 0, adds 1e-20 to their
squares, and in the Matern kernel takes 1e-8 as the least distance. So its correlation of a pixel with itself is not 1
but, at smoothness 0.5, 1 - 4e-8 for some pixels and 1 - 2e-8 for others; the inverse of a nearly singular covariance
makes that 1e-7 of an evidence.
"""

from __future__ import annotations

import numpy as np

from autoarray.inversion.regularization import exponential_kernel, matern_kernel


def _distances(points):
    squared = (points**2).sum(axis=1)
    products = points @ points.T
    return np.sqrt(np.maximum(squared[:, None] + squared - 2 * products, 0.0) + 1e-20)


def apply(monkeypatch, mesh_grid=None):
    """Make the exponential and Matern covariances of NumPy what PyAutoArray computes.

    Its rounding is that of the last bit of every coordinate: `mesh_grid` are the very coordinates that it had.
    """

    def correlations(least):
        def correlation_matrix_from(correlation, pixel_points, xp=np):
            points = np.asarray(getattr(pixel_points, "array", pixel_points)) if mesh_grid is None else mesh_grid
            return correlation(np.maximum(_distances(points), least))

        return correlation_matrix_from

    monkeypatch.setattr(exponential_kernel, "correlation_matrix_from", correlations(0.0))
    monkeypatch.setattr(matern_kernel, "correlation_matrix_from", correlations(1e-8))
