# pyright: strict
"""How panels of visibilities look."""

from __future__ import annotations

from typing import Any

BEAM_UNIT = "Jy beam$^{-1}$"
UV_DISTANCE = r"uv distance (k$\lambda$)"

# Points that a panel draws: more look the same and take minutes.
_POINTS = 20_000

# More than these are pixels in a file of vectors, which would be large and slow to open.
_VECTORS = 2000


def step_of(count: int) -> int:
    """Of every how many visibilities one is drawn."""
    return max(1, count // _POINTS)


def marks(count: int) -> dict[str, Any]:
    """The arguments of `Axes.scatter` for a number of points, without their colour."""
    return {"s": 2.0, "linewidths": 0.0, "alpha": 0.6, "rasterized": count > _VECTORS}
