# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""The figure of one quantity against another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.plot import utils

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from autoarray.plot._canvas.arguments import Color, Folder, Formats, Size, Values

# The scales of x and of y, by the type of the axes.
SCALES = {
    "linear": ("linear", "linear"),
    "log": ("linear", "log"),
    "loglog": ("log", "log"),
    "scatter": ("linear", "linear"),
    "semilogy": ("linear", "log"),
    "symlog": ("linear", "symlog"),
}


def plot_yx(
    y: Values,
    x: Values | None = None,
    ax: Axes | None = None,
    y_errors: Values | None = None,
    x_errors: Values | None = None,
    y_extra: Values | None = None,
    shaded_region: tuple[Values, Values] | None = None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    xtick_suffix: str = "",
    ytick_suffix: str = "",
    label: str | None = None,
    color: Color = "k",
    linestyle: str = "-",
    plot_axis_type: str = "linear",
    figsize: Size | None = None,
    output_path: Folder | None = None,
    output_filename: str = "yx",
    output_format: Formats | None = None,
) -> Figure:
    """Draw y against x.

    The arguments that are not listed, what is returned and what is raised are those of `plot_array`.

    Parameters
    ----------
    y, x
        The values, of shape (N,); x is 0 to N - 1 by default.
    y_errors, x_errors
        The standard deviations of y and x; they turn the line into points with error bars.
    y_extra
        Other values of y at the same x.
    shaded_region
        The lower and the upper y of an area to fill.
    xtick_suffix, ytick_suffix
        A text after the number of each tick, such as a unit.
    label
        The name of y in a legend.
    color, linestyle
        The colour and the style of the line.
    plot_axis_type
        "linear", "loglog", or a scale of y alone: "log" (also "semilogy") or "symlog"; "scatter" draws points rather
        than a line.

    Raises
    ------
    PlottingException
        If y is not of shape (N,), x has another length, or the type of the axes is unknown.
    """
    values = np.asarray(utils.values_of(y), dtype=float)
    places = np.arange(values.size) if x is None else np.asarray(utils.values_of(x), dtype=float)
    if values.ndim != 1 or places.shape != values.shape:
        raise exc.PlottingException(
            f"y, x: expected two arrays of one shape (N,), found shapes {values.shape} and {places.shape}"
        )
    if plot_axis_type not in SCALES:
        raise exc.PlottingException(f"plot_axis_type: expected one of {tuple(SCALES)}, found {plot_axis_type!r}")
    utils.matplotlib_module()
    fig, panel = utils.panel_from(ax, figsize)
    if y_errors is not None or x_errors is not None:
        given = {"yerr": y_errors, "xerr": x_errors}
        errors: dict[str, Any] = {
            name: None if each is None else np.ravel(utils.values_of(each)) for name, each in given.items()
        }
        panel.errorbar(places, values, **errors, fmt="o", ms=3.0, color=color, elinewidth=0.8, capsize=1.5, label=label)
    elif plot_axis_type == "scatter":
        panel.scatter(places, values, s=9.0, color=color, label=label)
    else:
        panel.plot(places, values, color=color, linestyle=linestyle, lw=1.2, label=label)
    if y_extra is not None:
        panel.plot(places, np.ravel(utils.values_of(y_extra)), color="#d55e00", linestyle="--", lw=1.2)
    if shaded_region is not None:
        lower, upper = (np.ravel(utils.values_of(each)) for each in shaded_region)
        panel.fill_between(places, lower, upper, color=color, alpha=0.2, lw=0.0)
    x_scale, y_scale = SCALES[plot_axis_type]
    panel.set_xscale(x_scale)
    panel.set_yscale(y_scale)
    utils.dress(panel, title, xlabel, ylabel, aspect=None)
    for axis, suffix in ((panel.xaxis, xtick_suffix), (panel.yaxis, ytick_suffix)):
        if suffix:
            axis.set_major_formatter(lambda value, _, suffix=suffix: f"{value:g}{suffix}")
    if label is not None:
        panel.legend(fontsize=8, frameon=False)
    return utils.finish(fig, ax, output_path, output_filename, output_format)
