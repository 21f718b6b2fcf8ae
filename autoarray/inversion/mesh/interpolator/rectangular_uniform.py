"""Interpolation on a uniform rectangular mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh.interpolator._bilinear import bilinear_from
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular


def rectangular_mappings_weights_via_interpolation_from(
    shape_native: tuple[int, int], data_grid: Array, mesh_grid: Array, xp: Namespace = np
) -> tuple[Array, Array]:
    """The four mesh pixels around each coordinate and their bilinear weights.

    In the outer half of the edge pixels there are no four centres around a coordinate: there the plane through the
    nearest four is continued, with weights below 0 and above 1, so that the interpolation stays linear.

    Parameters
    ----------
    shape_native
        The number of pixels along (y, x).
    data_grid
        (y, x) coordinates of shape (M, 2), in arc-seconds.
    mesh_grid
        The (y, x) centres of the pixels, of shape (pixels, 2), row by row from the top left.

    Returns
    -------
    tuple
        Mappings and weights of shape (M, 4): top left, top right, bottom left, bottom right.
    """
    mappings, _, weights = _interpolation_from(shape_native, data_grid, mesh_grid, xp)
    return mappings, weights


def _interpolation_from(
    shape_native: tuple[int, int], data_grid: Array, mesh_grid: Array, xp: Namespace
) -> tuple[Array, Array, Array]:
    rows, columns = shape_native
    top, left = mesh_grid[0, 0], mesh_grid[0, 1]
    y = (top - data_grid[:, 0]) / (top - mesh_grid[columns, 0])
    x = (data_grid[:, 1] - left) / (mesh_grid[1, 1] - left)
    row = xp.clip(xp.floor(y), 0, rows - 2)
    column = xp.clip(xp.floor(x), 0, columns - 2)
    i, j = row.astype(int), column.astype(int)
    return bilinear_from(i, i + 1, j, j + 1, y - row, x - column, columns, xp)


class InterpolatorRectangularUniform(AbstractInterpolator):
    """Bilinear interpolation between the centres of a uniform rectangular mesh.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, adapt_data, xp
        See `AbstractInterpolator`.
    mesh_weight_map
        The weights of the data coordinates in the transform of the mesh geometry, or None for equal weights.
    """

    mesh: AbstractMeshRectangular

    def __init__(
        self,
        mesh: AbstractMeshRectangular,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        adapt_data: Array2D | None = None,
        mesh_weight_map: Array | None = None,
        xp: Namespace = np,
    ) -> None:
        super().__init__(mesh=mesh, mesh_grid=mesh_grid, data_grid=data_grid, adapt_data=adapt_data, xp=xp)
        self.mesh_weight_map = mesh_weight_map

    def interpolate(self) -> tuple[Array, Array, Array]:
        return _interpolation_from(self.mesh.shape, self.data_grid.over_sampled.array, self.mesh_grid.array, self._xp)

    @derived(travels=True)
    def mesh_geometry(self) -> MeshGeometryRectangular:
        """The geometry of the mesh, which shares the grids of the interpolator."""
        return MeshGeometryRectangular(
            mesh=self.mesh,
            mesh_grid=self.mesh_grid,
            data_grid=self.data_grid,
            mesh_weight_map=self.mesh_weight_map,
            kernel_bandwidth=self.mesh.bandwidth,
            kernel_knots=self.mesh.n_knots,
            xp=self._xp,
        )
