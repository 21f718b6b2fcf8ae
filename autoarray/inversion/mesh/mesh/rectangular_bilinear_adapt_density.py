"""The rectangular mesh whose pixels follow the density of the traced coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.inversion.mesh.border_relocator import BorderRelocator
from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


class RectangularBilinearAdaptDensity(AbstractMeshRectangular):
    """Rectangular pixels that are small where many coordinates of the data are traced to, and large where few are.

    Every axis is transformed by the rank CDF of the traced coordinates, in which the mesh is uniform, so that the
    resolution follows the magnification of the lens without a parameter to choose.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    """

    def interpolator_from(
        self,
        source_plane_data_grid: Grid2D,
        source_plane_mesh_grid: Grid2DIrregular | None = None,
        border_relocator: BorderRelocator | None = None,
        adapt_data: Any = None,
        xp: Any = np,
    ) -> InterpolatorRectangular:
        """The interpolator of this mesh, which is laid over the data: `source_plane_mesh_grid` is not used."""
        data_grid = self.relocated_grid_from(border_relocator, source_plane_data_grid, xp=xp)
        return InterpolatorRectangular(
            mesh=self,
            mesh_grid=self.mesh_grid_over(data_grid, xp),
            data_grid=data_grid,
            mesh_weight_map=None,
            adapt_data=adapt_data,
            transform="rank",
            xp=xp,
        )
