"""The kernel of `barycentric.py`."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


def _weights(points, vertices, mappings):
    """The barycentric weights of points, of shape (M, 3); see `barycentric.pixel_weights_delaunay_from`."""
    weights = np.empty((points.shape[0], 3))
    dy, dx = np.empty(3), np.empty(3)
    for i in range(points.shape[0]):
        total, first, second = 0.0, 1.0, 0.0
        if mappings[i, 1] >= 0:
            for k in range(3):
                vertex = max(mappings[i, k], 0)
                dy[k], dx[k] = vertices[vertex, 0] - points[i, 0], vertices[vertex, 1] - points[i, 1]
            first, second = dy[1] * dx[2] - dx[1] * dy[2], dy[2] * dx[0] - dx[2] * dy[0]
            total = first + second + (dy[0] * dx[1] - dx[0] * dy[1])
            if total != 0.0:
                first, second = first / total, second / total
            else:
                first, second = 1.0, 0.0
        weights[i, 0], weights[i, 1], weights[i, 2] = first, second, 1.0 - first - second
    return weights


weights = compile_kernel(_weights, fused=False)
