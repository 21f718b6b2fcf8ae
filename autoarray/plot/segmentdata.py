# pyright: strict
"""The colour map "autoarray", from dark blue by green and yellow to red."""

from __future__ import annotations

from typing import Any

import numpy as np

COLORMAP_NAME = "autoarray"

# (position, red, green, blue) between which the colours run straight. Blue, green, yellow and red of rising, then of
# falling, lightness, so that the brightest part of an image stands out from its wings.
_ANCHORS = np.array(
    [
        (0.00, 0.04, 0.02, 0.36),
        (0.12, 0.07, 0.13, 0.72),
        (0.26, 0.14, 0.38, 0.90),
        (0.38, 0.16, 0.60, 0.48),
        (0.50, 0.48, 0.74, 0.12),
        (0.64, 0.94, 0.86, 0.16),
        (0.78, 0.98, 0.58, 0.10),
        (0.90, 0.93, 0.27, 0.09),
        (1.00, 0.72, 0.03, 0.09),
    ]
)

# What matplotlib's LinearSegmentedColormap takes.
segmentdata: dict[str, list[tuple[float, float, float]]] = {
    name: [(float(anchor[0]), float(anchor[column]), float(anchor[column])) for anchor in _ANCHORS]
    for column, name in enumerate(("red", "green", "blue"), 1)
}


def register() -> None:
    """Make the colour map known to matplotlib under its name; a second call does nothing.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    from autoarray.plot._canvas.figures import matplotlib_module

    matplotlib_module()
    import matplotlib
    from matplotlib.colors import LinearSegmentedColormap

    if COLORMAP_NAME not in matplotlib.colormaps:
        data: Any = segmentdata
        matplotlib.colormaps.register(LinearSegmentedColormap(COLORMAP_NAME, data))
