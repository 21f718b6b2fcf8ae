"""What fits to imaging data can share."""

from __future__ import annotations

from autoarray._typing import ArrayLike
from autoarray.preloads.abstract import AbstractPreloads


class PreloadsImaging(AbstractPreloads):
    """The mesh that exposures of one lens share; each still has a PSF, offsets and so a curvature matrix of its own.

    Parameters
    ----------
    source_plane_mesh_grid, image_plane_mesh_grid
        See `AbstractPreloads`.
    """

    def __init__(
        self, source_plane_mesh_grid: ArrayLike | None = None, image_plane_mesh_grid: ArrayLike | None = None
    ) -> None:
        super().__init__(source_plane_mesh_grid=source_plane_mesh_grid, image_plane_mesh_grid=image_plane_mesh_grid)
