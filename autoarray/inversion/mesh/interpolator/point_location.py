"""Which triangle of a triangulation each point is in, and which vertex is nearest to those outside all triangles."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.inversion.mesh.mesh_geometry.triangulation import Triangulation


def simplex_indexes_from(triangulation: Triangulation, points: Any, xp: Any = np) -> Any:
    """The triangle that each (y, x) point of shape (M, 2) is in, of shape (M,); -1 outside the convex hull."""
    return triangulation.host.find_simplex(points)


def mappings_from(triangulation: Triangulation, points: Any, xp: Any = np) -> Any:
    """The vertices that each (y, x) point of shape (M, 2) is interpolated from, of shape (M, 3).

    They are those of its triangle, or outside the convex hull the nearest vertex and -1 twice.
    """
    simplex = simplex_indexes_from(triangulation, points)
    mappings = triangulation.simplices[simplex]
    outside = np.flatnonzero(simplex < 0)
    if len(outside):
        mappings[outside] = -1
        mappings[outside, 0] = nearest_vertices_from(triangulation, points[outside])
    return mappings


def nearest_vertices_from(triangulation: Triangulation, points: Any, xp: Any = np) -> Any:
    """The vertex nearest to each (y, x) point, of those that are part of a triangle."""
    from scipy.spatial import cKDTree

    vertices = np.flatnonzero(triangulation.vertex_simplex >= 0)
    return vertices[cKDTree(triangulation.points[vertices]).query(points)[1]]
