"""The Gaussian kernel CDF of one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array, is_tracer
from autoarray._numerics.extrema import greatest, least
from autoarray._numerics.normal_cdf_sum import NormalCDFSum
from autoarray._typing import Array, Namespace
from autoarray._validation import check_memory

if TYPE_CHECKING:
    from jaxtyping import Float


class KernelAxis(Backend):
    """The Gaussian kernel CDF of one axis, rescaled so that the span of the points is the unit interval.

    Parameters
    ----------
    points
        The coordinates along the axis, of shape (N,).
    weights
        The weights of the points, of shape (N,), which add up to 1; or None for equal weights.
    width
        The standard deviation of the kernel, as a fraction of the span of the points.
    n_knots
        The number of knots of the table that inverts the CDF.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    MeshException
        If the kernel is so narrow that its table does not fit into memory, or so wide that its CDF is flat.
    """

    def __init__(
        self,
        points: Float[Array, "points"],
        weights: Float[Array, "points"] | None,
        width: float,
        n_knots: int,
        xp: Namespace,
    ) -> None:
        # A box of `NormalCDFSum` takes about 3 kB, and there are 4 to the width of the kernel.
        check_memory(4.0 / width, 3000, "bandwidth", "a table of the kernel CDF", exc.MeshException)
        self._set_backend(xp)
        self._lower = least(points, xp)
        self._span = greatest(points, xp) - self._lower
        self._sum = NormalCDFSum((points - self._lower) / self._span, weights, width, xp)
        steps = as_array(np.linspace(0.0, 1.0, n_knots), xp)
        sums = self._sum(steps)
        self._first, self._last = sums[0], sums[-1]
        if not is_tracer(self._last) and not self._last > self._first:
            raise exc.MeshException(
                "bandwidth: expected a kernel that shows the density of the coordinates, found one of "
                f"{width:.3g} times their span"
            )
        self._knots: Float[Array, "knots"] = self._lower + self._span * steps
        self._values: Float[Array, "knots"] = self._share_from(sums)

    def forward(self, values: Float[Array, "queries"]) -> Float[Array, "queries"]:
        return self._share_from(self._sum(self._xp.clip((values - self._lower) / self._span, 0.0, 1.0)))

    def inverse(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        return self._xp.interp(unit, self._values, self._knots)

    def quantiles(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        return self.inverse(unit)

    def _share_from(self, sums: Float[Array, "queries"]) -> Float[Array, "queries"]:
        return (sums - self._first) / (self._last - self._first)
