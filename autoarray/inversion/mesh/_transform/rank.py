"""The rank CDF of one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import Backend
from autoarray._numerics import compiled
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._transform.axis import cumulative_weights_from

if TYPE_CHECKING:
    from jaxtyping import Float


class RankAxis(Backend):
    """The rank CDF of one axis: the sum of the weights up to each point, linear in between.

    Without weights, the k-th of N sorted points lies at k / (N + 1). With weights, equal points share the sum up to
    the last of them, so that the transform does not depend on the order in which a sort leaves them.

    Parameters
    ----------
    points
        The coordinates along the axis, of shape (N,).
    weights
        The weights of the points, of shape (N,), which add up to 1; or None for equal weights.
    xp
        `numpy` or `jax.numpy`.
    """

    def __init__(self, points: Float[Array, "points"], weights: Float[Array, "points"] | None, xp: Namespace) -> None:
        self._set_backend(xp)
        self._points, self._ranks = cumulative_weights_from(points, weights, xp)
        if weights is not None:
            last = xp.searchsorted(self._points, self._points, side="right") - 1
            self._ranks = self._ranks[last]

    def forward(self, values: Float[Array, "queries"]) -> Float[Array, "queries"]:
        if self._xp is np and compiled.is_available():
            from autoarray.inversion.mesh._transform import rank_numba

            arrays = (np.ascontiguousarray(array, dtype=float) for array in (values, self._points, self._ranks))
            return rank_numba.interpolated(*arrays, 0.0, 1.0)
        return self._xp.interp(values, self._points, self._ranks, left=0.0, right=1.0)

    def inverse(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        return self._xp.interp(unit, self._ranks, self._points)

    def quantiles(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        return self.inverse(unit)
