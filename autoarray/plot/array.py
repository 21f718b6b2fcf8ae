"""The figure of a 2D array."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray.plot import utils


def plot_array(
    array: Any,
    ax: Any = None,
    extent: tuple[float, float, float, float] | None = None,
    *,
    title: str = "",
    xlabel: str = "x (arcsec)",
    ylabel: str = "y (arcsec)",
    colormap: Any = None,
    vmin: float | None = None,
    vmax: float | None = None,
    use_log10: bool = False,
    cb_unit: str | None = None,
    figsize: tuple[float, float] | None = None,
    output_path: Any = None,
    output_filename: str = "array",
    output_format: str | None = None,
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
        unmasked pixels of an `Array2D`, and pixel numbers for a bare array.
    title, xlabel, ylabel, cb_unit
        The texts of the panel, and of its colour bar.
    colormap, vmin, vmax, use_log10
        The colours: the map and the limits of the linear or logarithmic scale.
    figsize
        Width and height of a new figure, in inches.
    output_path, output_filename, output_format
        The folder, name and suffix of the file to write; nothing is written without a folder.

    Returns
    -------
    The matplotlib figure.

    Raises
    ------
    PlottingException
        If the array is not 2D.
    ImportError
        If matplotlib is not installed.
    """
    values, whole, shown = _native_and_extents_from(array)
    utils.matplotlib_module()
    fig = ax.figure if ax is not None else utils.new_figure(figsize or (5.2, 4.4))
    panel = ax if ax is not None else fig.add_subplot()
    image = panel.imshow(
        values,
        extent=whole,
        origin="upper",
        interpolation="nearest",
        cmap=colormap or "viridis",
        norm=utils.norm_from(values, vmin, vmax, use_log10),
    )
    utils.dress(panel, title, xlabel, ylabel)
    panel.set_xlim((extent or shown)[:2])
    panel.set_ylim((extent or shown)[2:])
    utils.colorbar(image, panel, cb_unit)
    return utils.finish(fig, ax, output_path, output_filename, output_format)


def _native_and_extents_from(array: Any) -> tuple[np.ndarray, Any, Any]:
    """The 2D values with NaN where masked, and the extents of all pixels and of the unmasked ones."""
    mask = getattr(array, "mask", None)
    if mask is None or isinstance(array, np.ma.MaskedArray):
        values = np.ma.filled(np.ma.asarray(array, dtype=float), np.nan)
        if values.ndim != 2:
            raise exc.PlottingException(f"array: expected 2 dimensions, found shape {values.shape}")
        extent = (-0.5, values.shape[1] - 0.5, values.shape[0] - 0.5, -0.5)
        return values, extent, extent
    hidden = np.asarray(mask.array if hasattr(mask, "array") else mask, dtype=bool)
    values = np.where(hidden, np.nan, np.asarray(array.native.array, dtype=float))
    scale_y, scale_x = mask.pixel_scales
    origin_y, origin_x = mask.origin
    half_y, half_x = values.shape[0] * scale_y / 2.0, values.shape[1] * scale_x / 2.0
    whole = (origin_x - half_x, origin_x + half_x, origin_y - half_y, origin_y + half_y)
    rows, columns = np.nonzero(~hidden)
    if rows.size == 0:
        return values, whole, whole
    shown = (
        whole[0] + (columns.min() - 0.5) * scale_x,
        whole[0] + (columns.max() + 1.5) * scale_x,
        whole[3] - (rows.max() + 1.5) * scale_y,
        whole[3] - (rows.min() - 0.5) * scale_y,
    )
    return values, whole, shown
