"""What the cumulative distributions along one axis share: their interface, and the weights of their points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from autoarray._typing import Array, Namespace

if TYPE_CHECKING:
    from jaxtyping import Float


class Axis(Protocol):
    """A monotone map between the coordinates along one axis and the unit interval."""

    def forward(self, values: Float[Array, "queries"]) -> Float[Array, "queries"]:
        """Coordinates in the unit interval; what lies outside the points is on its edge."""
        ...

    def inverse(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        """The coordinates of values of the unit interval, clipped to the points."""
        ...

    def quantiles(self, unit: Float[Array, "queries"]) -> Float[Array, "queries"]:
        """As `inverse`, but without the limits of the points where the transform knows more."""
        ...


def cumulative_weights_from(
    points: Float[Array, "points"], weights: Float[Array, "points"] | None, xp: Namespace
) -> tuple[Float[Array, "points"], Float[Array, "points"]]:
    """The points in rising order, and the sum of the weights (which add up to 1) up to and including each.

    Without weights the k-th of N points has k / (N + 1), so that the CDF is symmetric. With weights the last has 1.
    """
    if weights is None:
        total = points.shape[0]
        return xp.sort(points), (1.0 + xp.arange(total, dtype=points.dtype)) / (total + 1.0)
    order = xp.argsort(points)
    return points[order], xp.cumsum(weights[order])
