"""The true cells of meshes in the source plane, and their edges, of every kind of mesh."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc

Extent = tuple[float, float, float, float]  # x0, x1, y0, y1


def is_rectangular(mesh_geometry: Any) -> bool:
    """Whether the cells of a mesh are rows and columns; the others are those of vertices.

    Raises
    ------
    MeshException
        If it is neither.
    """
    from autoarray.inversion.mesh.mesh_geometry.delaunay import MeshGeometryDelaunay
    from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular

    if isinstance(mesh_geometry, MeshGeometryRectangular):
        return True
    if isinstance(mesh_geometry, MeshGeometryDelaunay):
        return False
    raise exc.MeshException(
        "mesh_geometry: expected the geometry of a rectangular mesh or of a mesh of vertices, found "
        f"{type(mesh_geometry).__name__}"
    )


# ---------------------------------------------------------------------- rectangular meshes


def cell_edges_from(mesh_geometry: Any) -> tuple[np.ndarray, np.ndarray]:
    """The edges of a rectangular mesh's cells: falling y of its rows, rising x of its columns.

    Those of a rotated mesh are in its own frame.
    """
    from autoarray.inversion.mesh.mesh.rectangular_uniform import RectangularUniform

    rows, columns = mesh_geometry.shape
    if isinstance(mesh_geometry.mesh, RectangularUniform):
        # Their areas follow the density of the data, but their cells are those of the uniform grid.
        (scale_y, scale_x), (origin_y, origin_x) = mesh_geometry.pixel_scales, mesh_geometry.origin
        edges_y = float(origin_y) + float(scale_y) * (rows / 2.0 - np.arange(rows + 1))
        edges_x = float(origin_x) + float(scale_x) * (np.arange(columns + 1) - columns / 2.0)
        return edges_y, edges_x
    edges = np.asarray(mesh_geometry.edges_transformed, dtype=float)
    return edges[: rows + 1, 0], edges[: columns + 1, 1]


def corners_from(mesh_geometry: Any) -> np.ndarray:
    """The (y, x) corners of a rectangular mesh's cells in the source plane, of shape (rows + 1, columns + 1, 2)."""
    edges_y, edges_x = cell_edges_from(mesh_geometry)
    corners = np.stack(np.meshgrid(edges_y, edges_x, indexing="ij"), axis=-1)
    if hasattr(mesh_geometry, "source_plane_from"):
        corners = np.asarray(mesh_geometry.source_plane_from(corners.reshape(-1, 2))).reshape(corners.shape)
    return corners


def polygons_from(corners: np.ndarray) -> list[np.ndarray]:
    """The four (y, x) corners of each cell, in order, from those of rows and columns of cells."""
    around = np.stack((corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]), axis=2)
    return list(around.reshape(-1, 4, 2))


# ---------------------------------------------------------------------- meshes of vertices


def vertices_from(mesh_geometry: Any) -> np.ndarray:
    """The (y, x) vertices of a mesh, of shape (pixels, 2)."""
    grid = mesh_geometry.mesh_grid
    return np.asarray(getattr(grid, "array", grid), dtype=float)


def voronoi_cells_from(points: np.ndarray, extent: Extent | None = None) -> list[np.ndarray]:
    """The Voronoi cell of each (y, x) point: its corners in order, of shape (N, 2), cut off at a rectangle.

    Parameters
    ----------
    points
        Of shape (pixels, 2).
    extent
        The (x0, x1, y0, y1) that all cells are cut off at, those without an end among them; the rectangle that the
        points span if None.

    Returns
    -------
    list
        One array for each point; empty for a point at the place of an earlier one, and for one outside the rectangle.
    """
    from scipy.spatial import Voronoi

    points = np.asarray(points, dtype=float)
    x0, x1, y0, y1 = extent_of(points) if extent is None else extent
    unique, first = np.unique(points, axis=0, return_index=True)
    lowest = np.minimum(points.min(axis=0), (y0, x0))
    highest = np.maximum(points.max(axis=0), (y1, x1))
    centre, reach = (lowest + highest) / 2.0, float((highest - lowest).max()) or 1.0
    # Points far away give every cell an end, beyond the rectangle, and don't change what is inside.
    angles = 2.0 * np.pi * (np.arange(8) + 0.5) / 8
    far = centre + 40.0 * reach * np.stack((np.sin(angles), np.cos(angles)), axis=1)
    diagram = Voronoi(np.concatenate((unique, far)), qhull_options="Qbb Qc Qz Q12")
    cells = [np.zeros((0, 2))] * len(points)
    for index, region in zip(first, diagram.point_region[: len(unique)], strict=True):
        corners = diagram.regions[region] if region >= 0 else []
        if corners and -1 not in corners:
            cells[index] = clipped_from(diagram.vertices[corners], (x0, x1, y0, y1))
    return cells


def clipped_from(polygon: np.ndarray, extent: Extent) -> np.ndarray:
    """The part of a convex (y, x) polygon of shape (N, 2) inside (x0, x1, y0, y1); empty if there is none."""
    x0, x1, y0, y1 = extent
    for axis, sign, limit in ((1, 1.0, x0), (1, -1.0, x1), (0, 1.0, y0), (0, -1.0, y1)):
        distance = sign * (polygon[:, axis] - limit)
        if not len(polygon) or (distance >= 0.0).all():
            continue
        before, previous = np.roll(distance, 1), np.roll(polygon, 1, axis=0)
        crossed = (before < 0.0) != (distance < 0.0)
        share = np.where(crossed, before / np.where(crossed, before - distance, 1.0), 0.0)
        met = previous + (polygon - previous) * share[:, None]
        # Where an edge crosses the limit comes before the corner that it ends at.
        both = np.stack((met, polygon), axis=1).reshape(-1, 2)
        polygon = both[np.stack((crossed, distance >= 0.0), axis=1).reshape(-1)]
    return polygon


def extent_of(points: np.ndarray) -> Extent:
    """The (x0, x1, y0, y1) that (y, x) points span."""
    (y0, x0), (y1, x1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(x1), float(y0), float(y1)


def inside_triangles(mesh_geometry: Any, points: np.ndarray) -> np.ndarray:
    """Which (y, x) points of shape (M, 2) are inside the convex hull of the vertices of a mesh, of shape (M,)."""
    from autoarray.inversion.mesh._triangulation import triangulation as tri

    return tri.triangulation_from(vertices_from(mesh_geometry)).search.find_simplex(points) >= 0


# ---------------------------------------------------------------------- every mesh


def cells_from(mesh_geometry: Any) -> list[np.ndarray]:
    """The cell of each mesh pixel: its (y, x) corners in order, of shape (N, 2).

    They are the rectangles of a rectangular mesh, turned as it is, and the Voronoi cells of vertices, cut off at the
    rectangle that the vertices span.
    """
    if not is_rectangular(mesh_geometry):
        return voronoi_cells_from(vertices_from(mesh_geometry))
    return polygons_from(corners_from(mesh_geometry))


def polygon_areas_from(polygons: list[np.ndarray]) -> np.ndarray:
    """The area of each polygon of shape (N, 2), in square arc-seconds."""
    return np.array([_area_of(polygon) for polygon in polygons])


def _area_of(polygon: np.ndarray) -> float:
    if len(polygon) < 3:
        return 0.0
    y, x = (polygon - polygon[0]).T
    return float(abs(np.sum(y * np.roll(x, -1) - x * np.roll(y, -1))) / 2.0)


def mesh_edges_from(mesh_geometry: Any, voronoi: bool | None = None) -> list[np.ndarray]:
    """The lines of a mesh, each a (y, x) array of shape (N, 2).

    The edges of a rectangular mesh; of a mesh of vertices the triangles, or the Voronoi cells if `voronoi`. By default
    those which the mesh interpolates in: triangles for `Delaunay`, else Voronoi cells.
    """
    if is_rectangular(mesh_geometry):
        corners = corners_from(mesh_geometry)
        return [*corners, *corners.transpose(1, 0, 2)]
    if voronoi is None:
        voronoi = not is_triangulated(mesh_geometry)
    if not voronoi:
        from autoarray.inversion.mesh._triangulation import triangulation as tri

        points = vertices_from(mesh_geometry)
        start, end = tri.edges_from(tri.triangulation_from(points))
        return list(np.stack((points[start], points[end]), axis=1))
    cells = [cell for cell in voronoi_cells_from(vertices_from(mesh_geometry)) if len(cell)]
    return list(unique_segments_from([np.stack((cell, np.roll(cell, -1, axis=0)), axis=1) for cell in cells]))


def unique_segments_from(segments: list[np.ndarray]) -> np.ndarray:
    """The lines between two (y, x) points among arrays of shape (N, 2, 2), each once in whichever direction."""
    every = np.concatenate(segments)
    scale = float(np.ptp(every.reshape(-1, 2), axis=0).max()) or 1.0
    rounded = np.round(every / (1e-9 * scale)).astype(np.int64)
    ahead = (rounded[:, 0, 0] < rounded[:, 1, 0]) | (
        (rounded[:, 0, 0] == rounded[:, 1, 0]) & (rounded[:, 0, 1] < rounded[:, 1, 1])
    )
    rounded = np.where(ahead[:, None, None], rounded, rounded[:, ::-1])
    _, first = np.unique(rounded.reshape(-1, 4), axis=0, return_index=True)
    return every[np.sort(first)]


def is_triangulated(mesh_geometry: Any) -> bool:
    """Whether the mesh interpolates linearly in the triangles of its vertices."""
    from autoarray.inversion.mesh.interpolator.delaunay import InterpolatorDelaunay

    return getattr(mesh_geometry.mesh, "interpolator_cls", None) is InterpolatorDelaunay
