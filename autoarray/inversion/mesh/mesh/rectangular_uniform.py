"""The uniform rectangular mesh."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.inversion.mesh.border_relocator import BorderRelocator
from autoarray.inversion.mesh.interpolator.rectangular_uniform import InterpolatorRectangularUniform
from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


class RectangularUniform(AbstractMeshRectangular):
    """Rectangular pixels of one size, laid over the traced coordinates of the data.

    Every coordinate is interpolated bilinearly between the centres of four pixels.

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
    ) -> InterpolatorRectangularUniform:
        """The interpolator of this mesh, which is laid over the data: `source_plane_mesh_grid` is not used."""
        data_grid = self.relocated_grid_from(border_relocator, source_plane_data_grid, xp=xp)
        return InterpolatorRectangularUniform(
            mesh=self,
            mesh_grid=self.mesh_grid_over(data_grid, xp),
            data_grid=data_grid,
            adapt_data=adapt_data,
            xp=xp,
        )
