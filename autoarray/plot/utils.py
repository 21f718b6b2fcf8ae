# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""The functions that plotting functions share, under one name for authors of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.plot._canvas import look, showing
from autoarray.plot._canvas.figures import (
    colorbar,
    conf_subplot_figsize,
    dress,
    hide_unused_axes,
    matplotlib_module,
    new_figure,
    panel_from,
    panels_from,
    show,
    subplots,
    tight_layout,
)
from autoarray.plot._canvas.files import finish, save_figure
from autoarray.plot._canvas.inputs import (
    auto_mask_edge,
    native_of,
    numpy_grid,
    numpy_lines,
    numpy_positions,
    values_of,
    zoom_array,
)
from autoarray.plot._canvas.look import CMAP, DIVERGING, DPI, color_map
from autoarray.plot._canvas.look import font_size as conf_mat_plot_fontsize
from autoarray.plot._canvas.overlays import REGION_COLORS, plot_regions
from autoarray.plot._canvas.scales import (
    image_limits_from,
    norm_from,
    residual_limit_from,
    symmetric_cmap_from,
    symmetric_limit_from,
    symmetric_vmin_vmax,
)
from autoarray.plot._canvas.showing import output_mode_save
from autoarray.plot._canvas.ticks import apply_extent, apply_labels, arcsec_labels, overlay_yx_for_origin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure

    from autoarray.plot._canvas.arguments import ColorMap, Folder, Formats, Size, Values

# What PyAutoGalaxy and PyAutoLens import by these names.
_output_mode_save = output_mode_save
_overlay_yx_for_origin = _vector_yx_for_origin = overlay_yx_for_origin
_conf_imshow_origin = look.origin
_conf_output_format = look.output_format
_conf_ticks = look.ticks_setting
_conf_ticks_flag = look.ticks_flag
_FAST_PLOTS = showing.FAST_PLOTS

__all__ = [
    "CMAP",
    "DIVERGING",
    "DPI",
    "REGION_COLORS",
    "apply_extent",
    "apply_labels",
    "arcsec_labels",
    "auto_mask_edge",
    "color_map",
    "colorbar",
    "conf_figsize",
    "conf_mat_plot_fontsize",
    "conf_subplot_figsize",
    "dress",
    "finish",
    "get_cmap",
    "hide_unused_axes",
    "image_limits_from",
    "matplotlib_module",
    "native_of",
    "new_figure",
    "norm_from",
    "numpy_grid",
    "numpy_lines",
    "numpy_positions",
    "output_mode_save",
    "panel_from",
    "panels_from",
    "plot_regions",
    "plot_visibilities_1d",
    "residual_limit_from",
    "save_figure",
    "set_with_color_values",
    "show",
    "subplot_save",
    "subplots",
    "symmetric_cmap_from",
    "symmetric_limit_from",
    "symmetric_vmin_vmax",
    "tight_layout",
    "values_of",
    "zoom_array",
]


def conf_figsize(context: str = "figures") -> Size:
    """The size of a figure in inches: of one panel ("figures"), or of several of an unknown number ("subplots")."""
    if context == "figures":
        return look.figure_size()
    if context == "subplots":
        return conf_subplot_figsize(3, 3)
    raise exc.PlottingException(f"context: expected 'figures' or 'subplots', found {context!r}")


def _default_colormap() -> str:  # pyright: ignore[reportUnusedFunction] - PyAutoGalaxy uses it
    return str(getattr(found := color_map(), "name", found))


def get_cmap(name: ColorMap | None = None) -> Colormap:
    """The colour map of a name, "autoarray" among them; that of images for None and "default".

    Raises
    ------
    PlottingException
        If there is none of that name.
    """
    matplotlib_module()
    import matplotlib

    found = color_map(name)
    if not isinstance(found, str):
        return found
    if found not in matplotlib.colormaps:
        raise exc.PlottingException(f"colormap: expected a colour map that matplotlib knows, found {found!r}")
    return matplotlib.colormaps[found]


def set_with_color_values(ax: Axes, cmap: ColorMap, color_values: Values, norm: Normalize | None = None) -> None:
    """Draw a colour bar for values that are drawn in the colours of a map, such as patches."""
    from matplotlib.cm import ScalarMappable

    mappable = ScalarMappable(norm=norm_from(color_values) if norm is None else norm, cmap=get_cmap(cmap))
    mappable.set_array(np.ravel(values_of(color_values)))
    colorbar(mappable, ax, None)


def subplot_save(
    fig: Figure, output_path: Folder | None, output_filename: str, output_format: Formats | None = None
) -> None:
    """Write or show a figure with several panels, as `save_figure` does."""
    save_figure(fig, output_path, output_filename, output_format)


def plot_visibilities_1d(vis: Any, ax: Axes, title: str = "") -> None:
    """Draw the real and the imaginary parts of visibilities, one after the other.

    Parameters
    ----------
    vis
        Complex numbers of shape (N,), as of `Visibilities`.
    ax
        The panel.
    title
        Its title.
    """
    numbers: Any = values_of(vis).ravel()
    ax.plot(numbers.real, ".", ms=2.0, label="real")
    ax.plot(numbers.imag, ".", ms=2.0, label="imaginary")
    ax.legend(frameon=False)
    dress(ax, title, "visibility", "", aspect=None)
