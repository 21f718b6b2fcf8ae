"""Polygons in the source plane: the cells of meshes, their areas and their edges."""

from __future__ import annotations

import numpy as np

Extent = tuple[float, float, float, float]  # x0, x1, y0, y1


def polygons_from(corners: np.ndarray) -> list[np.ndarray]:
    """The four (y, x) corners of each cell, in order, from those of rows and columns of cells."""
    around = np.stack((corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]), axis=2)
    return list(around.reshape(-1, 4, 2))


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
            cells[index] = clip(diagram.vertices[corners], (x0, x1, y0, y1))
    return cells


def clip(polygon: np.ndarray, extent: Extent) -> np.ndarray:
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


def polygon_areas_from(polygons: list[np.ndarray]) -> np.ndarray:
    """The area of each polygon of shape (N, 2), in square arc-seconds."""
    return np.array([_area_of(polygon) for polygon in polygons])


def _area_of(polygon: np.ndarray) -> float:
    if len(polygon) < 3:
        return 0.0
    y, x = (polygon - polygon[0]).T
    return float(abs(np.sum(y * np.roll(x, -1) - x * np.roll(y, -1))) / 2.0)


def sides_from(polygon: np.ndarray) -> np.ndarray:
    """The sides of a polygon of shape (N, 2), of shape (N, 2, 2): both (y, x) ends of each."""
    return np.stack((polygon, np.roll(polygon, -1, axis=0)), axis=1)


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
