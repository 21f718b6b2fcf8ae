"""The figure of a 2D array."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.plot import utils
from autoarray.plot._canvas import overlays
from autoarray.plot._canvas.inputs import native_of


def plot_array(
    array: Any,
    ax: Any = None,
    extent: tuple[float, float, float, float] | None = None,
    mask: Any = None,
    border: Any = None,
    origin: Any = None,
    grid: Any = None,
    mesh_grid: Any = None,
    positions: Any = None,
    lines: Any = None,
    vector_yx: Any = None,
    array_overlay: Any = None,
    patches: list[Any] | None = None,
    fill_region: list[Any] | None = None,
    contours: int | None = None,
    regions: list[Any] | None = None,
    region_colors: list[Any] | None = None,
    region_alpha: float = 0.25,
    region_labels: list[str] | None = None,
    title: str = "",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    colormap: Any = None,
    vmin: float | None = None,
    vmax: float | None = None,
    use_log10: bool = False,
    cb_unit: str | None = None,
    line_colors: list[Any] | None = None,
    figsize: tuple[float, float] | None = None,
    output_path: Any = None,
    output_filename: str = "array",
    output_format: str | list[str] | None = None,
) -> Any:
    """Draw a 2D array on its arc-second axes; masked pixels are left white.

    Parameters
    ----------
    array
        An `Array2D`, or a 2D NumPy array, whose row 0 is at the top.
    ax
        The matplotlib axes to draw on; a figure is made if there are none.
    extent
        The (x_min, x_max, y_min, y_max) of the panel in arc-seconds. By default that of the
        unmasked pixels of an `Array2D`. A bare array fills its extent, which is pixel numbers by default.
    mask
        A `Mask2D`, whose outline is drawn, or the (y, x) points of one, of shape (N, 2).
    border, origin, grid, mesh_grid
        (y, x) points to draw, each kind in its own way.
    positions, lines
        Groups of (y, x) positions, and lines, as `utils.numpy_positions` and `numpy_lines` take them.
    line_colors
        The colours of the lines.
    vector_yx
        Arrows as (y, x, vy, vx), of shape (N, 4).
    array_overlay
        Another array of the same kind, drawn half transparent above this one.
    patches
        Matplotlib patches to add.
    fill_region
        Two (y, x) lines of the same x, between which the panel is filled.
    contours
        How many lines of equal values to draw.
    regions, region_colors, region_alpha, region_labels
        See `utils.plot_regions`.
    title, xlabel, ylabel, cb_unit
        The texts of the panel, and of its colour bar.
    colormap, vmin, vmax, use_log10
        The colours: the map and the limits of the linear or logarithmic scale.
    figsize
        Width and height of a new figure, in inches.
    output_path, output_filename, output_format
        The folder, name and suffix (or suffixes) of the file to write; nothing is written without a folder.

    Returns
    -------
    The matplotlib figure.

    Raises
    ------
    PlottingException
        If the array is not 2D, or what is drawn over it are not (y, x) coordinates.
    ImportError
        If matplotlib is not installed.
    """
    values, whole, shown = native_of(array)
    if extent is not None:
        shown = extent
        whole = whole if hasattr(array, "pixel_scales") else extent
    utils.matplotlib_module()
    fig, panel = utils.panel_from(ax, figsize)
    norm = utils.norm_from(values, use_log10, vmin, vmax)
    drawn = {"origin": "upper", "interpolation": "nearest"}
    image = panel.imshow(values, extent=whole, cmap=colormap or utils.CMAP, norm=norm, **drawn)
    if array_overlay is not None:
        above, place, _ = native_of(array_overlay)
        panel.imshow(
            above, extent=place if hasattr(array_overlay, "pixel_scales") else whole, cmap="viridis", alpha=0.5, **drawn
        )
    if contours:
        overlays.draw_contours(panel, values, whole, contours, norm, use_log10)
    utils.plot_regions(panel, regions, region_colors, region_alpha, region_labels)
    if fill_region is not None:
        first, second = (np.asarray(utils.numpy_grid(line)) for line in fill_region)
        panel.fill_between(first[:, 1], first[:, 0], second[:, 0], color="white", alpha=0.3, lw=0.0)
    overlays.draw_mask(panel, mask)
    overlays.draw_points(panel, border, "white", size=4.0)
    overlays.draw_points(panel, grid, "white", size=3.0)
    overlays.draw_points(panel, mesh_grid, "white", size=6.0)
    overlays.draw_points(panel, origin, "black", size=50.0, marker="x")
    overlays.draw_lines(panel, lines, line_colors)
    overlays.draw_positions(panel, positions)
    overlays.draw_vectors(panel, vector_yx)
    for patch in patches or []:
        panel.add_patch(patch)
    utils.dress(panel, title, xlabel, ylabel)
    utils.show(panel, shown)
    utils.colorbar(image, panel, cb_unit)
    return utils.finish(fig, ax, output_path, output_filename, output_format)
