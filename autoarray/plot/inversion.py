"""The figure of a reconstruction, on the cells that it was computed on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._typing import Array
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.inversion.mesh.mesh_geometry import cells
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.inversion.mesh.mesh_geometry.cells import Extent
from autoarray.plot import utils
from autoarray.plot._canvas import overlays
from autoarray.plot._canvas.arguments import Color, Groups, Regions, Values
from autoarray.plot._canvas.zoom import zoomed_extent_from, zoomed_extent_of_cells_from
from autoarray.plot.mesh import check_geometry, draw_mesh_edges

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

__all__ = ["plot_inversion_reconstruction", "zoomed_extent_from"]

STYLES = ("cells", "interpolated")
# The pixels of an interpolated reconstruction along each side of the panel.
RESOLUTION = 300


def plot_inversion_reconstruction(
    pixel_values: Array,
    mapper: Mapper | AbstractMeshGeometry,
    ax: Axes | None = None,
    title: str = "Reconstruction",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    colormap: str | Colormap | None = None,
    vmin: float | None = None,
    vmax: float | None = None,
    use_log10: bool = False,
    zoom_to_brightest: bool = True,
    zoom_extent_scale: float = 1.0,
    arcsec_after_decimal: bool | None = None,
    lines: Groups | None = None,
    line_colors: Sequence[Color] | None = None,
    grid: Values | None = None,
    regions: Regions | None = None,
    region_colors: Sequence[Color] | None = None,
    region_alpha: float = 0.25,
    region_labels: Sequence[str] | None = None,
    figsize: tuple[float, float] | None = None,
    output_path: str | Path | None = None,
    output_filename: str = "reconstruction",
    output_format: str | list[str] | None = None,
    *,
    cb_unit: str | None = None,
    style: str | None = None,
    mesh_edges: bool = False,
    extent: Extent | None = None,
) -> Figure:
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
    arcsec_after_decimal
        Where ticks carry the symbol of arc-seconds; see `plot_array`.
    extent
        The (x_min, x_max, y_min, y_max) of the panel in arc-seconds instead.
    style
        "cells": each mesh pixel is its rectangle, or the Voronoi cell of its vertex. "interpolated", for meshes of
        vertices: the values between the vertices are those that the mesh itself interpolates, within the convex hull
        of the vertices. By default the first of the geometry's `styles`: the latter for meshes on triangles
        (`Delaunay`, `DelaunayNN`), and cells for the others.
    mesh_edges
        Draw the edges of the mesh, too.
    grid
        (y, x) points to draw.

    Raises
    ------
    PlottingException
        If there is not one value per mesh pixel, the style is unknown, or the mesh can't be drawn in it.
    MeshException
        If `mapper` has no mesh geometry and is none.
    """
    geometry = check_geometry(getattr(mapper, "mesh_geometry", mapper))
    # Read once from the backend of the mesh.
    corners = geometry.corners()
    values = _values_from(pixel_values, geometry, corners)
    style = _style_from(style, geometry)
    utils.matplotlib_module()
    fig, panel = utils.panel_from(ax, figsize)
    shown = extent or _extent_from(values, geometry, corners, zoom_to_brightest, zoom_extent_scale)
    colors = {"cmap": utils.color_map(colormap), "norm": utils.norm_from(values, use_log10, vmin, vmax)}
    if style == "cells" and corners is not None:
        drawn = panel.pcolormesh(corners[..., 1], corners[..., 0], values, edgecolors="face", lw=0.4, **colors)
    elif style == "cells":
        drawn = _draw_cells(panel, geometry, values, colors)
    else:
        drawn = _draw_interpolated(panel, geometry, values, shown, colors)
    if mesh_edges:
        draw_mesh_edges(panel, geometry, voronoi=True if style == "cells" else None)
    utils.plot_regions(panel, regions, region_colors, region_alpha, region_labels)
    overlays.draw_points(panel, grid, "white", size=4.0)
    overlays.draw_lines(panel, lines, line_colors)
    utils.dress(panel, title, xlabel, ylabel)
    utils.show(panel, shown, arcsec_after_decimal)
    utils.colorbar(drawn, panel, cb_unit)
    return utils.finish(fig, ax, output_path, output_filename, output_format)


def _draw_cells(panel: Axes, geometry: AbstractMeshGeometry, values: np.ndarray, colors: dict[str, Any]) -> Any:
    from matplotlib.collections import PolyCollection

    polygons = geometry.cells()
    kept = [index for index, polygon in enumerate(polygons) if len(polygon)]
    collection = PolyCollection([polygons[index][:, ::-1] for index in kept], edgecolors="face", lw=0.4, **colors)
    collection.set_array(values[kept])
    return panel.add_collection(collection, autolim=False)


def _draw_interpolated(
    panel: Axes, geometry: AbstractMeshGeometry, values: np.ndarray, extent: Extent, colors: dict[str, Any]
) -> Any:
    x0, x1, y0, y1 = extent
    steps = (np.arange(RESOLUTION) + 0.5) / RESOLUTION
    y, x = np.meshgrid(y1 - steps * (y1 - y0), x0 + steps * (x1 - x0), indexing="ij")
    points = np.stack((y, x), axis=-1).reshape(-1, 2)
    # Beyond its triangles a mesh takes the value of the nearest vertex, for the few coordinates that end up there.
    inside = geometry.contains(points)
    image = np.full(len(points), np.nan)
    if inside.any():
        image[inside] = geometry.interpolation_from(values.ravel(), points[inside])
    return panel.imshow(
        image.reshape(y.shape), extent=extent, origin="upper", interpolation="nearest", aspect="auto", **colors
    )


def _extent_from(
    values: np.ndarray, geometry: AbstractMeshGeometry, corners: np.ndarray | None, zoom: bool, scale: float
) -> Extent:
    if corners is None or not geometry.is_aligned:
        polygons = geometry.cells() if corners is None else cells.polygons_from(corners)
        return zoomed_extent_of_cells_from(values.ravel(), polygons, zoom, scale)
    edges_y, edges_x = corners[:, 0, 0], corners[0, :, 1]
    if geometry.reaches_beyond_data:
        # Edges far beyond the data must not decide what is shown.
        positions = utils.values_of(geometry.data_grid.over_sampled)
        edges_y, edges_x = (
            np.clip(edges, *_range_around(positions[:, axis])) for axis, edges in enumerate((edges_y, edges_x))
        )
    return zoomed_extent_from(values, edges_y, edges_x, zoom, scale)


def _range_around(places: np.ndarray) -> tuple[float, float]:
    margin = 0.1 * float(np.ptp(places))
    return float(places.min()) - margin, float(places.max()) + margin


def _values_from(pixel_values: Array, geometry: AbstractMeshGeometry, corners: np.ndarray | None) -> np.ndarray:
    """One value for each mesh pixel: in rows and columns if the cells are, else of shape (pixels,)."""
    values = np.asarray(utils.values_of(pixel_values), dtype=float)
    pixels = geometry.pixels
    if values.size != pixels or (corners is None and values.ndim != 1):
        raise exc.PlottingException(
            f"pixel_values: expected {pixels} values for a {geometry.size_text}, found shape {values.shape}"
        )
    return values if corners is None else values.reshape(corners.shape[0] - 1, corners.shape[1] - 1)


def _style_from(style: str | None, geometry: AbstractMeshGeometry) -> str:
    if style is None:
        return geometry.styles[0]
    if style not in STYLES:
        raise exc.PlottingException(f"style: expected one of {STYLES} or None, found {style!r}")
    if style not in geometry.styles:
        expected = " or ".join(map(repr, geometry.styles))
        raise exc.PlottingException(f"style: expected {expected} for a {geometry.kind}, found {style!r}")
    return style
