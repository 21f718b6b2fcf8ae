# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""Figures without a screen and without global state: matplotlib is imported by the first one drawn.

Every figure is a `matplotlib.figure.Figure` on the Agg canvas, so drawing one never opens a window
and never touches `pyplot`; a notebook shows it when a cell ends with it. Where PyAutoLens is in use, whose plots
are shown by `pyplot`, it is a figure of `pyplot`.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autoarray.plot._canvas import look, scales, ticks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from autoarray.plot._canvas.arguments import Extent, Size

# What the axes of panels in arc-seconds are called, unless their ticks say so.
ARCSEC_LABELS = ("x (arcsec)", "y (arcsec)")


def matplotlib_module() -> ModuleType:
    """The module `matplotlib`.

    Raises
    ------
    ImportError
        If it is not installed; the message names the extra that brings it.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise ImportError("figures need matplotlib: pip install autoarray-portable[plot]") from error
    return matplotlib


def new_figure(figsize: Size) -> Figure:
    """An empty figure of `figsize` inches whose layout keeps labels apart."""
    matplotlib_module()
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from autoarray.plot._canvas.figure_class import NotebookFigure, RepeatableLayout

    given: dict[str, Any] = {
        "figsize": figsize,
        "dpi": look.DPI,
        "layout": RepeatableLayout(w_pad=0.08, h_pad=0.1),
        "facecolor": "white",
    }
    if look.is_configured():
        from matplotlib import pyplot

        return pyplot.figure(FigureClass=NotebookFigure, **given)
    fig = NotebookFigure(**given)
    FigureCanvasAgg(fig)
    return fig


def conf_subplot_figsize(rows: int, cols: int) -> Size:
    """The size of a figure with rows and columns of panels, in inches."""
    width, height = look.panel_size()
    return cols * width, rows * height


def subplots(
    nrows: int = 1,
    ncols: int = 1,
    *,
    figsize: Size | None = None,
    squeeze: bool = True,
    **kwargs: Any,
) -> tuple[Figure, Any]:
    """A figure and its panels, as `matplotlib.pyplot.subplots` gives them, without `pyplot`."""
    fig = new_figure(figsize or conf_subplot_figsize(nrows, ncols))
    return fig, fig.subplots(nrows, ncols, squeeze=squeeze, **kwargs)


def panels_from(total: int, columns: int) -> tuple[Figure, list[Axes]]:
    """A figure with `total` panels in rows of `columns`, and the panels; the rest of the last row stays empty."""
    rows = -(-total // columns)
    fig = new_figure(conf_subplot_figsize(rows, columns))
    axes = list(np.ravel(fig.subplots(rows, columns, squeeze=False)))
    for ax in axes[total:]:
        ax.set_axis_off()
    return fig, axes[:total]


def panel_from(ax: Axes | None, figsize: Size | None) -> tuple[Figure, Axes]:
    """The figure and the panel to draw on: those of the caller, or new ones."""
    if ax is not None:
        # A panel may be in a subfigure, which is drawn on like a figure.
        return cast("Figure", ax.figure), ax
    fig = new_figure(figsize or look.figure_size())
    return fig, fig.add_subplot()


def prefixed(prefix: str | None, title: str) -> str:
    """The title of a panel after a prefix, if there is one."""
    return f"{prefix} {title}" if prefix else title


def hide_unused_axes(axes: Axes | Iterable[Axes] | np.ndarray) -> None:
    """Hide the panels that nothing is drawn on."""
    for ax in np.ravel(cast("ArrayLike", axes)):
        if not ax.has_data():
            ax.set_axis_off()


def tight_layout() -> None:
    """Do nothing: a figure of `subplots` keeps its labels apart when it is drawn."""


def dress(
    ax: Axes, title: str, xlabel: str, ylabel: str, aspect: Literal["auto", "equal"] | float | None = "equal"
) -> None:
    """Give one panel its title, its labels and quiet ticks."""
    ax.set_title(title, pad=7)
    if look.is_configured():
        # The ticks of `show` carry the unit.
        xlabel, ylabel = ("" if label in ARCSEC_LABELS else label for label in (xlabel, ylabel))
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.tick_params(length=3, width=0.6, direction="out")
    ticks.apply_labels(ax, title, xlabel, ylabel, is_subplot=len(ax.figure.axes) > 1)
    if ax.get_xscale() == ax.get_yscale() == "linear":
        ax.locator_params(nbins=6, steps=[1, 2, 5, 10])
    if aspect is not None:
        ax.set_aspect(aspect, adjustable="box")
    for spine in ax.spines.values():
        spine.set_linewidth(0.6)


def show(ax: Axes, extent: Extent, arcsec_after_decimal: bool | None = None, in_arcsec: bool = True) -> None:
    """Limit a panel to the extent (x0, x1, y0, y1).

    Its ticks carry the symbol of arc-seconds where the user's configuration or `arcsec_after_decimal` asks for it, and
    the axes are in arc-seconds.
    """
    if in_arcsec and (look.is_configured() or arcsec_after_decimal is not None):
        ticks.apply_extent(ax, extent, arcsec_after_decimal)
        return
    ax.set_xlim(extent[:2])
    ax.set_ylim(extent[2:])


def colorbar(mappable: ScalarMappable, ax: Axes, cb_unit: str | None, places: ArrayLike | None = None) -> None:
    """Draw a colour bar as tall as the panel, with its unit, and an arrow where values lie beyond it."""
    setting = look.colorbar_setting
    size = setting("labelsize_subplot" if len(ax.figure.axes) > 1 else "labelsize", 8)
    fraction, pad, rotation = setting("fraction", 0.046), setting("pad", 0.03), setting("labelrotation", 0.0)
    extend = scales.extend_from(mappable)
    bar = ax.figure.colorbar(mappable, ax=ax, fraction=fraction, pad=pad, extend=extend, extendfrac=0.03, ticks=places)
    bar.ax.tick_params(labelsize=size, length=2, width=0.6, labelrotation=rotation)
    if rotation and places is None and not getattr(mappable.norm, "clip", False):
        # Numbers along the bar take the more room.
        bar.ax.locator_params(axis="y", nbins=5)
    if rotation:
        for text in bar.ax.get_yticklabels():
            text.set_verticalalignment("center")
    bar.ax.tick_params(which="minor", length=1.2, width=0.4)
    bar.ax.yaxis.get_offset_text().set_fontsize(size)
    bar.outline.set_linewidth(0.6)
    if cb_unit:
        bar.set_label(cb_unit, fontsize=size + 1)
