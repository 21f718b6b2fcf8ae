"""The uniform rectangular mesh."""

from __future__ import annotations

from autoarray.inversion.mesh.interpolator.rectangular_uniform import InterpolatorRectangularUniform
from autoarray.inversion.mesh.mesh._rectangular_options import AbstractMeshRectangularKernel


class RectangularUniform(AbstractMeshRectangularKernel):
    """Rectangular pixels of one size, laid over the traced coordinates of the data.

    Every coordinate is interpolated bilinearly between the centres of four pixels.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    bandwidth, n_knots
        The kernel CDF by which the areas and edges of its geometry follow the density of the coordinates, as in
        PyAutoArray (which takes these arguments too, but always computes with their defaults); see
        `AbstractMeshRectangularKernel`.
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.
    """

    is_uniform = True

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangularUniform]:
        return InterpolatorRectangularUniform
