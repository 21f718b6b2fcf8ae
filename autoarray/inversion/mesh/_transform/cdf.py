"""The coordinate transforms that let a rectangular mesh adapt: one cumulative distribution (CDF) for each axis.

The mesh is uniform in the unit square; `CDF.forward` takes source-plane coordinates there and `CDF.inverse` brings
the nodes and edges of the mesh back. One strategy serves the mappings, the areas and the edges of a mesh, so that they
can't disagree.

- "rank": the rank CDF, linear between the sorted coordinates. O(N log N), no parameter, but only piecewise linear in
  the coordinates.
- "kernel": a Gaussian kernel CDF (Enzi et al. 2026, arXiv:2606.30620), smooth in queries and coordinates. O(N).
- "spline": a polynomial fit to the rank CDF's inverse, inverted by a Hermite spline. What the spline meshes of
  PyAutoArray up to release 2026.7.23.1 were computed with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array, is_tracer
from autoarray._numerics.extrema import least
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._transform.axis import Axis
from autoarray.inversion.mesh._transform.kernel import KernelAxis
from autoarray.inversion.mesh._transform.rank import RankAxis
from autoarray.inversion.mesh._transform.spline import SplineAxis

if TYPE_CHECKING:
    from jaxtyping import Float

TRANSFORMS = ("rank", "kernel", "spline")
SPLINE_FITS = ("residuals", "squares")

# The defaults of every mesh, interpolator and geometry: the width of the kernel in mesh pixels, the knots of the table
# that inverts its CDF, and the degree of the polynomial of the spline.
BANDWIDTH, KNOTS, SPLINE_DEGREE = 1.0, 64, 11


class CDF(Backend):
    """The pair of transforms between the source plane (arc-seconds) and the unit square, axis by axis.

    Parameters
    ----------
    transform
        "rank", "kernel" or "spline".
    points
        (y, x) coordinates of shape (N, 2) that the transform adapts to, in arc-seconds.
    mesh_pixels
        The number of mesh pixels along (y, x): the unit of the kernel's bandwidth.
    weights
        The weights of the points, of shape (N,), at least 0; or None for equal weights.
    bandwidth
        The width of the kernel in mesh pixels ("kernel" only).
    n_knots
        The number of knots of the table that inverts the kernel CDF ("kernel" only).
    spline_deg
        The degree of the polynomial ("spline" only).
    spline_fit
        "residuals" or "squares" ("spline" only): what the density of the points weighs in the fit of the polynomial.
        PyAutoArray weighed the residuals on NumPy and their squares on JAX.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    ValueError
        If `transform` or `spline_fit` is unknown.
    MeshException
        If the points are not at least two finite coordinates that differ along both axes, or the weights don't fit
        them or don't have a positive sum. What JAX is tracing can't be looked at: it becomes NaN.
    """

    def __init__(
        self,
        transform: str,
        points: Float[Array, "points 2"],
        mesh_pixels: tuple[int, int],
        weights: Float[Array, "points"] | None = None,
        bandwidth: float = BANDWIDTH,
        n_knots: int = KNOTS,
        spline_deg: int = SPLINE_DEGREE,
        xp: Namespace = np,
        spline_fit: str = "residuals",
    ) -> None:
        if spline_fit not in SPLINE_FITS:
            raise ValueError(f"spline_fit: expected one of {SPLINE_FITS}, found {spline_fit!r}")
        if transform not in TRANSFORMS:
            raise ValueError(f"transform: expected one of {TRANSFORMS}, found {transform!r}")
        check_points(points, "points of the transform")
        self._set_backend(xp)
        self.transform = transform
        # Centred and scaled by the smaller spread, so that the transform has no unit.
        self._centre = xp.mean(points, axis=0)
        self._scale = least(xp.std(points, axis=0), xp)
        if weights is not None:
            check_weights(weights, points.shape[0])
            weights = as_array(weights, xp)
            weights = weights / xp.sum(weights)

        def axis_from(values: Float[Array, "points"], pixels: int) -> Axis:
            if transform == "rank":
                return RankAxis(values, weights, xp)
            if transform == "kernel":
                return KernelAxis(values, weights, bandwidth / pixels, n_knots, xp)
            return SplineAxis(values, weights, spline_deg, xp, spline_fit)

        axes = ((points - self._centre) / self._scale).T
        self._axes = tuple(axis_from(values, pixels) for values, pixels in zip(axes, mesh_pixels, strict=True))

    def forward(self, grid: Float[Array, "queries 2"]) -> Float[Array, "queries 2"]:
        """(y, x) coordinates of shape (M, 2) in the unit square; what lies outside the points is on its edge."""
        scaled = (grid - self._centre) / self._scale
        return self._xp.stack([axis.forward(values) for axis, values in zip(self._axes, scaled.T, strict=True)], axis=1)

    def inverse(self, unit: Float[Array, "queries"], axis: int) -> Float[Array, "queries"]:
        """The source-plane coordinates along `axis` (0 is y, 1 is x) of unit coordinates, clipped to the points."""
        return self._axes[axis].inverse(unit) * self._scale + self._centre[axis]

    def quantiles(self, unit: Float[Array, "queries"], axis: int) -> Float[Array, "queries"]:
        """As `inverse`; but of the "spline" transform the polynomial itself, also at the ends.

        Releases of PyAutoArray up to 2026.7.23.1 took the edges of mesh pixels from it.
        """
        return self._axes[axis].quantiles(unit) * self._scale + self._centre[axis]


def check_points(points: Float[Array, "points 2"], name: str) -> None:
    """Raise a `MeshException` unless (y, x) coordinates of shape (N, 2) span an area that is finite and not zero."""
    if points.shape[0] < 2:
        raise exc.MeshException(f"{name}: expected at least 2 coordinates, found {points.shape[0]}")
    if is_tracer(points):
        return
    spans = [float(span) for span in np.ptp(np.asarray(points), axis=0)]
    if not all(span <= 1e150 for span in spans):  # squares of distances are finite then; NaN is not below
        raise exc.MeshException(f"{name}: expected finite coordinates, found spans of {spans} arcsec along (y, x)")
    if min(spans) <= 0.0:
        raise exc.MeshException(
            f"{name}: expected coordinates that differ along both axes, found spans of {spans} arcsec along (y, x)"
        )


def check_weights(weights: Float[Array, "points"], total: int) -> None:
    """Raise a `MeshException` unless there is one weight for each of `total` points, none below 0, not all 0."""
    if weights.shape != (total,):
        raise exc.MeshException(
            f"mesh_weight_map: expected one weight for each of {total} coordinates, shape ({total},), found shape "
            f"{weights.shape}"
        )
    if is_tracer(weights):
        return
    values = np.asarray(weights)
    with np.errstate(invalid="ignore"):
        least_weight, sum_of_weights = float(values.min()), float(values.sum())
    if not (np.isfinite(sum_of_weights) and least_weight >= 0.0 and sum_of_weights > 0.0):
        raise exc.MeshException(
            "mesh_weight_map: expected weights of at least 0 with a positive, finite sum, found a least weight of "
            f"{least_weight} and a sum of {sum_of_weights}"
        )
