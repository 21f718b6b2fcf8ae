"""The coordinate transforms that let a rectangular mesh adapt: one cumulative distribution (CDF) for each axis.

The mesh is uniform in the unit square; `CDF.forward` takes source-plane coordinates there and `CDF.inverse` brings
the nodes and edges of the mesh back. One strategy serves the mappings, the areas and the edges of a mesh, so that they
can't disagree.

- "rank": the rank CDF, linear between the sorted coordinates. O(N log N), no parameter, but only piecewise linear in
  the coordinates.
- "kernel": a Gaussian kernel CDF (Enzi et al. 2026, arXiv:2606.30620), smooth in queries and coordinates.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._backend import as_array
from autoarray._extrema import greatest, least

TRANSFORMS = ("rank", "kernel")

# Queries whose kernel sums are evaluated at once: bounds the N x M temporary to about 64 MB.
_BLOCK_VALUES = 8_000_000


class CDF:
    """The pair of transforms between the source plane (arc-seconds) and the unit square, axis by axis.

    Parameters
    ----------
    transform
        "rank" or "kernel".
    points
        (y, x) coordinates of shape (N, 2) that the transform adapts to, in arc-seconds.
    mesh_pixels
        The number of mesh pixels along (y, x): the unit of the kernel's bandwidth.
    bandwidth
        The width of the kernel in mesh pixels ("kernel" only).
    n_knots
        The number of knots of the table that inverts the kernel CDF ("kernel" only).
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    ValueError
        If `transform` is neither "rank" nor "kernel".
    """

    def __init__(
        self,
        transform: str,
        points: Any,
        mesh_pixels: tuple[int, int],
        bandwidth: float = 1.0,
        n_knots: int = 64,
        xp: Any = np,
    ) -> None:
        if transform not in TRANSFORMS:
            raise ValueError(f"transform: expected one of {TRANSFORMS}, found {transform!r}")
        self._xp = xp
        # Centred and scaled by the smaller spread, so that the transform has no unit.
        self._centre = xp.mean(points, axis=0)
        self._scale = least(xp.std(points, axis=0), xp)
        axes = ((points - self._centre) / self._scale).T
        if transform == "rank":
            self._axes = tuple(_RankAxis(axis, xp) for axis in axes)
        else:
            self._axes = tuple(
                _KernelAxis(axis, bandwidth, n_knots, pixels, xp)
                for axis, pixels in zip(axes, mesh_pixels, strict=True)
            )

    def forward(self, grid: Any) -> Any:
        """(y, x) coordinates of shape (M, 2) in the unit square; what lies outside the points is on its edge."""
        scaled = (grid - self._centre) / self._scale
        return self._xp.stack([axis.forward(values) for axis, values in zip(self._axes, scaled.T, strict=True)], axis=1)

    def inverse(self, unit: Any, axis: int) -> Any:
        """The source-plane coordinates along `axis` (0 is y, 1 is x) of unit coordinates, clipped to the points."""
        return self._axes[axis].inverse(unit) * self._scale + self._centre[axis]


class _RankAxis:
    """The rank CDF of one axis: the k-th of N sorted points lies at k / (N + 1)."""

    def __init__(self, points: Any, xp: Any) -> None:
        self._xp = xp
        self._points = xp.sort(points)
        total = points.shape[0]
        self._ranks = as_array(np.arange(1, total + 1) / (total + 1.0), xp)

    def forward(self, values: Any) -> Any:
        return self._xp.interp(values, self._points, self._ranks, left=0.0, right=1.0)

    def inverse(self, unit: Any) -> Any:
        return self._xp.interp(unit, self._ranks, self._points)


class _KernelAxis:
    """The Gaussian kernel CDF of one axis, rescaled so that the span of the points is the unit interval."""

    def __init__(self, points: Any, bandwidth: float, n_knots: int, mesh_pixels: int, xp: Any) -> None:
        self._xp = xp
        self._points = points
        self._lower, self._upper = least(points, xp), greatest(points, xp)
        self._width = bandwidth * (self._upper - self._lower) / mesh_pixels
        steps = as_array(np.linspace(0.0, 1.0, n_knots), xp)
        self._knots = self._lower + (self._upper - self._lower) * steps
        sums = self._sum(self._knots)
        self._first, self._last = sums[0], sums[-1]
        self._values = self._normalised(sums)

    def forward(self, values: Any) -> Any:
        return self._normalised(self._sum(self._xp.clip(values, self._lower, self._upper)))

    def inverse(self, unit: Any) -> Any:
        return self._xp.interp(unit, self._values, self._knots)

    def _normalised(self, sums: Any) -> Any:
        return (sums - self._first) / (self._last - self._first)

    def _sum(self, values: Any) -> Any:
        """The mean over the points of the normal CDF of (value - point) / width."""
        block = max(1, _BLOCK_VALUES // self._points.shape[0])
        parts = [self._block_sum(values[i : i + block]) for i in range(0, values.shape[0], block)]
        return self._xp.concatenate(parts)

    def _block_sum(self, values: Any) -> Any:
        return self._xp.mean(_normal_cdf((values[:, None] - self._points) / self._width, self._xp), axis=1)


def _normal_cdf(values: Any, xp: Any) -> Any:
    if xp is np:
        from scipy.special import ndtr
    else:
        from jax.scipy.special import ndtr
    return ndtr(values)
