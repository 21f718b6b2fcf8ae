"""The outlines of regions: of pixels of an image, and of mesh pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autoarray.geometry.geometry_2d import Geometry2D
from autoarray.inversion.mappings._mapper_like import MapperLike

# The steps (row, column) along the edges of pixels: to the right, down, to the left and up.
_STEPS = ((0, 1), (1, 0), (0, -1), (-1, 0))


def contours_from_bool_native(bool_native: np.ndarray, geometry: Geometry2D) -> list[np.ndarray]:
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


def source_contours_from(mapper: MapperLike, pix_indexes: np.ndarray | Sequence[int]) -> list[np.ndarray]:
    """The outlines of the cells of mesh pixels, such as rectangles or the Voronoi cells of vertices.

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
    geometry = mapper.mesh_geometry
    polygons, bounded = geometry.cells(), geometry.bounded_cells()
    chosen = [index for index in np.asarray(pix_indexes).tolist() if bounded[index] and len(polygons[index])]
    return [np.concatenate((polygons[index], polygons[index][:1])) for index in chosen]
