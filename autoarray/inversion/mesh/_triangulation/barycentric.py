"""Linear interpolation in triangles: barycentric weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._numerics import compiled
from autoarray._typing import Array, Namespace

if TYPE_CHECKING:
    from jaxtyping import Float, Int


def pixel_weights_delaunay_from(
    data_grid: Float[Array, "queries 2"],
    mesh_grid: Float[Array, "vertices 2"],
    pix_indexes_for_sub_slim_index: Int[Array, "queries 3"],
    xp: Namespace = np,
) -> Float[Array, "queries 3"]:
    """The barycentric weights of points in their triangles.

    Parameters
    ----------
    data_grid
        The (y, x) points of shape (M, 2), in arc-seconds.
    mesh_grid
        The (y, x) vertices of shape (N, 2), in arc-seconds.
    pix_indexes_for_sub_slim_index
        The three vertices of the triangle of each point, of shape (M, 3); or, with -1 in the second column, the single
        vertex in the first.

    Returns
    -------
    array
        Of shape (M, 3): every row adds up to 1, and is (1, 0, 0) for a single vertex.
    """
    if xp is np and compiled.is_available():
        from autoarray.inversion.mesh._triangulation import barycentric_numba

        grids = (np.asarray(grid, dtype=float) for grid in (data_grid, mesh_grid))
        return barycentric_numba.weights(*grids, np.asarray(pix_indexes_for_sub_slim_index))
    single = pix_indexes_for_sub_slim_index[:, 1] < 0
    # A single vertex is given three corners that span an area, so that neither value nor derivative is NaN.
    indexes = xp.where(pix_indexes_for_sub_slim_index < 0, 0, pix_indexes_for_sub_slim_index)
    y, x = mesh_grid[:, 0][indexes.T], mesh_grid[:, 1][indexes.T]
    dy, dx = y - data_grid[:, 0], x - data_grid[:, 1]
    first, second = dy[1] * dx[2] - dx[1] * dy[2], dy[2] * dx[0] - dx[2] * dy[0]
    total = first + second + (dy[0] * dx[1] - dx[0] * dy[1])
    usable = ~single & (total != 0.0)
    total = xp.where(usable, total, 1.0)
    first, second = xp.where(usable, first / total, 1.0), xp.where(usable, second / total, 0.0)
    return xp.stack((first, second, 1.0 - first - second), axis=1)
