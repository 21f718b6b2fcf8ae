"""The rectangular mesh whose pixels follow the density of the traced coordinates."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular


class RectangularBilinearAdaptDensity(AbstractMeshRectangular):
    """Rectangular pixels that are small where many coordinates of the data are traced to, and large where few are.

    Every axis is transformed by the rank CDF of the traced coordinates, in which the mesh is uniform, so that the
    resolution follows the magnification of the lens without a parameter to choose.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.

    Examples
    --------
    >>> import autoarray as aa
    >>> grid = aa.Grid2D.uniform(shape_native=(30, 30), pixel_scales=0.1, over_sample_size=2)
    >>> interpolator = aa.mesh.RectangularBilinearAdaptDensity(shape=(8, 8)).interpolator_from(grid)
    >>> interpolator.mappings.shape  # four mesh pixels for each of the 60 x 60 sub-pixels
    (3600, 4)
    >>> interpolator.mesh_grid.shape
    (64, 2)
    """

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangular]:
        return InterpolatorRectangular

    @property
    def interpolator_kwargs(self) -> dict[str, Any]:
        return {"transform": "rank"}
