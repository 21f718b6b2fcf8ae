"""What fits to interferometer data can share."""

from __future__ import annotations

from autoarray.preloads.abstract import AbstractPreloads


class PreloadsInterferometer(AbstractPreloads):
    """What the channels of a spectral line share, whose frequencies and noise are the same.

    Parameters
    ----------
    curvature_matrix
        What takes the place of the curvature matrix that an inversion would form, before anything is added to its
        diagonal, of shape (params, params).
    mapper_galaxy_dict, source_plane_mesh_grid, image_plane_mesh_grid
        As in `AbstractPreloads`.
    """
