"""Bilinear interpolation on the nodes of a rectangular mesh."""

from __future__ import annotations

import numpy as np

from autoarray._backend import as_array
from autoarray._typing import Array, Namespace


def bilinear_from(
    top: Array, bottom: Array, left: Array, right: Array, down: Array, across: Array, columns: int, xp: Namespace
) -> tuple[Array, Array, Array]:
    """The four mesh pixels around each position, and their weights.

    Parameters
    ----------
    top, bottom
        The rows of the nodes above and below, of shape (M,), as whole numbers.
    left, right
        The columns of the nodes to the left and right, likewise.
    down, across
        How far the position is from the top towards the bottom row, and from the left towards the right column.
    columns
        The number of columns of the mesh.

    Returns
    -------
    tuple
        The mappings (top left, top right, bottom left, bottom right), the number of them in each row, and the weights.
    """
    mappings = xp.stack(
        (top * columns + left, top * columns + right, bottom * columns + left, bottom * columns + right), axis=1
    )
    up, back = 1.0 - down, 1.0 - across
    weights = xp.stack((up * back, up * across, down * back, down * across), axis=1)
    return mappings, as_array(np.full(mappings.shape[0], 4), xp), weights
