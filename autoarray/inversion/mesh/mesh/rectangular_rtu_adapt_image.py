"""The rectangular mesh whose pixels follow an image of the source, by the kernel CDF."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.mesh._rectangular_options import AbstractMeshRectangularAdaptImage, kernel_options_from


class RectangularRTUAdaptImage(AbstractMeshRectangularAdaptImage):
    """Rectangular pixels that are small where the adapt image of the traced coordinates is bright.

    Every axis is transformed by a Gaussian kernel CDF of the traced coordinates (Enzi et al. 2026, arXiv:2606.30620),
    weighted by the adapt image, in which the mesh is uniform.

    Parameters
    ----------
    shape, weight_power, weight_floor, respect_small_datasets
        See `AbstractMeshRectangularAdaptImage`.
    bandwidth, n_knots
        See `AbstractMeshRectangularKernel`.

    Raises
    ------
    MeshException
        If an argument is out of range.
    """

    def __init__(
        self,
        shape: tuple[int, int] = (3, 3),
        weight_power: float = 1.0,
        weight_floor: float = 0.0,
        bandwidth: float | None = None,
        n_knots: int | None = None,
        respect_small_datasets: bool = True,
    ) -> None:
        super().__init__(shape, weight_power, weight_floor, respect_small_datasets)
        self.bandwidth, self.n_knots = kernel_options_from(bandwidth, n_knots, type(self).__name__)

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangular]:
        return InterpolatorRectangular

    @property
    def interpolator_kwargs(self) -> dict[str, Any]:
        return {"transform": "kernel", "bandwidth": self.bandwidth, "n_knots": self.n_knots}
