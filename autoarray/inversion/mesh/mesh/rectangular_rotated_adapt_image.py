"""The rectangular mesh of earlier releases that is turned to the principal axes of the source."""

from __future__ import annotations

from typing import Any

from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._transform.cdf import check_weights
from autoarray.inversion.mesh.interpolator.rectangular_rotated_spline import InterpolatorRectangularRotatedSpline
from autoarray.inversion.mesh.mesh.rectangular_spline_adapt_image import RectangularSplineAdaptImage
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


def principal_axes_from(grid: Array, weights: Array, xp: Namespace) -> tuple[Array, Array]:
    """The rotation to the principal axes of weighted coordinates, and their centroid.

    Parameters
    ----------
    grid
        (y, x) coordinates of shape (N, 2), in arc-seconds.
    weights
        Their weights, of shape (N,), which add up to 1.

    Returns
    -------
    tuple
        The matrix R of shape (2, 2), whose first row is the direction of the greatest spread with a y component of at
        least 0, and the (y, x) centroid c: `(grid - c) @ R.T` are the coordinates along the axes.
    """
    centroid = weights @ grid
    offset = grid - centroid
    covariance = (offset * weights[:, None]).T @ offset
    angle = 0.5 * xp.arctan2(2.0 * covariance[0, 1], covariance[0, 0] - covariance[1, 1])
    cos, sin = xp.cos(angle), xp.sin(angle)
    return xp.stack((xp.stack((cos, sin)), xp.stack((-sin, cos)))), centroid


class RectangularRotatedAdaptImage(RectangularSplineAdaptImage):
    """Rectangular pixels along the principal axes of the adapt image in the source plane, small where it is bright.

    The traced coordinates are turned about the centroid of the adapt image, and the mesh is a
    `RectangularSplineAdaptImage` in that frame: `mesh_grid`, edges and areas are given there. PyAutoArray had it from
    release 2026.5.21.1 to 2026.7.23.1.

    Parameters
    ----------
    shape, weight_power, weight_floor, spline_deg
        As in `RectangularSplineAdaptImage`.
    """

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangularRotatedSpline]:
        return InterpolatorRectangularRotatedSpline

    @property
    def interpolator_kwargs(self) -> dict[str, Any]:
        return {"spline_deg": self.spline_deg}

    def _in_own_frame(
        self, data_grid: Grid2D, adapt_data: Array2D | None, xp: Namespace
    ) -> tuple[Grid2D, dict[str, Any]]:
        weights = self._powered_image_from(adapt_data, xp)  # the floor, which is for the size of pixels, turns nothing
        check_weights(weights, data_grid.shape[0])
        matrix, centroid = principal_axes_from(data_grid.array, weights / xp.sum(weights), xp)
        rotated = Grid2D(
            values=(data_grid.array - centroid) @ matrix.T,
            mask=data_grid.mask,
            over_sample_size=data_grid.over_sample_size,
            over_sampled=Grid2DIrregular((data_grid.over_sampled.array - centroid) @ matrix.T, xp=xp),
            xp=xp,
        )
        return rotated, {"rotation_matrix": matrix, "rotation_centroid": centroid}
