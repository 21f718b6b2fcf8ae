"""Linear interpolation in the triangles of a Delaunay mesh."""

from __future__ import annotations

import numpy as np

from autoarray._backend import Backend
from autoarray._display import line
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._triangulation import point_location
from autoarray.inversion.mesh._triangulation import triangulation as tri
from autoarray.inversion.mesh._triangulation.barycentric import pixel_weights_delaunay_from
from autoarray.inversion.mesh._triangulation.split_points import split_points_from
from autoarray.inversion.mesh._triangulation.triangulation import Triangulation, barycentric_dual_area_from
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh_geometry.delaunay import MeshGeometryDelaunay

__all__ = [
    "DelaunayInterface",
    "InterpolatorDelaunay",
    "barycentric_dual_area_from",
    "pixel_weights_delaunay_from",
    "split_points_from",
]


class DelaunayInterface(Backend):
    """The tables of an interpolation on a Delaunay mesh, for those who ask for all of them at once.

    Parameters
    ----------
    points
        The (y, x) vertices of shape (pixels, 2), in arc-seconds.
    simplices
        The three vertices of each triangle, of shape (2 * pixels, 3); unused rows are -1.
    mappings
        The vertices that each over-sampled coordinate is interpolated from, of shape (sub_pixels, 3), padded with -1.
    split_points
        The (y, x) ends of the cross around each vertex, of shape (4 * pixels, 2).
    splitted_mappings
        The vertices that each of those is interpolated from, of shape (4 * pixels, 3), padded with -1.
    xp
        `numpy` or `jax.numpy`.
    dual_areas
        The barycentric dual area of each vertex, of shape (pixels,).
    """

    def __init__(
        self,
        points: Array,
        simplices: Array,
        mappings: Array,
        split_points: Array,
        splitted_mappings: Array,
        xp: Namespace = np,
        dual_areas: Array | None = None,
    ) -> None:
        self._set_backend(xp)
        self.points = points
        self.simplices = simplices
        self.mappings = mappings
        self.split_points = split_points
        self.splitted_mappings = splitted_mappings
        self.dual_areas = dual_areas

    @property
    def sizes(self) -> Array:
        """How many entries of each row of `mappings` are in use, of shape (sub_pixels,)."""
        return (self.mappings >= 0).sum(axis=1)

    @property
    def splitted_sizes(self) -> Array:
        """How many entries of each row of `splitted_mappings` are in use, of shape (4 * pixels,)."""
        return (self.splitted_mappings >= 0).sum(axis=1)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [line.backend(self), f"points={line.shape_of(state['points'])} arcsec"]


class InterpolatorDelaunay(AbstractInterpolator):
    """Linear interpolation between the corners of the triangle that a coordinate is in.

    A coordinate outside the convex hull of the mesh takes the value of the vertex nearest to it.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, adapt_data, xp
        See `AbstractInterpolator`.
    """

    exclude_zero_weight_mappings = True
    is_continuous = True
    is_linear_in_triangles = True

    @property
    def mesh_grid_xy(self) -> Array:
        """The vertices of shape (pixels, 2), in arc-seconds, in (y, x) order: the name is an old one."""
        return self.mesh_geometry.mesh_grid_xy

    @derived(travels=True)
    def mesh_geometry(self) -> MeshGeometryDelaunay:
        """The geometry of the mesh, which shares the grids of the interpolator and holds the triangulation."""
        return MeshGeometryDelaunay(mesh=self.mesh, mesh_grid=self.mesh_grid, data_grid=self.data_grid, xp=self._xp)

    @property
    def triangulation(self) -> Triangulation:
        """The Delaunay triangulation of the vertices."""
        return self.mesh_geometry.triangulation

    @property
    def dual_areas(self) -> Array:
        """The barycentric dual area of each vertex, of shape (pixels,), in square arc-seconds."""
        return self.mesh_geometry.dual_areas

    def _interpolation_from(self, points: Array) -> tuple[Array, Array, Array]:
        """The mappings, their number and the weights of (y, x) points of shape (M, 2)."""
        xp = self._xp
        mappings = point_location.mappings_from(self.triangulation, points, xp)
        weights = pixel_weights_delaunay_from(points, self.mesh_grid_xy, mappings, xp)
        if self.use_jax:
            # Vertices that are being traced and have no triangulation can't raise, and must not pass for a mesh.
            weights = xp.where(self.triangulation.simplices[0, 0] >= 0, weights, xp.nan)
        return mappings, xp.where(mappings[:, 1] < 0, 1, 3), weights

    def interpolate(self) -> tuple[Array, Array, Array]:
        return self._interpolation_from(self.data_grid.over_sampled.array)

    @derived
    def split_points(self) -> Array:
        """The (y, x) ends of a cross around each vertex, of shape (4 * pixels, 2): above, below, right and left.

        Its arms are the square root of the vertex's dual area times the mesh's `areas_factor` long.
        """
        xp = self._xp
        areas = self.dual_areas
        # A vertex without area stays where it is; the inner `where` keeps the derivative of its root finite.
        arms = xp.where(areas > 0.0, xp.sqrt(xp.where(areas > 0.0, areas, 1.0)), areas)
        return split_points_from(self.mesh_grid_xy, self.mesh.areas_factor * arms, xp)

    @derived
    def _mappings_sizes_weights_split(self) -> tuple[Array, Array, Array]:
        """The interpolation of `split_points`, with one more column, which split regularizations fill."""
        xp = self._xp
        mappings, sizes, weights = self._interpolation_from(self.split_points)
        column = xp.full((mappings.shape[0], 1), -1, dtype=mappings.dtype)
        return (
            xp.concatenate((mappings, column), axis=1),
            sizes,
            xp.concatenate((weights, xp.zeros_like(weights[:, :1])), axis=1),
        )

    @derived
    def delaunay(self) -> DelaunayInterface:
        """All tables of the interpolation in one object."""
        xp = self._xp
        return DelaunayInterface(
            points=self.mesh_grid_xy,
            simplices=tri.padded_simplices_from(self.triangulation.simplices, self.mesh_grid.shape[0], xp),
            mappings=self.mappings,
            split_points=self.split_points,
            splitted_mappings=self._mappings_sizes_weights_split[0][:, :-1],
            xp=xp,
            dual_areas=self.dual_areas,
        )
