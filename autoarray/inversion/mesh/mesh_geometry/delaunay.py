"""The geometry of meshes whose pixels are the vertices of a Delaunay triangulation."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_tracer
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.geometry.geometry_2d_irregular import Geometry2DIrregular
from autoarray.inversion.linear_obj._neighbors import Neighbors
from autoarray.inversion.mesh._triangulation import triangulation as tri
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.inversion.mesh.mesh_geometry.cells import Extent, extent_of, voronoi_cells_from
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from scipy.spatial import Voronoi

    from autoarray.inversion.mesh.mesh.abstract import AbstractMesh


def voronoi_areas_numpy(points: np.ndarray) -> np.ndarray:
    """The area of the Voronoi cell of each (y, x) vertex (see `triangulation.voronoi_areas_from`)."""
    return np.asarray(tri.voronoi_areas_from(tri.triangulation_from(np.asarray(points, dtype=float))))


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

    kind = "mesh of vertices"

    def __init__(
        self,
        mesh: AbstractMesh,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        dual_areas: Array | None = None,
        xp: Namespace = np,
        mesh_weight_map: Array | None = None,
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
    def mesh_grid_xy(self) -> Array:
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
    def extent(self) -> Extent:
        """The edges (x0, x1, y0, y1) of the rectangle that the vertices span, in arc-seconds."""
        return self.geometry.extent

    @derived
    def triangulation(self) -> tri.Triangulation:
        """The Delaunay triangulation of the vertices, which interpolation on them shares."""
        return tri.triangulation_from(self.mesh_grid_xy, self._xp)

    @derived
    def _host_triangulation(self) -> tri.Triangulation:
        """The triangulation in NumPy, in either mode."""
        return tri.triangulation_from(self.vertices()) if self.use_jax else self.triangulation

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
        ends, indices = self._host_triangulation.search.vertex_neighbor_vertices
        sizes = np.diff(ends)
        neighbors = np.full((len(sizes), sizes.max()), -1)
        neighbors[np.arange(neighbors.shape[1]) < sizes[:, None]] = indices
        return Neighbors(arr=neighbors, sizes=sizes)

    @derived
    def neighbor_pairs(self) -> tuple[Array, Array]:
        """Every directed pair of neighbors, as two arrays of indexes.

        In JAX mode they are 6 * pixels long, and both indexes of an unused pair are `pixels`.
        """
        start, end = tri.edges_from(self.triangulation, self._xp)
        return self._xp.concatenate((start, end)), self._xp.concatenate((end, start))

    @derived
    def dual_areas(self) -> Array:
        """The barycentric dual area of each vertex, of shape (pixels,), in square arc-seconds."""
        if self._dual_areas is not None:
            return self._dual_areas
        return tri.barycentric_dual_area_from(self.mesh_grid_xy, self.triangulation.simplices, self._xp)

    @property
    def areas_for_magnification(self) -> Array:
        """The areas that turn a reconstruction into a flux, of shape (pixels,): the barycentric dual areas.

        With them the sum over the vertices is the integral of the piecewise linear reconstruction over the hull. By the
        "voronoi" convention they are the areas of the Voronoi cells, 0 for a vertex of the convex hull.
        """
        if self.area_convention == "voronoi":
            return self._xp.maximum(self.voronoi_areas, 0.0)
        return self.dual_areas

    @property
    def voronoi_areas(self) -> Array:
        """The area of the Voronoi cell of each vertex, of shape (pixels,), in square arc-seconds.

        It is -1 for a vertex of the convex hull, whose cell has no end. Differentiable in JAX mode.
        """
        return tri.voronoi_areas_from(self.triangulation, self._xp)

    @derived
    def voronoi(self) -> Voronoi:
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

    # ------------------------------------------------------------------ what figures draw

    def vertices(self) -> np.ndarray:
        """The (y, x) vertices in NumPy, of shape (pixels, 2), in arc-seconds."""
        return np.asarray(self.mesh_grid.array, dtype=float)

    @property
    def size_text(self) -> str:
        return f"mesh of {self.pixels} vertices"

    def cells(self, extent: Extent | None = None) -> list[np.ndarray]:
        """The Voronoi cell of each vertex: the (y, x) corners of a convex polygon, in order.

        Parameters
        ----------
        extent
            The (x0, x1, y0, y1) that cells are cut off at, in arc-seconds; the rectangle that the vertices span if
            None, because cells of the convex hull have no end.

        Returns
        -------
        list
            One array of shape (N, 2) for each vertex, in arc-seconds; empty for one at the place of an earlier one.
        """
        return voronoi_cells_from(self.vertices(), extent)

    def edges(self, voronoi: bool | None = None) -> list[np.ndarray]:
        if voronoi is None:
            voronoi = not self.mesh.interpolator_cls.is_linear_in_triangles
        if voronoi:
            return super().edges()
        points = self.vertices()
        start, end = tri.edges_from(self._host_triangulation)
        return list(np.stack((points[start], points[end]), axis=1))

    def cell_extent(self) -> Extent:
        return extent_of(self.vertices())

    def bounded_cells(self) -> np.ndarray:
        regions = self.voronoi.regions
        return np.array([-1 not in regions[region] for region in self.voronoi.point_region])

    @property
    def styles(self) -> tuple[str, ...]:
        if self.mesh.interpolator_cls.is_continuous:
            return "interpolated", "cells"
        return "cells", "interpolated"

    def contains(self, points: np.ndarray) -> np.ndarray:
        """Which (y, x) points of shape (M, 2) are inside the convex hull of the vertices; bools of shape (M,)."""
        return self._host_triangulation.search.find_simplex(points) >= 0

    def interpolation_from(self, values: np.ndarray, points: np.ndarray) -> np.ndarray:
        """What the interpolator of the mesh gives, computed with NumPy in either mode; see the base class."""
        interpolator = self.mesh.interpolator_cls(
            mesh=self.mesh,
            mesh_grid=Grid2DIrregular(self.vertices()),
            data_grid=cast("Grid2D", SimpleNamespace(over_sampled=Grid2DIrregular(points))),
        )
        mappings, sizes = np.asarray(interpolator.mappings), np.asarray(interpolator.sizes)
        used = np.arange(mappings.shape[1]) < sizes[:, None]
        return (np.where(used, np.asarray(interpolator.weights), 0.0) * values[np.where(used, mappings, 0)]).sum(axis=1)
