"""The rectangular mesh whose pixels follow the density of the traced coordinates, by the kernel CDF."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.mesh._rectangular_options import AbstractMeshRectangularKernel
from autoarray.inversion.mesh.mesh.abstract_rectangular import overlay_grid_from

__all__ = ["RectangularRTUAdaptDensity", "overlay_grid_from"]


class RectangularRTUAdaptDensity(AbstractMeshRectangularKernel):
    """Rectangular pixels that are small where many coordinates of the data are traced to, and large where few are.

    Every axis is transformed by a Gaussian kernel CDF of the traced coordinates (Enzi et al. 2026, arXiv:2606.30620),
    in which the mesh is uniform. It is smooth in the coordinates, so that the evidence is too.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    bandwidth
        The width of the kernel in mesh pixels, above 0; None is 1.0. A small one follows the density of the coordinates
        closely, a large one makes the mesh more uniform.
    n_knots
        The number of knots of the table that inverts the CDF, at least 2; None is 64.
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.
    """

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangular]:
        return InterpolatorRectangular

    @property
    def interpolator_kwargs(self) -> dict[str, Any]:
        return {"transform": "kernel", "bandwidth": self.bandwidth, "n_knots": self.n_knots}
