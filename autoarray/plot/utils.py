# pyright: strict
"""The functions that plotting functions share, under one name for authors of their own."""

from __future__ import annotations

from autoarray.plot._canvas.figures import (
    CMAP,
    DIVERGING,
    DPI,
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
from autoarray.plot._canvas.overlays import REGION_COLORS, plot_regions
from autoarray.plot._canvas.scales import (
    image_limits_from,
    norm_from,
    residual_limit_from,
    symmetric_cmap_from,
    symmetric_limit_from,
    symmetric_vmin_vmax,
)

__all__ = [
    "CMAP",
    "DIVERGING",
    "DPI",
    "REGION_COLORS",
    "auto_mask_edge",
    "colorbar",
    "conf_subplot_figsize",
    "dress",
    "finish",
    "hide_unused_axes",
    "image_limits_from",
    "matplotlib_module",
    "native_of",
    "new_figure",
    "norm_from",
    "numpy_grid",
    "numpy_lines",
    "numpy_positions",
    "panel_from",
    "panels_from",
    "plot_regions",
    "residual_limit_from",
    "save_figure",
    "show",
    "subplots",
    "symmetric_cmap_from",
    "symmetric_limit_from",
    "symmetric_vmin_vmax",
    "tight_layout",
    "values_of",
    "zoom_array",
]
