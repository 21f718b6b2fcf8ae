"""The weighted sum of normal CDFs about many points, for many queries, in linear time.

The sum over N points at M queries is a Gauss transform in one dimension, integrated once. As in the fast Gauss
transform (Greengard & Strain 1991, SIAM J. Sci. Stat. Comput. 12, 79) the unit interval is cut into boxes a fraction
of the kernel's width wide. In a box the points are summarised by the moments of their weights about its centre, and
the sum is a Taylor series about the centre of the box of the query, whose coefficients are the moments of the boxes
around times derivatives of the normal CDF at the distance of the centres; boxes further below count in full and those
further above not at all. That is O(N + M + boxes) time and memory, with a body that both array libraries share and
that JAX compiles with static shapes and differentiates by queries, points and weights.

The series are cut after `_ORDER` terms. With |He_n(u)| phi(u) <= 0.44 sqrt(n!) (Cramer's inequality for the Hermite
polynomials He_n) the terms left out are below 2e-16 of the sum of the weights, and below 1e-14 in the derivatives by
position in units of 1 / width, so rounding errors dominate.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import Backend, as_array
from autoarray._typing import Array, Namespace

if TYPE_CHECKING:
    from jaxtyping import Float, Int

_ORDER = 12  # terms of each series
_BOX = 0.25  # the greatest width of a box, in widths of the kernel
_REACH = 8.5  # beyond this many widths the normal CDF is 0 or 1 in double precision


class NormalCDFSum(Backend):
    """The function sum_i w_i Phi((q - p_i) / width) of queries q in the unit interval.

    Parameters
    ----------
    points
        The points p_i in the unit interval, of shape (N,).
    weights
        Their weights w_i, of shape (N,); or None for 1 / N each.
    width
        The standard deviation of the kernel, a number (not an array) above 0. The number of boxes, and so the least
        time and memory (about 3 kB a box), grows with 1 / `width`.
    xp
        `numpy` or `jax.numpy`.
    """

    def __init__(
        self, points: Float[Array, "points"], weights: Float[Array, "points"] | None, width: float, xp: Namespace
    ) -> None:
        self._set_backend(xp)
        self._boxes = max(1, math.ceil(1.0 / (width * _BOX)))
        scale = 1.0 / (width * self._boxes)
        reach = min(math.ceil(_REACH / scale), self._boxes)
        moments = self._moments(points, weights)
        # The boxes within reach of each box, lowest first, with empty ones beyond both ends.
        padding = xp.zeros((reach, _ORDER), dtype=moments.dtype)
        padded = xp.concatenate((padding, moments, padding))
        near = np.arange(self._boxes)[:, None] + np.arange(2 * reach + 1)
        near_sum = padded[near].reshape(self._boxes, -1) @ as_array(_translation_from(scale, reach), xp)
        below = xp.concatenate((padding[:, 0], padding[:1, 0], xp.cumsum(moments[:, 0])))[: self._boxes]
        self._coefficients = tuple(near_sum[:, k] + below if k == 0 else near_sum[:, k] for k in range(_ORDER))

    def __call__(self, queries: Float[Array, "queries"]) -> Float[Array, "queries"]:
        """The sums at queries in the unit interval, of shape (M,)."""
        box, offset = self._box_and_offset(queries)
        total = self._coefficients[-1][box]
        for coefficients in self._coefficients[-2::-1]:
            total = total * offset + coefficients[box]
        return total

    def _box_and_offset(self, values: Float[Array, "values"]) -> tuple[Int[Array, "values"], Float[Array, "values"]]:
        """The box of each value, and how far it is from the centre of the box in widths of the box."""
        scaled = values * self._boxes
        box = self._xp.clip(self._xp.floor(scaled), 0, self._boxes - 1)
        return box.astype(int), scaled - box - 0.5

    def _moments(
        self, points: Float[Array, "points"], weights: Float[Array, "points"] | None
    ) -> Float[Array, "boxes moments"]:
        """The sums of weight times offset to the powers below `_ORDER` of each box."""
        xp = self._xp
        box, offset = self._box_and_offset(points)
        terms = [xp.full(points.shape, 1.0 / points.shape[0], dtype=points.dtype) if weights is None else weights]
        for _ in range(_ORDER - 1):
            terms.append(terms[-1] * offset)
        if xp is np:
            return np.stack([np.bincount(box, term, self._boxes) for term in terms], axis=1)
        return xp.zeros((self._boxes, _ORDER), dtype=points.dtype).at[box].add(xp.stack(terms, axis=1))


@functools.lru_cache(maxsize=16)
def _translation_from(scale: float, reach: int) -> Float[np.ndarray, "near_moments coefficients"]:
    """The matrix that takes the moments of the boxes within reach of a box to its series.

    Parameters
    ----------
    scale
        The width of a box in widths of the kernel.
    reach
        How many boxes are within reach below and above.

    Returns
    -------
    array
        Of shape ((2 * reach + 1) * _ORDER, _ORDER): moment m of a box, the lowest first, to coefficient k.
    """
    distance = np.arange(reach, -reach - 1, -1) * scale
    m, k = np.indices((_ORDER, _ORDER))
    factorials = np.array([math.factorial(n) for n in range(_ORDER)], dtype=float)
    factor = (-1.0) ** m * scale ** (m + k) / (factorials[m] * factorials[k])
    return (
        (_normal_cdf_derivatives_from(distance, 2 * _ORDER - 1)[m + k] * factor[..., None])
        .transpose(2, 0, 1)
        .reshape(-1, _ORDER)
    )


def _normal_cdf_derivatives_from(values: Float[np.ndarray, "values"], total: int) -> Float[np.ndarray, "total values"]:
    """The normal CDF and its derivatives at `values`, `total` in all."""
    from scipy.special import ndtr

    derivatives = np.empty((total, values.shape[0]))
    derivatives[0] = ndtr(values)
    derivatives[1] = np.exp(-0.5 * values**2) / math.sqrt(2.0 * math.pi)
    derivatives[2] = -values * derivatives[1]
    # The recurrence of the Hermite polynomials, times the density.
    for n in range(3, total):
        derivatives[n] = -values * derivatives[n - 1] - (n - 2) * derivatives[n - 2]
    return derivatives
