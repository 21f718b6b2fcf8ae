"""The figure of a mesh in the source plane: its true cells, without values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoarray import exc
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.inversion.mesh.mesh_geometry.cells import Extent
from autoarray.plot import utils
from autoarray.plot._canvas import overlays
from autoarray.plot._canvas.arguments import Color, Groups, Values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection
    from matplotlib.figure import Figure


def check_geometry(mesh_geometry: Any) -> AbstractMeshGeometry:
    """What is to be drawn, or a `MeshException` if it is not the geometry of a mesh."""
    if not isinstance(mesh_geometry, AbstractMeshGeometry):
        raise exc.MeshException(f"mesh_geometry: expected the geometry of a mesh, found {type(mesh_geometry).__name__}")
    return mesh_geometry


def draw_mesh_edges(
    ax: Axes,
    mesh_geometry: AbstractMeshGeometry,
    voronoi: bool | None = None,
    color: Color = "white",
    alpha: float = 0.3,
    width: float = 0.4,
) -> Collection:
    """Draw the edges of a mesh on a panel, and return the collection of lines; see `AbstractMeshGeometry.edges`."""
    from matplotlib.collections import LineCollection

    segments = [line[:, ::-1] for line in mesh_geometry.edges(voronoi)]
    return ax.add_collection(
        LineCollection(segments, colors=[color], alpha=alpha, linewidths=width, zorder=1.5, capstyle="round"),
        autolim=False,
    )


def plot_mesh(
    mesh_geometry: AbstractMeshGeometry,
    ax: Axes | None = None,
    voronoi: bool | None = None,
    grid: Values | None = None,
    mesh_grid: Values | None = None,
    positions: Groups | None = None,
    lines: Groups | None = None,
    line_colors: Sequence[Color] | None = None,
    extent: Extent | None = None,
    title: str = "Mesh (source plane)",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    color: Color = "0.35",
    figsize: tuple[float, float] | None = None,
    output_path: str | Path | None = None,
    output_filename: str = "mesh",
    output_format: str | list[str] | None = None,
) -> Figure:
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
    MeshException
        If it is not the geometry of a mesh.
    """
    shown = extent or whole_extent_from(check_geometry(mesh_geometry))
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


def whole_extent_from(mesh_geometry: AbstractMeshGeometry, margin: float = 0.02) -> Extent:
    """The square (x_min, x_max, y_min, y_max) around a mesh, with a margin on each side."""
    x0, x1, y0, y1 = mesh_geometry.cell_extent()
    half = (0.5 + margin) * (max(x1 - x0, y1 - y0) or 1.0)
    x, y = (x0 + x1) / 2.0, (y0 + y1) / 2.0
    return x - half, x + half, y - half, y + half
