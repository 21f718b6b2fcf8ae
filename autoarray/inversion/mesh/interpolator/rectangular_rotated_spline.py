"""Interpolation on a rectangular mesh that is turned to the principal axes of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._transform.cdf import SPLINE_DEGREE
from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.mesh_geometry.rectangular_rotated import MeshGeometryRectangularRotated
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular


class InterpolatorRectangularRotatedSpline(InterpolatorRectangular):
    """Bilinear interpolation on a mesh in a rotated frame, which is uniform after the spline transform of each axis.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, mesh_weight_map, adapt_data, spline_deg, xp, row_weights, spline_fit
        See `InterpolatorRectangular`; the grids are in the rotated frame.
    rotation_matrix, rotation_centroid
        The rotation R of shape (2, 2) and the centre c of shape (2,) that it turns about, in arc-seconds: source-plane
        coordinates have the coordinates `(grid - c) @ R.T` in the rotated frame.
    """

    def __init__(
        self,
        mesh: AbstractMeshRectangular,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        mesh_weight_map: Array | None,
        rotation_matrix: Array,
        rotation_centroid: Array,
        adapt_data: Array2D | None = None,
        spline_deg: int = SPLINE_DEGREE,
        xp: Namespace = np,
        *,
        row_weights: str = "bilinear",
        spline_fit: str = "residuals",
    ) -> None:
        super().__init__(
            mesh=mesh,
            mesh_grid=mesh_grid,
            data_grid=data_grid,
            mesh_weight_map=mesh_weight_map,
            adapt_data=adapt_data,
            transform="spline",
            xp=xp,
            row_weights=row_weights,
            spline_deg=spline_deg,
            spline_fit=spline_fit,
        )
        self.rotation_matrix = rotation_matrix
        self.rotation_centroid = rotation_centroid

    @derived(travels=True)
    def mesh_geometry(self) -> MeshGeometryRectangularRotated:
        """The geometry of the mesh, which shares the grids and the rotation, and holds the transform of both."""
        return MeshGeometryRectangularRotated(
            mesh=self.mesh,
            mesh_grid=self.mesh_grid,
            data_grid=self.data_grid,
            mesh_weight_map=self.mesh_weight_map,
            spline_deg=self.spline_deg,
            spline_fit=self.spline_fit,
            rotation_matrix=self.rotation_matrix,
            rotation_centroid=self.rotation_centroid,
            xp=self._xp,
        )
