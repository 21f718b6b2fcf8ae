"""The kernel of `knn.py`."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


def _weights(points, queries, mappings, radius_scale, least_distance, least_radius, least_sum):
    """The weights of a normalised Wendland kernel and the distances, both of shape (M, width).

    See `knn.get_interpolation_weights`; the last three numbers keep distances, radii and sums from being zero.
    """
    total, width = mappings.shape
    weights, distances = np.empty((total, width)), np.empty((total, width))
    for i in range(total):
        for k in range(width):
            y, x = points[mappings[i, k], 0] - queries[i, 0], points[mappings[i, k], 1] - queries[i, 1]
            distances[i, k] = np.sqrt(y * y + x * x + least_distance * least_distance)
        radius = radius_scale * distances[i, width - 1] + least_radius
        summed = 0.0
        for k in range(width):
            ratio = distances[i, k] / radius
            value = 0.0
            if ratio < 1.0:
                cubed = (1.0 - ratio) * (1.0 - ratio) * (1.0 - ratio)
                value = cubed * cubed * (35.0 * ratio * ratio + 18.0 * ratio + 3.0)
            weights[i, k] = value
            summed += value
        for k in range(width):
            weights[i, k] /= summed + least_sum
    return weights, distances


weights = compile_kernel(_weights)
