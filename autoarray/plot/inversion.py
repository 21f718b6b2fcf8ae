"""The figure of a reconstruction, on the cells that it was computed on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.inversion.mesh.mesh_geometry import cells
from autoarray.inversion.mesh.mesh_geometry.cells import cell_edges_from
from autoarray.plot import utils
from autoarray.plot._canvas import overlays
from autoarray.plot._canvas.zoom import zoomed_extent_from, zoomed_extent_of_cells_from
from autoarray.plot.mesh import draw_mesh_edges

__all__ = ["cell_edges_from", "plot_inversion_reconstruction", "zoomed_extent_from"]

STYLES = ("cells", "interpolated")
# The pixels of an interpolated reconstruction along each side of the panel.
RESOLUTION = 300


def plot_inversion_reconstruction(
    pixel_values: Any,
    mapper: Any,
    ax: Any = None,
    title: str = "Reconstruction",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    colormap: Any = None,
    vmin: float | None = None,
    vmax: float | None = None,
    use_log10: bool = False,
    zoom_to_brightest: bool = True,
    zoom_extent_scale: float = 1.0,
    lines: Any = None,
    line_colors: list[Any] | None = None,
    grid: Any = None,
    regions: list[Any] | None = None,
    region_colors: list[Any] | None = None,
    region_alpha: float = 0.25,
    region_labels: list[str] | None = None,
    figsize: tuple[float, float] | None = None,
    output_path: Any = None,
    output_filename: str = "reconstruction",
    output_format: str | list[str] | None = None,
    *,
    cb_unit: str | None = None,
    style: str | None = None,
    mesh_edges: bool = False,
    extent: tuple[float, float, float, float] | None = None,
) -> Any:
    """Draw values of mesh pixels in the source plane, as the mesh holds them.

    The arguments that are not listed, what is returned and what is raised are those of `plot_array`.

    Parameters
    ----------
    pixel_values
        One value per mesh pixel, e.g. `inversion.reconstruction`.
    mapper
        The mapper whose mesh the values live on, or the geometry of the mesh.
    ax
        The matplotlib axes to draw on; a figure is made if there are none.
    zoom_to_brightest
        Show the square around the mesh pixels brighter than a twentieth of the peak, instead of all.
    zoom_extent_scale
        How much larger that square is made.
    extent
        The (x_min, x_max, y_min, y_max) of the panel in arc-seconds instead.
    style
        "cells": each mesh pixel is its rectangle, or the Voronoi cell of its vertex. "interpolated", for meshes of
        vertices: the values between the vertices are those that the mesh itself interpolates, within the convex hull
        of the vertices. By default the latter for meshes on triangles (`Delaunay`, `DelaunayNN`), and cells for the
        others.
    mesh_edges
        Draw the edges of the mesh, too.
    grid
        (y, x) points to draw.

    Raises
    ------
    PlottingException
        If there is not one value per mesh pixel, the style is unknown, or the mesh can't be drawn in it.
    """
    geometry = getattr(mapper, "mesh_geometry", mapper)
    rectangular = cells.is_rectangular(geometry)
    values = _checked_values(pixel_values, geometry, rectangular)
    style = _checked_style(style, geometry, rectangular)
    utils.matplotlib_module()
    fig, panel = utils.panel_from(ax, figsize)
    # Read once from the backend of the mesh.
    corners = cells.corners_from(geometry) if rectangular else None
    shown = extent or _extent_from(values, geometry, corners, zoom_to_brightest, zoom_extent_scale)
    colors = {"cmap": colormap or utils.CMAP, "norm": utils.norm_from(values, use_log10, vmin, vmax)}
    if corners is not None:
        drawn = panel.pcolormesh(corners[..., 1], corners[..., 0], values, edgecolors="face", lw=0.4, **colors)
    elif style == "cells":
        drawn = _draw_cells(panel, geometry, values, colors)
    else:
        drawn = _draw_interpolated(panel, geometry, values, shown, colors)
    if mesh_edges:
        draw_mesh_edges(panel, geometry, voronoi=True if style == "cells" and not rectangular else None)
    utils.plot_regions(panel, regions, region_colors, region_alpha, region_labels)
    overlays.draw_points(panel, grid, "white", size=4.0)
    overlays.draw_lines(panel, lines, line_colors)
    utils.dress(panel, title, xlabel, ylabel)
    utils.show(panel, shown)
    utils.colorbar(drawn, panel, cb_unit)
    return utils.finish(fig, ax, output_path, output_filename, output_format)


def interpolated_from(mesh_geometry: Any, values: np.ndarray, points: np.ndarray) -> np.ndarray:
    """What a mesh of vertices interpolates at (y, x) points of shape (M, 2), of shape (M,).

    It is computed with NumPy for a mesh of either backend.
    """
    from autoarray.structures.grids.irregular_2d import Grid2DIrregular

    mesh = mesh_geometry.mesh
    interpolator = mesh.interpolator_cls(
        mesh=mesh,
        mesh_grid=Grid2DIrregular(cells.vertices_from(mesh_geometry)),
        data_grid=SimpleNamespace(over_sampled=Grid2DIrregular(points)),
    )
    mappings, sizes, weights = interpolator.mappings, interpolator.sizes, interpolator.weights
    used = np.arange(mappings.shape[1]) < sizes[:, None]
    return (np.where(used, weights, 0.0) * values[np.where(used, mappings, 0)]).sum(axis=1)


def _draw_cells(panel: Any, geometry: Any, values: np.ndarray, colors: dict[str, Any]) -> Any:
    from matplotlib.collections import PolyCollection

    polygons = cells.cells_from(geometry)
    kept = [index for index, polygon in enumerate(polygons) if len(polygon)]
    collection = PolyCollection([polygons[index][:, ::-1] for index in kept], edgecolors="face", lw=0.4, **colors)
    collection.set_array(values[kept])
    return panel.add_collection(collection, autolim=False)


def _draw_interpolated(panel: Any, geometry: Any, values: np.ndarray, extent: Any, colors: dict[str, Any]) -> Any:
    x0, x1, y0, y1 = extent
    steps = (np.arange(RESOLUTION) + 0.5) / RESOLUTION
    y, x = np.meshgrid(y1 - steps * (y1 - y0), x0 + steps * (x1 - x0), indexing="ij")
    points = np.stack((y, x), axis=-1).reshape(-1, 2)
    # Beyond its triangles a mesh takes the value of the nearest vertex, for the few coordinates that end up there.
    inside = cells.inside_triangles(geometry, points)
    image = np.full(len(points), np.nan)
    if inside.any():
        image[inside] = interpolated_from(geometry, values, points[inside])
    return panel.imshow(
        image.reshape(y.shape), extent=extent, origin="upper", interpolation="nearest", aspect="auto", **colors
    )


def _extent_from(values: np.ndarray, geometry: Any, corners: np.ndarray | None, zoom: bool, scale: float) -> Any:
    if corners is None:
        return zoomed_extent_of_cells_from(values, cells.cells_from(geometry), zoom, scale)
    if hasattr(geometry, "source_plane_from"):
        return zoomed_extent_of_cells_from(values.ravel(), cells.polygons_from(corners), zoom, scale)
    edges_y, edges_x = corners[:, 0, 0], corners[0, :, 1]
    if geometry.edge_convention == "extrapolated":
        # Edges far beyond the data must not decide what is shown.
        positions = utils.values_of(geometry.data_grid.over_sampled)
        edges_y, edges_x = (
            np.clip(edges, *_widened(positions[:, axis])) for axis, edges in enumerate((edges_y, edges_x))
        )
    return zoomed_extent_from(values, edges_y, edges_x, zoom, scale)


def _widened(places: np.ndarray) -> tuple[float, float]:
    margin = 0.1 * float(np.ptp(places))
    return float(places.min()) - margin, float(places.max()) + margin


def _checked_values(pixel_values: Any, geometry: Any, rectangular: bool) -> np.ndarray:
    values = np.asarray(utils.values_of(pixel_values), dtype=float)
    if rectangular:
        rows, columns = geometry.shape
        if values.size != rows * columns:
            raise exc.PlottingException(
                f"pixel_values: expected {rows * columns} values for a mesh of shape {(rows, columns)}, "
                f"found shape {values.shape}"
            )
        return values.reshape(rows, columns)
    pixels = len(cells.vertices_from(geometry))
    if values.shape != (pixels,):
        raise exc.PlottingException(
            f"pixel_values: expected {pixels} values for a mesh of {pixels} vertices, found shape {values.shape}"
        )
    return values


def _checked_style(style: str | None, geometry: Any, rectangular: bool) -> str:
    if style is None:
        from autoarray.inversion.mesh.mesh.knn import KNearestNeighbor

        return "cells" if rectangular or isinstance(geometry.mesh, KNearestNeighbor) else "interpolated"
    if style not in STYLES:
        raise exc.PlottingException(f"style: expected one of {STYLES} or None, found {style!r}")
    if rectangular and style == "interpolated":
        raise exc.PlottingException("style: expected 'cells' for a rectangular mesh, found 'interpolated'")
    return style
