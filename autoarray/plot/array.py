# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""The figure of a 2D array."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray.plot import utils
from autoarray.plot._canvas import look, overlays
from autoarray.plot._canvas.inputs import native_of
from autoarray.plot._canvas.inputs import zoom_array as _zoom_array_2d  # noqa: F401 # pyright: ignore[reportUnusedImport]

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    from autoarray.plot._canvas.arguments import (
        ColorMap,
        Colors,
        Extent,
        Folder,
        Formats,
        Groups,
        Size,
        Values,
    )


def plot_array(
    array: Values,
    ax: Axes | None = None,
    extent: Extent | None = None,
    mask: Values | None = None,
    border: Values | None = None,
    origin: Values | None = None,
    grid: Values | None = None,
    mesh_grid: Values | None = None,
    positions: Groups | None = None,
    lines: Groups | None = None,
    vector_yx: Values | None = None,
    array_overlay: Values | None = None,
    patches: Sequence[Patch] | None = None,
    fill_region: Sequence[Values] | None = None,
    contours: int | None = None,
    regions: Sequence[Groups] | None = None,
    region_colors: Colors | None = None,
    region_alpha: float = 0.25,
    region_labels: Sequence[str] | None = None,
    title: str = "",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    colormap: ColorMap | None = None,
    vmin: float | None = None,
    vmax: float | None = None,
    use_log10: bool = False,
    cb_unit: str | None = None,
    line_colors: Colors | None = None,
    origin_imshow: str | None = None,
    arcsec_after_decimal: bool | None = None,
    figsize: Size | None = None,
    output_path: Folder | None = None,
    output_filename: str = "array",
    output_format: Formats | None = None,
) -> Figure:
    """Draw a 2D array on its arc-second axes; masked pixels stay white.

    An `Array2DRGB` is drawn in its own colours, without a colour map, a scale and a colour bar.

    Parameters
    ----------
    array
        An `Array2D`, an `Array2DRGB`, or a 2D NumPy array, whose row 0 is at the top.
    ax
        The matplotlib axes to draw on; a new figure by default.
    extent
        The (x_min, x_max, y_min, y_max) of the panel in arc-seconds. An `Array2D` shows its unmasked pixels by
        default. A bare array fills its extent, which counts pixels by default.
    mask
        A `Mask2D`, drawn as its outline, or the (y, x) points of its edge, of shape (N, 2).
    border, origin, grid, mesh_grid
        (y, x) points to draw; each kind has its own marker.
    positions, lines
        Groups of (y, x) positions, and lines, as `utils.numpy_positions` and `numpy_lines` read them.
    line_colors
        The colours of the lines.
    vector_yx
        Arrows as (y, x, vy, vx), of shape (N, 4).
    array_overlay
        Another array of the same kind, drawn half transparent above this one.
    patches
        Matplotlib patches to add.
    fill_region
        Two (y, x) lines of the same x; the area between them is filled.
    contours
        The number of contour levels to draw, 0 for none. By default as many as the user's configuration says where the
        scale is logarithmic, and none where it is linear or there is no configuration.
    regions, region_colors, region_alpha, region_labels
        The arguments of `utils.plot_regions`.
    title, xlabel, ylabel, cb_unit
        The texts of the panel and of its colour bar.
    colormap, vmin, vmax, use_log10
        The colour map, and the limits of its linear or logarithmic scale.
    origin_imshow
        The corner at which row 0 is drawn, "upper" or "lower"; that of the user's configuration, else "upper", if None.
        What is drawn above the image is turned upside down with it.
    arcsec_after_decimal
        Whether ticks carry the symbol of arc-seconds before their decimals (3."8) rather than after them (3.8"); as
        the user's configuration says if None. Without one, and for bare arrays, ticks are plain numbers.
    figsize
        Width and height of a new figure, in inches.
    output_path, output_filename, output_format
        The folder, name and suffix (or suffixes) of the file; no file is written without a folder.

    Returns
    -------
    The matplotlib figure.

    Raises
    ------
    PlottingException
        If the array is not 2D, contours of a colour image are asked for, an overlay does not hold (y, x) coordinates,
        or the corner is unknown.
    ImportError
        If matplotlib is not installed.
    """
    values, whole, shown = native_of(array)
    has_scale = hasattr(array, "pixel_scales")
    if extent is not None:
        shown = extent
        whole = whole if has_scale else extent
    elif not look.zooms_to_mask():
        shown = whole
    corner = look.origin() if origin_imshow is None else origin_imshow
    if corner not in look.ORIGINS:
        raise exc.PlottingException(f"origin_imshow: expected one of {look.ORIGINS}, found {corner!r}")
    turned = overlays.Turned(whole if corner == "lower" else None)
    in_colours = values.ndim == 3
    if in_colours and contours:
        raise exc.PlottingException(f"contours: expected none for an Array2DRGB, found {contours}")
    utils.matplotlib_module()
    fig, panel = utils.panel_from(ax, figsize)
    draw_pixels = partial(panel.imshow, origin=corner, interpolation="nearest")
    image, norm = None, None
    if in_colours:
        draw_pixels(values, extent=whole)
    else:
        norm = utils.norm_from(values, use_log10, vmin, vmax)
        image = draw_pixels(values, extent=whole, cmap=utils.color_map(colormap), norm=norm)
    if array_overlay is not None:
        above, place, _ = native_of(array_overlay)
        place = place if hasattr(array_overlay, "pixel_scales") else whole
        draw_pixels(above, extent=place, cmap="viridis", alpha=0.5)
    total = look.total_contours(use_log10) if contours is None else contours
    if total and norm is not None:
        upright = values if corner == "upper" else values[::-1]
        overlays.draw_contours(panel, upright, whole, total, norm, use_log10)
    utils.plot_regions(panel, turned.regions(regions), region_colors, region_alpha, region_labels)
    if fill_region is not None:
        first, second = (np.asarray(utils.numpy_grid(turned.points(line))) for line in fill_region)
        panel.fill_between(first[:, 1], first[:, 0], second[:, 0], color="white", alpha=0.3, lw=0.0)
    overlays.draw_mask(panel, mask, turned)
    overlays.draw_points(panel, turned.points(border), "white", size=4.0)
    overlays.draw_points(panel, turned.points(grid), "white", size=3.0)
    overlays.draw_points(panel, turned.points(mesh_grid), "white", size=6.0)
    overlays.draw_points(panel, turned.points(origin), "black", size=50.0, marker="x")
    overlays.draw_lines(panel, turned.groups(lines), line_colors)
    overlays.draw_positions(panel, turned.groups(positions))
    overlays.draw_vectors(panel, turned.vectors(vector_yx))
    for patch in patches or []:
        panel.add_patch(patch)
    utils.dress(panel, title, xlabel, ylabel)
    utils.show(panel, turned.extent(shown), arcsec_after_decimal, in_arcsec=has_scale or extent is not None)
    if image is not None:
        utils.colorbar(image, panel, cb_unit)
    return utils.finish(fig, ax, output_path, output_filename, output_format)
