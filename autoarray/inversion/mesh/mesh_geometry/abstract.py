"""What the geometries of all meshes offer: which pixels are neighbors, and the cells that figures draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import Backend
from autoarray._display import line
from autoarray._typing import Array, Namespace
from autoarray.inversion.linear_obj._neighbors import Neighbors
from autoarray.inversion.mesh.mesh_geometry import cells
from autoarray.inversion.mesh.mesh_geometry.cells import Extent
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from autoarray.inversion.mesh.mesh.abstract import AbstractMesh


class AbstractMeshGeometry(Backend):
    """The geometry of a mesh that was laid over traced coordinates.

    Which array library it computes with is one bool in its state, so that it pickles and can be restored on either.

    The geometry of a mesh of your own has `neighbors`, which regularizations smooth along, and `corners` or `cells`,
    which figures draw. What else figures ask for follows from these. It is of NumPy, whatever the backend is.

    Parameters
    ----------
    mesh
        The mesh.
    mesh_grid
        The (y, x) centres or vertices of its pixels, in arc-seconds.
    data_grid
        The (y, x) coordinates of the data traced to the source plane.
    mesh_weight_map
        The weights of the data coordinates in the transform of the mesh, or None for equal weights.
    kernel_bandwidth, kernel_knots
        The kernel of the "kernel" transform, or None for the defaults (1.0 mesh pixels, 64 knots).
    transform
        How the mesh adapts to the coordinates: "kernel", "rank" or "spline" (see `CDF`).
    xp
        `numpy` or `jax.numpy`.
    """

    kind: str = "mesh"
    """What messages call a mesh of this geometry."""

    is_aligned: bool = False
    """Whether the cells are rows and columns along the axes y and x."""

    def __init__(
        self,
        mesh: AbstractMesh,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        mesh_weight_map: Array | None = None,
        kernel_bandwidth: float | None = None,
        kernel_knots: int | None = None,
        transform: str = "kernel",
        xp: Namespace = np,
    ) -> None:
        self._set_backend(xp)
        self.mesh = mesh
        self.mesh_grid = mesh_grid
        self.data_grid = data_grid
        self.mesh_weight_map = mesh_weight_map
        self.kernel_bandwidth = kernel_bandwidth
        self.kernel_knots = kernel_knots
        self.transform = transform

    @property
    def pixels(self) -> int:
        """The number of mesh pixels."""
        return self.mesh_grid.shape[0]

    @property
    def neighbors(self) -> Neighbors:
        """The neighbors of every mesh pixel."""
        raise NotImplementedError(f"{type(self).__name__} has no neighbors")

    @property
    def neighbor_pairs(self) -> tuple[Array, Array]:
        """Every directed pair of neighboring mesh pixels; see `LinearObj.neighbor_pairs`."""
        return self.neighbors.pairs

    # ------------------------------------------------------------------ what figures draw

    def corners(self) -> np.ndarray | None:
        """The (y, x) corners of cells that are rows and columns, in the source plane and in arc-seconds.

        Returns
        -------
        array or None
            Of shape (rows + 1, columns + 1, 2), where mesh pixels are indexed row by row; None if cells are no rows
            and columns.
        """
        return None

    def cells(self, extent: Extent | None = None) -> list[np.ndarray]:
        """The cell of each mesh pixel in the source plane: the (y, x) corners of a convex polygon, in order.

        Parameters
        ----------
        extent
            The (x0, x1, y0, y1) that cells are cut off at, in arc-seconds, or None for whole cells.

        Returns
        -------
        list
            One array of shape (N, 2) for each mesh pixel, in arc-seconds; empty where a pixel has no cell.
        """
        corners = self.corners()
        if corners is None:
            raise NotImplementedError(f"{type(self).__name__} has no cells: it has neither `corners` nor `cells`")
        polygons = cells.polygons_from(corners)
        return polygons if extent is None else [cells.clip(polygon, extent) for polygon in polygons]

    def edges(self, voronoi: bool | None = None) -> list[np.ndarray]:
        """The lines between the cells, each a (y, x) array of shape (N, 2), in arc-seconds.

        Parameters
        ----------
        voronoi
            Whether those of a mesh of vertices are the edges of Voronoi cells (True) or triangles (False); by default
            triangles where the mesh is linear in them. Other meshes don't use it.
        """
        corners = self.corners()
        if corners is not None:
            return [*corners, *corners.transpose(1, 0, 2)]
        polygons = [polygon for polygon in self.cells() if len(polygon)]
        return list(cells.unique_segments_from([cells.sides_from(polygon) for polygon in polygons]))

    def cell_extent(self) -> Extent:
        """The (x0, x1, y0, y1) that the cells span, in arc-seconds."""
        corners = self.corners()
        return cells.extent_of(np.concatenate(self.cells()) if corners is None else corners.reshape(-1, 2))

    def bounded_cells(self) -> np.ndarray:
        """Whether each cell ends by itself, and not where a figure cuts it off; bools of shape (pixels,)."""
        return np.ones(self.pixels, dtype=bool)

    @property
    def reaches_beyond_data(self) -> bool:
        """Whether cells may reach so far beyond the data that figures leave out what is there."""
        return False

    @property
    def styles(self) -> tuple[str, ...]:
        """How a reconstruction can be drawn, the default first: in "cells", or "interpolated" between mesh pixels."""
        return ("cells",)

    def contains(self, points: np.ndarray) -> np.ndarray:
        """Whether the mesh interpolates between its pixels at (y, x) points of shape (M, 2); bools of shape (M,)."""
        raise self._no_interpolation()

    def interpolation_from(self, values: np.ndarray, points: np.ndarray) -> np.ndarray:
        """What the mesh interpolates at (y, x) points, for the style "interpolated".

        Parameters
        ----------
        values
            One value for each mesh pixel, of shape (pixels,).
        points
            Of shape (M, 2), in arc-seconds.

        Returns
        -------
        array
            Of shape (M,).

        Raises
        ------
        MeshException
            If the geometry has no such style.
        """
        raise self._no_interpolation()

    def _no_interpolation(self) -> exc.MeshException:
        return exc.MeshException(
            f"{type(self).__name__}: expected a mesh of the style 'interpolated', found {self.styles}"
        )

    @property
    def size_text(self) -> str:
        """The mesh and its size, for messages."""
        return f"mesh of {self.pixels} pixels"

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [
            line.backend(self),
            line.mesh(state["mesh"], state["mesh_grid"]),
            line.coordinates(state, "mesh_grid"),
        ]
