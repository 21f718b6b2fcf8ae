# pyright: strict
"""The square around the source that the panel of a reconstruction shows."""

from __future__ import annotations

import numpy as np

from autoarray.inversion.mesh.mesh_geometry.cells import polygon_areas_from

# The zoom ignores mesh pixels below this fraction of the peak, and this share of the light on either side.
FAINTEST, OUTER = 0.05, 0.03


def zoomed_extent_from(
    values: np.ndarray,
    edges_y: np.ndarray,
    edges_x: np.ndarray,
    zoom_to_brightest: bool = True,
    zoom_extent_scale: float = 1.0,
) -> tuple[float, float, float, float]:
    """The square (x_min, x_max, y_min, y_max) around the bright cells of rows and columns, or around all of them.

    The zoom counts the brightness of cells above a twentieth of the peak. Along each axis the square holds all but the
    outer 3 % of it on either side, with a margin of one cell, so that a few faint cells far away don't make the source
    small.
    """
    bright = _bright_from(values, zoom_to_brightest)
    y = _bounds_of_cells(bright.sum(axis=1), edges_y)
    x = _bounds_of_cells(bright.sum(axis=0), edges_x)
    return _square_from(y, x, 1.02 * (zoom_extent_scale if zoom_to_brightest else 1.0))


def zoomed_extent_of_cells_from(
    values: np.ndarray,
    polygons: list[np.ndarray],
    zoom_to_brightest: bool = True,
    zoom_extent_scale: float = 1.0,
) -> tuple[float, float, float, float]:
    """The same square around bright cells of any shape, whose (y, x) corners are of shape (N, 2).

    The margin is a tenth on each side. The light of a cell is its value times its area, because the areas of the cells
    of vertices differ by large factors.
    """
    kept = [index for index, polygon in enumerate(polygons) if len(polygon) > 2]
    bright = _bright_from(values, zoom_to_brightest)[kept]
    cells = [polygons[index] for index in kept]
    low, high = (np.array([end(cell, axis=0) for cell in cells]) for end in (np.min, np.max))
    if not zoom_to_brightest or np.ptp(values[kept]) == 0.0 or not bright.any() or (bright == 1.0).all():
        (y0, x0), (y1, x1) = low.min(axis=0), high.max(axis=0)
        return _square_from((y0, y1), (x0, x1), 1.04)
    light = bright * polygon_areas_from(cells)
    centres = (low + high) / 2.0
    inside = light > 0.0
    for axis in (0, 1):
        least, most = _bounds_of_points(light, centres[:, axis])
        inside &= (centres[:, axis] >= least) & (centres[:, axis] <= most)
    (y0, x0), (y1, x1) = low[inside].min(axis=0), high[inside].max(axis=0)
    return _square_from((y0, y1), (x0, x1), 1.2 * zoom_extent_scale)


def _bright_from(values: np.ndarray, zoom: bool) -> np.ndarray:
    finite = np.where(np.isfinite(values), values, 0.0)
    if not zoom or finite.max() <= 0.0:
        return np.ones(values.shape)
    return np.where(finite > FAINTEST * finite.max(), finite, 0.0)


def _square_from(y: tuple[float, float], x: tuple[float, float], scale: float) -> tuple[float, float, float, float]:
    half = 0.5 * scale * (max(abs(y[1] - y[0]), abs(x[1] - x[0])) or 1.0)
    centre_y, centre_x = (y[0] + y[1]) / 2.0, (x[0] + x[1]) / 2.0
    return float(centre_x - half), float(centre_x + half), float(centre_y - half), float(centre_y + half)


def _bounds_of_cells(brightness: np.ndarray, edges: np.ndarray) -> tuple[float, float]:
    """The edges around the cells of one axis, without those of the outer share of its brightness on either side."""
    share = np.cumsum(brightness) / brightness.sum()
    first, last = int(np.searchsorted(share, OUTER)), int(np.searchsorted(share, 1.0 - OUTER))
    first, last = max(first - 1, 0), min(last + 1, brightness.size - 1)
    return float(edges[first]), float(edges[last + 1])


def _bounds_of_points(light: np.ndarray, places: np.ndarray) -> tuple[float, float]:
    order = np.argsort(places, kind="stable")
    share = np.cumsum(light[order]) / light.sum()
    first, last = int(np.searchsorted(share, OUTER)), int(np.searchsorted(share, 1.0 - OUTER))
    return float(places[order[first]]), float(places[order[min(last, len(places) - 1)]])
