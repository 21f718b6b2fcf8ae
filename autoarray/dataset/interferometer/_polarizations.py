"""The total intensity of parallel hands of polarization, and the chunk that a stream takes."""

from __future__ import annotations

import numpy as np


def chunk_from(
    uv: np.ndarray, data: np.ndarray, weights: np.ndarray, east_left: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The frequencies, visibilities and noise of what has weight.

    Parameters
    ----------
    uv
        In wavelengths, of shape (n, 2).
    data
        The visibilities of each hand, of shape (n, hands).
    weights
        Their inverse variances, zero where they are flagged, of the same shape.
    east_left
        Whether x grows to the west.

    Returns
    -------
    tuple
        Of shapes (m, 2), (m,) and (m,): the mean of the hands by their weights, and sigma + i sigma of it.
    """
    weights = np.where(np.isfinite(weights) & (weights > 0.0) & np.isfinite(data), weights, 0.0)
    total = weights.sum(axis=1)
    used = total > 0.0
    mean = (weights[used] * np.where(weights[used] > 0.0, data[used], 0.0)).sum(axis=1) / total[used]
    sigma = total[used] ** -0.5
    return uv[used] * np.array([-1.0 if east_left else 1.0, 1.0]), mean, sigma + 1j * sigma
