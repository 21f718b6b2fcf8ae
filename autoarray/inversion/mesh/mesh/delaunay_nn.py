"""The Delaunay mesh with natural-neighbor interpolation."""

from __future__ import annotations

from autoarray.inversion.mesh.interpolator.sibson import InterpolatorDelaunayNN
from autoarray.inversion.mesh.mesh.delaunay import Delaunay


class DelaunayNN(Delaunay):
    """Vertices that are traced from the image plane, between which a source is interpolated by natural neighbors.

    Vertices, triangles, areas and crosses are those of `Delaunay`. A coordinate is interpolated from all vertices
    whose Voronoi cells it would take a part of (Sibson 1981), and not only from the corners of its triangle, so that
    the source is smooth but at the vertices, and changes continuously where moving vertices change their triangles.

    Parameters
    ----------
    pixels
        The number of vertices, with or without those at the edge that are fixed to zero.
    zeroed_pixels
        How many vertices at the end of the mesh grid the positive-only solver fixes to zero; None is 0.
    areas_factor
        The length of the arms of the crosses that split regularizations compare a vertex with, in units of the square
        root of its dual area.

    Raises
    ------
    MeshException
        If `pixels` or `zeroed_pixels` is not a number of at least 0, or `areas_factor` is not positive.
    """

    max_cavity_triangles = 32
    """The most triangles in the cavity of a coordinate in JAX mode, whose tables have static shapes."""

    max_neighbors = 32
    """The most natural neighbors of a coordinate in JAX mode."""

    @property
    def interpolator_cls(self) -> type[InterpolatorDelaunayNN]:
        """The class of the interpolators of this mesh."""
        return InterpolatorDelaunayNN
