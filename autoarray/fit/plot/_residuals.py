# pyright: strict
"""The panel of residuals in units of their noise, which the figures of all fits have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoarray.plot import utils
from autoarray.plot._canvas import scales
from autoarray.plot._canvas.host_arrays import unmasked_of
from autoarray.plot.array import plot_array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from autoarray.structures.arrays.uniform_2d import Array2D


def plot_residuals(residuals: Array2D, ax: Axes, title: str, is_symmetric: bool, **overlays: Any) -> None:
    """Draw residuals.

    Parameters
    ----------
    residuals
        The residuals of each unmasked pixel, in standard deviations of the noise.
    ax
        The panel.
    title
        Its title.
    is_symmetric
        Whether the colour scale is symmetric about zero.
    overlays
        As of `autoarray.plot.array.plot_array`.
    """
    limit = scales.residual_limit_from(unmasked_of(residuals)) if is_symmetric else None
    low = None if limit is None else -limit
    plot_array(
        residuals, ax=ax, title=title, colormap=utils.DIVERGING, vmin=low, vmax=limit, cb_unit=r"$\sigma$", **overlays
    )
