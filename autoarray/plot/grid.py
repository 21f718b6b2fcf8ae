# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""The figure of (y, x) coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.plot import utils
from autoarray.plot._canvas import overlays

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from autoarray.plot._canvas.arguments import ColorMap, Extent, Folder, Formats, Groups, Size, Values


def plot_grid(
    grid: Values | None,
    ax: Axes | None = None,
    y_errors: Values | None = None,
    x_errors: Values | None = None,
    lines: Groups | None = None,
    color_array: Values | None = None,
    indexes: Sequence[ArrayLike] | None = None,
    title: str = "",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    colormap: ColorMap | None = None,
    buffer: float = 0.1,
    extent: Extent | None = None,
    force_symmetric_extent: bool = True,
    arcsec_after_decimal: bool | None = None,
    figsize: Size | None = None,
    output_path: Folder | None = None,
    output_filename: str = "grid",
    output_format: Formats | None = None,
    *,
    cb_unit: str | None = None,
) -> Figure:
    """Draw (y, x) coordinates as points.

    The arguments that are not listed, what is returned and what is raised are those of `plot_array`.

    Parameters
    ----------
    grid
        The coordinates, of shape (N, 2), in arc-seconds.
    y_errors, x_errors
        Standard deviations of the coordinates, of shape (N,).
    lines
        (y, x) lines to draw, as `utils.numpy_lines` reads them.
    color_array
        A value for each point, which sets its colour and adds a colour bar.
    indexes
        Groups of points, as lists of their indexes; each group has a colour of its own.
    buffer
        How much wider the panel is than the coordinates, as a fraction of their larger range.
    extent
        The (x_min, x_max, y_min, y_max) of the panel, instead of the coordinates and their margin.
    force_symmetric_extent
        Whether the panel is symmetric about the origin.
    arcsec_after_decimal
        Where ticks carry the symbol of arc-seconds; see `plot_array`.
    cb_unit
        The text of the colour bar.

    Raises
    ------
    PlottingException
        If the number of values or errors differs from the number of points.
    """
    points = np.asarray(utils.numpy_grid(grid)) if grid is not None else np.zeros((0, 2))
    given = {"y_errors": y_errors, "x_errors": x_errors, "color_array": color_array}
    arrays = {name: None if each is None else np.ravel(utils.values_of(each)) for name, each in given.items()}
    for name, each in arrays.items():
        if each is not None and len(each) != len(points):
            raise exc.PlottingException(
                f"{name}: expected one value for each of {len(points)} points, found {len(each)}"
            )
    utils.matplotlib_module()
    fig, panel = utils.panel_from(ax, figsize)
    size = float(np.clip(4000.0 / max(len(points), 1), 1.0, 12.0))
    if arrays["y_errors"] is not None or arrays["x_errors"] is not None:
        panel.errorbar(
            points[:, 1],
            points[:, 0],
            yerr=arrays["y_errors"],
            xerr=arrays["x_errors"],
            fmt="none",
            ecolor="0.5",
            elinewidth=0.8,
            zorder=1,
        )
    colors = arrays["color_array"]
    style: dict[str, Any] = {"color": "black"} if colors is None else {"c": colors, "cmap": utils.color_map(colormap)}
    if colors is not None:
        style["norm"] = utils.norm_from(colors)
    drawn = panel.scatter(points[:, 1], points[:, 0], s=size, linewidths=0.0, zorder=2, **style)
    for group, color in zip(indexes or [], cycle(utils.REGION_COLORS), strict=False):
        chosen = np.asarray(group, dtype=int).ravel()
        if chosen.size and not (-len(points) <= chosen.min() and chosen.max() < len(points)):
            raise exc.PlottingException(f"indexes: expected indexes of {len(points)} points, found {chosen.tolist()}")
        overlays.draw_points(panel, points[chosen], color, size=3.0 * size)
    overlays.draw_lines(panel, lines)
    utils.dress(panel, title, xlabel, ylabel)
    utils.show(panel, extent or _extent_from(points, buffer, force_symmetric_extent), arcsec_after_decimal)
    if colors is not None:
        utils.colorbar(drawn, panel, cb_unit)
    return utils.finish(fig, ax, output_path, output_filename, output_format)


def _extent_from(points: np.ndarray, buffer: float, symmetric: bool) -> Extent:
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return -1.0, 1.0, -1.0, 1.0
    (y0, x0), (y1, x1) = finite.min(axis=0), finite.max(axis=0)
    if symmetric:
        y1, x1 = max(abs(y0), abs(y1)), max(abs(x0), abs(x1))
        y0, x0 = -y1, -x1
    margin = buffer * (max(y1 - y0, x1 - x0) or 1.0) / 2.0
    return float(x0 - margin), float(x1 + margin), float(y0 - margin), float(y1 + margin)
