"""The geometry of meshes whose pixels are the vertices of a Delaunay triangulation."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_tracer
from autoarray._state import derived
from autoarray.geometry.geometry_2d_irregular import Geometry2DIrregular
from autoarray.inversion.linear_obj.neighbors import Neighbors
from autoarray.inversion.mesh._triangulation import triangulation as tri
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry


def voronoi_areas_numpy(points: np.ndarray) -> np.ndarray:
    """The area of the Voronoi cell of each (y, x) vertex (see `triangulation.voronoi_areas_from`)."""
    return tri.voronoi_areas_from(tri.triangulation_from(np.asarray(points, dtype=float)))


class MeshGeometryDelaunay(AbstractMeshGeometry):
    """The geometry of a mesh of vertices: their Delaunay triangulation, and the Voronoi cells around them.

    A vertex at the place of another one is part of no triangle: its areas are 0 and it has no neighbors.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, xp
        See `AbstractMeshGeometry`.
    dual_areas
        The barycentric dual area of each vertex, of shape (pixels,), or None to compute them.
    mesh_weight_map, kernel_bandwidth, kernel_knots, transform
        Not used by this geometry.
    area_convention
        "dual", or "voronoi" to reproduce the `areas_for_magnification` of PyAutoArray up to release 2026.9.4.1.

    Raises
    ------
    ValueError
        If the convention is unknown.
    """

    def __init__(
        self,
        mesh: Any,
        mesh_grid: Any,
        data_grid: Any,
        dual_areas: Any = None,
        xp: Any = np,
        mesh_weight_map: Any = None,
        kernel_bandwidth: float | None = None,
        kernel_knots: int | None = None,
        transform: str = "kernel",
        *,
        area_convention: str = "dual",
    ) -> None:
        super().__init__(
            mesh=mesh,
            mesh_grid=mesh_grid,
            data_grid=data_grid,
            mesh_weight_map=mesh_weight_map,
            kernel_bandwidth=kernel_bandwidth,
            kernel_knots=kernel_knots,
            transform=transform,
            xp=xp,
        )
        if area_convention not in ("dual", "voronoi"):
            raise ValueError(
                f"{type(self).__name__}.area_convention: expected 'dual' or 'voronoi', found {area_convention!r}"
            )
        self._dual_areas = dual_areas
        self.area_convention = area_convention

    @property
    def mesh_grid_xy(self) -> Any:
        """The vertices of shape (pixels, 2), in arc-seconds, in (y, x) order: the name is an old one."""
        return as_array(self.mesh_grid.array, self._xp)

    @property
    def origin(self) -> tuple[float, float]:
        """The (y, x) origin, which is fixed."""
        return 0.0, 0.0

    @property
    def geometry(self) -> Geometry2DIrregular:
        """The rectangle that the vertices span."""
        return self.mesh_grid.geometry

    @property
    def extent(self) -> tuple[Any, Any, Any, Any]:
        """The edges (x0, x1, y0, y1) of the rectangle that the vertices span, in arc-seconds."""
        return self.geometry.extent

    @derived
    def triangulation(self) -> tri.Triangulation:
        """The Delaunay triangulation of the vertices, which interpolation on them shares."""
        return tri.triangulation_from(self.mesh_grid_xy, self._xp)

    @derived
    def neighbors(self) -> Neighbors:
        """The vertices that share an edge of the triangulation with each vertex.

        Raises
        ------
        MeshException
            If JAX is tracing the vertices: how many neighbors they have is not known then. `neighbor_pairs` is.
        """
        if is_tracer(self.mesh_grid.array):
            raise exc.MeshException(
                f"{type(self).__name__}.neighbors: expected vertices whose numbers are known, found vertices that JAX "
                "is tracing; use neighbor_pairs, which has a fixed shape"
            )
        # Whole numbers that NumPy can hold in either mode.
        known = tri.triangulation_from(np.asarray(self.mesh_grid.array)) if self.use_jax else self.triangulation
        ends, indices = known.search.vertex_neighbor_vertices
        sizes = np.diff(ends)
        neighbors = np.full((len(sizes), sizes.max()), -1)
        neighbors[np.arange(neighbors.shape[1]) < sizes[:, None]] = indices
        return Neighbors(arr=neighbors, sizes=sizes)

    @derived
    def neighbor_pairs(self) -> tuple[Any, Any]:
        """Every directed pair of neighbors, as two arrays of indexes.

        In JAX mode they are 6 * pixels long, and both indexes of an unused pair are `pixels`.
        """
        start, end = tri.edges_from(self.triangulation, self._xp)
        return self._xp.concatenate((start, end)), self._xp.concatenate((end, start))

    @derived
    def dual_areas(self) -> Any:
        """The barycentric dual area of each vertex, of shape (pixels,), in square arc-seconds."""
        if self._dual_areas is not None:
            return self._dual_areas
        return tri.barycentric_dual_area_from(self.mesh_grid_xy, self.triangulation.simplices, self._xp)

    @property
    def areas_for_magnification(self) -> Any:
        """The areas that turn a reconstruction into a flux, of shape (pixels,): the barycentric dual areas.

        With them the sum over the vertices is the integral of the piecewise linear reconstruction over the hull. By the
        "voronoi" convention they are the areas of the Voronoi cells, 0 for a vertex of the convex hull.
        """
        if self.area_convention == "voronoi":
            return self._xp.maximum(self.voronoi_areas, 0.0)
        return self.dual_areas

    @property
    def voronoi_areas(self) -> Any:
        """The area of the Voronoi cell of each vertex, of shape (pixels,), in square arc-seconds.

        It is -1 for a vertex of the convex hull, whose cell has no end. Differentiable in JAX mode.
        """
        return tri.voronoi_areas_from(self.triangulation, self._xp)

    @derived
    def voronoi(self) -> Any:
        """The `scipy.spatial.Voronoi` diagram of the vertices, for drawing; it never travels with the geometry.

        Raises
        ------
        MeshException
            If the vertices can't be triangulated, or JAX is tracing them.
        """
        from scipy.spatial import Voronoi

        if is_tracer(self.mesh_grid.array):
            raise exc.MeshException(
                f"{type(self).__name__}.voronoi: expected vertices whose numbers are known, found vertices that JAX is "
                "tracing"
            )
        points = np.asarray(self.mesh_grid.array)
        tri.triangulation_from(points)
        return Voronoi(points, qhull_options="Qbb Qc Qz Q12")
