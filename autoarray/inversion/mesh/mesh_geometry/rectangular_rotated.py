"""The geometry of a rectangular mesh that is turned to the principal axes of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._numerics.extrema import greatest, least
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular


class MeshGeometryRectangularRotated(MeshGeometryRectangular):
    """The geometry of a rectangular mesh in a rotated frame, by the spline transform.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, mesh_weight_map, spline_deg, xp, edge_convention, area_convention, spline_fit
        See `MeshGeometryRectangular`; the grids are in the rotated frame, and so are the edges. Areas are the same in
        both.
    rotation_matrix, rotation_centroid
        See `InterpolatorRectangularRotatedSpline`.
    """

    rotation_matrix: Any
    rotation_centroid: Any

    is_aligned = False

    def __init__(
        self,
        mesh: AbstractMeshRectangular,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        mesh_weight_map: Array | None = None,
        spline_deg: int | None = None,
        rotation_matrix: Array | None = None,
        rotation_centroid: Array | None = None,
        xp: Namespace = np,
        *,
        edge_convention: str = "nodes",
        area_convention: str = "nodes",
        spline_fit: str = "residuals",
    ) -> None:
        super().__init__(
            mesh=mesh,
            mesh_grid=mesh_grid,
            data_grid=data_grid,
            mesh_weight_map=mesh_weight_map,
            transform="spline",
            xp=xp,
            spline_deg=spline_deg,
            edge_convention=edge_convention,
            area_convention=area_convention,
            spline_fit=spline_fit,
        )
        self.rotation_matrix = rotation_matrix
        self.rotation_centroid = rotation_centroid

    @property
    def pixel_scales(self) -> tuple[Any, Any]:
        """The span of `mesh_grid` along (y, x) over the number of steps between its pixels, in arc-seconds.

        In a fit that a release of PyAutoArray wrote, `mesh_grid` is in the source plane, where it is turned.
        """
        spans = [greatest(values, self._xp) - least(values, self._xp) for values in self.mesh_grid.array.T]
        rows, columns = self.shape
        return spans[0] / (rows - 1), spans[1] / (columns - 1)

    def corners(self) -> np.ndarray:
        corners = super().corners()
        return np.asarray(self.source_plane_from(corners.reshape(-1, 2))).reshape(corners.shape)

    def source_plane_from(self, grid: Array) -> Array:
        """The source-plane (y, x) of coordinates of shape (M, 2) in the rotated frame, as of corners of mesh pixels."""
        return grid @ self.rotation_matrix + self.rotation_centroid
