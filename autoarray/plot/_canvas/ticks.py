# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""Few ticks in arc-seconds, which stand inside of a panel, and the labels of panels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from autoarray.plot._canvas import look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from autoarray.plot._canvas.arguments import Extent

DOUBLE_PRIME = "\N{DOUBLE PRIME}"


def apply_extent(ax: Axes, extent: Extent, symbol_over_decimal: bool | None = None) -> None:
    """Limit a panel to an extent, with a few ticks in arc-seconds on each axis.

    Parameters
    ----------
    ax
        The panel.
    extent
        The sides (x_min, x_max, y_min, y_max), in arc-seconds.
    symbol_over_decimal
        Whether the symbol of arc-seconds stands before the decimals (3."8) rather than after them (3.8"); None takes
        what the user's configuration says.
    """
    x0, x1, y0, y1 = (float(side) for side in extent)
    total = max(int(look.ticks_setting("number_of_ticks_2d", 3)), 1)
    factor = look.ticks_setting("extent_factor_2d", 0.75)
    for axis, low, high in ((ax.xaxis, x0, x1), (ax.yaxis, y0, y1)):
        places = tick_places(low, high, factor, total)
        axis.set_ticks(places, labels=arcsec_labels(places, symbol_over_decimal))
    ax.set_xlim(x0, x1)
    ax.set_ylim(y0, y1)


def tick_places(low: float, high: float, factor: float, total: int) -> list[float]:
    """Places at equal distances about the centre, out to `factor` of the half-width, rounded as far as they differ."""
    centre, half = (low + high) / 2.0, (high - low) / 2.0
    exact = centre + factor * half * (np.linspace(-1.0, 1.0, total) if total > 1 else np.zeros(1))
    step = abs(factor * half) * 2.0 / max(total - 1, 1)
    if not np.isfinite(step) or step == 0.0:
        return [float(place) for place in exact]
    digits = 1 - int(np.floor(np.log10(step)))  # two digits of the distance between ticks
    return [float(place) + 0.0 for place in np.round(exact, digits)]


def arcsec_labels(ticks: Iterable[float], symbol_over_decimal: bool | None = None) -> list[str]:
    """The texts of ticks in arc-seconds, such as 1.5"; see `apply_extent`."""
    over = look.ticks_flag("symbol_over_decimal", False) if symbol_over_decimal is None else symbol_over_decimal
    return [_label_of(float(tick), over) for tick in ticks]


def _label_of(tick: float, over_decimal: bool) -> str:
    text = repr(round(tick, 10) + 0.0)
    if look.minus_in_math():
        text = text.replace("-", "\N{MINUS SIGN}")
    if not over_decimal:
        return f'{text}"'
    whole, point, decimals = text.partition(".")
    return f"{whole}.{DOUBLE_PRIME}{decimals}" if point else f"{text}{DOUBLE_PRIME}"


def apply_labels(ax: Axes, title: str = "", xlabel: str = "", ylabel: str = "", is_subplot: bool = False) -> None:
    """Give a panel its title and the labels of its axes, in the sizes that the user's configuration says.

    Parameters
    ----------
    ax
        The panel.
    title, xlabel, ylabel
        The texts; an empty one leaves its place as it is.
    is_subplot
        Whether the panel is one of several.
    """
    kind = "_subplot" if is_subplot else ""
    if title:
        ax.set_title(title, fontsize=look.font_size(f"title{kind}"))
    if xlabel:
        ax.set_xlabel(xlabel, fontsize=look.font_size("xlabel"))
    if ylabel:
        ax.set_ylabel(ylabel, fontsize=look.font_size("ylabel"))
    ax.tick_params(axis="x", labelsize=look.font_size(f"xticks{kind}"))
    ax.tick_params(axis="y", labelsize=look.font_size(f"yticks{kind}"))


def overlay_yx_for_origin(yx: np.ndarray | None, extent: Extent, origin_imshow: str | None) -> np.ndarray | None:
    """(y, x) points above an image whose row 0 is drawn at the `origin_imshow` corner, of shape (N, 2) or more columns.

    An image with its first row at the bottom is upside down, and so are the points on it: their y is mirrored about
    the centre of the extent, and their third column, the y of an arrow, changes its sign.
    """
    if yx is None or (look.origin() if origin_imshow is None else origin_imshow) != "lower":
        return yx
    out = np.array(yx, dtype=float)
    out[:, 0] = extent[2] + extent[3] - out[:, 0]
    if out.shape[1] > 2:
        out[:, 2] *= -1.0
    return out
