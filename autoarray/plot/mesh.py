"""The figure of a mesh in the source plane: its true cells, without values."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.mesh.mesh_geometry import cells
from autoarray.plot import utils
from autoarray.plot._canvas import overlays


def draw_mesh_edges(
    ax: Any, mesh_geometry: Any, voronoi: bool | None = None, color: Any = "white", alpha: float = 0.3, width=0.4
) -> Any:
    """Draw the edges of a mesh on a panel, and return the collection of lines; see `cells.mesh_edges_from`."""
    from matplotlib.collections import LineCollection

    segments = [line[:, ::-1] for line in cells.mesh_edges_from(mesh_geometry, voronoi)]
    return ax.add_collection(
        LineCollection(segments, colors=[color], alpha=alpha, linewidths=width, zorder=1.5, capstyle="round"),
        autolim=False,
    )


def plot_mesh(
    mesh_geometry: Any,
    ax: Any = None,
    voronoi: bool | None = None,
    grid: Any = None,
    mesh_grid: Any = None,
    positions: Any = None,
    lines: Any = None,
    line_colors: list[Any] | None = None,
    extent: tuple[float, float, float, float] | None = None,
    title: str = "Mesh (source plane)",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    color: Any = "0.35",
    figsize: tuple[float, float] | None = None,
    output_path: Any = None,
    output_filename: str = "mesh",
    output_format: str | list[str] | None = None,
) -> Any:
    """Draw the cells of a mesh: rectangles, triangles or Voronoi cells.

    The arguments that are not listed, what is returned and what is raised are those of `plot_array`.

    Parameters
    ----------
    mesh_geometry
        The geometry of the mesh, as of a mapper.
    voronoi
        Whether a mesh of vertices is drawn with their Voronoi cells (True) or triangles (False); by default what it
        interpolates in.
    grid
        (y, x) points to draw, such as traced coordinates of the data.
    extent
        The (x_min, x_max, y_min, y_max) of the panel in arc-seconds; the whole mesh by default.
    color
        The colour of the edges.

    Raises
    ------
    PlottingException
        If it is not the geometry of a mesh.
    """
    shown = extent or whole_extent_from(mesh_geometry)
    utils.matplotlib_module()
    fig, panel = utils.panel_from(ax, figsize)
    draw_mesh_edges(panel, mesh_geometry, voronoi, color=color, alpha=1.0, width=0.6)
    overlays.draw_points(panel, grid, "#0072b2", size=1.0, marker=".")
    overlays.draw_points(panel, mesh_grid, "#d55e00", size=5.0)
    overlays.draw_lines(panel, lines, line_colors)
    overlays.draw_positions(panel, positions)
    utils.dress(panel, title, xlabel, ylabel)
    utils.show(panel, shown)
    return utils.finish(fig, ax, output_path, output_filename, output_format)


def whole_extent_from(mesh_geometry: Any, margin: float = 0.02) -> tuple[float, float, float, float]:
    """The square (x_min, x_max, y_min, y_max) around a mesh, with a margin on each side."""
    if cells.is_rectangular(mesh_geometry):
        points = cells.corners_from(mesh_geometry).reshape(-1, 2)
    else:
        points = cells.vertices_from(mesh_geometry)
    x0, x1, y0, y1 = cells.extent_of(points)
    half = (0.5 + margin) * (max(x1 - x0, y1 - y0) or 1.0)
    x, y = (x0 + x1) / 2.0, (y0 + y1) / 2.0
    return x - half, x + half, y - half, y + half
