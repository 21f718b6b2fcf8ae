"""The rectangular mesh whose pixels follow an image of the source, by the rank CDF."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.mesh._rectangular_options import AbstractMeshRectangularAdaptImage


class RectangularBilinearAdaptImage(AbstractMeshRectangularAdaptImage):
    """Rectangular pixels that are small where the adapt image of the traced coordinates is bright.

    Every axis is transformed by the rank CDF of the traced coordinates, weighted by the adapt image, in which the mesh
    is uniform.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    weight_power
        The power of the adapt image that weights the coordinates: higher values follow bright regions more.
    weight_floor
        The least weight, after the power and before the weights are scaled to add up to 1.
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.
    """

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangular]:
        return InterpolatorRectangular

    @property
    def interpolator_kwargs(self) -> dict[str, Any]:
        return {"transform": "rank"}
