# pyright: strict
"""Scales from values to colours: their limits resist a few bad values, and their norms accept any array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray.plot._canvas import look
from autoarray.plot._canvas.inputs import values_of

if TYPE_CHECKING:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    from autoarray.plot._canvas.arguments import Values


def finite_of(values: Values) -> np.ndarray:
    """The finite values of an array, of shape (N,)."""
    numbers = np.asarray(values_of(values), dtype=float)
    return numbers[np.isfinite(numbers)]


def norm_from(
    array: Values | None = None, use_log10: bool = False, vmin: float | None = None, vmax: float | None = None
) -> Normalize:
    """The map from values to colours, for constant and empty arrays too.

    A logarithmic map spans four decades at most, or ends where the user's configuration says, and gives values below
    its lower limit the lowest colour.
    """
    from matplotlib.colors import LogNorm, Normalize

    finite = finite_of(np.zeros(0) if array is None else array)
    low = vmin if vmin is not None else (float(finite.min()) if finite.size else 0.0)
    high = vmax if vmax is not None else (float(finite.max()) if finite.size else 1.0)
    if not use_log10:
        return Normalize(low, high if high > low else low + 1.0)
    high = min(high, look.highest_logarithmic()) if high > 0.0 else 1.0
    if vmin is not None and 0.0 < vmin < high:
        return LogNorm(vmin, high, clip=True)
    lowest = look.lowest_logarithmic()
    lowest = 1e-4 * high if lowest is None or not 0.0 < lowest < high else lowest
    return LogNorm(max(low, lowest), high, clip=True)


def symmetric_limit_from(values: Values) -> float:
    """The largest absolute finite value: the limit of a diverging colour map with its centre at zero."""
    finite = np.abs(finite_of(values))
    return float(finite.max()) if finite.size and finite.max() > 0.0 else 1.0


def symmetric_vmin_vmax(array: Values) -> tuple[float, float]:
    """The limits of a scale that is symmetric about zero."""
    limit = symmetric_limit_from(array)
    return -limit, limit


def symmetric_cmap_from(array: Values, symmetric_value: float | None = None) -> Normalize:
    """A norm that is symmetric about zero, up to `symmetric_value` or to the largest absolute value."""
    limit = symmetric_limit_from(array) if symmetric_value is None else abs(symmetric_value)
    return norm_from(vmin=-limit, vmax=limit)


def residual_limit_from(normalized: Values) -> float:
    """The limit of a symmetric scale of residuals in units of the noise.

    It is at least 3, so that noise looks like noise. It is the quantile of 99.9 % of the pixels, so that a cosmic ray
    does not wash out the others.
    """
    finite = np.abs(finite_of(normalized))
    return max(3.0, float(np.quantile(finite, 0.999))) if finite.size else 3.0


def image_limits_from(data: Values, model: Values | None = None) -> tuple[float, float]:
    """The common limits of an image and of a model next to it, which resist a few bad pixels."""
    finite, bound = finite_of(data), finite_of(np.zeros(0) if model is None else model)
    low = min(float(bound.min()) if bound.size else 0.0, 0.0)
    high = float(np.quantile(finite, 0.999)) if finite.size else 1.0
    return low, max(high, float(bound.max())) if bound.size else high


def extend_from(mappable: ScalarMappable) -> str:
    """The ends of a colour scale that values lie beyond: "neither", "min", "max" or "both"."""
    finite = finite_of(np.ma.filled(np.ma.asarray(mappable.get_array(), dtype=float), np.nan))
    low, high = mappable.get_clim()
    if not finite.size:
        return "neither"
    # Noise a little below zero is no reason for an arrow.
    slack = 0.03 * (high - low)
    below, above = finite.min() < low - slack, finite.max() > high + slack
    # A logarithmic scale has values below it in every image.
    below = below and not mappable.norm.clip
    return {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[
        bool(below), bool(above)
    ]
