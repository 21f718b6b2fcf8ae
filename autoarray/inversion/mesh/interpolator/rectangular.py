"""Interpolation on a rectangular mesh that adapts to the traced coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.mesh._transform.cdf import BANDWIDTH, KNOTS, SPLINE_DEGREE, TRANSFORMS
from autoarray.inversion.mesh.interpolator._bilinear import bilinear_from
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular

# "exchanged" repeats an error of releases of PyAutoArray up to 2026.8.23.1, which gave each of the two rows around a
# coordinate the weight of the other. What those releases computed is only reproduced with it.
ROW_WEIGHTS = ("bilinear", "exchanged")

# A coordinate that is closer to a node than this, as a share of the distance between nodes, lies on it. The outermost
# coordinates do, up to rounding, which would otherwise decide on the nodes that they are said to map to.
_ON_A_NODE = 1e-11


def node_position_from(unit: Array, pixels: int) -> Array:
    """The position of a unit coordinate on the nodes of one axis, where node 1 lies at 0 and node `pixels` - 2 at 1.

    The nodes outside that range are guards: they take no flux, except through the interpolation at the ends.
    """
    return unit * (pixels - 3) + 1


class InterpolatorRectangular(AbstractInterpolator):
    """Bilinear interpolation between the nodes of a rectangular mesh that is uniform after a transform of each axis.

    Rows count from the top, so that the row of node i of the y axis is `shape[0]` - i.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, adapt_data, xp
        See `AbstractInterpolator`.
    mesh_weight_map
        The weights of the data coordinates in the transform, one for each pixel of the data; or None for equal weights.
    bandwidth, n_knots
        The kernel of the "kernel" transform: its width in mesh pixels, and the knots of its inverse.
    transform
        "rank", "kernel" or "spline" (see `cdf.CDF`).
    row_weights
        "bilinear", or "exchanged" to reproduce the mappings of PyAutoArray up to release 2026.8.23.1.
    spline_deg, spline_fit
        The degree of the polynomial of the "spline" transform, and what its fit weighs (see `cdf.CDF`).

    Raises
    ------
    ValueError
        If `transform` or `row_weights` is unknown.
    """

    mesh: AbstractMeshRectangular

    def __init__(
        self,
        mesh: AbstractMeshRectangular,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        mesh_weight_map: Array | None = None,
        adapt_data: Array2D | None = None,
        bandwidth: float = BANDWIDTH,
        n_knots: int = KNOTS,
        transform: str = "kernel",
        xp: Namespace = np,
        *,
        row_weights: str = "bilinear",
        spline_deg: int = SPLINE_DEGREE,
        spline_fit: str = "residuals",
    ) -> None:
        super().__init__(mesh=mesh, mesh_grid=mesh_grid, data_grid=data_grid, adapt_data=adapt_data, xp=xp)
        if transform not in TRANSFORMS:
            raise ValueError(f"{type(self).__name__}.transform: expected one of {TRANSFORMS}, found {transform!r}")
        if row_weights not in ROW_WEIGHTS:
            raise ValueError(f"{type(self).__name__}.row_weights: expected one of {ROW_WEIGHTS}, found {row_weights!r}")
        self.mesh_weight_map = mesh_weight_map
        self.bandwidth = bandwidth
        self.n_knots = n_knots
        self.transform = transform
        self.row_weights = row_weights
        self.spline_deg = spline_deg
        self.spline_fit = spline_fit

    def interpolate(self) -> tuple[Array, Array, Array]:
        xp = self._xp
        rows, columns = self.mesh.shape
        unit = self.mesh_geometry.cdf.forward(self.data_grid.over_sampled.array)
        y, x = node_position_from(unit[:, 0], rows), node_position_from(unit[:, 1], columns)
        lower, left = xp.floor(y + _ON_A_NODE), xp.floor(x + _ON_A_NODE)
        if self.row_weights == "exchanged":
            # These releases also took a node that a coordinate falls on for both of the nodes around it.
            upper, right = xp.ceil(y - _ON_A_NODE), xp.ceil(x - _ON_A_NODE)
            down = y - lower
        else:
            upper, right, down = lower + 1.0, left + 1.0, lower + 1.0 - y
        top, bottom = rows - upper.astype(int), rows - lower.astype(int)
        return bilinear_from(top, bottom, left.astype(int), right.astype(int), down, x - left, columns, xp)

    @derived(travels=True)
    def mesh_geometry(self) -> MeshGeometryRectangular:
        """The geometry of the mesh, which shares the grids of the interpolator and holds the transform of both."""
        return MeshGeometryRectangular(
            mesh=self.mesh,
            mesh_grid=self.mesh_grid,
            data_grid=self.data_grid,
            mesh_weight_map=self.mesh_weight_map,
            kernel_bandwidth=self.bandwidth,
            kernel_knots=self.n_knots,
            transform=self.transform,
            xp=self._xp,
            spline_deg=self.spline_deg,
            spline_fit=self.spline_fit,
        )
