"""The uniform rectangular mesh."""

from __future__ import annotations

from autoarray.inversion.mesh.interpolator.rectangular_uniform import InterpolatorRectangularUniform
from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular


class RectangularUniform(AbstractMeshRectangular):
    """Rectangular pixels of one size, laid over the traced coordinates of the data.

    Every coordinate is interpolated bilinearly between the centres of four pixels.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    """

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangularUniform]:
        return InterpolatorRectangularUniform
