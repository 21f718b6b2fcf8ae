"""The crosses around mesh pixels that split regularizations compare them with (He et al. 2024, app. A)."""

from __future__ import annotations

import numpy as np

from autoarray._backend import as_array
from autoarray._typing import Array, Namespace


def split_points_from(points: Array, area_weights: Array, xp: Namespace = np) -> Array:
    """The ends of a cross around each point: above, below, right and left of it.

    Parameters
    ----------
    points
        (y, x) coordinates of shape (N, 2), in arc-seconds.
    area_weights
        The length of each arm, of shape (N,), in arc-seconds.

    Returns
    -------
    array
        (y, x) coordinates of shape (4 * N, 2), the four of a point one after the other.
    """
    directions = as_array(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]), xp)
    return (points[:, None, :] + area_weights[:, None, None] * directions).reshape(-1, 2)
