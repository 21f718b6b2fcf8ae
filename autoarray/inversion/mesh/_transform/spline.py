"""The spline CDF of one axis, which the releases of PyAutoArray up to 2026.7.23.1 had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array
from autoarray._numerics.extrema import greatest, least
from autoarray._typing import Array, Namespace
from autoarray._validation import check_memory
from autoarray.inversion.mesh._transform.axis import cumulative_weights_from

if TYPE_CHECKING:
    import jax
    from jaxtyping import Float

_NODES_PER_DEGREE = 3
_TABLE_PER_DEGREE = 20

# Differences of coordinates below this fraction of the span are raised to it: equal coordinates have no finite density.
_LEAST_STEP = 1e-12
_EPSILON = float(np.finfo(float).eps)


class SplineAxis(Backend):
    """The CDF whose inverse is a polynomial fitted to the quantiles of the points, itself inverted by a spline.

    The quantiles are the rank CDF's, read at Chebyshev nodes. The polynomial is their least-squares fit with the
    density of the points as weights, of the residuals or of their squares. It is tabulated on an even grid, kept
    rising, and inverted by the cubic Hermite spline through the table, clipped to the unit interval.

    The fit is solved by a QR factorisation in the basis of Chebyshev polynomials, which is well-conditioned, so that
    both array libraries find the same polynomial. A polynomial of high degree may still be a poor CDF of few points.

    Parameters
    ----------
    points
        The coordinates along the axis, of shape (N,).
    weights
        The weights of the points, of shape (N,), which add up to 1; or None for equal weights.
    degree
        The degree of the polynomial.
    fit
        Whether the density weighs the "residuals", as in `numpy.polyfit`, or their "squares".
    xp
        `numpy` or `jax.numpy`.
    """

    def __init__(
        self,
        points: Float[Array, "points"],
        weights: Float[Array, "points"] | None,
        degree: int,
        xp: Namespace,
        fit: str = "residuals",
    ) -> None:
        self._set_backend(xp)
        self._degree = degree
        self._lower, self._upper = least(points, xp), greatest(points, xp)
        total = _NODES_PER_DEGREE * degree
        check_memory(_TABLE_PER_DEGREE * degree**2, 8, "spline_deg", "a matrix of polynomials", exc.MeshException)
        nodes = 0.5 - 0.5 * np.cos(np.pi * (np.arange(total) + 0.5) / total)
        quantiles = self._rank_quantiles_from(points, weights, as_array(nodes, xp))
        density = _gradient_from(nodes, quantiles, _LEAST_STEP * (self._upper - self._lower), xp)
        self._fit: Float[Array, "coefficients"] = self._least_squares(
            nodes, quantiles, density if fit == "residuals" else xp.sqrt(density)
        )
        self._tabulate()

    def forward(self, values: Float[Array, "queries"]) -> Float[Array, "queries"]:
        xp = self._xp
        index = xp.clip(xp.searchsorted(self._table, values, side="right") - 1, 0, len(self._unit) - 2)
        left, right = self._unit[index], self._unit[index + 1]
        # Where the table ends flat, rounding decides whether its last step is zero. With a least step the cubic runs
        # away from every such end, and values beyond the end are clipped to the opposite edge, as in those releases.
        step = xp.maximum(self._table[index + 1] - self._table[index], _EPSILON)
        t = (values - self._table[index]) / step
        rise, fall = self._slopes[index] * step, self._slopes[index + 1] * step
        unit = left + (right - left) * t * t * (3.0 - 2.0 * t) + t * (1.0 - t) * (rise * (1.0 - t) - fall * t)
        return xp.where(values <= self._lower, 0.0, xp.where(values >= self._upper, 1.0, xp.clip(unit, 0.0, 1.0)))

    def inverse(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        # At and beyond 0 and 1 the forward transform has all that the points reach; between, the polynomial, no lower
        # than the table before it, as in the forward transform.
        xp = self._xp
        inside = xp.clip(unit, 0.0, 1.0)
        index = (inside * (len(self._unit) - 1)).astype(int)
        values = xp.maximum(self._basis(inside) @ self._fit, self._table[index])
        values = xp.clip(values, self._lower, self._upper)
        return xp.where(unit <= 0.0, self._lower, xp.where(unit >= 1.0, self._upper, values))

    def quantiles(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        """The polynomial itself, which at 0 and 1 differs from the points' extremes that the inverse ends in."""
        return self._basis(unit) @ self._fit

    def _rank_quantiles_from(
        self, points: Float[Array, "points"], weights: Float[Array, "points"] | None, nodes: Float[Array, "nodes"]
    ) -> Float[Array, "nodes"]:
        """The coordinates at which the rank CDF has the values `nodes`, linear also beyond its first and last."""
        xp = self._xp
        ordered, ranks = cumulative_weights_from(points, weights, xp)
        index = xp.clip(xp.searchsorted(ranks, nodes, side="right"), 1, points.shape[0] - 1)
        low, high = ranks[index - 1], ranks[index]
        # Points without weight share one rank.
        step = xp.where(high > low, high - low, 1.0)
        return ordered[index - 1] + (ordered[index] - ordered[index - 1]) * (nodes - low) / step

    def _least_squares(
        self, nodes: Float[np.ndarray, "nodes"], quantiles: Float[Array, "nodes"], density: Float[Array, "nodes"]
    ) -> Float[Array, "coefficients"]:
        xp = self._xp
        q, r = xp.linalg.qr(density[:, None] * self._basis(as_array(nodes, xp)))
        return xp.linalg.solve(r, (density * quantiles) @ q)

    def _tabulate(self) -> None:
        xp = self._xp
        grid = np.linspace(0.0, 1.0, _TABLE_PER_DEGREE * self._degree)
        self._unit: Float[Array, "table"] = as_array(grid, xp)
        self._slopes: Float[Array, "table"] = 1.0 / (
            as_array(_chebyshev_slopes_from(grid, self._degree), xp) @ self._fit
        )
        table = self._basis(self._unit) @ self._fit
        rising = np.maximum.accumulate(table) if xp is np else _cumulative_maximum(table)
        self._table: Float[Array, "table"] = rising + as_array(np.arange(grid.size) * _EPSILON, xp)

    def _basis(self, unit: Float[Array, "queries"]) -> Float[Array, "queries coefficients"]:
        """The Chebyshev polynomials up to the degree, shifted to the unit interval."""
        x = 2.0 * unit - 1.0
        columns = [self._xp.ones_like(x), x]
        while len(columns) <= self._degree:
            columns.append(2.0 * x * columns[-1] - columns[-2])
        return self._xp.stack(columns, axis=1)


def _chebyshev_slopes_from(unit: Float[np.ndarray, "table"], degree: int) -> Float[np.ndarray, "table coefficients"]:
    """The derivatives of the shifted Chebyshev polynomials."""
    # Of the n-th it is 2 n U_(n - 1), with the Chebyshev polynomials U of the second kind.
    x = 2.0 * unit - 1.0
    second = [np.ones_like(x), 2.0 * x]
    while len(second) < degree:
        second.append(2.0 * x * second[-1] - second[-2])
    return np.stack([np.zeros_like(x)] + [2.0 * n * second[n - 1] for n in range(1, degree + 1)], axis=1)


def _gradient_from(
    values: Float[np.ndarray, "nodes"], positions: Float[Array, "nodes"], least_step: Float[Array, ""], xp: Namespace
) -> Float[Array, "nodes"]:
    """The derivative of `values` by `positions`: of the parabola through three of them, of the line at both ends."""
    steps = xp.maximum(xp.diff(positions), least_step)
    slopes = as_array(np.diff(values), xp) / steps
    before, after = steps[:-1], steps[1:]
    inside = (slopes[:-1] * after + slopes[1:] * before) / (before + after)
    return xp.concatenate((slopes[:1], inside, slopes[-1:]))


def _cumulative_maximum(values: Float[Any, "table"]) -> Float[jax.Array, "table"]:
    from jax.lax import cummax

    return cummax(values)
