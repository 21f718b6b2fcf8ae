"""The figure of a reconstruction, on the cells that it was computed on."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray.plot import utils


def plot_inversion_reconstruction(
    pixel_values: Any,
    mapper: Any,
    ax: Any = None,
    *,
    title: str = "Reconstruction",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    colormap: Any = None,
    vmin: float | None = None,
    vmax: float | None = None,
    use_log10: bool = False,
    zoom_to_brightest: bool = True,
    cb_unit: str | None = None,
    figsize: tuple[float, float] | None = None,
    output_path: Any = None,
    output_filename: str = "reconstruction",
    output_format: str | None = None,
) -> Any:
    """Draw values of mesh pixels in the source plane, each on its true cell.

    Parameters
    ----------
    pixel_values
        One value per mesh pixel, e.g. `inversion.reconstruction`.
    mapper
        The mapper whose mesh the values live on.
    ax
        The matplotlib axes to draw on; a figure is made if there are none.
    zoom_to_brightest
        Show the square around the cells brighter than a twentieth of the peak, instead of all.

    The other arguments, what is returned and what is raised are those of
    `autoarray.plot.array.plot_array`.

    Raises
    ------
    PlottingException
        If there is not one value per mesh pixel.
    """
    geometry = mapper.mesh_geometry
    shape = tuple(geometry.shape)
    values = np.asarray(pixel_values, dtype=float)
    if values.size != shape[0] * shape[1]:
        raise exc.PlottingException(
            f"pixel_values: expected {shape[0] * shape[1]} values for a mesh of shape {shape}, "
            f"found shape {values.shape}"
        )
    values = values.reshape(shape)
    edges_y, edges_x = cell_edges_from(geometry)
    utils.matplotlib_module()
    fig = ax.figure if ax is not None else utils.new_figure(figsize or (5.2, 4.4))
    panel = ax if ax is not None else fig.add_subplot()
    norm = utils.norm_from(values, vmin, vmax, use_log10)
    cells = panel.pcolormesh(edges_x, edges_y, values, cmap=colormap or "viridis", norm=norm, edgecolors="face", lw=0.1)
    panel.set_facecolor(cells.cmap(0.0))
    utils.dress(panel, title, xlabel, ylabel)
    extent = zoomed_extent_from(values, edges_y, edges_x, zoom_to_brightest)
    panel.set_xlim(extent[:2])
    panel.set_ylim(extent[2:])
    utils.colorbar(cells, panel, cb_unit)
    return utils.finish(fig, ax, output_path, output_filename, output_format)


def cell_edges_from(mesh_geometry: Any) -> tuple[np.ndarray, np.ndarray]:
    """The edges of a rectangular mesh's cells in the source plane: falling y of its rows, rising x of its columns."""
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


def zoomed_extent_from(
    values: np.ndarray, edges_y: np.ndarray, edges_x: np.ndarray, zoom_to_brightest: bool = True
) -> tuple[float, float, float, float]:
    """The square (x_min, x_max, y_min, y_max) around the bright cells, or around the whole mesh.

    Along each axis it holds all but the outer 3 % on either side of the brightness of the cells above a twentieth of
    the peak, so that a few faint cells far away don't make the source small; with a margin of one cell.
    """
    bright = np.where(values > 0.05 * values.max(), values, 0.0)
    if not zoom_to_brightest or values.max() <= 0.0:
        bright = np.ones(values.shape)
    y = _bounds_from(bright.sum(axis=1), edges_y)
    x = _bounds_from(bright.sum(axis=0), edges_x)
    half = 0.51 * max(abs(y[1] - y[0]), abs(x[1] - x[0]))
    centre_y, centre_x = (y[0] + y[1]) / 2.0, (x[0] + x[1]) / 2.0
    return centre_x - half, centre_x + half, centre_y - half, centre_y + half


def _bounds_from(brightness: np.ndarray, edges: np.ndarray) -> tuple[float, float]:
    """The edges around the cells of one axis that hold all but the outer 3 % on either side of its brightness."""
    share = np.cumsum(brightness) / brightness.sum()
    first, last = int(np.searchsorted(share, 0.03)), int(np.searchsorted(share, 0.97))
    first, last = max(first - 1, 0), min(last + 1, brightness.size - 1)
    return float(edges[first]), float(edges[last + 1])
