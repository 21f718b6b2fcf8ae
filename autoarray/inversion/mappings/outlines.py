"""The outlines of regions: of pixels of an image, and of mesh pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

# The steps (row, column) along the edges of pixels: to the right, down, to the left and up.
_STEPS = ((0, 1), (1, 0), (0, -1), (-1, 0))


def contours_from_bool_native(bool_native: np.ndarray, geometry: Any) -> list[np.ndarray]:
    """The outlines of the pixels of an image that are True.

    Parameters
    ----------
    bool_native
        The image of bools, of shape (y, x).
    geometry
        Its geometry.

    Returns
    -------
    list
        Closed loops of the (y, x) corners of pixels, of shape (N, 2), in arc-seconds, which have the region to their
        right. A hole is a loop of its own, and so is each of two parts that only touch at a corner.
    """
    inside = np.asarray(bool_native, dtype=bool)
    padded = np.pad(inside, 1)
    rows, columns = np.nonzero(inside)
    # The start of each edge, seen from the top left corner of its pixel, and the pixel across it.
    sides = (((0, 0), (-1, 0)), ((0, 1), (0, 1)), ((1, 1), (1, 0)), ((1, 0), (0, -1)))
    leaving: dict[tuple[int, int], set[int]] = {}
    starts = []
    for direction, ((down, right), (row, column)) in enumerate(sides):
        outer = ~padded[rows + 1 + row, columns + 1 + column]
        corners = list(zip((rows[outer] + down).tolist(), (columns[outer] + right).tolist(), strict=True))
        for corner in corners:
            leaving.setdefault(corner, set()).add(direction)
        starts += [(corner, direction) for corner in corners]

    loops = []
    for corner, direction in starts:
        if direction not in leaving[corner]:
            continue
        loop = [corner]
        while direction in leaving[corner]:
            leaving[corner].remove(direction)
            corner = (corner[0] + _STEPS[direction][0], corner[1] + _STEPS[direction][1])
            loop.append(corner)
            # To the right first, which stays at the same pixel where two of them touch at a corner.
            turns = ((direction + turn) % 4 for turn in (1, 0, 3))
            direction = next((turn for turn in turns if turn in leaving[corner]), direction)
        loops.append(np.array(loop))
    scales = np.array(geometry.pixel_scales)
    top_left = np.array((geometry.scaled_maxima[0], geometry.scaled_minima[1]))
    return [top_left + loop * scales * (-1.0, 1.0) for loop in loops]


def source_contours_from(mapper: Any, pix_indexes: Any) -> list[np.ndarray]:
    """The outlines of mesh pixels: of the cells of a rectangular mesh, or of the Voronoi cells of vertices.

    A Voronoi cell without an end is left out, and the others are cut off at the rectangle that the vertices span.

    Parameters
    ----------
    mapper
        The mapper, whose values are known (not traced by JAX).
    pix_indexes
        The mesh pixels.

    Returns
    -------
    list
        A closed loop of (y, x) corners of shape (N, 2), in arc-seconds, for each mesh pixel.
    """
    # The geometry reaches the interpolators, which import what this module is imported by.
    from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular

    if isinstance(mapper.mesh_geometry, MeshGeometryRectangular):
        return _rectangular_contours_from(mapper.mesh_geometry, np.asarray(pix_indexes))
    return _voronoi_contours_from(mapper.mesh_geometry, np.asarray(pix_indexes))


def _rectangular_contours_from(geometry: Any, pix_indexes: np.ndarray) -> list[np.ndarray]:
    y, x = _rectangular_edges_from(geometry)
    rows, columns = np.divmod(pix_indexes, geometry.shape[1])
    corners = [
        np.stack((y[row + np.array((0, 0, 1, 1, 0))], x[column + np.array((0, 1, 1, 0, 0))]), axis=1)
        for row, column in zip(rows, columns, strict=True)
    ]
    if hasattr(geometry, "source_plane_from"):
        # The edges of a rotated mesh are in its own frame.
        return [np.asarray(geometry.source_plane_from(loop)) for loop in corners]
    return corners


def _rectangular_edges_from(geometry: Any) -> tuple[np.ndarray, np.ndarray]:
    """The falling y of the edges of the rows, and the rising x of those of the columns."""
    from autoarray.inversion.mesh.mesh.rectangular_uniform import RectangularUniform

    if type(geometry.mesh) is not RectangularUniform:
        y, x = np.asarray(geometry.edges_transformed).T
        return y[: geometry.shape[0] + 1], x[: geometry.shape[1] + 1]
    (y_scale, x_scale), (y, x) = geometry.pixel_scales, geometry.origin
    rows, columns = (np.arange(pixels + 1) - pixels / 2.0 for pixels in geometry.shape)
    return np.asarray(y - rows * y_scale), np.asarray(x + columns * x_scale)


def _voronoi_contours_from(geometry: Any, pix_indexes: np.ndarray) -> list[np.ndarray]:
    voronoi = geometry.voronoi
    lowest, highest = voronoi.points.min(axis=0), voronoi.points.max(axis=0)
    contours = []
    for index in pix_indexes:
        region = voronoi.regions[voronoi.point_region[index]]
        if not region or -1 in region:
            continue
        cell = voronoi.vertices[region]
        for axis in (0, 1):
            cell = _half_plane_from(cell, cell[:, axis] - lowest[axis])
            cell = _half_plane_from(cell, highest[axis] - cell[:, axis]) if len(cell) else cell
        if len(cell):
            contours.append(np.concatenate((cell, cell[:1])))
    return contours


def _half_plane_from(polygon: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """The part of a convex polygon of shape (N, 2) whose distance from a line is not negative."""
    kept = []
    for i in range(len(polygon)):
        before, here = distance[i - 1], distance[i]
        if (before < 0.0) != (here < 0.0):
            kept.append(polygon[i - 1] + (polygon[i] - polygon[i - 1]) * before / (before - here))
        if here >= 0.0:
            kept.append(polygon[i])
    return np.array(kept).reshape(-1, 2)
